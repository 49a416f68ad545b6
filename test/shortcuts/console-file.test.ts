// Consoles: the snap-ins that they name, what their task pads run, and XML that breaks.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.ts';
import { readConsoleFile } from '../../src/shortcuts/console-file.ts';
import { readShortcut } from '../../src/shortcuts/shortcut.ts';
import { CONSOLE } from './small-links.ts';

const read = (text: string) => readConsoleFile(new TextEncoder().encode(text), 'a.msc');

describe('a console', () => {
  it('is read', () =>
    expect(read(CONSOLE)).toEqual({
      version: '3.0',
      snapIns: ['{C96401CC-0E17-11D3-885B-00C04F72C717}', '{12345678-1234-1234-1234-123456789ABC}'],
      commands: [{ command: 'quay.exe', parameters: '/a & /b' }],
      addresses: ['res://apds.example/page.html?x=1'],
      notes: [],
    }));

  it('is told as far as its XML goes', () => {
    const cut = read(CONSOLE.slice(0, CONSOLE.indexOf('<StringTables>')));
    expect(cut.commands).toHaveLength(1);
    expect(cut.notes).toHaveLength(1);
    expect(read(CONSOLE.replace('<Task Type="Favorite"/>', '<Task Type=>')).notes[0].text).toMatch(
      /broken .* at line 9; what follows is not read/,
    );
  });

  it('expands no entity', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><MMC_ConsoleFile><String>&b;</String></MMC_ConsoleFile>`;
    expect(read(bomb).notes[0].text).toMatch(/broken/);
  });

  it('is bounded', () => {
    expect(read(`<MMC_ConsoleFile>${'<a>'.repeat(10_000)}`).notes[0].text).toMatch(
      /more than 256 elements within one another/,
    );
    expect(read(`<MMC_ConsoleFile>${'<a/>'.repeat(300_000)}</MMC_ConsoleFile>`).notes[0].text).toMatch(
      /more than 200000 elements/,
    );
    const many = [...Array(300).keys()].map((i) => `<Task Command="q${i}.exe"/>`).join('');
    const found = read(`<MMC_ConsoleFile>${many}</MMC_ConsoleFile>`);
    expect(found.commands).toHaveLength(256);
    expect(found.notes[0].text).toBe('it has 300; the first 256 are told');
  });

  it('is none where another root stands, or an old one', () => {
    expect(() => read('<html></html>')).toThrow(FormatError);
    expect(() => read('')).toThrow(FormatError);
    expect(() => readConsoleFile(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'a.msc')).toThrow(/MMC 1\.x/);
    expect(readShortcut(new TextEncoder().encode('<html>'), 'a.msc')).toBeUndefined();
  });
});

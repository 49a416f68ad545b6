// Internet shortcuts in every encoding, and the files that their addresses name.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.ts';
import { readInternetShortcut, targetOfUrl } from '../../src/shortcuts/internet-shortcut.ts';
import { readShortcut } from '../../src/shortcuts/shortcut.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readInternetShortcut(utf8(text), 'a.url');
const utf16 = (text: string, big: boolean) =>
  Uint8Array.from(
    [...`\ufeff${text}`].flatMap((c) => {
      const [low, high] = [c.charCodeAt(0) & 0xff, c.charCodeAt(0) >> 8];
      return big ? [high, low] : [low, high];
    }),
  );

const TEXT =
  '[DEFAULT]\r\nBASEURL=x\r\n[InternetShortcut]\r\nURL=https://harbour.example/\u00fc\r\nIconIndex=3\r\nWorkingDirectory=C:\\Quay\r\n';

describe('an Internet shortcut', () => {
  it.each([
    ['UTF-8', utf8(TEXT)],
    ['UTF-8 with its mark', utf8(`\ufeff${TEXT}`)],
    ['UTF-16', utf16(TEXT, false)],
    ['UTF-16 of the other order', utf16(TEXT, true)],
    ['Windows-1252', Uint8Array.from(TEXT, (c) => c.charCodeAt(0))],
  ])('is read in %s', (_, bytes) =>
    expect(readInternetShortcut(bytes, 'a.url')).toEqual({
      url: 'https://harbour.example/\u00fc',
      target: { kind: 'uri', uri: 'https://harbour.example/\u00fc' },
      workingDirectory: 'C:\\Quay',
      iconIndex: '3',
      notes: [],
    }),
  );

  it('takes the section for Unicode, which is UTF-7', () =>
    expect(
      read('[InternetShortcut]\nURL=https://a.example/?\n[InternetShortcut.W]\nURL=https://a.example/+AOQ-+-\n').url,
    ).toBe('https://a.example/ä+'));

  it('takes the first of several, letter case aside, and says so', () => {
    const found = read(
      '[internetshortcut]\nurl="https://a.example"\nURL=https://b.example\n[InternetShortcut]\nURL=https://c.example',
    );
    expect(found.url).toBe('https://a.example');
    expect(found.notes).toHaveLength(1);
  });

  it.each([
    ['file:///C:/Quay/a%20b.exe', 'C:\\Quay\\a b.exe'],
    ['file:C:\\Quay\\a.exe', 'C:\\Quay\\a.exe'],
    ['file://quay/tools/a.exe', '\\\\quay\\tools\\a.exe'],
    ['file:////quay@80/tools/a.exe', '\\\\quay@80\\tools\\a.exe'],
    ['FILE://localhost/C|/a.hta#x', 'C:\\a.hta'],
    ['\\\\quay\\tools\\a.exe', '\\\\quay\\tools\\a.exe'],
    ['C:/a.exe', 'C:\\a.exe'],
    ['file:///C:/%ff.exe', 'C:\\\u00ff.exe'],
  ])('%s is a file', (url, path) => expect(targetOfUrl(url)).toEqual({ kind: 'file', path, from: 'address' }));

  it('is none without section or address', () => {
    expect(() => read('[Other]\nURL=x')).toThrow(FormatError);
    expect(() => read('[InternetShortcut]\nIconIndex=1')).toThrow(/without an address/);
    expect(readShortcut(utf8('[Other]\nURL=x'), 'a.url')).toBeUndefined();
  });

  it('of an endless address is told', () =>
    expect(read(`[InternetShortcut]\nURL=https://${'a'.repeat(5000)}`).notes[0].text).toMatch(/5008 characters/));
});

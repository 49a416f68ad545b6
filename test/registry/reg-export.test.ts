import { describe, expect, it } from 'vitest';
import { utf16File } from '../../fixtures/hives/key-tree.ts';
import { latin1 } from '../../src/bytes/text.ts';
import { RegType } from '../../src/hive/key-value.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { readRegExport } from '../../src/registry/reg-export.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const FIVE = 'Windows Registry Editor Version 5.00\r\n\r\n';

function values(bytes: Uint8Array, path = 'HKCU\\K'): Record<string, unknown> {
  const { view } = openRegistry([{ name: 'x.reg', bytes }]);
  return Object.fromEntries(
    [...(view.key(path)?.values() ?? [])].map(({ name, type, content }) => [name, [type, content]]),
  );
}

const notes = (text: string) => readRegExport(ascii(text)).notes.map((note) => note.text);

describe('readRegExport', () => {
  const BODY = [
    '[HKEY_CURRENT_USER\\K]',
    '; a remark',
    '@="default"',
    '"a\\\\b \\"c\\""="C:\\\\t\\\\x.exe \\"%1\\""',
    '"expand"=hex(2):25,00,77,00,69,00,6e,00,64,00,69,00,72,00,25,00,\\',
    '  5c,00,61,00,00,00',
    '"many"=hex(7):61,00,00,00,62,00,00,00,00,00',
    '"q"=hex(b):01,00,00,00,00,00,00,00',
    '"d"=dword:0000002a ; said so',
    '"bytes"=hex:01,2,ff',
    '"none"=hex(0):',
    '"odd"=hex(ffff0012):01',
    '"gone"="x"',
    '"gone"=-',
    '"lines"="one',
    'two"',
    '',
  ].join('\r\n');
  const EXPECTED = {
    '': [RegType.sz, 'default'],
    'a\\b "c"': [RegType.sz, 'C:\\t\\x.exe "%1"'],
    expand: [RegType.expandSz, '%windir%\\a'],
    many: [RegType.multiSz, ['a', 'b']],
    q: [RegType.qword, 1n],
    d: [RegType.dword, 42],
    bytes: [RegType.binary, Uint8Array.of(1, 2, 255)],
    none: [0, new Uint8Array(0)],
    odd: [0xffff0012, Uint8Array.of(1)],
    lines: [RegType.sz, 'one\r\ntwo'],
  };

  it.each([
    ['UTF-16 with its mark', utf16File(FIVE + BODY)],
    ['UTF-16 without', utf16File(FIVE + BODY).slice(2)],
    ['UTF-8 with its mark', utf8(`\ufeff${FIVE}${BODY}`)],
    ['UTF-8', utf8(FIVE + BODY)],
    ['lines that end in LF only', utf8((FIVE + BODY).replaceAll('\r', ''))],
  ])('reads all kinds of data in %s', (what, bytes) => {
    const expected = what.includes('LF') ? { ...EXPECTED, lines: [RegType.sz, 'one\r\ntwo'] } : EXPECTED;
    expect(values(bytes)).toEqual(expected);
  });

  it('reads big-endian UTF-16', () => {
    const little = utf16File(FIVE + BODY);
    const big = little.slice();
    for (let i = 0; i < big.length; i += 2) big.set([little[i + 1], little[i]], i);
    expect(values(big)).toEqual(EXPECTED);
  });

  it('reads version 4, whose texts have one byte a character', () => {
    const text =
      'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\K]\r\n"e"=hex(2):25,61,25,00\r\n"m"=hex(7):61,00,62,00,00\r\n"s"="gr\xfcn"\r\n';
    expect(values(ascii(text))).toEqual({
      e: [RegType.expandSz, '%a%'],
      m: [RegType.multiSz, ['a', 'b']],
      s: [RegType.sz, 'grün'],
    });
    expect(latin1(ascii('\xfc'), 0, 1)).toBe('ü');
  });

  it('removes keys and values, in the order of the lines', () => {
    const text = `${FIVE}[HKEY_CURRENT_USER\\K\\a]\n"x"="1"\n[-HKEY_CURRENT_USER\\K\\A]\n[HKEY_CURRENT_USER\\K\\b]\n`;
    const { view } = openRegistry([{ name: 'x.reg', bytes: utf8(text) }]);
    expect([...(view.key('HKCU\\K')?.subkeys() ?? [])].map(({ path }) => path)).toEqual(['HKEY_CURRENT_USER\\K\\b']);
    expect(view.covers('HKCU\\K\\a\\below')).toBe(true);
  });

  it("has keys of HKEY_USERS as a user's own too", () => {
    const { view } = openRegistry([
      {
        name: 'x.reg',
        bytes: utf8(
          `${FIVE}[HKEY_USERS\\S-1-5-21-1\\Software\\a]\n"x"="1"\n[HKEY_USERS\\S-1-5-21-1_Classes\\.b]\n@="c"\n`,
        ),
      },
    ]);
    expect(view.key('HKCU\\Software\\a')?.value('x')?.content).toBe('1');
    expect(view.key('HKCR\\.b')?.value('')?.content).toBe('c');
    expect(view.covers('HKCU\\Software\\a\\none')).toBe(true);
  });

  it('notes hostile lines with their number and reads the rest', () => {
    const text = [
      'REGEDIT4',
      '[HKEY_NOWHERE\\K]',
      '"lost"="1"',
      '[HKEY_CURRENT_USER\\K',
      `[HKEY_CURRENT_USER\\${'a'.repeat(256)}]`,
      `[HKEY_CURRENT_USER${'\\a'.repeat(600)}]`,
      '[HKEY_CURRENT_USER\\K]',
      'nonsense',
      '"open=1',
      '"x" 1',
      '"x"=what',
      '"x"=hex:0g',
      '"x"=hex:000',
      '"x"=hex:00,,00',
      '"x"=dword:123456789',
      '"x"="end" more',
      '"cut"=hex:00,\\',
      '"y"="z"',
      '"never"="ends',
      '[HKEY_CURRENT_USER\\L]',
      '"ok"="1"',
    ].join('\n');
    expect(notes(text)).toEqual([
      'line 2 names a key that begins with no root (HKEY_...); it is left out',
      'line 4 begins a key with [ and does not end it; its values are left out',
      'line 5 names a key that is longer or deeper than keys can be; it is left out',
      'line 6 names a key that is longer or deeper than keys can be; it is left out',
      'line 8 is neither a key nor a value; it is left out',
      "line 9 begins a value's name and does not end it; it is left out",
      'line 10 has a name without =; it is left out',
      'line 11 has data that cannot be read; the value is left out',
      'line 12 has data that cannot be read; the value is left out',
      'line 13 has data that cannot be read; the value is left out',
      'line 14 has data that cannot be read; the value is left out',
      'line 15 has data that cannot be read; the value is left out',
      'line 16 has more behind its text, which is left out',
      'line 19 has data that cannot be read; the value is left out',
    ]);
    expect(values(ascii(text), 'HKCU\\L')).toEqual({ ok: [RegType.sz, '1'] });
    expect(Object.keys(values(ascii(text)))).toEqual(['x', 'cut', 'y']);
  });

  it('is bounded in notes, and in keys that no line names', () => {
    expect(notes(`REGEDIT4\n${'bad\n'.repeat(5000)}`)).toHaveLength(101);
    const deep = Array.from({ length: 400 }, (_, i) => `[HKEY_CURRENT_USER\\${i}${'\\a'.repeat(500)}]\n`).join('');
    expect(notes(`REGEDIT4\n${deep}`).at(0)).toContain('names a key far below any that other lines name');
  });

  it('reads long data in time in proportion to it', () => {
    const start = process.cpuUsage().user;
    const long = `${FIVE}[HKEY_CURRENT_USER\\K]\n"x"=hex:${'00,01,\\\n'.repeat(100_000)}00\n"s"="${'a\n'.repeat(100_000)}"\n`;
    const read = values(utf8(long));
    expect((read.x as [number, Uint8Array])[1]).toHaveLength(200_001);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(4000);
  });
});

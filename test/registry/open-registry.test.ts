import { describe, expect, it } from 'vitest';
import { text16, WRITTEN, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { hiveOf, type Keys, keyTree, utf16File } from '../../fixtures/hives/key-tree.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import type { RegistryViewKey } from '../../src/registry/view.ts';

const hive = (name: string, keys: Keys, fileName = '') => ({ name, bytes: hiveOf(keys, { fileName }) });
const text = (key: RegistryViewKey | undefined, name: string): unknown => key?.value(name)?.content;

const SOFTWARE: Keys = {
  'Microsoft\\Windows NT\\CurrentVersion\\AeDebug': { Debugger: '"C:\\t\\vsjitdebugger.exe" -p %ld -e %ld', Auto: '1' },
  'Classes\\CLSID\\{A}': { '': 'machine' },
  'Classes\\.txt': { '': 'txtfile' },
};
const SYSTEM: Keys = {
  Select: { Current: 2 },
  'ControlSet001\\Services\\a': { ImagePath: 'one.exe' },
  'ControlSet002\\Services\\a': { ImagePath: 'two.exe' },
};
const USER: Keys = { 'Software\\Microsoft\\X': { y: 'ann' }, 'Control Panel\\Desktop': {} };
const USER_CLASSES: Keys = { 'Local Settings': {}, '.txt': { '': 'mine' } };

describe('openRegistry', () => {
  it('hangs hives where their content says', () => {
    const { view, failures, notes } = openRegistry([
      hive('a', SOFTWARE),
      hive('b', SYSTEM),
      hive('c', USER),
      hive('d', USER_CLASSES),
      hive('e', { 'SAM\\Domains\\Account': {} }),
      hive('f', { Policy: {}, Cache: {} }),
      hive('g', { Objects: {}, Description: {} }),
      hive('h', { DriverDatabase: {} }),
      hive('i', { CanonicalData: {} }),
    ]);
    expect(failures).toEqual([]);
    expect(notes).toEqual([]);
    const aeDebug = view.key('hklm\\software\\MICROSOFT\\Windows NT\\CurrentVersion\\aedebug');
    expect(aeDebug?.path).toBe('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug');
    expect(aeDebug?.source).toBe('a');
    expect(aeDebug?.lastWritten).toBe('2024-05-01T10:00:00.0000000Z');
    expect(text(aeDebug, 'DEBUGGER')).toBe('"C:\\t\\vsjitdebugger.exe" -p %ld -e %ld');
    expect(text(view.key('HKCU\\Software\\Microsoft\\X'), 'y')).toBe('ann');
    expect(text(view.key('HKU\\c\\Software\\Microsoft\\X'), 'y')).toBe('ann');
    for (const path of ['SAM\\SAM\\Domains', 'SECURITY\\Policy', 'BCD00000000\\Objects', 'DRIVERS\\DriverDatabase'])
      expect(view.key(`HKLM\\${path}`)?.path, path).toBe(`HKEY_LOCAL_MACHINE\\${path}`);
    expect(view.key('HKLM\\COMPONENTS\\CanonicalData')).toBeDefined();
    expect([...(view.key('HKLM')?.subkeys() ?? [])].map(({ path }) => path).sort()).toEqual(
      ['BCD00000000', 'COMPONENTS', 'DRIVERS', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'].map(
        (name) => `HKEY_LOCAL_MACHINE\\${name}`,
      ),
    );
  });

  it('takes CurrentControlSet as Select names it, and native paths', () => {
    const { view } = openRegistry([hive('SYSTEM', SYSTEM)]);
    const key = view.key('HKLM\\system\\CurrentControlSet\\Services\\A');
    expect(key?.path).toBe('HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services\\a');
    expect(text(key, 'ImagePath')).toBe('two.exe');
    expect(view.key('\\Registry\\Machine\\System\\CurrentControlSet\\Services\\a')?.path).toBe(key?.path);
    expect(view.covers('HKLM\\SYSTEM\\CurrentControlSet\\Services\\none')).toBe(true);
    const two = openRegistry([hive('SYSTEM', { 'ControlSet001\\a': {}, 'ControlSet002\\a': {} })]);
    expect(two.view.key('HKLM\\SYSTEM\\CurrentControlSet')).toBeUndefined();
    expect(two.view.covers('HKLM\\SYSTEM\\CurrentControlSet\\a')).toBe(false);
    const one = openRegistry([hive('SYSTEM', { 'ControlSet001\\a': {} })]);
    expect(one.view.key('HKLM\\SYSTEM\\CurrentControlSet\\a')).toBeDefined();
  });

  it("merges a user's classes over the machine's", () => {
    const { view } = openRegistry([hive('m', SOFTWARE), hive('u', USER_CLASSES)]);
    const key = view.key('HKCR\\.txt');
    expect(text(key, '')).toBe('mine');
    expect(key?.heldBy?.().map((one) => [one.source, text(one, '')])).toEqual([
      ['u', 'mine'],
      ['m', 'txtfile'],
    ]);
    expect(text(view.key('HKCR\\CLSID\\{a}'), '')).toBe('machine');
    expect(view.covers('HKCR\\none')).toBe(true);
    expect([...(view.key('HKCR')?.subkeys() ?? [])].map(({ path }) => path).sort()).toEqual([
      'HKEY_CLASSES_ROOT\\.txt',
      'HKEY_CLASSES_ROOT\\CLSID',
      'HKEY_CLASSES_ROOT\\Local Settings',
    ]);
  });

  it("asks people's settings before the system's", () => {
    const { view } = openRegistry([
      hive(
        'DEFAULT',
        { ...USER, 'Software\\Microsoft\\X': { y: 'system' } },
        '\\SystemRoot\\System32\\Config\\DEFAULT',
      ),
      hive('NTUSER.DAT', USER),
    ]);
    expect(text(view.key('HKCU\\Software\\Microsoft\\X'), 'y')).toBe('ann');
    expect(text(view.key('HKU\\.DEFAULT\\Software\\Microsoft\\X'), 'y')).toBe('system');
    expect(view.key('HKCU\\Software\\Microsoft\\X')?.heldBy?.()).toHaveLength(2);
  });

  it('tells a hive by its base block where its keys do not, and by its name last', () => {
    const { view } = openRegistry([
      hive('x.bin', { Vendor: {} }, '\\SystemRoot\\System32\\Config\\SOFTWARE'),
      hive('some/folder/SYSTEM', { Setup: {} }),
    ]);
    expect(view.key('HKLM\\SOFTWARE\\Vendor')).toBeDefined();
    expect(view.key('HKLM\\SYSTEM\\Setup')).toBeDefined();
  });

  it('refuses what it cannot tell, with the way out, and reads the rest', () => {
    const { view, failures } = openRegistry([
      hive('odd', { Vendor: {} }),
      { name: 'no', bytes: Uint8Array.of(1, 2, 3) },
      { ...hive('placed', { Vendor: { a: 'b' } }), at: 'HKLM\\SOFTWARE' },
      { ...hive('wrong', { Vendor: {} }), at: 'SOFTWARE' },
      { name: 'e.reg', bytes: utf16File('REGEDIT4\r\n'), at: 'HKLM\\SOFTWARE' },
    ]);
    expect(failures.map(({ message }) => message)).toEqual([
      'odd: its keys and its base block do not tell which hive it is; say so with --registry HKLM\\SOFTWARE=odd (or the place where it belongs)',
      'no: it is neither a registry hive (regf) nor a .reg export (REGEDIT4, Windows Registry Editor Version 5.00)',
      'SOFTWARE is no place for wrong: it begins with no root; give one like HKLM\\SOFTWARE',
      'e.reg: it is a .reg export, which names its keys itself; leave out HKLM\\SOFTWARE=',
    ]);
    expect(text(view.key('HKLM\\SOFTWARE\\Vendor'), 'a')).toBe('b');
  });

  it('says what the files could hold', () => {
    const { view } = openRegistry([
      hive('m', SOFTWARE),
      { name: 'e.reg', bytes: utf16File('REGEDIT4\r\n[HKEY_CURRENT_USER\\A\\B]\r\n[HKEY_CURRENT_USER\\A\\B\\C]\r\n') },
    ]);
    expect(view.covers('HKLM\\SOFTWARE\\none')).toBe(true);
    expect(view.covers('HKLM\\SYSTEM')).toBe(false);
    expect(view.covers('HKCU\\A\\B\\none')).toBe(true);
    expect(view.covers('HKCU\\A\\other')).toBe(false);
    expect(view.covers('nonsense')).toBe(false);
    expect(view.key('nonsense')).toBeUndefined();
  });

  it('follows links, and none that lead in a ring', () => {
    const link = (name: string, to: string) => ({
      name,
      values: [{ name: 'SymbolicLinkValue', type: 6, data: text16(to) }],
    });
    const spec = keyTree({ 'Microsoft\\Deep': { a: 'b' } });
    const bytes = writeHive({
      ...spec,
      subkeys: [
        ...(spec.subkeys ?? []),
        link('Link', '\\Registry\\Machine\\Software\\Microsoft'),
        link('Ring', '\\Registry\\Machine\\Software\\Ring'),
      ],
    });
    // Only the flag of a link makes one of it.
    for (let at = 0; at < bytes.length - 80; at++)
      if (
        bytes[at] === 0x6e &&
        bytes[at + 1] === 0x6b &&
        /^(Link|Ring)$/.test(String.fromCharCode(...bytes.slice(at + 76, at + 80)))
      )
        bytes[at + 2] |= 0x10;
    const { view } = openRegistry([{ name: 'SOFTWARE', bytes }]);
    expect(text(view.key('HKLM\\SOFTWARE\\Link\\Deep'), 'a')).toBe('b');
    expect(view.key('HKLM\\SOFTWARE\\Link\\Deep')?.path).toBe('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Deep');
    expect(view.key('HKLM\\SOFTWARE\\Ring\\Deep')).toBeUndefined();
  });

  it('finds each of many keys at once', () => {
    const keys: Record<string, Record<string, string>> = { Microsoft: {} };
    for (let i = 0; i < 4000; i++) keys[`Classes\\CLSID\\{${i}}`] = { '': `c${i}` };
    const { view } = openRegistry([hive('m', keys)]);
    const start = process.cpuUsage().user;
    for (let i = 0; i < 4000; i++) expect(view.key(`HKCR\\CLSID\\{${i}}`)?.value('')?.content).toBe(`c${i}`);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(2000);
    expect(WRITTEN).toBeGreaterThan(0n);
  });
});

describe('an export of very many users', () => {
  it('is opened and asked in the time of one that is as long', () => {
    const users = Array.from({ length: 20_000 }, (_, i) => `[HKEY_USERS\\S-1-5-21-${i}\\Software]\n"n"="${i}"\n`);
    const bytes = new TextEncoder().encode(`Windows Registry Editor Version 5.00\n\n${users.join('')}`);
    const start = process.cpuUsage().user;
    const { view } = openRegistry([{ name: 'users.reg', bytes }]);
    expect(view.key('HKCU\\Software')?.heldBy?.()).toHaveLength(20_000);
    expect(view.covers('HKCU\\Software\\Below')).toBe(true);
    expect(view.covers('HKCU\\Other')).toBe(false);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(3000);
  });
});

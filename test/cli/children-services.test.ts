// `winnow children svchost.exe --services` on the command line: hives, a table, rules as files that winnow test passes, and what is refused.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hiveOf } from '../../fixtures/hives/key-tree.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

const BIN = join(import.meta.dirname, '../../fixtures/children/bin/mingw-x64');
const folder = mkdtempSync(join(tmpdir(), 'winnow-services-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHARE = 0x20;
const services = {
  Select: { Current: 1 },
  'ControlSet001\\Control\\Windows': {},
  'ControlSet001\\Services\\Lamp': { ImagePath: '%SystemRoot%\\system32\\svchost.exe -k netsvcs -p', Type: SHARE },
  'ControlSet001\\Services\\Lamp\\Parameters': { ServiceDll: '%SystemRoot%\\System32\\module-service.dll' },
  'ControlSet001\\Services\\Still': { ImagePath: '%SystemRoot%\\system32\\svchost.exe -k netsvcs -p', Type: SHARE },
  'ControlSet001\\Services\\Still\\Parameters': { ServiceDll: '%SystemRoot%\\System32\\module-still.dll' },
  'ControlSet001\\Services\\\x1b[31mRed': { ImagePath: '%SystemRoot%\\system32\\svchost.exe -k \x07bell', Type: SHARE },
};
const SYSTEM = join(folder, 'SYSTEM');
writeFileSync(SYSTEM, hiveOf(services));

async function act(...words: string[]) {
  const kept = keptFace();
  const code = await dispatch(words, kept, '1.2.3');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const children = (...words: string[]) => act('children', 'svchost.exe', '--modules', BIN, ...words);

describe('winnow children svchost.exe --services', () => {
  it('tells every service of a hive, and what it starts', async () => {
    const { code, out, err } = await children('--services', SYSTEM);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Services that start programs \(1\)\n {2}Lamp {2}-k netsvcs -p +module-service\.dll\n/);
    expect(out).toMatch(
      /lantern\.exe {2}proven, module-service\.dll WinExec at 0x\w+, reached by the export ServiceMain/,
    );
    expect(out).toMatch(/Services that start nothing \(1\)\n {2}Still {2}-k netsvcs -p +module-still\.dll/);
    expect(out).toContain('Rule for the service that starts nothing');
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it('is under --json the document', async () => {
    const { out } = await children('--services', SYSTEM, '--json');
    const document = JSON.parse(out);
    expect(document.schema).toBe('winnow.service-hosts/1');
    expect(document.source.name).toBe('HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services');
  });

  it('takes the table of a Windows where no hive is at hand', async () => {
    const { code, out } = await children('--services', 'windows-10');
    expect(code).toBe(0);
    expect(out).toMatch(/of the table windows-10 \(Windows 10\)/);
    expect(out).toMatch(/Schedule .*its DLL schedsvc\.dll was not found among the modules/);
  });

  it('writes rules with events by which winnow test passes them', async () => {
    const rules = join(folder, 'rules');
    const { code, out } = await children('--services', SYSTEM, '--to', 'eql', '--to', 'sigma', '--write', rules, '-q');
    expect(code).toBe(0);
    expect(out).toContain('checks the rules');
    expect(readdirSync(rules).sort()).toEqual([
      'svchost-lamp-unlisted-child.eql',
      'svchost-lamp-unlisted-child.yml',
      'svchost-starts-nothing-unlisted-child.eql',
      'svchost-starts-nothing-unlisted-child.yml',
      'tests',
    ]);
    expect(await act('test', rules)).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a language that has no command line of the parent, by name', async () => {
    const { code, err } = await children('--services', SYSTEM, '--to', 'sentinel');
    expect([code, err]).toEqual([2, expect.stringMatching(/no rule in sentinel.*languages that can/)]);
  });

  it.each([
    [['--services', SYSTEM, '--with', 'module-still.dll'], 2, /takes no --with/],
    [['--services', SYSTEM, '--json', '--quiet'], 2, /two different answers/],
    [['--services', 'windows-9'], 3, /name a table: windows-10/],
    [['--services', join(BIN, 'win-exec.exe')], 3, /neither a registry hive/],
  ] as const)('refuses %j', async (words, code, message) => {
    const told = await children(...words);
    expect([told.code, told.out]).toEqual([code, '']);
    expect(told.err).toMatch(message);
  });

  it('refuses a registry without services', async () => {
    const software = join(folder, 'SOFTWARE');
    writeFileSync(software, hiveOf({ Microsoft: {}, Classes: {}, Policies: {} }));
    const told = await children('--services', `HKLM\\SOFTWARE=${software}`);
    expect([told.code, told.err]).toEqual([3, expect.stringMatching(/no HKEY_LOCAL_MACHINE.*Services in it/)]);
  });
});

// The registry values whose change adds a child: the program's own and those of Windows, and the rule that watches them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hiveOf } from '../../fixtures/hives/key-tree.ts';
import type { ChildrenDocument, RuleLanguage } from '../../src/children/document.ts';
import { findChildren } from '../../src/children/find-children.ts';
import { SYSTEM_VALUES } from '../../src/children/watched/system-values.ts';
import { watchRules } from '../../src/children/watched/watch-rule.ts';
import { watchedValues } from '../../src/children/watched/watched-values.ts';
import type { Note } from '../../src/errors.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';

const root = join(import.meta.dirname, '../..');
const found = (name: string, as = `${name}.exe`, build = 'clang-x64'): ChildrenDocument =>
  findChildren({ name: as, bytes: readFileSync(join(root, 'fixtures/children/bin', build, `${name}.exe`)) });
const places = (document: ChildrenDocument, host?: string) =>
  watchedValues(document, host).map(({ key, value }) => `${key}: ${value}`);

const NT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

describe('watchedValues', () => {
  it("has the program's own values, with the call", () => {
    const [own, ...others] = watchedValues(found('registry-value'));
    expect(own).toEqual({
      key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot',
      value: 'Launcher',
      why: 'is what registry-value.exe starts (CreateProcessW in registry-value.exe)',
      module: 'registry-value.exe',
      site: '0x1400010f1',
    });
    expect(others).toEqual([]);
  });

  it('has the debugger of each child, and where ShellExecute looks for one that is only named', () => {
    expect(places(found('create-process-w'))).toContain(`${NT}\\Image File Execution Options\\alpha.exe: Debugger`);
    const named = places(found('registry-default'));
    expect(named).toContain('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\alpha.exe: ');
    expect(named).toContain('HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\alpha.exe: ');
  });

  it('has what a user may register for the addresses and documents that it opens', () => {
    const { documents } = found('document-uri');
    const scheme = documents[0].target.split(':')[0];
    expect(places(found('document-uri'))).toContain(
      `HKEY_CURRENT_USER\\Software\\Classes\\${scheme}\\shell\\open\\command: DelegateExecute`,
    );
    expect(places(found('document-msc'))).toContain(
      'HKEY_CURRENT_USER\\Software\\Classes\\mscfile\\shell\\open\\command: ',
    );
  });

  it('has what Windows has the program read, by its name, and the command interpreter of system()', () => {
    expect(places(found('hint-none', 'services.exe'))).toContain(
      'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\*: ImagePath',
    );
    expect(places(found('hint-none', 'WerFault.exe'))).toContain(`${NT}\\SilentProcessExit\\*: MonitorProcess`);
    expect(places(found('hint-none'), 'C:\\Windows\\System32\\smss.exe').join()).toContain('BootExecute');
    expect(places(found('hint-none')).join()).not.toContain('BootExecute');
    expect(places(found('system')).join()).toContain('Session Manager\\Environment: ComSpec');
  });

  it('says what a hive has there', () => {
    const { view } = openRegistry([
      {
        name: 'SYSTEM',
        bytes: hiveOf({ Select: { Current: 1 }, 'ControlSet001\\Services\\tide': { ImagePath: 'C:\\tide.exe' } }),
      },
    ]);
    const services = watchedValues(found('hint-none', 'services.exe'), undefined, view).find(
      ({ value }) => value === 'ImagePath',
    );
    expect(services?.answers?.map(({ key, data }) => [key, data])).toEqual([
      ['HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\tide', 'C:\\tide.exe'],
    ]);
  });

  it('has rows that ATT&CK knows, with who reads them', () => {
    const attack = readFileSync(join(root, 'data/attack/enterprise-18.1.json'), 'utf8');
    for (const { technique, readBy, key, source, why } of SYSTEM_VALUES) {
      expect(attack, technique).toContain(`"${technique}"`);
      for (const reader of readBy) expect(reader).toMatch(/^(any|command-processor|[a-z]+\.exe)$/);
      expect(key).toMatch(/^HKEY_(LOCAL_MACHINE|CURRENT_USER)\\/);
      expect(source).toMatch(/^[a-z.]+: /);
      expect(why).toMatch(/^(is|opens) /);
    }
  });
});

describe('the rule that watches', () => {
  const document = { ...found('registry-value'), watched: watchedValues(found('registry-value')) };
  const text = (language: RuleLanguage, of: ChildrenDocument = document) =>
    watchRules(of, { languages: [language] })[0].text;

  it('asks for the value as Sysmon writes it, with its twin for 32-bit programs', () => {
    const sigma = text('sigma');
    expect(sigma).toContain('category: registry_set');
    expect(sigma).toContain("'HKLM\\SOFTWARE\\Harbour\\Pilot\\Launcher'");
    expect(sigma).toContain("'HKLM\\SOFTWARE\\WOW6432Node\\Harbour\\Pilot\\Launcher'");
    expect(sigma).toContain('in registry-value.exe), at 0x1400010f1');
  });

  it("asks for any user's hive, also that of classes, and default values", () => {
    const uri = found('document-uri');
    const sigma = text('sigma', { ...uri, watched: watchedValues(uri) });
    expect(sigma).toMatch(/'HKU\\\\\*_Classes\\[a-z-]+\\shell\\open\\command\\\(Default\)'/);
    const user = found('registry-get-value');
    expect(text('sigma', { ...user, watched: watchedValues(user) })).toContain("'HKU\\\\*\\Software\\Harbour\\Editor'");
  });

  it.each(['eql', 'elastic', 'defender', 'splunk', 'splunk-cim', 'esql', 'dsl', 'lucene', 'sysmon', 'sql'] as const)(
    'is written in %s',
    (language) => {
      const query = text(language)
        .replace(/\[(.)\1\]/gi, '$1')
        .replaceAll(/\[([A-Za-z])[A-Za-z]\]/g, '$1');
      expect(query.toLowerCase()).toMatch(/wow6432node\\+harbour\\+pilot\\+launcher/);
    },
  );

  it('takes every change of the registry in a Sysmon configuration', () => {
    expect(text('sysmon')).toContain('<RegistryEvent onmatch="include">');
    expect(text('sysmon')).not.toContain('SetValue');
  });

  it('is refused where a language has no registry', () => {
    expect(() => text('sentinel')).toThrow(/no rule that watches the registry in sentinel/);
  });

  it('is none where there is nothing to watch', () => {
    expect(watchRules({ ...document, watched: [] }, { languages: ['sigma'] })).toEqual([]);
  });
});

describe('a registry that holds more than is told', () => {
  it('is a note of what is watched', () => {
    const keys = Array.from({ length: 120 }, (_, i) => [`ControlSet001\\Services\\s${i}`, { ImagePath: 'a.exe' }]);
    const { view } = openRegistry([
      { name: 'SYSTEM', bytes: hiveOf({ Select: { Current: 1 }, ...Object.fromEntries(keys) }) },
    ]);
    const notes: Note[] = [];
    watchedValues(found('hint-none', 'services.exe'), undefined, view, notes);
    expect(notes.map(({ text }) => text).join()).toContain('more fits than is told');
  });
});

// What usually stands in registry values: matched by key and value alone, and let pass by the rule only when asked, marked as not from the file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emitRules } from '../../src/children/child-rule.ts';
import { findChildren } from '../../src/children/find-children.ts';
import { isShell } from '../../src/children/shell.ts';
import { USUAL_VALUES, usualValues } from '../../src/children/usual-values.ts';

const AEDEBUG = 'Software\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug';

describe('what usually stands in a registry value', () => {
  const images = (key: string, value: string) =>
    usualValues({ key, value }).map(({ path }) => path.replace(/^.*\\/, ''));

  it('is found whatever the letter case, and whether or not the hive is known', () => {
    expect(images(`HKEY_LOCAL_MACHINE\\${AEDEBUG}`, 'Debugger')).toEqual(['vsjitdebugger.exe']);
    expect(images(`*\\${AEDEBUG.toUpperCase()}`, 'DEBUGGER')).toEqual(['vsjitdebugger.exe']);
  });

  it('is found for keys below the one that is known', () => {
    const technology = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Accessibility\\ATs\\*';
    expect(images(technology, 'StartExe')).toEqual(['Narrator.exe', 'Magnify.exe', 'osk.exe']);
  });

  it('is not found for another value, nor for a key whose name only begins alike', () => {
    expect(images(`HKEY_LOCAL_MACHINE\\${AEDEBUG}`, 'Auto')).toEqual([]);
    expect(images(`HKEY_LOCAL_MACHINE\\${AEDEBUG}Protected`, 'Debugger')).toEqual([]);
  });

  it('names no command interpreter', () => {
    expect(USUAL_VALUES.filter(({ path }) => isShell(path.replace(/^.*\\/, '')))).toEqual([]);
  });
});

describe('the rule', () => {
  const file = fileURLToPath(new URL('../../fixtures/children/bin/clang-x64/registry-native.exe', import.meta.url));
  const found = findChildren({ name: 'registry-native.exe', bytes: readFileSync(file) });
  const document = {
    ...found,
    blindSpots: found.blindSpots.map((spot) => ({
      ...spot,
      registry: [{ key: `HKEY_LOCAL_MACHINE\\${AEDEBUG}`, value: 'Debugger' }],
    })),
  };

  it('lets it pass when asked, by its path, and says that it is not from the file', () => {
    const [asked] = emitRules(document, { languages: ['sigma'], usual: true });
    const passed = asked.excluded.find(({ image }) => image === 'vsjitdebugger.exe');
    expect(passed).toMatchObject({ by: 'path' });
    expect(passed?.why).toContain('not from the file');
    expect(asked.text).toContain('filter_main_usual_vsjitdebugger');
  });

  it('does not let it pass unasked', () => {
    const [unasked] = emitRules(document, { languages: ['sigma'] });
    expect(unasked.excluded.map(({ image }) => image)).not.toContain('vsjitdebugger.exe');
  });
});

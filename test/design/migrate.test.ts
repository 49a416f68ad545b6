// What another version of ATT&CK makes of a dossier's ids, and the dossier's text written anew.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attackFactsFor } from '../../src/design/attack/attack-facts.ts';
import { MIGRATION_KINDS, migrateEnvironment, migrateTechnique } from '../../src/design/migrate.ts';
import { migratedText } from '../../src/design/migrate-text.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';

const dossier = (attack: string, observable = ''): string =>
  `schema: design.technique/1
id: d
attack: {${attack}}
procedures: [{id: a, primitives: [P]}]
primitives: [{id: P, control: fixed, observables: [{id: Q, data_component: DC0063${observable}}]}]
`;
function changes(text: string, from: string, to: string) {
  const [technique] = readDossiers(text, 'x').techniques;
  return migrateTechnique(technique, attackFactsFor(from), attackFactsFor(to));
}
const told = (text: string, from: string, to: string) =>
  changes(text, from, to).map(({ kind, id, about, before, after, replacement }) => [
    kind,
    id,
    about,
    before,
    after,
    replacement,
  ]);

describe('migration', () => {
  it('says what is renamed, of other platforms, and newly has a strategy', () => {
    expect(told(dossier('version: "17.1", technique: T1552.003'), '17.1', '18.1')).toEqual([
      ['renamed', 'T1552.003', 'd', 'Bash History', 'Shell History', null],
      ['platforms', 'T1552.003', 'd', 'Linux, macOS', 'Linux, Windows, macOS', null],
      [
        'added',
        'DET0385',
        'd',
        null,
        'Detect Access and Parsing of .bash_history Files for Credential Harvesting (AN1085, AN1086)',
        null,
      ],
    ]);
  });

  it('says what is revoked, with what takes its place, and what is not there', () => {
    const text = dossier('technique: T1086', ', context: {unrelated_techniques: [T1677, T9999]}');
    expect(told(text, '18.0', '18.1')).toEqual([
      ['revoked', 'T1086', 'd', 'PowerShell', 'PowerShell', 'T1059.001'],
      ['unknown', 'T9999', 'Q', null, null, null],
    ]);
    expect(told(text, '18.1', '17.1').slice(-2)).toEqual([
      ['gone', 'T1677', 'Q', 'Poisoned Pipeline Execution', null, null],
      ['unknown', 'T9999', 'Q', null, null, null],
    ]);
  });

  it('says what analytics name otherwise, and which observables stand on it', () => {
    const text = dossier(
      'technique: T1003.001, detection_strategy: DET0363, analytics: [AN1030]',
      ', log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=13"}',
    );
    expect(told(text, '18.0', '18.1')).toEqual([
      [
        'log_sources',
        'AN1030',
        'd',
        'DC0063 WinEventLog:Sysmon EventCode=13',
        'DC0063 WinEventLog:Sysmon EventCode=13, 14',
        null,
      ],
      ['log_source', 'DC0063', 'Q', 'WinEventLog:Sysmon EventCode=13', 'WinEventLog:Sysmon EventCode=13, 14', null],
    ]);
    expect(told(text, '18.1', '17.1').map(([kind, id]) => `${kind} ${id}`)).toEqual(['gone DET0363', 'gone AN1030']);
  });

  it('names each kind in the schema of its document', () => {
    const schema = JSON.parse(readFileSync('docs/formats/design-migrate-1.schema.json', 'utf8'));
    expect(schema.$defs.change.properties.kind.enum).toEqual(Object.keys(MIGRATION_KINDS));
  });

  it('says nothing of what is the same', () => {
    expect(told(dossier('technique: T1003.001, detection_strategy: DET0363'), '18.0', '18.1')).toEqual([]);
    expect(
      told(dossier('technique: T1003.001, detection_strategy: DET0363, analytics: [AN1030]'), '18.1', '18.1'),
    ).toEqual([]);
  });

  it('says of an environment what becomes of its components', () => {
    const text =
      'schema: design.environment/1\nid: e\ndata_sources: [{id: s, data_components: [DC0035, DC9999]}]\nbudget: {max_hits_per_day: 1}\n';
    const [environment] = readDossiers(text, 'x').environments;
    const found = migrateEnvironment(environment, attackFactsFor('16.1'), attackFactsFor('18.1'));
    expect(found.map(({ kind, id, about }) => [kind, id, about])).toEqual([['unknown', 'DC9999', 's']]);
  });
});

describe('a dossier written anew', () => {
  const to = (text: string, ids: readonly (readonly [string, string])[] = [], line = 1) =>
    migratedText(text, new Map([[line, { version: '18.1', ids: new Map(ids) }]])).text;

  it.each(['"17.1"', "'17.1'", '17.1'])('has its version %s in the same place, in quotes', (version) => {
    const text = `schema: design.technique/1 # x\r\nid: d\r\nattack: {version: ${version}, technique: T1086}  # T1086\r\n`;
    const written = to(text, [['T1086', 'T1059.001']]);
    const put = version === '17.1' ? '"18.1"' : version.replace('17.1', '18.1');
    expect(written).toBe(text.replace(version, put).replace('T1086}', 'T1059.001}'));
  });

  it('changes ids only where they are ids, and nothing in other documents', () => {
    const text = `${dossier('version: "17.1", technique: T1086', ', context: {unrelated_techniques: [T1086, T1055]}')}scope_note: T1086\n---\n${dossier('version: "17.1", technique: T1086')}`;
    const written = to(text, [['T1086', 'T1059.001']]);
    expect(written.split('---\n')[1]).toBe(text.split('---\n')[1]);
    expect(written).toContain('attack: {version: "18.1", technique: T1059.001}');
    expect(written).toContain('[T1059.001, T1055]');
    expect(written).toContain('scope_note: T1086');
  });

  it('is named by any line that is in it, and told where it changed', () => {
    const of = (version: string): string => dossier(`version: "${version}", technique: T1055`);
    const text = [of('17.1'), of('18.1'), of('17.1')].join('---\n');
    const lines = [2, 8, 14].map((line) => [line, { version: '18.1', ids: new Map<string, string>() }] as const);
    const all = migratedText(text, new Map(lines));
    expect(all).toEqual({ text: text.replaceAll('17.1', '18.1'), changed: new Set([2, 14]) });
    const last = migratedText(text, new Map(lines.slice(2)));
    expect(last).toEqual({ text: [of('17.1'), of('18.1'), of('18.1')].join('---\n'), changed: new Set([14]) });
  });

  it('is refused where a value stands in a form that is not written over, with its place', () => {
    const text = 'schema: design.technique/1\nid: d\nattack:\n  version: >-\n    17.1\n';
    expect(() => to(text)).toThrow(/written in a way that is not written over; write 18\.1 by hand/);
  });
});

// Each kind of finding in dossiers: one dossier that has it, and the same one mended, in which nothing is found.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FINDING_ROWS, lintDossiers } from '../../src/design/lint/lint-dossiers.ts';
import { circularFields } from '../../src/design/lint/predicate-rows.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import type { Predicate } from '../../src/design/technique.ts';
import { cpuTime } from '../cpu-time.ts';

/** Dossiers in which nothing is found; each test breaks one thing. */
const [CLEAN, ENVIRONMENT] = readFileSync('fixtures/designs/clean.yaml', 'utf8').split('---\n');

function lint(...texts: readonly string[]) {
  const dossiers = texts.map((text, index) => readDossiers(text, `${index}.yaml`));
  return lintDossiers(
    dossiers.flatMap(({ techniques }) => techniques),
    dossiers.flatMap(({ environments }) => environments),
  );
}

/** The clean dossier with a part put in the place of another. */
function changed(part: string, put: string, text = CLEAN): string {
  expect(text).toContain(part);
  return text.replace(part, put);
}

const CASES: readonly (readonly [kind: string, text: string, about: string, message: RegExp])[] = [
  ['unpinned-version', changed('version: "18.1", ', ''), 'read-lsass', /no version/],
  ['unpinned-version', changed('attack_version: "18.1"\n', '', ENVIRONMENT), 'company', /no version/],
  ['unknown-version', changed('18.1', '3.0'), 'read-lsass', /ATT&CK 3\.0 is not known here; known are 18\.1/],
  ['unknown-version', changed('18.1', '3.0', ENVIRONMENT), 'company', /3\.0/],
  [
    'unknown-technique',
    changed('T1055', 'T1505.05'),
    'O1',
    /T1505\.05 is no technique of ATT&CK 18\.1; the nearest is T1505\.005 Terminal Services DLL/,
  ],
  [
    'unknown-strategy',
    changed('DET0363', 'DET9363'),
    'read-lsass',
    /DET9363 is no detection strategy of ATT&CK 18\.1; the nearest is DET0363 /,
  ],
  ['unknown-analytic', changed('AN1030', 'AN1031'), 'read-lsass', /AN1031 is none of DET0363, which has AN1030/],
  [
    'unknown-analytic',
    changed('AN1030', 'AN103'),
    'read-lsass',
    /AN103 is no analytic of ATT&CK 18\.1; the nearest is AN/,
  ],
  [
    'unknown-component',
    changed('DC0035', 'DC0135'),
    'O1',
    /DC0135 is no data component of ATT&CK 18\.1; the nearest is DC0/,
  ],
  ['unknown-component', changed('DC0035', 'DC9999', ENVIRONMENT), 'sysmon', /DC9999 is no data component/],
  ['retired-id', changed('T1055', 'T1086'), 'O1', /revoked T1086; T1059\.001 PowerShell took its place/],
  ['retired-id', changed('DC0035', 'DC0120', ENVIRONMENT), 'sysmon', /deprecated DC0120/],
  [
    'unknown-log-source',
    changed('"WinEventLog:Sysmon", channel: "EventCode=11"', '"WinEventLog:Sysmn", channel: "EventCode=11"'),
    'O2',
    /^ATT&CK 18\.1 has no log source 'WinEventLog:Sysmn'; the nearest is WinEventLog:Sysmon$/,
  ],
  [
    'unknown-log-source',
    changed(
      '{id: sysmon,',
      '{id: sysmon, log_source: {name: Microsoft-Windows-Sysmon/Operational, channel: EventCode=10},',
      ENVIRONMENT,
    ),
    'sysmon',
    /no log source 'Microsoft-Windows-Sysmon\/Operational'; it calls this log WinEventLog:Sysmon$/,
  ],
  [
    'unread-channel',
    changed('{id: sysmon,', '{id: sysmon, log_source: {name: "WinEventLog:Sysmon", channel: "12, 13"},', ENVIRONMENT),
    'sysmon',
    /^no number of an event is read in the channel '12, 13', which means all of WinEventLog:Sysmon$/,
  ],
  ['empty-procedure', changed('[PM1], sessions', '[], sessions'), 'read', /no primitives/],
  [
    'misspelt-free',
    changed('free: [SourceImage,', 'free: [SourceImge,'),
    'O1',
    /^it is said to be free in SourceImge; its events have SourceImage$/,
  ],
  ['todo', changed('name: open the process', 'name: "TODO: the act"'), 'PM1', /^TODO: the act$/],
  [
    'no-reference',
    changed('references: [https://attack.mitre.org/techniques/T1003/001]\n', ''),
    'read-lsass',
    /reference/,
  ],
  [
    'one-procedure',
    changed('  - {id: read, primitives: [PM1], sessions: [S1]}\n', ''),
    'dump',
    /all of its 2 primitives/,
  ],
  ['unused-primitive', changed('[PM1, PM2]', '[PM1]'), 'PM2', /no procedure/],
  ['unobserved-primitive', CLEAN.replace(/ {4}observables:\n {6}- \{id: O2.*\n/, ''), 'PM2', /nothing is said/],
  ['no-predicate', changed('predicate: {TargetFilename|endswith: .dmp}, ', ''), 'O2', /no predicate/],
  [
    'no-log-source',
    changed('log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=11"}, ', ''),
    'O2',
    /no log source/,
  ],
  ['no-log-source', changed(', channel: "EventCode=11"', ''), 'O2', /no channel/],
  ['no-level', changed(', level: 1', ''), 'O2', /^it has no level$/],
  ['no-level', changed(', level: 1, column: U', ''), 'O2', /no level and no column/],
  ['unmarked-session', CLEAN.replace(/, attack_events: .*\}\}\n/, '}\n'), 'S1', /no attack_events/],
  [
    'circular-label',
    changed("SourceImage|endswith: '\\tool.exe'", 'targetimage|contains: lsass'),
    'S1',
    /^its attack_events ask targetimage for what is asked by O1$/,
  ],
  ['forced-not-tested', changed('GrantedAccess: "bit', 'CallTrace: "bit'), 'O1', /does not test CallTrace/],
  [
    'free-and-forced',
    changed('free: [SourceImage,', 'free: [targetimage,'),
    'O1',
    /TargetImage is both forced and free/,
  ],
  [
    'free-predicate',
    changed('level: 1', 'level: 5'),
    'O2',
    /level 5, and the attacker sets all that it tests: TargetFilename/,
  ],
  [
    'counted-default',
    changed('TargetFilename|endswith: .dmp', 'TargetFilename|endswith: \\LSASS.dmp'),
    'O2',
    /the default, C:\\Temp\\lsass\.dmp/,
  ],
  [
    'default-never-met',
    changed("field: TargetFilename, default: 'C:\\Temp\\lsass.dmp'", 'field: CommandLine, default: lsass.dmp'),
    'PM2',
    /^CommandLine holds a whole command line, and 'lsass\.dmp' is one word of it$/,
  ],
  [
    'default-never-met',
    changed('C:\\Temp\\lsass.dmp', 'Temp\\lsass.dmp'),
    'PM2',
    /^TargetFilename holds a whole path, and 'Temp\\lsass\.dmp' begins within one$/,
  ],
  [
    'default-never-met',
    changed("field: TargetFilename, default: 'C:\\Temp\\lsass.dmp'", 'field: ServiceFileName, default: psexesvc.exe'),
    'PM2',
    /^ServiceFileName holds a path, and 'psexesvc\.exe' is a name alone$/,
  ],
];

describe('lint of dossiers', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(lint(CLEAN, ENVIRONMENT)).toEqual([]);
  });

  it.each(CASES)('%s', (kind, text, about, message) => {
    const found = lint(text);
    expect(found.map((one) => one.kind)).toEqual([kind]);
    expect(found[0]).toMatchObject({ about, file: '0.yaml' });
    expect(found[0].message).toMatch(message);
    expect(found[0].mend).not.toBe('');
  });

  it("finds no fault in a default among other values, nor in a level that is the tool's", () => {
    expect(lint(changed('TargetFilename|endswith: .dmp', 'TargetFilename|endswith: [\\lsass.dmp, .mdmp]'))).toEqual([]);
    expect(lint(changed('TargetFilename|endswith: .dmp', 'TargetFilename|endswith: \\old-lsass.dmp'))).toEqual([]);
    expect(lint(changed('level: 1', 'level: 3'))).toEqual([]);
  });

  it('finds no fault in a default that the signature asks for by the end of a path, or as a whole', () => {
    const defaults = [
      'field: TargetFilename, default: lsass.dmp',
      'field: file.name, default: lsass.dmp',
      'field: TargetFilename, default: "%TEMP%\\\\lsass.dmp"',
      'field: CommandLine, default: "procdump -ma lsass.exe"',
      'field: PipeName, default: status',
    ];
    for (const one of defaults)
      expect(lint(changed("field: TargetFilename, default: 'C:\\Temp\\lsass.dmp'", one)), one).toEqual([]);
  });

  it('unknown-strategy: one of another technique, with its analytics', () => {
    const found = lint(changed('DET0363, analytics: [AN1030]', 'DET0085, analytics: [AN0235]'));
    expect(found).toMatchObject([{ kind: 'unknown-strategy', message: 'DET0085 detects T1003.002, not T1003.001' }]);
  });

  it('finds no fault in a log that ATT&CK does not name, called by its channel, nor in other letters', () => {
    const named = (name: string) =>
      changed('{name: "WinEventLog:Sysmon", channel: "EventCode=11"}', `{name: "${name}", channel: "EventCode=11"}`);
    expect(lint(named('WinEventLog:Microsoft-Windows-Bits-Client/Operational'))).toEqual([]);
    expect(lint(named('wineventlog:SYSMON'))).toEqual([]);
  });

  it('holds dossiers that are given together against one another', () => {
    const other = changed('id: read-lsass', 'id: other').replace('id: O2', 'id: O3');
    expect(lint(CLEAN, other).map(({ kind, file, about }) => `${kind} ${file} ${about}`)).toEqual([
      'doubled-id 0.yaml O1',
      'doubled-id 1.yaml O1',
    ]);
    expect(lint(CLEAN, CLEAN).map(({ about }) => about)).toEqual(['read-lsass', 'O1', 'O2', 'read-lsass', 'O1', 'O2']);
  });

  it('looks ids up in the version that is pinned: before 18 data components have names only', () => {
    const found = lint(
      changed(
        '{version: "18.1", technique: T1003.001, detection_strategy: DET0363, analytics: [AN1030]}',
        '{version: "17.1", technique: T1003.001, detection_strategy: DET0363}',
      ),
    );
    expect(found.map(({ message }) => message)).toEqual([
      'ATT&CK 17.1 has no detection strategies',
      'data components have no ids in ATT&CK 17.1; DC0035 is there by its name, Process Access',
      'data components have no ids in ATT&CK 17.1; DC0039 is there by its name, File Creation',
    ]);
  });

  it('has a case for each kind, and each kind is told in the docs as in the table', () => {
    const tested = new Set([...CASES.map(([kind]) => kind), 'doubled-id']);
    expect(FINDING_ROWS.map(({ kind }) => kind).filter((kind) => !tested.has(kind))).toEqual([]);
    expect(new Set(FINDING_ROWS.map(({ kind }) => kind)).size).toBe(FINDING_ROWS.length);
    const schema = JSON.parse(readFileSync('docs/formats/design-lint-1.schema.json', 'utf8'));
    expect(schema.$defs.kind.enum).toEqual(FINDING_ROWS.map(({ kind }) => kind));
    const page = readFileSync('docs/design-lint.md', 'utf8');
    for (const { kind, what } of FINDING_ROWS) expect(page).toContain(`| ${kind} | ${what} |`);
  });

  it('ends soon with very many sessions and observables, and says what it left', () => {
    const sessions = Array.from(
      { length: 600 },
      (_, i) => `  - {id: S${i + 2}, path: s, label: attack, attack_events: {SourceImage: a${i}}}`,
    );
    const observables = Array.from(
      { length: 600 },
      (_, i) => `      - {id: P${i}, data_component: DC0035, predicate: {SourceImage: b${i}}}`,
    );
    const text = `${changed('  - id: PM2', `${observables.join('\n')}\n  - id: PM2`)}${sessions.join('\n')}\n`;
    const began = cpuTime();
    const found = lint(text).filter(({ kind }) => kind === 'circular-label');
    expect(found.map(({ about }) => about)).toEqual(['read-lsass']);
    expect(found[0].message).toMatch(/from S\d+ on were not held against/);
    expect(cpuTime() - began).toBeLessThan(20_000);
  });

  it('ends soon with very many wrong ids', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `AN9${index}x`);
    const began = cpuTime();
    const found = lint(changed('[AN1030]', `[${ids.join(', ')}]`));
    expect(found).toHaveLength(5_000);
    expect(cpuTime() - began).toBeLessThan(20_000);
  });
});

describe('a label that is circular', () => {
  const predicate = (text: string): Predicate => {
    const [dossier] = readDossiers(CLEAN.replace(/predicate: \{EventID.*\}/, `predicate: {${text}}`), 'x').techniques;
    return dossier.primitives[0].observables[0].predicate!;
  };

  it.each([
    ['Image|endswith: \\a.exe', 'Image|endswith: \\A.EXE', ['Image']],
    ['Image|endswith: \\a.exe', 'Image|endswith: \\b.exe', []],
    ['Image|endswith: \\a.exe', 'Image|contains: .EXE', ['Image']],
    ['TaskName|contains: evil', "TaskName|startswith: '\\\\'", []],
    ['GrantedAccess|bits: 0x10', 'GrantedAccess|bits: 0x20', []],
    ['Image: \\a.exe', 'SourceImage: \\a.exe', []],
    ['EventID: 10', 'EventID: 10', []],
    ['GrantedAccess|bits: 0x10', 'GrantedAccess|bits: 0x10', ['GrantedAccess']],
  ])('%s beside %s: %j', (label, other, fields) => {
    expect(circularFields(predicate(label), predicate(other))).toEqual(fields);
  });
});

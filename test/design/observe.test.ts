// What is proposed as observables: tests of values, pairs, kinds; what is left out; bounds; and the same document for the same recordings.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObserveDocument } from '../../src/design/observe/document.ts';
import type { PlainRecord } from '../../src/design/observe/event-kinds.ts';
import { testKey, testsOf } from '../../src/design/observe/field-tests.ts';
import { observablesYaml } from '../../src/design/observe/observable-yaml.ts';
import { observe } from '../../src/design/observe/observe.ts';
import { TestCounts } from '../../src/design/observe/test-counts.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
type Fields = Readonly<Record<string, string>>;

const event = (id: number, fields: Fields): PlainRecord =>
  new Map([['Channel', SYSMON], ['EventID', String(id)], ...Object.entries(fields)]);
const access = (source: string, target: string, granted: string) =>
  event(10, { SourceImage: source, TargetImage: target, GrantedAccess: granted });

async function* each(records: readonly PlainRecord[]): AsyncGenerator<PlainRecord> {
  yield* records;
}

const observed = (
  before: readonly PlainRecord[],
  after: readonly PlainRecord[],
  options = { atMost: 0, top: 1000 },
): Promise<ObserveDocument> => observe({ before: () => each(before), after: () => each(after) }, options);

const selections = ({ proposals }: ObserveDocument) =>
  proposals.map(({ tests }) => tests.map(({ key, value }) => `${key}: ${value}`).join(' and '));

const LSASS = 'C:\\Windows\\System32\\lsass.exe';
const SVCHOST = 'C:\\Windows\\System32\\svchost.exe';
const QUIET = [
  ...Array.from({ length: 50 }, () => access(SVCHOST, LSASS, '0x1000')),
  ...Array.from({ length: 50 }, () => access(SVCHOST, 'C:\\Windows\\System32\\cmd.exe', '0x1410')),
];

describe('tests of a value', () => {
  it.each([
    ['GrantedAccess', '0x1410', ['bits 0x10', 'bits 0x400', 'bits 0x1000', ' 0x1410']],
    ['Image', 'C:\\Tools\\a.exe', ['endswith .exe', 'startswith C:\\Tools\\', 'endswith \\a.exe', ' C:\\Tools\\a.exe']],
    [
      'TargetFilename',
      'C:\\Users\\ann\\AppData\\x.dmp',
      ['endswith .dmp', 'contains \\AppData\\', 'endswith \\x.dmp', 'endswith \\AppData\\x.dmp'],
    ],
    [
      'TargetObject',
      'HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\Up',
      ['contains \\Software\\Run\\', 'endswith \\Up', 'endswith \\Software\\Run\\Up'],
    ],
    ['CommandLine', 'tool.exe -x dump', ['contains tool.exe', 'contains dump', ' tool.exe -x dump']],
    ['LogonType', '3', [' 3']],
    ['Image', '-', []],
  ])('%s %s', (field, value, wanted) => {
    expect(testsOf(field, value).map((one) => `${one.modifier} ${one.value}`)).toEqual(wanted);
  });

  it('no test is made twice, of whatever value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Image', 'AccessMask', 'CommandLine', 'Details', 'X'),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (field, value) => {
          const keys = testsOf(field, value).map(testKey);
          return new Set(keys).size === keys.length;
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('a value fulfils its own tests, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Image', 'AccessMask', 'CommandLine', 'Details', 'X'),
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 20 }),
          fc.constantFrom('\\', 'HKCU\\\\', 'ΑΣ', '.exe', 'İ', ' '),
        ),
        {
          maxLength: 12,
        },
      ),
      (field, parts) => {
        const counts = new TestCounts();
        const record = event(1, { [field]: parts.join('') });
        counts.learn(record);
        counts.takeAfter(record);
        for (const kind of counts.kinds.values())
          for (const { test, after } of kind.tests.values()) expect([testKey(test), after]).toEqual([testKey(test), 1]);
      },
    ),
    { numRuns: 300 },
  );
});

describe('observe', () => {
  it('finds a pair whose parts are there every day', async () => {
    const document = await observed(QUIET, [...QUIET, access(SVCHOST, LSASS, '0x1010')]);
    expect(document.proposals.find(({ tests }) => tests.length === 2)).toMatchObject({
      data_component: 'DC0035',
      log_source: { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' },
      tests: [
        { key: 'TargetImage|endswith', value: '\\lsass.exe' },
        { key: 'GrantedAccess|bits', value: '0x10' },
      ].sort(() => 0),
      hits_after: 1,
      hits_before: 0,
      of_before: 100,
      share_at_most: 0.03,
    });
  });

  it.each([
    // A folder is fulfilled by what lies in the folders below, a contained one wherever it stands.
    ['Image', 'C:\\Windows\\explorer.exe', 'C:\\Windows\\System32\\svchost.exe', 'Image|startswith: C:\\Windows\\'],
    [
      'TargetObject',
      'HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\Up',
      'HKLM\\SOFTWARE\\Run\\Once\\Other',
      'TargetObject|contains: \\Software\\Run\\',
    ],
    ['CommandLine', 'tool.exe dump', 'x procdump64 y', 'CommandLine|contains: dump'],
    ['Image', 'C:\\Tools\\a.scr', 'b.scr', 'Image|endswith: .scr'],
  ])('counts what is emitted: of %s %s in %s', async (field, made, earlier, wanted) => {
    const before = [...Array.from({ length: 9 }, () => event(1, { [field]: earlier })), event(1, { [field]: 'other' })];
    const none = await observed(before, [event(1, { [field]: made })]);
    expect(
      none.proposals.flatMap(({ tests, also }) => [...tests, ...also]).map((one) => `${one.key}: ${one.value}`),
    ).not.toContain(wanted);
    const nine = await observed(before, [event(1, { [field]: earlier }), event(1, { [field]: made })], {
      atMost: 9,
      top: 1000,
    });
    expect(
      nine.proposals
        .filter(({ hits_before }) => hits_before === 9)
        .flatMap(({ tests, also, hits_after }) => (hits_after === 2 ? [...tests, ...also] : []))
        .map((one) => `${one.key}: ${one.value}`),
    ).toContain(wanted);
  });

  it('proposes nothing where nothing is new', async () => {
    expect((await observed(QUIET, QUIET)).proposals).toEqual([]);
  });

  it('proposes a kind that its log did not have, and says so of one whose log was not there', async () => {
    const made = event(13, { TargetObject: 'HKLM\\Software\\A\\b' });
    expect((await observed(QUIET, [made])).proposals).toMatchObject([
      { kind: { event_id: '13' }, tests: [], of_before: 100, share_at_most: 0.03 },
    ]);
    const other = new Map([
      ['Channel', 'Security'],
      ['EventID', '4720'],
      ['SamAccountName', 'x'],
    ]);
    const [proposal] = (await observed(QUIET, [other])).proposals;
    expect(proposal).toMatchObject({ data_component: 'DC0014', of_before: 0, share_at_most: null });
  });

  it('ranks what is known to be rarer first', async () => {
    const few = [event(11, { TargetFilename: 'C:\\a\\b.txt' }), event(11, { TargetFilename: 'C:\\a\\c.txt' })];
    const document = await observed(
      [...QUIET, ...few],
      [event(11, { TargetFilename: 'D:\\z.dmp' }), access('C:\\t\\new.exe', SVCHOST, '0x1000')],
    );
    const components = document.proposals.map(({ data_component }) => data_component);
    expect(components.indexOf('DC0035')).toBeLessThan(components.indexOf('DC0039'));
    expect(document.proposals[0].share_at_most).toBe(0.03);
  });

  it('leaves out who, when and which process', async () => {
    const named = { ProcessGuid: '{1}', UtcTime: '2024', User: 'a', Image: SVCHOST, Hashes: 'MD5=1', LogonId: '0x1' };
    const again = { ...named, ProcessGuid: '{2}', UtcTime: '2025', User: 'b', Hashes: 'MD5=2', LogonId: '0x2' };
    expect((await observed([event(1, named)], [event(1, again)])).proposals).toEqual([]);
  });

  it('takes as many hits before as are allowed', async () => {
    const before = [...QUIET, access(SVCHOST, 'C:\\rare.exe', '0x1000')];
    const after = [access(SVCHOST, 'C:\\rare.exe', '0x1000')];
    expect((await observed(before, after)).proposals).toEqual([]);
    const document = await observed(before, after, { atMost: 1, top: 1 });
    expect(document.proposals).toMatchObject([{ hits_before: 1, hits_after: 1 }]);
    expect(document.proposals).toHaveLength(1);
  });

  it('reads operations of Procmon as the events that show them', async () => {
    const row = (operation: string, path: string, detail: string, program = 'tool.exe'): PlainRecord =>
      new Map([
        ['Process Name', program],
        ['PID', '1'],
        ['Operation', operation],
        ['Path', path],
        ['Detail', detail],
      ]);
    const document = await observed(
      [row('RegSetValue', 'HKLM\\Software\\Other\\x', 'Type: REG_SZ, Data: y', 'svchost.exe')],
      [
        row('RegSetValue', 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Up', 'Type: REG_SZ, Data: z'),
        row('RegQueryValue', 'HKLM\\Software\\A\\b', ''),
      ],
    );
    expect(document.proposals).toContainEqual(
      expect.objectContaining({
        log_source: { name: 'WinEventLog:Sysmon', channel: 'EventCode=13' },
        tests: [
          expect.objectContaining({
            key: 'TargetObject|contains',
            value: '\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\',
          }),
        ],
      }),
    );
    expect(document.proposals).toContainEqual(expect.objectContaining({ data_component: 'DC0050', log_source: null }));
  });

  it('writes observables that a dossier can take, whatever is in the logs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        async (texts) => {
          const after = texts.map((text) => access(text, `C:\\${text}`, '0x10'));
          const yaml = observablesYaml(await observed(QUIET, after));
          expect(yaml).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
          const dossier = `schema: design.technique/1\nid: x\nprocedures: [{id: a, primitives: [P]}]\nprimitives:\n  - id: P\n    control: fixed\n    observables:\n${yaml.replace(/^/gm, '      ')}`;
          const { techniques } = readDossiers(
            yaml === '' ? dossier.slice(0, dossier.indexOf('\n    observables:')) : dossier,
            'x.yaml',
          );
          const [primitive] = techniques[0].primitives;
          return primitive.observables.length === (yaml.match(/^- id:/gm) ?? []).length;
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is bounded and the same again on a log of many values', async () => {
    const before = Array.from({ length: 5000 }, (_, i) =>
      access(`C:\\p${i % 977}\\${i}.exe`, SVCHOST, `0x${(i % 4096).toString(16)}`),
    );
    const after = Array.from({ length: 5000 }, (_, i) => access(`C:\\q${i % 31}\\${i}.exe`, SVCHOST, '0x1410'));
    const document = await observed(before, after, { atMost: 0, top: 5 });
    expect(document.notes.join()).toMatch(/too many values/);
    expect(document.proposals).toHaveLength(5);
    expect(await observed(before, after, { atMost: 0, top: 5 })).toEqual(document);
  });

  it('names selections once', async () => {
    const all = selections(await observed(QUIET, [access('C:\\n.exe', LSASS, '0x1fffff')]));
    expect(new Set(all).size).toBe(all.length);
  });
});

// The command line of `winnow accounts`: the same story in words, JSON, CSV, Markdown and OCSF, and nothing of a hostile log gets out of its place in any.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command } from 'commander';
import Papa from 'papaparse';
import { afterAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../src/accounts/coverage.ts';
import type { AccountsDocument, Change, ChangeKind, Outcome } from '../../src/accounts/document.ts';
import { chosenOf } from '../../src/cli/accounts-choice.ts';
import { accountsMarkdown, markdownText } from '../../src/cli/accounts-markdown.ts';
import { ocsfEvent } from '../../src/cli/accounts-ocsf.ts';
import { accountsText } from '../../src/cli/accounts-text.ts';
import { KINDS, LEGEND, marksOf, quoted, sentenceOf } from '../../src/cli/accounts-words.ts';
import * as coverage from '../../src/cli/commands/accounts-coverage.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { type Face, PLAIN_STYLE } from '../../src/cli/print.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-accounts-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, ...events: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return path;
}
async function winnow(face: Partial<Face>, ...words: readonly string[]) {
  const kept = keptFace(face);
  const code = await dispatch(['accounts', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

const LOGS = 'fixtures/logs/accounts';
const validator = (name: string) =>
  new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
    JSON.parse(readFileSync(`docs/formats/${name}.schema.json`, 'utf8')),
  );
const validate = validator('accounts-1');

async function documentOf(...words: readonly string[]): Promise<AccountsDocument> {
  const { code, out } = await winnow({}, ...words, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as AccountsDocument;
}

describe('the document', () => {
  it('is as its schema says, which knows every kind', async () => {
    const document = await documentOf(LOGS);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, more: 1 })).toBe(false);
    const [change] = document.changes;
    for (const broken of [
      { ...change, kind: 'x' },
      { ...change, layers: {} },
      { ...change, evidence: [] },
    ])
      expect(validate({ ...document, changes: [broken] })).toBe(false);
    const schema = JSON.parse(readFileSync('docs/formats/accounts-1.schema.json', 'utf8'));
    expect(schema.properties.changes.items.properties.kind.enum.toSorted()).toEqual(Object.keys(KINDS).toSorted());
  });

  it('tells a deletion once that the Security log and the registry show', async () => {
    const { changes, accounts } = await documentOf(LOGS, '--host', 'ws7');
    const deletions = changes.filter(({ kind }) => kind === 'account-deleted');
    expect(deletions).toMatchObject([{ layers: { native: 'saw', registry: 'saw' } }]);
    expect(accounts.filter(({ account }) => account.name === 'support')).toHaveLength(1);
  });
});

describe('in words', () => {
  it('has life lines with what the account did, the timeline, who did it, and a blind layer said to be blind', async () => {
    const { code, out, err } = await winnow({}, LOGS);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(LEGEND);
    expect(out).toMatch(
      /^ {4}support \(RID 1007\) {2}S-1-5-21-[\d-]+-1007\n {6}\* {2}2024-05-14T09:00:10\.121Z {2}created/m,
    );
    expect(out).toMatch(/^ {6}\| {2}2024-05-14T09:05:05\.000Z {2}did {2}ran whoami \/all$/m);
    expect(out).toMatch(/^ {6}x {2}2024-05-14T10:00:00\.\d+Z {2}deleted {2}#\d+$/m);
    expect(out).toMatch(/by: EXAMPLE\\ann, logon 0x5a2c1 from 10\.0\.0\.9/);
    expect(out).toMatch(/FAILURE {2,}failed: reset the password of Administrator \(RID 500\)/);
    expect(out).toMatch(/inferred, sure, not seen: svc removed, since the account was deleted/);
    expect(out).toMatch(/^Changes of a domain.*\n.*Ann \(RID 1111\) added to "Domain Admins"/m);
    expect(out).toMatch(
      /dc1\.example\n {2}No local change was seen; no data of .*: a change that only those layers would show/,
    );
    expect(out).toMatch(/could not have seen any change: /);
    expect(out).not.toMatch(/nothing found/i);
    expect(out).not.toContain('\x1b');
  });

  it('puts what Windows does by itself into one line a cause, and with --all into the timeline', async () => {
    const { out } = await winnow({}, LOGS);
    expect(out).toMatch(
      /^ {4}benign {2}windows-feature, 1 change, 2024-05-14T09:15:00\.000Z: WinRMRemoteWMIUsers__, made by SYSTEM/m,
    );
    expect(out).not.toMatch(/group WinRMRemoteWMIUsers__ created/);
    const all = await winnow({}, LOGS, '--all');
    expect(all.out).toMatch(/group WinRMRemoteWMIUsers__ created/);
    expect(all.out).toMatch(/benign, windows-feature: WinRMRemoteWMIUsers__, made by SYSTEM/);
  });

  it('is coloured on a terminal alone, and says the same without', async () => {
    const plainly = await winnow({}, LOGS);
    const coloured = await winnow({ outIsTerminal: true }, LOGS);
    expect(coloured.out).toMatch(/\x1b\[31mrid hijack/);
    expect(coloured.out).toMatch(/\x1b\[32mcreated/);
    expect(coloured.out.replace(/\x1b\[\d+m/g, '')).toBe(plainly.out);
    expect((await winnow({ outIsTerminal: true }, LOGS, '--no-color')).out).toBe(plainly.out);
  });

  it('says of logs with nothing of any layer that nothing can be said', async () => {
    const log = file('other.jsonl', { EventID: 7036, Channel: 'System', Hostname: 'h', SourceName: 'x' });
    for (const form of [[], ['--markdown']]) {
      const { code, out } = await winnow({}, log, ...form);
      expect(code).toBe(0);
      expect(out).toMatch(/No event of any layer is in what was asked for/);
    }
  });
});

const CHANGE: Change = {
  kind: 'account-created',
  time: '2024-05-14T09:00:00.1234567Z',
  host: 'ws7',
  outcome: 'success',
  scope: 'local',
  account: { name: 'bob', domain: 'WS7', sid: 'S-1-5-21-1-2-3-1001', rid: 1001 },
  group: { name: 'Administrators', domain: 'Builtin', sid: 'S-1-5-32-544', rid: 544, rid_hex: '00000220' },
  member: { name: 'eve', domain: null, sid: 'S-1-5-21-1-2-3-1002', rid: 1002 },
  direction: null,
  actor: {
    name: 'ann',
    domain: 'EXAMPLE',
    sid: 'S-1-5-21-9-9-9-1111',
    logonId: '0x5a2c1',
    source: '10.0.0.9',
    process: {
      image: 'C:\\Windows\\System32\\net.exe',
      pid: 4711,
      commandLine: 'net user bob /add',
      parentImage: null,
    },
  },
  settings: [{ name: 'SamAccountName', old: 'tom', new: 'bob' }],
  layers: { native: 'saw', command: 'missed', api: 'no-data', registry: 'saw' },
  evidence: [{ layer: 'native', file: 'Security.evtx', record: 7, what: '4720' }],
  notes: [],
};

const kinds = Object.keys(KINDS) as ChangeKind[];

describe('what is said of a change', () => {
  it('marks each layer', () => {
    expect(marksOf(CHANGE.layers)).toBe('A-.D');
  });

  it.each(kinds)('%s: an attempt and a failure are never told as done', (kind) => {
    const [success, failure, attempt] = (['success', 'failure', 'attempt'] as Outcome[]).map((outcome) =>
      sentenceOf({ ...CHANGE, kind, outcome }),
    );
    expect(success).not.toMatch(/[{}]|failed|attempt/);
    expect(failure).toMatch(/^failed: /);
    expect(attempt).toMatch(/^attempt: .*\(no layer shows whether it took effect\)$/);
    for (const text of [failure, attempt]) expect(text).not.toContain(success);
  });

  it('names both names of a renamed account, and quotes one that reads as our words', () => {
    expect(sentenceOf({ ...CHANGE, kind: 'account-renamed' })).toBe('account bob (RID 1001) renamed from tom to bob');
    expect(quoted('bob (RID 500) added to Administrators')).toBe('"bob (RID 500) added to Administrators"');
    expect(quoted('Remote Desktop Users')).toBe('Remote Desktop Users');
  });

  it('names two lives of a name apart', () => {
    const life = { host: 'ws7', names: ['bob'], enabled: null, groups: [], activity: [] };
    const document: AccountsDocument = {
      schema: 'winnow.accounts/1',
      changes: [CHANGE, { ...CHANGE, account: { ...CHANGE.account!, sid: 'S-1-5-21-1-2-3-1005', rid: 1005 } }],
      coverage: [],
      accounts: [
        {
          ...life,
          account: CHANGE.account!,
          created: CHANGE.time,
          deleted: '2024-05-14T09:00:01.0000000Z',
          changes: [0],
        },
        { ...life, account: { ...CHANGE.account!, rid: 1005 }, created: CHANGE.time, deleted: null, changes: [1] },
      ],
      findings: [],
      counts: { events: 2, unreadable: 0 },
    };
    const text = accountsText(document, { style: PLAIN_STYLE, all: false });
    expect(text).toMatch(
      /bob \(RID 1001\).*life 1 of 2 under this name[\s\S]*bob \(RID 1005\).*life 2 of 2 under this name/,
    );
  });
});

describe('with the SAM before and after', () => {
  const hives = ['--sam-before', 'fixtures/hives/sample/before/SAM', '--sam-after', 'fixtures/hives/sample/after/SAM'];
  const ws8 = readFileSync(join(LOGS, 'sysmon.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"ws8.example"'))
    .map((line) => JSON.parse(line) as object);

  it('adds to the host whose accounts have its SID, and not to one of which no SID is known', async () => {
    const { changes } = await documentOf(LOGS, ...hives);
    const named = changes.filter(({ evidence }) => evidence.some(({ what }) => what === 'SAM hive'));
    expect(named.filter(({ host }) => host === 'ws8.example')).toEqual([]);
  });

  it('adds to the only host; a write that an account was deleted with is not what it tells of', async () => {
    expect(ws8.length).toBeGreaterThan(3);
    const { changes } = await documentOf(file('only.ndjson', ...ws8), ...hives);
    const members = changes.filter(({ group }) => group?.rid === 544);
    expect(
      members.map(({ time, kind, member, inferred }) => [
        time?.slice(11, 16),
        kind,
        member?.name,
        inferred?.confidence,
      ]),
    ).toEqual([
      ['09:21', 'member-added', 'support', undefined],
      ['09:40', 'membership-changed', undefined, 'sure'],
    ]);
  });

  it('says so where it is of no host', async () => {
    const event = {
      '@timestamp': '2024-03-01T10:00:00Z',
      winlog: {
        channel: 'Security',
        provider_name: 'Microsoft-Windows-Security-Auditing',
        computer_name: 'ws1',
        event_id: 4720,
        event_data: { TargetUserName: 'bob', TargetDomainName: 'WS1', TargetSid: 'S-1-5-21-1-2-3-1005' },
      },
    };
    const { code, err } = await winnow({}, file('other.ndjson', event), ...hives);
    expect([code, err]).toEqual([0, expect.stringMatching(/hives are not shown to be of a host.*S-1-5-21-1004336348/)]);
    expect((await winnow({}, file('only.ndjson', ...ws8), ...hives)).err).not.toContain('hives');
  });

  it('a password of Directory Services Restore Mode begins no life of nobody', async () => {
    const event = {
      '@timestamp': '2024-03-01T10:00:00Z',
      winlog: {
        channel: 'Security',
        provider_name: 'Microsoft-Windows-Security-Auditing',
        computer_name: 'dc9',
        event_id: 4794,
        event_data: { SubjectUserName: 'adm', SubjectDomainName: 'CORP', Workstation: 'DC9', Status: '0x0' },
      },
    };
    const { accounts, changes } = await documentOf(file('dsrm.ndjson', event));
    expect([accounts, changes.map(({ kind }) => kind)]).toEqual([[], ['dsrm-password-set']]);
  });
});

describe('what is chosen', () => {
  it('by host, with or without its domain', async () => {
    const all = await documentOf(LOGS);
    for (const name of ['ws8', 'WS8.example']) {
      const one = await documentOf(LOGS, '--host', name);
      expect(new Set(one.changes.map(({ host }) => host))).toEqual(new Set(['ws8.example']));
      expect(one.coverage.map(({ layer }) => layer)).toEqual([...LAYERS]);
      expect(one.changes.length).toBeLessThan(all.changes.length);
    }
    expect(await documentOf(LOGS, '--host', 'ws7', '--host', 'ws8', '--host', 'dc1')).toEqual(all);
  });

  it('by time: lives are whole, with the chosen of their changes, and the coverage counts these', async () => {
    const window = ['--since', '2024-05-14T10:00Z', '--until', '2024-05-14T10:00:30Z', '--host', 'ws7'];
    const { changes, accounts, coverage: layers } = await documentOf(LOGS, ...window);
    expect(changes.map(({ kind }) => kind)).toEqual(['member-removed', 'member-removed', 'account-deleted']);
    expect(accounts).toHaveLength(1);
    expect(accounts[0]).toMatchObject({ created: '2024-05-14T09:00:10.1210000Z', changes: [0, 1, 2], activity: [] });
    expect(layers.find(({ layer }) => layer === 'native')).toMatchObject({ saw: 3, missed: 0 });
  });

  it('a host that is not there is named with those that are, and no empty answer is told of the logs', async () => {
    for (const words of [[], ['--csv', '-q'], ['--json']]) {
      const { code, out, err } = await winnow({}, LOGS, '--host', 'ws7', '--host', 'no\u001bbody', ...words);
      expect([code, err]).toEqual([
        0,
        expect.stringMatching(
          /^winnow: --host no\\x1bbody: no event of any layer is of it; the logs have .*ws7\.example/m,
        ),
      ]);
      expect(out).toContain('ws7.example');
      expect(err).not.toContain('--host ws7');
    }
    const { out, err } = await winnow({}, 'coverage', LOGS, '--host', 'nobody');
    expect([out, err]).toEqual([
      expect.not.stringContaining('in these logs'),
      expect.stringContaining('--host nobody: no event of any layer is of it'),
    ]);
  });

  it('a span that ends before it begins is a mistake of the command line', async () => {
    const { code, err } = await winnow({}, LOGS, '--since', '2024-05-15', '--until', '2024-05-14');
    expect([code, err]).toEqual([2, expect.stringContaining('--since is later than --until')]);
  });

  it('keeps a change without a time', async () => {
    const document = await documentOf(LOGS);
    const untimed = { ...document, changes: [{ ...document.changes[0], time: null }] };
    expect(chosenOf(untimed, { since: 200_000_000_000_000_000n }).changes).toHaveLength(1);
  });
});

describe('forms', () => {
  it('CSV has a row for each change that Windows did not make by itself, and with --all for each', async () => {
    const { changes } = await documentOf(LOGS);
    const own = changes.filter(({ benign }) => !benign);
    expect(own.length).toBeLessThan(changes.length);
    const { out, err } = await winnow({}, LOGS, '--csv');
    const { data, errors } = Papa.parse<Record<string, string>>(out.trimEnd(), { header: true });
    expect(errors).toEqual([]);
    expect(data.map(({ kind, time }) => [kind, time])).toEqual(own.map(({ kind, time }) => [kind, time]));
    expect(data.find(({ kind }) => kind === 'rid-hijack-suspected')).toMatchObject({
      native: 'missed',
      registry: 'saw',
    });
    expect(err).toBe('winnow: 1 change by Windows itself left out; --all has it\n');
    const all = await winnow({}, LOGS, '--csv', '--all');
    expect(Papa.parse(all.out.trimEnd(), { header: true }).data).toHaveLength(changes.length);
    expect(all.err).toBe('');
    expect((await winnow({}, LOGS, '--csv', '-q')).err).toBe('');
  });

  it('Markdown has every part, and tables whose rows have the columns of their head', async () => {
    const { out } = await winnow({}, LOGS, '--markdown');
    for (const heading of ['Summary', 'Timeline: ws7.example', 'Accounts: ws7.example', 'Coverage', 'Evidence'])
      expect(out).toContain(`\n## ${heading}\n`);
    checkTables(out);
  });

  it.each([
    ['--json', '--csv'],
    ['--json', '--all'],
    ['--csv', '--markdown'],
    ['--csv', '--ocsf'],
    ['--markdown', '--ocsf'],
    ['--json', '--ocsf'],
  ])('%s with %s is refused', async (...flags) => {
    const { code, out, err } = await winnow({}, LOGS, ...flags);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/cannot be used with option/);
  });

  it('says what could not be read, and answers the rest', async () => {
    const { code, out, err } = await winnow({}, LOGS, join(folder, 'none.evtx'));
    expect(code).toBe(3);
    expect(err).toMatch(/none\.evtx/);
    expect(out).toMatch(/account support \(RID 1007\) created/);
  });
});

/** Rows of a table have as many cells as its head; a cell's own bars are no bars. */
function checkTables(markdown: string): void {
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(3);
  let head = 0;
  for (const [i, line] of rows.entries()) {
    const bars = line.split('|').length;
    if (rows[i + 1]?.startsWith('| ---')) head = bars;
    expect(bars, line).toBe(head);
  }
}

/** Attributes and activities of OCSF 1.4.0 that are written (github.com/ocsf/ocsf-schema, tag 1.4.0, Apache-2.0). */
const OCSF: Readonly<Record<string, readonly string[]>> = {
  event:
    'activity_id activity_name category_uid category_name class_uid class_name type_uid type_name time severity_id severity status_id status status_detail message metadata device actor src_endpoint user group entity unmapped'.split(
      ' ',
    ),
  metadata: ['version', 'product', 'profiles', 'original_time', 'event_code'],
  device: ['hostname', 'ip', 'type_id', 'type', 'os'],
  actor: ['user', 'session', 'process'],
  user: ['name', 'uid', 'domain', 'type_id', 'type'],
  group: ['name', 'uid', 'domain'],
  process: ['pid', 'cmd_line', 'name', 'file'],
  src_endpoint: ['ip', 'name'],
  entity: ['name', 'type_id', 'type', 'policy'],
};
const ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  3001: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99],
  3004: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99],
  3006: [1, 2, 3, 4, 5, 6, 99],
};

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by their names
type Loose = any;

function checkEvent(event: Loose): void {
  expect(OCSF.event).toEqual(expect.arrayContaining(Object.keys(event)));
  for (const name of ['metadata', 'device', 'actor', 'user', 'group', 'src_endpoint', 'entity'] as const)
    if (event[name]) expect(OCSF[name]).toEqual(expect.arrayContaining(Object.keys(event[name])));
  if (event.actor?.process) {
    expect(OCSF.process).toEqual(expect.arrayContaining(Object.keys(event.actor.process)));
    expect(event.actor.process.pid).toEqual(expect.any(Number));
  }
  expect(ACTIVITIES[event.class_uid]).toContain(event.activity_id);
  expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
  expect(event.category_uid).toBe(3);
  expect(Number.isSafeInteger(event.time)).toBe(true);
  // What the classes ask for.
  if (event.class_uid === 3001) expect(event.user.name ?? event.user.uid).toEqual(expect.any(String));
  if (event.class_uid === 3006) expect(event.group.name ?? event.group.uid).toEqual(expect.any(String));
  if (event.class_uid === 3004) expect(event.entity.name).toEqual(expect.any(String));
}

describe('OCSF', () => {
  it('is an event a line', async () => {
    const { changes } = await documentOf(LOGS);
    const { out } = await winnow({}, LOGS, '--ocsf', '--all');
    const events: Loose[] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toHaveLength(changes.length);
    for (const event of events) checkEvent(event);
    expect(events.find(({ activity_name }) => activity_name === 'Remove User')).toMatchObject({
      class_uid: 3006,
      type_uid: 300604,
      time: Date.UTC(2024, 4, 14, 10, 0, 0, 100),
      severity: 'Low',
      status: 'Success',
      metadata: { version: '1.4.0', product: { name: 'Winnow' }, event_code: '4733' },
      device: { hostname: 'ws7.example' },
      actor: { user: { name: 'ann' }, session: { uid: '0x5a2c1' } },
      src_endpoint: { ip: '10.0.0.9' },
      user: { name: 'support' },
      group: { name: 'Administrators', uid: 'S-1-5-32-544' },
    });
    expect(events.find(({ status }) => status === 'Failure')).toMatchObject({ activity_id: 4, status_id: 2 });
  });

  it.each(kinds)('%s, with all that is known and with nothing', (kind) => {
    checkEvent(ocsfEvent({ ...CHANGE, kind }));
    const nothing = { ...CHANGE, account: null, group: null, member: null, actor: null, host: null };
    checkEvent(ocsfEvent({ ...nothing, kind }));
    const empty = { name: null, domain: null, sid: null, rid: null };
    checkEvent(ocsfEvent({ ...nothing, kind, account: empty, member: empty, group: { ...empty, rid_hex: null } }));
  });

  it('has no success for an attempt, and no event without a time', () => {
    expect(ocsfEvent({ ...CHANGE, outcome: 'attempt' })).toMatchObject({ status_id: 0, status: 'Unknown' });
    expect(ocsfEvent({ ...CHANGE, time: null })).toBeUndefined();
  });

  it('keeps a program without a number where the schema asks for none', () => {
    const actor = { ...CHANGE.actor!, process: { ...CHANGE.actor!.process!, pid: null } };
    const event: Loose = ocsfEvent({ ...CHANGE, actor });
    expect(event.actor.process).toBeUndefined();
    expect(event.unmapped.process).toMatchObject({ commandLine: 'net user bob /add' });
  });

  it('calls a lockout one', () => {
    const evidence = [{ ...CHANGE.evidence[0], what: '4740' }];
    expect(ocsfEvent({ ...CHANGE, kind: 'account-changed', evidence })).toMatchObject({
      activity_id: 9,
      activity_name: 'Lock',
    });
  });
});

describe('winnow accounts coverage', () => {
  async function run(...words: readonly string[]) {
    const face = keptFace();
    const outer = new Command('accounts').enablePositionalOptions().option('--csv').exitOverride();
    let code: number | undefined;
    coverage.grammar(outer.command('coverage')).action(async (...args: unknown[]) => {
      code = await coverage.run(args.at(-1) as Command, face);
    });
    await outer.parseAsync(words, { from: 'user' });
    return { code, out: face.stdout() };
  }

  it('tells each layer of each host, and each fix with its hosts', async () => {
    const { code, out } = await run('coverage', LOGS);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}ws8\.example: no data of A/m);
    expect(out).toMatch(
      /^ {4}A {2}native events +absent +could not have seen any change: no event of the Security log$/m,
    );
    expect(out).toMatch(/^ {4}A {2}on ws8\.example: audit policy/m);
    expect(out).not.toMatch(/Timeline|created/);
  });

  it('prints its own document', async () => {
    const check = validator('accounts-coverage-1');
    const document = JSON.parse((await run('coverage', LOGS, '--host', 'ws8', '--json')).out);
    expect(check(document), JSON.stringify(check.errors)).toBe(true);
    expect(document.coverage).toHaveLength(LAYERS.length);
    expect(check({ ...document, changes: [] })).toBe(false);
  });

  it('refuses an option of the outer command', async () => {
    await expect(run('--csv', 'coverage', LOGS)).rejects.toThrow(/--csv stands before 'coverage'/);
  });
});

describe('a hostile log', () => {
  const NAMES = [
    "=cmd|' /C calc'!A0",
    '+1|2',
    '@SUM(1)',
    '\x1b]0;gone\x07\x1b[31mred',
    '\u202egnp.exe\u2066',
    'a|b|c',
    'a`b``c',
    '</td><img src=x onerror=alert(1)>',
    'one\n## two\r\n| a | b |',
    '[x](https://evil.example) ![y](z) www.evil.example $x$ *b* _i_ ~~s~~ \\',
    '> quote',
    '1. list',
  ];
  const event = (name: string, i: number) => ({
    EventTime: `2024-05-14 09:${String(i).padStart(2, '0')}:00`,
    Hostname: `ws${i}`,
    EventID: 4720,
    SourceName: 'Microsoft-Windows-Security-Auditing',
    Channel: 'Security',
    RecordNumber: i,
    TargetUserName: name,
    TargetDomainName: name,
    TargetSid: `S-1-5-21-1-2-3-${1000 + i}`,
    SubjectUserName: name,
    SubjectDomainName: name,
    SubjectLogonId: '0x1',
    SamAccountName: name,
    DisplayName: name,
  });
  const log = file('hostile.jsonl', ...NAMES.map(event));
  // A host may be named anything as well.
  const hosts = file('hosts.jsonl', ...NAMES.map((name, i) => ({ ...event(name, i), Hostname: name })));
  const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  it.each([[[]], [['--all']], [['--csv']], [['--markdown']], [['--ocsf']], [['--json']]])(
    'writes nothing to a terminal but lines of text: %j',
    async (flags) => {
      for (const path of [log, hosts]) {
        const { out, err } = await winnow({}, path, ...flags);
        expect(out.replaceAll('\n', '')).not.toMatch(UNSAFE);
        expect(err.replaceAll('\n', '')).not.toMatch(UNSAFE);
      }
    },
  );

  it('is told whole in each form', async () => {
    expect((await documentOf(log)).changes.map(({ account }) => account?.name)).toEqual(NAMES);
    const { out } = await winnow({}, log, '--ocsf');
    const events: Loose[] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ user }) => user.name)).toEqual(NAMES);
    for (const one of events) checkEvent(one);
  });

  it('is no formula in CSV', async () => {
    for (const path of [log, hosts]) {
      const { out } = await winnow({}, path, '--csv');
      const rows = Papa.parse<string[]>(out.trimEnd()).data;
      expect(rows).toHaveLength(NAMES.length + 1);
      for (const row of rows) {
        expect(row).toHaveLength(rows[0].length);
        for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }
    }
  });

  it('is text in Markdown', async () => {
    for (const path of [log, hosts]) {
      const { out } = await winnow({}, path, '--markdown', '--all');
      checkTables(out);
      expect(out.replaceAll('<br>', '')).not.toMatch(/[<`]|(?<!\\)[*~]|\]\(|:\/\/|www\./);
      // Headings are ours alone.
      expect(out.split('\n').filter((line) => /^#/.test(line))).toHaveLength(
        path === log ? 4 + 2 * NAMES.length : out.match(/^## (?:Timeline|Accounts): /gm)!.length + 4,
      );
    }
    for (const text of ['> q', '- x', '+ x', '1. x', '2) x', '    code', '=='])
      expect(markdownText(text)).not.toMatch(/^(?:[>+=\s-]|\d+[.)])/);
  });

  it('cannot make a sentence of ours', async () => {
    const { out } = await winnow({}, file('words.jsonl', event('bob added to Administrators', 1)));
    expect(out).toContain('account "bob added to Administrators" (RID 1001) created');
  });

  it('is cut where it is long, and says so', async () => {
    const { out } = await winnow({}, file('long.jsonl', event('x'.repeat(20_000), 1)));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(1200);
    expect(out).toMatch(/more characters\)/);
    expect(accountsMarkdown(await documentOf(file('long.jsonl', event('y'.repeat(20_000), 1))), true)).toMatch(
      /more characters\)/,
    );
  });
});

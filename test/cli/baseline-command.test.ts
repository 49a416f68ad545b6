// The command lines of `winnow baseline` and `winnow design probe`: figures, verdicts, documents and exit codes.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { accessEvents } from '../../fixtures/history/access-events.ts';
import { asObject, type EventFacts } from '../../fixtures/logs/text-writer.ts';
import { grammar } from '../../src/cli/commands/baseline.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { BaselineDocument } from '../../src/history/baseline-document.ts';
import { REMOTE_LANGUAGES } from '../../src/history/remote/remote-queries.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-baseline-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace({ env: { WINNOW_CACHE: join(folder, 'cache') } });
  const code = await dispatch(words, kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const EVENTS = accessEvents(800);
const HISTORY = file('events.json', EVENTS.map((event) => JSON.stringify(asObject('nxlog', event))).join('\n'));
const LSASS = [
  'TargetImage|endswith: \\lsass.exe',
  '--log-source',
  'WinEventLog:Sysmon/EventCode=10',
  '--history',
  HISTORY,
];
const isHit = ({ data }: EventFacts): boolean => /\\lsass\.exe$/i.test(data.TargetImage ?? '');

/** One event in forms that DuckDB reads and in one that Winnow's readers do: it was seen a day before its own time. */
const [TIME, SEEN] = ['2026-03-02T10:00:00Z', '2026-03-01T10:00:00Z'];
const TIMED: Readonly<Record<string, string>> = {
  json: `${JSON.stringify({ EventTime: TIME, Seen: SEEN, EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', Hostname: 'h', Image: 'C:\\agent.exe' })}\n`,
  csv: `EventTime,Seen,EventID,Channel,Hostname,Image\n${TIME},${SEEN},1,Microsoft-Windows-Sysmon/Operational,h,C:\\agent.exe\n`,
  xml: `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><TimeCreated SystemTime="${TIME}"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>h</Computer></System><EventData><Data Name="Seen">${SEEN}</Data><Data Name="Image">C:\\agent.exe</Data></EventData></Event>`,
};

async function baseline(...words: readonly string[]): Promise<BaselineDocument> {
  const { code, out, err } = await winnow('baseline', ...words, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as BaselineDocument;
}

describe('winnow baseline', () => {
  it('prints the document that its schema describes, the same with one thread and with two', async () => {
    const document = await baseline(...LSASS, '--budget', '1000', '--field', 'SourceImage', '--threads', '1');
    const schema = JSON.parse(readFileSync('docs/formats/baseline-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      scanned: EVENTS.length,
      hits: EVENTS.filter(isHit).length,
      verdict: 'few',
      silent_hosts: ['HOST4.example'],
      hosts: { with_hits: 4, with_telemetry: 4, total: 5 },
    });
    expect(await baseline(...LSASS, '--budget', '1000', '--field', 'SourceImage', '--threads', '2')).toEqual(document);
  });

  it('judges by the budget, and by what reviewed exclusions leave', async () => {
    expect((await baseline(...LSASS, '--budget', '1')).verdict).toBe('flood');
    const tuned = await baseline(
      ...LSASS,
      '--budget',
      '1',
      '--exclude',
      'GrantedAccess|startswith: 0x1',
      '--exclude',
      'GrantedAccess|bits: 0x40',
    );
    expect(tuned).toMatchObject({
      verdict: 'tunable',
      hits_after_exclusions: 0,
      exclusions: ['GrantedAccess|startswith: 0x1', 'GrantedAccess|bits: 0x40'],
    });
    const cut = await baseline(...LSASS, '--exclude-day', '2026-03-03', '2026-03-04');
    expect(cut.window?.excluded_days).toEqual(['2026-03-03', '2026-03-04']);
    expect(cut.hits).toBe(EVENTS.filter((event) => isHit(event) && !/-03-0[34]T/.test(event.time)).length);
  });

  it('counts a file under several names once, and lines behind a byte order mark all', async () => {
    const { hits } = await baseline(...LSASS);
    const linked = join(folder, 'linked.json');
    symlinkSync(HISTORY, linked);
    for (const other of [HISTORY, relative('.', HISTORY), join(folder, '.', 'events.json'), linked])
      expect((await baseline(...LSASS, other)).hits, other).toBe(hits);
    const marked = file('marked.json', `\uFEFF${readFileSync(HISTORY, 'utf8')}`);
    const alone = await baseline(...LSASS.slice(0, -1), marked);
    expect([alone.hits, alone.scanned]).toEqual([hits, EVENTS.length]);
    expect(alone.notes.join()).not.toMatch(/no event/);
  });

  it('says of a packed file that is cut off that it was not read to its end', async () => {
    const packed = gzipSync(readFileSync(HISTORY));
    const [whole, cut, torn] = ['whole.json.gz', 'cut.json.gz', 'torn.json.gz'].map((name) => join(folder, name));
    writeFileSync(whole, packed);
    writeFileSync(cut, packed.subarray(0, packed.length >> 1));
    writeFileSync(torn, packed.with(packed.length - 6, packed[packed.length - 6] ^ 1));
    expect((await baseline(...LSASS.slice(0, -1), whole)).scanned).toBe(EVENTS.length);
    for (const path of [cut, torn]) {
      const { code, out, err } = await winnow('baseline', ...LSASS.slice(0, -1), path, '--json');
      expect(code, err).toBe(3);
      expect(err).toContain(`${path} cannot be read to its end: `);
      expect((JSON.parse(out) as BaselineDocument).notes.join()).toContain(`${path} cannot be read to its end: `);
    }
  });

  it('calls nothing quiet of which there is no telemetry', async () => {
    const words = ['EventID: 7045', '--log-source', 'WinEventLog:System', '--history', HISTORY, '--budget', '5'];
    expect(await baseline(...words)).toMatchObject({
      verdict: 'unknown',
      telemetry: 0,
      reason: expect.stringMatching(/no telemetry/),
    });
    expect((await baseline(...LSASS, '--budget', '1000', '--hosts', '8')).verdict).toBe('unknown');
  });

  it('takes a Sigma rule, with the names that each of its logs has', async () => {
    const rule = file(
      'rule.yml',
      'title: agent\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s: {Image|endswith: \\agent.exe}\n  condition: s\n',
    );
    const document = await baseline('--rule', rule, '--history', HISTORY, '--budget', '1000');
    const starts = EVENTS.filter(({ eventId }) => eventId === 1 || eventId === 4688);
    expect(document).toMatchObject({ asked: 'agent', log_source: null, hits: starts.length, telemetry: starts.length });
  });

  it('tells the verdict, the figures and the rarest values in words', async () => {
    const { code, out } = await winnow('baseline', ...LSASS, '--budget', '1000', '--field', 'GrantedAccess');
    expect(code).toBe(0);
    expect(out).toMatch(/^few: p90 of \d+.* hits a day, budget 1000\n/);
    expect(out).toMatch(/GrantedAccess \(5 values, the rarest first\)/);
    expect(out).toMatch(/Silent hosts .*: HOST4\.example/);
  });

  it.each(['json', 'csv', 'xml'])(
    'takes the time from the field that is named for it, and no name that none has: %s',
    async (form) => {
      const path = file(`timed.${form}`, TIMED[form]);
      const words = ['Image|contains: agent', '--log-source', 'WinEventLog:Sysmon/EventCode=1', '--history', path];
      const days = async (...more: readonly string[]) => (await baseline(...words, ...more)).window?.from;
      expect(await days()).toBe('2026-03-02');
      expect(await days('--time-field', 'Seen')).toBe('2026-03-01');
      for (const field of ['Sean', 'Image', "it's"]) {
        const { code, out, err } = await winnow('baseline', ...words, '--time-field', field);
        expect({ code, out, err }).toEqual({
          code: 3,
          out: '',
          err: `winnow: no event of the history has a time in the field '${field}'\n`,
        });
      }
    },
  );

  it.each([
    [['Image: x'], 2, /--history names the logs/],
    [['--history', HISTORY], 2, /a selection, --rule FILE or --observable ID/],
    [['Image: x', '--history', HISTORY, '--log-source', 'auditd:SYSCALL'], 2, /no Windows event log/],
    [['nothing', '--history', HISTORY], 2, /FIELD: VALUE is expected/],
    [['[word]', '--history', HISTORY], 2, /FIELD: VALUE is expected/],
    [['Image: x', '--history', join(folder, 'absent.json')], 3, /cannot read/],
    [['Image: x', '--history', join(folder, '*.parquet')], 3, /no file of this pattern/],
    [['Image: x', '--history', HISTORY, '--since', '2031-01-01'], 3, /no event between the times/],
    [
      ['Image: x', '--result', HISTORY, '--exclude', 'Image: y'],
      2,
      /its rows are counts, from which no event can be taken out/,
    ],
    [['Image: x', '--to', 'esql', '--exclude', 'Image: y'], 2, /its queries count one question/],
    [['Image: x', '--history', HISTORY, '--exclude-day', 'today'], 2, /a day such as/i],
    [['Image: x', '--history', HISTORY, '--exclude-day', '2026-03-03', '2026-02-31'], 2, /a day such as/i],
    [['Image: x', '--history', HISTORY, '--since', '2026-02-31'], 2, /a time such as/i],
    [['Image: x', '--history', HISTORY, '--since', '2026-03-05', '--until', '2026-03-04'], 2, /no time after --since/],
    [['Image: x', '--history', HISTORY, '--until', '2026-02-31T09:00Z'], 2, /a time such as/i],
    [['Image: x', '--history', HISTORY, '--threads', '0'], 2, /1 to 64/],
  ])('%j ends with %i', async (words, code, message) => {
    const answer = await winnow('baseline', ...words);
    expect(answer.code).toBe(code);
    expect(answer.err).toMatch(message);
    expect(answer.out).toBe('');
  });
});

describe('winnow baseline --to', () => {
  it.each(Object.keys(REMOTE_LANGUAGES))('names in %s no option that it does not have', async (language) => {
    const { code, out } = await winnow('baseline', ...LSASS.slice(0, 3), '--to', language);
    expect(code).toBe(0);
    const named = out.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
    const options = grammar(new Command()).options.map(({ long }) => long);
    expect(named).toContain('--result');
    expect(named.filter((option) => !options.includes(option))).toEqual([]);
  });
});

describe('winnow baseline --to --json', () => {
  it.each(Object.keys(REMOTE_LANGUAGES))('gives the queries in %s as the document of its schema', async (language) => {
    const words = [...LSASS.slice(0, 3), '--field', 'SourceImage', '--to', language];
    const { code, out } = await winnow('baseline', ...words, '--json');
    expect(code).toBe(0);
    const document = JSON.parse(out);
    expectSchema('baseline-queries-1', document);
    expect(document.queries.map(({ name }: { name: string }) => name)[0]).toBe('counts');
    const text = (await winnow('baseline', ...words)).out;
    for (const query of document.queries) expect(text).toContain(query.text);
  });
});

function expectSchema(name: string, document: unknown): void {
  const schema = JSON.parse(readFileSync(`docs/formats/${name}.schema.json`, 'utf8'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
}

describe('winnow baseline --result', () => {
  it.each([
    [';', 'semicolons'],
    ['\t', 'tabs'],
  ])('says of a table with %j between its values what to do', async (mark, word) => {
    const path = file('semi.csv', `${['day', 'host', 'hits', 'telemetry'].join(mark)}\n`);
    const { code, err } = await winnow('baseline', ...LSASS.slice(0, 3), '--result', path);
    expect(code).toBe(3);
    expect(err).toContain(`${path}:1: its values have ${word} between them; save the rows as CSV with commas`);
  });
});

describe('winnow design probe', () => {
  it('prints what it measured as YAML that the environment takes', async () => {
    const environment = (sources: string): string =>
      `schema: design.environment/1\nid: lab\nstores: [{id: lake, engine: duckdb, uri: events.json}]\nbudget: {max_hits_per_day: 5}\n${sources}`;
    const path = file(
      'lab.yaml',
      environment(
        'data_sources:\n  - {id: access, log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=10"}, data_components: [DC0035], fields: {GrantedAccess: 1, CallTrace: 1}, store: lake}\n  - {id: security, product: Windows Security, data_components: [DC0032], store: lake}\n',
      ),
    );
    const { code, out, err } = await winnow(
      'design',
      'probe',
      '--environment',
      path,
      '--date',
      '2026-11-28',
      '--field',
      'SubjectUserName',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const access = EVENTS.filter(({ eventId }) => eventId === 10).length;
    expect(out).toContain(`  - id: access   # ${access} events in 20 days\n`);
    expect(out).toContain('    fields: {GrantedAccess: 1, CallTrace: 0, SubjectUserName: 0}\n');
    expect(out).toContain('    hosts: {covered: 4, total: 5}\n');
    expect(out).toContain('    fields: {SubjectUserName: 1}\n    hosts: {covered: 5, total: 5}\n');
    expect(out.match(/checked_at: "2026-11-28"/g)).toHaveLength(2);
    const again = file('again.yaml', environment(out));
    expect(
      await winnow('design', 'probe', '--environment', again, '--date', '2026-11-28', '--field', 'SubjectUserName'),
    ).toEqual({ code, out, err });
    const json = JSON.parse(
      (await winnow('design', 'probe', '--environment', path, '--json', '--history', HISTORY)).out,
    );
    expectSchema('probe-1', json);
    expect(json.data_sources.map(({ id }: { id: string }) => id)).toEqual(['access', 'security']);
  });

  it('leaves out what it could not measure, and says so', async () => {
    const environment = (sources: string): string =>
      `schema: design.environment/1\nid: lab\nstores: [{id: lake, engine: duckdb, uri: events.json}]\nbudget: {max_hits_per_day: 5}\n${sources}`;
    const path = file(
      'silent.yaml',
      environment(
        'data_sources:\n  - {id: pipes, log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=17"}, data_components: [DC0048], fields: {PipeName: 1}, hosts: {scope: servers, covered: 3, total: 3}, store: lake}\n',
      ),
    );
    const { code, out, err } = await winnow(
      ...['design', 'probe', '--environment', path, '--date', '2026-11-28', '--field', 'Image'],
    );
    expect(code).toBe(0);
    expect(out).toContain('  - id: pipes   # 0 events in 0 days\n');
    expect(out).toContain('    hosts: {scope: servers}\n');
    expect(out).not.toMatch(/fields:|covered|total|checked_at|events_per_day/);
    expect(err).toBe(
      'winnow: pipes: no event of it is in the history; nothing was measured, and its fields, hosts, events_per_day and checked_at are left out\n',
    );
    const again = file('silent-again.yaml', environment(out));
    expect((await winnow('design', 'probe', '--environment', again)).code).toBe(0);
  });

  it.each(['probe', 'funnel'])(
    'tells in design %s a time_field that no event has, and takes one that all have',
    async (verb) => {
      const technique =
        'schema: design.technique/1\nid: t\nprocedures: [{id: a, primitives: [P]}]\nprimitives:\n  - {id: P, control: fixed, observables: [{id: O, data_component: DC0035, log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=1"}, predicate: {Image|endswith: agent.exe}}]}\n';
      for (const [form, content] of Object.entries(TIMED))
        for (const [field, expected] of [
          ['Seen', 0],
          ['Sen', 3],
        ] as const) {
          file(`timed-history.${form}`, content);
          const path = file(
            'timed.yaml',
            `schema: design.environment/1\nid: lab\nstores:\n  - {id: lake, engine: duckdb, uri: timed-history.${form}, time_field: ${field}}\nbudget: {max_hits_per_day: 5}\ndata_sources:\n  - {id: sysmon, log_source: {name: "WinEventLog:Sysmon"}, data_components: [DC0035], store: lake}\n`,
          );
          const words = verb === 'probe' ? [] : [file('timed-technique.yaml', technique)];
          const { code, err } = await winnow('design', verb, ...words, '--environment', path);
          expect({ form, code, err }).toMatchObject({ code: expected });
          if (expected === 3)
            expect(err).toContain(`${path}:4:10: time_field: no event of the history has a time in the field 'Sen'`);
        }
    },
  );

  it('says where the environment is wrong', async () => {
    const path = file('bad.yaml', 'schema: design.environment/1\nid: x\nbudgets: {}\n');
    const { code, err } = await winnow('design', 'probe', '--environment', path);
    expect(code).toBe(3);
    expect(err).toMatch(/bad\.yaml:3:1/);
  });

  it('says of a store that it does not ask why nothing was counted', async () => {
    const one = (engine: string) =>
      file(
        `${engine}.yaml`,
        `schema: design.technique/1\nid: T\nprocedures: [{id: p, primitives: [A]}]\nprimitives: [{id: A, control: fixed, observables: [{id: o, data_component: DC0035, predicate: {TargetImage: x}}]}]\n---\nschema: design.environment/1\nid: e\nstores: [{id: siem, engine: ${engine}, uri: ./events.json}]\ndata_sources: [{id: s, data_components: [DC0035]}]\nbudget: {max_hits_per_day: 5}\n`,
      );
    const notesOf = async (...words: readonly string[]) =>
      JSON.parse((await winnow('design', 'funnel', ...words, '--json')).out).notes.join() as string;
    expect(await notesOf(one('splunk'))).toMatch(/nothing was counted in the store siem: Winnow does not ask splunk/);
    expect(await notesOf(one('splunk'), '--history', HISTORY)).not.toContain('splunk');
    expect(await notesOf(one('duckdb'))).not.toContain('nothing was counted in');
  });

  it.each([
    ['probe', '--date'],
    ['funnel', '--since'],
    ['funnel', '--until'],
    ['funnel', '--exclude-day'],
    ['funnel', '--expiry'],
  ])('of design %s takes as %s only a day that there is', async (command, option) => {
    for (const day of ['2026-02-31', '2026-13-01', '2026-2-3'])
      expect(await winnow('design', command, 'x.yaml', '--environment', 'x.yaml', option, day)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/day such as 2026-11-28 is expected/),
      });
  });
});

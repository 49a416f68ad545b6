// One history in every form that a store reads: the same answers to the byte, whatever the form and the threads, and those that counting the events gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessEvents, byKind } from '../../fixtures/history/access-events.ts';
import { logOfFacts } from '../../fixtures/logs/events.ts';
import { asCsv, asObject, asXml, type EventFacts, TEXT_FORMS, type TextForm } from '../../fixtures/logs/text-writer.ts';
import { historySources } from '../../src/cli/history-sources.ts';
import { logSourceOfText } from '../../src/history/log-source-condition.ts';
import type { Answer, AskOptions, Question } from '../../src/history/question.ts';
import { openDuckDb } from '../../src/history/stores/duckdb.ts';
import { and, not } from '../../src/rule/condition.ts';
import { readSelection } from '../../src/rule/read/selection.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-history-'));
afterAll(() => rmSync(folder, { recursive: true }));
const EVENTS = accessEvents(1500);

function question(id: string, source: string | undefined, selection: string, fields: readonly string[]): Question {
  const telemetry = source === undefined ? undefined : logSourceOfText(source)!;
  const own = readSelection(selection, { bits: true });
  return { id, telemetry, condition: telemetry ? and(telemetry, own) : own, fields };
}
const LSASS = question('lsass', 'WinEventLog:Sysmon/EventCode=10', 'TargetImage|endswith: \\lsass.exe', [
  'SourceImage',
  'GrantedAccess',
]);
const QUESTIONS: readonly Question[] = [
  LSASS,
  question('bits', 'WinEventLog:Sysmon/EventCode=10', '{TargetImage|endswith: \\lsass.exe, GrantedAccess|bits: 0x10}', [
    'GrantedAccess',
  ]),
  question('start', 'WinEventLog:Security/EventCode=4688', 'SubjectUserName|re: user[1-3]', [
    'NewProcessName',
    'SubjectUserName',
    'ProcessId',
    'Computer',
  ]),
  question('line', 'WinEventLog:Sysmon/EventCode=1', 'CommandLine|contains: "port 7, \u00c4"', ['CommandLine']),
  question('any', undefined, 'Image|exists: true', ['EventID', 'Provider_Name']),
  {
    ...LSASS,
    id: 'not',
    condition: and(LSASS.telemetry!, not(readSelection('TargetImage|endswith: \\lsass.exe'))),
    fields: [],
  },
  question('none', 'WinEventLog:System', 'EventID: 7045', ['ServiceName']),
];

/** Events whose values take several times the memory that is given. */
const FLOOD = 200_000;
const TIGHT = '100MB';

async function ask(
  paths: readonly string[],
  options: Partial<AskOptions> = {},
  threads = 2,
): Promise<{ answers: readonly Answer[]; notes: readonly string[] }> {
  const { sources, failures, report } = historySources(paths);
  expect(failures).toEqual([]);
  const store = await openDuckDb(sources, { threads });
  try {
    const answers = await store.ask(QUESTIONS, { values: 5, ...options });
    expect(report().refused).toBe(0);
    return { answers, notes: store.notes.map(({ text }) => text) };
  } finally {
    await store.close();
  }
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function lines(form: TextForm, events: readonly EventFacts[] = EVENTS): string {
  return `${events.map((event) => JSON.stringify(asObject(form, event))).join('\n')}\n`;
}

/** As DuckDB itself makes Parquet of JSON lines. */
async function parquet(name: string, from: string): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT * FROM ${from}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

let expected: string;
beforeAll(async () => {
  expected = JSON.stringify((await ask([file('first.json', lines('nxlog'))])).answers);
});

describe('a history', () => {
  it('gives what counting its events gives', () => {
    const [lsass, bits, start, line, any, other, none] = JSON.parse(expected) as Answer[];
    const isLsass = ({ eventId, data }: EventFacts): boolean =>
      eventId === 10 && /\\lsass\.exe$/i.test(data.TargetImage);
    const hits = EVENTS.filter(isLsass);
    const telemetry = EVENTS.filter(({ eventId }) => eventId === 10);
    expect(hits.length).toBeGreaterThan(50);
    expect(lsass).toMatchObject({
      id: 'lsass',
      scanned: 1500,
      hits: hits.length,
      telemetry: telemetry.length,
      untimed: 0,
    });
    const days = [...new Set(EVENTS.map(({ time }) => time.slice(0, 10)))];
    expect(lsass.days.map(({ day, hits: n }) => [day, n])).toEqual(
      days.map((day) => [day, hits.filter(({ time }) => time.startsWith(day)).length]),
    );
    expect(lsass.hosts.map(({ host, hits: n }) => [host, n])).toEqual(
      [0, 1, 2, 3].map((i) => [
        `HOST${i}.example`,
        hits.filter(({ computer }) => computer.toLowerCase() === `host${i}.example`).length,
      ]),
    );
    expect(lsass.silentHosts).toEqual(['HOST4.example']);
    expect(lsass.hosts.map((host) => host.days)).toEqual(
      [0, 1, 2, 3].map((i) => {
        const own = telemetry.filter(({ computer }) => computer.toLowerCase() === `host${i}.example`);
        return new Set(own.map(({ time }) => time.slice(0, 10))).size;
      }),
    );
    const tuples = new Set<string>();
    const fresh = days.map((day) => {
      const before = tuples.size;
      for (const { data, time } of hits)
        if (time.startsWith(day)) tuples.add(`${data.SourceImage}\0${data.GrantedAccess}`.toLowerCase());
      return tuples.size - before;
    });
    expect(lsass.days.map((day) => day.fresh)).toEqual(fresh);
    const [images, masks] = lsass.fields;
    expect(images).toMatchObject({ field: 'SourceImage', distinct: 6, filled: hits.length });
    expect(images.values).toHaveLength(5);
    expect(images.rarest).toHaveLength(5);
    const ofMask = (mask: string): number => hits.filter(({ data }) => data.GrantedAccess === mask).length;
    expect(masks.values.map(({ value, hits: n }) => [value, n])).toEqual(
      masks.values.map(({ value }) => [value, ofMask(value)]),
    );
    expect([...masks.values].sort((a, b) => b.hits - a.hits)).toEqual(masks.values);
    expect(bits.hits).toBe(hits.filter(({ data }) => Number(data.GrantedAccess) & 0x10).length);
    expect(start.hits).toBe(EVENTS.filter(({ data }) => /user[1-3]/.test(data.SubjectUserName ?? '')).length);
    expect(start.fields.map(({ distinct }) => distinct)).toEqual([6, 3, 1, 5]);
    expect(line.hits).toBe(EVENTS.filter(({ data }) => data.CommandLine?.includes('port 7, ä')).length);
    expect(line.hits).toBeGreaterThan(0);
    expect(any).toMatchObject({ hits: EVENTS.filter(({ data }) => data.Image).length, telemetry: 1500 });
    expect(other.hits).toBe(telemetry.length - hits.length);
    expect(none).toMatchObject({ hits: 0, telemetry: 0, hosts: [] });
    expect(none.silentHosts).toHaveLength(5);
  });

  it.each(TEXT_FORMS)('has the same answers from JSON lines of %s', async (form) => {
    const path = file('form.json', lines(form));
    for (const threads of [1, 2]) expect(JSON.stringify((await ask([path], {}, threads)).answers)).toBe(expected);
  });

  it('has the same answers from packed lines, from an array, from XML, and in an archive', async () => {
    const paths = [
      file('packed.json.gz', gzipSync(lines('winlogbeat'))),
      file('array.json', JSON.stringify(EVENTS.map((event) => asObject('nxlog', event)))),
      file('events.xml', EVENTS.map(asXml).join('\n')),
      file('lines.tar.gz', gzipSync(tarOf('a/long/name.json', lines('winlogbeat 6')))),
    ];
    for (const path of paths) expect(JSON.stringify((await ask([path])).answers), path).toBe(expected);
  });

  it('has the same answers from EVTX, whole, packed, and in a file for each channel', async () => {
    const whole = logOfFacts(EVENTS);
    const channels = [...new Set(EVENTS.map(({ channel }) => channel))].map((channel, i) =>
      file(`channel${i}.evtx`, logOfFacts(EVENTS.filter((event) => event.channel === channel))),
    );
    expect(channels).toHaveLength(2);
    for (const threads of [1, 2])
      expect(JSON.stringify((await ask([file('whole.evtx', whole)], {}, threads)).answers)).toBe(expected);
    expect(JSON.stringify((await ask([file('packed.evtx.gz', gzipSync(whole))])).answers)).toBe(expected);
    expect(JSON.stringify((await ask(channels)).answers)).toBe(expected);
  });

  it('has the same answers from CSV, a file for each kind of event', async () => {
    const kinds = byKind(EVENTS);
    const plain = kinds.map((events, i) => file(`kind${i}.csv`, asCsv(events)));
    expect(historySources(plain).sources.map(({ kind }) => kind)).toEqual(['csv']);
    expect(JSON.stringify((await ask(plain)).answers)).toBe(expected);
    const other = kinds.map((events, i) => file(`other${i}.csv`, asCsv(events, ';')));
    expect(historySources(other).sources.map(({ kind }) => kind)).toEqual(['events']);
    expect(JSON.stringify((await ask(other)).answers)).toBe(expected);
  });

  it.each(['nxlog', 'winlogbeat', 'winlogbeat flat', 'winlogbeat 6'] as const)(
    'has the same answers from Parquet that DuckDB made of %s',
    async (form) => {
      const path = file('columns.json', lines(form));
      const wide = await parquet('wide.parquet', `read_json('${path}', maximum_depth = 6, sample_size = -1)`);
      const whole = await parquet(
        'whole.parquet',
        `read_json('${path}', columns = {json: 'MAP(VARCHAR, JSON)'}, records = false, format = 'newline_delimited')`,
      );
      const asJson = await parquet('objects.parquet', `read_ndjson_objects('${path}')`);
      for (const one of [wide, whole, asJson])
        expect(JSON.stringify((await ask([one], {}, 1)).answers), one).toBe(expected);
    },
  );

  it('has the same answers from parts in different forms together', async () => {
    const parts = join(folder, 'parts');
    mkdirSync(parts, { recursive: true });
    const part = (i: number): readonly EventFacts[] => EVENTS.filter((_, at) => at % 5 === i);
    writeFileSync(join(parts, 'a.json'), lines('nxlog', part(0)));
    writeFileSync(join(parts, 'b.ndjson.gz'), gzipSync(lines('winlogbeat', part(1))));
    writeFileSync(join(parts, 'c.xml'), part(2).map(asXml).join('\n'));
    writeFileSync(join(parts, 'e.evtx'), logOfFacts(part(4)));
    const path = file('d.json', lines('winlogbeat 6', part(3)));
    await parquet('parts/d.parquet', `read_json('${path}', sample_size = -1)`);
    for (const threads of [1, 2]) expect(JSON.stringify((await ask([parts], {}, threads)).answers)).toBe(expected);
    expect(JSON.stringify((await ask([join(parts, '?.*')])).answers)).toBe(expected);
  });
});

describe('a flood of values that all differ', () => {
  it('is counted within the memory that is given, by the disk, and answered as with room for all', async () => {
    const made = `SELECT strftime(TIMESTAMP '2026-03-01' + to_minutes(i % 20000), '%Y-%m-%dT%H:%M:%SZ') AS "@timestamp",
        'Microsoft-Windows-Sysmon/Operational' AS "Channel", '1' AS "EventID", 'HOST' || (i % 7) AS "Computer",
        CASE WHEN i % 2 = 0 THEN 'Run ' ELSE 'RUN ' END || repeat(md5((i // 2)::VARCHAR), 6) AS "CommandLine", 'a.exe' AS "Image"
        FROM range(${FLOOD}) t(i)`;
    const path = await parquet('flood.parquet', `(${made})`);
    const flood = question('flood', 'WinEventLog:Sysmon/EventCode=1', 'Image: a.exe', ['CommandLine', 'Image']);
    const answersIn = async (memory: string): Promise<readonly Answer[]> => {
      const store = await openDuckDb(historySources([path]).sources, { threads: 1, memory });
      try {
        return await store.ask([flood], { values: 5 });
      } finally {
        await store.close();
      }
    };
    const answers = await answersIn(TIGHT);
    expect(JSON.stringify(answers)).toBe(JSON.stringify(await answersIn('2GB')));
    const [{ hits, fields, days }] = answers;
    expect(hits).toBe(FLOOD);
    expect(fields[0]).toMatchObject({ distinct: FLOOD / 2, filled: FLOOD });
    expect(fields[0].values).toHaveLength(5);
    // Each is there twice, in other letter case, a minute apart and on the next host; of those alike the first by name.
    expect(fields[0].values[0]).toMatchObject({ hits: 2, hosts: 2, value: expect.stringMatching(/^RUN 0000/) });
    expect(fields[1]).toMatchObject({ distinct: 1, values: [{ value: 'a.exe', hits: FLOOD, hosts: 7 }] });
    expect(days.reduce((sum, { fresh }) => sum + fresh, 0)).toBe(FLOOD / 2);
  });
});

describe('what is no event', () => {
  it('is not counted, and told', async () => {
    const path = file('bad.json', `${lines('nxlog')}{"cut": "\nno JSON\n[1]\n\n{"a": 1}\n`);
    const { answers, notes } = await ask([path]);
    expect(JSON.stringify(answers)).toBe(expected);
    expect(notes).toEqual([expect.stringMatching(/^4 lines or rows are no events/)]);
  });

  it('leaves nothing to count where there is nothing else', async () => {
    await expect(ask([file('nothing.json', '{"a": 1}\n{"a": 2}\n')])).rejects.toThrow(/the history has no event/);
    await expect(ask([file('first.json', lines('nxlog'))], { from: '2030-01-01' })).rejects.toThrow(
      /no event between the times asked for/,
    );
  });

  it('of a file that is no Parquet is an error of the input', async () => {
    const store = openDuckDb([{ kind: 'parquet', files: [file('no.parquet', 'PAR1 and no more')] }]);
    await expect(store).rejects.toMatchObject({ kind: 'input' });
  });
});

describe('a window', () => {
  it('has the days from one time on and before another, without those that are cut', async () => {
    const path = file('first.json', lines('nxlog'));
    const { answers } = await ask([path], {
      from: '2026-03-03',
      to: '2026-03-06T00:00:00Z',
      exceptDays: ['2026-03-04'],
    });
    expect(answers[0].days.map(({ day }) => day)).toEqual(['2026-03-03', '2026-03-05']);
    expect(answers[0].scanned).toBe(EVENTS.filter(({ time }) => /-03-0[35]T/.test(time)).length);
  });
});

describe('rows', () => {
  it('are told with equal ones together, the most frequent first', async () => {
    const store = await openDuckDb(historySources([file('first.json', lines('nxlog'))]).sources);
    try {
      const rows = await store.rows(LSASS, ['GrantedAccess', 'SourceImage'], 1000);
      const hits = EVENTS.filter(({ data }) => /lsass\.exe$/i.test(data.TargetImage ?? ''));
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(hits.length);
      expect(rows.map(({ count }) => count)).toEqual(rows.map(({ count }) => count).toSorted((a, b) => b - a));
      const [{ values, count }] = rows;
      expect(count).toBe(
        hits.filter(
          ({ data }) => data.GrantedAccess === values.GrantedAccess && data.SourceImage === values.SourceImage,
        ).length,
      );
      expect(await store.rows(LSASS, ['GrantedAccess'], 2)).toHaveLength(2);
    } finally {
      await store.close();
    }
  });
});

/** A tar archive of one file. */
function tarOf(name: string, content: string): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  const header = new Uint8Array(512);
  const put = (offset: number, text: string): void => header.set(new TextEncoder().encode(text), offset);
  put(0, name);
  put(100, '0000644\0');
  put(124, `${bytes.length.toString(8).padStart(11, '0')}\0`);
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\x0000');
  put(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  const all = new Uint8Array(512 + Math.ceil(bytes.length / 512) * 512 + 1024);
  all.set(header);
  all.set(bytes, 512);
  return all;
}

// The command line of `winnow events`: what is printed where, in each form, and with which exit code.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command } from 'commander';
import Papa from 'papaparse';
import { afterAll, describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import { writeLog } from '../../fixtures/logs/evtx-writer.ts';
import { asObject, seededEvents } from '../../fixtures/logs/text-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import { grammar } from '../../src/cli/commands/events.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { type EventsFlags, findOptions, takerFor } from '../../src/cli/event-takers.ts';
import { followed } from '../../src/cli/follow.ts';
import { takeLog } from '../../src/cli/found-events.ts';
import { isLogName } from '../../src/cli/log-inputs.ts';
import type { Face } from '../../src/cli/print.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { eventsOf, openLogs } from '../../src/logs/open-logs.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-events-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const SECURITY = eventTemplate(1, 'Microsoft-Windows-Security-Auditing', 'Security');
const USER = dataTemplate(2, ['TargetUserName', 'TargetSid']);
/** 2016-07-08T20:12:51.6816408Z */
const TIME = 131_124_823_716_816_408n;
const record = (id: bigint, eventId: number, user: string) =>
  eventRecord(SECURITY, {
    eventId,
    recordId: id,
    time: TIME + id,
    computer: 'host',
    data: strings(USER, user, 'S-1-5-21-1'),
  });
const EVTX = file(
  'Security.evtx',
  writeLog([record(1n, 4720, 'ann'), record(2n, 4726, 'b\u202eob'), record(3n, 4720, 'carol, "c"')]),
);
const SYSMON = seededEvents(6);
const JSON_LINES = file(
  'sysmon.ndjson',
  SYSMON.map((event) => JSON.stringify(asObject('winlogbeat', event))).join('\n'),
);

async function events(
  words: readonly string[],
  face: Partial<Face> = {},
): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace(face);
  const code = await dispatch(['events', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const lines = (text: string): readonly string[] => text.split('\n').slice(0, -1);

describe('winnow events', () => {
  it('summarises a log when nothing else is asked', async () => {
    const { code, out, err } = await events([EVTX, JSON_LINES]);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^9 events, from 2016-07-08T20:12:51\.6816409Z to 2024-/);
    expect(out).toMatch(/ 2 {2}4720 {2}Security +Microsoft-Windows-Security-Auditing\n/);
    expect(out).toMatch(/\n {2}host {2}3\n/);
    const document = JSON.parse((await events([EVTX, '--summary', '--json'])).out);
    const schema = JSON.parse(readFileSync('docs/formats/events-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, more: 1 })).toBe(false);
    expect(document).toMatchObject({ schema: 'winnow.events/1', events: 3, unreadable: 0, refused: 0 });
    expect(document.kinds[0]).toEqual({
      channel: 'Security',
      provider: 'Microsoft-Windows-Security-Auditing',
      eventId: '4720',
      count: 2,
    });
  });

  it('prints a line for each wanted event', async () => {
    const { code, out } = await events([EVTX, '--id', '4726']);
    expect(code).toBe(0);
    expect(out).toBe(
      '2016-07-08T20:12:51.6816410Z  Security 4726  host  TargetUserName=b\\u{202e}ob TargetSid=S-1-5-21-1\n',
    );
  });

  it('chooses by id, channel, provider, time and selection', async () => {
    const counted = async (...words: string[]): Promise<number> =>
      Number((await events([EVTX, JSON_LINES, '--count', ...words])).out);
    expect(await counted()).toBe(9);
    expect(await counted('--id', '4720')).toBe(2);
    expect(await counted('--id', '4720-4726', '--id', '1')).toBe(9);
    expect(await counted('--channel', 'security')).toBe(3);
    expect(await counted('--provider', 'Microsoft-Windows-Sysmon')).toBe(6);
    expect(await counted('--until', '2016-07-08T20:12:51.6816410Z')).toBe(2);
    expect(await counted('--since', '2020-01-01')).toBe(6);
    expect(await counted('--since', '1h')).toBe(0);
    expect(await counted('--where', 'TargetUserName|startswith: A')).toBe(1);
    expect(await counted('--where', 'EventID: 4720', '--where', 'TargetUserName|contains: "c"')).toBe(1);
    expect(await counted('--where', 'Image|endswith: .exe')).toBe(6);
  });

  it('prints JSON lines, one event a line, of every form in one shape', async () => {
    const { out } = await events([EVTX, JSON_LINES, '--json']);
    const all = lines(out).map((line) => JSON.parse(line).Event);
    expect(all).toHaveLength(9);
    for (const event of all)
      expect(event.System).toMatchObject({
        EventID: expect.any(Number),
        Channel: expect.any(String),
        Computer: expect.any(String),
      });
    expect(all[2].EventData.TargetUserName).toBe('carol, "c"');
    expect(all[3].EventData.Image).toBe(SYSMON[0].data.Image);
    // What it prints it reads again.
    const again = file('again.json', out);
    expect((await events([again, '--json'])).out.split('\n')[3]).toBe(out.split('\n')[3]);
  });

  it('prints chosen fields as text, JSON and CSV', async () => {
    const fields = ['--fields', 'EventID,TargetUserName', '--fields', 'Gone'];
    expect((await events([EVTX, '--id', '4720', ...fields])).out).toBe('4720\tann\t\n4720\tcarol, "c"\t\n');
    expect(lines((await events([EVTX, '--json', ...fields])).out).map((line) => JSON.parse(line))[0]).toEqual({
      EventID: '4720',
      TargetUserName: 'ann',
      Gone: null,
    });
    const { data } = Papa.parse((await events([EVTX, '--csv', ...fields])).out.trim());
    expect(data).toEqual([
      ['EventID', 'TargetUserName', 'Gone'],
      ['4720', 'ann', ''],
      ['4726', 'b\u202eob', ''],
      ['4720', 'carol, "c"', ''],
    ]);
  });

  it('prints XML and CSV that are read as the same events', async () => {
    for (const form of ['--xml', '--csv']) {
      const { out } = await events([EVTX, JSON_LINES, form]);
      const again = file(form === '--xml' ? 'again.xml' : 'again.csv', out);
      const asked = ['--fields', 'EventID,Channel,Provider,Computer,EventRecordID,TimeCreated'];
      expect((await events([again, ...asked])).out).toBe((await events([EVTX, JSON_LINES, ...asked])).out);
    }
  });

  it('prints XML of an event on one line, with the line ends that it has', async () => {
    const texts = file('lines.ndjson', `${JSON.stringify({ EventID: 1, 'a\n': 'x\r\ny\u0000' })}\n`);
    const log = file('lines.evtx', writeLog([record(1n, 4720, 'x\r\ny\u0001')]));
    for (const [path, field] of [
      [texts, 'a\n'],
      [log, 'TargetUserName'],
    ]) {
      const { out } = await events([path, '--xml']);
      expect(lines(out)).toHaveLength(1);
      const [event] = lines((await events([file('lines.xml', out), '--json'])).out).map(
        (line) => JSON.parse(line).Event,
      );
      // What XML cannot hold is an underscore, as Windows writes it.
      expect(event.EventData[field]).toBe('x\r\ny_');
    }
  });

  it('tells the first and last time, however they are written', async () => {
    const rows = ['5/1/2024 10:00:00 AM', '5/1/2024 9:00:00 AM', 'never', '12/31/2023 1:00:00 PM'];
    const path = file('times.csv', ['TimeCreated,EventID', ...rows.map((time) => `${time},1`)].join('\n'));
    expect((await events([path])).out).toMatch(/^4 events, from 12\/31\/2023 1:00:00 PM to 5\/1\/2024 10:00:00 AM\n/);
  });

  it('tells how many events have no time that can be read, where times are asked for', async () => {
    const path = file('undated.csv', 'TimeCreated,EventID\n2024-05-01T10:00:00Z,1\nnever,1\nnever,2\n');
    const { out, err } = await events([path, '--since', '2024-01-01', '--id', '1', '--count']);
    expect(out).toBe('1\n');
    expect(err).toMatch(/without a time that can be read, .*: 1\n/);
    expect((await events([path, '--id', '1', '--count'])).err).toBe('');
  });

  it('lets nothing reach a terminal that it would act on', async () => {
    for (const form of [['--json'], ['--xml'], ['--csv'], ['--id', '4726'], ['--fields', 'TargetUserName'], []]) {
      const { out } = await events([EVTX, ...form], { outIsTerminal: true, env: { NO_COLOR: '1' } });
      expect(out).not.toContain('\u202e');
    }
    const { out } = await events([EVTX, '--json'], { outIsTerminal: true });
    expect(JSON.parse(lines(out)[1]).Event.EventData.TargetUserName).toBe('b\u202eob');
  });

  it('reads folders, and says what it passed over', async () => {
    mkdirSync(join(folder, 'logs', 'inner'), { recursive: true });
    file(join('logs', 'a.ndjson'), JSON.stringify(asObject('nxlog', SYSMON[0])));
    file(join('logs', 'inner', 'b.xml'), '<Events/>');
    file(join('logs', 'notes.txt'), 'text');
    const { code, out, err } = await events([join(folder, 'logs'), '--count']);
    expect(out).toBe('1\n');
    expect(err).toMatch(/b\.xml: no event of Windows is in this XML/);
    expect(err).toMatch(/1 file of the folders has no log's name/);
    expect(code).toBe(3);
  });

  it('passes over what macOS keeps beside a log', async () => {
    mkdirSync(join(folder, 'mac'));
    file(join('mac', 'a.ndjson'), '{"EventID":1}\n');
    file(join('mac', '._a.ndjson'), Uint8Array.of(0, 5, 0x16, 7, 0, 2, 0, 0));
    expect(await events([join(folder, 'mac'), '--count'])).toMatchObject({ code: 0, out: '1\n' });
    expect(isLogName('a.zip!__MACOSX/._a.json')).toBe(false);
    expect(isLogName('a.zip!x/a._b.json')).toBe(true);
  });

  it('gives 3 for what cannot be read, and the whole answer for the rest', async () => {
    const none = join(folder, 'gone.evtx');
    const { code, out, err } = await events([none, EVTX, file('prose.evtx', 'no log at all'), '--count']);
    expect(code).toBe(3);
    expect(out).toBe('3\n');
    expect(err).toMatch(/gone\.evtx: it does not exist/);
    expect(err).toMatch(/prose\.evtx: it is no log/);
  });

  it('gives 0 for a log with damaged records, and names them', async () => {
    const damaged = file('damaged.json', `${JSON.stringify(asObject('nxlog', SYSMON[0]))}\n{"cut\n`);
    const { code, out, err } = await events([damaged, '--count']);
    expect([code, out]).toEqual([0, '1\n']);
    expect(err).toMatch(/line 2 is no JSON/);
    expect(err).toMatch(/1 record could not be read/);
    expect((await events([damaged, '--count', '-q'])).err).toBe('');
  });

  it.each([
    [['--id', 'many'], /'many' is no event id/],
    [['--id', '70000'], /no event id/],
    [['--id', '5-4'], /no event id/],
    [['--since', 'soon'], /A time such as/],
    [['--where', 'Image|endwith: x'], /'endwith' is not known/],
    [['--fields', 'a,,b'], /Names with commas/],
    [['--json', '--xml'], /cannot be used with/],
    [['--json', '--messages', 'x'], /cannot be used with/],
    [['--follow', '--recovered'], /cannot be used with/],
    [['--since', '2024-05-01T10:75'], /is expected/],
    [['--count', '--fields', 'a'], /cannot be used with/],
    [['--follow', '--count'], /cannot be used with/],
    [['--unknown'], /unknown option/],
  ])('refuses %s', async (words, problem) => {
    const { code, out, err } = await events([EVTX, ...words]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(problem);
  });

  it('says texts for people out of a table', async () => {
    const table = file('messages.json', '{"4720": "Account %1 (%2)%n was created, 100%%"}');
    const { out } = await events([EVTX, '--messages', table]);
    expect(lines(out)[0]).toMatch(/ {2}Account ann \(S-1-5-21-1\) was created, 100%$/);
    expect(lines(out)[1]).toMatch(/TargetUserName=/);
    const { code, err } = await events([EVTX, '--messages', file('bad.json', '{"a": 1}')]);
    expect(code).toBe(2);
    expect(err).toMatch(/a table of texts by event id/);
  });
});

describe('messages', () => {
  it('are taken from an image, by the qualifiers beside the number and without', async () => {
    const image = 'fixtures/children/bin/clang-x64/message-from-caller.exe';
    const log = file('messages.evtx', writeLog([record(1n, 100, 'ann')]));
    expect((await events([log, '--messages', image])).out).toMatch(/ {2}alpha\.exe -quiet ann\n$/);
    const plain = asObject('nxlog', { ...SYSMON[0], eventId: 100, data: { A: 'bob' } });
    const classic = file(
      'classic.json',
      JSON.stringify({
        Event: {
          System: { EventID: { '#attributes': { Qualifiers: 0x4000 }, '#text': 100 } },
          EventData: { A: 'bob' },
        },
      }),
    );
    for (const path of [classic, file('plain.json', JSON.stringify(plain))])
      expect((await events([path, '--messages', image])).out).toMatch(/alpha\.exe -quiet bob\n$/);
    const { code, err } = await events([log, '--messages', 'fixtures/children/bin/clang-x64/append-inline.exe']);
    expect(code).toBe(3);
    expect(err).toMatch(/no message table/);
  });
});

describe('a log that is read in threads', () => {
  const script = new URL('../../dist/events-worker.js', import.meta.url);
  const isBuilt = existsSync(script);
  if (!isBuilt)
    console.log('skipped: no log is read in threads, dist/events-worker.js is absent (npm run build makes it)');
  // Some forty chunks, with one that is damaged among them.
  const bytes = writeLog(
    Array.from({ length: 9000 }, (_, i) => record(BigInt(i + 1), i % 7 === 0 ? 4720 : 4726, `user${i}`)),
  );
  bytes.fill(0xff, 4096 + 65_536 * 20 + 0x300, 4096 + 65_536 * 20 + 0x400);
  const log = file('large.evtx', bytes);
  const kept = async (
    words: readonly string[],
    threads: string,
  ): Promise<{ out: string; err: string; code: number }> => {
    const blocks: Buffer[] = [];
    const face: Partial<Face> = {
      eventsWorker: script,
      outBytes: async (block) => void blocks.push(Buffer.from(block)),
      out: (text) => void blocks.push(Buffer.from(text)),
    };
    const { err, code } = await events([log, ...words, '--threads', threads], face);
    return { out: Buffer.concat(blocks).toString(), err, code };
  };

  it
    .skipIf(!isBuilt)
    .each([
      [['--json']],
      [['--xml', '--id', '4720']],
      [['--csv', '--where', 'TargetUserName|endswith: "7"']],
      [['--fields', 'EventRecordID,TargetUserName']],
      [['--count', '--id', '4720']],
      [['--summary']],
      [['--summary', '--json']],
    ])('says the same as one thread: %s', async (words) => {
    const one = await kept(words, '1');
    expect(one.out.length).toBeGreaterThan(3);
    expect(await kept(words, '3')).toEqual(one);
  });
});

describe('a log that grows', () => {
  async function firstOf(path: string, count: number, grow: (seen: number) => void): Promise<readonly string[]> {
    const seen: string[] = [];
    const report = new LogReport();
    for await (const { input, close, lastSeen } of followed(path)) {
      for await (const log of openLogs(input, report))
        for await (const event of eventsOf(log, report, { after: lastSeen() })) {
          seen.push(event.place.record);
          lastSeen(BigInt(event.place.record));
          grow(seen.length);
          if (seen.length === count) {
            close();
            return seen;
          }
        }
      close();
    }
    return seen;
  }

  it('is followed, EVTX by the numbers of its records', async () => {
    const path = file('live.evtx', writeLog([record(1n, 4720, 'a')]));
    const grow = (seen: number): void => {
      if (seen === 1)
        writeFileSync(path, writeLog([record(1n, 4720, 'a'), record(2n, 4720, 'b'), record(3n, 4720, 'c')]));
    };
    expect(await firstOf(path, 3, grow)).toEqual(['1', '2', '3']);
  });

  it('is followed without being read again for records that are not wanted', async () => {
    const path = file('rare.evtx', writeLog([record(1n, 4720, 'a'), record(2n, 4726, 'b'), record(3n, 4720, 'c')]));
    for (const words of [
      ['--id', '1'],
      ['--where', 'TargetUserName: x'],
    ]) {
      const seen: bigint[] = [];
      const flags = grammar(new Command())
        .parse(['node', 'x', path, ...words])
        .opts<EventsFlags>();
      const report = new LogReport();
      const taker = takerFor(flags, keptFace({}), () => undefined);
      for await (const log of openLogs(sourceOf(readFileSync(path), path), report))
        await takeLog(log, report, findOptions(flags), taker, (id) => seen.push(id));
      expect(seen).toEqual([1n, 2n, 3n]);
    }
  });

  it('is followed, a text by what stands behind', async () => {
    const path = file('live.ndjson', `${JSON.stringify(asObject('nxlog', SYSMON[0]))}\n`);
    const grow = (seen: number): void => {
      if (seen === 1) appendFileSync(path, `${JSON.stringify(asObject('nxlog', SYSMON[1]))}\n`);
    };
    expect(await firstOf(path, 2, grow)).toEqual(['1', '2']);
  });
});

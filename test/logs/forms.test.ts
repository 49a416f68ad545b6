// One event in every form that logs come in is one and the same event.
import { gzipSync } from 'node:zlib';
import { BlobWriter, configure, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import { writeLog } from '../../fixtures/logs/evtx-writer.ts';
import { asCsv, asObject, asXml, type EventFacts, seededEvents, TEXT_FORMS } from '../../fixtures/logs/text-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import { type LogEvent, valuesOf } from '../../src/logs/event.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { ticksOf } from '../../src/logs/log-time.ts';
import { eventsOf, openLogs, type ReadOptions } from '../../src/logs/open-logs.ts';

configure({ useWebWorkers: false });

const EVENT: EventFacts = {
  provider: 'Microsoft-Windows-Sysmon',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  eventId: 1,
  computer: 'host1.example',
  time: '2016-07-08T20:12:51.6816408Z',
  recordId: Number.MAX_SAFE_INTEGER,
  processId: 44,
  data: { ProcessId: '1234', Image: 'C:\\Windows\\a.exe', CommandLine: 'a "x" <y> & z, \u00e4\u202e' },
};

interface Outcome {
  readonly events: readonly LogEvent[];
  readonly report: LogReport;
}

async function read(content: Uint8Array | string, options?: ReadOptions, asStream = false): Promise<Outcome> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const report = new LogReport();
  const events: LogEvent[] = [];
  async function* blocks(): AsyncGenerator<Uint8Array> {
    // Cut within characters and lines.
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const input = asStream ? { name: 'log', blocks: blocks() } : sourceOf(bytes, 'log');
  for await (const log of openLogs(input, report))
    for await (const event of eventsOf(log, report, options)) events.push(event);
  return { events, report };
}

function expectSame(
  event: LogEvent | undefined,
  facts: EventFacts,
  has: { processId: boolean } = { processId: true },
): void {
  expect(event).toBeDefined();
  const { system } = event!;
  expect(system).toMatchObject({
    provider: facts.provider,
    channel: facts.channel,
    eventId: String(facts.eventId),
    computer: facts.computer,
    recordId: String(facts.recordId),
  });
  expect(ticksOf(system.timeCreated!)).toBe(ticksOf(facts.time));
  if (has.processId) expect(system.processId).toBe(String(facts.processId));
  for (const [name, text] of Object.entries(facts.data)) {
    expect(valuesOf(event!, name)).toEqual([text]);
    expect(valuesOf(event!, name.toUpperCase())).toEqual([text]);
  }
  expect(valuesOf(event!, 'EventID')).toEqual([String(facts.eventId)]);
  expect(valuesOf(event!, 'Provider_Name')).toEqual([facts.provider]);
}

describe('the same event', () => {
  it.each(TEXT_FORMS)('as JSON of %s', async (form) => {
    const { events, report } = await read(`${JSON.stringify(asObject(form, EVENT))}\n`);
    expect(report.notes).toEqual([]);
    expect(events).toHaveLength(1);
    expectSame(events[0], EVENT, { processId: ['evtx_dump', 'winlogbeat', 'winlogbeat flat', 'nxlog'].includes(form) });
  });

  it('as XML, in UTF-8 and in UTF-16', async () => {
    const text = `<?xml version="1.0"?>\n<Events>\n${asXml(EVENT)}\n</Events>`;
    const utf16 = Buffer.from(`\ufeff${text.replace('<?xml version="1.0"?>', '')}`, 'utf16le');
    for (const content of [text, new Uint8Array(utf16), asXml(EVENT)]) {
      const { events, report } = await read(content, {}, true);
      expect(report.notes).toEqual([]);
      expectSame(events[0], EVENT);
    }
  });

  it.each([',', ';', '\t'])('as CSV with "%s"', async (delimiter) => {
    const { events, report } = await read(`#TYPE x\r\n${asCsv([EVENT], delimiter)}`, {}, true);
    expect(report.notes).toEqual([]);
    expectSame(events[0], EVENT, { processId: false });
    expect(events[0].place.record).toBe('3');
  });

  it('as EVTX', async () => {
    const names = Object.keys(EVENT.data);
    const template = eventTemplate(1, EVENT.provider, EVENT.channel);
    const log = writeLog([
      eventRecord(template, {
        computer: EVENT.computer,
        eventId: 1,
        recordId: BigInt(EVENT.recordId),
        time: ticksOf(EVENT.time)!,
        data: strings(dataTemplate(2, names), ...Object.values(EVENT.data)),
      }),
    ]);
    for (const asStream of [false, true]) {
      const { events, report } = await read(log, {}, asStream);
      expect(report.notes).toEqual([]);
      expectSame(events[0], EVENT, { processId: false });
    }
  });
});

describe('many events', () => {
  const all = seededEvents(200);
  const lines = all.map((event) => JSON.stringify(asObject('winlogbeat', event)));

  it.each([
    ['lines', lines.join('\n')],
    ['lines with blank ones and CR', lines.join('\r\n\r\n')],
    ['an array', `[${lines.join(',\n')}]`],
    ['an array on one line', `[${lines.join(',')}]`],
    ['over several lines each', all.map((event) => JSON.stringify(asObject('winlogbeat', event), null, 2)).join('\n')],
    [
      'an indented array',
      JSON.stringify(
        all.map((event) => asObject('winlogbeat', event)),
        null,
        1,
      ),
    ],
  ])('as JSON: %s', async (_, text) => {
    for (const asStream of [false, true]) {
      const { events, report } = await read(text, {}, asStream);
      expect(report.notes).toEqual([]);
      expect(events.map((event) => event.system.recordId)).toEqual(all.map((event) => String(event.recordId)));
      expect(events.map((event) => event.place.record)).toEqual(all.map((_event, i) => String(i + 1)));
      for (const [i, event] of events.entries()) expectSame(event, all[i]);
    }
  });

  it('packed in gzip, and in a zip archive with other members', async () => {
    const zip = new ZipWriter(new BlobWriter());
    await zip.add('folder/a.json', new TextReader(lines.join('\n')));
    await zip.add('b.json.gz', new Uint8ArrayReader(gzipSync(lines.join('\n'))));
    await zip.add('c.csv', new TextReader(asCsv(all)));
    const packed = new Uint8Array(await (await zip.close()).arrayBuffer());
    for (const [content, times] of [
      [gzipSync(lines.join('\n')), 1],
      [packed, 3],
    ] as const) {
      const { events, report } = await read(content);
      expect(report.notes).toEqual([]);
      expect(events).toHaveLength(all.length * times);
    }
    const { events } = await read(packed);
    expect(new Set(events.map((event) => event.place.log))).toEqual(
      new Set(['log!folder/a.json', 'log!b.json', 'log!c.csv']),
    );
  });

  it('of which some are wanted', async () => {
    const since = ticksOf('2024-05-03T00:00:00Z')!;
    const until = ticksOf('2024-05-05T23:59:59Z')!;
    const { events } = await read(lines.join('\n'), { criteria: { since, until } });
    expect(events.length).toBeGreaterThan(10);
    expect(events.map((event) => event.system.recordId)).toEqual(
      all
        .filter(({ time }) => ticksOf(time)! >= since && ticksOf(time)! <= until)
        .map((event) => String(event.recordId)),
    );
    expect((await read(lines.join('\n'), { criteria: { eventIds: new Set([2]) } })).events).toEqual([]);
    expect(
      (await read(lines.join('\n'), { criteria: { channels: ['microsoft-windows-sysmon/OPERATIONAL'] } })).events,
    ).toHaveLength(200);
    expect((await read(lines.join('\n'), { criteria: { providers: ['other'] } })).events).toEqual([]);
  });
});

describe('exactness', () => {
  it('keeps whole numbers that a double does not hold', async () => {
    const { events } = await read(
      '{"EventID":1,"Keywords":-9214364837600034816,"A":"x: 12345678901234567890,","B":[18446744073709551615]}\n',
    );
    expect(events[0].system.keywords).toBe('-9214364837600034816');
    expect(valuesOf(events[0], 'A')).toEqual(['x: 12345678901234567890,']);
    expect(valuesOf(events[0], 'B')).toEqual(['18446744073709551615']);
    const { events: fractions } = await read(
      '{"EventID":1,"Keywords":-9214364837600034816,"A":0.30000000000000004,"B":1e-1234567890123456789}\n',
    );
    expect(fractions[0].system.keywords).toBe('-9214364837600034816');
    expect(valuesOf(fractions[0], 'A')).toEqual(['0.30000000000000004']);
  });

  it('of evtx_dump with its lines between events', async () => {
    const object = JSON.stringify({ Event: { System: { EventID: 4720 } } });
    for (const [i, text] of [
      JSON.stringify(JSON.parse(object), null, 2),
      object,
      '<?xml version="1.0"?>\n<Event><System><EventID>4720</EventID></System></Event>',
    ].entries()) {
      const { events, report } = await read(`Record 1\n${text}\nRecord 2\n${text}\n`);
      expect(
        events.map(({ system }) => system.eventId),
        String(i),
      ).toEqual(['4720', '4720']);
      expect(report.notes).toEqual([]);
    }
  });

  it('takes a time with a zone before one without, and the time that Splunk has where the event has none', async () => {
    const timesOf = async (row: object): Promise<unknown> => {
      const [{ system, data }] = (await read(`${JSON.stringify(row)}\n`)).events;
      return [system.timeCreated, data];
    };
    const zoned = '2020-09-22T18:53:04.182Z';
    const local = '2020-09-22 14:53:01';
    // OTRF's data sets: the host's own time, and the one at which it was sent on.
    expect(await timesOf({ EventTime: local, '@timestamp': zoned })).toEqual([zoned, [['EventTime', local]]]);
    expect(await timesOf({ '@timestamp': zoned, EventTime: local })).toEqual([zoned, [['EventTime', local]]]);
    expect((await timesOf({ EventTime: `${local}Z`, '@timestamp': zoned }))?.[0 as never]).toBe(`${local}Z`);
    expect(await timesOf({ EventTime: local })).toEqual([local, []]);
    expect(await timesOf({ _time: zoned })).toEqual([zoned, []]);
    expect(await timesOf({ _time: zoned, SystemTime: zoned })).toEqual([zoned, []]);
  });

  it('of an answer of Elasticsearch, each hit, also one of fields alone', async () => {
    const hits = [
      { _index: 'a', _source: { winlog: { event_id: 4720, event_data: { A: '1' } } } },
      { _index: 'a', fields: { 'winlog.event_id': ['4722'], 'winlog.event_data.A': ['2'] } },
    ];
    const { events } = await read(JSON.stringify({ took: 1, hits: { total: 2, hits } }));
    expect(events.map(({ system, data, place }) => [system.eventId, data, place.record])).toEqual([
      ['4720', [['A', '1']], '1.1'],
      ['4722', [['A', '2']], '1.2'],
    ]);
  });

  it('of Winlogbeat, keeps what no field of System is', async () => {
    const { events } = await read(
      '{"winlog":{"event_id":4624,"logon":{"type":"Network"},"keywords":["Audit Success"]}}\n',
    );
    expect(valuesOf(events[0], 'winlog.logon.type')).toEqual(['Network']);
    expect(valuesOf(events[0], 'winlog.keywords')).toEqual(['Audit Success']);
  });

  it('of CSV is told by a whole row of names, however little comes at a time', async () => {
    const { events } = await read('ProviderNameThatIsVeryLong,EventID\nx,7\n', undefined, true);
    expect(events[0].system.eventId).toBe('7');
  });

  it('of Sentinel, says once what a column and the XML both have', async () => {
    const EventData = '<EventData><Data Name="TargetUserName">bob</Data></EventData>';
    const { events } = await read(JSON.stringify({ EventID: 4720, TargetUserName: 'bob', Other: 'x', EventData }));
    expect(events[0].data).toEqual([
      ['TargetUserName', 'bob'],
      ['Other', 'x'],
    ]);
  });

  it('finds a field of System by every name that exports and event.xsd have', async () => {
    const { events } = await read(
      JSON.stringify({
        EventID: 1,
        SourceName: 'P',
        EventTime: '2020-09-22T18:53:04Z',
        RecordNumber: 7,
        Opcode: 'Info',
      }),
    );
    for (const name of ['SourceName', 'Provider_Name', 'ProviderName'])
      expect(valuesOf(events[0], name)).toEqual(['P']);
    for (const name of ['EventTime', 'TimeCreated', 'TimeCreated_SystemTime', 'Date and Time'])
      expect(valuesOf(events[0], name)).toEqual(['2020-09-22T18:53:04Z']);
    expect(valuesOf(events[0], 'Record_Number')).toEqual(['7']);
    expect(valuesOf(events[0], 'Opcode')).toEqual(['Info']);
    expect(valuesOf(events[0], 'Name')).toEqual([]);
  });

  it('keeps the provider where an event has a field of that name', async () => {
    const { events } = await read('{"EventID":5447,"SourceName":"Windows","ProviderName":"Other"}\n');
    expect(events[0].system.provider).toBe('Windows');
    expect(valuesOf(events[0], 'ProviderName')).toEqual(['Other']);
  });

  it('reads times as logs write them', () => {
    const expected = ticksOf('2020-10-22T13:02:03.5Z');
    for (const text of [
      '2020-10-22 13:02:03.500',
      '2020-10-22T15:02:03.5+02:00',
      '10/22/2020, 1:02:03.500 PM',
      '1603371723.5',
      '1603371723500',
      '/Date(1603371723500)/',
    ])
      expect(ticksOf(text)).toBe(expected);
    for (const text of [
      '',
      'yesterday',
      '2020-13-01',
      '2020-02-31T00:00:00Z',
      '99/99/2020 1:00:00',
      '2020-10-22T13:75',
    ])
      expect(ticksOf(text)).toBeUndefined();
    expect(ticksOf('1601-01-01T00:00:00.0000001Z')).toBe(1n);
  });
});

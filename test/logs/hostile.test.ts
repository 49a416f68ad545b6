// Logs that lie, are damaged or are none: what can be read is read, and the rest is told.
import { gzipSync } from 'node:zlib';
import { BlobWriter, configure, TextReader, ZipWriter } from '@zip.js/zip.js';
import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import { writeLog } from '../../fixtures/logs/evtx-writer.ts';
import { asCsv, asObject, asXml, seededEvents } from '../../fixtures/logs/text-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import { gunzipped } from '../../src/logs/archive.ts';
import type { LogEvent } from '../../src/logs/event.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { eventsOf, openLogs } from '../../src/logs/open-logs.ts';

configure({ useWebWorkers: false });

async function read(
  content: Uint8Array | string,
): Promise<{ events: readonly LogEvent[]; report: LogReport; texts: string }> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const report = new LogReport();
  const events: LogEvent[] = [];
  for await (const log of openLogs(sourceOf(bytes, 'log'), report))
    for await (const event of eventsOf(log, report)) events.push(event);
  return { events, report, texts: report.notes.map(({ text }) => text).join('\n') };
}

const all = seededEvents(20);
const line = (i: number): string => JSON.stringify(asObject('nxlog', all[i]));

describe('a damaged log', () => {
  it('of JSON lines gives the lines that are whole, and names the others', async () => {
    const { events, report, texts } = await read([line(0), '{"cut": ', '[1]', '7', line(1)].join('\n'));
    expect(events).toHaveLength(2);
    expect(events[1].place.record).toBe('5');
    expect(report.unreadable).toBe(3);
    expect(texts).toMatch(/line 2 is no JSON/);
  });

  it('of JSON over several lines says that it was cut off', async () => {
    const { events, report } = await read(`[${line(0)},\n{"EventID": 1, "a": "}`);
    expect(events).toHaveLength(1);
    expect(report.unreadable).toBe(1);
  });

  it('of JSON lines whose first one is cut off gives all others', async () => {
    for (const cut of ['{"EventID": 7, "a": "', '{"EventID": 7, "a":', '"EventID": 7, "a": "b"}']) {
      const { events, report } = await read([cut, line(0), line(1), line(2)].join('\n'));
      expect(events).toHaveLength(3);
      expect(report.unreadable).toBe(1);
    }
  });

  it('of a JSON array goes on behind an object that ends within a text', async () => {
    const cut = '{"EventID": 7,\n    "a": {"b": "c},\n    "d": {"EventID": 8}';
    const { events, report } = await read(`[\n  ${line(0)},\n  ${cut}\n  },\n  ${line(1)},\n  ${line(2)}\n]\n`);
    expect(events).toHaveLength(3);
    expect(report.unreadable).toBe(1);
  });

  it.each([
    ['lists', `{"EventID": 7, "a": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ['lists of data', `{"Event": {"System": {}, "EventData": {"a": ${'['.repeat(1e5)}${']'.repeat(1e5)}}}}`],
    ['objects', `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`],
  ])('of JSON with deep %s gives the lines behind', async (_, deep) => {
    const { events, texts } = await read([line(0), deep, line(1)].join('\n'));
    expect(events).toHaveLength(2);
    expect(texts).toMatch(/object 2 has too many lists or objects within one another/);
  });

  it('of JSON with endless digits and quotes beside a large number costs no more than its size', async () => {
    const start = '{"EventID": 7, "n": 12345678901234567890, ';
    const { events } = await read(
      [
        `${start}"a": ${'1'.repeat(1e6)}.5}`,
        `${start}"a": "${'\\"'.repeat(1e6)}`,
        `${start}"a": "${'x'.repeat(1e7)}"}`,
      ].join('\n'),
    );
    // A cost by the square would be minutes; a text of this length was too much for an expression.
    expect(events).toHaveLength(2);
  });

  it('of XML gives what stands around the damage', async () => {
    const { events, texts } = await read(
      `<Events>${asXml(all[0])}<Event><System><EventID>7</EventID>&undefined;</System></Event>${asXml(all[1])}`,
    );
    expect(events.map((event) => event.system.eventId)).toEqual(['1', '7', '1']);
    expect(texts).toMatch(/event 2 is damaged/);
  });

  it('of XML that ends within an event says so', async () => {
    const { events, texts } = await read(asXml(all[0]) + asXml(all[1]).slice(0, 200));
    expect(events).toHaveLength(1);
    expect(texts).toMatch(/ends within event 2/);
  });

  it('of XML gives what follows an event that was cut off', async () => {
    const cut = asXml(all[0]).slice(0, 400);
    const { events, report, texts } = await read(`${asXml(all[1])}\n${cut}\n${asXml(all[2])}\n${asXml(all[3])}`);
    expect(events.map((event) => event.system.recordId)).toEqual(['2', '1', '3', '4']);
    expect(report.notes).toHaveLength(1);
    expect(texts).toMatch(/event 2 is damaged.*next one begins within it/);
  });

  it('of XML with elements without an end, or faults at every character, costs little', async () => {
    const start = '<Event><System><EventID>7</EventID></System><EventData>';
    const deep = await read(`${asXml(all[0])}${start}${'<a>'.repeat(1e6)}`);
    expect(deep.events).toHaveLength(1);
    expect(deep.texts).toMatch(/more than 4096 elements within one another/);
    expect((await read(`${start}${'\x01'.repeat(3e6)}</EventData></Event>`)).events).toHaveLength(1);
  });

  it('of XML in a column or a field is read as far as it goes, and told', async () => {
    const raw = asXml(all[0]).slice(0, -60);
    const splunk = await read(`${JSON.stringify({ result: { _raw: raw } })}\n`);
    expect(splunk.events[0].system.eventId).toBe('1');
    expect(splunk.events[0].data.length).toBeGreaterThan(0);
    expect(splunk.texts).toMatch(/object 1: its XML is damaged/);
    const xml = '<EventData><Data Name="A">1</Data><Data Name="B">2';
    const sentinel = await read(`${JSON.stringify({ EventID: 1, EventData: xml })}\n`);
    expect(sentinel.events[0].data).toContainEqual(['A', '1']);
    expect(sentinel.texts).toMatch(/its XML is damaged/);
  });

  it('of XML takes no entity of its own', async () => {
    const { events } = await read(
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Event><System><EventID>7</EventID></System><EventData><Data Name="x">&b;</Data></EventData></Event>`,
    );
    expect(JSON.stringify(events)).not.toContain('aaaaaaaaaa');
  });

  it('of CSV tells rows of another length', async () => {
    const { events, texts } = await read(`${asCsv(all.slice(0, 2))}"only one"\r\n`);
    expect(events).toHaveLength(3);
    expect(texts).toMatch(/line 4 has 1 values for \d+ columns/);
  });

  it('of CSV keeps columns of one name, and values without a column', async () => {
    const { events, texts } = await read('\n\nEventID;Data;Data\n1;a;b\n2;c;d;e\n');
    expect(events.map(({ data }) => data)).toEqual([
      [
        ['Data', 'a'],
        ['Data', 'b'],
      ],
      [
        ['Data', 'c'],
        ['Data', 'd'],
        ['Data', 'e'],
      ],
    ]);
    expect(texts).toMatch(/line 3 has 4 values for 3 columns/);
  });

  it.each(['EventID,Image', '"EventID","Image"'])('of CSV with CR LF below %s has neither in a value', async (head) => {
    const { events } = await read(`${head}\r\n1,a\r\n2,"b"\r\n\r\n3,"c\r\nd"\r\n4,e`);
    expect(events.map(({ data }) => data[0][1])).toEqual(['a', 'b', 'c\r\nd', 'e']);
  });

  it("of Event Viewer's CSV has the text behind the columns", async () => {
    const head = 'Level,Date and Time,Source,Event ID,Task Category';
    const { events, report } = await read(`${head}\r\nInformation,5/1/2024 10:00:00 AM,P,4720,T,"Text:\r\nx"\r\n`);
    expect(events[0].data).toContainEqual(['Message', 'Text:\r\nx']);
    expect(report.notes).toEqual([]);
  });

  it('of CSV tells a quote that is not ended, or stands where none may', async () => {
    expect((await read('EventID,Image\n1,a\n2,"b\n3,c\n')).texts).toMatch(/line 3: Quoted field unterminated/);
    expect((await read('EventID,Image\n1,"a" -x\n2,"b"\n3,c\n')).texts).toMatch(/line 2: Trailing quote/);
  });

  it('of CSV is read to the bound of a row', async () => {
    const long = `${'x'.repeat(999)}\n`.repeat(12_600);
    const more = `2,${'b'.repeat(1000)}\n`.repeat(8000);
    const bytes = new TextEncoder().encode(`EventID,Image\n1,"${long}"\n${more}`);
    async function* blocks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 1_500_000) yield bytes.subarray(at, at + 1_500_000);
    }
    const report = new LogReport();
    let count = 0;
    for await (const log of openLogs({ name: 'log', blocks: blocks() }, report))
      for await (const _ of eventsOf(log, report)) count++;
    expect(count).toBe(8001);
    expect(report.notes).toEqual([]);
  });

  it('of gzip gives what comes before the damage, and says that it is not whole', async () => {
    const packed = gzipSync(Array.from({ length: 4000 }, (_, i) => line(i % 20)).join('\n'));
    const { events, report } = await read(packed.subarray(0, packed.length - 20));
    expect(events.length).toBeGreaterThan(100);
    expect(report.refused + report.unreadable).toBeGreaterThan(0);
  });

  it('of gzip is unpacked in parts of some size: what reads a line that goes on looks at all of it for each', async () => {
    async function* packed(): AsyncGenerator<Uint8Array> {
      yield gzipSync('x'.repeat(1 << 22), { level: 1 });
    }
    const sizes: number[] = [];
    for await (const part of gunzipped(packed())) sizes.push(part.length);
    expect(sizes.reduce((all, size) => all + size, 0)).toBe(1 << 22);
    expect(sizes.length).toBeLessThan(24);
  });

  it.each([
    ['nothing', new Uint8Array(0), /empty/],
    ['a program', Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0), /no log/],
    ['prose', 'It was a dark and stormy night', /no log/],
    ['an archive that is none', Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3, 4), /zip archive/],
    ['an EVTX header without the rest', Uint8Array.from([...new TextEncoder().encode('ElfFile'), 0, 1]), /header/],
  ])('that is %s is refused', async (_, content, problem) => {
    const { events, report, texts } = await read(content);
    expect(events).toEqual([]);
    expect(report.refused).toBe(1);
    expect(texts).toMatch(problem);
  });

  it('is refused where nothing of it can be read', async () => {
    for (const content of ['{bad\n{worse\n', '<Event><System><EventID>1</EventID>']) {
      const { events, report, texts } = await read(content);
      expect(events).toEqual([]);
      expect(report.refused).toBe(1);
      expect(texts).toMatch(/no event of it can be read/);
    }
    const evtx = new Uint8Array(writeLog([]).subarray(0, 4096));
    const noise = new Uint8Array(evtx.length + 3 * 65_536).fill(0x5a, evtx.length);
    noise.set(evtx);
    const { report, texts } = await read(noise);
    expect(report.refused).toBe(1);
    expect(texts).toMatch(/no chunk of it/);
    // One that was made larger and has no event yet.
    expect((await read(noise.fill(0, evtx.length))).report.refused).toBe(0);
  });

  it('of CSV is told by its row of names, whatever stands below', async () => {
    const start = 'EventID,Image\n1,';
    const cut = `${start}${'a'.repeat(4095 - start.length)}\u00e4\n2,b\n`;
    expect((await read(cut)).events).toHaveLength(2);
    expect((await read(`${start}\x1b[31m\n2,b\n`)).events).toHaveLength(2);
  });

  it('in a packed event log that is cut off gives the chunks that are there', async () => {
    const template = eventTemplate(1, 'P', 'Security');
    const data = dataTemplate(2, ['Text']);
    const records = Array.from({ length: 400 }, (_, i) =>
      eventRecord(template, {
        eventId: 1,
        recordId: BigInt(i + 1),
        time: 131_124_823_716_816_408n,
        computer: 'host',
        data: strings(data, `${i} `.repeat(200)),
      }),
    );
    const packed = gzipSync(writeLog(records));
    const { events, report, texts } = await read(packed.subarray(0, packed.length - 200));
    expect(events.length).toBeGreaterThan(100);
    expect(events.length).toBeLessThan(400);
    expect(report.refused).toBe(0);
    expect(texts).toMatch(/cannot be unpacked to its end/);
  });

  it('in an archive without a log is told', async () => {
    const packed = async (...names: string[]): Promise<Uint8Array> => {
      const zip = new ZipWriter(new BlobWriter());
      for (const name of names) await zip.add(name, new TextReader(line(0)));
      return new Uint8Array(await (await zip.close()).arrayBuffer());
    };
    const opened = async (bytes: Uint8Array): Promise<LogReport> => {
      const report = new LogReport();
      for await (const log of openLogs(sourceOf(bytes, 'log'), report, (name) => name.endsWith('.json')))
        for await (const _ of eventsOf(log, report)) void _;
      return report;
    };
    expect(await opened(await packed('a.json'))).toMatchObject({ refused: 0, notes: [] });
    expect((await opened(await packed('a.txt', 'b.txt'))).refused).toBe(1);
    const mixed = await opened(await packed('a.json', 'b.txt'));
    expect(mixed.refused).toBe(0);
    expect(mixed.notes[0].text).toMatch(/1 file in it has no log's name/);
  });

  it('that is refused at its beginning is let go: a member of an archive would be waited for', async () => {
    let isLetGo = false;
    async function* blocks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1 << 16);
      } finally {
        isLetGo = true;
      }
    }
    const report = new LogReport();
    for await (const _ of openLogs({ name: 'log', blocks: blocks() }, report)) void _;
    expect(report.refused).toBe(1);
    expect(isLetGo).toBe(true);
  });

  it('in archives within one another is opened so far, and no further', async () => {
    let bytes: Uint8Array = new TextEncoder().encode(line(0));
    for (let depth = 0; depth < 3; depth++) bytes = gzipSync(bytes);
    expect((await read(bytes)).events).toHaveLength(1);
    const { events, texts } = await read(gzipSync(bytes));
    expect(events).toEqual([]);
    expect(texts).toMatch(/archives within one another/);
  });

  it('that is encrypted in an archive is named', async () => {
    const zip = new ZipWriter(new BlobWriter());
    await zip.add('a.json', new TextReader(line(0)), { password: 'infected' });
    await zip.add('b.json', new TextReader(line(1)));
    const { events, texts } = await read(new Uint8Array(await (await zip.close()).arrayBuffer()));
    expect(events).toHaveLength(1);
    expect(texts).toMatch(/encrypted/);
  });

  it('with one endless line, element or row holds no more than a bound', async () => {
    const endless = 'x'.repeat(40 << 20);
    const json = await read(`${line(0)}\n{"a":"${endless}"}\n${line(1)}\n`);
    expect(json.events).toHaveLength(2);
    expect(json.report.unreadable).toBe(1);
    const xml = await read(`${asXml(all[0])}<Event><System>${endless}`);
    expect(xml.events).toHaveLength(1);
    expect(xml.texts).toMatch(/longer than/);
    const csv = await read(`${asCsv(all.slice(0, 1))}"${endless}`);
    expect(csv.events).toHaveLength(1);
    expect(csv.texts).toMatch(/longer than/);
  });

  it('whose line or row never ends, in small blocks, is read to its end', async () => {
    const small = async (text: string): Promise<LogReport> => {
      const bytes = new TextEncoder().encode(text);
      async function* blocks(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
      }
      const report = new LogReport();
      for await (const log of openLogs({ name: 'log', blocks: blocks() }, report))
        for await (const _ of eventsOf(log, report)) void _;
      return report;
    };
    // A cost by the square would be minutes.
    const size = 1 << 24;
    expect((await small(`${line(0)}\n{"a":"${'x'.repeat(size)}`)).unreadable).toBe(1);
    expect((await small(`${asCsv(all.slice(0, 1))}"${'x\n'.repeat(size / 2)}`)).notes).not.toEqual([]);
  });

  it('is read whatever is cut out of it or changed in it', async () => {
    const texts = [
      all.map((_, i) => line(i)).join('\n'),
      all.map(asXml).join('\n'),
      asCsv(all),
      `[${all.map((_, i) => line(i)).join(',')}]`,
    ];
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return state % below;
    };
    for (const text of texts) {
      const whole = new TextEncoder().encode(text);
      for (let round = 0; round < 150; round++) {
        const bytes = whole.slice(0, round % 3 === 0 ? next(whole.length) : whole.length);
        for (let change = 0; change < 1 + next(4) && bytes.length > 0; change++) bytes[next(bytes.length)] = next(256);
        const { events, report } = await read(bytes);
        expect(events.length + report.notes.length).toBeGreaterThan(0);
      }
    }
  });
});

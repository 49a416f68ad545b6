import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import {
  fileHeader,
  type RecordSpec,
  sealChunk,
  type TemplateSpec,
  value,
  writeChunks,
  writeLog,
} from '../../fixtures/logs/evtx-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { openLog, type Segment } from '../../src/evtx/chunks.ts';
import { EventReader } from '../../src/evtx/event.ts';
import { JsonSink } from '../../src/evtx/json-sink.ts';
import { JsonWriter } from '../../src/evtx/json-writer.ts';
import { Query } from '../../src/evtx/query.ts';
import { readTree } from '../../src/evtx/tree.ts';
import { ValueType } from '../../src/evtx/value-type.ts';
import { xmlOf } from '../../src/evtx/xml-tree.ts';

const SECURITY = eventTemplate(1, 'Microsoft-Windows-Security-Auditing', 'Security');
const SYSMON = eventTemplate(2, 'Microsoft-Windows-Sysmon', 'Microsoft-Windows-Sysmon/Operational');
const USER = dataTemplate(3, ['TargetUserName', 'SubjectUserName']);
/** 2016-07-08T20:12:51.6816408Z */
const TIME = 131_124_823_716_816_408n;

function account(recordId: bigint, eventId = 4720, template = SECURITY): RecordSpec {
  return eventRecord(template, {
    eventId,
    recordId,
    time: TIME + recordId,
    data: strings(USER, `user${recordId}`, 'admin'),
  });
}

function jsonOf(chunk: Chunk, record: number, asTree = false): unknown {
  const sink = new JsonSink(16);
  const writer = new JsonWriter();
  if (asTree) writer.writeTree(chunk, record, sink);
  else writer.write(chunk, record, sink);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(sink.bytes.subarray(0, sink.length)));
}

function only(template: TemplateSpec, values: RecordSpec['values']): Chunk {
  const [bytes] = writeChunks([{ template, values, time: TIME }]);
  return new Chunk(bytes);
}

describe('an event log', () => {
  it('gives every record of every chunk, and nothing is wrong with it', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => BigInt(i + 1));
    const log = openLog(sourceOf(writeLog(ids.map((id) => account(id))), 'Security.evtx'));
    const seen: bigint[] = [];
    for (const chunk of log.chunks()) {
      expect(chunk.recordsChecksumHolds).toBe(true);
      for (const record of chunk.records) seen.push(chunk.recordId(record));
    }
    expect(seen).toEqual(ids);
    expect(log.header).toMatchObject({ isDirty: false, version: '3.1', checksumHolds: true });
    expect(log.header.chunkCount).toBeGreaterThan(2);
    expect(log.notes).toEqual([]);
  });

  it('begins with the oldest chunk of one that was written around', () => {
    const chunks = [...writeChunks(Array.from({ length: 1000 }, (_, i) => account(BigInt(i + 1))))];
    const plain = writeLog([account(1n)]);
    const bytes = new Uint8Array(4096 + chunks.length * 65_536);
    bytes.set(plain.subarray(0, 4096));
    [chunks[chunks.length - 1], ...chunks.slice(0, -1)].forEach((chunk, i) => void bytes.set(chunk, 4096 + i * 65_536));
    const seen: bigint[] = [];
    for (const chunk of openLog(sourceOf(bytes, 'a.evtx')).chunks())
      for (const record of chunk.records) seen.push(chunk.recordId(record));
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(i + 1)));
  });

  it('is read from its oldest chunk on when it went on after its header was written', () => {
    const chunks = [...writeChunks(Array.from({ length: 1000 }, (_, i) => account(BigInt(i + 1))))];
    // The header was written when the second place was the oldest; two more chunks were written since.
    const places = [...chunks.slice(-3), ...chunks.slice(0, -3)];
    const bytes = new Uint8Array(4096 + places.length * 65_536);
    bytes.set(fileHeader(places.length, 1001n, { dirty: true, firstChunk: 1 }));
    places.forEach((chunk, i) => void bytes.set(chunk, 4096 + i * 65_536));
    const seen: bigint[] = [];
    for (const chunk of openLog(sourceOf(bytes, 'a.evtx')).chunks())
      for (const record of chunk.records) seen.push(chunk.recordId(record));
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(i + 1)));
  });
});

describe('a record', () => {
  it('is JSON as evtx_dump writes it, by its program and by a tree', () => {
    const [bytes] = writeChunks([account(7n)]);
    const chunk = new Chunk(bytes);
    const expected = {
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: {
            '#attributes': {
              Name: 'Microsoft-Windows-Security-Auditing',
              Guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
            },
          },
          EventID: 4720,
          Version: 2,
          Level: 4,
          Task: 12_544,
          Opcode: 0,
          Keywords: '0x8020000000000000',
          TimeCreated: { '#attributes': { SystemTime: '2016-07-08T20:12:51.6816415Z' } },
          EventRecordID: 7,
          Correlation: null,
          Execution: { '#attributes': { ProcessID: 612, ThreadID: 1044 } },
          Channel: 'Security',
          Computer: 'HOST.example',
          Security: null,
        },
        EventData: { TargetUserName: 'user7', SubjectUserName: 'admin' },
      },
    };
    expect(jsonOf(chunk, chunk.records[0])).toEqual(expected);
    expect(jsonOf(chunk, chunk.records[0], true)).toEqual(expected);
  });

  it('is an event of fields', () => {
    const [bytes] = writeChunks([account(7n)]);
    const chunk = new Chunk(bytes);
    const event = new EventReader().read(chunk, chunk.records[0]);
    expect(event.system).toMatchObject({
      eventId: '4720',
      channel: 'Security',
      computer: 'HOST.example',
      recordId: '7',
      processId: '612',
    });
    expect(event.data).toEqual([
      ['TargetUserName', 'user7'],
      ['SubjectUserName', 'admin'],
    ]);
  });

  it.each([
    ['string', value.string('a"\\\n\u0001é€😀'), 'a"\\\n\u0001é€😀'],
    ['a string up to its zero', value.string('ab\0cd'), 'ab'],
    ['a lone surrogate', value.string('a\ud800b'), 'a\ufffdb'],
    ['ansiString', value.ansi('caf\u00e9'), 'café'],
    ['int8', value.int8(-5), -5],
    ['uint8', value.uint8(250), 250],
    ['int16', value.int16(-300), -300],
    ['uint16', value.uint16(65_535), 65_535],
    ['int32', value.int32(-2_147_483_648), -2_147_483_648],
    ['uint32', value.uint32(4_294_967_295), 4_294_967_295],
    ['int64', value.int64(-9_007_199_254_740_991n), -9_007_199_254_740_991],
    ['uint64', value.uint64(9_007_199_254_740_991n), 9_007_199_254_740_991],
    ['real32', value.real32(1.5), '1.5'],
    ['real64', value.real64(3), '3.0'],
    ['bool', value.bool(1), true],
    ['a bool of another number', value.bool(7), 7],
    ['binary', value.binary(0, 0xab, 0xff), '00ABFF'],
    ['guid', value.guid('{1f5df8ff-1979-0001-784b-a31f7919d401}'), '{1f5df8ff-1979-0001-784b-a31f7919d401}'],
    ['size_t', value.sizeT(0x7ffen, 8), '0x7ffe'],
    ['size_t of 32 bits', value.sizeT(0n, 4), '0x0'],
    ['fileTime', value.fileTime(0n), '1601-01-01T00:00:00.0000000Z'],
    ['the last fileTime of four digits', value.fileTime(2_650_467_743_999_999_999n), '9999-12-31T23:59:59.9999999Z'],
    ['systemTime', value.systemTime(2024, 2, 4, 29, 23, 5, 7, 45), '2024-02-29T23:05:07.0450000Z'],
    ['sid', value.sid(5, 21, 1_769_714_682, 500), 'S-1-5-21-1769714682-500'],
    ['hexInt32', value.hexInt32(0xdeadbeef), '0xdeadbeef'],
    ['hexInt64', value.hexInt64(0x8000_0000_0000_0001n), '0x8000000000000001'],
    ['null', value.none, ''],
  ])('tells a value of type %s', (_, told, expected) => {
    const template = dataTemplate(9, [['It', ValueType.string]]);
    const [bytes] = writeChunks([
      eventRecord(SECURITY, { eventId: 1, recordId: 1n, time: TIME, data: { template, values: [told] } }),
    ]);
    const chunk = new Chunk(bytes);
    for (const asTree of [false, true])
      expect((jsonOf(chunk, chunk.records[0], asTree) as { Event: { EventData: unknown } }).Event.EventData).toEqual({
        It: expected,
      });
    expect(new EventReader().read(chunk, chunk.records[0]).data).toEqual([['It', String(expected)]]);
  });

  it('keeps 64-bit numbers whole', () => {
    const template = dataTemplate(9, [['It', ValueType.uint64]]);
    const [bytes] = writeChunks([
      eventRecord(SECURITY, {
        eventId: 1,
        recordId: 1n,
        time: TIME,
        data: { template, values: [value.uint64(18_446_744_073_709_551_615n)] },
      }),
    ]);
    const chunk = new Chunk(bytes);
    const sink = new JsonSink();
    new JsonWriter().write(chunk, chunk.records[0], sink);
    expect(new TextDecoder().decode(sink.bytes.subarray(0, sink.length))).toContain('"It":18446744073709551615}');
  });

  it('numbers names that repeat, and lists those that follow one another', () => {
    const template = dataTemplate(9, ['A', 'B', 'A', 'C', 'C']);
    const chunk = only(template, ['1', '2', '3', '4', '5'].map(value.string));
    for (const asTree of [false, true])
      expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({
        EventData: { A: '1', B: '2', A_1: '3', C: ['4', '5'] },
      });
  });

  it('makes an element of each string of an array', () => {
    const template: TemplateSpec = {
      id: 9,
      root: { name: 'EventData', content: [{ name: 'Data', content: [{ slot: 0, type: 0x81 }] }] },
    };
    for (const [told, expected] of [
      [value.strings('a', '', 'b'), ['a', '', 'b']],
      [value.strings('a'), 'a'],
      [value.none, ''],
    ] as const) {
      const chunk = only(template, [told]);
      for (const asTree of [false, true])
        expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({ EventData: { Data: { '#text': expected } } });
    }
  });

  it('is XML with the entities that its template was written with', () => {
    const content = ['a ', { entity: 'quot' }, 'b"', { entity: 'amp' }, { entity: 'nbsp' }];
    const chunk = only({ id: 9, root: { name: 'Event', content } }, []);
    const [root] = readTree(chunk, chunk.records[0]);
    expect(root.kind === 'element' && xmlOf(root.element)).toBe('<Event>a &quot;b"&amp;&amp;nbsp;</Event>');
    for (const asTree of [false, true])
      expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({ Event: 'a "b"&&nbsp;' });
  });

  it('is null where all that an element holds is left out', () => {
    const gone = { name: 'Gone', content: [{ slot: 0, type: 1 }], dependency: 0 };
    const content = [
      { name: 'A', content: [gone] },
      { name: 'B', attributes: { C: { slot: 0, type: 1 } }, content: [gone] },
    ];
    const chunk = only({ id: 9, root: { name: 'Event', content } }, [value.none]);
    for (const asTree of [false, true])
      expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({ Event: { A: null, B: null } });
  });

  it('tells a number by its bytes that has not as many as its type', () => {
    const wrong = { type: ValueType.uint16, bytes: Uint8Array.of(0, 0x12, 3) };
    const chunk = only(dataTemplate(9, [['It', ValueType.uint16]]), [wrong]);
    for (const asTree of [false, true])
      expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({ EventData: { It: '001203' } });
  });

  it('leaves an element out whose value is null', () => {
    const root = {
      name: 'Event',
      content: [
        { name: 'Kept', content: [{ slot: 0, type: 1 }], dependency: 0 },
        { name: 'Gone', content: ['text'], dependency: 1 },
      ],
    };
    const chunk = only({ id: 9, root }, [value.string('x'), value.none]);
    for (const asTree of [false, true])
      expect(jsonOf(chunk, chunk.records[0], asTree)).toEqual({ Event: { Kept: 'x' } });
  });
});

describe('a query', () => {
  const records = [account(1n), account(2n, 4732), account(3n, 1, SYSMON), account(4n)];
  const [bytes] = writeChunks(records);
  const chunk = new Chunk(bytes);
  const ids = (query: Query): readonly number[] =>
    chunk.records
      .filter((record) => query.ask(chunk, record) === 'yes')
      .map((record) => Number(chunk.recordId(record)));

  it('chooses by number, channel, provider and time', () => {
    expect(ids(new Query({}))).toEqual([1, 2, 3, 4]);
    expect(ids(new Query({ eventIds: new Set([4720]) }))).toEqual([1, 4]);
    expect(ids(new Query({ channels: ['security'] }))).toEqual([1, 2, 4]);
    expect(ids(new Query({ providers: ['Microsoft-Windows-Sysmon'] }))).toEqual([3]);
    expect(ids(new Query({ since: TIME + 2n, until: TIME + 3n }))).toEqual([2, 3]);
    expect(ids(new Query({ channels: ['Security'], eventIds: new Set([4720]), since: TIME + 2n }))).toEqual([4]);
  });
});

describe('damage', () => {
  const whole = [...writeChunks(Array.from({ length: 20 }, (_, i) => account(BigInt(i + 1))))][0];

  it('costs the record that it struck, and is told', () => {
    const bytes = whole.slice();
    const { records } = new Chunk(whole);
    bytes.fill(0x41, records[3], records[3] + 8);
    const chunk = new Chunk(bytes);
    expect(chunk.records).toEqual(records.filter((_, i) => i !== 3));
    expect(chunk.notes[0].text).toContain(`no record can be read at 0x${records[3].toString(16)}; the next begins at`);
    expect(chunk.recordsChecksumHolds).toBe(false);
  });

  it('leaves deleted records to be found where they were, and none is made up', () => {
    const bytes = whole.slice();
    const { records } = new Chunk(whole);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(32, 10n, true);
    view.setUint32(44, records[9], true);
    view.setUint32(48, records[10], true);
    sealChunk(bytes);
    const chunk = new Chunk(bytes);
    expect(chunk.records).toEqual(records.slice(0, 10));
    expect(chunk.recoverable).toEqual(records.slice(10));
    expect(chunk.notes).toEqual([]);
  });

  it('tells in one note of chunks behind one another that are none, and gives the parts of a log in its order', () => {
    const all = Array.from({ length: 3000 }, (_, i) => account(BigInt(i + 1)));
    const bytes = writeLog(all, { firstChunk: 4 });
    const numbersOf = (segments: readonly (Segment | undefined)[]): readonly bigint[] => {
      const log = openLog(sourceOf(bytes, 'log'));
      const numbers: bigint[] = [];
      // A chunk is good until the next one is asked for.
      for (const segment of segments)
        for (const chunk of log.chunks({ segment }))
          numbers.push(...chunk.records.map((record) => chunk.recordId(record)));
      return numbers;
    };
    const whole = numbersOf([undefined]);
    expect(whole).toHaveLength(all.length);
    // The header says that the fifth chunk is the oldest.
    expect(whole[0]).toBeGreaterThan(1n);
    expect(whole.at(-1)).toBe(whole[0] - 1n);
    expect(numbersOf(openLog(sourceOf(bytes, 'log')).segments(2))).toEqual(whole);
    expect([...openLog(sourceOf(bytes, 'log')).chunks({ after: 2990n })]).toHaveLength(1);
    bytes.fill(0x41, 4096 + 65_536 * 5, 4096 + 65_536 * 8);
    const log = openLog(sourceOf(bytes, 'log'));
    expect([...log.chunks()].length).toBeGreaterThan(5);
    expect(log.notes.map(({ text }) => text)).toEqual(['chunks 5 to 7 do not begin with "ElfChnk"; they are not read']);
  });

  it.each([
    ['a file that is none', new Uint8Array(4096), /does not begin with "ElfFile"/],
    ['a few bytes', new Uint8Array(10), /10 bytes are fewer/],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => openLog(sourceOf(bytes, 'x.evtx'))).toThrow(message);
  });
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  type ElementSpec,
  type InstanceSpec,
  type TemplateSpec,
  value,
  writeChunks,
} from '../../fixtures/logs/evtx-writer.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { EventReader } from '../../src/evtx/event.ts';
import { JsonSink } from '../../src/evtx/json-sink.ts';
import { JsonWriter } from '../../src/evtx/json-writer.ts';
import { Query } from '../../src/evtx/query.ts';
import { TemplateStore } from '../../src/evtx/template-store.ts';
import { ARRAY, ValueType } from '../../src/evtx/value-type.ts';
import { Fuzzer, MOST_BYTES, SLOW } from './fuzzer.ts';
import { SMALL_CHUNKS } from './small-chunks.ts';

/** Chunks that are changed; a million with WINNOW_FUZZ=1000000, other ones with another WINNOW_FUZZ_FROM. */
const CHUNKS = Number(process.env.WINNOW_FUZZ ?? 2000);
const FROM = Number(process.env.WINNOW_FUZZ_FROM ?? 0);
/** Changed chunks that a fault was found with; their numbers hold as long as small-chunks.ts and mutate.ts do. */
const FOUND: readonly number[] = [65, 180, 9554, 60_583, 119_928, 151_539, 285_481, 795_763];

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('changed chunks', () => {
  it(
    `neither crash nor hang, take no more memory than they may, and read the same by program and tree (${CHUNKS})`,
    () => {
      const fuzzer = new Fuzzer();
      const whole = SMALL_CHUNKS.map((_, i) => new Fuzzer().intact(i));
      const before = bytesInUse();
      let most = 0;
      for (let i = FROM; i < FROM + CHUNKS; i++) {
        const fault = fuzzer.fault(i);
        if (fault !== undefined) expect.fail(`chunk ${i}: ${fault}`);
        if (i % 10_000 === 0) most = Math.max(most, bytesInUse() - before);
      }
      expect(most).toBeLessThan(MOST_BYTES);
      expect(SMALL_CHUNKS.map((_, i) => fuzzer.intact(i))).toEqual(whole);
      if (CHUNKS > 2000)
        console.log(`${CHUNKS} chunks from ${FROM} on: slowest ${fuzzer.slowest.toFixed(1)} ms, ${most} bytes at most`);
    },
    CHUNKS * 20 + 60_000,
  );

  it.each(FOUND)('that were found: %i', (number) => {
    expect(new Fuzzer().fault(number)).toBeUndefined();
  });
});

describe('a lie', () => {
  const read = (
    template: TemplateSpec,
    values: InstanceSpec['values'] = [],
    change?: (bytes: Uint8Array, record: number) => void,
  ) => {
    const [bytes] = writeChunks([{ template, values, time: 0n }]);
    change?.(bytes, 512);
    const chunk = new Chunk(bytes);
    const sink = new JsonSink();
    new JsonWriter().write(chunk, chunk.records[0], sink);
    return new TextDecoder().decode(sink.bytes.subarray(0, sink.length));
  };
  const flat: TemplateSpec = { id: 1, root: { name: 'Event', content: ['text'] } };
  const at = (bytes: Uint8Array) => new DataView(bytes.buffer);
  /** Of the record's instance: its token, the offset of its definition, the definition's size, the name of its element. */
  const TOKEN = 512 + 24 + 4;

  it.each<[string, RegExp, (bytes: Uint8Array) => void]>([
    [
      'a definition behind the chunk',
      /goes on behind the chunk/,
      (bytes) => at(bytes).setUint32(TOKEN + 6, 0xffff_fff0, true),
    ],
    ['a definition of 4 GB', /goes on behind the chunk/, (bytes) => at(bytes).setUint32(TOKEN + 30, 0xffff_ffff, true)],
    [
      'a name behind the chunk',
      /outside of the chunk/,
      (bytes) => at(bytes).setUint32(TOKEN + 34 + 4 + 7, 0xffff_0000, true),
    ],
    [
      'a definition that is the record itself',
      /no token|ends within|outside|behind|instance/,
      (bytes) => at(bytes).setUint32(TOKEN + 6, TOKEN, true),
    ],
  ])('about %s is refused', (_, message, change) => {
    expect(() => read(flat, [], change)).toThrow(message);
  });

  it('about the count of values is refused', () => {
    const [bytes] = writeChunks([{ template: flat, values: [], time: 0n }]);
    const size = at(bytes).getUint32(512 + 4, true);
    at(bytes).setUint32(512 + size - 4 - 1 - 4, 0xffff_ffff, true);
    const chunk = new Chunk(bytes);
    expect(() => new JsonWriter().write(chunk, chunk.records[0], new JsonSink())).toThrow(/says that it has/);
  });

  it('of elements within one another without end is refused', () => {
    let deep: ElementSpec = { name: 'e' };
    for (let i = 0; i < 300; i++) deep = { name: 'e', content: [deep] };
    expect(() => read({ id: 1, root: deep })).toThrow(/elements in one another/);
  });

  it('of templates within one another without end is refused', () => {
    const template: TemplateSpec = { id: 1, root: { name: 'e', content: [{ slot: 0, type: 0x21 }] } };
    let within: InstanceSpec = { template, values: [value.none] };
    for (let i = 0; i < 20; i++) within = { template, values: [within] };
    expect(() => read(template, within.values)).toThrow(/within one another/);
  });

  it('of a template that holds an instance of itself is refused', () => {
    const template: TemplateSpec = { id: 1, root: { name: 'Event', content: ['12345'] } };
    const [bytes] = writeChunks([{ template, values: [], time: 0n }]);
    const view = at(bytes);
    // In place of the text's token, which has as many bytes: an instance without values.
    const text = bytes.findIndex(
      (byte, i) => byte === 5 && bytes[i + 1] === 1 && bytes[i + 2] === 5 && bytes[i + 4] === 0x31,
    );
    bytes.fill(0, text, text + 14);
    bytes.set([0x0c, 1], text);
    view.setUint32(text + 6, view.getUint32(TOKEN + 6, true), true);
    const chunk = new Chunk(bytes);
    const [record] = chunk.records;
    expect(() => new JsonWriter().write(chunk, record, new JsonSink())).toThrow(/within one another/);
    expect(() => new EventReader().read(chunk, record)).toThrow(/within one another/);
  });

  it('of a list that is told many times over ends at the limit of an event', () => {
    const slots = Array.from({ length: 12 }, () => ({ slot: 0, type: 0x81 }));
    const template: TemplateSpec = { id: 1, root: { name: 'Event', content: [{ name: 'E', content: slots }] } };
    expect(() => read(template, [value.strings(...Array.from({ length: 50 }, () => 'x'))])).toThrow(
      /can be the reason for/,
    );
  });
});

describe('a chunk made to cost more than its bytes', () => {
  const SLOT = { slot: 0, type: ValueType.string };
  const many = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i));
  const dataOf = (content: ElementSpec['content']): TemplateSpec => ({
    id: 5,
    root: { name: 'Event', content: [{ name: 'EventData', content }] },
  });
  const long = value.string('x'.repeat(12_000));

  it.each<[string, TemplateSpec, InstanceSpec['values'], number]>([
    [
      'a value told thousands of times in one text',
      dataOf([{ name: 'Data', content: many(5000, () => SLOT) }]),
      [long],
      1,
    ],
    ['a value told in thousands of elements', dataOf(many(1500, () => ({ name: 'A', content: [SLOT] }))), [long], 1],
    [
      'a template of thousands of elements with hundreds of records',
      dataOf(many(1500, () => ({ name: 'A' }))),
      [],
      300,
    ],
    [
      'thousands of values without a byte',
      dataOf(many(1000, (i) => ({ name: 'A', content: [{ ...SLOT, slot: i }], dependency: i }))),
      many(1000, () => value.none),
      9,
    ],
    [
      'names of thousands of characters, thousands of times',
      dataOf(many(1500, () => ({ name: 'n'.repeat(12_000) }))),
      [],
      300,
    ],
    [
      'a list told in many places of one element',
      dataOf([{ name: 'A', content: many(12, () => ({ slot: 0, type: ValueType.string | ARRAY })) }]),
      [value.strings(...many(2000, () => ''))],
      5,
    ],
    [
      'an attribute of thousands of characters beside a list',
      dataOf([
        { name: 'A', attributes: { B: 'b'.repeat(10_000) }, content: [{ slot: 0, type: ValueType.string | ARRAY }] },
      ]),
      [value.strings(...many(8000, () => ''))],
      1,
    ],
  ])('of %s is read or refused in time', (_, template, values, count) => {
    const chunk = new Chunk([...writeChunks(many(count, () => ({ template, values, time: 0n })))][0]);
    expect(chunk.records.length).toBe(count);
    const fuzzer = new Fuzzer();
    const before = process.cpuUsage().user;
    expect(fuzzer.read(chunk)).toBeUndefined();
    // In five ways: by program, by trees three times, and by a question.
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(5 * SLOW);
    expect(fuzzer.bytes).toBeLessThan(1 << 24);
  });

  it('of templates that no other chunk has leaves no more behind than the store may keep', () => {
    const store = new TemplateStore();
    const query = new Query({ eventIds: new Set([1]) });
    const before = bytesInUse();
    for (let i = 0; i < 300; i++) {
      const [bytes] = writeChunks([
        {
          template: { id: i, root: { name: 'Event', content: many(3000, () => ({ name: 'A' })) } },
          values: [],
          time: 0n,
        },
      ]);
      const chunk = new Chunk(bytes, i, store);
      query.ask(chunk, chunk.records[0]);
      new JsonWriter().write(chunk, chunk.records[0], new JsonSink());
    }
    expect(bytesInUse() - before).toBeLessThan(MOST_BYTES);
  });

  it('keeps what was written before in a sink that is not emptied', () => {
    const chunk = new Chunk(SMALL_CHUNKS[0]);
    const sink = new JsonSink(1 << 25);
    sink.length = (1 << 24) + 1;
    new JsonWriter().write(chunk, chunk.records[0], sink);
    expect(new TextDecoder().decode(sink.bytes.subarray((1 << 24) + 1, sink.length))).toContain('"EventID":4720');
  });
});

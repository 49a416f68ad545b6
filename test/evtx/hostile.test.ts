import { describe, expect, it } from 'vitest';
import {
  type ElementSpec,
  type InstanceSpec,
  type TemplateSpec,
  value,
  writeChunks,
} from '../../fixtures/logs/evtx-writer.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { JsonSink } from '../../src/evtx/json-sink.ts';
import { JsonWriter } from '../../src/evtx/json-writer.ts';
import { Fuzzer, MOST_BYTES } from './fuzzer.ts';
import { SMALL_CHUNKS } from './small-chunks.ts';

/** Chunks that are changed; a million with WINNOW_FUZZ=1000000, other ones with another WINNOW_FUZZ_FROM. */
const CHUNKS = Number(process.env.WINNOW_FUZZ ?? 2000);
const FROM = Number(process.env.WINNOW_FUZZ_FROM ?? 0);
/** Changed chunks that a fault was found with; their numbers hold as long as small-chunks.ts and mutate.ts do. */
const FOUND: readonly number[] = [65, 180, 9554, 60_583, 151_539];

function bytesInUse(): number {
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
        if (i % 1000 === 0) most = Math.max(most, bytesInUse() - before);
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

  it('of a list that is told many times over ends at the limit of an event', () => {
    const slots = Array.from({ length: 12 }, () => ({ slot: 0, type: 0x81 }));
    const template: TemplateSpec = { id: 1, root: { name: 'Event', content: [{ name: 'E', content: slots }] } };
    expect(() => read(template, [value.strings(...Array.from({ length: 50 }, () => 'x'))])).toThrow(
      /nodes in one event/,
    );
  });
});

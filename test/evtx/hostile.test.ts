import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate } from '../../fixtures/logs/events.ts';
import {
  type ElementSpec,
  type InstanceSpec,
  type TemplateSpec,
  value,
  writeChunks,
} from '../../fixtures/logs/evtx-writer.ts';
import { BinXmlError } from '../../src/evtx/binxml-error.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { EventReader } from '../../src/evtx/event.ts';
import { JsonSink } from '../../src/evtx/json-sink.ts';
import { JsonWriter } from '../../src/evtx/json-writer.ts';
import { Query } from '../../src/evtx/query.ts';
import { mutate, randomNumbers } from './mutate.ts';

/** Chunks that are changed; a million with WINNOW_FUZZ=1000000. */
const CHUNKS = Number(process.env.WINNOW_FUZZ ?? 2000);
const SLOW = 1000;
const MOST_BYTES = 1 << 27;

const SECURITY = eventTemplate(1, 'Provider', 'Security');
const DATA = dataTemplate(2, ['Name', 'Number', 'List', 'Sid', 'Time', 'Raw']);

function sample(): Uint8Array {
  const [bytes] = writeChunks(
    Array.from({ length: 12 }, (_, i) =>
      eventRecord(SECURITY, {
        eventId: 4720 + i,
        recordId: BigInt(i + 1),
        time: 131_124_823_716_816_408n,
        data: {
          template: DATA,
          values: [
            value.string('text é \ud83d\ude00 "quoted"'),
            value.uint64(BigInt(i)),
            value.strings('a', 'b'),
            value.sid(5, 21, 1, 2, 3, 500),
            value.fileTime(131_124_823_716_816_408n),
            value.binary(1, 2, 3),
          ],
        },
      }),
    ),
  );
  return bytes;
}

/** Reads all that can be read of a chunk; only what binary XML is refused by may be thrown. */
function readAll(chunk: Chunk, sink: JsonSink): void {
  const writer = new JsonWriter();
  const reader = new EventReader();
  const query = new Query({ eventIds: new Set([4720]), channels: ['Security'] });
  for (const record of [...chunk.records, ...chunk.recoverable]) {
    for (const act of [
      () => writer.write(chunk, record, sink),
      () => void reader.read(chunk, record),
      () => void query.ask(chunk, record),
    ]) {
      try {
        act();
      } catch (error) {
        if (!(error instanceof BinXmlError)) throw error;
      }
    }
    if (sink.length > 1 << 20) sink.length = 0;
  }
}

describe('changed chunks', () => {
  it(
    `neither crash nor hang, and take no more memory than they may (${CHUNKS})`,
    () => {
      const bytes = sample();
      const used = new DataView(bytes.buffer).getUint32(48, true);
      const random = randomNumbers(20_261_128);
      const sink = new JsonSink();
      for (let i = 0; i < CHUNKS; i++) {
        const restore = mutate(bytes, used, random);
        const start = performance.now();
        sink.length = 0;
        readAll(new Chunk(bytes), sink);
        const took = performance.now() - start;
        expect(took, `chunk ${i} took ${took} ms`).toBeLessThan(SLOW);
        expect(sink.bytes.length).toBeLessThan(MOST_BYTES);
        restore();
      }
    },
    CHUNKS * 20 + 60_000,
  );
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

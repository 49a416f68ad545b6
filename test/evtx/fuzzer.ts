// Reads chunks that were changed at random, and tells what is wrong with the reading.
import { randomNumbers } from '../../fixtures/logs/random-numbers.ts';
import { BinXmlError } from '../../src/evtx/binxml-error.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { EventReader } from '../../src/evtx/event.ts';
import { FieldReader } from '../../src/evtx/field-reader.ts';
import { JsonSink } from '../../src/evtx/json-sink.ts';
import { JsonWriter } from '../../src/evtx/json-writer.ts';
import { Query } from '../../src/evtx/query.ts';
import { TemplateStore } from '../../src/evtx/template-store.ts';
import { readTree } from '../../src/evtx/tree.ts';
import { xmlOf } from '../../src/evtx/xml-tree.ts';
import { mutate } from './mutate.ts';
import { SMALL_CHUNKS } from './small-chunks.ts';

/** Milliseconds of the processor for one chunk. */
export const SLOW = 1000;
/** Bytes of JSON kept at a time, and of the heap and its buffers beyond what there was before. */
export const MOST_BYTES = 1 << 27;

/** The chunk with the changes of a number, and its reading in all ways: each must say the same or refuse, and only as it may. */
/** The field that is asked for by itself. */
const FIELD = 'Name';

export class Fuzzer {
  readonly #sink = new JsonSink();
  readonly #tree = new JsonSink();
  readonly #writer = new JsonWriter();
  readonly #reader = new EventReader();
  readonly #fields = new FieldReader();
  /** One for all chunks: what a changed one leaves in it must not be told of another. */
  readonly #store = new TemplateStore();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  /** Milliseconds of the processor that one chunk took at most. */
  slowest = 0;

  /** What is wrong with the reading of the changed chunk; nothing if all is well. */
  fault(number: number): string | undefined {
    const random = randomNumbers(number);
    const bytes = SMALL_CHUNKS[number % SMALL_CHUNKS.length];
    const restore = mutate(bytes, new DataView(bytes.buffer).getUint32(48, true), random);
    try {
      const start = process.cpuUsage().user;
      const fault = this.read(new Chunk(bytes, 0, random() < 0.5 ? this.#store : undefined));
      const took = (process.cpuUsage().user - start) / 1000;
      this.slowest = Math.max(this.slowest, took);
      if (took > SLOW) return `took ${took} ms of the processor`;
      return this.bytes > MOST_BYTES ? `took ${this.bytes} bytes` : fault;
    } catch (error) {
      return String((error as Error).stack);
    } finally {
      restore();
    }
  }

  /** The text of a whole chunk by the store that the changed ones have used. */
  intact(number: number): string {
    const chunk = new Chunk(SMALL_CHUNKS[number], 0, this.#store);
    return chunk.records
      .map((record) => this.#write(this.#sink, (sink) => this.#writer.write(chunk, record, sink)))
      .join('\n');
  }

  /** Bytes of the JSON of the longest event, by the room that it took. */
  get bytes(): number {
    return Math.max(this.#sink.bytes.length, this.#tree.bytes.length);
  }

  /** What is wrong with the reading of a chunk. */
  read(chunk: Chunk): string | undefined {
    const query = new Query({ eventIds: new Set([4720]), channels: ['Security'] });
    for (const record of [...chunk.records, ...chunk.recoverable]) {
      const text = this.#write(this.#sink, (sink) => this.#writer.write(chunk, record, sink));
      const tree = this.#write(this.#tree, (sink) => this.#writer.writeTree(chunk, record, sink));
      if (text !== tree && text !== undefined && tree !== undefined)
        return `program and tree differ:\n${text}\n${tree}`;
      const event = refusable(() => this.#reader.read(chunk, record));
      const field = refusable(() => this.#fields.set(chunk, record).text(FIELD));
      const same = event?.data.find(([name]) => name === FIELD)?.[1];
      if (event && field !== same) return `the event has ${same}, and the field by itself is ${field}`;
      refusable(() => query.ask(chunk, record));
      refusable(() => readTree(chunk, record).map((one) => (one.kind === 'element' ? xmlOf(one.element) : '')));
    }
    return undefined;
  }

  #write(sink: JsonSink, write: (sink: JsonSink) => void): string | undefined {
    sink.length = 0;
    const isWritten = refusable(() => {
      write(sink);
      return true;
    });
    if (!isWritten) return undefined;
    const text = this.#decoder.decode(sink.bytes.subarray(0, sink.length));
    jsonParsed(text);
    return text;
  }
}

function jsonParsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${text}`, { cause: error });
  }
}

/** What `act` returns; nothing where it refuses as binary XML is refused. Any other error is thrown on. */
function refusable<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof BinXmlError)) throw error;
    return undefined;
  }
}

// Records as lines of JSON: by their template's program, or by a tree where there is none.

import { BinXmlError } from './binxml-error.ts';
import type { Chunk } from './chunk.ts';
import { RecordValues } from './instance.ts';
import { runJson } from './json-run.ts';
import type { JsonSink } from './json-sink.ts';
import { writeJsonTree } from './json-tree.ts';
import { elementsIn, mostText, readTree } from './tree.ts';

export class JsonWriter {
  readonly #values = new RecordValues();

  /** Writes the record at `record` as a JSON object. Throws BinXmlError, and the sink is as it was. */
  write(chunk: Chunk, record: number, sink: JsonSink): void {
    const start = sink.length;
    sink.limit = start + mostText(chunk.recordSize(record));
    try {
      if (!this.#run(chunk, record, sink)) {
        sink.length = start;
        this.writeTree(chunk, record, sink);
      }
    } catch (error) {
      sink.length = start;
      throw error;
    }
  }

  /** The same by a tree, whatever the shape. */
  writeTree(chunk: Chunk, record: number, sink: JsonSink): void {
    const [root] = elementsIn(readTree(chunk, record));
    if (!root) throw new BinXmlError(record, 'a record holds no element');
    writeJsonTree(root, sink);
  }

  #run(chunk: Chunk, record: number, sink: JsonSink): boolean {
    const token = chunk.instanceAt(record);
    if (token < 0) return false;
    const values = this.#values;
    values.clear();
    const instance = values.read(chunk, token, chunk.fragmentEnd(record), true);
    const program = values.template[instance].document;
    return program !== undefined && !values.hasFragment && runJson(program, values, instance, chunk, sink);
  }
}

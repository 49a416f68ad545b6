// Records as lines of JSON: by their template's program, or by a tree where there is none.

import { BinXmlError } from './binxml-error.ts';
import type { Chunk } from './chunk.ts';
import { instanceToken, RecordValues } from './instance.ts';
import { runJson } from './json-run.ts';
import type { JsonSink } from './json-sink.ts';
import { writeJsonTree } from './json-tree.ts';
import { RECORD_HEADER_SIZE } from './records.ts';
import { readTree } from './tree.ts';

export class JsonWriter {
  readonly #values = new RecordValues();

  /** Writes the record at `record` as a JSON object. Throws BinXmlError, and the sink is as it was. */
  write(chunk: Chunk, record: number, sink: JsonSink): void {
    const start = sink.length;
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
    const roots = readTree(chunk, record).flatMap((one) => (one.kind === 'element' ? [one.element] : []));
    if (roots.length === 0) throw new BinXmlError(record, 'a record holds no element');
    writeJsonTree(roots[0], sink);
  }

  #run(chunk: Chunk, record: number, sink: JsonSink): boolean {
    const end = record + chunk.recordSize(record) - 4;
    const token = instanceToken(chunk.bytes, record + RECORD_HEADER_SIZE, end);
    if (token < 0) return false;
    const values = this.#values;
    values.clear();
    const instance = values.read(chunk, token, end, true);
    const program = values.template[instance].document;
    return program !== undefined && !values.hasFragment && runJson(program, values, instance, chunk, sink);
  }
}

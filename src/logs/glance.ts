// A record of an EVTX file before anything of it is built: its number, and fields of its data by their names.

import type { Chunk } from '../evtx/chunk.ts';
import { FieldReader } from '../evtx/field-reader.ts';

/** What can be asked of a record at little cost; good until the next record's. */
export interface Glance {
  readonly eventId: number;
  /** The number of its chunk in the file. */
  readonly chunk: number;
  /** The text of the first field of this name, as the event writes the name; undefined where it has none. */
  field(name: string): string | undefined;
}

/** One for all records of a log, each in its turn. */
export class RecordGlance implements Glance {
  readonly #readers = new Map<string, FieldReader>();
  #chunk: Chunk | undefined;
  #record = 0;
  eventId = 0;

  set(chunk: Chunk, record: number, eventId: number): void {
    this.#chunk = chunk;
    this.#record = record;
    this.eventId = eventId;
  }

  get chunk(): number {
    return this.#chunk!.number;
  }

  /** Throws BinXmlError. */
  field(name: string): string | undefined {
    let reader = this.#readers.get(name);
    if (!reader) {
      reader = new FieldReader(name);
      this.#readers.set(name, reader);
    }
    return reader.text(this.#chunk!, this.#record);
  }
}

// A record of an EVTX file before anything of it is built: its number, and fields of its data by their names.

import type { Chunk } from '../evtx/chunk.ts';
import { FieldReader } from '../evtx/field-reader.ts';

/** What can be asked of a record at little cost; good until the next record's. */
export interface Glance {
  readonly eventId: number;
  /** The number of its chunk in the file. */
  readonly chunk: number;
  /** The host that wrote it; undefined where the record does not say. */
  readonly computer: string | undefined;
  /** The text of the first field of this name, as the event writes the name; undefined where it has none. */
  field(name: string): string | undefined;
  /** What of the same text is behind its last \ or /, for less. */
  fileName(name: string): string | undefined;
}

/** One for all records of a log, each in its turn. */
export class RecordGlance implements Glance {
  readonly #fields = new FieldReader();
  chunk = 0;
  eventId = 0;

  set(chunk: Chunk, record: number, eventId: number): void {
    this.chunk = chunk.number;
    this.#fields.set(chunk, record);
    this.eventId = eventId;
  }

  /** Throws BinXmlError. */
  get computer(): string | undefined {
    return this.#fields.system('computer');
  }

  /** Throws BinXmlError. */
  field(name: string): string | undefined {
    return this.#fields.text(name);
  }

  /** Throws BinXmlError. */
  fileName(name: string): string | undefined {
    return this.#fields.fileName(name);
  }
}

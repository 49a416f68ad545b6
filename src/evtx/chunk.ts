// One chunk of an event log: 64 KiB that stand by themselves, with their records, names and templates.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import type { Note } from '../errors.ts';
import { BinXmlError } from './binxml-error.ts';
import { CHUNK_HEADER_SIZE, CHUNK_SIZE, type ChunkHeader, readChunkHeader } from './chunk-header.ts';
import { crc32 } from './crc32.ts';
import { instanceToken, type TemplateSource, valueCountAt } from './instance.ts';
import { findRecords, RECORD_HEADER_SIZE, recoverRecords, type Unused } from './records.ts';
import type { Template } from './template.ts';
import { DEFINITION_HEADER, TemplateStore } from './template-store.ts';

/** Bytes of the copy of its size at a record's end. */
const SIZE_COPY = 4;

/** Bytes of all definitions that are read of a chunk; those of a sound one have room in it once. */
const DEFINITION_LIMIT = CHUNK_SIZE * 4;

/** A chunk, read from 65,536 bytes (fewer where the file was cut off). */
export class Chunk implements TemplateSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** In the file, from 0. */
  readonly number: number;
  readonly header: ChunkHeader;
  /** Offsets of the records, in their order. */
  readonly records: readonly number[];
  /** What was wrong with the chunk as a whole. */
  readonly notes: readonly Note[];
  readonly #unused: readonly Unused[];
  readonly #store: TemplateStore;
  /** By the offset of its definition, each template or why there is none. */
  readonly #templates = new Map<number, Template | BinXmlError>();
  #definitionBytes = 0;

  /** `store` has the templates of the chunks before. */
  constructor(bytes: Uint8Array, number = 0, store: TemplateStore = new TemplateStore()) {
    // Of a subclass (Node's Buffer) a slice would be no copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.number = number;
    this.#store = store;
    const notes: Note[] = [];
    const tell = (text: string): void => void notes.push({ about: `chunk ${number}`, text });
    this.header = readChunkHeader(this.bytes);
    if (!this.header.checksumHolds) tell('the checksum of its header is wrong; what it holds is read all the same');
    const { records, unused } = findRecords(this.bytes, this.header, tell);
    this.records = records;
    this.#unused = unused;
    this.notes = notes;
  }

  /** Offsets of records that were left behind where none is in use, whole as far as their own header says. */
  get recoverable(): readonly number[] {
    return recoverRecords(this.bytes, this.#unused);
  }

  /** Whether the records are those that the header's checksum was taken of: reads all of them. */
  get recordsChecksumHolds(): boolean {
    const { freeSpaceOffset, recordsChecksum } = this.header;
    const end = Math.min(this.bytes.length, freeSpaceOffset);
    return end >= CHUNK_HEADER_SIZE && crc32(this.bytes, CHUNK_HEADER_SIZE, end) === recordsChecksum;
  }

  /** The template whose definition stands at `offset`. Throws BinXmlError. */
  template(offset: number): Template {
    let template = this.#templates.get(offset);
    if (!template) {
      template = this.#find(offset);
      this.#templates.set(offset, template);
    }
    if (template instanceof BinXmlError) throw template;
    return template;
  }

  #find(offset: number): Template | BinXmlError {
    try {
      const size = this.definitionSize(offset);
      this.#definitionBytes += size;
      if (this.#definitionBytes > DEFINITION_LIMIT)
        return new BinXmlError(offset, 'the definitions of templates lie over one another');
      return this.#store.find(this, offset, size - DEFINITION_HEADER, (at, end) => this.skipInstance(at, end));
    } catch (error) {
      if (error instanceof BinXmlError) return error;
      throw error;
    }
  }

  /** Bytes of the definition at `offset`, with its header. Throws BinXmlError. */
  definitionSize(offset: number): number {
    const size = u32At(this.bytes, offset + DEFINITION_HEADER - 4);
    if (size < 0 || offset + DEFINITION_HEADER + size > this.bytes.length)
      throw new BinXmlError(offset, 'the definition of a template goes on behind the chunk');
    return size + DEFINITION_HEADER;
  }

  /** Where the instance ends whose token stands at `at`. Throws BinXmlError. */
  skipInstance(at: number, end: number): number {
    const { bytes } = this;
    const place = valueCountAt(this, at);
    const count = place + 4 <= end ? u32At(bytes, place) : -1;
    const values = place + 4 + count * 4;
    if (count < 0 || values > end) throw new BinXmlError(at, `a template instance says that it has ${count} values`);
    let after = values;
    for (let descriptor = place + 4; descriptor < values; descriptor += 4)
      after += bytes[descriptor] | (bytes[descriptor + 1] << 8);
    if (after > end) throw new BinXmlError(at, 'the values of a template instance go on behind its record');
    return after;
  }

  /** Bytes of the record at `record`, with its header and the copy of its size. */
  recordSize(record: number): number {
    return u32At(this.bytes, record + 4);
  }

  /** Where the binary XML of the record at `record` begins, and where it ends. */
  fragmentAt(record: number): number {
    return record + RECORD_HEADER_SIZE;
  }

  fragmentEnd(record: number): number {
    return record + this.recordSize(record) - SIZE_COPY;
  }

  /** Where the token of the template's instance stands that the record at `record` is; -1 where it is none. */
  instanceAt(record: number): number {
    return instanceToken(this.bytes, this.fragmentAt(record), this.fragmentEnd(record));
  }

  /** The number of the record at `record`. */
  recordId(record: number): bigint {
    return bigU64At(this.bytes, record + 8);
  }

  /** When the record at `record` was written: 100 ns since 1601, UTC. */
  recordTime(record: number): bigint {
    return bigU64At(this.bytes, record + 16);
  }
}

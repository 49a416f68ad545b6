// The chunks of an event log file, oldest first, each read when its turn comes: memory does not grow with the file.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Note } from '../errors.ts';
import { Chunk } from './chunk.ts';
import { CHUNK_HEADER_SIZE, CHUNK_SIZE, isChunk } from './chunk-header.ts';
import { FILE_HEADER_SIZE, type FileHeader, readFileHeader } from './file-header.ts';
import { TemplateStore } from './template-store.ts';

/** Chunks that are read at a time. */
const WINDOW = 16;

export interface LogFile {
  readonly header: FileHeader;
  /** What is wrong with the file as a whole, and, once they were read, with its chunks. */
  readonly notes: readonly Note[];
  /** The chunks' places in their order, in parts of at most `size` chunks. */
  segments(size: number): readonly Segment[];
  /** Whether something stands where its chunks should, and no chunk does. */
  isUnreadable(): boolean;
  /** Each chunk is good until the next one is asked for. */
  chunks(asked?: AskedChunks): Generator<Chunk, void, undefined>;
}

/** Chunks that stand one behind the other in the file: numbers [from, to). */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

export interface AskedChunks {
  /** Chunks whose records all have numbers up to this are passed over. */
  readonly after?: bigint;
  /** Only the chunks of this part of the file. */
  readonly segment?: Segment;
}

/** Opens an event log. Throws FormatError when it is none. */
export function openLog(source: ByteSource): LogFile {
  const head = new Uint8Array(Math.min(FILE_HEADER_SIZE, source.size));
  source.readAt(0, head);
  const header = readFileHeader(head, source.name);
  const notes: Note[] = [];
  const tell = (text: string): void => void notes.push({ about: source.name, text });
  if (!header.checksumHolds) tell('the checksum of its header is wrong; its chunks are read all the same');
  const from = header.blockSize >= head.length && header.blockSize < source.size ? header.blockSize : FILE_HEADER_SIZE;
  const count = Math.max(0, Math.ceil((source.size - from - CHUNK_HEADER_SIZE) / CHUNK_SIZE));
  if (source.size > from && (source.size - from) % CHUNK_SIZE !== 0)
    tell(
      `its last ${(source.size - from) % CHUNK_SIZE} bytes are no whole chunk; it was cut off, or has something behind it`,
    );
  const store = new TemplateStore();
  /** All chunks in two parts at most: a log that is full goes on at its beginning. */
  const parts = (): readonly Segment[] => {
    const first = firstOf(header, source, from, count);
    return [
      { from: first, to: count },
      { from: 0, to: first },
    ];
  };
  return {
    header,
    notes,
    isUnreadable: () => holdsNoChunk(source, from, count),
    segments: (size) => parts().flatMap((part) => split(part, size)),
    chunks: ({ after, segment } = {}) =>
      readChunks({ source, from, count, store }, segment ? [segment] : parts(), notes, after),
  };
}

function holdsNoChunk(source: ByteSource, from: number, count: number): boolean {
  const start = new Uint8Array(CHUNK_HEADER_SIZE);
  let holdsMore = false;
  for (let chunk = 0; chunk < count; chunk++) {
    const got = source.readAt(from + chunk * CHUNK_SIZE, start);
    if (got === start.length && isChunk(start)) return false;
    holdsMore ||= start.subarray(0, got).some((byte) => byte !== 0);
  }
  return holdsMore;
}

function split({ from, to }: Segment, size: number): readonly Segment[] {
  const parts: Segment[] = [];
  for (let at = from; at < to; at += size) parts.push({ from: at, to: Math.min(to, at + size) });
  return parts;
}

/** The chunk with the oldest records: a log that is full goes on at its beginning. */
function firstOf(header: FileHeader, source: ByteSource, from: number, count: number): number {
  const first = Number(header.firstChunk);
  // The header of a log that was not closed tells of the time when it was last written.
  if (header.isDirty || header.firstChunk === 0n || first >= count) return oldestByNumber(source, from, count);
  return first;
}

/**
 * Where the numbers of records begin anew; a header that was not written at the end does not say it. They rise, but for one place at most:
 * it is looked for by halves.
 */
function oldestByNumber(source: ByteSource, from: number, count: number): number {
  const numbers = new Uint8Array(32);
  /** The number of the chunk's first record; -1 where there is no chunk. */
  const numberOf = (chunk: number): number => {
    const got = source.readAt(from + chunk * CHUNK_SIZE, numbers);
    return got === numbers.length && isChunk(numbers) ? u32At(numbers, 24) + u32At(numbers, 28) * 0x1_0000_0000 : -1;
  };
  let low = 0;
  let high = count - 1;
  while (low < high && numberOf(low) < 0) low++;
  while (high > low && numberOf(high) < 0) high--;
  const first = low < count ? numberOf(low) : -1;
  if (low >= high || numberOf(high) >= first) return 0;
  // The chunk at `low` is of the newer part, that at `high` of the older one.
  while (high - low > 1) {
    let middle = (low + high) >> 1;
    while (middle > low && numberOf(middle) < 0) middle--;
    if (middle === low) {
      middle = (low + high) >> 1;
      while (middle < high && numberOf(middle) < 0) middle++;
      if (middle === high) break;
    }
    if (numberOf(middle) >= first) low = middle;
    else high = middle;
  }
  return high;
}

/** Where the chunks of a file stand, and the templates that they share. */
interface Places {
  readonly store: TemplateStore;
  readonly source: ByteSource;
  readonly from: number;
  readonly count: number;
}

/** Whether the chunk's header says that its last record has a number up to `after`. */
function endsBy({ source, from }: Places, chunk: number, after: bigint): boolean {
  const header = new Uint8Array(CHUNK_HEADER_SIZE);
  const got = source.readAt(from + chunk * CHUNK_SIZE, header);
  return got === header.length && isChunk(header) && bigU64At(header, 32) <= after;
}

function* readChunks(
  places: Places,
  parts: readonly Segment[],
  notes: Note[],
  after?: bigint,
): Generator<Chunk, void, undefined> {
  const { source, from, count, store } = places;
  const window = new Uint8Array(Math.min(WINDOW, count) * CHUNK_SIZE);
  const none = new NoChunks(notes, source.name);
  for (const { from: start, to: end } of parts) {
    for (let i = start; i < end; i += WINDOW) {
      while (after !== undefined && i < end && endsBy(places, i, after)) i++;
      if (i >= end) break;
      const wanted = Math.min(WINDOW, end - i) * CHUNK_SIZE;
      const got = source.readAt(from + i * CHUNK_SIZE, window.subarray(0, wanted));
      for (let at = 0; at + CHUNK_HEADER_SIZE <= got; at += CHUNK_SIZE) {
        const number = i + at / CHUNK_SIZE;
        const bytes = window.subarray(at, Math.min(got, at + CHUNK_SIZE));
        if (!isChunk(bytes)) {
          // A file is made larger before its chunks are written.
          if (bytes.some((byte) => byte !== 0)) none.add(number);
          continue;
        }
        none.tell();
        const chunk = new Chunk(bytes, number, store);
        notes.push(...chunk.notes.map(({ about, text }) => ({ about: `${source.name}: ${about}`, text })));
        yield chunk;
      }
    }
    none.tell();
  }
}

/** Places of chunks, one behind the other, where something else stands. */
class NoChunks {
  readonly #notes: Note[];
  readonly #about: string;
  #from = -1;
  #to = -1;

  constructor(notes: Note[], about: string) {
    this.#notes = notes;
    this.#about = about;
  }

  add(chunk: number): void {
    if (this.#from < 0) this.#from = chunk;
    this.#to = chunk;
  }

  /** Notes those that were added since. */
  tell(): void {
    if (this.#from < 0) return;
    const text =
      this.#from === this.#to
        ? `chunk ${this.#from} does not begin with "ElfChnk"; it is not read`
        : `chunks ${this.#from} to ${this.#to} do not begin with "ElfChnk"; they are not read`;
    this.#notes.push({ about: this.#about, text });
    this.#from = -1;
  }
}

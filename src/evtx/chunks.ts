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
  /** Each chunk is good until the next one is asked for. Those whose records all have numbers up to `after` are passed over. */
  chunks(after?: bigint): Generator<Chunk, void, undefined>;
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
  return {
    header,
    notes,
    chunks: (after) => readChunks({ source, from, count }, firstOf(header, source, from, count), notes, after),
  };
}

/** The chunk with the oldest records: a log that is full goes on at its beginning. */
function firstOf(header: FileHeader, source: ByteSource, from: number, count: number): number {
  const first = Number(header.firstChunk);
  // The header of a log that was not closed tells of the time when it was last written.
  if (header.isDirty || header.firstChunk === 0n || first >= count) return oldestByNumber(source, from, count);
  return first;
}

/** Where the numbers of records begin anew. A header that was not written at the end does not say it. */
function oldestByNumber(source: ByteSource, from: number, count: number): number {
  const numbers = new Uint8Array(32);
  let before = -1;
  for (let i = 0; i < count; i++) {
    if (source.readAt(from + i * CHUNK_SIZE, numbers) < numbers.length || !isChunk(numbers)) continue;
    const number = u32At(numbers, 24) + u32At(numbers, 28) * 0x1_0000_0000;
    if (number < before) return i;
    before = number;
  }
  return 0;
}

/** Where the chunks of a file stand. */
interface Places {
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

function* readChunks(places: Places, first: number, notes: Note[], after?: bigint): Generator<Chunk, void, undefined> {
  const { source, from, count } = places;
  const store = new TemplateStore();
  const window = new Uint8Array(Math.min(WINDOW, count) * CHUNK_SIZE);
  for (const [start, end] of [
    [first, count],
    [0, first],
  ]) {
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
          if (bytes.some((byte) => byte !== 0))
            notes.push({ about: source.name, text: `chunk ${number} does not begin with "ElfChnk"; it is not read` });
          continue;
        }
        const chunk = new Chunk(bytes, number, store);
        notes.push(...chunk.notes.map(({ about, text }) => ({ about: `${source.name}: ${about}`, text })));
        yield chunk;
      }
    }
  }
}

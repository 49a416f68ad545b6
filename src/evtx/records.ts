// Where the records of a chunk stand: those in use, one behind the other, and those that were left behind in what is no longer used.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import { CHUNK_HEADER_SIZE, type ChunkHeader } from './chunk-header.ts';

/** Bytes of a record before its binary XML: a magic number, its size, its number, its time. */
export const RECORD_HEADER_SIZE = 24;
/** The same, and the copy of its size behind it. */
const SMALLEST_RECORD = RECORD_HEADER_SIZE + 4;
/** The byte that stands twice at its beginning, two zeros behind. */
const MAGIC = 0x2a;
const MAGIC_LENGTH = 4;

/** Ranges of a chunk [from, to) in which no record in use stands. */
export interface Unused {
  readonly from: number;
  readonly to: number;
}

export interface FoundRecords {
  /** Offsets of the records in use, ascending. */
  readonly records: readonly number[];
  readonly unused: readonly Unused[];
}

/**
 * The records in use, up to the free space or the last one's number. Where a record cannot be read, the next one is looked for whose
 * number is of this chunk: a chunk that was being written over holds those of the log's other pass as well.
 */
export function findRecords(bytes: Uint8Array, header: ChunkHeader, tell: (text: string) => void): FoundRecords {
  const records: number[] = [];
  const unused: Unused[] = [];
  const end = Math.min(bytes.length, header.freeSpaceOffset);
  const lastLow = Number(BigInt.asUintN(32, header.lastRecordId));
  let at = CHUNK_HEADER_SIZE;
  while (at < end) {
    const size = recordSizeAt(bytes, at);
    if (size > 0) {
      records.push(at);
      const isLast = u32At(bytes, at + 8) === lastLow && bigU64At(bytes, at + 8) === header.lastRecordId;
      at += size;
      if (isLast) break;
      continue;
    }
    const next = nextInUse(bytes, header, at + 1, end);
    // Zeros where a record should begin: the free space begins here, if none follows.
    if (next >= 0 || u32At(bytes, at) > 0)
      tell(
        `no record can be read at 0x${at.toString(16)}${next < 0 ? '; none follows it' : `; the next begins at 0x${next.toString(16)}`}`,
      );
    if (next < 0) break;
    unused.push({ from: at, to: next });
    at = next;
  }
  if (at < bytes.length) unused.push({ from: at, to: bytes.length });
  return { records, unused };
}

/** Records in what is not in use that are whole: their header makes sense, and the copy of the size stands at their end. */
export function recoverRecords(bytes: Uint8Array, unused: readonly Unused[]): readonly number[] {
  const found: number[] = [];
  for (const { from, to } of unused) {
    for (let at = nextMagic(bytes, from, to); at >= 0; ) {
      const size = wholeRecordAt(bytes, at);
      const isOne = size > 0 && at + size <= to;
      if (isOne) found.push(at);
      at = nextMagic(bytes, isOne ? at + size : at + 1, to);
    }
  }
  return found;
}

/** Bytes of the record at `at`; 0 when there is none. */
function recordSizeAt(bytes: Uint8Array, at: number): number {
  const size = u32At(bytes, at + 4);
  return stands(bytes, at) && size >= SMALLEST_RECORD && at + size <= bytes.length ? size : 0;
}

function wholeRecordAt(bytes: Uint8Array, at: number): number {
  const size = recordSizeAt(bytes, at);
  return size > 0 && u32At(bytes, at + size - 4) === size ? size : 0;
}

function nextInUse(bytes: Uint8Array, header: ChunkHeader, from: number, end: number): number {
  const last = Math.min(end, header.lastRecordOffset + MAGIC_LENGTH);
  for (let at = nextMagic(bytes, from, last); at >= 0; at = nextMagic(bytes, at + 1, last)) {
    const size = wholeRecordAt(bytes, at);
    const id = bigU64At(bytes, at + 8);
    if (size > 0 && at + size <= end && id >= header.firstRecordId && id <= header.lastRecordId) return at;
  }
  return -1;
}

function nextMagic(bytes: Uint8Array, from: number, end: number): number {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0 && at + MAGIC_LENGTH <= end; at = bytes.indexOf(MAGIC, at + 1))
    if (stands(bytes, at)) return at;
  return -1;
}

function stands(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MAGIC && bytes[at + 1] === MAGIC && bytes[at + 2] === 0 && bytes[at + 3] === 0;
}

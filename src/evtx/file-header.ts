// The first 4,096 bytes of an event log file: how many chunks it says it has, where it ends and whether it was closed.

import { u16At, u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { FormatError } from '../errors.ts';
import { crc32 } from './crc32.ts';

/** Bytes before the first chunk. */
export const FILE_HEADER_SIZE = 4096;
const MAGIC = 'ElfFile\0';
const USED = 128;
const CHECKED = 120;
const FLAG_DIRTY = 1;
const FLAG_FULL = 2;

export interface FileHeader {
  /** Number of the chunk with the oldest record, and of the one with the newest. */
  readonly firstChunk: bigint;
  readonly lastChunk: bigint;
  readonly nextRecordId: bigint;
  /** "3.1", "3.2". */
  readonly version: string;
  /** Bytes before the first chunk, as the header says. */
  readonly blockSize: number;
  /** Chunks in the file as the header says; a log that was not closed has more. */
  readonly chunkCount: number;
  /** The log was not closed: what the header says may be older than the chunks. */
  readonly isDirty: boolean;
  /** The log reached its greatest size. */
  readonly isFull: boolean;
  readonly checksumHolds: boolean;
}

/** Whether a file that begins so is an event log. */
export function isEventLog(start: Uint8Array): boolean {
  return start.length >= MAGIC.length && latin1(start, 0, MAGIC.length) === MAGIC;
}

/** Reads the header of a file. Throws FormatError when it is no event log. */
export function readFileHeader(bytes: Uint8Array, name: string): FileHeader {
  if (bytes.length < USED)
    throw new FormatError(`${name}: no event log: ${bytes.length} bytes are fewer than a header has`);
  if (!isEventLog(bytes)) throw new FormatError(`${name}: no event log (.evtx): it does not begin with "ElfFile"`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = u32At(bytes, 120);
  return {
    firstChunk: view.getBigUint64(8, true),
    lastChunk: view.getBigUint64(16, true),
    nextRecordId: view.getBigUint64(24, true),
    version: `${u16At(bytes, 38)}.${u16At(bytes, 36)}`,
    blockSize: u16At(bytes, 40),
    chunkCount: u16At(bytes, 42),
    isDirty: (flags & FLAG_DIRTY) !== 0,
    isFull: (flags & FLAG_FULL) !== 0,
    checksumHolds: crc32(bytes, 0, CHECKED) === u32At(bytes, 124),
  };
}

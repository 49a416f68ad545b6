// The header of a chunk: which records it holds, where they end, and the checksums of both.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { crc32 } from './crc32.ts';

export const CHUNK_SIZE = 65_536;
/** Bytes of a chunk before its first record: the header, and tables of names and templates. */
export const CHUNK_HEADER_SIZE = 512;
const USED = 128;
const CHECKED = 120;

export interface ChunkHeader {
  readonly firstRecordNumber: bigint;
  readonly lastRecordNumber: bigint;
  readonly firstRecordId: bigint;
  readonly lastRecordId: bigint;
  /** Offset of the last record, and of the first byte behind all. */
  readonly lastRecordOffset: number;
  readonly freeSpaceOffset: number;
  readonly recordsChecksum: number;
  readonly checksumHolds: boolean;
}

/** Whether a chunk begins here. */
export function isChunk(bytes: Uint8Array, at = 0): boolean {
  return latin1(bytes, at, at + 8) === 'ElfChnk\0';
}

/** The header that `bytes` begin with; numbers that are cut off are -1. */
export function readChunkHeader(bytes: Uint8Array): ChunkHeader {
  const first = crc32(bytes, 0, Math.min(bytes.length, CHECKED));
  const checksum = crc32(bytes, USED, Math.min(bytes.length, CHUNK_HEADER_SIZE), first);
  return {
    firstRecordNumber: bigU64At(bytes, 8),
    lastRecordNumber: bigU64At(bytes, 16),
    firstRecordId: bigU64At(bytes, 24),
    lastRecordId: bigU64At(bytes, 32),
    lastRecordOffset: u32At(bytes, 44),
    freeSpaceOffset: u32At(bytes, 48),
    recordsChecksum: u32At(bytes, 52),
    checksumHolds: checksum === u32At(bytes, 124),
  };
}

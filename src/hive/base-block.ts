// The base block of a registry hive or of its transaction log (regf): versions, sequence numbers, where the root is, and whether all that holds.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import { latin1, utf16le } from '../bytes/text.ts';

/** Bytes of a hive before its first bin. */
export const BASE_BLOCK_SIZE = 4096;
/** Bytes of the copy that a transaction log begins with. */
export const LOG_BASE_BLOCK_SIZE = 512;
/** Bins are a multiple of this, in bytes. */
export const PAGE_SIZE = 4096;
/** Of an offset that leads nowhere (HCELL_NIL). */
export const NIL = 0xffff_ffff;
const CHECKSUM_AT = 508;

/** What a file says that it is; anything else is kept as its number. */
export const FileType = { primary: 0, log: 1, logOfNt: 2, logOfEntries: 6 } as const;

export interface BaseBlock {
  readonly primarySequence: number;
  readonly secondarySequence: number;
  /** FILETIME; Windows 8.1 and later leave it as it was when the hive was made. */
  readonly lastWritten: bigint;
  readonly major: number;
  readonly minor: number;
  readonly fileType: number;
  readonly fileFormat: number;
  /** Of the root's key node, from the first bin on. */
  readonly rootOffset: number;
  /** Of all bins, in bytes. */
  readonly binsSize: number;
  /** The last 31 characters of the path that it was loaded from. */
  readonly fileName: string;
  readonly checksumHolds: boolean;
}

/** Whether the bytes are a registry hive, or a transaction log of one. */
export function isHive(bytes: Uint8Array): boolean {
  return latin1(bytes, 0, 4) === 'regf';
}

/** The base block that the bytes begin with; numbers that are cut off are -1. */
export function readBaseBlock(bytes: Uint8Array): BaseBlock {
  return {
    primarySequence: u32At(bytes, 4),
    secondarySequence: u32At(bytes, 8),
    lastWritten: bigU64At(bytes, 12),
    major: u32At(bytes, 20),
    minor: u32At(bytes, 24),
    fileType: u32At(bytes, 28),
    fileFormat: u32At(bytes, 32),
    rootOffset: u32At(bytes, 36),
    binsSize: u32At(bytes, 40),
    fileName: utf16le(bytes, 48, 112).replace(/\0.*$/s, ''),
    checksumHolds: isHive(bytes) && baseBlockChecksum(bytes) === u32At(bytes, CHECKSUM_AT),
  };
}

/** XOR of the first 508 bytes as 32-bit numbers; 0 and -1 are never a checksum. -1 where they are not all there. */
export function baseBlockChecksum(bytes: Uint8Array): number {
  if (bytes.length < CHECKSUM_AT) return -1;
  let sum = 0;
  for (let at = 0; at < CHECKSUM_AT; at += 4) sum ^= u32At(bytes, at);
  sum >>>= 0;
  if (sum === 0) return 1;
  return sum === 0xffff_ffff ? 0xffff_fffe : sum;
}

/** Whether the last write was not finished, so that the hive needs its transaction logs. */
export function isDirty(block: BaseBlock): boolean {
  return !block.checksumHolds || block.primarySequence !== block.secondarySequence;
}

// The transaction logs of a hive (.LOG1, .LOG2): dirty pages after a bitmap (Windows Vista to 8), or log entries with hashes (8.1 and later).

import { u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import {
  type BaseBlock,
  FileType,
  isDirty,
  isHive,
  LOG_BASE_BLOCK_SIZE,
  PAGE_SIZE,
  readBaseBlock,
} from './base-block.ts';
import { marvin32 } from './marvin32.ts';

const SECTOR = 512;
const ENTRY_HEADER_SIZE = 40;
/** A bit of the bitmap stands for so many bytes of the bins. */
const DIRTY_PAGE = 512;

/** Bytes to be written to the hive, at an offset from its first bin on. */
export interface LoggedPage {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What one write of the hive's pages was. */
export interface LogEntry {
  /** undefined in the form with a bitmap. */
  readonly sequence: number | undefined;
  readonly binsSize: number;
  readonly pages: readonly LoggedPage[];
}

export interface TransactionLog {
  /** The file's name, for messages. */
  readonly name: string;
  readonly kind: 'bitmap' | 'entries';
  readonly baseBlock: BaseBlock;
  /** Of a bitmap one; of entries those that follow each other in number. */
  readonly entries: readonly LogEntry[];
  /** Why there are no more, where that is not the end of the log. */
  readonly stopped?: string;
}

/** The log, or why it cannot be used. */
export type ReadLog = { readonly log: TransactionLog } | { readonly name: string; readonly unusable: string };

export function readTransactionLog(bytes: Uint8Array, name: string): ReadLog {
  if (bytes.every((byte) => byte === 0)) return { name, unusable: 'it is empty' };
  if (!isHive(bytes)) return { name, unusable: 'it does not begin with a base block' };
  const baseBlock = readBaseBlock(bytes);
  if (!baseBlock.checksumHolds) return { name, unusable: 'the checksum of its base block does not hold' };
  if (isDirty(baseBlock)) return { name, unusable: 'it was not written to its end' };
  switch (baseBlock.fileType) {
    case FileType.log:
    case FileType.logOfNt:
      return readBitmap(bytes, name, baseBlock);
    case FileType.logOfEntries:
      return { log: { name, kind: 'entries', baseBlock, ...readEntries(bytes, baseBlock.primarySequence) } };
    default:
      return { name, unusable: `it says that it is of type ${baseBlock.fileType}, which is no transaction log` };
  }
}

/** "DIRT", a bit for each 512 bytes of the bins, and the pages whose bit is set. */
function readBitmap(bytes: Uint8Array, name: string, baseBlock: BaseBlock): ReadLog {
  const { binsSize } = baseBlock;
  const bitmap = LOG_BASE_BLOCK_SIZE + 4;
  const bitmapSize = Math.ceil(binsSize / DIRTY_PAGE / 8);
  if (latin1(bytes, LOG_BASE_BLOCK_SIZE, bitmap) !== 'DIRT')
    return { name, unusable: 'it has no bitmap of dirty pages' };
  if (bitmap + bitmapSize > bytes.length) return { name, unusable: 'its bitmap of dirty pages is cut off' };
  const pages: LoggedPage[] = [];
  let at = Math.ceil((bitmap + bitmapSize) / SECTOR) * SECTOR;
  for (let bit = 0; bit < bitmapSize * 8; bit++) {
    if (((bytes[bitmap + (bit >> 3)] >> (bit & 7)) & 1) === 0) continue;
    if (at + DIRTY_PAGE > bytes.length) {
      const entries = [{ sequence: undefined, binsSize, pages }];
      return { log: { name, kind: 'bitmap', baseBlock, entries, stopped: 'its dirty pages are cut off' } };
    }
    pages.push({ offset: bit * DIRTY_PAGE, bytes: bytes.subarray(at, at + DIRTY_PAGE) });
    at += DIRTY_PAGE;
  }
  return { log: { name, kind: 'bitmap', baseBlock, entries: [{ sequence: undefined, binsSize, pages }] } };
}

/** Entries one after the other, each with the number after its predecessor's; remnants of older ones stand behind them. */
function readEntries(bytes: Uint8Array, first: number): { entries: LogEntry[]; stopped?: string } {
  const entries: LogEntry[] = [];
  let expected = first;
  for (let at = LOG_BASE_BLOCK_SIZE; at + ENTRY_HEADER_SIZE <= bytes.length; ) {
    if (latin1(bytes, at, at + 4) !== 'HvLE') break;
    const sequence = u32At(bytes, at + 12);
    // An older entry, left from before the log was begun anew.
    if (sequence !== expected) break;
    const entry = readEntry(bytes, at, sequence);
    if (typeof entry === 'string') return { entries, stopped: `entry ${sequence} ${entry}` };
    entries.push(entry);
    expected = (sequence + 1) >>> 0;
    at += u32At(bytes, at + 4);
  }
  return { entries };
}

function readEntry(bytes: Uint8Array, at: number, sequence: number): LogEntry | string {
  const size = u32At(bytes, at + 4);
  const binsSize = u32At(bytes, at + 16);
  const count = u32At(bytes, at + 20);
  if (size < SECTOR || size % SECTOR !== 0) return `says that it has ${size} bytes`;
  if (at + size > bytes.length) return 'is cut off';
  if (!holds(bytes, at, at + 32, at + 32) || !holds(bytes, at + ENTRY_HEADER_SIZE, at + size, at + 24))
    return 'has a hash that does not hold';
  if (binsSize === 0 || binsSize % PAGE_SIZE !== 0) return `says that the bins have ${binsSize} bytes`;
  let data = at + ENTRY_HEADER_SIZE + count * 8;
  if (data > at + size) return `says that it has ${count} pages, which is more than it has room for`;
  const pages: LoggedPage[] = [];
  for (let i = 0; i < count; i++) {
    const reference = at + ENTRY_HEADER_SIZE + i * 8;
    const length = u32At(bytes, reference + 4);
    if (data + length > at + size) return 'has a page that goes on behind it';
    pages.push({ offset: u32At(bytes, reference), bytes: bytes.subarray(data, data + length) });
    data += length;
  }
  return { sequence, binsSize, pages };
}

function holds(bytes: Uint8Array, start: number, end: number, hashAt: number): boolean {
  const { low, high } = marvin32(bytes, start, end);
  return low === u32At(bytes, hashAt) && high === u32At(bytes, hashAt + 4);
}

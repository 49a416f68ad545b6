// The parts of a variable-length value of the SAM: a table of (offset, length, third number), and the bytes that they lead to.

import { u32At } from '../../bytes/cursor.ts';
import { utf16le } from '../../bytes/text.ts';

const ENTRY_SIZE = 12;

/** A value's table of parts. */
export interface PartTable {
  readonly bytes: Uint8Array;
  /** Of the table, in the value. */
  readonly tableAt: number;
  /** Where offsets count from. */
  readonly base: number;
}

export interface Part {
  /** As many as are there: fewer than `length` where the part goes on behind the value. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** A revision, a count or nothing, by the part. */
  readonly third: number;
  readonly isWhole: boolean;
}

export function partAt({ bytes, tableAt, base }: PartTable, index: number): Part {
  const at = tableAt + index * ENTRY_SIZE;
  const [offset, length, third] = [u32At(bytes, at), u32At(bytes, at + 4), u32At(bytes, at + 8)];
  if (third < 0) return { bytes: new Uint8Array(0), length: 0, third: 0, isWhole: false };
  const start = base + offset;
  return { bytes: bytes.subarray(start, start + length), length, third, isWhole: start + length <= bytes.length };
}

/** A part's text, UTF-16LE; undefined where it is not whole. */
export function partText(table: PartTable, index: number): string | undefined {
  const { bytes, isWhole } = partAt(table, index);
  return isWhole ? utf16le(bytes, 0, bytes.length) : undefined;
}

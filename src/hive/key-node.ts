// The record of a key (nk): its times, names and counts, and where its lists are.

import { bigU64At, u16At, u32At } from '../bytes/cursor.ts';
import { latin1, utf16le } from '../bytes/text.ts';

/** Bytes of the record before the name. */
const NAME_AT = 76;

/** Bits of a key node's flags (CM_KEY_NODE). */
export const KeyFlag = {
  volatile: 0x1,
  hiveExit: 0x2,
  hiveEntry: 0x4,
  noDelete: 0x8,
  symbolicLink: 0x10,
  compressedName: 0x20,
  predefinedHandle: 0x40,
} as const;

/** Offsets count from the first bin on. */
export interface KeyNode {
  readonly flags: number;
  /** FILETIME. */
  readonly lastWritten: bigint;
  readonly parent: number;
  readonly subkeyCount: number;
  readonly subkeyList: number;
  readonly valueCount: number;
  readonly valueList: number;
  readonly security: number;
  readonly classOffset: number;
  /** In bytes. */
  readonly classLength: number;
  readonly name: string;
  /** The record ends before its name does. */
  readonly isNameCut: boolean;
}

/** undefined where the cell holds no key node. */
export function readKeyNode(cell: Uint8Array): KeyNode | undefined {
  if (cell.length < NAME_AT || latin1(cell, 0, 2) !== 'nk') return undefined;
  const flags = u16At(cell, 2);
  const end = NAME_AT + u16At(cell, 72);
  return {
    flags,
    lastWritten: bigU64At(cell, 4),
    parent: u32At(cell, 16),
    subkeyCount: u32At(cell, 20),
    subkeyList: u32At(cell, 28),
    valueCount: u32At(cell, 36),
    valueList: u32At(cell, 40),
    security: u32At(cell, 44),
    classOffset: u32At(cell, 48),
    classLength: u16At(cell, 74),
    name: (flags & KeyFlag.compressedName) !== 0 ? latin1(cell, NAME_AT, end) : utf16le(cell, NAME_AT, end),
    isNameCut: end > cell.length,
  };
}

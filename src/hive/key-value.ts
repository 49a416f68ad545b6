// The record of a value (vk): its name, its type, which is any number, and where its data is.

import { u16At, u32At } from '../bytes/cursor.ts';
import { latin1, utf16le } from '../bytes/text.ts';

/** Bytes of the record before the name. */
const NAME_AT = 20;
const RESIDENT = 0x8000_0000;
const COMPRESSED_NAME = 1;

/** Types that winnt.h names; any other number is a type too. */
export const RegType = {
  none: 0,
  sz: 1,
  expandSz: 2,
  binary: 3,
  dword: 4,
  dwordBigEndian: 5,
  link: 6,
  multiSz: 7,
  resourceList: 8,
  fullResourceDescriptor: 9,
  resourceRequirementsList: 10,
  qword: 11,
} as const;

export interface KeyValue {
  /** Empty: the key's default value. */
  readonly name: string;
  readonly type: number;
  /** Bytes of the data. */
  readonly size: number;
  /** Data of up to four bytes that stands in the record itself. */
  readonly resident?: Uint8Array;
  /** From the first bin on. */
  readonly dataOffset: number;
  /** The record ends before its name does. */
  readonly isNameCut: boolean;
}

/** undefined where the cell holds no value. */
export function readKeyValue(cell: Uint8Array): KeyValue | undefined {
  if (cell.length < NAME_AT || latin1(cell, 0, 2) !== 'vk') return undefined;
  const size = u32At(cell, 4);
  const end = NAME_AT + u16At(cell, 2);
  const isResident = size >= RESIDENT;
  return {
    name: (u16At(cell, 16) & COMPRESSED_NAME) !== 0 ? latin1(cell, NAME_AT, end) : utf16le(cell, NAME_AT, end),
    type: u32At(cell, 12),
    size: isResident ? size - RESIDENT : size,
    ...(isResident ? { resident: cell.subarray(8, 8 + Math.min(4, size - RESIDENT)) } : {}),
    dataOffset: u32At(cell, 8),
    isNameCut: end > cell.length,
  };
}

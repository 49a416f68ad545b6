// The data of a value: within its record, in a cell, or in the segments of big data (db).

import { u16At, u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { Cells } from './cells.ts';
import { type HiveNotes, offsetText } from './hive-notes.ts';
import type { KeyValue } from './key-value.ts';

/** Bytes of a segment of big data, and of the largest data without. */
export const SEGMENT_SIZE = 16_344;
/** Hives of this minor version and later have big data. */
const BIG_DATA_MINOR = 4;

/** What is there of the data of the value whose record is at `owner`: fewer bytes than `value.size`, with a note, where it is cut off. */
export function valueBytes(cells: Cells, value: KeyValue, owner: number, minor: number, notes: HiveNotes): Uint8Array {
  const found =
    value.resident ?? (value.size === 0 ? new Uint8Array(0) : storedBytes(cells, value, owner, minor, notes));
  if (found !== undefined && found.length < value.size)
    notes.add('data', `the data of the value at ${offsetText(owner)} has ${found.length} of ${value.size} bytes`);
  return found ?? new Uint8Array(0);
}

function storedBytes(
  cells: Cells,
  { dataOffset, size }: KeyValue,
  owner: number,
  minor: number,
  notes: HiveNotes,
): Uint8Array | undefined {
  const cell = cells.owned(dataOffset, owner, 'data');
  const isBig = cell !== undefined && size > SEGMENT_SIZE && minor >= BIG_DATA_MINOR && latin1(cell, 0, 2) === 'db';
  return isBig ? segments(cells, cell, owner, size, notes) : cell?.subarray(0, size);
}

function segments(cells: Cells, cell: Uint8Array, owner: number, size: number, notes: HiveNotes): Uint8Array {
  const list = cells.owned(u32At(cell, 4), owner, 'list of segments') ?? new Uint8Array(0);
  const count = Math.min(u16At(cell, 2), Math.floor(list.length / 4));
  const parts: Uint8Array[] = [];
  const seen = new Set<number>();
  let have = 0;
  for (let i = 0; i < count && have < size; i++) {
    const at = u32At(list, i * 4);
    if (seen.has(at)) {
      notes.add('data', `big data of the value at ${offsetText(owner)} has the segment at ${offsetText(at)} twice`);
      break;
    }
    seen.add(at);
    // A segment that is not there ends the data: what comes after it would stand in a wrong place.
    const segment = cells.owned(at, owner, 'segment')?.subarray(0, Math.min(SEGMENT_SIZE, size - have));
    if (segment === undefined) break;
    parts.push(segment);
    have += segment.length;
    if (segment.length < SEGMENT_SIZE) break;
  }
  const bytes = new Uint8Array(have);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

// A value of binary XML as the text that Windows writes for it.

import { bigU64At, u16At, u32At } from '../bytes/cursor.ts';
import { fileTimeText } from '../bytes/file-time.ts';
import { guidAt } from '../bytes/guid.ts';
import { sidText } from '../bytes/sid.ts';
import { ansiText, utf16Text } from './log-text.ts';
import { ARRAY, SIZE_OF, ValueType } from './value-type.ts';

/** A value's bytes: [from, from + size) of a chunk. */
export interface ValueBytes {
  readonly bytes: Uint8Array;
  readonly type: number;
  readonly from: number;
  readonly size: number;
}

/** Whether a value is nothing: null, or without a character, byte or member. */
export function isEmptyValue(bytes: Uint8Array, type: number, from: number, size: number): boolean {
  if (type === ValueType.null || size === 0) return true;
  if (type === ValueType.string) return size < 2 || (bytes[from] === 0 && bytes[from + 1] === 0);
  return type === ValueType.ansiString && bytes[from] === 0 && ansiText(bytes, from, from + size) === '';
}

/** The same of a value. */
export function isEmpty({ bytes, type, from, size }: ValueBytes): boolean {
  return isEmptyValue(bytes, type, from, size);
}

/** The text of a value; members of an array are set apart by commas. */
export function valueText(value: ValueBytes): string {
  const { bytes, type, from, size } = value;
  if ((type & ARRAY) !== 0) return arrayItems(value).map(valueText).join(',');
  const fixed = SIZE_OF[type];
  // A number that has not its type's bytes is told by the bytes that it has.
  if (fixed > 0 && fixed !== size) return size === 0 ? '' : hexBytes(bytes, from, size);
  switch (type) {
    case ValueType.null:
      return '';
    case ValueType.string:
      return utf16Text(bytes, from, endOfString(bytes, from, size));
    case ValueType.ansiString:
      return ansiText(bytes, from, from + size);
    case ValueType.int8:
      return String((bytes[from] << 24) >> 24);
    case ValueType.uint8:
      return String(bytes[from]);
    case ValueType.int16:
      return String((u16At(bytes, from) << 16) >> 16);
    case ValueType.uint16:
      return String(u16At(bytes, from));
    case ValueType.int32:
      return String(u32At(bytes, from) | 0);
    case ValueType.uint32:
      return String(u32At(bytes, from));
    case ValueType.int64:
      return BigInt.asIntN(64, bigU64At(bytes, from)).toString();
    case ValueType.uint64:
      return bigU64At(bytes, from).toString();
    case ValueType.real32:
    case ValueType.real64:
      return realText(value);
    case ValueType.bool: {
      const number = u32At(bytes, from) | 0;
      return number === 0 ? 'false' : number === 1 ? 'true' : String(number);
    }
    case ValueType.guid:
      return `{${guidAt(bytes, from)}}`;
    case ValueType.hexInt32:
      return `0x${u32At(bytes, from).toString(16)}`;
    case ValueType.hexInt64:
      return `0x${bigU64At(bytes, from).toString(16)}`;
    case ValueType.sizeT:
      return size === 4 || size === 8
        ? `0x${(size === 4 ? BigInt(u32At(bytes, from)) : bigU64At(bytes, from)).toString(16)}`
        : hexBytes(bytes, from, size);
    case ValueType.fileTime:
      return fileTimeText(bigU64At(bytes, from));
    case ValueType.systemTime:
      return systemTimeText(bytes, from);
    case ValueType.sid:
      return sidText(bytes, from, size);
    default:
      return hexBytes(bytes, from, size);
  }
}

/** Of a string's bytes, the text behind the last \ or /. */
export function fileNameOf(bytes: Uint8Array, from: number, size: number): string {
  const end = endOfString(bytes, from, size);
  let start = end;
  while (start > from && !(bytes[start - 1] === 0 && (bytes[start - 2] === 0x5c || bytes[start - 2] === 0x2f)))
    start -= 2;
  return utf16Text(bytes, start, end);
}

/** Where a string ends: at the first zero, or with its bytes. */
function endOfString(bytes: Uint8Array, from: number, size: number): number {
  const end = from + (size & ~1);
  for (let at = from; at < end; at += 2) if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
  return end;
}

/** The members of an array. */
export function arrayItems({ bytes, type, from, size }: ValueBytes): readonly ValueBytes[] {
  const single = type & ~ARRAY;
  const items: ValueBytes[] = [];
  if (single === ValueType.string || single === ValueType.ansiString) {
    const unit = single === ValueType.string ? 2 : 1;
    const end = from + size - (size % unit);
    for (let at = from; at < end; ) {
      let stop = at;
      while (stop + unit <= end && (bytes[stop] !== 0 || (unit === 2 && bytes[stop + 1] !== 0))) stop += unit;
      items.push({ bytes, type: single, from: at, size: Math.min(stop, end) - at });
      at = stop + unit;
    }
    return items;
  }
  const end = from + size;
  for (let at = from; at < end; ) {
    const length = single === ValueType.sid ? 8 + 4 * (bytes[at + 1] ?? 0) : SIZE_OF[single];
    if (length === 0 || at + length > end) {
      items.push({ bytes, type: ValueType.binary, from: at, size: end - at });
      break;
    }
    items.push({ bytes, type: single, from: at, size: length });
    at += length;
  }
  return items;
}

const HEX = '0123456789ABCDEF';

function hexBytes(bytes: Uint8Array, from: number, size: number): string {
  let text = '';
  for (let at = from; at < from + size; at++) text += HEX[bytes[at] >> 4] + HEX[bytes[at] & 15];
  return text;
}

/** The shortest text that is read as the same number; a whole one ends in ".0". */
function realText({ bytes, type, from }: ValueBytes): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from);
  const value = type === ValueType.real32 ? shortestOf32(view.getFloat32(0, true)) : view.getFloat64(0, true);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-inf' : 'inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text.replace('e+', 'e') : `${text}.0`;
}

/** A 32-bit number with no more digits than tell it from its neighbours. */
function shortestOf32(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** SYSTEMTIME (minwinbase.h): year, month, day of the week, day, hour, minute, second, milliseconds. */
function systemTimeText(bytes: Uint8Array, from: number): string {
  const part = (number: number, digits: number): string =>
    String(u16At(bytes, from + number * 2)).padStart(digits, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}0000Z`;
}

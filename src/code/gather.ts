// Text that a program lays down as numbers: its bytes, one after the other, up to the terminator.
import { isText } from './image-text.ts';
import { concatenate, isEmpty } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { UNSET, type ValueId } from './values.ts';

const GATHER_LIMIT = 1024;
/** Bytes laid down as numbers at most, for a text to follow behind them. */
const PREFIX_LIMIT = 64;

/** A byte, and the RVA in the image that it was copied from (0 when it stands in an instruction). */
export interface GatheredByte {
  readonly byte: number;
  readonly rva: number;
}

/**
 * The text whose bytes `byteAt` gives (undefined where no byte is known); `textAt` is a text that was written so many bytes behind the start.
 * UNSET when there is none.
 */
export function gatherText(
  table: ValueTable,
  wide: boolean | undefined,
  byteAt: (index: number) => GatheredByte | undefined,
  textAt: (index: number) => ValueId,
): ValueId {
  const bytes: number[] = [];
  let from = 0;
  while (bytes.length < GATHER_LIMIT) {
    const next = byteAt(bytes.length);
    if (next === undefined) break;
    bytes.push(next.byte);
    if (from === 0) from = next.rva;
    const n = bytes.length;
    if (wide === false || (wide === undefined && n >= 2 && bytes[1] !== 0)) {
      if (next.byte === 0) break;
    } else if (n % 2 === 0 && next.byte === 0 && bytes[n - 2] === 0) break;
  }
  if (bytes.length === 0) return UNSET;
  const asWide = wide ?? (bytes.length >= 2 && bytes[1] === 0);
  let text = '';
  let ended = false;
  for (let i = 0; i + (asWide ? 1 : 0) < bytes.length && !ended; i += asWide ? 2 : 1) {
    const unit = asWide ? bytes[i] | (bytes[i + 1] << 8) : bytes[i];
    ended = unit === 0;
    if (!ended) text += String.fromCharCode(unit);
  }
  if (!isText(text)) return UNSET;
  if (ended) {
    // The zero may be older than a text that was written on it.
    const end = text.length * (asWide ? 2 : 1);
    const over = end === 0 || end > PREFIX_LIMIT ? UNSET : textAt(end);
    const prefix = table.immediateText(text, from, asWide);
    return over === UNSET || isEmpty(table, over) ? prefix : concatenate(table, [prefix, over], 0, 'the buffer');
  }
  const more = bytes.length > PREFIX_LIMIT ? UNSET : textAt(bytes.length);
  if (more !== UNSET) return concatenate(table, [table.immediateText(text, from, asWide), more], 0, 'the buffer');
  return text.length < 2 ? UNSET : table.immediateText(text, from, asWide);
}

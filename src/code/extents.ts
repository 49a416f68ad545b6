// Where an instruction may write, told once from its addresses: memory that lies elsewhere need not ask it again.
import type { Place } from './place.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, type ValueId } from './values.ts';
import { COPY_WORDS_LIMIT, type Write } from './writes.ts';

/** Stretches of memory that one instruction may write. */
export interface Extents {
  /** Base, first and last offset of each stretch in turn. */
  readonly stretches: readonly number[];
  /** Whether texts, too, are only written there: else a text may come to a place through pointers that are no part of this. */
  readonly tellsTexts: boolean;
  /** The call's own site where what it made itself may be written, too; -1 where not. */
  readonly makes: number;
}

export const NO_EXTENTS: Extents = { stretches: [], tellsTexts: true, makes: -1 };

/** Bytes behind a pointer that a function of the module was given, in which it may write. */
export const OBJECT_LIMIT = 0x1000;

/** Of a store of `width` bytes; at an address that moves only a text can be followed. */
export function extentsOfStore(table: ValueTable, to: ValueId, width: number): Extents {
  const place = table.address(to);
  if (!place || place.somewhere) return { stretches: [], tellsTexts: false, makes: -1 };
  return { stretches: [place.base, place.offset, place.offset + width - 1], tellsTexts: true, makes: -1 };
}

/** Of a string operation that begins at `to` and goes either way. */
export function extentsOfStringOperation(table: ValueTable, to: ValueId): Extents {
  const base = table.address(to)?.base ?? UNKNOWN;
  return { stretches: [base, -Infinity, Infinity], tellsTexts: true, makes: -1 };
}

/** Of a function of the module, called at `site` with pointers to those places. */
export function extentsOfCallee(given: readonly Place[], site: number): Extents {
  const stretches: number[] = [];
  for (const { base, offset, somewhere } of given)
    if (!somewhere) stretches.push(base, offset, offset + OBJECT_LIMIT - 1);
  return { stretches, tellsTexts: false, makes: site };
}

/** Of a call whose writes are known. */
export function extentsOfWrites(table: ValueTable, writes: readonly Write[]): Extents {
  const stretches: number[] = [];
  for (const write of writes) {
    const place = table.address(write.to);
    switch (write.kind) {
      case 'word':
      case 'output':
        if (place) stretches.push(place.base, place.offset, place.offset + write.width - 1);
        break;
      case 'zero':
        if (place) stretches.push(place.base, place.offset, place.offset + write.size - 1);
        break;
      case 'copy':
        if (place && !place.somewhere) stretches.push(place.base, place.offset, place.offset + COPY_WORDS_LIMIT - 1);
        else textStretches(table, write.to, stretches);
        break;
      case 'text':
        textStretches(table, write.to, stretches);
        break;
      default: {
        const never: never = write;
        return never;
      }
    }
  }
  return { stretches, tellsTexts: true, makes: -1 };
}

/** Where texts begin that are written through a pointer. */
function textStretches(table: ValueTable, to: ValueId, stretches: number[]): void {
  for (const one of table.alternatives(to)) {
    const place = table.address(table.buffer(one));
    if (place) stretches.push(place.base, place.offset, place.offset);
  }
}

/** Whether a stretch lies on the bytes of `base` from offset `first` to `last`. */
export function lieOn({ stretches }: Extents, base: ValueId, first: number, last: number): boolean {
  for (let k = 0; k < stretches.length; k += 3)
    if (stretches[k] === base && stretches[k + 1] <= last && stretches[k + 2] >= first) return true;
  return false;
}

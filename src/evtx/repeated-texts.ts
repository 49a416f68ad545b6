// Texts that come again and again in a log, as host names do: one with the same bytes as before is not built again.

import { valueText } from './value-text.ts';
import { ValueType } from './value-type.ts';

/** Texts that are kept; a newer one takes an older one's place. */
const KEPT = 256;
/** Longer ones are built each time. */
const LONGEST = 512;

interface Kept {
  readonly bytes: Uint8Array;
  readonly text: string;
}

export class RepeatedTexts {
  readonly #kept: (Kept | undefined)[] = new Array<Kept | undefined>(KEPT).fill(undefined);

  /** The text of a value of type string at [from, from + size). */
  text(bytes: Uint8Array, from: number, size: number): string {
    const place = placeOf(bytes, from, size);
    const kept = this.#kept[place];
    if (kept && isSame(kept.bytes, bytes, from, size)) return kept.text;
    const text = valueText({ bytes, type: ValueType.string, from, size });
    if (size <= LONGEST) this.#kept[place] = { bytes: bytes.slice(from, from + size), text };
    return text;
  }
}

/** Of the first characters, where most names of hosts differ. */
function placeOf(bytes: Uint8Array, from: number, size: number): number {
  let hash = size;
  const end = from + Math.min(size, 64);
  for (let at = from; at < end; at += 2) hash = (Math.imul(hash, 31) + bytes[at]) | 0;
  return (hash >>> 0) % KEPT;
}

function isSame(kept: Uint8Array, bytes: Uint8Array, from: number, size: number): boolean {
  if (kept.length !== size) return false;
  for (let i = 0; i < size; i++) if (kept[i] !== bytes[from + i]) return false;
  return true;
}

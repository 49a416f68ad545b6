// A search that remembers what it found in values that were there before: programs, users and folders of a log are the same ones again and again.

import type { Finder, TextSearch } from './text-search.ts';

/** Values that are remembered: one for each place of the table. */
const PLACES = 1 << 9;
/** Bytes of the longest value that is remembered. */
const LONGEST = 1 << 10;
/** After so many values it is judged whether remembering pays: where a part of them was not known. */
const TRIAL = 1 << 11;
const LEAST_KNOWN = 0.25;
/** Units of a value that its place is told by. */
const SAMPLES = 12;

interface Remembered {
  readonly value: DataView;
  readonly found: readonly number[];
}

export class RememberedSearch implements TextSearch {
  readonly hasSymbols: boolean;
  readonly #search: TextSearch;
  #places: (Remembered | undefined)[] | undefined = new Array(PLACES).fill(undefined);
  #asked = 0;
  #known = 0;
  /** The bytes that were looked through last, and a view of them. */
  #bytes: Uint8Array = new Uint8Array(0);
  #view = viewOf(this.#bytes);

  constructor(search: TextSearch) {
    this.#search = search;
    this.hasSymbols = search.hasSymbols;
  }

  scanText(text: string, finder: Finder): void {
    this.#search.scanText(text, finder);
  }

  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void {
    const places = this.#places;
    if (places === undefined || size > LONGEST) {
      this.#search.scanBytes(bytes, from, size, finder);
      return;
    }
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    const place = placeOf(this.#view, from, size);
    const before = places[place];
    this.#asked++;
    if (before !== undefined && isSame(before.value, this.#view, from, size)) {
      this.#known++;
      const { found } = before;
      for (let i = 0; i < found.length; i++) finder.found(found[i]);
      return;
    }
    const found = new Set<number>();
    this.#search.scanBytes(bytes, from, size, { found: (id) => void found.add(id) });
    for (const id of found) finder.found(id);
    places[place] = { value: viewOf(bytes.slice(from, from + size)), found: [...found] };
    if (this.#asked >= TRIAL) this.#judge();
  }

  /** Gives up where hardly a value comes again. */
  #judge(): void {
    if (this.#known < this.#asked * LEAST_KNOWN) this.#places = undefined;
    this.#asked = 0;
    this.#known = 0;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Told by the size, the last units (where paths differ), and some of all. */
function placeOf(view: DataView, from: number, size: number): number {
  const step = Math.max(2, (size / SAMPLES) & ~1);
  let hash = size;
  for (let at = from + size - 2; at >= from; at -= step) hash = Math.imul(hash ^ view.getUint16(at, true), 0x01000193);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

function isSame(known: DataView, view: DataView, from: number, size: number): boolean {
  if (known.byteLength !== size) return false;
  let i = 0;
  for (; i + 4 <= size; i += 4) if (known.getInt32(i) !== view.getInt32(from + i)) return false;
  for (; i < size; i++) if (known.getUint8(i) !== view.getUint8(from + i)) return false;
  return true;
}

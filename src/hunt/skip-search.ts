// A few long texts looked for anywhere in a value by looking at few of its characters (Wu and Manber 1994).

import type { Finder, Sought, TextSearch } from './text-search.ts';
import { hasSymbols, UnitClasses } from './text-search.ts';

/** Entries of the tables by pairs of units. */
const PAIRS = 1 << 12;
/** Units of the shortest text that it pays for. */
export const SHORTEST_SKIP = 4;

/** Texts with the anchor "anywhere" of at least {@link SHORTEST_SKIP} units. */
export class SkipSearch implements TextSearch {
  readonly hasSymbols: boolean;
  readonly #classes: UnitClasses;
  /** Units of the shortest text: the window. */
  readonly #window: number;
  /** By a pair, how far the window may go on when it ends with that; 0: a text may be there. */
  readonly #shifts = new Uint8Array(PAIRS);
  /** By a pair, the texts whose window ends with it. */
  readonly #texts: (Sought[] | undefined)[] = [];

  constructor(texts: readonly Sought[]) {
    this.hasSymbols = hasSymbols(texts);
    this.#classes = new UnitClasses(texts);
    this.#window = texts.reduce((least, { text }) => Math.min(least, text.length), 255);
    this.#shifts.fill(this.#window - 1);
    for (const one of texts) {
      for (let i = 1; i < this.#window; i++) {
        const pair = this.#pairOf(one.text, i);
        this.#shifts[pair] = Math.min(this.#shifts[pair], this.#window - 1 - i);
      }
      const last = this.#pairOf(one.text, this.#window - 1);
      const others = this.#texts[last];
      if (others) others.push(one);
      else this.#texts[last] = [one];
    }
  }

  #pairOf(text: string, last: number): number {
    return pairOf(this.#classes.of(text.charCodeAt(last - 1)), this.#classes.of(text.charCodeAt(last)));
  }

  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void {
    const { ascii } = this.#classes;
    const shifts = this.#shifts;
    const length = size >> 1;
    for (let last = this.#window - 1; last < length; ) {
      const at = from + last * 2;
      const before = bytes[at - 2] | (bytes[at - 1] << 8);
      const unit = bytes[at] | (bytes[at + 1] << 8);
      const one = before < 128 ? ascii[before] : this.#classes.of(before);
      const other = unit < 128 ? ascii[unit] : this.#classes.of(unit);
      const shift = shifts[pairOf(one, other)];
      if (shift === 0) this.#look(pairOf(one, other), last, new ByteUnits(bytes, from, length), finder);
      last += shift === 0 ? 1 : shift;
    }
  }

  scanText(text: string, finder: Finder): void {
    const shifts = this.#shifts;
    for (let last = this.#window - 1; last < text.length; ) {
      const pair = this.#pairOf(text, last);
      const shift = shifts[pair];
      if (shift === 0) this.#look(pair, last, new TextUnits(text), finder);
      last += shift === 0 ? 1 : shift;
    }
  }

  #look(pair: number, last: number, units: Units, finder: Finder): void {
    const from = last - this.#window + 1;
    for (const { text, id } of this.#texts[pair] ?? [])
      if (this.#stands(text, from, units) && !units.isCut(from)) finder.found(id);
  }

  #stands(text: string, from: number, units: Units): boolean {
    if (from + text.length > units.length) return false;
    for (let i = 0; i < text.length; i++)
      if (this.#classes.of(units.at(from + i)) !== this.#classes.of(text.charCodeAt(i))) return false;
    return true;
  }
}

function pairOf(one: number, other: number): number {
  return ((one << 6) ^ other) & (PAIRS - 1);
}

/** Of a value, where a text may be. */
interface Units {
  readonly length: number;
  at(index: number): number;
  /** Whether the value ends in front of this unit. */
  isCut(index: number): boolean;
}

class TextUnits implements Units {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  at(index: number): number {
    return this.#text.charCodeAt(index);
  }

  isCut(): boolean {
    return false;
  }
}

class ByteUnits implements Units {
  readonly #bytes: Uint8Array;
  readonly #from: number;
  readonly length: number;

  constructor(bytes: Uint8Array, from: number, length: number) {
    this.#bytes = bytes;
    this.#from = from;
    this.length = length;
  }

  at(index: number): number {
    const at = this.#from + index * 2;
    return this.#bytes[at] | (this.#bytes[at + 1] << 8);
  }

  /** A string ends at its first zero. */
  isCut(index: number): boolean {
    for (let i = 0; i < index; i++) if (this.at(i) === 0) return true;
    return false;
  }
}

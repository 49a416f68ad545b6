// What looks for many texts in one pass over a value, and how it tells characters apart.

import { foldedInto } from '../rule/fold.ts';
import type { Anchor } from './literals.ts';

export interface Sought {
  /** Folded, without NUL, not empty. */
  readonly text: string;
  readonly anchor: Anchor;
  /** What is told when it is found. */
  readonly id: number;
}

/** Is told what was found; the same may be told more than once. */
export interface Finder {
  found(id: number): void;
}

/** Looks for the texts it was made of. */
export interface TextSearch {
  /** Whether a text could be found in what is no text: numbers, times, GUIDs, SIDs, bytes. */
  readonly hasSymbols: boolean;
  /** Looks through UTF-16 (little-endian) bytes, up to the first zero. */
  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void;
  scanText(text: string, finder: Finder): void;
}

/** Of what a number, a time, a GUID, a SID or bytes are written. */
const SYMBOLS = /^[\da-fxtzs{}:.,-]+$/;

export function hasSymbols(texts: readonly Sought[]): boolean {
  return texts.some(({ text }) => SYMBOLS.test(text));
}

/** Classes of UTF-16 units: those that texts have get one each, and what is folded into one has the same. Those of ASCII come first. */
export class UnitClasses {
  readonly ascii = new Uint16Array(128);
  /** Classes of ASCII and 0, that of units which no text has. */
  readonly asciiWidth: number;
  readonly #others = new Map<number, number>();

  constructor(texts: readonly Sought[]) {
    const units = new Set<number>();
    for (const { text } of texts) for (let i = 0; i < text.length; i++) units.add(text.charCodeAt(i));
    const sorted = [...units].sort((one, other) => one - other);
    for (const [index, unit] of sorted.entries())
      for (const each of [unit, ...foldedInto(unit)]) {
        if (each < 128) this.ascii[each] = index + 1;
        else this.#others.set(each, index + 1);
      }
    this.asciiWidth = 1 + sorted.filter((unit) => unit < 128).length;
  }

  of(unit: number): number {
    return unit < 128 ? this.ascii[unit] : (this.#others.get(unit) ?? 0);
  }
}

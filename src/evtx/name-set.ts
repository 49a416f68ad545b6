// Names that a value may be, compared without regard to case, and without a text being made of the value.

import { type ValueBytes, valueText } from './value-text.ts';

const CAPITALS_FROM = 0x41;
const CAPITALS_TO = 0x5a;
const TO_SMALL = 0x20;
const ASCII = 0x80;

export class NameSet {
  readonly #names: ReadonlySet<string>;
  /** Those of ASCII alone, in small letters, as UTF-16 units. */
  readonly #units: readonly Uint16Array[];

  constructor(names: readonly string[]) {
    const lower = names.map((name) => name.toLowerCase());
    this.#names = new Set(lower);
    this.#units = lower.map((name) => Uint16Array.from(name, (char) => char.charCodeAt(0)));
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  /** Whether a value of type string is one of the names. */
  hasValue(value: ValueBytes): boolean {
    const { bytes, from, size } = value;
    const end = from + (size & ~1);
    for (let at = from; at < end; at += 2) {
      const unit = bytes[at] | (bytes[at + 1] << 8);
      // A string may end early; letters beyond ASCII have cases of their own.
      if (unit === 0 || unit >= ASCII) return this.has(valueText(value));
    }
    return this.#units.some((name) => name.length * 2 === end - from && isSame(name, bytes, from));
  }
}

function isSame(name: Uint16Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < name.length; i++) {
    const unit = bytes[from + i * 2] | (bytes[from + i * 2 + 1] << 8);
    if (name[i] !== (unit >= CAPITALS_FROM && unit <= CAPITALS_TO ? unit + TO_SMALL : unit)) return false;
  }
  return true;
}

// What was read with doubt out of a hive: each thing told once, and no more than a person reads.

import type { Note } from '../errors.ts';

/** Notes that are kept; what is more is counted. */
const MOST_NOTES = 200;

export class HiveNotes {
  readonly #notes = new Map<string, Note>();
  #more = 0;

  add(about: string, text: string): void {
    if (this.#notes.has(text)) return;
    if (this.#notes.size >= MOST_NOTES) this.#more++;
    else this.#notes.set(text, { about, text });
  }

  /** In the order in which they were met. */
  get all(): readonly Note[] {
    const notes = [...this.#notes.values()];
    return this.#more === 0
      ? notes
      : [...notes, { about: 'hive', text: `there is more amiss than is listed here: told ${this.#more} times more` }];
  }
}

/** "0x1a8": an offset from the first bin on, as notes name it. */
export function offsetText(offset: number): string {
  return `0x${offset.toString(16)}`;
}

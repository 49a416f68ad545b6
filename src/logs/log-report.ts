// What a reading of logs tells beside the events: what was read with doubt, and how much could not be read.

import type { Note } from '../errors.ts';

/** Notes of one kind that are told one by one; of more, how many. */
const MOST_NOTES = 20;

/** Filled while events are read. */
export class LogReport {
  readonly notes: Note[] = [];
  /** Events, lines or records that could not be read. */
  unreadable = 0;
  /** Inputs of which nothing could be read. */
  refused = 0;
  #left = 0;

  /** Something read with doubt. */
  note(about: string, text: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push({ about, text });
    else {
      this.#left++;
      this.notes[MOST_NOTES] = { about: 'logs', text: `${this.#left} more notes of this kind are left out` };
    }
  }

  /** An input of which nothing can be read. */
  refuse(about: string, text: string): void {
    this.refused++;
    this.note(about, text);
  }

  /** One event that could not be read. */
  lost(about: string, text: string): void {
    this.unreadable++;
    this.note(about, text);
  }
}

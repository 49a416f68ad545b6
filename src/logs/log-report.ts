// What a reading of logs tells beside the events: what was read with doubt, and how much could not be read.

import type { Note } from '../errors.ts';

/** Notes that are told one by one; of more, how many. */
const MOST_NOTES = 20;

/** What one reading told, as plain data. */
export type ReportPart = Pick<LogReport, 'notes' | 'left' | 'unreadable' | 'refused'>;

/** Filled while events are read. */
export class LogReport {
  readonly notes: Note[] = [];
  /** Notes past those that are told. */
  left = 0;
  /** Events, lines or records that could not be read. */
  unreadable = 0;
  /** Inputs of which nothing could be read. */
  refused = 0;

  /** Something read with doubt. */
  note(about: string, text: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push({ about, text });
    else this.left++;
  }

  /** What was noted elsewhere. */
  addAll(notes: readonly Note[]): void {
    for (const { about, text } of notes) this.note(about, text);
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

  /** All that is to be told, to be sent elsewhere. */
  get part(): ReportPart {
    const { notes, left, unreadable, refused } = this;
    return { notes, left, unreadable, refused };
  }

  /** Adds what another reading told. */
  absorb({ notes, left, unreadable, refused }: ReportPart): void {
    this.addAll(notes);
    this.left += left;
    this.unreadable += unreadable;
    this.refused += refused;
  }
}

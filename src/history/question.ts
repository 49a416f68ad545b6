// What is asked of a history, and what a store answers: counts by day and host, values, sampled rows; never a full pull.

import type { Note } from '../errors.ts';
import type { Condition } from '../rule/condition.ts';
import type { CheaperQuery } from './query-cost/cheaper-query.ts';

/** One question, in the fields that Windows' events have (EventID, Channel, Image ...). */
export interface Question {
  /** An observable's id, or "question". */
  readonly id: string;
  /** Events that are hits; the log source is part of it. */
  readonly condition: Condition;
  /** Events of the same log source, hits or not: where there are none there is no telemetry. Undefined: every event. */
  readonly telemetry: Condition | undefined;
  /** Fields whose values are told. */
  readonly fields: readonly string[];
}

export interface AskOptions {
  /** ISO 8601, UTC; from on, and before. */
  readonly from?: string;
  readonly to?: string;
  /** Days that are left out, "2020-09-04": those of a known incident. */
  readonly exceptDays?: readonly string[];
  /** Values of a field that are told, the most frequent first. */
  readonly values: number;
}

/** Counts of one question. */
export interface Answer {
  readonly id: string;
  /** Rows that were looked at; a store that has none is an error. */
  readonly scanned: number;
  readonly hits: number;
  readonly telemetry: number;
  /** Each day of the window on which any event was there, oldest first, "2020-09-04". */
  readonly days: readonly DayCount[];
  /** Each host that has telemetry, by name. */
  readonly hosts: readonly HostCount[];
  /** Hosts that have events in the window, and none of the log source. */
  readonly silentHosts?: readonly string[];
  readonly fields: readonly FieldAnswer[];
  /** Events without a time that can be read: in the totals, on no day. */
  readonly untimed: number;
}

export interface DayCount {
  readonly day: string;
  readonly hits: number;
  readonly telemetry: number;
  /** Value tuples of the question's fields that were seen on no day before. */
  readonly fresh: number;
}

export interface HostCount {
  readonly host: string;
  readonly hits: number;
  readonly telemetry: number;
  /** Days with telemetry, where the store tells. */
  readonly days?: number;
}

export interface FieldAnswer {
  readonly field: string;
  /** Values that differ, whatever their letter case. */
  readonly distinct: number;
  /** Hits in which it is filled. */
  readonly filled: number;
  /** The most frequent first. */
  readonly values: readonly ValueCount[];
  /** On the fewest hosts first, and of these those with the fewest hits; as many at most. */
  readonly rarest?: readonly ValueCount[];
}

export interface ValueCount {
  readonly value: string;
  readonly hits: number;
  readonly hosts: number;
  /** Day it was first seen; null where no event of it has a time. */
  readonly first: string | null;
}

/** A hit, with equal ones counted together. */
export interface Row {
  readonly values: Readonly<Record<string, string | null>>;
  readonly count: number;
}

/** A question whose cost is measured, and the one that gives the same rows for less. */
export interface TimedQuestion {
  readonly question: Question;
  readonly cheaper: CheaperQuery | undefined;
}

/** What a question took on a sample of its log source's events; no two runs take the same. */
export interface QuestionTime {
  readonly seconds: number;
  /** What the cheaper one took; null where there is none. */
  readonly cheaperSeconds: number | null;
  /** Events of the sample. */
  readonly events: number;
}

/** A place where events are kept; one adapter a file of stores/. */
export interface HistoryStore {
  /** "duckdb 1.5.6": what counted. */
  readonly engine: string;
  /** What was read with doubt, or not at all; complete once a question was answered. */
  readonly notes?: readonly Note[];
  /** Names fields that later questions and rows will ask for: a store that reads its files once reads them then. */
  expect?(fields: readonly string[]): void;
  /** Answers of all questions, in their order, in one pass where it can. Throws InputError where it has no rows. */
  ask(questions: readonly Question[], options: AskOptions): Promise<readonly Answer[]>;
  /** Hits with the values of these fields, equal ones together, the most frequent first; `limit` of them. */
  rows(question: Question, fields: readonly string[], limit: number): Promise<readonly Row[]>;
  /** What each question takes on the first `most` events of its log source, in memory. */
  time?(questions: readonly TimedQuestion[], most: number): Promise<readonly QuestionTime[]>;
  close(): Promise<void>;
}

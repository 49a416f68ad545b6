// A language in which a question is asked of a store elsewhere: what it makes of the question, and the columns that come back.

import type { Question } from '../question.ts';

export interface RemoteOptions {
  /** ISO 8601, UTC; from on, and before. */
  readonly from?: string;
  readonly to?: string;
  /** Values of a field that are told, the most frequent first. */
  readonly values: number;
  /** The table of a SQL database. */
  readonly table?: string;
  /** Columns of the time and the host, where the store has others than the language's own. */
  readonly timeField?: string;
  readonly hostField?: string;
}

/** One query; its rows are one table of the answer. */
export interface RemoteQuery {
  /** "counts", "new values", or "values of Image". */
  readonly name: string;
  readonly columns: readonly string[];
  readonly text: string;
}

export interface RemoteLanguage {
  readonly id: string;
  readonly title: string;
  /** What a comment stands between. */
  readonly comment: readonly [open: string, close: string];
  /** What the reader of the query has to know. */
  readonly notes: readonly string[];
  /** Throws UnsupportedError for what the language cannot say. */
  queries(question: Question, options: RemoteOptions): readonly RemoteQuery[];
}

/** Header names of the tables: counts by day and host; values; tuples that no earlier day has. */
export const COUNT_COLUMNS = ['day', 'host', 'hits', 'telemetry'] as const;
export const VALUE_COLUMNS = ['field', 'value', 'hits', 'hosts', 'first_seen', 'distinct', 'filled'] as const;
export const FRESH_COLUMNS = ['day', 'fresh'] as const;

/** The three kinds of queries in the order in which they are asked. */
export function queriesOf(
  fields: readonly string[],
  texts: { readonly counts: string; fresh(): string; values(field: string): string },
  valueColumns: readonly string[] = VALUE_COLUMNS,
): readonly RemoteQuery[] {
  return [
    { name: 'counts', columns: COUNT_COLUMNS, text: texts.counts },
    ...(fields.length > 0 ? [{ name: 'new values', columns: FRESH_COLUMNS, text: texts.fresh() }] : []),
    ...fields.map((field) => ({ name: `values of ${field}`, columns: valueColumns, text: texts.values(field) })),
  ];
}

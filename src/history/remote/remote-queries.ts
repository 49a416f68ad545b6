// A question printed as queries for the user's own store, where the history is elsewhere: `winnow baseline --to`.

import { UsageError } from '../../errors.ts';
import { visibleText } from '../../rule/visible-text.ts';
import type { Question } from '../question.ts';
import { remoteEsql } from './esql.ts';
import { remoteKql } from './kql.ts';
import type { RemoteLanguage, RemoteOptions, RemoteQuery } from './remote-language.ts';
import { remoteSpl } from './spl.ts';
import { remoteSql } from './sql.ts';

export const REMOTE_LANGUAGES = {
  esql: remoteEsql,
  kql: remoteKql,
  spl: remoteSpl,
  sql: remoteSql,
} as const satisfies Readonly<Record<string, RemoteLanguage>>;

export type RemoteLanguageId = keyof typeof REMOTE_LANGUAGES;

/** Values of a field that a query gives unless told otherwise. */
export const REMOTE_VALUES = 1000;

export const QUERIES_SCHEMA = 'winnow.baseline-queries/1';

/** The queries of a question, for a program that runs them: `winnow baseline --to --json`. */
export interface QueriesDocument {
  readonly schema: typeof QUERIES_SCHEMA;
  readonly question: string;
  readonly language: RemoteLanguageId;
  readonly title: string;
  /** What the reader of the queries has to know. */
  readonly notes: readonly string[];
  /** The first alone gives the verdict. */
  readonly queries: readonly RemoteQuery[];
}

/** Throws UnsupportedError for what the language cannot say, UsageError for a time that is none. */
export function queriesDocument(
  question: Question,
  language: RemoteLanguageId,
  options: Partial<RemoteOptions> = {},
): QueriesDocument {
  for (const time of [options.from, options.to])
    if (time !== undefined && !/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?$/.test(time))
      throw new UsageError(`${JSON.stringify(time)} is no time in ISO 8601 and UTC`);
  const { title, notes, queries } = REMOTE_LANGUAGES[language];
  const all = queries(question, { values: REMOTE_VALUES, ...options });
  return { schema: QUERIES_SCHEMA, question: question.id, language, title, notes, queries: all };
}

/**
 * All queries of a question as one text, each under a comment that says which table it gives; the first alone gives the verdict.
 * Throws UnsupportedError for what the language cannot say, UsageError for a time that is none.
 */
export function remoteText(
  question: Question,
  language: RemoteLanguageId,
  options: Partial<RemoteOptions> = {},
): string {
  const { title, notes, queries: all } = queriesDocument(question, language, options);
  const [open, close] = REMOTE_LANGUAGES[language].comment;
  // Nothing of a comment may end it.
  const line = (text: string): string => `${open}${visibleText(text).replaceAll('`', "'")}${close}`;
  return `${[
    line(
      `Baseline of ${question.id} in ${title}. Run each query, save its rows as CSV with a header, and give the files to`,
    ),
    line('winnow baseline with --result. The first alone gives hits per day, hosts, forecast and verdict.'),
    ...notes.map(line),
    ...all.flatMap(({ name, columns, text }, at) => [
      '',
      line(`${at + 1} of ${all.length}: ${name} (${columns.join(', ')})`),
      text,
    ]),
  ].join('\n')}\n`;
}

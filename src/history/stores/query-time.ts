// What a question takes in DuckDB: on a sample of its log source's events that stands in memory, so that no disk is measured with it.

import { quoted } from '../../rule/emit/sql.ts';
import type { DerivedField } from '../query-cost/cheaper-query.ts';
import type { QuestionTime, TimedQuestion } from '../question.ts';
import { conditionSql } from './conditions.ts';

/** The least of so many runs is told: what else the machine does only adds to one. */
const RUNS = 3;

export interface Database {
  readonly run: (sql: string) => Promise<void>;
  readonly read: (sql: string) => Promise<readonly (readonly unknown[])[]>;
}

/** `events` is a query for all events with `fields`. Throws where the cheaper query has other hits: it would be no rewrite. */
export async function timeOf(
  { run, read }: Database,
  events: string,
  { question, cheaper, fields, most }: TimedQuestion & { readonly fields: readonly string[]; readonly most: number },
): Promise<QuestionTime> {
  const wheres = ['NOT void', ...(question.telemetry ? [conditionSql(question.telemetry)] : [])];
  await run(`CREATE OR REPLACE TEMP TABLE timed AS SELECT ${[...fields.map(quoted), '1 AS one'].join(', ')}
    FROM (${events}) AS events WHERE ${wheres.join(' AND ')} LIMIT ${Math.max(0, Math.trunc(most))}`);
  try {
    const [[events]] = await read('SELECT count(*) FROM timed');
    const own = await timed(read, `SELECT count(*) FROM timed WHERE ${conditionSql(question.condition)}`);
    const other =
      cheaper &&
      (await timed(
        read,
        `SELECT count(*) FROM (SELECT ${['*', ...cheaper.derived.map(derivedSql)].join(', ')} FROM timed) WHERE ${conditionSql(cheaper.condition)}`,
      ));
    if (other && other.hits !== own.hits)
      throw new Error(`${question.id}: ${cheaper.text} has ${other.hits} hits, and not ${own.hits}`);
    return { seconds: own.seconds, cheaperSeconds: other?.seconds ?? null, events: Number(events) };
  } finally {
    await run('DROP TABLE timed');
  }
}

async function timed(
  read: Database['read'],
  sql: string,
): Promise<{ readonly seconds: number; readonly hits: number }> {
  let least = Number.POSITIVE_INFINITY;
  let hits = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    const [[count]] = await read(sql);
    least = Math.min(least, performance.now() - start);
    hits = Number(count);
  }
  return { seconds: Math.round(least * 10) / 10_000, hits };
}

function derivedSql({ name, of, part }: DerivedField): string {
  const lower = `lower(${quoted(of)})`;
  const sql =
    part === 'lower case'
      ? lower
      : `CASE WHEN contains(${lower}, '\\') THEN parse_filename(${lower}, false, 'backslash') END`;
  return `${sql} AS ${quoted(name)}`;
}

// From the counts of one pass (a row for each day, host, mark and tuple of values) to the answers of its questions, in an order that nothing else decides.

import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../errors.ts';
import { quoted } from '../../rule/emit/sql.ts';
import type { Answer, AskOptions, DayCount, FieldAnswer, HostCount, Question, ValueCount } from '../question.ts';
import { bitsOf } from './conditions.ts';

type Table = readonly (readonly unknown[])[];

/** Reads the table `counted`. Throws InputError where it has no row. */
export async function answersOf(
  connection: DuckDBConnection,
  questions: readonly Question[],
  options: AskOptions,
): Promise<readonly Answer[]> {
  const read = async (sql: string): Promise<Table> => (await connection.runAndReadAll(sql)).getRowsJS();
  const sums = questions.flatMap((_, i) => {
    const { telemetry, hit } = bitsOf(i);
    return [`sum(n) FILTER (m & ${hit} <> 0)`, `sum(n) FILTER (m & ${telemetry} <> 0)`];
  });
  const hostDays = questions.map((_, i) => `count(DISTINCT d) FILTER (m & ${bitsOf(i).telemetry} <> 0)`);
  const totals = `sum(n), ${sums.join(', ')}`;
  const [all] = await read(`SELECT ${totals} FROM counted`);
  const scanned = Number(all[0] ?? 0);
  const [[timed]] = await read('SELECT coalesce(sum(n), 0) FROM counted WHERE d IS NOT NULL');
  const isWindow = options.from !== undefined || options.to !== undefined;
  if (scanned === 0 || (isWindow && Number(timed) === 0))
    throw new InputError(
      isWindow && scanned + Number(timed) > 0
        ? 'the history has no event with a time between those asked for'
        : `the history has no event${isWindow ? ' between the times asked for' : ''}: nothing was counted, which says nothing of what is there`,
    );
  const days = await read(
    `SELECT CAST(d AS VARCHAR), ${totals} FROM counted WHERE d IS NOT NULL GROUP BY d ORDER BY d`,
  );
  const hosts = await read(
    `SELECT coalesce(min(h), ''), ${totals}, ${hostDays.join(', ')} FROM counted GROUP BY lower(h)`,
  );
  const answers: Answer[] = [];
  for (const [i, question] of questions.entries()) {
    const fresh = new Map(await freshTuples(read, question, i));
    const [hit, telemetry] = [2 * i, 2 * i + 1];
    const hostCounts = hosts.map(
      ([host, , ...counts]): HostCount => ({
        host: String(host),
        hits: Number(counts[hit] ?? 0),
        telemetry: Number(counts[telemetry] ?? 0),
        days: Number(counts[2 * questions.length + i]),
      }),
    );
    hostCounts.sort((a, b) => order(a.host, b.host));
    answers.push({
      id: question.id,
      scanned,
      hits: Number(all[1 + hit] ?? 0),
      telemetry: Number(all[1 + telemetry] ?? 0),
      days: days.map(
        ([day, , ...counts]): DayCount => ({
          day: String(day),
          hits: Number(counts[hit] ?? 0),
          telemetry: Number(counts[telemetry] ?? 0),
          fresh: fresh.get(String(day)) ?? 0,
        }),
      ),
      hosts: hostCounts.filter((host) => host.telemetry > 0),
      silentHosts: hostCounts.filter((host) => host.telemetry === 0 && host.host !== '').map(({ host }) => host),
      fields: await fieldAnswers(read, question, i, options.values),
      untimed: scanned - Number(timed),
    });
  }
  return answers;
}

type Read = (sql: string) => Promise<Table>;

/** Of each day, tuples of values that no day before had. */
async function freshTuples(read: Read, { fields }: Question, index: number): Promise<readonly [string, number][]> {
  if (fields.length === 0) return [];
  const { hit } = bitsOf(index);
  const names = distinctFields(fields).map((field) => `lower(${quoted(field)})`);
  const table = await read(`SELECT CAST(first AS VARCHAR), count(*) FROM (
      SELECT min(d) AS first FROM counted WHERE m & ${hit} <> 0 GROUP BY ${names.join(', ')}
    ) WHERE first IS NOT NULL GROUP BY first`);
  return table.map(([day, count]) => [String(day), Number(count)]);
}

export function distinctFields(fields: readonly string[]): readonly string[] {
  return [...new Map([...fields].reverse().map((field) => [field.toLowerCase(), field])).values()].reverse();
}

async function fieldAnswers(
  read: Read,
  { fields }: Question,
  index: number,
  limit: number,
): Promise<readonly FieldAnswer[]> {
  const { hit } = bitsOf(index);
  const answers: FieldAnswer[] = [];
  const most = Math.max(0, Math.trunc(limit));
  for (const field of fields) {
    const name = quoted(field);
    const own = `SELECT lower(${name}) AS k, min(${name}) AS v, sum(n) AS hits, count(DISTINCT lower(h)) AS hosts, min(d) AS first
      FROM counted WHERE m & ${hit} <> 0 AND ${name} <> '' GROUP BY k`;
    const table = await read(`WITH own AS MATERIALIZED (${own}),
      ranked AS (SELECT *, row_number() OVER (ORDER BY hits DESC, k) AS most, row_number() OVER (ORDER BY hosts, hits, k) AS least FROM own)
      SELECT v, hits, hosts, CAST(first AS VARCHAR), most, least, (SELECT count(*) FROM own), (SELECT sum(hits) FROM own)
      FROM ranked WHERE most <= ${most} OR least <= ${most}`);
    const [totals] =
      table.length > 0 ? table : await read(`SELECT 0, 0, 0, 0, 0, 0, count(*), sum(hits) FROM (${own})`);
    const ranked = (column: number): readonly ValueCount[] =>
      table
        .filter((row) => Number(row[column]) <= most)
        .toSorted((a, b) => Number(a[column]) - Number(b[column]))
        .map(([value, hits, hosts, first]) => ({
          value: String(value),
          hits: Number(hits),
          hosts: Number(hosts),
          first: first === null ? null : String(first),
        }));
    answers.push({
      field,
      distinct: Number(totals[6]),
      filled: Number(totals[7] ?? 0),
      values: ranked(4),
      rarest: ranked(5),
    });
  }
  return answers;
}

/** By UTF-16 code units, whatever the machine's language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

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
  // However many value tuples there are, of days, hosts and marks there are few.
  await connection.run('CREATE OR REPLACE TEMP TABLE tallied AS SELECT d, h, m, sum(n) AS n FROM counted GROUP BY ALL');
  const hostDays = questions.map((_, i) => `count(DISTINCT d) FILTER (m & ${bitsOf(i).telemetry} <> 0)`);
  const totals = `sum(n), ${sums.join(', ')}`;
  const [all] = await read(`SELECT ${totals} FROM tallied`);
  const scanned = Number(all[0] ?? 0);
  const [[timed]] = await read('SELECT coalesce(sum(n), 0) FROM tallied WHERE d IS NOT NULL');
  const isWindow = options.from !== undefined || options.to !== undefined;
  if (scanned === 0 || (isWindow && Number(timed) === 0))
    throw new InputError(
      isWindow && scanned + Number(timed) > 0
        ? 'the history has no event with a time between those asked for'
        : `the history has no event${isWindow ? ' between the times asked for' : ''}: nothing was counted, which says nothing of what is there`,
    );
  const days = await read(
    `SELECT CAST(d AS VARCHAR), ${totals} FROM tallied WHERE d IS NOT NULL GROUP BY d ORDER BY d`,
  );
  const hosts = await read(
    `SELECT coalesce(min(h), ''), ${totals}, ${hostDays.join(', ')} FROM tallied GROUP BY lower(h)`,
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
    const filled = `m & ${hit} <> 0 AND ${name} <> ''`;
    // By value and host first, then by value: grouping texts goes to the disk where there are millions of them, and counting distinct ones within a group does not.
    await read(`CREATE OR REPLACE TEMP TABLE own AS SELECT k, sum(n) AS hits, count(host) AS hosts, min(first) AS first FROM (
        SELECT lower(${name}) AS k, lower(h) AS host, sum(n) AS n, min(d) AS first FROM counted WHERE ${filled} GROUP BY ALL
      ) GROUP BY k`);
    const [[distinct, sum]] = await read('SELECT count(*), sum(hits) FROM own');
    const [byHits, byHosts] = ['hits DESC, k', 'hosts, hits, k'].map(
      (order) => ` FROM own ORDER BY ${order} LIMIT ${most}`,
    );
    const told = 'SELECT k, hits, hosts, CAST(first AS VARCHAR)';
    const [frequent, rare] = [await read(told + byHits), await read(told + byHosts)];
    // As they are spelled is asked of those alone that are told.
    const spelled = await read(`SELECT lower(${name}) AS k, min(${name}) FROM counted
      WHERE ${filled} AND lower(${name}) IN ((SELECT k${byHits}) UNION (SELECT k${byHosts})) GROUP BY k`);
    const spellings = new Map(spelled.map(([key, value]) => [key, String(value)]));
    const valuesOf = (table: Table): readonly ValueCount[] =>
      table.map(([key, hits, hosts, day]) => ({
        value: spellings.get(key)!,
        hits: Number(hits),
        hosts: Number(hosts),
        first: day === null ? null : String(day),
      }));
    answers.push({
      field,
      distinct: Number(distinct),
      filled: Number(sum ?? 0),
      values: valuesOf(frequent),
      rarest: valuesOf(rare),
    });
  }
  return answers;
}

/** By UTF-16 code units, whatever the machine's language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

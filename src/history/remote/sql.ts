// A question in SQL as DuckDB speaks it, over one table of events whose columns are text.

import { UnsupportedError } from '../../errors.ts';
import type { Condition } from '../../rule/condition.ts';
import { sqlCondition } from '../../rule/emit/sql.ts';
import { queriesOf, type RemoteLanguage, type RemoteOptions } from './remote-language.ts';

export const remoteSql: RemoteLanguage = {
  id: 'sql',
  title: 'SQL (DuckDB)',
  comment: ['-- ', ''],
  notes: [
    'Read from a table "events" with a column of text for each field, the time in UTC in "@timestamp", the host in "Computer".',
  ],
  queries: (question, options) => {
    const { timeField = '@timestamp', hostField = 'Computer', table = 'events' } = options;
    const time = `TRY_CAST(${quoted(timeField)} AS TIMESTAMP)`;
    const day = (of: string): string => `strftime(${of}, '%Y-%m-%d')`;
    const hits = whereOf(question.condition);
    const all = question.telemetry ? whereOf(question.telemetry) : 'true';
    const host = quoted(hostField);
    const from = (where: string): string =>
      `FROM ${quoted(table)}\nWHERE ${[...spanOf(time, options), where].map((one) => `(${one})`).join('\n  AND ')}`;
    const value = (field: string): string => `lower(CAST(${quoted(field)} AS VARCHAR))`;
    return queriesOf(question.fields, {
      counts: `SELECT ${day(time)} AS "day", ${host} AS host,\n  count(*) FILTER (WHERE ${hits}) AS hits, count(*) AS telemetry\n${from(all)}\nGROUP BY ALL\nORDER BY ALL;`,
      fresh: () =>
        `SELECT ${day('first_seen')} AS "day", count(*) AS fresh\nFROM (\n  SELECT min(${time}) AS first_seen\n  ${from(hits).replaceAll('\n', '\n  ')}\n  GROUP BY ${question.fields.map(value).join(', ')}\n)\nGROUP BY ALL\nORDER BY ALL;`,
      values: (field) =>
        `SELECT ${text(field)} AS field, ${value(field)} AS "value", count(*) AS hits, count(DISTINCT ${host}) AS hosts,\n  ${day(`min(${time})`)} AS first_seen, count(*) OVER () AS "distinct", sum(count(*)) OVER () AS filled\n${from(`${hits}) AND (${quoted(field)} <> ''`)}\nGROUP BY ${value(field)}\nORDER BY hits DESC, "value"\nLIMIT ${options.values};`,
    });
  },
};

function whereOf(condition: Condition): string {
  return condition.kind === 'and' && condition.of.length === 0 ? 'true' : sqlCondition(condition);
}

function spanOf(time: string, { from, to }: RemoteOptions): readonly string[] {
  const at = (moment: string): string => `TIMESTAMP '${new Date(moment).toISOString().replace(/T|Z/g, ' ').trim()}'`;
  return [...(from ? [`${time} >= ${at(from)}`] : []), ...(to ? [`${time} < ${at(to)}`] : [])];
}

function quoted(name: string): string {
  if (name.includes('\0')) throw new UnsupportedError('SQL: a name with a NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

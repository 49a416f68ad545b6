// A question in ES|QL, Elasticsearch's piped language.

import { UnsupportedError } from '../../errors.ts';
import { withoutBits } from '../../rule/bits-in-hexadecimal.ts';
import { and, type Condition } from '../../rule/condition.ts';
import { esql } from '../../rule/emit/esql.ts';
import { columnNames } from '../../rule/taxonomy/event-kind.ts';
import { columnOf, translateRule } from '../../rule/translate.ts';
import { emitted, eventIdsIn, isEverything } from './question-rule.ts';
import { queriesOf, type RemoteLanguage, type RemoteOptions, VALUE_COLUMNS } from './remote-language.ts';

/** The most rows that ES|QL gives. */
export const ESQL_ROWS = 10_000;

export const remoteEsql: RemoteLanguage = {
  id: 'esql',
  title: 'ES|QL (Elasticsearch)',
  comment: ['// ', ''],
  notes: [
    `ES|QL gives ${ESQL_ROWS} rows at most: where hosts times days are more, ask for spans of fewer days (--since, --until) and hand all files back.`,
  ],
  queries: (question, options) => {
    const condition = withoutBits(question.condition) ?? question.condition;
    const hits = sourceOf(condition, question.id);
    const all = sourceOf(question.telemetry ?? and(), question.id);
    const indices = [...new Set([...hits.indices, ...all.indices])].join(', ');
    const own = hits.wheres.filter((where) => !all.wheres.includes(where));
    const isHit = own.length === 0 ? '1' : `CASE(${own.map((where) => `(${where})`).join(' AND ')}, 1, 0)`;
    const { timeField: time = '@timestamp', hostField: host = 'host.name' } = options;
    const day = `DATE_FORMAT("yyyy-MM-dd", ${fieldName(time)})`;
    const from = (list: string, wheres: readonly string[]): readonly string[] => [
      `FROM ${list}`,
      ...[...spanOf(fieldName(time), options), ...wheres].map((where) => `| WHERE ${where}`),
    ];
    const columns = (field: string): string => fieldName(columnFor(condition, question.id, field));
    return queriesOf(
      question.fields,
      {
        counts: [
          ...from(indices, all.wheres),
          `| EVAL is_hit = ${isHit}`,
          `| STATS hits = SUM(is_hit), telemetry = COUNT(*) BY day = ${day}, host = ${fieldName(host)}`,
          '| KEEP day, host, hits, telemetry',
          '| SORT day, host',
          `| LIMIT ${ESQL_ROWS}`,
        ].join('\n'),
        fresh: () =>
          [
            ...from(indices, [...all.wheres, ...own]),
            `| STATS first_seen = MIN(${fieldName(time)}) BY ${question.fields
              .map((field, at) => `value_${at} = COALESCE(TO_LOWER(TO_STRING(${columns(field)})), "")`)
              .join(', ')}`,
            '| STATS fresh = COUNT(*) BY day = DATE_FORMAT("yyyy-MM-dd", first_seen)',
            '| KEEP day, fresh',
            `| LIMIT ${ESQL_ROWS}`,
          ].join('\n'),
        values: (field) =>
          [
            ...from(indices, [...all.wheres, ...own]),
            `| WHERE ${columns(field)} IS NOT NULL`,
            `| STATS hits = COUNT(*), hosts = COUNT_DISTINCT(${fieldName(host)}), first_seen = MIN(${fieldName(time)}) BY value = TO_LOWER(TO_STRING(${columns(field)}))`,
            `| EVAL field = ${JSON.stringify(field)}, first_seen = DATE_FORMAT("yyyy-MM-dd", first_seen)`,
            '| KEEP field, value, hits, hosts, first_seen',
            '| SORT hits DESC, value',
            `| LIMIT ${options.values}`,
          ].join('\n'),
      },
      VALUE_COLUMNS.slice(0, 5),
    );
  },
};

/** The indices and conditions of the rule's text: a condition begins at its own line's start. */
function sourceOf(
  condition: Condition,
  id: string,
): { readonly indices: readonly string[]; readonly wheres: readonly string[] } {
  if (isEverything(condition)) return { indices: ['logs-*', 'winlogbeat-*'], wheres: ['host.os.type == "windows"'] };
  const text = emitted(condition, id, (rule) => esql.emit(rule), true);
  const body = text.slice(text.indexOf('\nFROM ') + 1).trimEnd();
  const [first, ...wheres] = body.split('\n| WHERE ');
  return {
    indices: first
      .replace(/^FROM /, '')
      .replace(/ METADATA .*$/, '')
      .split(', '),
    wheres,
  };
}

/** The column in which a field of the question stands. */
function columnFor(condition: Condition, id: string, field: string): string {
  return emitted(
    condition,
    id,
    (rule) => {
      const { kind, place } = translateRule(rule, 'ecs');
      const names = columnNames(
        columnOf(field, { kind, from: 'sysmon', to: 'ecs', place, eventIds: eventIdsIn(condition) }),
      );
      return names[names.length - 1];
    },
    true,
  );
}

function spanOf(time: string, { from, to }: RemoteOptions): readonly string[] {
  return [...(from ? [`${time} >= ${JSON.stringify(from)}`] : []), ...(to ? [`${time} < ${JSON.stringify(to)}`] : [])];
}

function fieldName(name: string): string {
  if (/^[A-Za-z_@][\w@]*(?:\.[A-Za-z_@][\w@]*)*$/.test(name)) return name;
  throw new UnsupportedError(`ES|QL: a field called ${JSON.stringify(name)}`);
}

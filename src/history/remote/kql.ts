// A question in KQL for Microsoft Sentinel: the Security log in SecurityEvent, all others in WindowsEvent.

import { UnsupportedError } from '../../errors.ts';
import { and, type Condition, fieldsOf } from '../../rule/condition.ts';
import { emitKusto, placeLines } from '../../rule/emit/kusto-text.ts';
import { columnNames } from '../../rule/taxonomy/event-kind.ts';
import { sysmon, windows } from '../../rule/taxonomy.ts';
import { columnOf, translateRule } from '../../rule/translate.ts';
import { channelsIn, emitted, eventIdsIn, isEverything, withoutPartOn } from './question-rule.ts';
import { queriesOf, type RemoteLanguage, type RemoteOptions } from './remote-language.ts';

/** Columns of WindowsEvent; every other field stands in EventData. Numbers of events are text where they are not asked for alone. */
const COLUMNS: Readonly<Record<string, string>> = {
  EventID: 'tostring(EventID)',
  Channel: 'Channel',
  Computer: 'Computer',
  Provider_Name: 'Provider',
};

export const remoteKql: RemoteLanguage = {
  id: 'kql',
  title: 'KQL (Microsoft Sentinel)',
  comment: ['// ', ''],
  notes: ['Events of the Security log are looked for in SecurityEvent, those of other logs in WindowsEvent.'],
  queries: (question, options) => {
    const { timeField: time = 'TimeGenerated', hostField: host = 'Computer' } = options;
    const isSecurity = channelsIn(question.condition).join() === 'Security';
    const span = spanOf(fieldName(time), options);
    const named = (name: string, condition: Condition, fields: readonly string[]): string =>
      `let ${name} = ${[textOf(condition, question.id, fields, isSecurity), ...span].join('\n')};`;
    const hits = named('matching', question.condition, question.fields);
    const day = (of: string): string => `format_datetime(${of}, "yyyy-MM-dd")`;
    const column = (field: string): string =>
      `tolower(tostring(${isSecurity ? securityColumn(question.condition, question.id, field) : fieldName(field)}))`;
    const by = `by day = ${day(fieldName(time))}, host = ${fieldName(host)}`;
    return queriesOf(question.fields, {
      counts: [
        hits,
        named('source', question.telemetry ?? and(), []),
        `union (matching | summarize hits = count() ${by}),`,
        `  (source | summarize telemetry = count() ${by})`,
        '| summarize hits = sum(hits), telemetry = sum(telemetry) by day, host',
        '| order by day asc, host asc',
      ].join('\n'),
      fresh: () =>
        [
          hits,
          'matching',
          `| summarize first_seen = min(${fieldName(time)}) by ${question.fields.map((field, at) => `value_${at} = ${column(field)}`).join(', ')}`,
          `| summarize fresh = count() by day = ${day('first_seen')}`,
        ].join('\n'),
      values: (field) =>
        [
          hits,
          `let stacked = matching | where isnotempty(${column(field)})`,
          `| summarize hits = count(), hosts = dcount(${fieldName(host)}, 4), first_seen = ${day(`min(${fieldName(time)})`)} by value = ${column(field)};`,
          'let all = stacked | summarize distinct = count(), filled = sum(hits);',
          'stacked',
          `| top ${options.values} by hits desc`,
          '| extend distinct = toscalar(all | project distinct), filled = toscalar(all | project filled)',
          `| project field = ${JSON.stringify(field)}, value, hits, hosts, first_seen, distinct, filled`,
        ].join('\n'),
    });
  },
};

/** The rule's text without its comments; the number of an event is one in both tables. */
function textOf(condition: Condition, id: string, fields: readonly string[], isSecurity: boolean): string {
  const ids = eventIdsIn(condition);
  const rest = ids.length === 0 ? condition : withoutPartOn('EventID', condition);
  const first = [
    isSecurity ? 'SecurityEvent' : 'WindowsEvent',
    ...(ids.length > 0 ? [`| where EventID in (${ids.join(', ')})`] : []),
    ...(isSecurity ? [] : [...new Set([...fieldsOf(rest), ...fields])].flatMap(extension)),
  ];
  if (isEverything(isSecurity ? withoutPartOn('Channel', rest) : rest)) return first.join('\n');
  const text = emitted(rest, id, (rule) =>
    emitKusto(
      rule,
      isSecurity ? windows : sysmon,
      (place) => [...first, ...placeLines(place)],
      () => [],
    ),
  );
  return text.slice(text.indexOf('\n\n') + 2).trimEnd();
}

function extension(field: string): readonly string[] {
  const column = Object.hasOwn(COLUMNS, field) ? COLUMNS[field] : `tostring(EventData.${fieldName(field)})`;
  return column === field ? [] : [`| extend ${fieldName(field)} = ${column}`];
}

function securityColumn(condition: Condition, id: string, field: string): string {
  return emitted(condition, id, (rule) => {
    const { kind, place } = translateRule(rule, 'windows');
    const names = columnNames(
      columnOf(field, { kind, from: 'sysmon', to: 'windows', place, eventIds: eventIdsIn(condition) }),
    );
    return fieldName(names[names.length - 1]);
  });
}

function spanOf(time: string, { from, to }: RemoteOptions): readonly string[] {
  return [
    ...(from ? [`| where ${time} >= datetime(${from})`] : []),
    ...(to ? [`| where ${time} < datetime(${to})`] : []),
  ];
}

function fieldName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new UnsupportedError(`KQL: a field called ${JSON.stringify(name)}`);
}

// A question in SPL, Splunk's search language, over Windows event logs as Splunk's add-ons name their fields.

import { UnsupportedError } from '../../errors.ts';
import { withoutBits } from '../../rule/bits-in-hexadecimal.ts';
import { and, type Condition } from '../../rule/condition.ts';
import { splunk, splunkColumn } from '../../rule/emit/splunk.ts';
import { emitted, isEverything } from './question-rule.ts';
import { queriesOf, type RemoteLanguage, type RemoteOptions } from './remote-language.ts';

const DAY = 'strftime(_time, "%Y-%m-%d")';

export const remoteSpl: RemoteLanguage = {
  id: 'spl',
  title: 'SPL (Splunk)',
  comment: ['``` ', ' ```'],
  notes: ['Add your index to each search, and set your time zone to UTC: days are those of your own time zone.'],
  queries: (question, options) => {
    const hits = linesOf(withoutBits(question.condition) ?? question.condition, question.id, options);
    const all = linesOf(question.telemetry ?? and(), question.id, options);
    const host = fieldName(options.hostField ?? 'host');
    const column = (field: string): string => fieldName(splunkColumn(field));
    // Streaming searches have no limit of rows or time, as subsearches have.
    const search = (lines: readonly string[], name: string): string =>
      `  [ search ${[...lines, `| eval baseline_part="${name}" ]`].join('\n    ')}`;
    return queriesOf(question.fields, {
      counts: [
        '| multisearch',
        search(hits, 'hits'),
        search(all, 'telemetry'),
        `| eval day=${DAY}`,
        `| stats count(eval(baseline_part="hits")) AS hits count(eval(baseline_part="telemetry")) AS telemetry BY day ${host}`,
        ...(host === 'host' ? [] : [`| rename ${host} AS host`]),
        '| table day host hits telemetry',
      ].join('\n'),
      fresh: () =>
        [
          ...hits,
          ...question.fields.map((field, at) => `| eval value_${at}=coalesce(lower(${column(field)}), "")`),
          `| stats min(_time) AS _time BY ${question.fields.map((_, at) => `value_${at}`).join(' ')}`,
          `| eval day=${DAY}`,
          '| stats count AS fresh BY day',
        ].join('\n'),
      values: (field) =>
        [
          ...hits,
          `| eval value=lower(${column(field)})`,
          '| where value!=""',
          `| stats count AS hits dc(${host}) AS hosts min(_time) AS _time BY value`,
          '| eventstats count AS distinct sum(hits) AS filled',
          '| sort 0 - hits value',
          `| head ${options.values}`,
          `| eval field=${JSON.stringify(field)}, first_seen=${DAY}`,
          '| table field value hits hosts first_seen distinct filled',
        ].join('\n'),
    });
  },
};

/** The search without its comments, its span of time with the terms of the first line. */
function linesOf(condition: Condition, id: string, { from, to }: RemoteOptions): readonly string[] {
  const text = isEverything(condition)
    ? 'source="XmlWinEventLog:*"'
    : emitted(condition, id, (rule) => splunk.emit(rule));
  const [first, ...rest] = text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('``` '));
  const span = [...(from ? [`earliest=${seconds(from)}`] : []), ...(to ? [`latest=${seconds(to)}`] : [])];
  return [[...span, first].join(' '), ...rest];
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

function fieldName(name: string): string {
  if (/^[A-Za-z_][\w.]*$/.test(name)) return name;
  throw new UnsupportedError(`SPL: a field called ${JSON.stringify(name)}`);
}

// What a history says of a data source: how often its fields are filled, hosts, events a day, and how late they arrive.

import { ticksOf } from '../logs/log-time.ts';
import type { Condition } from '../rule/condition.ts';
import type { Answer, Question, Row } from './question.ts';
import { quantile } from './statistics/quantiles.ts';

/** A data source as it is asked about. */
export interface Probed {
  readonly id: string;
  /** Undefined: every event of the history. */
  readonly condition: Condition | undefined;
  /** Fields whose fill rate is wanted. */
  readonly fields: readonly string[];
}

export interface ProbeFigures {
  readonly id: string;
  readonly events: number;
  /** Of each field, the share of the events in which it is filled, with four digits; of none where there is no event. */
  readonly fields: Readonly<Record<string, number>>;
  readonly hosts: { readonly covered: number; readonly total: number };
  /** The middle one of the days on which there are events; null where none has a time. */
  readonly events_per_day: number | null;
  /** From the first to the last day with events. */
  readonly days: number;
}

/** Every event of the source is a hit. */
export function probeQuestion({ id, condition, fields }: Probed): Question {
  const every: Condition = condition ?? { kind: 'match', field: 'EventID', values: [{ kind: 'exists', wanted: true }] };
  return { id, condition: every, telemetry: condition, fields };
}

export function probeFigures(answer: Answer): ProbeFigures {
  const days = answer.days.filter(({ hits }) => hits > 0);
  const counts = Float64Array.from(days.map(({ hits }) => hits)).sort();
  const [first, last] = [days[0], days.at(-1)].map((day) => (day ? Date.parse(`${day.day}T00:00:00Z`) : 0));
  const covered = answer.hosts.filter(({ host, hits }) => hits > 0 && host !== '').length;
  const others = answer.hosts.filter(({ host, hits }) => hits === 0 && host !== '').length;
  return {
    id: answer.id,
    events: answer.hits,
    fields:
      answer.hits === 0
        ? {}
        : Object.fromEntries(
            answer.fields.map(({ field, filled }) => [field, Math.round((filled / answer.hits) * 10_000) / 10_000]),
          ),
    hosts: { covered, total: covered + others + (answer.silentHosts?.length ?? 0) },
    events_per_day: counts.length === 0 ? null : Math.round(quantile(counts, 0.5)),
    days: days.length === 0 ? 0 : Math.round((last - first) / 86_400_000) + 1,
  };
}

/** Fields that say when an event arrived, each with the one that says when it was, by the same clock. */
export const TIMES_OF_ARRIVAL: readonly (readonly [arrived: string, was: string])[] = [
  ['event.ingested', '@timestamp'],
  ['event.created', '@timestamp'],
  ['EventReceivedTime', 'EventTime'],
];

/** Seconds within which 95 % of the events of a sample arrived; null where none says so. */
export function lagOf(rows: readonly Row[]): number | null {
  const lags = rows.flatMap(({ values, count }): readonly number[] => {
    for (const [arrived, was] of TIMES_OF_ARRIVAL) {
      const [end, start] = [values[arrived], values[was]].map((text) => (text ? ticksOf(text) : undefined));
      if (end !== undefined && start !== undefined && end >= start)
        return Array.from({ length: Math.min(count, 1000) }, () => Number((end - start) / 1000n) / 10_000);
    }
    return [];
  });
  if (lags.length === 0) return null;
  return Math.round(quantile(Float64Array.from(lags).sort(), 0.95) * 10) / 10;
}

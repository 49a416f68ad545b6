// How many events a history has of a log source, each day and on each host that has any.

import { logSourceCondition } from '../../history/log-source-condition.ts';
import type { Answer, Question } from '../../history/question.ts';
import { rounded } from '../../history/statistics/quantiles.ts';
import type { SourceName } from '../technique.ts';

export interface LogSourceCount {
  readonly events: number;
  /** Days on which the history has any event. */
  readonly days: number;
  /** Hosts that have events of the log source. */
  readonly hosts: number;
  /** Events on one of these days, on the mean. */
  readonly perDay: number;
  /** Events of one of these hosts on a day on which it has any, on the mean; undefined where the store does not tell the days. */
  readonly perHostDay: number | undefined;
}

/** By {@link logSourceKey}; a log source that the history has no event of is there with none. */
export type LogSourceCounts = ReadonlyMap<string, LogSourceCount>;

export const NO_LOG_SOURCE_COUNTS: LogSourceCounts = new Map();

/** The same for two that differ in case and in space around them alone. */
export function logSourceKey({ name, channel }: SourceName): string {
  return JSON.stringify([name, channel].map((part) => part?.trim().toLowerCase() ?? null));
}

/** A question for all events of a log source; undefined for what is no Windows event log. */
export function logSourceQuestion(source: SourceName): Question | undefined {
  const condition = logSourceCondition(source.name, source.channel);
  return condition && { id: logSourceKey(source), condition, telemetry: condition, fields: [] };
}

export function logSourceCount({ telemetry, days, hosts }: Answer): LogSourceCount {
  const own = hosts.filter((host) => host.telemetry > 0);
  const ofDays = days.reduce((sum, day) => sum + day.telemetry, 0);
  const hostDays = own.reduce((sum, host) => sum + (host.days ?? 0), 0);
  return {
    events: telemetry,
    days: days.length,
    hosts: own.length,
    perDay: days.length === 0 ? 0 : rounded(ofDays / days.length),
    perHostDay: hostDays === 0 ? undefined : rounded(ofDays / hostDays),
  };
}

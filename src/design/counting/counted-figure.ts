// From the counts of an observable to its figure in step E: the same for a store that is asked here and for one elsewhere.

import type { Answer, Question } from '../../history/question.ts';
import type { BaselineSummary } from '../../history/statistics/baseline-summary.ts';
import { type SummaryOptions, summarize } from '../../history/statistics/summarize.ts';
import type { PerDay } from '../document.ts';
import type { Environment } from '../environment.ts';
import type { Figure } from '../funnel/baseline.ts';
import { fieldsOfObservable, type ObservableCondition } from '../observable-condition.ts';
import type { Observable } from '../technique.ts';

/** Values of a field that are told. */
export const VALUES = 20;

/** Which days of which environment are counted. */
export interface CountedWindow {
  readonly environment: Environment;
  readonly from?: string;
  readonly to?: string;
  readonly excludedDays: readonly string[];
}

export function questionOf(observable: Observable, { hit, telemetry }: ObservableCondition): Question {
  return { id: observable.id, condition: hit, telemetry, fields: fieldsOfObservable(observable) };
}

export function summaryOf(
  answer: Answer,
  { environment, excludedDays, from, to }: CountedWindow,
  more: Pick<SummaryOptions, 'afterExclusions' | 'unfilled'> = {},
): BaselineSummary {
  const totals = environment.dataSources.flatMap(({ hosts }) => hosts?.total ?? []);
  return summarize(answer, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    excludedDays,
    budget: environment.budget.maxHitsPerDay,
    ...(totals.length === 0 ? {} : { hostsTotal: Math.max(...totals) }),
    ...more,
    values: VALUES,
  });
}

export function figureOf(summary: BaselineSummary): Figure {
  if (summary.verdict === 'unknown')
    return { hitsPerDay: undefined, afterExclusions: undefined, reason: summary.reason, measured: summary };
  return {
    hitsPerDay: perDay(summary.hits_per_day),
    afterExclusions: perDay(summary.after_exclusions),
    reason: summary.reason,
    measured: summary,
  };
}

function perDay(rate: BaselineSummary['hits_per_day']): PerDay | undefined {
  return rate === null ? undefined : { p50: rate.p50, p90: rate.p90, max: rate.max };
}

export function nothingKnown(reason: string): Figure {
  return { hitsPerDay: undefined, afterExclusions: undefined, reason, measured: null };
}

// The verdict on an observable: few, tunable or a flood by the 90 % quantile of hits per day, unknown where nothing honest can be said.

import { unfilledReason } from '../unfilled-fields.ts';
import type { BaselineVerdict, CoverageCheck, HitsPerDay, SummaryWindow } from './baseline-summary.ts';

/** Below this many days with telemetry no rate per day is honest. */
export const LEAST_DAYS = 14;

export interface Judged {
  readonly verdict: BaselineVerdict;
  readonly reason: string;
}

export function judge(
  figures: {
    readonly window: SummaryWindow | null;
    readonly hits_per_day: HitsPerDay | null;
    readonly after_exclusions: HitsPerDay | null;
    readonly coverage_check: CoverageCheck;
    /** Fields that no event fills, and without which none could be a hit. */
    readonly unfilled: readonly string[];
  },
  hosts: { readonly with_telemetry: number; readonly total: number | null },
  budget: number | undefined,
): Judged {
  const unknown = (reason: string): Judged => ({ verdict: 'unknown', reason });
  const { hits_per_day: rate, after_exclusions: after, coverage_check: coverage, window } = figures;
  if (coverage.state === 'none') return unknown('there is no telemetry that could have shown a hit');
  if (figures.unfilled.length > 0) return unknown(unfilledReason(figures.unfilled));
  if (coverage.state === 'half')
    return unknown(
      `only ${hosts.with_telemetry} of ${hosts.total} hosts ${hosts.with_telemetry === 1 ? 'has' : 'have'} telemetry`,
    );
  if (rate === null)
    return unknown(`${days(window?.counted_days ?? 0)} with telemetry; below ${LEAST_DAYS} no rate per day is honest`);
  if (budget === undefined) return unknown('there is no budget of hits per day to hold the figures against');
  if (rate.p90 <= budget) return { verdict: 'few', reason: `p90 of ${hits(rate.p90)} a day, budget ${budget}` };
  if (after !== null && after.p90 <= budget)
    return {
      verdict: 'tunable',
      reason: `p90 of ${hits(rate.p90)} a day, ${after.p90} once the exclusions are applied, budget ${budget}`,
    };
  const left = after === null ? '' : `, ${after.p90} once the exclusions are applied`;
  return { verdict: 'flood', reason: `p90 of ${hits(rate.p90)} a day${left}, budget ${budget}` };
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function hits(n: number): string {
  return `${n} ${n === 1 ? 'hit' : 'hits'}`;
}

function days(n: number): string {
  return `${n} ${n === 1 ? 'day' : 'days'}`;
}

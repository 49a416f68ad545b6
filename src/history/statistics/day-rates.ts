// Hits per day: quantiles, the mean, and their intervals by drawing the days anew; what was never seen before per day.

import type { HitsPerDay, NewPerDay } from './baseline-summary.ts';
import { type Interval, middle, quantile, rounded } from './quantiles.ts';
import { draws, seedOf } from './random-draws.ts';

const LEVEL = 0.9;
const DRAWS = 2000;
/** Counts drawn at most, so that a long history takes no longer than a moment. */
const MOST_COUNTS = 600_000;
/** Days on which everything is new, since nothing was seen before them. */
const LEARNING_DAYS = 7;

/** Of at least one day's counts. */
export function hitsPerDay(counts: readonly number[]): HitsPerDay {
  const sorted = Float64Array.from(counts).sort();
  const interval = intervalsOf(counts);
  return {
    p50: rounded(quantile(sorted, 0.5)),
    p90: rounded(quantile(sorted, 0.9)),
    max: sorted[sorted.length - 1],
    mean: rounded(counts.reduce((sum, count) => sum + count, 0) / counts.length),
    days_with_none: counts.filter((count) => count === 0).length,
    interval: { level: LEVEL, p50: interval(0), p90: interval(1), mean: interval(2) },
  };
}

/** By the bootstrap over days (Efron 1979), percentiles of what the drawn days give. */
function intervalsOf(counts: readonly number[]): (figure: 0 | 1 | 2) => Interval {
  const random = draws(seedOf(counts));
  const rounds = Math.max(200, Math.min(DRAWS, Math.floor(MOST_COUNTS / counts.length)));
  const figures = [0, 1, 2].map(() => new Float64Array(rounds));
  const drawn = new Float64Array(counts.length);
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let at = 0; at < drawn.length; at++) sum += drawn[at] = counts[random.below(counts.length)];
    drawn.sort();
    figures[0][round] = quantile(drawn, 0.5);
    figures[1][round] = quantile(drawn, 0.9);
    figures[2][round] = sum / drawn.length;
  }
  return (figure) => {
    const [low, high] = middle(figures[figure], LEVEL);
    return [rounded(low), rounded(high)];
  };
}

/** `fresh`: tuples that no earlier day has, of days in order. Null where none is left behind the first seven. */
export function newPerDay(fresh: readonly number[]): NewPerDay | null {
  const later = Float64Array.from(fresh.slice(LEARNING_DAYS)).sort();
  if (later.length === 0) return null;
  return {
    p50: rounded(quantile(later, 0.5)),
    p90: rounded(quantile(later, 0.9)),
    max: later[later.length - 1],
    days: later.length,
  };
}

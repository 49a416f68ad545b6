// Holds forecasts against synthetic histories whose true interval is known: how often they hold, and how wide they are beside it.
import { type DailySeries, dailySeries, type Interval } from '../fixtures/histories/daily-series.ts';
import { variates } from '../fixtures/histories/random-variates.ts';
import type { Answer } from '../src/history/question.ts';
import { summarize } from '../src/history/statistics/summarize.ts';

/** Of some series: shares that hold, and the median of each width divided by the true one (widths are counts that lie within, ends too). */
export interface ForecastScore {
  readonly series: number;
  readonly week: { readonly holds: number; readonly true_holds: number; readonly width: number };
  readonly day: { readonly holds: number; readonly true_holds: number; readonly width: number };
  /** What the median of the same weekdays with a bootstrap over days gives, for comparison. */
  readonly reference: { readonly holds: number; readonly width: number };
}

interface Scored {
  readonly series: DailySeries;
  readonly week: Held;
  readonly days: readonly Held[];
  readonly reference: Held;
}

interface Held {
  readonly holds: boolean;
  readonly trueHolds: boolean;
  /** Beside the true width. */
  readonly width: number;
}

export function scoreSeries(series: DailySeries): Scored {
  const { forecast } = summarize(answerOf(series));
  if (!forecast) throw new Error(`seed ${series.seed}: there is no forecast`);
  const ahead = series.counts.slice(series.trainingDays);
  const sum = ahead.reduce((total, count) => total + count, 0);
  return {
    series,
    week: heldBy([forecast.low, forecast.high], series.truth.week, sum),
    days: ahead.map((count, at) =>
      heldBy([forecast.days[at].low, forecast.days[at].high], series.truth.days[at], count),
    ),
    reference: heldBy(referenceInterval(series), series.truth.week, sum),
  };
}

export function scoreOf(scored: readonly Scored[]): ForecastScore {
  return {
    series: scored.length,
    week: figures(scored.map(({ week }) => week)),
    day: figures(scored.flatMap(({ days }) => days)),
    reference: figures(scored.map(({ reference }) => reference)),
  };
}

/** `from` and the seeds that follow it: a score for each kind of series, for each hundred, and for all. */
export function scoreSeeds(
  from: number,
  count: number,
): {
  readonly kinds: Readonly<Record<string, ForecastScore>>;
  readonly hundreds: readonly ForecastScore[];
  readonly all: ForecastScore;
} {
  const scored = Array.from({ length: count }, (_, at) => scoreSeries(dailySeries(from + at)));
  const byName = (nameOf: (series: DailySeries) => string): readonly [string, ForecastScore][] => {
    const groups = grouped(scored, ({ series }) => nameOf(series));
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, some]) => [name, scoreOf(some)]);
  };
  const hundreds: ForecastScore[] = [];
  for (let at = 0; at + 100 <= count; at += 100) hundreds.push(scoreOf(scored.slice(at, at + 100)));
  return {
    kinds: Object.fromEntries([
      ...byName(({ kind }) => kind),
      ...byName(({ trainingDays }) => (trainingDays < 23 ? '14 to 22 days of training' : '23 days of training')),
    ]),
    hundreds,
    all: scoreOf(scored),
  };
}

/** As a store would answer: one host with telemetry on every day. */
export function answerOf({ days, counts }: DailySeries): Answer {
  const hits = counts.reduce((sum, count) => sum + count, 0);
  const telemetry = 1000 * days.length + hits;
  return {
    id: 'question',
    scanned: telemetry,
    hits,
    telemetry,
    days: days.map((day, at) => ({ day, hits: counts[at], telemetry: 1000 + counts[at], fresh: 0 })),
    hosts: [{ host: 'host-1', hits, telemetry }],
    fields: [],
    untimed: 0,
  };
}

function heldBy([low, high]: Interval, [trueLow, trueHigh]: Interval, count: number): Held {
  return {
    holds: count >= low && count <= high,
    trueHolds: count >= trueLow && count <= trueHigh,
    width: (high - low + 1) / (trueHigh - trueLow + 1),
  };
}

function figures(held: readonly Held[]): { holds: number; true_holds: number; width: number } {
  const share = (of: (one: Held) => boolean): number => held.filter(of).length / held.length;
  const widths = held.map(({ width }) => width).sort((a, b) => a - b);
  return {
    holds: share(({ holds }) => holds),
    true_holds: share(({ trueHolds }) => trueHolds),
    width: widths[Math.floor(widths.length / 2)],
  };
}

/** Each day ahead is the median of its weekday's days; the interval is that of the sum when the days are drawn anew. */
function referenceInterval({ seed, days, counts, trainingDays }: DailySeries): Interval {
  const random = variates(seed ^ 0x7ef);
  const weekdays = days.map((day) => new Date(day).getUTCDay());
  const sums = new Float64Array(1000);
  for (let draw = 0; draw < sums.length; draw++)
    for (const weekday of weekdays.slice(trainingDays)) {
      const same = counts.slice(0, trainingDays).filter((_, at) => weekdays[at] === weekday);
      const drawn = same.map(() => same[random.below(same.length)]).sort((a, b) => a - b);
      sums[draw] += drawn[Math.floor(drawn.length / 2)];
    }
  sums.sort();
  return [sums[50], sums[949]];
}

function grouped<T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group) group.push(one);
    else groups.set(nameOf(one), [one]);
  }
  return groups;
}

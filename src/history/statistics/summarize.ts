// From a store's counts to the figures of a baseline, in one call: rates, hosts, rare values, coverage, forecast, verdict.

import type { Answer, DayCount } from '../question.ts';
import type { BaselineSummary, CoverageCheck, HeldOutForecast, HitsPerDay, WeekForecast } from './baseline-summary.ts';
import { type Calendar, type CountedDay, calendarOf, cutOutside, dayText, weekdayOf } from './calendar.ts';
import { checkCoverage } from './coverage-check.ts';
import { hitsPerDay, newPerDay } from './day-rates.ts';
import { LEVEL, type Predicted, predict } from './forecast.ts';
import { rounded } from './quantiles.ts';
import { concentrationOf, stackOf } from './stacks.ts';
import { judge, LEAST_DAYS, percent } from './verdict.ts';

const WEEK = 7;
/** Older days say little of the next week. */
const MOST_TRAINING_DAYS = 91;
const RARE_VALUES = 20;

export interface SummaryOptions {
  /** The window that the store was asked for: ISO 8601, from on, and before. Without: from the first to the last day with events. */
  readonly from?: string;
  readonly to?: string;
  /** Days of known incidents, "2025-03-01". */
  readonly excludedDays?: readonly string[];
  /** Hits a day that are bearable. */
  readonly budget?: number;
  /** Hosts of the environment. */
  readonly hostsTotal?: number;
  /** The days of the same question with the accepted exclusions applied. */
  readonly afterExclusions?: readonly DayCount[];
  /** Fields that the question needs and no event of its log source fills: without them nothing could have been a hit. */
  readonly unfilled?: readonly string[];
  /** Values told of each field, of the rarest and of the most frequent; 20 unless told. */
  readonly values?: number;
}

/** Depends on its arguments alone: the same counts give the same figures to the byte. */
export function summarize(answer: Answer, options: SummaryOptions = {}): BaselineSummary {
  const { excludedDays = [], unfilled = [], budget, hostsTotal, values = RARE_VALUES } = options;
  const calendar = calendarOf(answer.days, excludedDays, options);
  const counted = calendar?.counted ?? [];
  const isEnough = counted.length >= LEAST_DAYS;
  const rate = isEnough ? hitsPerDay(counted.map(({ hits }) => hits)) : null;
  const after = isEnough && options.afterExclusions ? afterRate(counted, options.afterExclusions) : null;
  const coverage = checkCoverage(answer.hosts, answer.telemetry, hostsTotal, calendar);
  const withTelemetry = answer.hosts.filter((host) => host.telemetry > 0).length;
  const withHits = answer.hosts.filter((host) => host.hits > 0).length;
  const hosts = {
    with_hits: withHits,
    with_telemetry: withTelemetry,
    total: hostsTotal === undefined ? null : Math.max(hostsTotal, withTelemetry),
    share: shareOf(withHits, hostsTotal === undefined ? withTelemetry : Math.max(hostsTotal, withTelemetry)),
  };
  const window = calendar
    ? {
        from: calendar.from,
        to: calendar.to,
        days: calendar.days,
        counted_days: counted.length,
        excluded_days: calendar.excluded,
      }
    : null;
  const figures = { window, hits_per_day: rate, after_exclusions: after, coverage_check: coverage, unfilled };
  const excludedHits = hitsOn(answer.days, new Set(excludedDays));
  return {
    question: answer.id,
    window,
    scanned: answer.scanned,
    hits: answer.hits - excludedHits,
    telemetry: answer.telemetry,
    untimed: answer.untimed,
    hits_per_day: rate,
    after_exclusions: after,
    hosts,
    fields: answer.fields.map((field) => stackOf(field, answer.hits, withTelemetry, values)),
    new_per_day: isEnough ? newPerDay(counted.map(({ fresh }) => fresh)) : null,
    concentration: concentrationOf(answer),
    coverage_check: coverage,
    forecast: heldOut(calendar),
    next_week: nextWeek(calendar),
    budget: budget ?? null,
    ...judge(figures, hosts, budget),
    notes: [
      ...notesOf(answer, { calendar, rate, budget, hostsTotal, excludedHits, withTelemetry, checked: coverage }),
      ...(window ? [cutOutside(excludedDays, window) ?? []].flat() : []),
    ],
  };
}

function shareOf(part: number, all: number): number | null {
  return all === 0 ? null : rounded(part / all);
}

function hitsOn(days: readonly DayCount[], wanted: ReadonlySet<string>): number {
  return days.reduce((sum, { day, hits }) => sum + (wanted.has(day) ? hits : 0), 0);
}

/** Days without an entry have none left: telemetry is what the question without exclusions saw. */
function afterRate(counted: readonly CountedDay[], after: readonly DayCount[]): HitsPerDay {
  const hits = new Map(after.map((day) => [day.day, day.hits]));
  return hitsPerDay(counted.map(({ day }) => hits.get(day) ?? 0));
}

/** More than half of the window's days must count: of a few scattered ones nothing follows for the next week. */
function isForecast(calendar: Calendar | undefined, training: readonly CountedDay[]): calendar is Calendar {
  return calendar !== undefined && training.length >= LEAST_DAYS && calendar.counted.length * 2 > calendar.days;
}

/** The last seven counted days from those before them. */
function heldOut(calendar: Calendar | undefined): HeldOutForecast | null {
  const training = calendar?.counted.slice(0, -WEEK).slice(-MOST_TRAINING_DAYS) ?? [];
  if (!isForecast(calendar, training)) return null;
  const ahead = calendar.counted.slice(-WEEK);
  const forecast = forecastOf(
    predict(training.map(toModel), ahead),
    ahead.map(({ day }) => day),
    training.length,
  );
  const hits = ahead.reduce((sum, day) => sum + day.hits, 0);
  return {
    ...forecast,
    days: forecast.days.map((day, at) => ({ ...day, hits: ahead[at].hits })),
    hits,
    holds: hits >= forecast.low && hits <= forecast.high,
  };
}

/** The seven days behind the window. */
function nextWeek(calendar: Calendar | undefined): WeekForecast | null {
  const training = calendar?.counted.slice(-MOST_TRAINING_DAYS) ?? [];
  if (!isForecast(calendar, training)) return null;
  const next = Math.floor(Date.parse(`${calendar.to}T00:00:00Z`) / 86_400_000) + 1;
  const ahead = Array.from({ length: WEEK }, (_, at) => ({ index: next + at, weekday: weekdayOf(next + at) }));
  return forecastOf(
    predict(training.map(toModel), ahead),
    ahead.map(({ index }) => dayText(index)),
    training.length,
  );
}

function toModel({ index, weekday, hits }: CountedDay): { index: number; weekday: number; count: number } {
  return { index, weekday, count: hits };
}

function forecastOf(predicted: Predicted, days: readonly string[], trainingDays: number): WeekForecast {
  return {
    from: days[0],
    to: days[days.length - 1],
    training_days: trainingDays,
    level: LEVEL,
    expected: predicted.expected,
    low: predicted.total[0],
    high: predicted.total[1],
    days: predicted.days.map(({ expected, interval: [low, high] }, at) => ({ day: days[at], expected, low, high })),
  };
}

/** Half or fewer of all hosts and days with telemetry are worth a note. */
const FEW_HOST_DAYS = 0.5;

function notesOf(
  answer: Answer,
  seen: {
    readonly calendar: Calendar | undefined;
    readonly rate: HitsPerDay | null;
    readonly budget: number | undefined;
    readonly hostsTotal: number | undefined;
    readonly excludedHits: number;
    readonly withTelemetry: number;
    readonly checked: CoverageCheck;
  },
): readonly string[] {
  const { calendar, rate, budget, hostsTotal, excludedHits, withTelemetry, checked } = seen;
  const notes: string[] = [];
  const missing = calendar?.without.reduce((sum, { days }) => sum + days, 0) ?? 0;
  if (missing > 0)
    notes.push(
      `On ${missing} of ${calendar!.days} days there is no telemetry; ${missing === 1 ? 'it is' : 'they are'} in no rate.`,
    );
  if (answer.untimed > 0)
    notes.push(
      answer.untimed === 1
        ? '1 event has no time that can be read; it is on no day.'
        : `${answer.untimed} events have no time that can be read; they are on no day.`,
    );
  if (excludedHits > 0)
    notes.push(
      `${excludedHits} ${excludedHits === 1 ? 'hit' : 'hits'} on days of known incidents ${excludedHits === 1 ? 'is' : 'are'} in no rate; hosts and values are told with them.`,
    );
  if (hostsTotal !== undefined && withTelemetry > hostsTotal)
    notes.push(
      `${withTelemetry} ${withTelemetry === 1 ? 'host has' : 'hosts have'} telemetry, more than the ${hostsTotal} that the environment says it has.`,
    );
  if (hostsTotal !== undefined && withTelemetry > 0 && withTelemetry < hostsTotal)
    notes.push(`${percent(withTelemetry / hostsTotal)} of the hosts have telemetry; the rates are of these alone.`);
  const onDays = checked.host_days_share;
  if (onDays !== null && onDays <= FEW_HOST_DAYS)
    notes.push(
      `${percent(onDays)} of all hosts and days have telemetry: what the others would have shown is not known.`,
    );
  if (rate !== null && budget !== undefined) {
    const [low, high] = rate.interval.p90;
    if (low <= budget && budget < high)
      notes.push(
        `The budget of ${budget} lies within the interval of p90 (${low} to ${high}): other days may change the verdict.`,
      );
  }
  const cut = answer.fields.filter(({ values, distinct, rarest }) => rarest === undefined && values.length < distinct);
  if (cut.length > 0)
    notes.push(
      `The rarest values of ${cut.map(({ field }) => field).join(', ')} may be missing: the store told the most frequent only.`,
    );
  return notes;
}

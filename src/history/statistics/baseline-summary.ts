// What a baseline says of one question, ready for JSON: the figures, the verdict on them, and what they do not say.

import type { Interval } from './quantiles.ts';

export interface BaselineSummary {
  /** The question's id. */
  readonly question: string;
  /** Null where no event has a time. */
  readonly window: SummaryWindow | null;
  /** Rows looked at. */
  readonly scanned: number;
  /** Hits on days that are not cut, and those without a time. */
  readonly hits: number;
  readonly telemetry: number;
  readonly untimed: number;
  /** Null where fewer than 14 days have telemetry: no rate is honest then. */
  readonly hits_per_day: HitsPerDay | null;
  /** The same once exclusions are applied; null where none were. */
  readonly after_exclusions: HitsPerDay | null;
  readonly hosts: HostShare;
  readonly fields: readonly FieldStack[];
  /** The cost of a rule on what was never seen before. Null where there are too few days. */
  readonly new_per_day: NewPerDay | null;
  readonly concentration: Concentration;
  readonly coverage_check: CoverageCheck;
  /** Of the last seven days, from those before them. Null where fewer than 14 stand before them. */
  readonly forecast: HeldOutForecast | null;
  /** Of the seven days that follow, from all days. */
  readonly next_week: WeekForecast | null;
  /** Hits a day that are bearable; null where none was given. */
  readonly budget: number | null;
  readonly verdict: BaselineVerdict;
  readonly reason: string;
  readonly notes: readonly string[];
}

export type BaselineVerdict = 'few' | 'tunable' | 'flood' | 'unknown';

/** Days in ISO 8601, both within. */
export interface SummaryWindow {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** With telemetry and not cut: what the rates are of. */
  readonly counted_days: number;
  /** Days of a known incident, which no rate is of. */
  readonly excluded_days: readonly string[];
}

export interface HitsPerDay {
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  readonly mean: number;
  readonly days_with_none: number;
  /** Days drawn anew: what other days of the same kind would have given, at this level. */
  readonly interval: {
    readonly level: number;
    readonly p50: Interval;
    readonly p90: Interval;
    readonly mean: Interval;
  };
}

export interface HostShare {
  readonly with_hits: number;
  readonly with_telemetry: number;
  /** Of the environment; null where it is not known. */
  readonly total: number | null;
  /** Hosts with hits, of the environment's, or of those with telemetry; null where there are none. */
  readonly share: number | null;
}

/** Stack counting: on how many hosts each value stands. */
export interface FieldStack {
  readonly field: string;
  readonly distinct: number;
  /** Share of the hits in which it is filled. */
  readonly filled: number | null;
  /** Whether the store told every value; where not, the rarest may be missing. */
  readonly complete: boolean;
  /** Those on the fewest hosts first. */
  readonly rare: readonly ValueStack[];
  readonly frequent: readonly ValueStack[];
}

export interface ValueStack {
  readonly value: string;
  readonly hits: number;
  readonly hosts: number;
  /** Of the hosts with telemetry. */
  readonly share: number | null;
  /** Day it was first seen. */
  readonly first: string | null;
}

export interface NewPerDay {
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  /** Days that it is of: those after the first seven, on which everything is new. */
  readonly days: number;
}

export interface Concentration {
  readonly top_host: { readonly host: string; readonly share: number } | null;
  readonly top_value: { readonly field: string; readonly value: string; readonly share: number } | null;
}

export interface CoverageCheck {
  /** `none`: no telemetry. `half`: of half the hosts or more there is none. `partial`: of some hosts or days there is none. */
  readonly state: 'covered' | 'partial' | 'half' | 'none';
  /** Events of the log source, for each host with telemetry and counted day. */
  readonly events_per_host_day: number | null;
  readonly hosts_without: number | null;
  /** Of all hosts and days, how many have telemetry; null where the store does not tell. */
  readonly host_days_share: number | null;
  /** Spans of the window without any event of the log source: unknown, never quiet. */
  readonly days_without: readonly { readonly from: string; readonly to: string; readonly days: number }[];
  /** Days with less than a tenth of the usual telemetry. */
  readonly thin_days: readonly string[];
}

export interface WeekForecast {
  readonly from: string;
  readonly to: string;
  /** Days that it rests on. */
  readonly training_days: number;
  readonly level: number;
  /** Of all its days together. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly days: readonly DayForecast[];
}

export interface DayForecast {
  readonly day: string;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** What came. */
  readonly hits?: number;
}

export interface HeldOutForecast extends WeekForecast {
  /** What came, and whether it lies within low and high. */
  readonly hits: number;
  readonly holds: boolean;
}

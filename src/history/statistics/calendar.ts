// The days of a history: which of them count for a rate, which were cut, and on which there was no telemetry.

import type { DayCount } from '../question.ts';

const DAY_MS = 86_400_000;

/** A day that counts: there is telemetry and no incident is known. */
export interface CountedDay {
  readonly day: string;
  /** Days since 1970, and the weekday, 0 for Monday. */
  readonly index: number;
  readonly weekday: number;
  readonly hits: number;
  readonly telemetry: number;
  readonly fresh: number;
}

export interface Calendar {
  /** Both within. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** Oldest first. */
  readonly counted: readonly CountedDay[];
  /** Days that were cut and lie in the window. */
  readonly excluded: readonly string[];
  /** Spans without telemetry, both ends within. */
  readonly without: readonly { readonly from: string; readonly to: string; readonly days: number }[];
}

/** Days since 1970 of "2025-03-01"; undefined where that is no day. */
export function dayIndex(day: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || dayText(time / DAY_MS) !== day ? undefined : time / DAY_MS;
}

export function dayText(index: number): string {
  return new Date(index * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Monday; 1970 began on a Thursday. */
export function weekdayOf(index: number): number {
  return (((index + 3) % 7) + 7) % 7;
}

/** `from` and `to` as a store was asked: ISO 8601, from on and before; without them the first and the last day with events. */
export function calendarOf(
  days: readonly DayCount[],
  excludedDays: readonly string[],
  { from, to }: { readonly from?: string; readonly to?: string },
): Calendar | undefined {
  const excluded = new Set(excludedDays);
  const known = days
    .flatMap((day) => {
      const index = dayIndex(day.day);
      return index === undefined ? [] : [{ ...day, index, weekday: weekdayOf(index) }];
    })
    .sort((a, b) => a.index - b.index);
  const first = indexOfTime(from, 0) ?? known[0]?.index;
  const last = indexOfTime(to, -1) ?? known.at(-1)?.index;
  if (first === undefined || last === undefined || last < first) return undefined;
  const inside = known.filter(({ index }) => index >= first && index <= last);
  const seen = inside.filter(({ telemetry }) => telemetry > 0);
  const cut = [...excluded].filter((day) => {
    const index = dayIndex(day);
    return index !== undefined && index >= first && index <= last;
  });
  return {
    from: dayText(first),
    to: dayText(last),
    days: last - first + 1,
    counted: seen.filter(({ day }) => !excluded.has(day)),
    excluded: cut.sort(),
    without: gaps(first, last, [...seen.map(({ index }) => index), ...cut.map((day) => dayIndex(day)!)]),
  };
}

/** What is to be told of days that were to be cut and lie beside the window, so that nothing was cut by them; undefined where none does. */
export function cutOutside(
  days: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): string | undefined {
  const outside = [...new Set(days)].filter((day) => day < from || day > to).sort();
  if (outside.length === 0) return undefined;
  const told = `${outside.slice(0, 5).join(', ')}${outside.length > 5 ? ` and ${outside.length - 5} more` : ''}`;
  return `days to be left out that are none of the days from ${from} to ${to}: ${told}`;
}

/** The day of a time; `before`: the last day that has a moment before it. */
function indexOfTime(time: string | undefined, shift: 0 | -1): number | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : Math.floor((at + shift) / DAY_MS);
}

/** Spans between first and last that none of the indices is in. */
function gaps(first: number, last: number, indices: readonly number[]): Calendar['without'] {
  const spans: { from: string; to: string; days: number }[] = [];
  let next = first;
  for (const index of [...new Set(indices)].sort((a, b) => a - b).concat(last + 1)) {
    if (index > next) spans.push({ from: dayText(next), to: dayText(index - 1), days: index - next });
    next = index + 1;
  }
  return spans;
}

// Points in time as logs write them, and the parts of one that a rule may ask for.

import type { TimeTest } from './value-test.ts';

const TEXT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** Milliseconds since 1970 of "2024-05-01T10:00:00.123Z", "2024-05-01 10:00:00.123" (UTC where it names no zone); undefined of another text. */
export function utcTime(text: string): number | undefined {
  const [whole, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    TEXT.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3));
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  if (Number.isNaN(time) || new Date(time).getUTCDate() !== Number(day)) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return time;
  return time - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const DAY = 86_400_000;
const SUM = /([+-])(\d{1,9})([yMwdhHms])|\/([yMwdhHms])/y;

/**
 * Elasticsearch's date math: `now` or a date with `||` behind it, then sums ("+1M") and roundings ("/d"), from left to right; undefined of another text.
 * A rounding gives the first millisecond of its time, with `roundUp` the last one.
 */
export function dateMath(text: string, now: number, roundUp: boolean): number | undefined {
  const [, date, sums] = /^(now|[^|]{4,40}\|\|)(.{0,100})$/.exec(text) ?? [];
  const start = date === 'now' ? now : date === undefined ? undefined : utcTime(date.slice(0, -2));
  if (start === undefined) return undefined;
  let time = start;
  SUM.lastIndex = 0;
  while (SUM.lastIndex < sums.length) {
    const found = SUM.exec(sums);
    if (!found) return undefined;
    const [, sign, count, unit, rounding] = found;
    if (rounding === undefined) time = later(time, unit, (sign === '-' ? -1 : 1) * Number(count));
    else {
      time = beginning(time, rounding);
      if (roundUp) time = later(time, rounding, 1) - 1;
    }
  }
  return Number.isNaN(time) ? undefined : time;
}

/** In UTC; a month later than 31 January is the last of February. */
function later(time: number, unit: string, count: number): number {
  const millis = { w: 7 * DAY, d: DAY, h: 3_600_000, H: 3_600_000, m: 60_000, s: 1000 }[unit];
  if (millis !== undefined) return time + count * millis;
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (unit === 'y' ? 12 : 1));
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** Of the year, month, week (from Monday on), day, hour, minute or second that a time is in. */
function beginning(time: number, unit: string): number {
  const date = new Date(time);
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0);
  if (unit === 'M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  if (unit === 'w') return Math.floor(time / DAY) * DAY - ((date.getUTCDay() + 6) % 7) * DAY;
  const millis = { d: DAY, m: 60_000, s: 1000 }[unit] ?? 3_600_000;
  return Math.floor(time / millis) * millis;
}

export function timePart(time: number, part: TimeTest['part']): number {
  const date = new Date(time);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    case 'week': {
      // ISO 8601: the week of a day is that of its Thursday; week 1 has the year's first one.
      const thursday = new Date(Math.floor(time / DAY) * DAY + (4 - (date.getUTCDay() || 7)) * DAY);
      const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      return 1 + Math.floor((thursday.getTime() - first) / (7 * DAY));
    }
  }
}

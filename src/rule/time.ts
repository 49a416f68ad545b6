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

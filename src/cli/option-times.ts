// Times as they are given on the command line: points in time, or how long ago, and days.

import { InvalidArgumentError } from 'commander';
import { dayIndex } from '../history/statistics/calendar.ts';
import { ticksOf } from '../logs/index.ts';

const UNITS: Readonly<Record<string, bigint>> = { m: 600_000_000n, h: 36_000_000_000n, d: 864_000_000_000n };

/** 100 ns since 1601. Throws InvalidArgumentError. */
export function readTime(text: string): bigint {
  const [, ago, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (ago !== undefined) return ticksOf(String(Date.now()).padStart(13, '0'))! - BigInt(ago) * UNITS[unit];
  const ticks = ticksOf(text);
  if (ticks === undefined)
    throw new InvalidArgumentError(
      'A time such as 2026-11-28T09:00:00Z, 2026-11-28, or 24h (minutes m, hours h, days d) is expected.',
    );
  return ticks;
}

/** A day that the calendar has, "2026-11-28": there is no 31st of February. */
export function isDay(text: string): boolean {
  return dayIndex(text) !== undefined;
}

/** Throws InvalidArgumentError. */
export function readDay(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('A day such as 2026-11-28 is expected.');
  return text;
}

/** Of an option that takes several. Throws InvalidArgumentError. */
export function readDays(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, readDay(text)];
}

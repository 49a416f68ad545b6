// The value of an option that is a day.

import { InvalidArgumentError } from 'commander';

/** "YYYY-MM-DD", as it was given. */
export function readDate(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError('It is no date of the form YYYY-MM-DD.');
  }
  return value;
}

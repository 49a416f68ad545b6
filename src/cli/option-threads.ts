// Threads on a command line.

import { InvalidArgumentError } from 'commander';

/** Throws InvalidArgumentError. */
export function readThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new InvalidArgumentError('A number from 1 to 64 is expected.');
  return threads;
}

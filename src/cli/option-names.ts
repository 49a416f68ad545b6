// Names as they are given on the command line, one an option.

import { InvalidArgumentError } from 'commander';

/** Adds one more; throws InvalidArgumentError where it is empty. */
export function namesOption(text: string, before: readonly string[] = []): readonly string[] {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return [...before, text];
}

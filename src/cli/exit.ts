// What the process says when it ends: the exit codes, and the one line that each kind of failure prints.
import { WinnowError } from '../errors.ts';
import { plain } from './print.ts';

/** The exit codes of every command; `winnow --help` prints this table. */
export const EXIT = {
  done: 0,
  found: 1,
  usage: 2,
  input: 3,
  unexpected: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each exit code means, for the help text. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.found, 'hunt: something was found; test: no'],
  [EXIT.usage, 'the command line cannot be understood'],
  [EXIT.input, 'an input could not be read (what could be answered is still printed)'],
  [EXIT.unexpected, 'a fault of Winnow itself; please report it (WINNOW_DEBUG=1 shows the stack)'],
];

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof WinnowError)) return EXIT.unexpected;
  switch (error.kind) {
    case 'usage':
    case 'unsupported':
      return EXIT.usage;
    case 'format':
    case 'input':
      return EXIT.input;
  }
}

/** The line for stderr, with its newline; the stack only for an unexpected error and only when `debug` is set. */
export function failureLine(error: unknown, debug = false): string {
  if (error instanceof WinnowError) return `winnow: ${plain(error.message)}\n`;
  if (debug && error instanceof Error && error.stack) return `winnow: unexpected: ${plain(error.stack, '\n')}\n`;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `winnow: unexpected: ${plain(what)} (set WINNOW_DEBUG=1 for the stack)\n`;
}

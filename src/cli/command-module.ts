// What a command of the command line is: its name, its grammar, its act, and the commands within it.
import type { Command } from 'commander';
import type { ExitCode } from './exit.ts';
import type { Face } from './print.ts';

/** What every file in commands/ exports. */
export interface CommandModule {
  readonly name: string;
  readonly summary: string;
  /** Adds the command's arguments and options. */
  readonly grammar: (command: Command) => Command;
  /** Does what the parsed command asks. Throws a WinnowError where nothing can be answered. */
  readonly run: (command: Command, face: Face) => Promise<ExitCode>;
  /** Commands within it: `winnow accounts sam`. */
  readonly nested?: readonly CommandModule[];
}

/** The words that name a command behind `winnow`: 'accounts sam'; none for the program itself. */
export function pathOf(command: Command): string {
  const before = command.parent ? pathOf(command.parent) : '';
  return command.parent ? `${before}${before && ' '}${command.name()}` : '';
}

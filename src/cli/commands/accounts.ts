// `winnow accounts`: local accounts and groups; what a SAM hive holds of them is a command within it.

import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { CommandModule } from '../command-module.ts';
import type { ExitCode } from '../exit.ts';
import type { Face } from '../print.ts';
import * as sam from './accounts-sam.ts';

export const name = 'accounts';
export const summary = 'local accounts and groups: what a SAM hive holds of them, and what changed';
export const nested: readonly CommandModule[] = [sam];

export function grammar(command: Command): Command {
  return command.addHelpText(
    'after',
    `
Examples:
  winnow accounts sam SAM
  winnow accounts sam diff before/SAM after/SAM`,
  );
}

export async function run(_command: Command, _face: Face): Promise<ExitCode> {
  throw new UsageError("say what of accounts; see 'winnow accounts --help'");
}

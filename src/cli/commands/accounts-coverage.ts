// `winnow accounts coverage`: which layers could have seen changes of accounts on each host, and what to switch on where one could not.

import type { Command } from 'commander';
import { ACCOUNTS_COVERAGE_SCHEMA, coverageDocument } from '../../accounts/coverage-document.ts';
import { UsageError } from '../../errors.ts';
import { chosenOf, strangerLines } from '../accounts-choice.ts';
import { coverageLines } from '../accounts-coverage-text.ts';
import { readStory } from '../accounts-reading.ts';
import type { ExitCode } from '../exit.ts';
import { namesOption } from '../option-names.ts';
import { type Face, jsonText, styleFor } from '../print.ts';

export const name = 'coverage';
export const summary = 'which layers could have seen account changes on each host, with the fix for each hole';

interface CoverageFlags {
  readonly host?: readonly string[];
  readonly json?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<LOG...>', 'a log, a folder of logs, or - for standard input')
    .option('--host <NAME>', 'only this host, with or without its domain; may be given several times', namesOption)
    .option('--json', `print the document, schema ${ACCOUNTS_COVERAGE_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
The layers: A native events of the Security log, B command lines, C API and RPC telemetry, D writes to the SAM's registry keys.
data: it could have seen; filtered: its channel is in the logs, but none of the events that show account changes; absent: nothing of it is in the logs.

Examples:
  winnow accounts coverage C:\\Windows\\System32\\winevt\\Logs
  winnow accounts coverage Security.evtx sysmon.evtx --host ws7
  winnow accounts coverage logs.zip --json`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<CoverageFlags>();
  const before = command.parent?.options.find(
    (option) => command.parent?.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (before) throw new UsageError(`${before.long} stands before 'coverage'; what it takes goes behind it`);
  const { document, end } = await readStory(given, face, flags.quiet === true);
  const chosen = chosenOf(document, flags.host ? { hosts: flags.host } : {});
  if (flags.json) face.out(jsonText(coverageDocument(chosen)));
  else face.out(`${coverageLines(chosen.coverage, styleFor(face, flags.color)).join('\n')}\n`);
  for (const line of strangerLines(document, flags.host)) face.err(line);
  return end();
}

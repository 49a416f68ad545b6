// `winnow accounts`: its grammar, and its act from logs to the story of local accounts and groups.

import type { Command } from 'commander';
import { Collector } from '../../accounts/collector.ts';
import type { AccountsDocument } from '../../accounts/document.ts';
import { tellStory } from '../../accounts/story.ts';
import { Wanted } from '../../accounts/wanted.ts';
import { InputError } from '../../errors.ts';
import { eventsOf, type Glance, LogReport } from '../../logs/index.ts';
import type { CommandModule } from '../command-module.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { logsOf, namedLogs, reportLines } from '../log-inputs.ts';
import { type Face, jsonText, progressOn } from '../print.ts';
import * as rules from './accounts-rules.ts';
import * as sam from './accounts-sam.ts';
import * as sysmonConfig from './accounts-sysmon-config.ts';

export const name = 'accounts';
export const summary = 'local account and group changes, each told once, by four layers of visibility';
export const nested: readonly CommandModule[] = [sam, sysmonConfig, rules];

interface AccountsFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<LOG...>', 'a log, a folder of logs, or - for standard input')
    .option('--json', 'print the document, schema winnow.accounts/1')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr');
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<AccountsFlags>();
  const { paths, failures } = namedLogs(given);
  const told = failures.map((failure) => failureLine(failure));
  const progress = progressOn(face, flags.quiet === true);
  const report = new LogReport();
  const collector = new Collector();
  try {
    for (const path of paths) {
      try {
        const step = (end: number, size: number): void => progress.step(path, end, size);
        for await (const log of logsOf(path, report, step)) {
          const wanted = new Wanted(collector.names);
          const glance = (one: Glance): boolean => wanted.has(one);
          for await (const event of eventsOf(log, report, { glance })) collector.take(event);
          collector.events += wanted.passedOver;
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        told.push(failureLine(error));
      }
    }
  } finally {
    progress.end();
  }
  const refused = told.length + report.refused;
  const document: AccountsDocument = tellStory(collector, report.unreadable + refused);
  face.out(jsonText(document));
  if (!flags.quiet) for (const line of reportLines(report)) face.err(line);
  for (const line of told) face.err(line);
  return refused > 0 ? EXIT.input : EXIT.done;
}

// `winnow accounts`: its grammar, and its act from logs to the story of local accounts and groups, in each form.

import { type Command, Option } from 'commander';
import type { AccountsDocument } from '../../accounts/document.ts';
import { UsageError } from '../../errors.ts';
import { chosenOf, strangerLines } from '../accounts-choice.ts';
import { accountsCsv } from '../accounts-csv.ts';
import { accountsMarkdown } from '../accounts-markdown.ts';
import { ocsfEvent } from '../accounts-ocsf.ts';
import { readStory } from '../accounts-reading.ts';
import { accountsText } from '../accounts-text.ts';
import type { CommandModule } from '../command-module.ts';
import type { ExitCode } from '../exit.ts';
import { jsonPieces } from '../json-pieces.ts';
import { namesOption } from '../option-names.ts';
import { readTime } from '../option-times.ts';
import { count, type Face, plain, safeJson, styleFor } from '../print.ts';
import * as coverage from './accounts-coverage.ts';
import * as rules from './accounts-rules.ts';
import * as sam from './accounts-sam.ts';
import * as sysmonConfig from './accounts-sysmon-config.ts';

export const name = 'accounts';
export const summary = 'local account and group changes, each told once, by four layers of visibility';
export const nested: readonly CommandModule[] = [coverage, sam, sysmonConfig, rules];

interface AccountsFlags {
  readonly since?: bigint;
  readonly until?: bigint;
  readonly host?: readonly string[];
  readonly samBefore?: string;
  readonly samAfter?: string;
  readonly apiMapping?: readonly string[];
  readonly all?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
  readonly ocsf?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<LOG...>', 'a log, a folder of logs, or - for standard input')
    .option('--since <TIME>', 'only changes from this time on: 2026-11-28T09:00Z, or 24h (30m, 7d) ago', readTime)
    .option('--until <TIME>', 'only changes up to this time', readTime)
    .option('--host <NAME>', 'only this host, with or without its domain; may be given several times', namesOption)
    .option('--sam-before <HIVE>', "the host's SAM hive as it was, to name members that the registry's records cannot")
    .option('--sam-after <HIVE>', 'the same hive as it is')
    .option('--api-mapping <FILE>', "how a vendor's events tell calls of APIs; may be given several times", namesOption)
    .option('--all', 'what Windows does by itself one by one, and no list cut')
    .addOption(
      new Option('--json', 'print the document, schema winnow.accounts/1').conflicts([
        'csv',
        'markdown',
        'ocsf',
        'all',
      ]),
    )
    .addOption(new Option('--csv', 'print CSV, a row a change').conflicts(['markdown', 'ocsf']))
    .addOption(new Option('--markdown', 'print a report in Markdown, for a ticket').conflicts('ocsf'))
    .option('--ocsf', 'print JSON lines for a SIEM, an OCSF event a change')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Give it all logs of a host together: Security, Sysmon, PowerShell, in any form that 'winnow events' reads. Each change is told once, whichever layers saw it:
A native events of the Security log, B command lines, C API and RPC telemetry, D writes to the SAM's registry keys.
A layer without data could not have seen anything, and the coverage at the end says so, with what to switch on.
What Windows does by itself (setup, Windows LAPS, features) is told in one line a cause; --all tells it one by one, in CSV, Markdown and OCSF too. --json always has all of it.

Examples:
  winnow accounts Security.evtx sysmon.evtx
  winnow accounts C:\\Windows\\System32\\winevt\\Logs --since 7d
  winnow accounts logs.zip --host ws7 --all
  winnow accounts winlogbeat.ndjson --csv > changes.csv
  winnow accounts logs --markdown > ticket.md
  winnow accounts logs --ocsf -q | curl --data-binary @- ...
  winnow accounts sysmon.evtx --sam-before old\\SAM --sam-after new\\SAM
  winnow accounts coverage logs`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<AccountsFlags>();
  const { since, until, host } = flags;
  if (since !== undefined && until !== undefined && since > until)
    throw new UsageError('--since is later than --until: no time is between them');
  const { document, end } = await readStory(given, face, flags.quiet === true, flags);
  const chosen = chosenOf(document, {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(host === undefined ? {} : { hosts: host }),
  });
  print(chosen, flags, face);
  for (const line of strangerLines(document, host)) face.err(line);
  return end();
}

function print(document: AccountsDocument, flags: AccountsFlags, face: Face): void {
  const all = flags.all === true;
  if (flags.json) for (const piece of jsonPieces(document)) face.out(piece);
  else if (flags.markdown) face.out(accountsMarkdown(document, all));
  else if (flags.csv || flags.ocsf) {
    const changes = all ? document.changes : document.changes.filter(({ benign }) => !benign);
    if (flags.csv) face.out(accountsCsv(changes));
    else printOcsf(changes, face);
    const left = document.changes.length - changes.length;
    if (left > 0 && !flags.quiet)
      face.err(
        `winnow: ${count(left, 'change')} by Windows itself left out; --all has ${left === 1 ? 'it' : 'them'}\n`,
      );
  } else face.out(accountsText(document, { style: styleFor(face, flags.color), all }));
}

function printOcsf(changes: AccountsDocument['changes'], face: Face): void {
  for (const change of changes) {
    const event = ocsfEvent(change);
    if (event) face.out(`${safeJson(JSON.stringify(event))}\n`);
    else
      face.err(
        `winnow: a change without a time is no OCSF event, left out: ${plain(change.kind)} (${plain(change.evidence[0]?.file ?? '')}:${change.evidence[0]?.record ?? ''})\n`,
      );
  }
}

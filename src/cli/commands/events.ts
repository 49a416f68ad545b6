// `winnow events`: its grammar, and its act from the given logs to the printed events.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError, UsageError } from '../../errors.ts';
import { OWN_NAMES } from '../../hunt/event-binding.ts';
import { LogReport, openLogs } from '../../logs/index.ts';
import type { Condition } from '../../rule/condition.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import { readSelection } from '../../rule/read/selection.ts';
import { type EventsFlags, findOptions, type Taker, takerFor } from '../event-takers.ts';
import { PART, takeInParts } from '../event-workers.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { followed } from '../follow.ts';
import { type FindOptions, takeLog } from '../found-events.ts';
import { isLogName, namedLogs, openInput, reportLines } from '../log-inputs.ts';
import { readThreads } from '../option-threads.ts';
import { readTime } from '../option-times.ts';
import { count, type Face, progressOn } from '../print.ts';

export const name = 'events';
export const summary = 'the events of Windows logs: EVTX, JSON, XML, CSV, packed or not';

export function grammar(command: Command): Command {
  return command
    .argument('<LOG...>', 'a log, a folder of logs, or - for standard input')
    .option('--id <N[,N-M]>', 'only events of these numbers', readIds)
    .option('--channel <NAME>', 'only events of this channel', append)
    .option('--provider <NAME>', 'only events of this provider', append)
    .option('--since <TIME>', 'only events from this time on: 2026-11-28T09:00Z, or 24h (30m, 7d) ago', readTime)
    .option('--until <TIME>', 'only events up to this time', readTime)
    .option('--where <SELECTION>', 'only events that this Sigma selection takes', readWhere)
    .option('--fields <A,B>', 'print these fields only', readFields)
    .addOption(new Option('--json', 'print JSON lines, one event a line').conflicts(['xml', 'csv', 'count']))
    .addOption(new Option('--xml', 'print XML, one event a line').conflicts(['csv', 'count', 'summary', 'fields']))
    .addOption(new Option('--csv', 'print CSV with a row of names').conflicts(['count', 'summary']))
    .addOption(new Option('--count', 'print how many events there are').conflicts(['fields', 'summary']))
    .addOption(
      new Option('--summary', 'print how many there are of each channel, provider, id and host').conflicts('fields'),
    )
    .addOption(
      new Option(
        '--messages <FILE>',
        'texts for people out of a provider\'s message DLL, or a JSON table {"4720": "..."}',
      ).conflicts(['json', 'xml', 'csv', 'count', 'summary', 'fields']),
    )
    .option('--recovered', 'EVTX: also records that were left behind where none is in use')
    .addOption(
      new Option('--follow', 'go on with what is written to the log, until Ctrl+C').conflicts([
        'count',
        'summary',
        'recovered',
      ]),
    )
    .option(
      '--threads <N>',
      'read an EVTX file in so many threads: pays for a large one and several idle cores',
      readThreads,
    )
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Read are EVTX files, JSON lines and arrays (Winlogbeat, Elastic, nxlog, OTRF, Splunk, Sentinel, evtx_dump), XML of Windows events and CSV exports, also in .gz and .zip.
--id, --channel, --provider and --where may be given several times; each --where has to hold.
A SELECTION is FIELD|MODIFIER: VALUE, or a map or list of such in YAML, as in a Sigma rule.

Examples:
  winnow events Security.evtx
  winnow events Security.evtx --id 4720,4732-4733 --json
  winnow events C:\\Windows\\System32\\winevt\\Logs --channel Security --since 24h --summary
  winnow events sysmon.evtx --id 1 --where "Image|endswith: \\net.exe" --fields UtcTime,Image,CommandLine
  winnow events logs.zip --where "{EventID: 4688, CommandLine|contains|all: [user, /add]}" --csv
  winnow events dirty.evtx --recovered --xml
  winnow events Security.evtx --messages adtschema.dll
  tail -f winlogbeat.ndjson | winnow events - --id 4625
  winnow events Security.evtx --follow --id 4720`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<EventsFlags>();
  const { paths, failures, passedOver } = namedLogs(given);
  if (flags.follow && (paths.length !== 1 || paths[0] === '-' || failures.length > 0))
    throw new UsageError('--follow follows one file; give its path alone');
  const report = new LogReport();
  const options = findOptions(flags);
  const messages =
    flags.messages === undefined ? undefined : await (await import('../message-texts.ts')).messageTexts(flags.messages);
  const taker = takerFor(flags, face, (event) => messages?.(event));
  const told: string[] = failures.map((failure) => failureLine(failure));
  const progress = progressOn(face, flags.quiet === true || face.outIsTerminal);
  try {
    for (const path of paths) {
      // What was found is not held back while the log waits for more.
      const timer = flags.follow || path === '-' ? setInterval(() => void taker.flush(), LIVE) : undefined;
      try {
        await takeAll(path, report, { flags, face, options, taker, step: progress.step });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        told.push(failureLine(error));
      } finally {
        clearInterval(timer);
      }
    }
  } finally {
    progress.end();
  }
  await taker.end(report, told.length);
  if (!flags.quiet) for (const line of notesOf(report, passedOver)) face.err(line);
  for (const line of told) face.err(line);
  return told.length + report.refused > 0 ? EXIT.input : EXIT.done;
}

/** What a run is about. */
interface Run {
  readonly flags: EventsFlags;
  readonly face: Face;
  readonly options: FindOptions;
  readonly taker: Taker;
  readonly step: (what: string, done: number, total: number) => void;
}

/** Reads one path to its end, or for ever with --follow. */
async function takeAll(path: string, report: LogReport, { flags, face, options, taker, step }: Run): Promise<void> {
  const inputs = flags.follow
    ? followed(path)
    : [{ ...openInput(path, (end, size) => step(path, megabytes(end), megabytes(size))), lastSeen: undefined }];
  for await (const { input, close, lastSeen } of inputs) {
    try {
      for await (const log of openLogs(input, report, isLogName)) {
        const threads = flags.follow ? 1 : (flags.threads ?? 1);
        if (log.form === 'evtx' && log.name === path && threads > 1 && face.eventsWorker) {
          const { env, outIsTerminal, platform } = face;
          const asked = { path, flags, face: { env: { ...env }, outIsTerminal, platform } };
          const segments = log.file.segments(PART);
          report.addAll(log.file.notes);
          const told = (parts: number): void => step(path, parts, segments.length);
          await taker.flush();
          await takeInParts(face.eventsWorker, threads, segments, asked, { taker, report, face }, told);
          continue;
        }
        await takeLog(log, report, { ...options, after: lastSeen?.() }, taker, lastSeen);
      }
      await taker.flush();
    } finally {
      close();
    }
  }
}

/** Milliseconds after which events of a log that waits are written. */
const LIVE = 200;

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function notesOf(report: LogReport, passedOver: number): readonly string[] {
  const lines = reportLines(report);
  if (report.unreadable > 0) lines.push(`winnow: ${count(report.unreadable, 'record')} could not be read\n`);
  if (passedOver > 0)
    lines.push(
      `winnow: ${count(passedOver, 'file')} of the folders ${passedOver === 1 ? 'has' : 'have'} no log's name; name one itself to have it read\n`,
    );
  return lines;
}

const MOST_IDS = 65_536;

function readIds(text: string, before: ReadonlySet<number> | undefined): ReadonlySet<number> {
  const ids = new Set(before);
  for (const part of text.split(',')) {
    const range = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part);
    const [from, to] = range ? [Number(range[1]), Number(range[2] ?? range[1])] : [1, 0];
    if (from > to || to >= MOST_IDS)
      throw new InvalidArgumentError(`'${part}' is no event id and no range such as 4720-4738.`);
    for (let id = from; id <= to; id++) ids.add(id);
  }
  return ids;
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function readFields(text: string, before: readonly string[] = []): readonly string[] {
  const fields = text.split(',').map((one) => one.trim());
  if (fields.some((one) => one === '')) throw new InvalidArgumentError('Names with commas between them are expected.');
  return [...before, ...fields];
}

function readWhere(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const selection = readSelection(text);
  compileCondition(selection, OWN_NAMES);
  return [...before, selection];
}

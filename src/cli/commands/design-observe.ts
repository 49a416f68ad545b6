// `winnow design observe`: what is in the logs only with an action, as observables for a primitive.

import { type Command, InvalidArgumentError } from 'commander';
import { OBSERVE_SCHEMA, type ObserveDocument, type Proposal } from '../../design/observe/document.ts';
import type { PlainRecord } from '../../design/observe/event-kinds.ts';
import { hitsText, observablesYaml } from '../../design/observe/observable-yaml.ts';
import { observe } from '../../design/observe/observe.ts';
import { InputError, UsageError } from '../../errors.ts';
import { OWN_NAMES } from '../../hunt/event-binding.ts';
import { eventsOf, type LogEvent, LogReport } from '../../logs/index.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import { readSelection } from '../../rule/read/selection.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { logsOf, namedLogs, reportLines } from '../log-inputs.ts';
import { count, type Face, jsonText, plain, progressOn } from '../print.ts';

export const name = 'observe';
export const summary = 'what is in the logs only with an action, as observables for a primitive';

const TOP = 20;

interface ObserveFlags {
  readonly where?: string;
  readonly atMost: number;
  readonly top: number;
  readonly json?: boolean;
  readonly yaml?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument(
      '<BEFORE>',
      'logs without the action; or, alone, one recording of it, for example a CSV of Process Monitor',
    )
    .argument('[AFTER]', 'logs with the action')
    .option(
      '--where <SELECTION>',
      "which events are the action's, as a Sigma selection; of one recording the others are before",
    )
    .option('--at-most <N>', 'hits before that a proposal may have', wholeNumber, 0)
    .option('--top <N>', 'proposals that are told', wholeNumber, TOP)
    .option('--yaml', "print observables for a dossier's primitive")
    .option('--json', `print the document, schema ${OBSERVE_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Kinds of events, values of fields, what is general about a value (folder, name, extension, bits of a mask, words) and pairs of these are proposed where they are
there with the action and not before; first what is known to be rarest. Level, column, and what an attacker is forced to, are for a person to say.

Examples:
  winnow design observe quiet.evtx dump.evtx --where 'SourceImage|endswith: \\tool.exe'
  winnow design observe monday monday-with-tool --yaml
  winnow design observe recording.csv --where 'Process Name: tool.exe'`;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.');
  return Number(text);
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [first, second] = command.processedArgs as [string, string | undefined];
  const flags = command.opts<ObserveFlags>();
  if (flags.json && flags.yaml) throw new UsageError('--json and --yaml exclude one another');
  if (first === '-' || second === '-') throw new UsageError('logs are read twice, which standard input is not');
  const wanted = flags.where === undefined ? undefined : readSelection(flags.where, { bits: true });
  const isAction = wanted && compileCondition(wanted, OWN_NAMES);
  const reading = new Reading(face, flags.quiet === true);
  const alone = second === undefined;
  const isOf = (action: boolean) => (event: LogEvent) =>
    isAction === undefined ? action : (isAction(event) === true) === action;
  const document = await observe(
    {
      after: () => reading.records(second ?? first, isAction ? isOf(true) : undefined),
      before: () => (alone ? (isAction ? reading.records(first, isOf(false)) : nothing()) : reading.records(first)),
    },
    flags,
  );
  reading.end();
  if (document.after === 0)
    throw new InputError(
      `${second ?? first}: no event ${isAction ? 'of the action (--where)' : ''} in it, so there is nothing to propose`.replace(
        '  ',
        ' ',
      ),
    );
  if (document.before === 0 && !alone) throw new InputError(`${first}: no event in it, so nothing is known of before`);
  face.out(flags.json ? jsonText(document) : flags.yaml ? observablesYaml(document) : textOf(document));
  if (flags.quiet !== true && !flags.json) for (const note of document.notes) face.err(`winnow: ${plain(note)}\n`);
  return reading.code;
}

async function* nothing(): AsyncGenerator<PlainRecord> {}

/** Reads the same logs again and again, and tells what is wrong with them once. */
class Reading {
  readonly #face: Face;
  readonly #quiet: boolean;
  readonly #told = new Set<string>();
  code: ExitCode = EXIT.done;
  #lines: string[] = [];

  constructor(face: Face, quiet: boolean) {
    this.#face = face;
    this.#quiet = quiet;
  }

  async *records(given: string, isWanted?: (event: LogEvent) => boolean): AsyncGenerator<PlainRecord> {
    const report = new LogReport();
    const progress = progressOn(this.#face, this.#quiet);
    const { paths, failures } = namedLogs([given]);
    for (const failure of failures) this.#fail(failureLine(failure));
    for (const [i, path] of paths.entries()) {
      progress.step(path, i + 1, paths.length);
      try {
        for await (const log of logsOf(path, report))
          for await (const event of eventsOf(log, report))
            if (isWanted === undefined || isWanted(event)) yield recordOf(event);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.#fail(failureLine(error));
      }
    }
    progress.end();
    if (report.refused > 0) this.code = EXIT.input;
    for (const line of reportLines(report)) this.#tell(line);
  }

  end(): void {
    for (const line of this.#lines) this.#face.err(line);
    this.#lines = [];
  }

  #fail(line: string): void {
    this.code = EXIT.input;
    this.#tell(line);
  }

  #tell(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#lines.push(line);
  }
}

/** The first value of each name. */
function recordOf({ system, data }: LogEvent): PlainRecord {
  const record = new Map<string, string>();
  if (system.channel) record.set('Channel', system.channel);
  if (system.eventId) record.set('EventID', system.eventId);
  for (const [field, text] of data) if (!record.has(field)) record.set(field, text);
  return record;
}

function textOf(document: ObserveDocument): string {
  const { before, after, proposals, more } = document;
  const lines = proposals.flatMap((proposal, i) => [
    `${String(i + 1).padStart(3)}  ${kindText(proposal)}${proposal.data_component === null ? '' : `  ${proposal.data_component}`}`,
    ...proposal.tests.map(({ key, value }) => `     ${plain(key)}: ${plain(value)}`),
    `     ${hitsText(proposal)}`,
    ...(proposal.also.length > 0
      ? [`     also ${proposal.also.map(({ key, value }) => `${plain(key)}: ${plain(value)}`).join('; ')}`]
      : []),
  ]);
  const head = `${count(after, 'event')} with the action, ${before} before`;
  return `${[head, ...lines, ...(more > 0 ? [`${count(more, 'more proposal')}: --top`] : [])].join('\n')}\n`;
}

function kindText({ kind, log_source }: Proposal): string {
  const { channel, event_id, operation } = kind;
  const shown = log_source
    ? plain([log_source.name, log_source.channel].filter((part) => part !== null).join(', '))
    : 'no event shows it by default';
  return operation === null
    ? plain(
        log_source
          ? shown
          : [channel, event_id].filter((part) => part !== null).join(' ') || 'events without a channel',
      )
    : `${plain(operation)} (${shown})`;
}

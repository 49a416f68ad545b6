// `winnow baseline`: how often what a selection or a rule asks for happens, by a history of logs.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError, UsageError } from '../../errors.ts';
import { BASELINE_SCHEMA, type BaselineDocument, baselineDocument } from '../../history/baseline-document.ts';
import { logSourceOfText } from '../../history/log-source-condition.ts';
import type { Question } from '../../history/question.ts';
import { type SourceCondition, sourceCondition } from '../../history/source-condition.ts';
import { openDuckDb } from '../../history/stores/duckdb.ts';
import { and, type Condition, fieldsOf, not } from '../../rule/condition.ts';
import { readSelection } from '../../rule/read/selection.ts';
import { conditionOf } from '../../rule/rule.ts';
import { baselineLines } from '../baseline-text.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { historySources } from '../history-sources.ts';
import { reportLines } from '../log-inputs.ts';
import { type Face, jsonText, plain, progressOn, styleFor } from '../print.ts';
import { loadRules } from '../rule-files.ts';

export const name = 'baseline';
export const summary = 'how often what a selection or a rule asks for happens, by a history of logs';

interface BaselineFlags {
  readonly rule?: string;
  readonly history: readonly string[];
  readonly logSource?: string;
  readonly field?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly exclude?: readonly string[];
  readonly excludeDay?: readonly string[];
  readonly budget?: number;
  readonly hosts?: number;
  readonly values: number;
  readonly timeField?: string;
  readonly threads: number;
  readonly memory: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('[QUESTION]', "a Sigma selection: 'Image|endswith: \\net.exe', or a map or list of such in YAML")
    .addOption(new Option('--rule <FILE>', 'a Sigma rule instead of a selection').conflicts('logSource'))
    .requiredOption('--history <PATH...>', 'Parquet, JSON lines, CSV, EVTX and other logs: files, folders, patterns')
    .option('--log-source <NAME>', "of which events, as ATT&CK names them: 'WinEventLog:Sysmon/EventCode=10'")
    .option('--field <NAME...>', 'fields whose values are told; without, those that the question asks for')
    .option('--from <TIME>', 'only events from this time on: 2026-11-01, 2026-11-01T09:00Z', readIso)
    .option('--to <TIME>', 'only events before this time', readIso)
    .option('--exclude <SELECTION>', 'events that a reviewed exclusion lets pass; may be given several times', append)
    .option('--exclude-day <DAY...>', 'days of a known incident, which are cut: 2026-11-05')
    .option('--budget <N>', 'hits a day that are bearable', readBudget)
    .option('--hosts <N>', 'hosts of the environment; without, those that have any event', wholeNumber)
    .option('--values <N>', 'values told of each field, of the rarest and of the most frequent', wholeNumber, 10)
    .option('--time-field <NAME>', "the field that holds an event's time, where it is not one of the usual")
    .option('--threads <N>', 'threads that count', readThreads, 2)
    .option('--memory <SIZE>', 'memory that counting may take; beyond, it uses the disk', readSize, '3GB')
    .option('--json', `print the document, schema ${BASELINE_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Beside Sigma's modifiers 'bits' tests a mask: 'GrantedAccess|bits: 0x10' is all whose number has that bit.
No event of the log source is 'unknown', never quiet; a history without any event is an error. Counted is by DuckDB: npm install @duckdb/node-api.

Examples:
  winnow baseline 'Image|endswith: \\net.exe' --log-source 'WinEventLog:Sysmon/EventCode=1' --history logs/*.parquet --budget 10
  winnow baseline '{TargetImage|endswith: \\lsass.exe, GrantedAccess|bits: 0x10}' --log-source WinEventLog:Sysmon/EventCode=10 --history logs --field SourceImage
  winnow baseline --rule rule.yml --history winlogbeat.ndjson.gz --from 2026-10-01 --to 2026-11-01 --json
  winnow baseline 'EventID: 4720' --log-source WinEventLog:Security --history C:\\Logs --exclude 'SubjectUserName: idm$' --exclude-day 2026-11-05`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [text] = command.processedArgs as [string | undefined];
  const flags = command.opts<BaselineFlags>();
  const asked = askedOf(text, flags);
  const exclusions = (flags.exclude ?? []).map((one) => readSelection(one, { bits: true }));
  const fields = flags.field ?? fieldsOf(asked.own).filter((field) => !/^(?:EventID|Channel)$/i.test(field));
  const question: Question = { id: 'question', condition: asked.hit, telemetry: asked.telemetry, fields };
  const left = and(asked.hit, ...exclusions.map(not));
  const questions =
    exclusions.length === 0 ? [question] : [question, { ...question, id: 'after', condition: left, fields: [] }];
  const progress = progressOn(face, flags.quiet === true);
  const { sources, report, failures } = historySources(flags.history, (path, end, size) =>
    progress.step(path, Math.round(end / 1e6), Math.round(size / 1e6)),
  );
  const { from, to, excludeDay: exceptDays = [] } = flags;
  for (const day of exceptDays)
    if (!isDay(day)) throw new UsageError(`--exclude-day ${plain(day)}: a day such as 2026-11-05 is expected`);
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  let document: BaselineDocument;
  try {
    const store = await openDuckDb(sources, {
      threads: flags.threads,
      memory: flags.memory,
      ...(flags.timeField === undefined ? {} : { timeField: flags.timeField }),
      onProgress: (done) => progress.step('counted', Math.round(done * 100), 100),
    });
    try {
      const [answer, after] = await store.ask(questions, { ...window, exceptDays, values: flags.values });
      document = baselineDocument(
        answer,
        after,
        {
          engine: store.engine,
          asked: asked.title,
          logSource: flags.logSource ?? null,
          exclusions: flags.exclude ?? [],
          notes: store.notes.map(({ about, text: told }) => `${about}: ${told}`),
        },
        {
          ...window,
          excludedDays: exceptDays,
          values: flags.values,
          ...(flags.budget === undefined ? {} : { budget: flags.budget }),
          ...(flags.hosts === undefined ? {} : { hostsTotal: flags.hosts }),
        },
      );
    } finally {
      await store.close();
    }
  } finally {
    progress.end();
  }
  if (flags.json) face.out(jsonText(document));
  else face.out(`${baselineLines(document, styleFor(face, flags.color)).join('\n')}\n`);
  const told = report();
  if (!flags.quiet) for (const line of reportLines(told)) face.err(line);
  for (const failure of failures) face.err(failureLine(failure));
  return failures.length + told.refused > 0 ? EXIT.input : EXIT.done;
}

interface AskedFor extends SourceCondition {
  readonly title: string;
  /** Without the log source. */
  readonly own: Condition;
}

function askedOf(text: string | undefined, { rule: file, logSource }: BaselineFlags): AskedFor {
  if ((text === undefined) === (file === undefined))
    throw new UsageError('a selection or --rule FILE says what is asked for: one of them');
  if (file !== undefined) return askedOfRule(file);
  const own = readSelection(text!, { bits: true });
  const telemetry = logSource === undefined ? undefined : logSourceOfText(logSource);
  if (logSource !== undefined && !telemetry)
    throw new UsageError(
      `--log-source ${plain(logSource)}: no Windows event log such as WinEventLog:Sysmon/EventCode=10`,
    );
  return { title: text!, own, telemetry, hit: telemetry ? and(telemetry, own) : own };
}

function askedOfRule(file: string): AskedFor {
  const { rules, notLoaded } = loadRules([file]);
  const [first, ...more] = rules;
  if (!first) throw new InputError(`${file}: ${notLoaded[0]?.reason ?? 'no rule in this file'}`);
  if (more.length > 0) throw new UsageError(`${file}: ${rules.length} rules; a baseline is of one`);
  const { rule } = first;
  const own = conditionOf(rule, 'A baseline');
  return { title: rule.title, own, ...sourceCondition(rule.logSource, own) };
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** ISO 8601; UTC where it has no zone. */
function readIso(text: string): string {
  const zoned = /T/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)/.test(text) || Number.isNaN(Date.parse(zoned)))
    throw new InvalidArgumentError('A time such as 2026-11-01 or 2026-11-01T09:00Z is expected.');
  return new Date(zoned).toISOString();
}

function readBudget(text: string): number {
  const budget = Number(text);
  if (text.trim() === '' || !Number.isFinite(budget) || budget < 0)
    throw new InvalidArgumentError('A number from 0 on is expected.');
  return budget;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

function readThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new InvalidArgumentError('A number from 1 to 64 is expected.');
  return threads;
}

function readSize(text: string): string {
  if (!/^\d{1,6}(?:\.\d{1,3})?\s?(?:MB|GB|MiB|GiB)$/i.test(text))
    throw new InvalidArgumentError('A size such as 3GB or 500MB is expected.');
  return text;
}

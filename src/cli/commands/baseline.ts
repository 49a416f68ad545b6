// `winnow baseline`: how often what a selection or a rule asks for happens, by a history of logs.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { ELSEWHERE } from '../../design/counting/answered-figures.ts';
import { observableCondition } from '../../design/observable-condition.ts';
import { InputError, UsageError } from '../../errors.ts';
import { BASELINE_SCHEMA, type BaselineDocument, baselineDocument } from '../../history/baseline-document.ts';
import { logSourceOfText } from '../../history/log-source-condition.ts';
import type { Answer, Question } from '../../history/question.ts';
import {
  QUERIES_SCHEMA,
  queriesDocument,
  REMOTE_LANGUAGES,
  type RemoteLanguageId,
  remoteText,
} from '../../history/remote/remote-queries.ts';
import { readRemoteResult } from '../../history/remote/remote-result.ts';
import { type SourceCondition, sourceCondition } from '../../history/source-condition.ts';
import { openDuckDb } from '../../history/stores/duckdb.ts';
import { unfilledFields } from '../../history/unfilled-fields.ts';
import { and, type Condition, fieldsOf, not } from '../../rule/condition.ts';
import { readSelection } from '../../rule/read/selection.ts';
import { conditionOf } from '../../rule/rule.ts';
import { baselineLines } from '../baseline-text.ts';
import { readFiles } from '../dossier-files.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { givenName, readGiven } from '../given-file.ts';
import { historySources } from '../history-sources.ts';
import { reportLines } from '../log-inputs.ts';
import { readThreads } from '../option-threads.ts';
import { isDay, readDays } from '../option-times.ts';
import { type Face, jsonText, plain, progressOn, styleFor } from '../print.ts';
import { loadRules } from '../rule-files.ts';

export const name = 'baseline';
export const summary = 'how often what a selection or a rule asks for happens, by a history of logs';

interface BaselineFlags {
  readonly rule?: string;
  readonly history?: readonly string[];
  readonly to?: RemoteLanguageId;
  readonly result?: readonly string[];
  readonly dossier?: string;
  readonly observable?: string;
  readonly logSource?: string;
  readonly field?: readonly string[];
  readonly since?: string;
  readonly until?: string;
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
    .addOption(
      new Option(
        '--observable <ID>',
        'an observable of --dossier instead of a selection, with its log source',
      ).conflicts(['rule', 'logSource']),
    )
    .option('--dossier <FILE>', 'the dossier that --observable is of')
    .option('--history <PATH...>', 'Parquet, JSON lines, CSV, EVTX and other logs: files, folders, patterns')
    .addOption(
      new Option('--to <LANG>', 'print the question as queries for your own store, and count nothing')
        .choices(Object.keys(REMOTE_LANGUAGES))
        .conflicts(['history', 'result']),
    )
    .addOption(
      new Option(
        '--result <FILE...>',
        'the rows that those queries gave, as CSV, - is standard input: counts as if a history had been read',
      ).conflicts('history'),
    )
    .option('--log-source <NAME>', "of which events, as ATT&CK names them: 'WinEventLog:Sysmon/EventCode=10'")
    .option('--field <NAME...>', 'fields whose values are told; without, those that the question asks for')
    .option('--since <TIME>', 'only events from this time on: 2026-11-01, 2026-11-01T09:00Z', readIso)
    .option('--until <TIME>', 'only events before this time', readIso)
    .option('--exclude <SELECTION>', 'events that a reviewed exclusion lets pass; may be given several times', append)
    .option('--exclude-day <DAY...>', 'days of a known incident, which are cut: 2026-11-05', readDays)
    .option('--budget <N>', 'hits a day that are bearable', readBudget)
    .option('--hosts <N>', 'hosts of the environment; without, those that have any event', wholeNumber)
    .option('--values <N>', 'values told of each field, of the rarest and of the most frequent', wholeNumber, 10)
    .option('--time-field <NAME>', "the field that holds an event's time, where it is not one of the usual")
    .option('--threads <N>', 'threads that count', readThreads, 2)
    .option('--memory <SIZE>', 'memory that counting may take; beyond, it uses the disk', readSize, '3GB')
    .option('--json', `print the document, schema ${BASELINE_SCHEMA}; with --to the queries, schema ${QUERIES_SCHEMA}`)
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
  winnow baseline --rule rule.yml --history winlogbeat.ndjson.gz --since 2026-10-01 --until 2026-11-01 --json
  winnow baseline --dossier T1003.001.yaml --observable O3 --to esql
  winnow baseline --dossier T1003.001.yaml --observable O3 --result counts.csv values.csv --budget 10
  winnow baseline 'EventID: 4720' --log-source WinEventLog:Security --history C:\\Logs --exclude 'SubjectUserName: idm$' --exclude-day 2026-11-05`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [text] = command.processedArgs as [string | undefined];
  const flags = command.opts<BaselineFlags>();
  if (flags.since !== undefined && flags.until !== undefined && flags.since >= flags.until)
    throw new UsageError(`--until ${flags.until} is no time after --since ${flags.since}`);
  const asked = askedOf(text, flags, face);
  if (!asked) return EXIT.input;
  const fields = flags.field ?? fieldsOf(asked.own).filter((field) => !/^(?:EventID|Channel)$/i.test(field));
  const question: Question = { id: asked.id, condition: asked.hit, telemetry: asked.telemetry, fields };
  if (flags.exclude && (flags.to !== undefined || flags.result))
    throw new UsageError(
      `--exclude with --${flags.to === undefined ? 'result: its rows are counts, from which no event can be taken out' : 'to: its queries count one question'}; ask with a rule that has the exclusion in its condition, and compare the two`,
    );
  if (flags.to !== undefined) {
    face.out(
      flags.json
        ? jsonText(queriesDocument(question, flags.to, windowOf(flags)))
        : remoteText(question, flags.to, windowOf(flags)),
    );
    return EXIT.done;
  }
  if (flags.result) {
    const files = flags.result.map((path) => ({
      file: givenName(path),
      text: new TextDecoder().decode(readGiven(path)),
    }));
    print(
      documentOf(
        { answer: readRemoteResult(files, question, { ...windowOf(flags), exceptDays: flags.excludeDay ?? [] }) },
        asked,
        ELSEWHERE,
        [],
        flags,
      ),
      flags,
      face,
    );
    return EXIT.done;
  }
  return countHistory(asked, question, flags, face);
}

async function countHistory(asked: AskedFor, question: Question, flags: BaselineFlags, face: Face): Promise<ExitCode> {
  if (!flags.history)
    throw new UsageError('--history names the logs that are counted; --to prints the question for a store elsewhere');
  const exclusions = (flags.exclude ?? []).map((one) => readSelection(one, { bits: true }));
  const left = and(asked.hit, ...exclusions.map(not));
  const questions =
    exclusions.length === 0 ? [question] : [question, { ...question, id: 'after', condition: left, fields: [] }];
  const progress = progressOn(face, flags.quiet === true);
  const { sources, report, failures, checkWhole } = historySources(flags.history, (path, end, size) =>
    progress.step(path, Math.round(end / 1e6), Math.round(size / 1e6)),
  );
  const tell = (): void => {
    if (!flags.quiet) for (const line of reportLines(report())) face.err(line);
    for (const failure of failures) face.err(failureLine(failure));
  };
  let document: BaselineDocument;
  try {
    const store = await openDuckDb(sources, {
      threads: flags.threads,
      memory: flags.memory,
      ...(flags.timeField === undefined ? {} : { timeField: flags.timeField }),
      onProgress: (done) => progress.step('counted', Math.round(done * 100), 100),
    });
    try {
      const { excludeDay: exceptDays = [], values } = flags;
      const options = { ...windowOf(flags), exceptDays, values };
      const [answer, after] = await store.ask(questions, options);
      await store.checkTimeField();
      const unfilled = (await unfilledFields(store, [{ question, answer }], options)).get(question.id);
      await checkWhole();
      const notes = [
        ...store.notes.map(({ about, text: told }) => `${about}: ${told}`),
        ...failures.map(({ message }) => message),
      ];
      document = documentOf({ answer, after, unfilled }, asked, store.engine, notes, flags);
    } finally {
      await store.close();
    }
  } catch (error) {
    // Why there is nothing to count, where that is so.
    tell();
    throw error;
  } finally {
    progress.end();
  }
  print(document, flags, face);
  tell();
  return failures.length + report().refused > 0 ? EXIT.input : EXIT.done;
}

function windowOf({ since, until }: BaselineFlags): { readonly from?: string; readonly to?: string } {
  return { ...(since === undefined ? {} : { from: since }), ...(until === undefined ? {} : { to: until }) };
}

/** What a store answered. */
interface Answered {
  readonly answer: Answer;
  readonly after?: Answer | undefined;
  readonly unfilled?: readonly string[] | undefined;
}

function documentOf(
  { answer, after, unfilled }: Answered,
  asked: AskedFor,
  engine: string,
  notes: readonly string[],
  flags: BaselineFlags,
): BaselineDocument {
  return baselineDocument(
    answer,
    after,
    { engine, asked: asked.title, logSource: flags.logSource ?? null, exclusions: flags.exclude ?? [], notes },
    {
      ...windowOf(flags),
      excludedDays: flags.excludeDay ?? [],
      values: flags.values,
      ...(unfilled === undefined ? {} : { unfilled }),
      ...(flags.budget === undefined ? {} : { budget: flags.budget }),
      ...(flags.hosts === undefined ? {} : { hostsTotal: flags.hosts }),
    },
  );
}

function print(document: BaselineDocument, { json, color }: BaselineFlags, face: Face): void {
  if (json) face.out(jsonText(document));
  else face.out(`${baselineLines(document, styleFor(face, color)).join('\n')}\n`);
}

interface AskedFor extends SourceCondition {
  readonly id: string;
  readonly title: string;
  /** Without the log source. */
  readonly own: Condition;
}

/** Undefined where the dossier cannot be read: why has been told. */
function askedOf(text: string | undefined, flags: BaselineFlags, face: Face): AskedFor | undefined {
  const { rule: file, logSource, observable, dossier } = flags;
  if ([text, file, observable].filter((one) => one !== undefined).length !== 1)
    throw new UsageError('a selection, --rule FILE or --observable ID says what is asked for: one of them');
  if (observable !== undefined) return askedOfObservable(observable, dossier, face);
  if (file !== undefined) return askedOfRule(file);
  const own = readSelection(text!, { bits: true });
  const telemetry = logSource === undefined ? undefined : logSourceOfText(logSource);
  if (logSource !== undefined && !telemetry)
    throw new UsageError(
      `--log-source ${plain(logSource)}: no Windows event log such as WinEventLog:Sysmon/EventCode=10`,
    );
  return { id: 'question', title: text!, own, telemetry, hit: telemetry ? and(telemetry, own) : own };
}

function askedOfObservable(id: string, dossier: string | undefined, face: Face): AskedFor | undefined {
  if (dossier === undefined) throw new UsageError('--dossier names the file of the dossier that --observable is of');
  const { techniques, failed } = readFiles([dossier], face);
  if (failed) return undefined;
  const all = techniques.flatMap(({ primitives }) => primitives.flatMap(({ observables }) => observables));
  const found = all.find((one) => one.id === id);
  if (!found)
    throw new UsageError(
      `${plain(dossier)} has no observable '${plain(id)}'; it has ${plain(all.map((one) => one.id).join(', '))}`,
    );
  const condition = observableCondition(found);
  if (!condition)
    throw new UsageError(
      `'${plain(id)}' has neither a predicate nor a log source of Windows: there is nothing to count`,
    );
  return { id, title: found.predicate?.text ?? id, own: found.predicate?.condition ?? condition.hit, ...condition };
}

function askedOfRule(file: string): AskedFor {
  const { rules, notLoaded } = loadRules([file]);
  const [first, ...more] = rules;
  if (!first) throw new InputError(`${file}: ${notLoaded[0]?.reason ?? 'no rule in this file'}`);
  if (more.length > 0) throw new UsageError(`${file}: ${rules.length} rules; a baseline is of one`);
  const { rule } = first;
  const own = conditionOf(rule, 'A baseline');
  return { id: 'question', title: rule.title, own, ...sourceCondition(rule.logSource, own) };
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** ISO 8601; UTC where it has no zone. */
function readIso(text: string): string {
  const zoned = /T/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text;
  const isTime = /^.{10}(?:T\d\d:\d\d|$)/.test(text) && isDay(text.slice(0, 10));
  if (!isTime || Number.isNaN(Date.parse(zoned)))
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

function readSize(text: string): string {
  if (!/^\d{1,6}(?:\.\d{1,3})?\s?(?:MB|GB|MiB|GiB)$/i.test(text))
    throw new InvalidArgumentError('A size such as 3GB or 500MB is expected.');
  return text;
}

// The history that a design run counts on: the stores of its environment, or the files that the run names.

import { dirname, isAbsolute, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type Counted,
  type CountingInput,
  countObservables,
  type TechniqueSessions,
} from '../design/counting/count-observables.ts';
import type { Environment, StorePlace } from '../design/environment.ts';
import type { SourceName, Technique } from '../design/technique.ts';
import { InputError, UsageError } from '../errors.ts';
import { cutOutside } from '../history/statistics/calendar.ts';
import { type DuckDbStore, openDuckDb } from '../history/stores/duckdb.ts';
import { failureLine } from './exit.ts';
import { historySources } from './history-sources.ts';
import { reportLines } from './log-inputs.ts';
import { readDay, readDays } from './option-times.ts';
import { type Face, progressOn } from './print.ts';

/** What of a history is counted. */
export interface HistoryFlags {
  readonly history?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly excludeDay?: readonly string[];
  readonly owner?: string;
  readonly expiry?: string;
  readonly threads?: number;
  readonly measureCost?: boolean;
  /** Documents of winnow.children/1. */
  readonly children?: readonly string[];
}

/** Events of a log source on which a query is timed: few enough to stand in memory. */
const TIMED_EVENTS = 500_000;

export function historyGrammar(command: Command): Command {
  return command
    .option('--history <PATH...>', "files, folders or patterns of logs instead of the environment's stores")
    .option('--since <DAY>', 'only events from this day on: 2026-11-01', readDay)
    .option('--until <DAY>', 'only events before this day', readDay)
    .option('--exclude-day <DAY...>', 'days of a known incident, which are cut: 2026-11-05', readDays)
    .option('--owner <NAME>', 'who answers for exclusions that an attacker could use; without, none is proposed')
    .option('--expiry <DAY>', 'the last day on which those hold', readDay)
    .option('--threads <N>', 'threads that count: 1 or 2', readThreads)
    .option(
      '--measure-cost',
      `measure the seconds of each query of the scope on ${TIMED_EVENTS} events of its log source: the one figure that no two runs give alike`,
    )
    .option(
      '--children <FILE...>',
      "documents of 'winnow children --json': where no history was counted, a parent's static children are its normal",
    );
}

export interface CountedHistory extends Counted {
  readonly engine: string;
  /** A file of the history could not be read: told. */
  readonly failed: boolean;
}

/** `logSources` are counted besides the observables. Undefined where the environment has no store that can be asked here, and the run names no files. Throws InputError for a history without events. */
export async function countHistory(
  techniques: readonly Technique[],
  environment: Environment,
  sessions: (technique: Technique) => TechniqueSessions,
  flags: HistoryFlags & Pick<CountingInput, 'answered' | 'acceptances'>,
  face: Face,
  logSources: readonly SourceName[] = [],
): Promise<CountedHistory | undefined> {
  const paths = flags.history ?? storePaths(environment);
  if (paths.length === 0) return undefined;
  if ((flags.owner === undefined) !== (flags.expiry === undefined))
    throw new UsageError('--owner and --expiry go together: an exclusion that an attacker could use has both');
  if (flags.since !== undefined && flags.until !== undefined && flags.since >= flags.until)
    throw new UsageError(`--until ${flags.until} is no day after --since ${flags.since}`);
  const progress = progressOn(face, false);
  const history = historySources(paths, (path, end, size) =>
    progress.step(path, Math.round(end / 1e6), Math.round(size / 1e6)),
  );
  const timed = flags.history ? undefined : environment.stores.find(({ engine }) => engine === 'duckdb');
  try {
    const store = await openDuckDb(history.sources, {
      threads: flags.threads ?? 2,
      ...(timed?.timeField === undefined ? {} : { timeField: timed.timeField }),
      onProgress: (done) => progress.step('counted', Math.round(done * 100), 100),
    });
    try {
      const counted = await countObservables({
        store,
        techniques,
        environment,
        sessions,
        ...(flags.answered === undefined ? {} : { answered: flags.answered }),
        ...(flags.acceptances === undefined ? {} : { acceptances: flags.acceptances }),
        ...(flags.since === undefined ? {} : { from: flags.since }),
        ...(flags.until === undefined ? {} : { to: flags.until }),
        excludedDays: flags.excludeDay ?? [],
        ...(flags.owner === undefined || flags.expiry === undefined
          ? {}
          : { answers: { owner: flags.owner, expiry: flags.expiry } }),
        ...(flags.measureCost ? { timedEvents: TIMED_EVENTS } : {}),
        today: new Date().toISOString().slice(0, 10),
        logSources,
      });
      await history.checkWhole();
      if (timed) await checkTimeField(store, environment, timed);
      return {
        ...counted,
        notes: [
          ...counted.notes,
          ...[(counted.window && cutOutside(flags.excludeDay ?? [], counted.window)) ?? []].flat(),
          ...history.failures.map(({ message }) => message),
        ],
        engine: store.engine,
        failed: history.failures.length + history.report().refused > 0,
      };
    } finally {
      await store.close();
    }
  } finally {
    progress.end();
    for (const line of reportLines(history.report())) face.err(line);
    for (const failure of history.failures) face.err(failureLine(failure));
  }
}

/** After a question. Throws InputError with the store's place where its `time_field` is one that no event has. */
export async function checkTimeField(store: DuckDbStore, { file }: Environment, { at }: StorePlace): Promise<void> {
  try {
    await store.checkTimeField();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file}:${at.line}:${at.column}: time_field: ${error.message}`, { cause: error });
  }
}

function storePaths(environment: Environment): readonly string[] {
  return environment.stores.flatMap((store) => (store.engine === 'duckdb' ? [storePath(environment, store)] : []));
}

/** Of stores that Winnow does not ask itself, where the run names no files: why nothing of them was counted, and the way out. */
export function unaskedStores({ stores }: Environment, { history }: HistoryFlags): readonly string[] {
  if (history) return [];
  return stores
    .filter(({ engine }) => engine !== 'duckdb')
    .map(
      ({ id, engine }) =>
        `nothing was counted in the store ${id}: Winnow does not ask ${engine} itself; --history names files of it, and 'winnow baseline --dossier FILE --observable ID --to LANG' prints a question for it`,
    );
}

/** Where a store's files are: beside the environment's own, unless it says a whole path. */
export function storePath({ file }: Environment, { uri }: StorePlace): string {
  return isAbsolute(uri) ? uri : join(dirname(file), uri);
}

function readThreads(text: string): number {
  if (!/^[12]$/.test(text)) throw new InvalidArgumentError('1 or 2 is expected.');
  return Number(text);
}

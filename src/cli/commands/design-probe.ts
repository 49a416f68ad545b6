// `winnow design probe`: measures the data sources of an environment on its history, and prints the YAML that says so.

import type { Command } from 'commander';
import type { DataSource, Environment, StorePlace } from '../../design/environment.ts';
import { InputError, UsageError } from '../../errors.ts';
import { logSourceCondition, productCondition } from '../../history/log-source-condition.ts';
import { lagOf, type ProbeFigures, probeFigures, probeQuestion, TIMES_OF_ARRIVAL } from '../../history/probe.ts';
import { openDuckDb } from '../../history/stores/duckdb.ts';
import type { Condition } from '../../rule/condition.ts';
import { checkTimeField, storePath } from '../design-history.ts';
import { readFiles } from '../dossier-files.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { historySources } from '../history-sources.ts';
import { reportLines } from '../log-inputs.ts';
import { readThreads } from '../option-threads.ts';
import { readDay } from '../option-times.ts';
import { count, type Face, jsonText, plain, progressOn } from '../print.ts';

export const name = 'probe';
export const summary =
  'measures the data sources of an environment on its history: fields filled, hosts, events a day, lag';

const PROBE_SCHEMA = 'winnow.probe/1';

interface ProbeFlags {
  readonly environment: string;
  readonly history?: readonly string[];
  readonly date?: string;
  readonly field?: readonly string[];
  readonly threads: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .requiredOption('--environment <ENV>', 'the YAML file of the environment')
    .option('--history <PATH...>', "files, folders or patterns instead of the environment's stores")
    .option('--date <DAY>', 'the day that is written as checked_at: 2026-11-28', readDay)
    .option('--field <NAME...>', 'fields that are measured beside those that the data source names')
    .option('--threads <N>', 'threads that count', readThreads, 2)
    .option('--json', `print the document, schema ${PROBE_SCHEMA}`)
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A figure in an environment is a claim until it is measured. What is printed replaces 'data_sources' there.
Of a data source without an event in the history nothing is measured: its fields, hosts, events_per_day and checked_at are left out.
A data source is what its log_source says, or its product where that is the name of a Windows event log.

Examples:
  winnow design probe --environment company.yaml --date 2026-11-28
  winnow design probe --environment company.yaml --history logs/*.parquet --field Image CommandLine`;

/** One measured data source. */
interface Measured {
  readonly source: DataSource;
  readonly figures: ProbeFigures;
  readonly lag: number | null;
}

/** Events of which the lag is measured at most. */
const LAG_EVENTS = 20_000;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<ProbeFlags>();
  const { environments, failed } = readFiles([flags.environment], face);
  const [environment] = environments;
  if (failed) return EXIT.input;
  if (!environment)
    throw new InputError(`${flags.environment}: no environment (schema: design.environment/1) in this file`);
  const progress = progressOn(face, flags.quiet === true);
  const measured = new Map<string, Measured>();
  const told: string[] = [];
  let failures = 0;
  try {
    for (const { paths, sources, place, timeField } of historiesOf(environment, flags)) {
      const history = historySources(paths, (path, end, size) =>
        progress.step(path, Math.round(end / 1e6), Math.round(size / 1e6)),
      );
      const store = await openDuckDb(history.sources, {
        threads: flags.threads,
        ...(timeField === undefined ? {} : { timeField }),
        onProgress: (done) => progress.step('counted', Math.round(done * 100), 100),
      });
      try {
        const probed = sources.map((source) => ({
          id: source.id,
          condition: conditionOfSource(source),
          fields: fieldsOf(source, flags),
        }));
        const questions = probed.map(probeQuestion);
        const answers = await store.ask(questions, { values: 0 });
        if (place) await checkTimeField(store, environment, place);
        for (const [i, answer] of answers.entries()) {
          const rows = await store.rows(questions[i], TIMES_OF_ARRIVAL.flat(), LAG_EVENTS);
          measured.set(answer.id, { source: sources[i], figures: probeFigures(answer), lag: lagOf(rows) });
          if (answer.hits === 0)
            told.push(
              `winnow: ${plain(answer.id)}: no event of it is in the history; nothing was measured, and its fields, hosts, events_per_day and checked_at are left out\n`,
            );
          if (probed[i].condition === undefined)
            told.push(
              `winnow: ${plain(answer.id)}: it names no Windows event log; every event of the history was measured\n`,
            );
        }
        await history.checkWhole();
      } finally {
        await store.close();
      }
      if (!flags.quiet) told.push(...reportLines(history.report()));
      told.push(...history.failures.map((failure) => failureLine(failure)));
      failures += history.failures.length + history.report().refused;
    }
  } finally {
    progress.end();
  }
  const all = environment.dataSources.flatMap(({ id }) => measured.get(id) ?? []);
  for (const { id } of environment.dataSources)
    if (!measured.has(id))
      told.push(
        `winnow: ${plain(id)}: it was not measured: its store is not one that Winnow asks; --history names files\n`,
      );
  if (flags.json)
    face.out(jsonText({ schema: PROBE_SCHEMA, data_sources: all.map((one) => documentOf(one, flags.date)) }));
  else face.out(`data_sources:\n${all.map((one) => yamlOf(one, flags.date)).join('')}`);
  for (const line of told) face.err(line);
  return failures > 0 ? EXIT.input : EXIT.done;
}

interface Asked {
  readonly paths: readonly string[];
  readonly sources: readonly DataSource[];
  /** The store that the paths are of; undefined where files are named. */
  readonly place: StorePlace | undefined;
  readonly timeField: string | undefined;
}

/** What is asked together: the data sources of one store, or all of them where files are named. */
function historiesOf(environment: Environment, { history }: ProbeFlags): readonly Asked[] {
  if (environment.dataSources.length === 0) throw new InputError(`${environment.file}: it has no data_sources`);
  const [only] = environment.stores;
  if (history)
    return [{ paths: history, sources: environment.dataSources, place: undefined, timeField: only?.timeField }];
  if (!only) throw new UsageError(`${environment.file} names no stores; --history names files`);
  return environment.stores.flatMap((place) => {
    const { id, engine, timeField } = place;
    const sources = environment.dataSources.filter(({ store }) => (store ?? only.id) === id);
    return sources.length > 0 && engine === 'duckdb'
      ? [{ paths: [storePath(environment, place)], sources, place, timeField }]
      : [];
  });
}

function conditionOfSource({ logSource, product }: DataSource): Condition | undefined {
  return (
    logSourceCondition(logSource?.name, logSource?.channel) ??
    (product === undefined ? undefined : productCondition(product))
  );
}

function fieldsOf({ fields }: DataSource, { field = [] }: ProbeFlags): readonly string[] {
  return [...new Set([...(fields?.keys() ?? []), ...field])];
}

function documentOf({ source, figures, lag }: Measured, date: string | undefined): Readonly<Record<string, unknown>> {
  const { name: logName, channel } = source.logSource ?? {};
  // Without an event nothing was measured: 0 would say that its fields are never filled and that it covers no host.
  const isMeasured = figures.events > 0;
  const scope = source.hosts?.scope;
  const hosts = {
    scope,
    covered: figures.hosts.covered,
    total: Math.max(figures.hosts.total, source.hosts?.total ?? 0),
  };
  const all = {
    id: source.id,
    product: source.product,
    log_source: source.logSource && { name: logName, channel },
    data_components: source.dataComponents,
    fields: Object.keys(figures.fields).length > 0 ? figures.fields : undefined,
    hosts: isMeasured ? hosts : scope === undefined ? undefined : { scope },
    retention_days: source.retentionDays,
    lag_p95: lag ?? source.lagP95,
    events_per_day: figures.events_per_day ?? undefined,
    store: source.store,
    checked_at: isMeasured ? date : undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A text of JSON is one of YAML too. */
function yamlOf(measured: Measured, date: string | undefined): string {
  const { events, days } = measured.figures;
  const [first, ...rest] = Object.entries(documentOf(measured, date)).map(
    ([key, value]) => `${key}: ${plain(flow(value))}`,
  );
  return `  - ${first}   # ${count(events, 'event')} in ${count(days, 'day')}\n${rest.map((line) => `    ${line}\n`).join('')}`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => `${/^[A-Za-z_][\w.]*$/.test(key) ? key : JSON.stringify(key)}: ${flow(one)}`)
      .join(', ')}}`;
  return typeof value === 'string' &&
    /^[A-Za-z][\w./-]*( [\w./-]+)*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

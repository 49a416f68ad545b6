// The hand-written dossier of an environment, as it is read: where its events are kept, which data sources are collected, and how many hits are bearable.

import type { Position } from '../rule/condition.ts';
import type { LogSourceName, Placed } from './technique.ts';

export const ENVIRONMENT_SCHEMA = 'design.environment/1';

export interface Environment extends Placed {
  readonly file: string;
  /** All that was read, with its keys in order. */
  readonly canonical: string;
  readonly id: string;
  readonly attackVersion: string | undefined;
  readonly stores: readonly StorePlace[];
  readonly dataSources: readonly DataSource[];
  readonly alertsPerDay: number | undefined;
  readonly budget: Budget;
  /** Figures by observable that stand for a history, in tests and examples; only where fixtures are asked for. */
  readonly baselineResults: ReadonlyMap<string, FixtureFigure> | undefined;
  /** Where they stand. */
  readonly baselineResultsAt: Position | undefined;
}

/** "duckdb" is asked here; of the others the history is asked by a query that `winnow baseline --to` prints. */
export const ENGINES = [
  'duckdb',
  'elasticsearch',
  'opensearch',
  'splunk',
  'sentinel',
  'defender',
  'clickhouse',
] as const;

export interface StorePlace extends Placed {
  readonly id: string;
  /** One of {@link ENGINES}. */
  readonly engine: string;
  /** A file, a folder or a pattern of files, beside the environment's own file. */
  readonly uri: string;
  readonly timeField: string | undefined;
}

/** What is really collected. */
export interface DataSource extends Placed {
  readonly id: string;
  readonly product: string | undefined;
  readonly logSource: LogSourceName | undefined;
  /** ATT&CK's: "DC0035". */
  readonly dataComponents: readonly string[];
  /** Of each field, in which share of the events it is filled; undefined where no field is named. */
  readonly fields: ReadonlyMap<string, number> | undefined;
  readonly hosts: HostCount | undefined;
  readonly retentionDays: number | undefined;
  /** Seconds within which 95 % of the events arrive. */
  readonly lagP95: number | undefined;
  readonly eventsPerDay: number | undefined;
  /** The id of a store. */
  readonly store: string | undefined;
  /** When `winnow design probe` measured it; without, all figures are claims. */
  readonly checkedAt: string | undefined;
}

export interface HostCount {
  readonly scope: string | undefined;
  readonly covered: number | undefined;
  readonly total: number | undefined;
}

export interface Budget {
  readonly maxHitsPerDay: number;
  readonly maxSecondsPerRun: number | undefined;
}

export interface FixtureFigure extends Placed {
  /** Stands for p50 and p90. */
  readonly hitsPerDay: number | undefined;
  readonly afterExclusions: number | undefined;
}

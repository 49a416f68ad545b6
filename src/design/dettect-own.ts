// What a data source administration of DeTT&CT keeps of Winnow's own data sources, under a key of its own: its other keys hold less.

import type { DataSource, HostCount } from './environment.ts';
import type { SourceName } from './technique.ts';

/** DeTT&CT lets any key be added. */
export const OWN_KEY = 'winnow_data_sources';

/** The name of all systems: DeTT&CT's `all`. */
export const ALL = 'all';

/** Where a data source stands in DeTT&CT's file. */
export function systemsOf({ hosts }: Pick<DataSource, 'hosts'>): string {
  const scope = hosts?.scope?.trim() ?? '';
  return scope === '' ? ALL : scope;
}

/** Each once; DeTT&CT has no data source without. */
export function productsOf(sources: readonly Pick<DataSource, 'product' | 'id'>[]): readonly string[] {
  return [...new Set(sources.map(({ product, id }) => product ?? id))];
}

/** A data source as an environment has it; its components are told by where it stands, and its store by no file of DeTT&CT. */
export type OwnSource = Omit<DataSource, 'at' | 'dataComponents' | 'store' | 'logSource' | 'hosts'> & {
  readonly logSource: SourceName | undefined;
  readonly hosts: HostCount | undefined;
};

/** JSON in one line. */
export function ownText(sources: readonly DataSource[]): string {
  return JSON.stringify(
    sources.map(({ id, product, logSource, fields, hosts, retentionDays, lagP95, eventsPerDay, checkedAt }) => ({
      id,
      product,
      ...(logSource === undefined ? {} : { log_source: { name: logSource.name, channel: logSource.channel } }),
      ...(fields === undefined ? {} : { fields: [...fields] }),
      ...(hosts === undefined ? {} : { hosts }),
      retention_days: retentionDays,
      lag_p95: lagP95,
      events_per_day: eventsPerDay,
      checked_at: checkedAt,
    })),
  );
}

/** Undefined for a text that is not what {@link ownText} writes. */
export function ownSources(text: string): readonly OwnSource[] | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(read)) return undefined;
  const sources = read.map(ownSource);
  return sources.every((one) => one !== undefined) ? sources : undefined;
}

function ownSource(value: unknown): OwnSource | undefined {
  const map = mapOf(value);
  const id = textOf(map?.id);
  if (!map || id === undefined || id === '') return undefined;
  const [source, hosts] = [mapOf(map.log_source), mapOf(map.hosts)];
  return {
    id,
    product: textOf(map.product),
    logSource: source && { name: textOf(source.name), channel: textOf(source.channel) },
    fields: Array.isArray(map.fields) ? new Map(map.fields.flatMap(fieldOf)) : undefined,
    hosts: hosts && { scope: textOf(hosts.scope), covered: numberOf(hosts.covered), total: numberOf(hosts.total) },
    retentionDays: numberOf(map.retention_days),
    lagP95: numberOf(map.lag_p95),
    eventsPerDay: numberOf(map.events_per_day),
    checkedAt: textOf(map.checked_at),
  };
}

function fieldOf(entry: unknown): readonly (readonly [string, number])[] {
  if (!Array.isArray(entry)) return [];
  const [name, rate] = [textOf(entry[0]), numberOf(entry[1])];
  return name === undefined || rate === undefined || rate > 1 ? [] : [[name, rate]];
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

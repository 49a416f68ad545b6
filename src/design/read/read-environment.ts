// From YAML to the dossier of an environment.

import { dayIndex } from '../../history/statistics/calendar.ts';
import { entryOf, type YamlNode } from '../../rule/read/yaml-node.ts';
import {
  type Budget,
  type DataSource,
  ENGINES,
  type Environment,
  type FixtureFigure,
  type HostCount,
  type StorePlace,
} from '../environment.ts';
import { canonicalText } from './canonical-text.ts';
import { DossierMap, type Problems, tellDoubled } from './dossier-map.ts';
import { DATA_COMPONENT, readLogSource, WRONG_COMPONENT } from './read-technique.ts';

const KEYS = {
  environment: ['schema', 'id', 'attack_version', 'stores', 'data_sources', 'analyst', 'budget', 'baseline_results'],
  store: ['id', 'engine', 'uri', 'time_field'],
  dataSource: [
    'id',
    'product',
    'log_source',
    'data_components',
    'fields',
    'hosts',
    'retention_days',
    'lag_p95',
    'events_per_day',
    'store',
    'checked_at',
  ],
  hosts: ['scope', 'covered', 'total'],
  analyst: ['alerts_per_day'],
  budget: ['max_hits_per_day', 'max_seconds_per_run'],
  figure: ['hits_per_day', 'after_exclusions'],
} as const;

/** Keys whose values are read as numbers, or those of maps there. */
const NUMBERS: ReadonlySet<string> = new Set([
  'covered',
  'total',
  'fields',
  'retention_days',
  'lag_p95',
  'events_per_day',
  ...KEYS.analyst,
  ...KEYS.budget,
  ...KEYS.figure,
]);

export function readEnvironment(node: YamlNode, problems: Problems): Environment {
  const map = new DossierMap(node, 'an environment', KEYS.environment, problems);
  const results = map.node('baseline_results');
  const environment: Environment = {
    at: node.at,
    file: problems.file,
    canonical: canonicalText(node, NUMBERS),
    id: map.needed('id'),
    attackVersion: map.text('attack_version'),
    stores: map.list('stores', (one) => storeOf(one, problems)),
    dataSources: map.list('data_sources', (one) => dataSourceOf(one, problems)),
    alertsPerDay: map.map('analyst', (one) =>
      new DossierMap(one, "'analyst'", KEYS.analyst, problems).number('alerts_per_day'),
    ),
    budget: budgetOf(map, problems),
    baselineResults:
      results &&
      new Map(map.entries('baseline_results').map(({ key, value }) => [key, figureOf(value, problems)] as const)),
    baselineResultsAt: results?.at,
  };
  tellDoubled(environment.stores, 'a store', problems);
  tellDoubled(environment.dataSources, 'a data source', problems);
  const stores = new Set(environment.stores.map(({ id }) => id));
  map.list('data_sources', (one) => {
    const store = entryOf(one, 'store');
    if (store?.kind === 'scalar' && store.value !== null && !stores.has(store.source))
      problems.add(store.at, `'${store.source}' is not the id of a store here`);
  });
  return environment;
}

function storeOf(node: YamlNode, problems: Problems): StorePlace {
  const map = new DossierMap(node, 'a store', KEYS.store, problems);
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    engine: map.word('engine', ENGINES) ?? map.needed('engine'),
    uri: map.needed('uri'),
    timeField: map.text('time_field'),
  };
}

function dataSourceOf(node: YamlNode, problems: Problems): DataSource {
  const map = new DossierMap(node, 'a data source', KEYS.dataSource, problems);
  const fields = map.node('fields');
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    product: map.text('product'),
    logSource: map.map('log_source', (one) => readLogSource(one, problems)),
    dataComponents: componentsOf(map),
    fields:
      fields &&
      new Map(map.entries('fields').map(({ key, value }) => [key, map.numberOf(value, key, 0, 1) ?? 0] as const)),
    hosts: map.map('hosts', (one) => hostsOf(one, problems)),
    retentionDays: map.number('retention_days'),
    lagP95: map.number('lag_p95'),
    eventsPerDay: map.number('events_per_day'),
    store: map.text('store'),
    checkedAt: dayOf(map, 'checked_at'),
  };
}

function hostsOf(node: YamlNode, problems: Problems): HostCount {
  const map = new DossierMap(node, "'hosts'", KEYS.hosts, problems);
  const [covered, total] = [map.number('covered'), map.number('total')];
  if (covered !== undefined && total !== undefined && covered > total)
    problems.add(map.placeOf('covered'), `'covered' is ${covered}, more than all hosts there are: 'total' is ${total}`);
  return { scope: map.text('scope'), covered, total };
}

/** "2026-11-28", with a time behind it or not. */
function dayOf(map: DossierMap, key: string): string | undefined {
  const text = map.text(key);
  if (text === undefined) return undefined;
  const [day, time] = text.trim().split(/[T ]/, 2);
  const isTime = time === undefined || !Number.isNaN(Date.parse(`${day}T${time}`));
  if (dayIndex(day) === undefined || !isTime)
    map.problems.add(map.placeOf(key), `'${key}' is a day such as 2026-11-28, not '${text}'`);
  return text;
}

function componentsOf(map: DossierMap): readonly string[] {
  const node = map.node('data_components');
  const items = node?.kind === 'list' ? node.of : [];
  for (const one of items)
    if (one.kind === 'scalar' && one.value !== null && !DATA_COMPONENT.test(one.source))
      map.problems.add(one.at, WRONG_COMPONENT(one.source));
  return map.texts('data_components');
}

function budgetOf(map: DossierMap, problems: Problems): Budget {
  const node = map.node('budget');
  if (node === undefined) {
    problems.add(map.at, "an environment needs a 'budget', for example budget: {max_hits_per_day: 10}");
    return { maxHitsPerDay: 0, maxSecondsPerRun: undefined };
  }
  const budget = new DossierMap(node, "'budget'", KEYS.budget, problems);
  if (budget.node('max_hits_per_day') === undefined) problems.add(node.at, "'budget' needs 'max_hits_per_day'");
  return {
    maxHitsPerDay: budget.number('max_hits_per_day') ?? 0,
    maxSecondsPerRun: budget.number('max_seconds_per_run'),
  };
}

function figureOf(node: YamlNode, problems: Problems): FixtureFigure {
  const map = new DossierMap(node, 'a figure of a baseline', KEYS.figure, problems);
  return { at: node.at, hitsPerDay: map.number('hits_per_day'), afterExclusions: map.number('after_exclusions') };
}

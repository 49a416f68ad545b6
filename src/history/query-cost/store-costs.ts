// How the cost of a query's shape grows in each store, by what the store's vendor documents.

import type { ShapePart, TestKind } from './query-shape.ts';

/** What of a store a test reads. */
type Growth =
  /** An index leads to the hits. */
  | 'look-up'
  /** Every different value of the field, once for each test. */
  | 'values each'
  /** Every event of the log source once, however many tests there are. */
  | 'events'
  /** Every event of the log source, once for each test. */
  | 'events each';

interface StoreCost {
  readonly growth: Readonly<Record<TestKind, Growth>>;
  /** Where the vendor says so. */
  readonly source: string;
}

/** Cost of one store's queries, as a document tells it. */
export interface PlanCost {
  readonly store: string;
  readonly cost: string;
  readonly source: string;
}

/** Patterns walk through the terms of the inverted index: those behind a prefix, else all of them. */
const LUCENE: StoreCost['growth'] = {
  name: 'look-up',
  prefix: 'look-up',
  suffix: 'values each',
  substring: 'values each',
  wildcard: 'values each',
  regex: 'values each',
  other: 'look-up',
};
/** The index of terms serves has and its kin; every other operator reads the column. */
const KUSTO: StoreCost = {
  growth: {
    name: 'events',
    prefix: 'events each',
    suffix: 'events each',
    substring: 'events each',
    wildcard: 'events each',
    regex: 'events each',
    other: 'events each',
  },
  source: 'https://learn.microsoft.com/kusto/query/datatypes-string-operators',
};
/** A column is read as a whole; of what is not ordered by it no index leaves anything out. */
const COLUMNS: StoreCost['growth'] = KUSTO.growth;

/** By the engines of an environment's stores; read on 2026-11-28. */
export const STORE_COSTS: Readonly<Record<string, StoreCost>> = {
  duckdb: { growth: COLUMNS, source: 'https://duckdb.org/docs/current/guides/performance/indexing.html' },
  clickhouse: {
    growth: COLUMNS,
    source: 'https://clickhouse.com/docs/concepts/best-practices/using-data-skipping-indices',
  },
  elasticsearch: {
    growth: LUCENE,
    source: 'https://www.elastic.co/guide/en/elasticsearch/reference/7.8/query-dsl-wildcard-query.html',
  },
  // A fork of Elasticsearch 7.10, over the same index.
  opensearch: {
    growth: LUCENE,
    source: 'https://www.elastic.co/guide/en/elasticsearch/reference/7.8/query-dsl-wildcard-query.html',
  },
  splunk: {
    growth: {
      name: 'look-up',
      prefix: 'look-up',
      suffix: 'events each',
      substring: 'events each',
      wildcard: 'events each',
      regex: 'events each',
      other: 'events each',
    },
    source: 'https://help.splunk.com/splunk-enterprise/search/search-manual/9.3/search-primer/wildcards',
  },
  sentinel: KUSTO,
  defender: KUSTO,
};

/** The store in which a run counts where an environment names none. */
const EMBEDDED = 'duckdb';

/** Of the stores, each once, in the order of their names. */
export function planCosts(part: ShapePart | undefined, engines: readonly string[]): readonly PlanCost[] {
  const stores = [...new Set(engines.length === 0 ? [EMBEDDED] : engines)].sort();
  return stores.flatMap((store) => {
    const known = STORE_COSTS[store];
    if (known === undefined) return [];
    const { growth, source } = known;
    return [{ store, cost: costText(part ? growth[part.kind] : 'events', part?.tests.length ?? 1), source }];
  });
}

/** Whether all of the stores find a whole value by an index. */
export function haveIndex(engines: readonly string[]): boolean {
  return engines.length > 0 && engines.every((store) => STORE_COSTS[store]?.growth.name === 'look-up');
}

function costText(growth: Growth, tests: number): string {
  const times = tests === 1 ? 'once' : `${tests} times`;
  switch (growth) {
    case 'look-up':
      return 'an index leads to the hits';
    case 'values each':
      return `every different value of the field is looked at ${times}`;
    case 'events':
      return 'every event of the log source is looked at once';
    case 'events each':
      return `every event of the log source is looked at ${times}`;
  }
}

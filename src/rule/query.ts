// What a rule asks of a log: single events, events in an order, a set of events, or counts of what other rules find.

import type { Condition, Expression } from './condition.ts';
import type { Order } from './value-test.ts';

export type Query = EventQuery | SequenceQuery | SampleQuery | PipedQuery | CorrelationQuery;

/** Each event that the condition holds for. */
export interface EventQuery {
  readonly kind: 'event';
  /** EQL's event category ("process"); null for any, and where the rule's log source says it all. */
  readonly category: string | null;
  readonly condition: Condition;
}

export const eventQuery = (condition: Condition, category: string | null = null): EventQuery => ({
  kind: 'event',
  category,
  condition,
});

/** A key by which events belong together; one that is null joins only where it is `optional` (EQL's `?field`). */
export interface JoinKey {
  readonly of: Expression;
  readonly optional: boolean;
  /** Letter case counts. */
  readonly cased: boolean;
}

export interface Step {
  readonly event: EventQuery;
  /** The step's own keys, behind those of the whole. */
  readonly by: readonly JoinKey[];
  /** `![...]`: there must be none between its neighbours. */
  readonly missing: boolean;
  /** `with runs=N`: as many events in a row; 1 without. */
  readonly runs: number;
  /** The sequence that the event continues stays open for others (the first dialect's `fork=true`). */
  readonly fork?: true;
}

/** Events one after the other that share their keys. */
export interface SequenceQuery {
  /** `join` (the first dialect of EQL): in any order. */
  readonly kind: 'sequence' | 'join';
  readonly by: readonly JoinKey[];
  /** Milliseconds from the first event to the last; null: any. */
  readonly maxspan: number | null;
  readonly steps: readonly Step[];
  /** What ends a sequence that is not whole yet. */
  readonly until: Step | null;
}

/** Events in any order that share their keys. */
export interface SampleQuery {
  readonly kind: 'sample';
  readonly by: readonly JoinKey[];
  readonly steps: readonly Step[];
}

/** What is found, through pipes. */
export interface PipedQuery {
  readonly kind: 'piped';
  readonly of: EventQuery | SequenceQuery | SampleQuery;
  readonly pipes: readonly Pipe[];
}

export type Pipe =
  | { readonly name: 'head' | 'tail'; readonly count: number }
  | { readonly name: 'unique' | 'unique_count' | 'count' | 'sort'; readonly of: readonly Expression[] }
  | { readonly name: 'filter'; readonly condition: Condition };

/** What other rules find, counted or brought together within a time (Sigma correlation rules, specification 2.1). */
export interface CorrelationQuery {
  readonly kind: 'correlation';
  readonly type:
    | 'event_count'
    | 'value_count'
    | 'value_sum'
    | 'value_avg'
    | 'value_percentile'
    | 'temporal'
    | 'temporal_ordered';
  /** Names or ids of the rules. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Milliseconds. */
  readonly timespan: number;
  /** All must hold for the count or value; of temporal ones, how many of the rules must have found something. */
  readonly thresholds: readonly { readonly op: 'eq' | Order; readonly than: number }[];
  /** Whose values are counted or summed. */
  readonly fields: readonly string[];
  /** Of value_percentile. */
  readonly percentile: number | null;
  /** By the name in `groupBy`, the field's name of each rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The rules it is made of tell what they find as well. */
  readonly generate: boolean;
}

/** Every event that a query asks for, in the order of its text; those that must be absent and what ends a sequence are among them. */
export function eventsIn(query: Query): readonly EventQuery[] {
  switch (query.kind) {
    case 'event':
      return [query];
    case 'piped':
      return eventsIn(query.of);
    case 'sample':
      return query.steps.map(({ event }) => event);
    case 'sequence':
    case 'join':
      return [...query.steps, ...(query.until ? [query.until] : [])].map(({ event }) => event);
    case 'correlation':
      return [];
  }
}

/** Every condition that a query asks, in the order of its text. */
export function conditionsIn(query: Query): readonly Condition[] {
  const own = eventsIn(query).map(({ condition }) => condition);
  if (query.kind !== 'piped') return own;
  return [...own, ...query.pipes.flatMap((pipe) => (pipe.name === 'filter' ? [pipe.condition] : []))];
}

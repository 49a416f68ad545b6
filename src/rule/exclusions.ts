// The exclusions of a rule: what it lets pass, clause by clause, each with the selection that holds where it is asked.

import { type Condition, type Position, walk } from './condition.ts';
import type { EventQuery, Query } from './query.ts';

export interface Exclusion {
  /** "filter_main_x", or "filter_main_x[2]" for its second alternative; "" where it has no name. */
  readonly name: string;
  /** Among all of the rule, from 1. */
  readonly number: number;
  /** What it lets pass: no "or" at its top. */
  readonly clause: Condition;
  /** What holds of an event when the exclusion decides; other exclusions are among it. */
  readonly selection: readonly Condition[];
  readonly at: Position | undefined;
}

/** The events that a query asks for one by one; those that must be absent, and those that end a sequence, are none of them. */
export function eventsOf(query: Query): readonly EventQuery[] {
  switch (query.kind) {
    case 'event':
      return [query];
    case 'sequence':
    case 'join':
    case 'sample':
      return query.steps.filter(({ missing }) => !missing).map(({ event }) => event);
    case 'piped':
      return eventsOf(query.of);
    case 'correlation':
      return [];
  }
}

export function exclusionsOf(query: Query): readonly Exclusion[] {
  const found: Exclusion[] = [];
  for (const { condition } of eventsOf(query)) collect(condition, [], found);
  return found;
}

function collect(condition: Condition, selection: readonly Condition[], found: Exclusion[]): void {
  switch (condition.kind) {
    case 'named':
      collect(condition.of, selection, found);
      return;
    case 'and': {
      const all = [...selection, ...condition.of];
      for (const part of condition.of) collect(part, all, found);
      return;
    }
    case 'or':
      for (const part of condition.of) collect(part, selection, found);
      return;
    case 'not':
      collectNegated(condition.of, selection, '', found);
      return;
    default:
      return;
  }
}

function collectNegated(condition: Condition, selection: readonly Condition[], name: string, found: Exclusion[]): void {
  switch (condition.kind) {
    case 'named':
      collectNegated(condition.of, selection, condition.name, found);
      return;
    case 'or':
      for (const [index, part] of condition.of.entries())
        collectNegated(part, selection, name === '' ? '' : `${name}[${index + 1}]`, found);
      return;
    case 'not':
      collect(condition.of, selection, found);
      return;
    default:
      found.push({ name, number: found.length + 1, clause: condition, selection, at: placeIn(condition) });
  }
}

/** Where the first comparison of a condition stands. */
export function placeIn(condition: Condition): Position | undefined {
  for (const node of walk(condition)) if ((node.kind === 'match' || node.kind === 'keyword') && node.at) return node.at;
  return undefined;
}

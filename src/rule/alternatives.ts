// A condition as alternatives: each a list of comparisons that hold together, within a bound.

import { type Condition, not, unnamed } from './condition.ts';

/** A comparison or its opposite; nothing with parts. */
export interface Part {
  readonly of: Exclude<Condition, { readonly kind: 'and' | 'or' | 'not' | 'named' }>;
  readonly negated: boolean;
}

/** More alternatives than these are not told apart. */
const MOST = 256;

/** The alternatives; undefined where there are too many. An empty list of alternatives never holds. */
export function alternativesOf(condition: Condition): readonly (readonly Part[])[] | undefined {
  const node = unnamed(condition);
  switch (node.kind) {
    case 'and':
      return product(node.of);
    case 'or':
      return union(node.of);
    case 'not': {
      const inner = unnamed(node.of);
      if (inner.kind === 'and') return union(inner.of.map(not));
      if (inner.kind === 'or') return product(inner.of.map(not));
      if (inner.kind === 'not') return alternativesOf(inner.of);
      return [[{ of: inner, negated: true }]];
    }
    default:
      return [[{ of: node, negated: false }]];
  }
}

/**
 * Of conditions that all hold, without what only says that something is not so. One that has too many alternatives is left out: what is
 * known is less, and still true.
 */
export function alternativesOfAll(conditions: readonly Condition[]): readonly (readonly Part[])[] {
  let all: readonly Part[][] = [[]];
  for (const condition of conditions) {
    if (unnamed(condition).kind === 'not') continue;
    const own = alternativesOf(condition);
    if (own === undefined || all.length * own.length > MOST) continue;
    all = joined(all, own);
  }
  return all;
}

function product(conditions: readonly Condition[]): readonly (readonly Part[])[] | undefined {
  let all: readonly Part[][] = [[]];
  for (const condition of conditions) {
    const own = alternativesOf(condition);
    if (own === undefined || all.length * own.length > MOST) return undefined;
    all = joined(all, own);
  }
  return all;
}

/** Each of the one before each of the other; long lists grow in place. */
function joined(all: readonly Part[][], own: readonly (readonly Part[])[]): readonly Part[][] {
  if (own.length !== 1) return all.flatMap((before) => own.map((after) => [...before, ...after]));
  for (const before of all) for (const part of own[0]) before.push(part);
  return all;
}

function union(conditions: readonly Condition[]): readonly (readonly Part[])[] | undefined {
  const all: (readonly Part[])[] = [];
  for (const condition of conditions) {
    const own = alternativesOf(condition);
    if (own === undefined || all.length + own.length > MOST) return undefined;
    all.push(...own);
  }
  return all;
}

// What must have been found of texts before control comes somewhere: alternatives, and what several ways have in common.
import { type Fact, factKey } from './text-comparison.ts';

/** One of these, each being facts that all hold. */
export type Needed = readonly (readonly Fact[])[];

const MOST_ALTERNATIVES = 16;

const keys = new WeakMap<Needed, string>();

function keyOf(needed: Needed): string {
  let key = keys.get(needed);
  if (key === undefined) {
    key = [...new Set(needed.map(keyOfFacts))].sort().join('|');
    keys.set(needed, key);
  }
  return key;
}

function keyOfFacts(facts: readonly Fact[]): string {
  return facts.map(factKey).sort().join('&');
}

/** Each once. */
export function distinct(all: readonly Needed[]): readonly Needed[] {
  return [...new Map(all.map((needed) => [keyOf(needed), needed])).values()];
}

/** One of all these; undefined where they are too many to tell. */
export function either(parts: readonly Needed[]): Needed | undefined {
  const all = new Map(parts.flat().map((facts) => [keyOfFacts(facts), facts]));
  return all.size === 0 || all.size > MOST_ALTERNATIVES ? undefined : [...all.values()];
}

/** Those of `all` that are not among `others`. */
export function without(all: readonly Needed[], others: readonly Needed[]): readonly Needed[] {
  const left = new Set(others.map(keyOf));
  return all.filter((needed) => !left.has(keyOf(needed)));
}

/** What is needed on every one of several ways: what they have in common, and one of what each has beside. */
export function common(ways: readonly (readonly Needed[])[]): readonly Needed[] {
  if (ways.length === 0 || ways.some((way) => way.length === 0)) return [];
  const inAll = ways[0].filter((needed) => ways.every((way) => without([needed], way).length === 0));
  const rests = ways.map((way) => without(way, inAll));
  if (rests.some((rest) => rest.length === 0)) return inAll;
  const one = either(rests.map(together));
  return one ? [...inAll, one] : inAll;
}

/** As alternatives: the facts that all hold, where there are such, else the last alternatives. */
function together(all: readonly Needed[]): Needed {
  const facts = all.filter((needed) => needed.length === 1).flatMap(([one]) => one);
  return facts.length > 0 ? [facts] : all[all.length - 1];
}

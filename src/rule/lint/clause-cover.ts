// Whether one clause lets pass everything that another lets pass.

import { alternativesOf, type Part } from '../alternatives.ts';
import type { Condition } from '../condition.ts';
import { factOf, isWithinTests, keyOf } from '../part-facts.ts';
import { testCovers } from '../test-overlap.ts';

/** False also where it cannot be told. */
export function clauseCovers(outer: Condition, inner: Condition): boolean {
  const [outside, inside] = [alternativesOf(outer), alternativesOf(inner)];
  if (!outside || !inside || inside.length === 0) return false;
  return inside.every((one) => outside.some((other) => partsCover(other, one)));
}

/** Everything that fulfils `inner` fulfils `outer`, whose every comparison must follow from one of `inner`. */
export function partsCover(outer: readonly Part[], inner: readonly Part[]): boolean {
  return outer.length > 0 && outer.every((wanted) => inner.some((given) => follows(wanted, given)));
}

function follows(wanted: Part, given: Part): boolean {
  if (wanted.of.kind !== 'match' || given.of.kind !== 'match' || wanted.negated !== given.negated) return false;
  if (keyOf(wanted.of.field) !== keyOf(given.of.field)) return false;
  const [outer, inner] = [factOf(wanted.of), factOf(given.of)];
  // What is denied of more is denied of less.
  if (wanted.negated) return outer.tests.every((test) => inner.tests.some((one) => testCovers(one, test)));
  return isWithinTests(inner, outer.tests);
}

// Whether one clause lets pass everything that another lets pass.

import { alternativesOf, type Part } from '../alternatives.ts';
import type { Comparing } from '../comparing.ts';
import type { Condition } from '../condition.ts';
import { factOf, keyOf } from '../part-facts.ts';

/** False also where it cannot be told. */
export function clauseCovers(outer: Condition, inner: Condition, comparing: Comparing): boolean {
  const [outside, inside] = [alternativesOf(outer), alternativesOf(inner)];
  if (!outside || !inside || inside.length === 0) return false;
  return inside.every((one) => outside.some((other) => partsCover(other, one, comparing)));
}

/** Everything that fulfils `inner` fulfils `outer`, whose every comparison must follow from one of `inner`. */
function partsCover(outer: readonly Part[], inner: readonly Part[], comparing: Comparing): boolean {
  if (!comparing.spend(outer.length * inner.length)) return false;
  return outer.length > 0 && outer.every((wanted) => inner.some((given) => follows(wanted, given, comparing)));
}

function follows(wanted: Part, given: Part, comparing: Comparing): boolean {
  if (wanted.of.kind !== 'match' || given.of.kind !== 'match' || wanted.negated !== given.negated) return false;
  if (keyOf(wanted.of.field) !== keyOf(given.of.field)) return false;
  const [outer, inner] = [factOf(wanted.of), factOf(given.of)];
  // What is denied of more is denied of less.
  if (wanted.negated) return comparing.covers(inner.tests, outer.tests);
  return comparing.covers(outer.tests, inner.tests);
}

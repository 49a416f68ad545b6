// The question before a forced part narrowed it: the predicate without the tests of bits that the dossier calls forced.

import { and, type Condition, conjuncts } from '../../rule/condition.ts';
import type { Observable } from '../technique.ts';
import { readForced } from './forced-parts.ts';

/**
 * A predicate that asks for a forced bit has the forced exclusion in it already; on the hits of this one it is seen what that is worth.
 * Undefined where the predicate asks for no forced bits, or for nothing else.
 */
export function widerQuestion(observable: Observable): Condition | undefined {
  if (!observable.predicate) return undefined;
  const masks = new Set(
    readForced(observable)
      .parts.filter(({ tests }) => tests.some(({ kind }) => kind === 'bits'))
      .map(({ field }) => field.toLowerCase()),
  );
  const parts = conjuncts(observable.predicate.condition);
  const kept = parts.filter(
    (part) =>
      !(
        part.kind === 'match' &&
        masks.has(part.field.toLowerCase()) &&
        part.values.every(({ kind }) => kind === 'bits')
      ),
  );
  if (kept.length === parts.length || kept.length === 0) return undefined;
  return kept.length === 1 ? kept[0] : and(...kept);
}

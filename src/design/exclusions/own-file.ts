// Whether the attacker needs a file of his own: only then does the place, the hash or the signer of another's file keep him from anything.

import { alternativesOf } from '../../rule/alternatives.ts';
import { controlOf, type FieldControl } from '../../rule/field-control.ts';
import { keyOf } from '../../rule/part-facts.ts';
import { mayBePath, placeOf } from '../../rule/protected-roots.ts';
import { patternOfTest } from '../../rule/test-overlap.ts';
import type { Observable } from '../technique.ts';
import type { AttackRow } from './mining.ts';
import { rowValue } from './row-values.ts';

/**
 * stated: the predicate itself leaves out where only administrators write. shown: every labelled event's file lies where the attacker can have
 * put it. used: one of them lies where he cannot, so that he took what is there. unknown: nothing tells.
 */
export type OwnFile = 'stated' | 'shown' | 'used' | 'unknown';

/** ATT&CK's "Process Creation" and "Module Load": what is there already, everyone starts and loads. */
const STARTED = 'DC0032';
export const LOADED = 'DC0016';

/** Whether the event tells no more of a field's file than that it is used as it lies there, which needs no right to it. */
export function tellsOfUse({ dataComponent }: Observable, { nature, of }: FieldControl): boolean {
  if (nature === 'hash' || nature === 'trust') return dataComponent === STARTED || dataComponent === LOADED;
  if (dataComponent === STARTED) return nature === 'program' || of === 'process';
  return dataComponent === LOADED && (of === 'ImageLoaded' || of === 'dll');
}

/** By the key of a field; of a hash and a signature, those of the files that the events tell of. */
export function ownFileOf(observable: Observable, attacks: readonly AttackRow[]): (field: string) => OwnFile {
  const known = new Map<string, OwnFile>();
  return (field) => {
    const key = keyOf(field);
    let own = known.get(key);
    if (own === undefined) {
      own = judge(observable, attacks, field);
      known.set(key, own);
    }
    return own;
  };
}

function judge(observable: Observable, attacks: readonly AttackRow[], field: string): OwnFile {
  const nature = controlOf(field)?.nature;
  const isOfFile = (other: string): boolean => {
    if (nature !== 'hash' && nature !== 'trust') return keyOf(other) === keyOf(field);
    const control = controlOf(other);
    return control?.of !== undefined && tellsOfUse(observable, control);
  };
  if (isStated(observable, isOfFile)) return 'stated';
  let all: OwnFile = attacks.length === 0 ? 'unknown' : 'shown';
  for (const attack of attacks) {
    const paths = Object.keys(attack.values)
      .filter(isOfFile)
      .flatMap((name) => rowValue(attack, name) ?? [])
      .filter((value) => value.includes('\\') && mayBePath([value]));
    if (paths.some((path) => placeOf([path]).kind === 'protected')) return 'used';
    if (paths.length === 0) all = 'unknown';
  }
  return all;
}

/** Each alternative of the predicate denies that the file lies where only administrators write. */
function isStated({ predicate }: Observable, isOfFile: (field: string) => boolean): boolean {
  const alternatives = predicate && alternativesOf(predicate.condition);
  if (!alternatives || alternatives.length === 0) return false;
  return alternatives.every((parts) =>
    parts.some(
      ({ of, negated }) =>
        negated &&
        of.kind === 'match' &&
        isOfFile(of.field) &&
        of.values.some((test) => {
          const pattern = patternOfTest(test);
          return pattern !== undefined && placeOf(pattern).kind === 'protected';
        }),
    ),
  );
}

// Which reviewed acceptances the mining of an observable is given, and what became of each.

import { fieldsOf } from '../../rule/condition.ts';
import { problemOfAcceptance } from '../exclusions/acceptances.ts';
import type { Acceptance, Mined } from '../exclusions/mining.ts';
import { miningFields } from '../exclusions/mining-fields.ts';
import type { ReviewedAcceptance } from '../reviewed-acceptance.ts';
import type { Observable } from '../technique.ts';

/** Those that hold today and test nothing but what hits are mined by: of other fields it is not known what an attack has in them. */
export function acceptancesFor(
  observable: Observable,
  all: readonly ReviewedAcceptance[],
  today: string,
): readonly Acceptance[] {
  return all.filter((one) => one.observable === observable.id && problemOf(one, observable, today) === undefined);
}

/** A note for each acceptance that is in no list of exclusions, with why; `mined` by observable. */
export function acceptanceNotes(
  all: readonly ReviewedAcceptance[],
  observables: readonly Observable[],
  mined: ReadonlyMap<string, Mined>,
  today: string,
): readonly string[] {
  return all.flatMap((one) => {
    const observable = observables.find(({ id }) => id === one.observable);
    const own = mined.get(one.observable);
    if (!observable || own?.entries.some(({ predicate }) => predicate === one.predicate.text)) return [];
    const flagged = own?.flags.find(({ predicate }) => predicate === one.predicate.text)?.problem;
    const problem = problemOf(one, observable, today);
    const stale = own
      ? 'stale: it is not proposed any more, since nothing is left that it alone would let pass'
      : 'stale: it is not proposed any more, since no exclusion is looked for';
    return [
      `${one.observable}: the exclusion ${one.predicate.text} that ${one.owner} accepted is ${problem === undefined ? (flagged ?? stale) : `not applied: ${problem}`}`,
    ];
  });
}

function problemOf(acceptance: Acceptance, observable: Observable, today: string): string | undefined {
  const known = new Set(miningFields(observable).map((field) => field.toLowerCase()));
  const others = fieldsOf(acceptance.predicate.condition).filter((field) => !known.has(field.toLowerCase()));
  return (
    problemOfAcceptance(acceptance, today) ??
    (others.length === 0 ? undefined : `exclusions of this observable are not made of ${others.join(', ')}`)
  );
}

// Reviewed acceptances: taken where somebody answers for them, they have not ended, hide no attack and cover no more than was reviewed.

import type { Row } from '../../history/question.ts';
import { dayIndex } from '../../history/statistics/calendar.ts';
import { addTo, type BitSet, emptySet } from './bit-set.ts';
import { type Acceptance, CLASS_RANK } from './mining.ts';
import { rowTest } from './row-values.ts';

/** Hits above so many times the reviewed rate are not what was reviewed. */
export const MOST_TIMES_REVIEWED = 3;

export interface Covered {
  readonly benign: BitSet;
  readonly weight: number;
}

/** Why an acceptance cannot be taken, whatever it covers; undefined where it can. */
export function problemOfAcceptance(
  { owner, expiry }: Pick<Acceptance, 'owner' | 'expiry'>,
  today: string,
): string | undefined {
  if (owner.trim() === '') return 'nobody is named who answers for it';
  if (dayIndex(expiry) === undefined) return 'it has no day on which it ends, such as 2027-01-31';
  if (expiry < today.slice(0, 10)) return `it ended on ${expiry}`;
  return undefined;
}

/** Why it covers more than was reviewed; undefined where it does not, or where there is nothing to compare. */
export function growthOf({ reviewedPerDay }: Acceptance, events: number, days: number | undefined): string | undefined {
  if (reviewedPerDay === undefined || days === undefined || !(days > 0)) return undefined;
  const perDay = events / days;
  return perDay > MOST_TIMES_REVIEWED * reviewedPerDay
    ? `it covers ${rounded(perDay)} events a day, more than ${MOST_TIMES_REVIEWED} times the ${rounded(reviewedPerDay)} that were reviewed`
    : undefined;
}

function rounded(number: number): string {
  return String(Math.round(number * 10) / 10);
}

export function coveredBy({ predicate }: Acceptance, benign: readonly Row[]): Covered {
  const test = rowTest(predicate.condition);
  const set = emptySet(benign.length);
  let weight = 0;
  for (const [number, row] of benign.entries()) {
    if (!test(row)) continue;
    addTo(set, number);
    weight += row.count;
  }
  return { benign: set, weight };
}

/** Whether a class is one that needs somebody to answer for it. */
export function needsAnswer(own: keyof typeof CLASS_RANK): boolean {
  return CLASS_RANK[own] === CLASS_RANK.free;
}

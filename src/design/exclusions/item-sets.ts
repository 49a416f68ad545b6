// Sets of up to three items that hide no attack: of those that hold of the same hits one stands for all, the strongest.

import type { ExclusionClass } from '../document.ts';
import { type BitSet, both, hashOf, isEmpty, isPart, isSame, weightOf } from './bit-set.ts';
import { compareText, type ItemRows } from './item-table.ts';
import { CLASS_RANK } from './mining.ts';

/** Items that hold together: what an exclusion may say. */
export interface Candidate {
  readonly items: readonly ItemRows[];
  readonly class: ExclusionClass;
  readonly benign: BitSet;
  /** Benign events. */
  readonly weight: number;
}

export interface CandidateInput {
  readonly items: readonly ItemRows[];
  /** Events of each benign row. */
  readonly weights: ArrayLike<number>;
  readonly support: number;
  /** Attack rows that do the primitive. A forced exclusion may hold of others. */
  readonly primitive: BitSet;
  /** Of items that hold together. */
  readonly classOf: (items: readonly ItemRows[]) => ExclusionClass;
}

/** Words of sets that are joined, and sets that are kept, at most: a few seconds' work. */
const MOST_WORK = 600_000_000;
const MOST_CANDIDATES = 20_000;
const MOST_IN_SET = 3;

interface Blocked {
  readonly items: readonly ItemRows[];
  readonly last: number;
  readonly attacks: BitSet;
  readonly benign: BitSet;
}

/** Sets are made larger only where a smaller one would hide an attack: what a set hides, its larger ones hide no better. */
export function candidatesOf({ items, weights, support, primitive, classOf }: CandidateInput): {
  readonly candidates: readonly Candidate[];
  readonly notes: readonly string[];
} {
  const kept = new Map<number, Candidate[]>();
  let count = 0;
  let work = 0;
  let isCut = false;
  const offer = (set: readonly ItemRows[], attacks: BitSet, benign: BitSet, weight: number): boolean => {
    const own = classOf(set);
    const isHidden = own === 'forced' ? !isEmpty(both(attacks, primitive)) : !isEmpty(attacks);
    if (isHidden) return false;
    const candidate: Candidate = { items: set, class: own, benign, weight };
    const hash = hashOf(benign);
    const others = kept.get(hash) ?? [];
    const at = others.findIndex((other) => isSame(other.benign, benign));
    if (at >= 0) {
      if (isBetter(candidate, others[at])) others[at] = candidate;
    } else if (count < MOST_CANDIDATES) {
      others.push(candidate);
      kept.set(hash, others);
      count++;
    } else isCut = true;
    return true;
  };
  let level: Blocked[] = [];
  for (const [last, item] of items.entries()) {
    if (!offer([item], item.attacks, item.benign, item.weight))
      level.push({ items: [item], last, attacks: item.attacks, benign: item.benign });
  }
  const blocked = new Set(level.map(({ last }) => last));
  for (let size = 2; size <= MOST_IN_SET; size++) {
    const next: Blocked[] = [];
    for (const set of level) {
      const from = size === 2 ? 0 : set.last + 1;
      for (let last = from; last < items.length; last++) {
        const item = items[last];
        // Of two that are both blocked each pair comes once.
        if (item === set.items[0] || (size === 2 && last < set.last && blocked.has(last))) continue;
        work += set.attacks.length + set.benign.length;
        if (work > MOST_WORK) {
          isCut = true;
          break;
        }
        const attacks = both(set.attacks, item.attacks);
        if (isSame(attacks, set.attacks)) continue;
        const benign = both(set.benign, item.benign);
        const weight = weightOf(benign, weights);
        if (weight < support) continue;
        const joined = [...set.items, item];
        if (!offer(joined, attacks, benign, weight) && size < MOST_IN_SET)
          next.push({ items: joined, last: Math.max(last, set.last), attacks, benign });
      }
      if (work > MOST_WORK) break;
    }
    level = next;
  }
  const stronger = items.filter((item) => classOf([item]) !== 'free');
  const candidates = [...kept.values()].flat().map((candidate) => closed(candidate, stronger, classOf, primitive));
  candidates.sort((one, other) => other.weight - one.weight || compareText(keyOf(one), keyOf(other)));
  const notes = isCut
    ? ['there are more sets of items than are compared: the noise that is left may be less than it is here']
    : [];
  return { candidates, notes };
}

export function keyOf({ items }: Candidate): string {
  return items
    .map(({ key }) => key)
    .sort(compareText)
    .join('\0\0');
}

function isBetter(one: Candidate, other: Candidate): boolean {
  const byClass = CLASS_RANK[one.class] - CLASS_RANK[other.class];
  if (byClass !== 0) return byClass > 0;
  if (one.items.length !== other.items.length) return one.items.length < other.items.length;
  const precision = ({ items }: Candidate): number => items.reduce((sum, item) => sum + item.precision, 0);
  return precision(one) !== precision(other) ? precision(one) > precision(other) : keyOf(one) < keyOf(other);
}

/** The closed set, as far as it makes the exclusion stronger: an item that all its hits have anyway, and that an attacker cannot make true. */
function closed(
  candidate: Candidate,
  stronger: readonly ItemRows[],
  classOf: CandidateInput['classOf'],
  primitive: BitSet,
): Candidate {
  let best = candidate;
  if (candidate.class === 'forced' || candidate.items.length >= MOST_IN_SET) return best;
  for (const item of stronger) {
    if (item.weight < candidate.weight || candidate.items.includes(item) || !isPart(candidate.benign, item.benign))
      continue;
    const joined = [...candidate.items, item];
    const own = classOf(joined);
    if (CLASS_RANK[own] <= CLASS_RANK[best.class]) continue;
    if (!isEmpty(both(joined.map(({ attacks }) => attacks).reduce(both), primitive))) continue;
    best = { ...candidate, items: joined, class: own };
    if (own === 'forced') break;
  }
  return best;
}

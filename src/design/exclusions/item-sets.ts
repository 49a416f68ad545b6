// Sets of up to three items that hide no attack: of those that hold of the same hits one stands for all, the strongest.

import { compareTexts } from '../../bytes/text-order.ts';
import type { ExclusionClass } from '../document.ts';
import {
  addAll,
  type BitSet,
  both,
  emptySet,
  hashOf,
  isEmpty,
  isPart,
  isSame,
  sizeOf,
  weightOfBoth,
  without,
} from './bit-set.ts';
import type { ItemRows } from './item-table.ts';
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
  /** Somebody answers for free exclusions, so that it is worth while to look for sets of three. */
  readonly isFreeWanted: boolean;
  /** Of items that hold together. */
  readonly classOf: (items: readonly ItemRows[]) => ExclusionClass;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly notes: readonly string[];
}

/** Words and rows of sets that are joined, pairs of sets, and sets that are kept, at most: a few seconds' work. */
const MOST_WORK = 100_000_000;
const MOST_JOINS = 2_000_000;
const MOST_CANDIDATES = 5000;
const MOST_IN_SET = 3;

interface Classed extends ItemRows {
  readonly class: ExclusionClass;
  /** Benign rows. */
  readonly size: number;
}

/** A set that would hide an attack as it is. */
interface Blocked {
  readonly items: readonly Classed[];
  /** The place of its last item in the order of all. */
  readonly last: number;
  readonly attacks: BitSet;
  readonly benign: BitSet;
  readonly size: number;
  readonly weight: number;
  readonly isGuarded: boolean;
}

/**
 * Sets are made larger only where a smaller one would hide an attack: what a set hides, its larger ones hide no better. Forced items
 * hide none, and what they cover is theirs, so that larger sets are for the other hits.
 */
export function candidatesOf(input: CandidateInput): Candidates {
  const { weights, primitive, classOf } = input;
  const kept = new Kept();
  const items = distinctItems(input.items, classOf);
  const blocked: Classed[] = [];
  const free: Classed[] = [];
  const forced = emptySet(weights.length);
  for (const item of items) {
    const isHidden = !isEmpty(item.class === 'forced' ? both(item.attacks, primitive) : item.attacks);
    if (!isHidden) kept.add({ items: [item], class: item.class, benign: item.benign, weight: item.weight });
    if (item.class === 'forced') {
      if (!isHidden) addAll(forced, item.benign);
    } else if (isHidden) blocked.push(item);
    else if (item.class === 'free') free.push(item);
  }
  const isCut = enlarge([...blocked, ...free], blocked.length, forced, input, kept);
  const stronger = items.filter((item) => item.class !== 'free');
  const candidates = kept.all().map((candidate) => closed(candidate, stronger, classOf, primitive));
  candidates.sort((one, other) => other.weight - one.weight || compareTexts(keyOf(one), keyOf(other)));
  const notes =
    isCut || kept.isCut
      ? ['there are more sets of items than are compared: what is left may be less than it is here']
      : [];
  return { candidates, notes };
}

/** Pairs and sets of three of the items, the first `count` of which are blocked; whether some were not compared. */
function enlarge(all: readonly Classed[], count: number, forced: BitSet, input: CandidateInput, kept: Kept): boolean {
  const { weights, support, classOf, isFreeWanted } = input;
  let work = 0;
  let joins = 0;
  let level = all.slice(0, count).map((item, last): Blocked => {
    const benign = without(item.benign, forced);
    return {
      items: [item],
      last,
      attacks: item.attacks,
      benign,
      size: item.size,
      weight: item.weight,
      isGuarded: item.class === 'guarded',
    };
  });
  for (let size = 2; size <= MOST_IN_SET; size++) {
    const next: Blocked[] = [];
    for (const set of level) {
      // What hides nothing is added only where it is guarded by what it is added to.
      const end = set.isGuarded ? all.length : count;
      for (let last = set.last + 1; last < end; last++) {
        const item = all[last];
        const isGuarded = set.isGuarded || item.class === 'guarded';
        if (size > 2 && !isGuarded && !isFreeWanted) continue;
        work += set.attacks.length + set.benign.length + Math.min(set.size, item.size);
        if (++joins > MOST_JOINS || work > MOST_WORK) return true;
        const weight = weightOfBoth(set.benign, item.benign, weights);
        if (weight < support) continue;
        const attacks = both(set.attacks, item.attacks);
        if (isSame(attacks, set.attacks) || (last < count && isSame(attacks, item.attacks))) continue;
        const items = [...set.items, item];
        if (isEmpty(attacks)) {
          const benign = items.map(({ benign: own }) => own).reduce(both);
          kept.add({ items, class: classOf(items), benign, weight: weightOfBoth(benign, benign, weights) });
        } else if (size < MOST_IN_SET) {
          const benign = both(set.benign, item.benign);
          next.push({ items, last, attacks, benign, size: sizeOf(benign), weight, isGuarded });
        }
      }
    }
    level = next.sort((one, other) => other.weight - one.weight);
  }
  return false;
}

/** Items of which no two hold of the same hits. */
function distinctItems(items: readonly ItemRows[], classOf: CandidateInput['classOf']): readonly Classed[] {
  const known = new Map<string, Classed[]>();
  for (const item of items) {
    const own: Classed = { ...item, class: classOf([item]), size: sizeOf(item.benign) };
    const hash = `${hashOf(item.benign)} ${hashOf(item.attacks)}`;
    const others = known.get(hash) ?? [];
    const at = others.findIndex((other) => isSame(other.benign, own.benign) && isSame(other.attacks, own.attacks));
    if (at < 0) known.set(hash, [...others, own]);
    else if (isBetter(setOf(own), setOf(others[at]))) others[at] = own;
  }
  return [...known.values()].flat();
}

function setOf(item: Classed): Candidate {
  return { items: [item], class: item.class, benign: item.benign, weight: item.weight };
}

/** Candidates of which no two hold of the same benign hits. */
class Kept {
  readonly #byHash = new Map<number, Candidate[]>();
  #count = 0;
  isCut = false;

  add(candidate: Candidate): void {
    const hash = hashOf(candidate.benign);
    const others = this.#byHash.get(hash) ?? [];
    const at = others.findIndex((other) => isSame(other.benign, candidate.benign));
    if (at >= 0) {
      if (isBetter(candidate, others[at])) others[at] = candidate;
    } else if (this.#count < MOST_CANDIDATES) {
      others.push(candidate);
      this.#byHash.set(hash, others);
      this.#count++;
    } else this.isCut = true;
  }

  all(): readonly Candidate[] {
    return [...this.#byHash.values()].flat();
  }
}

function keyOf({ items }: Candidate): string {
  return items
    .map(({ key }) => key)
    .sort(compareTexts)
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

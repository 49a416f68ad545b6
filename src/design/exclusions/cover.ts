// Which exclusions make the list: the most new events for the least cost, forced ones before those that somebody could use.

import type { ExclusionClass } from '../document.ts';
import { addAll, type BitSet, emptySet, weightOf } from './bit-set.ts';
import { CLASS_RANK } from './mining.ts';

/** What may be chosen. */
export interface Coverable {
  /** How many items it has. */
  readonly parts: number;
  readonly class: ExclusionClass;
  readonly benign: BitSet;
  /** Benign events. */
  readonly weight: number;
}

export interface CoverInput<C extends Coverable> {
  readonly candidates: readonly C[];
  /** Events of each benign row. */
  readonly weights: ArrayLike<number>;
  readonly total: number;
  /** Events that may be left. */
  readonly budget: number;
  readonly lambda: number;
  readonly most: number;
}

/** An exclusion that covers fewer new events is not worth its line. */
const LEAST_GAIN = 2;
/** Rounds in which one of a full list is given for a better one. */
const MOST_ROUNDS = 8;

/** Chosen candidates in their order. */
export function coverOf<C extends Coverable>(input: CoverInput<C>): readonly C[] {
  const { candidates, budget, most, total, weights } = input;
  const covered = emptySet(weights.length);
  let left = total;
  const chosen: C[] = [];
  // A weaker one never takes the place of one that nobody can use.
  for (const isPhase of [isForced, (one: C) => !isForced(one)]) {
    const heap = new Waiting(
      candidates.filter(isPhase).filter(({ weight }) => weight >= LEAST_GAIN),
      input.lambda,
    );
    while (left > budget && chosen.length < most) {
      const next = heap.best((one) => weightOf(one.benign, weights, covered));
      if (next === undefined) break;
      left -= weightOf(next.benign, weights, covered);
      addAll(covered, next.benign);
      chosen.push(next);
    }
  }
  const swapped = chosen.length >= most && left > budget ? swapOf(chosen, input) : chosen;
  return withoutIdle(swapped, input);
}

function isForced(one: Coverable): boolean {
  return one.class === 'forced';
}

export function costOf({ class: own, parts }: Coverable, lambda: number): number {
  return 1 + lambda * (CLASS_RANK.forced - CLASS_RANK[own]) + 0.1 * parts;
}

/** Candidates by what they gain for their cost; a gain only falls, so that it is counted again only for the one in front. */
class Waiting<C extends Coverable> {
  readonly #heap: { readonly of: C; readonly order: number; readonly cost: number; ratio: number }[] = [];

  constructor(candidates: readonly C[], lambda: number) {
    for (const [order, of] of candidates.entries()) {
      const cost = costOf(of, lambda);
      this.#heap.push({ of, order, cost, ratio: of.weight / cost });
    }
    for (let at = this.#heap.length >> 1; at >= 0; at--) this.#sink(at);
  }

  best(gainOf: (one: C) => number): C | undefined {
    while (this.#heap.length > 0) {
      const [front] = this.#heap;
      const gain = gainOf(front.of);
      const ratio = gain / front.cost;
      if (gain < LEAST_GAIN) this.#dropFront();
      else if (ratio < front.ratio) {
        front.ratio = ratio;
        this.#sink(0);
      } else {
        this.#dropFront();
        return front.of;
      }
    }
    return undefined;
  }

  #dropFront(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    return a.ratio !== b.ratio ? a.ratio > b.ratio : a.order < b.order;
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let first = at;
      if (left < this.#heap.length && this.#isBefore(left, first)) first = left;
      if (right < this.#heap.length && this.#isBefore(right, first)) first = right;
      if (first === at) return;
      [this.#heap[at], this.#heap[first]] = [this.#heap[first], this.#heap[at]];
      at = first;
    }
  }
}

/** Of a full list one after the other is given for what covers more, as long as that helps; never a forced one for a weaker one. */
function swapOf<C extends Coverable>(chosen: readonly C[], { candidates, weights }: CoverInput<C>): readonly C[] {
  const list = [...chosen];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let hasChanged = false;
    for (const [at, own] of list.entries()) {
      const others = unionOf(
        list.filter((_, index) => index !== at),
        weights.length,
      );
      let best = { of: own, gain: weightOf(own.benign, weights, others) };
      for (const one of candidates) {
        if (one.weight <= best.gain) break;
        if (CLASS_RANK[one.class] < CLASS_RANK[own.class]) continue;
        const gain = weightOf(one.benign, weights, others);
        if (gain > best.gain) best = { of: one, gain };
      }
      if (best.of === own) continue;
      list[at] = best.of;
      hasChanged = true;
    }
    if (!hasChanged) break;
  }
  return list;
}

/** Without those whose events the others cover, or may stay within the budget; the weakest go first. */
function withoutIdle<C extends Coverable>(
  chosen: readonly C[],
  { weights, total, budget }: CoverInput<C>,
): readonly C[] {
  let list = [...chosen];
  const leftOf = (some: readonly C[]): number => total - weightOf(unionOf(some, weights.length), weights);
  const whole = leftOf(list);
  const allowed = Math.max(whole, budget);
  for (const one of [...list].reverse().sort((a, b) => CLASS_RANK[a.class] - CLASS_RANK[b.class])) {
    const without = list.filter((other) => other !== one);
    if (leftOf(without) <= allowed) list = without;
  }
  return list;
}

function unionOf(list: readonly Coverable[], size: number): BitSet {
  const union = emptySet(size);
  for (const { benign } of list) addAll(union, benign);
  return union;
}

// The best sets of one, two and three components, exactly: gaps combine with "and" inside a dossier, so that no choice of one after another finds them.

/** A dossier that is not satisfied, or has no scope, and what would change that; components by their names. */
export interface Wanting {
  /** For each necessary primitive that nothing shows, the components that would; undefined where the dossier is satisfied, or never can be. */
  readonly needs: readonly ReadonlySet<string>[] | undefined;
  /** Components each of which would give it a scope; empty where it has one. */
  readonly adds: ReadonlySet<string>;
}

export interface BestComponents {
  readonly size: number;
  readonly components: readonly string[];
}

export interface BestSets {
  readonly sets: readonly BestComponents[];
  /** Components that were left out of the largest sets, since there are too many to look at all of them. */
  readonly leftOut: number;
}

const LARGEST_SET = 3;
/** Sets that are looked at, of one size. */
const MOST_SETS = 4_000_000;
const WORD = 32;

/** `candidates` in the order of their names. A set that satisfies most is best, then one that unlocks most, then the first by its names. */
export function bestSets(candidates: readonly string[], dossiers: readonly Wanting[]): BestSets {
  const able = dossiers.flatMap(({ needs }) => (needs !== undefined && isWithinReach(needs) ? [needs] : []));
  const table = new Effects(candidates, able, dossiers);
  const sets: BestComponents[] = [];
  let leftOut = 0;
  for (let size = 1; size <= Math.min(LARGEST_SET, candidates.length); size++) {
    const { kept, left } = table.worthLookingAt(size);
    leftOut = Math.max(leftOut, left);
    sets.push({ size, components: best(size, kept, table).map((at) => candidates[at]) });
  }
  return { sets, leftOut };
}

/** More needs than the largest set has members, no two of which one component meets, are out of reach. */
function isWithinReach(needs: readonly ReadonlySet<string>[]): boolean {
  const met = new Set<string>();
  let apart = 0;
  for (const need of needs) {
    if ([...need].some((one) => met.has(one))) continue;
    for (const one of need) met.add(one);
    if (++apart > LARGEST_SET) return false;
  }
  return true;
}

/** What each component meets and unlocks, as bits. */
class Effects {
  readonly #candidates: number;
  /** Of all needs of dossiers that can be satisfied, in words; those of one dossier stand together. */
  readonly #meets: Int32Array;
  readonly #words: number;
  /** First need of each dossier, and of the one behind the last. */
  readonly #first: number[] = [0];
  readonly #unlocks: Int32Array;
  readonly #unlockWords: number;

  constructor(
    candidates: readonly string[],
    able: readonly (readonly ReadonlySet<string>[])[],
    all: readonly Wanting[],
  ) {
    const place = new Map(candidates.map((name, i) => [name, i]));
    const needs = able.flat();
    for (const one of able) this.#first.push(this.#first[this.#first.length - 1] + one.length);
    this.#candidates = candidates.length;
    this.#words = Math.ceil(needs.length / WORD);
    this.#meets = new Int32Array(candidates.length * this.#words);
    setBits(this.#meets, this.#words, needs, place);
    const adds = all.map((one) => one.adds);
    this.#unlockWords = Math.ceil(adds.length / WORD);
    this.#unlocks = new Int32Array(candidates.length * this.#unlockWords);
    setBits(this.#unlocks, this.#unlockWords, adds, place);
  }

  /** Components that do the same are alike: of each kind the first by name, as many as a set has members. */
  worthLookingAt(size: number): { readonly kept: readonly number[]; readonly left: number } {
    const kinds = new Map<string, number>();
    const kept: number[] = [];
    for (let i = 0; i < this.#candidates; i++) {
      const own = `${this.#row(this.#meets, this.#words, i)}|${this.#row(this.#unlocks, this.#unlockWords, i)}`;
      const before = kinds.get(own) ?? 0;
      kinds.set(own, before + 1);
      if (before < size) kept.push(i);
    }
    const most = largestWithin(size);
    if (kept.length <= most) return { kept, left: 0 };
    const byWorth = [...kept].sort((one, other) => this.#worth(other) - this.#worth(one) || one - other);
    return { kept: byWorth.slice(0, most).sort((one, other) => one - other), left: kept.length - most };
  }

  /** Dossiers that the set satisfies. */
  satisfied(set: readonly number[]): number {
    let found = 0;
    for (let dossier = 1; dossier < this.#first.length; dossier++) {
      let need = this.#first[dossier - 1];
      while (need < this.#first[dossier] && this.#isMet(need, set)) need++;
      if (need === this.#first[dossier]) found++;
    }
    return found;
  }

  /** Dossiers that the set gives a scope. */
  unlocked(set: readonly number[]): number {
    let found = 0;
    for (let word = 0; word < this.#unlockWords; word++) {
      let bits = 0;
      for (const one of set) bits |= this.#unlocks[one * this.#unlockWords + word];
      found += bitCount(bits);
    }
    return found;
  }

  #isMet(need: number, set: readonly number[]): boolean {
    const word = need >> 5;
    const bit = 1 << (need & 31);
    for (const one of set) if ((this.#meets[one * this.#words + word] & bit) !== 0) return true;
    return false;
  }

  #row(bits: Int32Array, words: number, at: number): string {
    return bits.subarray(at * words, (at + 1) * words).join();
  }

  #worth(at: number): number {
    let worth = 0;
    for (const bits of this.#meets.subarray(at * this.#words, (at + 1) * this.#words)) worth += bitCount(bits);
    for (const bits of this.#unlocks.subarray(at * this.#unlockWords, (at + 1) * this.#unlockWords))
      worth += bitCount(bits);
    return worth;
  }
}

function setBits(
  bits: Int32Array,
  words: number,
  rows: readonly ReadonlySet<string>[],
  place: ReadonlyMap<string, number>,
): void {
  for (const [i, names] of rows.entries())
    for (const name of names) {
      const at = place.get(name);
      if (at !== undefined) bits[at * words + (i >> 5)] |= 1 << (i & 31);
    }
}

function bitCount(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x5555_5555);
  left = (left & 0x3333_3333) + ((left >>> 2) & 0x3333_3333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** How many components have no more sets of a size than are looked at. */
function largestWithin(size: number): number {
  let count = size;
  while (setsOf(count + 1, size) <= MOST_SETS) count++;
  return count;
}

function setsOf(count: number, size: number): number {
  let sets = 1;
  for (let i = 0; i < size; i++) sets = (sets * (count - i)) / (i + 1);
  return sets;
}

/** In the order of their names, so that the first of equals is kept. */
function best(size: number, kept: readonly number[], effects: Effects): readonly number[] {
  let found: readonly number[] = kept.slice(0, size);
  let satisfied = -1;
  let unlocked = -1;
  const set: number[] = [];
  const visit = (from: number): void => {
    if (set.length === size) {
      const own = effects.satisfied(set);
      if (own < satisfied) return;
      const opened = effects.unlocked(set);
      if (own === satisfied && opened <= unlocked) return;
      found = [...set];
      satisfied = own;
      unlocked = opened;
      return;
    }
    for (let i = from; i <= kept.length - (size - set.length); i++) {
      set.push(kept[i]);
      visit(i + 1);
      set.pop();
    }
  };
  visit(0);
  return found;
}

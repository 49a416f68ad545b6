// Sets of rows as bits, and how many events they stand for.

export type BitSet = Uint32Array;

export function emptySet(size: number): BitSet {
  return new Uint32Array((size + 31) >>> 5);
}

export function addTo(set: BitSet, row: number): void {
  set[row >>> 5] |= 1 << (row & 31);
}

export function has(set: BitSet, row: number): boolean {
  return (set[row >>> 5] & (1 << (row & 31))) !== 0;
}

export function both(one: BitSet, other: BitSet): BitSet {
  const set = new Uint32Array(one.length);
  for (let at = 0; at < set.length; at++) set[at] = one[at] & other[at];
  return set;
}

export function isEmpty(set: BitSet): boolean {
  for (const word of set) if (word !== 0) return false;
  return true;
}

export function isSame(one: BitSet, other: BitSet): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** Whether all of `inner` is in `outer`. */
export function isPart(inner: BitSet, outer: BitSet): boolean {
  for (let at = 0; at < inner.length; at++) if ((inner[at] & ~outer[at]) !== 0) return false;
  return true;
}

/** Puts all of `other` into `set`. */
export function addAll(set: BitSet, other: BitSet): void {
  for (let at = 0; at < set.length; at++) set[at] |= other[at];
}

/** The weight of what is in `set` and not in `without`. */
export function weightOf(set: BitSet, weights: ArrayLike<number>, without?: BitSet): number {
  let sum = 0;
  for (let at = 0; at < set.length; at++) {
    let word = without ? set[at] & ~without[at] : set[at];
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      sum += weights[(at << 5) | bit];
      word &= word - 1;
    }
  }
  return sum;
}

/** Equal for equal sets, and different for most others. */
export function hashOf(set: BitSet): number {
  let hash = 0x811c9dc5;
  for (const word of set) {
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** The weight of what is in both. */
export function weightOfBoth(one: BitSet, other: BitSet, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) {
    let word = one[at] & other[at];
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      sum += weights[(at << 5) | bit];
      word &= word - 1;
    }
  }
  return sum;
}

export function without(set: BitSet, taken: BitSet): BitSet {
  const rest = new Uint32Array(set.length);
  for (let at = 0; at < rest.length; at++) rest[at] = set[at] & ~taken[at];
  return rest;
}

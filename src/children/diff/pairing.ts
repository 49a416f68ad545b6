// Pairs the entries of two lists that are one thing: the same first, then the most alike; alike to the same degree, those at the nearest place in order.

/** Indices into the old list and the new one; `left` are those without a counterpart. */
export interface Pairing {
  readonly pairs: readonly (readonly [number, number])[];
  readonly leftOld: readonly number[];
  readonly leftNew: readonly number[];
}

/** More comparisons than this are not made: what is the same is paired, the rest in order. */
const MOST_COMPARISONS = 250_000;

/** Groups both lists by a key and pairs the entries of a group in order. */
export function pairInOrder<T>(
  old: readonly T[],
  now: readonly T[],
  keyOf: (entry: T, side: 0 | 1) => string,
  [fromOld, fromNew]: readonly [readonly number[], readonly number[]] = [[...old.keys()], [...now.keys()]],
): Pairing {
  const groups = new Map<string, number[]>();
  for (const i of fromNew) {
    const key = keyOf(now[i], 1);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  const next = new Map<string, number>();
  const pairs: (readonly [number, number])[] = [];
  const leftOld: number[] = [];
  const taken = new Set<number>();
  for (const i of fromOld) {
    const key = keyOf(old[i], 0);
    const at = next.get(key) ?? 0;
    const other = groups.get(key)?.[at];
    if (other === undefined) {
      leftOld.push(i);
      continue;
    }
    next.set(key, at + 1);
    taken.add(other);
    pairs.push([i, other]);
  }
  return { pairs, leftOld, leftNew: fromNew.filter((i) => !taken.has(i)) };
}

/**
 * Pairs by likeness, the most alike first; null where two are not one thing. The same pairs come whichever list is the old one. `limited` where
 * there are too many to compare each with each: then none is paired.
 */
export function pairByLikeness(
  leftOld: readonly number[],
  leftNew: readonly number[],
  likeness: (old: number, now: number) => number | null,
): Pairing & { readonly limited: boolean } {
  if (leftOld.length * leftNew.length > MOST_COMPARISONS) return { pairs: [], leftOld, leftNew, limited: true };
  const candidates: { old: number; now: number; like: number; apart: number; place: number }[] = [];
  leftOld.forEach((old, i) => {
    leftNew.forEach((now, k) => {
      const like = likeness(old, now);
      if (like !== null) candidates.push({ old, now, like, apart: Math.abs(i - k), place: i + k });
    });
  });
  // Nothing here depends on which list is the old one.
  candidates.sort((a, b) => b.like - a.like || a.apart - b.apart || a.place - b.place);
  const [takenOld, takenNew] = [new Set<number>(), new Set<number>()];
  const pairs: (readonly [number, number])[] = [];
  for (const { old, now } of candidates) {
    if (takenOld.has(old) || takenNew.has(now)) continue;
    takenOld.add(old);
    takenNew.add(now);
    pairs.push([old, now]);
  }
  return {
    pairs,
    leftOld: leftOld.filter((i) => !takenOld.has(i)),
    leftNew: leftNew.filter((i) => !takenNew.has(i)),
    limited: false,
  };
}

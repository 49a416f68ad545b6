// The calls of two builds whose program the file does not name: which came, went or moved, and what hides the name in one build and not in the other.
import type { BlindSpot } from '../document.ts';
import { eitherWhen } from '../when.ts';
import type { BlindSpotDifference, HiddenBy } from './document.ts';
import { comparable, type MatchedSites } from './match-sites.ts';
import { neededArguments, whenText } from './needed-arguments.ts';
import { pairInOrder } from './pairing.ts';
import { placeKey, placeOf, type Side, samePlace } from './sides.ts';

/** All that is hidden at one call. */
interface Call {
  readonly first: BlindSpot;
  readonly spots: BlindSpot[];
}

/** Every call of both; undefined stands for one that is the same. */
export function blindSpotDifferences(
  sides: readonly [Side, Side],
  sites: MatchedSites,
): readonly (BlindSpotDifference | undefined)[] {
  const [old, now] = sides.map(({ document }) => callsOf(document.blindSpots));
  const found = pairInOrder(old, now, ({ first }, side) => {
    const number = sites.pairOf[side].get(placeKey(first));
    if (number !== undefined) return `pair ${number}`;
    return JSON.stringify([sides[side].slotOf(first.build), sides[side].moduleKey(first.module), first.sink]);
  });
  const counterpart = (spot: BlindSpot, side: 0 | 1) => {
    const number = sites.pairOf[side].get(placeKey(spot));
    const pair = number === undefined ? undefined : sites.pairing.pairs[number];
    if (pair === undefined) return {};
    return side === 0 ? { new: placeOf(sites.new[pair[1]].entry) } : { old: placeOf(sites.old[pair[0]].entry) };
  };
  const functions = [sites.old, sites.new].map(
    (list) => new Map(list.map(({ entry }) => [placeKey(entry), entry.function])),
  );
  const placed = (spot: BlindSpot, side: 0 | 1) => placeOf({ ...spot, function: functions[side].get(placeKey(spot)) });
  return [
    ...found.leftNew.map(
      (i): BlindSpotDifference => ({
        change: 'came',
        sink: now[i].first.sink,
        ...counterpart(now[i].first, 1),
        new: placed(now[i].first, 1),
        stayed: [],
        came: now[i].spots.map(hiddenBy),
        went: [],
      }),
    ),
    ...found.leftOld.map(
      (i): BlindSpotDifference => ({
        change: 'went',
        sink: old[i].first.sink,
        old: placed(old[i].first, 0),
        ...counterpart(old[i].first, 0),
        stayed: [],
        came: [],
        went: old[i].spots.map(hiddenBy),
      }),
    ),
    ...found.pairs.map(([i, k]) => {
      const [from, to] = [placed(old[i].first, 0), placed(now[k].first, 1)];
      const { stayed, came, went } = compareHidden(old[i].spots, now[k].spots);
      const same = samePlace(sides, from, to);
      const when = whenDifference(old[i], now[k]);
      if (same && came.length + went.length === 0 && when === undefined) return undefined;
      const change = same ? 'changed' : 'moved';
      const needed = when === undefined ? {} : { when };
      return { change, sink: now[k].first.sink, old: from, new: to, stayed, came, went, ...needed } as const;
    }),
  ];
}

function callsOf(spots: readonly BlindSpot[]): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const spot of spots) {
    const key = placeKey(spot);
    const call = calls.get(key) ?? { first: spot, spots: [] };
    calls.set(key, call);
    call.spots.push(spot);
  }
  return [...calls.values()];
}

/** By which arguments of the parent each comes there, where these are not the same; undefined where they are. */
function whenDifference(old: Call, now: Call): BlindSpotDifference['when'] {
  const [before, after] = [old, now].map(({ spots }) => eitherWhen(spots.map(({ when }) => when)));
  if (whenText(before) === whenText(after)) return undefined;
  const told = (when: typeof before) => (when === undefined ? null : neededArguments(when));
  return { old: told(before), new: told(after) };
}

function compareHidden(old: readonly BlindSpot[], now: readonly BlindSpot[]) {
  const [before, after] = [distinctSpots(old), distinctSpots(now)];
  const exact = pairInOrder(before, after, spotText);
  // What a key with unknown parts in the other build may well be is nothing new.
  const few = (exact.leftOld.length + exact.leftNew.length) * (before.length + after.length) <= MOST_COMPARISONS;
  const known = (spot: BlindSpot, others: readonly BlindSpot[]) => few && others.some((other) => fits(spot, other));
  const came = exact.leftNew.filter((k) => !known(after[k], before));
  const went = exact.leftOld.filter((i) => !known(before[i], after));
  const only = new Set(came);
  return {
    stayed: after.filter((_, k) => !only.has(k)).map(hiddenBy),
    came: came.map((k) => hiddenBy(after[k])),
    went: went.map((i) => hiddenBy(before[i])),
  };
}

function distinctSpots(spots: readonly BlindSpot[]): readonly BlindSpot[] {
  return [...new Map(spots.map((spot) => [spotText(spot), spot])).values()];
}

/** What hides the name, without how it is told. */
function spotText({ reason, registry, file, export: exported }: BlindSpot): string {
  return JSON.stringify([reason, (registry ?? []).map(comparable), (file ?? exported)?.toLowerCase()]);
}

function fits(a: BlindSpot, b: BlindSpot): boolean {
  if (a.reason !== b.reason || a.registry?.length !== 1 || b.registry?.length !== 1) return false;
  const [one, other] = [comparable(a.registry[0]), comparable(b.registry[0])];
  const either = (x: string, y: string) => starsFit(x, y) || starsFit(y, x);
  return either(one.value, other.value) && either(one.key, other.key);
}

const LONGEST = 1000;
const MOST_COMPARISONS = 250_000;

/** Whether a text whose stars stand for any characters can be the other; longer ones are not compared. */
function starsFit(pattern: string, text: string): boolean {
  if (!pattern.includes('*') || pattern.length > LONGEST || text.length > LONGEST) return pattern === text;
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function hiddenBy({ reason, registry, file, export: exported, detail }: BlindSpot): HiddenBy {
  const source = file ?? exported;
  return {
    reason,
    ...(registry === undefined ? {} : { registry: registry.map(({ key, value }) => ({ key, value })) }),
    ...(source === undefined ? {} : { source }),
    detail,
  };
}

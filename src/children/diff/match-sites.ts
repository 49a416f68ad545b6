// Which call site of the new build is which of the old one: by what the call is and does, never by its address.
import type { BlindSpot, SiteEntry } from '../document.ts';
import { type Pairing, pairByLikeness, pairInOrder } from './pairing.ts';
import { compareAddresses, placeKey, type Side } from './sides.ts';
import {
  type AtSite,
  type Features,
  featuresOf,
  type Hidden,
  leastLikeness,
  likeness,
  tellTheSame,
} from './site-identity.ts';

/** A call of one document. */
export interface Site {
  readonly entry: SiteEntry;
  readonly features: Features;
}

export interface MatchedSites {
  readonly old: readonly Site[];
  readonly new: readonly Site[];
  readonly pairing: Pairing;
  /** By {@link placeKey}: the number of the pair that a place is of, in the old document and in the new one. */
  readonly pairOf: readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>];
  /** Where there were too many to compare each with each. */
  readonly limited: boolean;
}

/** Two that call another function of Windows, or stand in different modules, have to tell the same of themselves, and be so alike. */
const LEAST_ELSEWHERE = 0.35;

export function matchSites(sides: readonly [Side, Side]): MatchedSites {
  const [old, now] = sides.map(sitesOf);
  const keyOf = (site: Site, side: 0 | 1, also: (site: Site) => unknown) => {
    const { build, module, sink } = site.entry;
    return JSON.stringify([sides[side].slotOf(build), sides[side].moduleKey(module), sink, also(site)]);
  };
  const inGroup = (site: Site, side: 0 | 1) => keyOf(site, side, () => '');
  // What is the same in all that is known of it, first.
  const exact = pairInOrder(old, now, (site, side) => keyOf(site, side, ({ features }) => [...features.keys()].sort()));
  const pairs = [...exact.pairs];
  let limited = false;
  let [leftOld, leftNew] = [exact.leftOld, exact.leftNew];
  const pairGroups = (group: (site: Site, side: 0 | 1) => string, like: (a: Site, b: Site) => number | null): void => {
    const members = new Map<string, [number[], number[]]>();
    for (const [side, left, sites] of [[0, leftOld, old] as const, [1, leftNew, now] as const])
      for (const i of left) {
        const key = group(sites[i], side);
        const pair = members.get(key) ?? [[], []];
        members.set(key, pair);
        pair[side].push(i);
      }
    const [restOld, restNew]: [number[], number[]] = [[], []];
    for (const [own, other] of members.values()) {
      const found = pairByLikeness(own, other, (i, k) => like(old[i], now[k]));
      limited ||= found.limited;
      pairs.push(...found.pairs);
      restOld.push(...found.leftOld);
      restNew.push(...found.leftNew);
    }
    [leftOld, leftNew] = [restOld.sort((a, b) => a - b), restNew.sort((a, b) => a - b)];
  };
  pairGroups(inGroup, (a, b) => {
    const like = likeness(a.features, b.features);
    return like >= leastLikeness(a.features, b.features) ? like : null;
  });
  // Then what tells the same of itself, though another function of Windows is called or it stands in another module.
  pairGroups(
    (site, side) => sides[side].slotOf(site.entry.build),
    (a, b) => {
      const like = tellTheSame(a.features, b.features) ? likeness(a.features, b.features) : 0;
      return like >= LEAST_ELSEWHERE ? like : null;
    },
  );
  pairs.sort(([a], [b]) => a - b);
  const indexOf = (sites: readonly Site[], which: 0 | 1) =>
    new Map(pairs.map((pair, number) => [placeKey(sites[pair[which]].entry), number]));
  return { old, new: now, pairing: { pairs, leftOld, leftNew }, pairOf: [indexOf(old, 0), indexOf(now, 1)], limited };
}

/** All calls of a document, in the order of build, module and address. */
function sitesOf(side: Side): readonly Site[] {
  const { document } = side;
  const known = knownAt(side);
  const nothing: AtSite = { children: [], hidden: [], documents: [], hints: [] };
  return document.sites
    .map((entry) => ({ entry, features: featuresOf(entry, known.get(placeKey(entry)) ?? nothing) }))
    .sort((a, b) => compareAddresses(a.entry.site, b.entry.site));
}

interface Gathered {
  readonly children: string[];
  readonly hidden: Hidden[];
  readonly documents: string[];
  readonly hints: string[];
}

function knownAt({ document, imageKey }: Side): ReadonlyMap<string, AtSite> {
  const known = new Map<string, Gathered>();
  const at = (place: Parameters<typeof placeKey>[0]): Gathered => {
    const key = placeKey(place);
    const one = known.get(key) ?? { children: [], hidden: [], documents: [], hints: [] };
    known.set(key, one);
    return one;
  };
  for (const child of document.children)
    for (const evidence of child.evidence) {
      const one = at(evidence);
      one.children.push(imageKey(child.image));
      if (evidence.hint !== undefined) one.hints.push(evidence.hint);
    }
  for (const spot of document.blindSpots) at(spot).hidden.push(...hiddenOf(spot));
  for (const target of document.documents) at(target).documents.push(target.target);
  return known;
}

function hiddenOf({ reason, registry, file, export: exported }: BlindSpot): readonly Hidden[] {
  const source = file ?? exported;
  if (registry !== undefined && registry.length > 0)
    return registry.map((place) => {
      const { key, value } = comparable(place);
      // A key of which a part is not known tells nothing.
      return { reason, value, ...(key.includes('*') ? {} : { from: `${key}: ${value}` }) };
    });
  return [source === undefined ? { reason } : { reason, from: source.toLowerCase() }];
}

/** A place in the registry as two builds can be compared by it: letter case, redirection of 32-bit programs and how a part is unknown do not count. */
export function comparable({ key, value }: { readonly key: string; readonly value: string }): {
  readonly key: string;
  readonly value: string;
} {
  const plain = key
    .toLowerCase()
    .replace(/\*+/g, '*')
    .replace(/\\+/g, '\\')
    .replace(/\\wow6432node(?=\\|$)/g, '');
  return { key: plain, value: value.toLowerCase() };
}

// The children of two builds: which came, which went, which are started elsewhere, and what is not the same of them.
import type { Child, Evidence } from '../document.ts';
import type { ChildDifference, ChildState, StartDifference } from './document.ts';
import type { MatchedSites } from './match-sites.ts';
import { neededArguments, whenText } from './needed-arguments.ts';
import { pairByLikeness, pairInOrder } from './pairing.ts';
import { placeKey, placeOf, type Side, samePlace } from './sides.ts';
import { literalPieces, withoutPlace } from './site-identity.ts';

type Sides = readonly [Side, Side];

/** Every child of both, also those that are the same: `change` is then undefined. */
export function childDifferences(sides: Sides, sites: MatchedSites): readonly (ChildDifference | undefined)[] {
  const [old, now] = sides.map(({ document }) => document.children);
  const keyOf = (child: Child, side: 0 | 1) => JSON.stringify([sides[side].imageKey(child.image), child.through]);
  const exact = pairInOrder(old, now, (child, side) =>
    JSON.stringify([keyOf(child, side), pathText(child.path), lineText(child.commandLine)]),
  );
  const pairs = [...exact.pairs];
  // A document of several builds may have a child of one name several times: those whose path is the same belong together, the rest in order.
  const groups = new Map<string, [number[], number[]]>();
  for (const [side, left, list] of [[0, exact.leftOld, old] as const, [1, exact.leftNew, now] as const])
    for (const i of left) {
      const key = keyOf(list[i], side);
      const group = groups.get(key) ?? [[], []];
      groups.set(key, group);
      group[side].push(i);
    }
  const [leftOld, leftNew]: [number[], number[]] = [[], []];
  for (const [own, other] of groups.values()) {
    const found = pairByLikeness(own, other, (i, k) =>
      pathText(old[i].path) === pathText(now[k].path)
        ? 2
        : lineText(old[i].commandLine) === lineText(now[k].commandLine)
          ? 1
          : 0,
    );
    pairs.push(...found.pairs);
    leftOld.push(...found.leftOld);
    leftNew.push(...found.leftNew);
  }
  const places = placesOf(sides);
  return [
    ...leftNew.sort((a, b) => a - b).map((i) => onlyIn(now[i], 'came', sites, places)),
    ...leftOld.sort((a, b) => a - b).map((i) => onlyIn(old[i], 'went', sites, places)),
    ...pairs.sort(([a], [b]) => a - b).map(([i, k]) => inBoth(old[i], now[k], sides, sites, places)),
  ];
}

/** The functions of the calls come from the list of sites, which has them for all. */
type Places = readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>];

function placesOf(sides: Sides): Places {
  const [old, now] = sides.map(
    ({ document }) => new Map(document.sites.map((site) => [placeKey(site), site.function] as const)),
  );
  return [old, now];
}

function onlyIn(child: Child, change: 'came' | 'went', sites: MatchedSites, places: Places): ChildDifference {
  const side = change === 'came' ? 1 : 0;
  return {
    change,
    image: child.image,
    ...(child.through === undefined ? {} : { through: child.through }),
    differs: [],
    [change === 'came' ? 'new' : 'old']: stateOf(child),
    starts: distinctPlaces(child.evidence).map((evidence) => onlyStart(evidence, change, sites, places, side)),
  };
}

function onlyStart(
  evidence: Evidence,
  change: 'came' | 'went',
  sites: MatchedSites,
  places: Places,
  side: 0 | 1,
): StartDifference {
  const number = sites.pairOf[side].get(placeKey(evidence));
  const other = number === undefined ? undefined : sites.pairing.pairs[number][side === 0 ? 1 : 0];
  const counterpart = other === undefined ? undefined : (side === 0 ? sites.new : sites.old)[other].entry;
  const own = startPlace(evidence, places[side]);
  // The call is in both builds; what it starts is not.
  const beside = counterpart === undefined ? {} : { [side === 0 ? 'new' : 'old']: placeOf(counterpart) };
  return { change, sink: evidence.sink, ...beside, [side === 0 ? 'old' : 'new']: own };
}

function startPlace(evidence: Evidence, functions: ReadonlyMap<string, string>) {
  return placeOf({ ...evidence, function: functions.get(placeKey(evidence)) ?? evidence.function });
}

function inBoth(
  old: Child,
  now: Child,
  sides: Sides,
  sites: MatchedSites,
  places: Places,
): ChildDifference | undefined {
  const starts = startsOf(old, now, sides, sites, places);
  const words = changedWords(starts, sites);
  const differs = [
    ...(samePath(old, now, sides) ? [] : ['path']),
    ...(lineText(old.commandLine) === lineText(now.commandLine) && words === undefined ? [] : ['command line']),
    ...(old.confidence === now.confidence ? [] : ['confidence']),
    ...(old.reach === now.reach ? [] : ['reach']),
    ...(whenText(old.when) === whenText(now.when) ? [] : ['parent arguments']),
    ...(starts.some(({ change }) => change === 'came' || change === 'went') ? ['starts'] : []),
  ];
  const moved = starts.some(({ change }) => change === 'moved');
  if (!moved && differs.length === 0) return undefined;
  return {
    change: moved ? 'moved' : 'changed',
    image: now.image,
    ...(now.through === undefined ? {} : { through: now.through }),
    differs,
    old: stateOf(old),
    new: stateOf(now),
    ...(words === undefined ? {} : { words }),
    starts,
  };
}

/** Arguments of a call that make the command line. */
const LINE_ROLES = ['commandLine', 'parameters'];

/** Several command lines are one star in a child; the words of them are in the arguments of its calls. */
function changedWords(starts: readonly StartDifference[], sites: MatchedSites): ChildDifference['words'] {
  const [before, after] = [new Set<string>(), new Set<string>()];
  for (const { change, old, new: now } of starts) {
    if ((change !== 'moved' && change !== 'same') || old === undefined || now === undefined) continue;
    const number = sites.pairOf[0].get(placeKey(old));
    const pair = number === undefined ? undefined : sites.pairing.pairs[number];
    if (pair === undefined) continue;
    const [from, to] = [sites.old[pair[0]], sites.new[pair[1]]];
    if (
      [from, to].some(({ features }) => [...features.keys()].filter((name) => name.startsWith('child=')).length !== 1)
    )
      continue;
    for (const [{ entry }, words] of [[from, before] as const, [to, after] as const])
      for (const role of LINE_ROLES)
        for (const value of Object.hasOwn(entry.arguments, role) ? entry.arguments[role] : [])
          for (const word of literalPieces(withoutPlace(value))) words.add(word);
  }
  const [came, went] = [[...after].filter((word) => !before.has(word)), [...before].filter((word) => !after.has(word))];
  return came.length + went.length === 0 ? undefined : { came: came.sort(), went: went.sort() };
}

/** The calls of both; of one call there is one evidence. */
function startsOf(
  old: Child,
  now: Child,
  sides: Sides,
  sites: MatchedSites,
  places: Places,
): readonly StartDifference[] {
  const [before, after] = [distinctPlaces(old.evidence), distinctPlaces(now.evidence)];
  // What is in no list of sites is paired by what it is, in order.
  const keyOf = (evidence: Evidence, side: 0 | 1) => {
    const number = sites.pairOf[side].get(placeKey(evidence));
    if (number !== undefined) return `pair ${number}`;
    const { build, module, sink } = evidence;
    return JSON.stringify([sides[side].slotOf(build), sides[side].moduleKey(module), sink]);
  };
  const found = pairInOrder(before, after, keyOf);
  const both = found.pairs.map(([i, k]): StartDifference => {
    const [from, to] = [startPlace(before[i], places[0]), startPlace(after[k], places[1])];
    return { change: samePlace(sides, from, to) ? 'same' : 'moved', sink: after[k].sink, old: from, new: to };
  });
  return [
    ...both,
    ...found.leftNew.map((k) => onlyStart(after[k], 'came', sites, places, 1)),
    ...found.leftOld.map((i) => onlyStart(before[i], 'went', sites, places, 0)),
  ];
}

function distinctPlaces(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [placeKey(one), one])).values()];
}

function stateOf({ path, commandLine, confidence, reach, when }: Child): ChildState {
  return {
    path,
    commandLine,
    confidence,
    reach,
    ...(when === undefined ? {} : { when: neededArguments(when) }),
  };
}

/** Of builds for two machines the system folder has two names. */
function samePath(old: Child, now: Child, sides: Sides): boolean {
  const archs = (child: Child, side: Side) =>
    (child.builds ?? [undefined])
      .map((build) => side.archOf(build))
      .sort()
      .join(' ');
  const one = archs(old, sides[0]) === archs(now, sides[1]);
  const fold = (path: string | null) =>
    one ? pathText(path) : pathText(path)?.replace(/\\syswow64(?=\\)/, '\\system32');
  return fold(old.path) === fold(now.path);
}

function pathText(path: string | null): string | null {
  return path === null ? null : path.toLowerCase().replace(/^%systemroot%/, '%windir%');
}

function lineText(line: string | null): string | null {
  return line === null ? null : line.toLowerCase().replace(/%systemroot%/g, '%windir%');
}

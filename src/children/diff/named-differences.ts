// What has a name and stands at a call (documents that are opened, modules that are loaded, classes that are created), and the modules: what came, went or moved.
import type { ModuleDifference, NamedDifference, Place } from './document.ts';
import { pairInOrder } from './pairing.ts';
import { compareAddresses, placeOf, type Side, samePlace } from './sides.ts';

/** An entry of such a list. */
export interface NamedEntry extends Place {
  readonly name: string | null;
  readonly call: string;
}

/** Every entry of both; undefined stands for one that is the same. */
export function namedDifferences(
  sides: readonly [Side, Side],
  lists: readonly [readonly NamedEntry[], readonly NamedEntry[]],
): readonly (NamedDifference | undefined)[] {
  const [old, now] = lists.map((list) => [...list].sort((a, b) => compareAddresses(a.site, b.site)));
  const key = ({ name, build }: NamedEntry, side: 0 | 1) =>
    JSON.stringify([name?.toLowerCase() ?? null, sides[side].slotOf(build)]);
  const near = (entry: NamedEntry, side: 0 | 1) =>
    JSON.stringify([key(entry, side), sides[side].moduleKey(entry.module), entry.call]);
  const same = pairInOrder(old, now, near);
  const rest = pairInOrder(old, now, key, [same.leftOld, same.leftNew]);
  return [
    ...rest.leftNew.map((i) => one(now[i], 'came')),
    ...rest.leftOld.map((i) => one(old[i], 'went')),
    ...[...same.pairs, ...rest.pairs]
      .sort(([a], [b]) => a - b)
      .map(([i, k]): NamedDifference | undefined => {
        const [from, to] = [placeOf(old[i]), placeOf(now[k])];
        if (samePlace(sides, from, to))
          return old[i].call === now[k].call ? undefined : { ...both(now[k]), change: 'changed', old: from, new: to };
        return { ...both(now[k]), change: 'moved', old: from, new: to };
      }),
  ];
}

function both({ name, call }: NamedEntry): Pick<NamedDifference, 'name' | 'call'> {
  return { name, call };
}

function one(entry: NamedEntry, change: 'came' | 'went'): NamedDifference {
  return { change, ...both(entry), [change === 'came' ? 'new' : 'old']: placeOf(entry) };
}

/** Modules that only one build has, or that were found or read in one only. */
export function moduleDifferences(sides: readonly [Side, Side]): readonly ModuleDifference[] {
  const [old, now] = sides.map(({ document }) => document.modules);
  const found = pairInOrder(old, now, ({ build, name }, side) =>
    JSON.stringify([sides[side].slotOf(build), sides[side].moduleKey(name)]),
  );
  const only = (module: (typeof old)[number], change: 'came' | 'went'): ModuleDifference => ({
    change,
    name: module.name,
    ...(module.build === undefined ? {} : { build: module.build }),
    [change === 'came' ? 'new' : 'old']: state(module),
  });
  return [
    ...found.leftNew.map((i) => only(now[i], 'came')),
    ...found.leftOld.map((i) => only(old[i], 'went')),
    ...found.pairs
      .filter(([i, k]) => old[i].role !== now[k].role || old[i].found !== now[k].found)
      .map(([i, k]): ModuleDifference => {
        const { name, build } = now[k];
        return {
          change: 'changed',
          name,
          ...(build === undefined ? {} : { build }),
          old: state(old[i]),
          new: state(now[k]),
        };
      }),
  ];
}

function state({ role, found }: { readonly role: string; readonly found: boolean }) {
  return { role, found };
}

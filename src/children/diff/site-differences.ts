// The call sites of two builds that came, went, moved, or say something else.
import type { SiteEntry } from '../document.ts';
import type { SiteDifference, SiteState } from './document.ts';
import type { MatchedSites } from './match-sites.ts';
import { placeOf, type Side, samePlace } from './sides.ts';
import { withoutPlace } from './site-identity.ts';

/** Every call of both; undefined stands for one that is the same. */
export function siteDifferences(
  sides: readonly [Side, Side],
  { old, new: now, pairing }: MatchedSites,
): readonly (SiteDifference | undefined)[] {
  return [
    ...pairing.leftNew.map(
      (i): SiteDifference => ({ change: 'came', sink: now[i].entry.sink, differs: [], new: stateOf(now[i].entry) }),
    ),
    ...pairing.leftOld.map(
      (i): SiteDifference => ({ change: 'went', sink: old[i].entry.sink, differs: [], old: stateOf(old[i].entry) }),
    ),
    ...pairing.pairs.map(([i, k]) => inBoth(sides, old[i].entry, now[k].entry)),
  ];
}

function inBoth(sides: readonly [Side, Side], old: SiteEntry, now: SiteEntry): SiteDifference | undefined {
  const roles = [...new Set([...Object.keys(old.arguments), ...Object.keys(now.arguments)])];
  const differs = [
    ...(old.sink === now.sink ? [] : ['sink']),
    ...(sides[0].moduleKey(old.module) === sides[1].moduleKey(now.module) ? [] : ['module']),
    ...(old.functionName === now.functionName ? [] : ['function name']),
    ...(old.via === now.via ? [] : ['via']),
    ...roles.filter((role) => valuesText(old, role) !== valuesText(now, role)),
  ];
  const same = samePlace(sides, old, now);
  if (same && differs.length === 0) return undefined;
  return { change: same ? 'changed' : 'moved', sink: now.sink, differs, old: stateOf(old), new: stateOf(now) };
}

function valuesText(site: SiteEntry, role: string): string {
  const values = Object.hasOwn(site.arguments, role) ? site.arguments[role] : [];
  return JSON.stringify([...new Set(values.map(withoutPlace))].sort());
}

function stateOf(site: SiteEntry): SiteState {
  const { sink, functionName, arguments: values } = site;
  return {
    ...placeOf(site),
    sink,
    ...(functionName === undefined ? {} : { functionName }),
    arguments: Object.fromEntries(Object.entries(values).map(([role, texts]) => [role, [...texts]])),
  };
}

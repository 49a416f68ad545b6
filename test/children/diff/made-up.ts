// Made-up documents for the tests of the comparison: any number of them from a seed, and a comparison turned round.

import type { ChildrenDiff } from '../../../src/children/diff/document.ts';
import type { Child, ChildrenDocument, SiteEntry } from '../../../src/children/document.ts';
import { blindSpot, child, documentOf, evidence } from '../../rule/example-documents.ts';

export function site(address: string, more: Partial<SiteEntry> = {}): SiteEntry {
  return {
    module: 'Lantern.exe',
    site: address,
    sink: 'CreateProcessW',
    via: 'import',
    function: '0x140001000',
    callers: [],
    arguments: {},
    ...more,
  };
}

export function made(more: Partial<ChildrenDocument>): ChildrenDocument {
  return { ...documentOf(more), rule: [] };
}

/** Numbers from 0 to below `n`, the same for the same seed (mulberry32). */
export function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

/** A document of up to eight calls, some of which start something, some of which hide it. */
export function randomDocument(next: (n: number) => number): ChildrenDocument {
  const pick = <T>(...of: readonly T[]): T => of[next(of.length)];
  const sites: SiteEntry[] = [];
  const children = new Map<string, Child>();
  const spots: ReturnType<typeof blindSpot>[] = [];
  let at = 0x1000;
  for (let n = next(9); n > 0; n--) {
    at += 1 + next(500);
    const address = `0x${at.toString(16)}`;
    const module = pick('Lantern.exe', 'wick.dll', 'Oil.dll');
    const sink = pick('CreateProcessW', 'CreateProcessW', 'ShellExecuteExW');
    const image = pick('alpha.exe', 'beta.exe', 'gamma.exe', undefined);
    const path = pick(`%windir%\\system32\\${image}`, null);
    const text = image === undefined ? '<nothing is known of it>' : `"${image}" ${pick('/a', '/b', '')}`;
    sites.push(site(address, { module, sink, arguments: { commandLine: [text] } }));
    if (image === undefined || next(5) === 0)
      spots.push(
        blindSpot(pick('registry', 'data'), {
          module,
          sink,
          site: address,
          registry: pick(
            [{ key: pick('HKEY_LOCAL_MACHINE\\A', 'HKEY_LOCAL_MACHINE\\*', '*\\A'), value: pick('x', 'y') }],
            undefined,
          ),
        }),
      );
    if (image === undefined) continue;
    const known = children.get(image) ?? child(image, { path, confidence: pick('proven', 'likely'), evidence: [] });
    children.set(image, { ...known, evidence: [...known.evidence, evidence(address, { module, sink })] });
  }
  const documents = sites.slice(0, next(3)).map(({ module, sink, site: address }) => ({
    target: pick('a.msc', 'ms-lantern:'),
    module,
    sink,
    site: address,
  }));
  return made({ sites, children: [...children.values()], blindSpots: spots, documents });
}

const OTHER: Readonly<Record<string, string>> = { came: 'went', went: 'came' };

/** What a comparison says, as lines that do not depend on its order; of one that is to be `turned`, as the one of new and old would say it. */
export function said(diff: ChildrenDiff, turned = false): readonly string[] {
  const word = (change: string) => (turned ? (OTHER[change] ?? change) : change);
  const places = ({ old, new: now }: { old?: { site: string }; new?: { site: string } }) =>
    turned ? [now?.site, old?.site] : [old?.site, now?.site];
  const hidden = (list: readonly { reason: string; registry?: unknown }[]) =>
    list.map(({ reason, registry }) => JSON.stringify([reason, registry])).sort();
  const rule = diff.rule;
  const [passes, noLonger] = [rule?.passes ?? [], rule?.noLongerPasses ?? []];
  return [
    ...diff.children.map((one) =>
      JSON.stringify([
        'child',
        word(one.change),
        one.image,
        one.differs,
        one.starts.map((start) => JSON.stringify([word(start.change), places(start)])).sort(),
      ]),
    ),
    ...diff.sites.map((one) => JSON.stringify(['site', word(one.change), [...one.differs].sort(), places(one)])),
    ...diff.blindSpots.map((one) =>
      JSON.stringify([
        'blind spot',
        word(one.change),
        places(one),
        hidden(turned ? one.went : one.came),
        hidden(turned ? one.came : one.went),
      ]),
    ),
    ...diff.documents.map((one) => JSON.stringify(['document', word(one.change), one.name, places(one)])),
    ...diff.modules.map((one) => JSON.stringify(['module', word(one.change), one.name])),
    ...(turned ? noLonger : passes).map(({ about }) => `passes ${about}`),
    ...(turned ? passes : noLonger).map(({ about }) => `no longer ${about}`),
  ].sort();
}

// Compares a children document with what a fixture's source expects; every difference is one sentence.
import type { BlindSpot, Child, ChildrenDocument, ClassEntry, Confidence, When } from '../../src/children/document.ts';
import type { Expected, ExpectedBlindSpot, ExpectedChild, ExpectedClass } from './fixtures-expected.ts';

const RANK: Readonly<Record<Confidence, number>> = { proven: 3, likely: 2, possible: 1 };

/** Differences between the document and the answer in the fixture; empty where they agree. */
export function differences(document: ChildrenDocument, expected: Expected, build: string): string[] {
  const limit = expected.limited ? limitDifferences(document, expected, build) : undefined;
  return [
    ...(limit ?? [
      ...childDifferences(document.children, expected, build),
      ...blindSpotDifferences(document.blindSpots, expected.blindSpots),
      ...limitNotes(document).map((text) => `note "${text}" is not expected`),
    ]),
    ...listDifferences(
      'document',
      document.documents.map((d) => d.target),
      expected.documents,
    ),
    ...listDifferences('class', (document.classes ?? []).map(classText), expected.classes.map(classText)),
    ...siteDifferences(document, expected, build),
  ];
}

/** Notes that say that following values ended early. */
function limitNotes(document: ChildrenDocument): readonly string[] {
  return document.notes.map((note) => note.text).filter((text) => /\bstep limit\b/.test(text));
}

/** Beyond the limit: a note must say so, and each listed child is either found or a blind spot says that it may be missing. */
function limitDifferences(document: ChildrenDocument, expected: Expected, build: string): string[] {
  const stopped = document.blindSpots.filter((spot) => spot.reason === 'step-limit');
  const others = document.blindSpots.filter((spot) => spot.reason !== 'step-limit');
  const children = childDifferences(document.children, expected, build);
  return [
    ...(limitNotes(document).length > 0 ? [] : ['no note says that a limit ended the analysis']),
    ...(stopped.length > 0 ? children.filter((difference) => !/is missing$|confidence is/.test(difference)) : children),
    ...blindSpotDifferences(others, expected.blindSpots),
  ];
}

function childDifferences(children: readonly Child[], expected: Expected, build: string): string[] {
  const out: string[] = [];
  const left = [...children];
  for (const want of expected.children) {
    const sameName = left.filter((c) => same(c.image, want.image) && c.through === want.through);
    const index = left.indexOf(sameName.find((c) => mismatch(c, want, build) === null) as Child);
    if (index >= 0) left.splice(index, 1);
    else if (sameName.length === 0) out.push(`child ${show(want)} is missing`);
    else {
      out.push(`child ${show(want)}: ${mismatch(sameName[0]!, want, build)}`);
      left.splice(left.indexOf(sameName[0]!), 1);
    }
  }
  for (const extra of left)
    if (extra.confidence !== 'possible') out.push(`child ${extra.image} (${extra.confidence}) is not expected`);
  for (const name of expected.notChildren)
    if (children.some((c) => same(c.image, name) && c.confidence !== 'possible'))
      out.push(`${name} must not be a child`);
  return [...new Set(out)];
}

function mismatch(child: Child, want: ExpectedChild, build: string): string | null {
  if (RANK[child.confidence] < RANK[want.confidence])
    return `confidence is ${child.confidence}, not ${want.confidence}`;
  const reach = want.reach.endsWith('*') ? child.reach.startsWith(want.reach.slice(0, -1)) : child.reach === want.reach;
  if (!reach) return `reach is ${child.reach}, not ${want.reach}`;
  if (want.path !== undefined && normalPath(child.path, build) !== normalPath(want.path, build))
    return `path is ${child.path}, not ${want.path}`;
  if (want.commandLine !== undefined && !same(child.commandLine ?? '', want.commandLine ?? ''))
    return `command line is ${child.commandLine}, not ${want.commandLine}`;
  return whenMismatch(child.when, want.when);
}

/** One form for a path: lower case, the Windows folder as %windir%, and an x86 program's System32 as SysWOW64. */
function normalPath(path: string | null, build: string): string | null {
  if (path === null) return null;
  const folded = path.toLowerCase().replace(/^(%systemroot%|[a-z?]:\\windows)(?=\\)/, '%windir%');
  return build.endsWith('x86') ? folded.replace('%windir%\\system32\\', '%windir%\\syswow64\\') : folded;
}

function blindSpotDifferences(found: readonly BlindSpot[], wanted: readonly ExpectedBlindSpot[]): string[] {
  const out: string[] = [];
  const left = [...found];
  for (const want of wanted) {
    const index = left.findIndex(
      (spot) =>
        spot.reason === want.reason && registryMatches(spot, want) && whenMismatch(spot.when, want.when) === null,
    );
    if (index >= 0) left.splice(index, 1);
    else out.push(`blind spot ${want.reason} ${want.key ?? ''} ${want.value ?? ''} is missing`.replace(/ +/g, ' '));
  }
  for (const extra of left) out.push(`blind spot ${extra.reason} at ${extra.site} (${extra.detail}) is not expected`);
  return out;
}

/** In any order, letter case aside. */
function whenMismatch(found: When | undefined, want: ExpectedChild['when']): string | null {
  if (want === undefined) return null;
  const normal = (lists: readonly (readonly string[])[]) =>
    JSON.stringify(lists.map((texts) => texts.map((text) => text.toLowerCase()).sort()).sort());
  const own = found?.parentArguments.map(({ anyOf }) => anyOf) ?? [];
  return normal(own) === normal(want ?? []) ? null : `it needs ${normal(own)} of its parent, not ${normal(want ?? [])}`;
}

function registryMatches(spot: BlindSpot, want: ExpectedBlindSpot): boolean {
  if (want.key === undefined && want.value === undefined) return true;
  return (spot.registry ?? []).some(
    (at) =>
      (want.key === undefined || normalKey(at.key) === normalKey(want.key)) &&
      (want.value === undefined || same(at.value, want.value)),
  );
}

function normalKey(key: string): string {
  return key
    .toUpperCase()
    .replace(/^HKEY_LOCAL_MACHINE(?=\\)/, 'HKLM')
    .replace(/^HKEY_CURRENT_USER(?=\\)/, 'HKCU');
}

function listDifferences(kind: string, found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...wanted.filter((w) => !found.some((f) => same(f, w))).map((w) => `${kind} ${w} is missing`),
    ...found.filter((f) => !wanted.some((w) => same(f, w))).map((f) => `${kind} ${f} is not expected`),
  ];
}

function siteDifferences(document: ChildrenDocument, expected: Expected, build: string): string[] {
  const out: string[] = [];
  const count = typeof expected.sites === 'object' ? expected.sites[build] : expected.sites;
  if (count !== undefined && document.sites.length !== count)
    out.push(`${document.sites.length} call sites (${document.sites.map((s) => s.site).join(', ')}), not ${count}`);
  if (expected.via !== undefined)
    for (const site of document.sites)
      if (site.via !== expected.via) out.push(`site ${site.site} is found by ${site.via}, not ${expected.via}`);
  return out;
}

/** One line by which what is known of a class is compared. */
function classText(one: ExpectedClass | ClassEntry): string {
  const { api, classId, progId, moniker, runtimeClass, contexts, elevated } = one;
  return JSON.stringify([api, classId ?? null, progId, moniker, runtimeClass, contexts ?? null, elevated]);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const show = (want: ExpectedChild): string => want.image + (want.through ? ` through ${want.through}` : '');

// One entry a child image: the evidence of all its sites together, with the best confidence and reach among them.
import type { Child, Confidence, Evidence, Reach } from './document.ts';
import type { FoundChild } from './module-children.ts';
import { eitherWhen } from './when.ts';

const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];

/** The order of reaches, best first; named ones by their kind. */
const REACHES: readonly string[] = ['image', 'export', 'vtable', 'callback', 'loaded', 'module-only', 'other-process'];

export function compareReach(a: Reach, b: Reach): number {
  return REACHES.indexOf(a.split(':')[0]) - REACHES.indexOf(b.split(':')[0]);
}

/** Merges by image and by how it is started (`through`), in the order in which they were first found. */
export function mergeChildren(found: readonly FoundChild[]): readonly Child[] {
  const groups = new Map<string, FoundChild[]>();
  for (const child of found) {
    const key = `${child.image.toLowerCase()}|${child.through ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(child);
    else groups.set(key, [child]);
  }
  return [...groups.values()].map(mergeOne);
}

function mergeOne(group: readonly FoundChild[]): Child {
  // Reached evidence decides; where none is reached, all of it does.
  const reached = group.filter((child) => compareReach(child.evidence.reach, 'module-only') < 0);
  const deciding = reached.length > 0 ? reached : group;
  const confidence = CONFIDENCES.find((one) => deciding.some((child) => child.confidence === one)) ?? 'possible';
  const best = deciding.find((child) => child.confidence === confidence) ?? group[0];
  const paths = distinct(deciding.map((child) => child.path));
  const lines = distinct(deciding.map((child) => child.commandLine));
  const when = eitherWhen(deciding.map((child) => child.evidence.when));
  return {
    image: best.image,
    path: paths.length === 1 ? paths[0] : null,
    commandLine: lines.length === 1 ? lines[0] : null,
    confidence,
    reach: deciding.map((child) => child.evidence.reach).sort(compareReach)[0],
    ...(best.through === undefined ? {} : { through: best.through }),
    ...(when === undefined ? {} : { when }),
    evidence: mergeEvidence(group.map((child) => child.evidence)),
  };
}

function distinct(values: readonly (string | null)[]): (string | null)[] {
  const seen = new Map<string, string | null>();
  for (const value of values) seen.set(value === null ? '' : value.toLowerCase(), value);
  return [...seen.values()];
}

/** One evidence a site; the literals of several values of the same argument come together. */
function mergeEvidence(all: readonly Evidence[]): readonly Evidence[] {
  const bySite = new Map<string, Evidence>();
  for (const evidence of all) {
    const key = `${evidence.module}|${evidence.site}`;
    const known = bySite.get(key);
    if (!known) {
      bySite.set(key, evidence);
      continue;
    }
    const literals = [...known.literals];
    for (const literal of evidence.literals)
      if (!literals.some((one) => one.address === literal.address && one.text === literal.text)) literals.push(literal);
    const { when: own, ...rest } = known;
    const when = eitherWhen([own, evidence.when]);
    bySite.set(key, { ...rest, ...(when === undefined ? {} : { when }), literals });
  }
  return [...bySite.values()];
}

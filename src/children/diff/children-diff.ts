// From the documents of two builds to the document of what came, went and moved between them, and how the rule changes.
import type { Note } from '../../errors.ts';
import type { RuleOptions } from '../child-rule.ts';
import type { ChildrenDocument } from '../document.ts';
import { blindSpotDifferences } from './blind-spot-differences.ts';
import { childDifferences } from './child-differences.ts';
import {
  CHILDREN_DIFF_SCHEMA,
  type ChildrenDiff,
  type CountedList,
  type DiffCounts,
  type DiffSide,
} from './document.ts';
import { matchSites } from './match-sites.ts';
import { moduleDifferences, type NamedEntry, namedDifferences } from './named-differences.ts';
import { ruleDifference } from './rule-difference.ts';
import { sidesOf } from './sides.ts';
import { siteDifferences } from './site-differences.ts';

export interface DiffOptions {
  /** Which rules are compared; `languages` may be empty: then what they let pass is listed only. */
  readonly rule: RuleOptions;
}

/**
 * What came, went and moved from `old` to `now`. Pure: two documents of this version in, plain data out. What is one thing is found by what it is:
 * a child by its name, a call site by what it calls and with what; addresses, registers and the order of modules do not count.
 */
export function diffChildren(old: ChildrenDocument, now: ChildrenDocument, options: DiffOptions): ChildrenDiff {
  const { sides, builds } = sidesOf(old, now);
  const sites = matchSites(sides);
  const all = {
    children: childDifferences(sides, sites),
    sites: siteDifferences(sides, sites),
    blindSpots: blindSpotDifferences(sides, sites),
    documents: namedDifferences(sides, [documentsOf(old), documentsOf(now)]),
    ...listed('loads', sides, [loadsOf(old), loadsOf(now)]),
    ...listed('classes', sides, [classesOf(old), classesOf(now)]),
  };
  const verdict = { old: old.verdict.kind, new: now.verdict.kind };
  return {
    schema: CHILDREN_DIFF_SCHEMA,
    old: sideOf(old),
    new: sideOf(now),
    builds,
    modules: moduleDifferences(sides),
    children: told(all.children),
    sites: told(all.sites),
    blindSpots: told(all.blindSpots),
    documents: told(all.documents),
    ...(all.loads === undefined ? {} : { loads: told(all.loads) }),
    ...(all.classes === undefined ? {} : { classes: told(all.classes) }),
    verdict: verdict.old === verdict.new ? verdict : { ...verdict, reason: now.verdict.reason },
    rule: ruleDifference(old, now, options.rule),
    counts: Object.fromEntries(
      Object.entries(all).flatMap(([name, list]) => (list === undefined ? [] : [[name, countsOf(list)]])),
    ) as Record<CountedList, DiffCounts>,
    notes: notesOf(old, now, sites.limited),
  };
}

type Listed = ReturnType<typeof namedDifferences>;

function listed<Name extends 'loads' | 'classes'>(
  name: Name,
  sides: Parameters<typeof namedDifferences>[0],
  [old, now]: readonly [readonly NamedEntry[] | undefined, readonly NamedEntry[] | undefined],
): Partial<Record<Name, Listed>> {
  if (old === undefined && now === undefined) return {};
  return { [name]: namedDifferences(sides, [old ?? [], now ?? []]) } as Partial<Record<Name, Listed>>;
}

function told<Difference>(list: readonly (Difference | undefined)[]): readonly Difference[] {
  return list.filter((one) => one !== undefined);
}

function countsOf(list: readonly ({ readonly change: string } | undefined)[]): DiffCounts {
  const counts = { same: 0, moved: 0, changed: 0, came: 0, went: 0 };
  for (const one of list) counts[(one?.change ?? 'same') as keyof DiffCounts]++;
  return counts;
}

function sideOf({ parent, builds }: ChildrenDocument): DiffSide {
  return { image: parent, ...(builds === undefined ? {} : { builds: builds.map(({ name }) => name) }) };
}

function documentsOf({ documents }: ChildrenDocument): readonly NamedEntry[] {
  return documents.map((entry) => ({ ...entry, name: entry.target, call: entry.sink }));
}

/** Entries of a list that a document may have, as far as they are compared. */
interface ListedEntry extends Omit<NamedEntry, 'name' | 'call'> {
  readonly api?: string;
  readonly name?: string | null;
  readonly classId?: string | null;
  readonly progId?: string;
  readonly moniker?: string;
  readonly runtimeClass?: string;
}

function entriesIn(document: ChildrenDocument, list: 'loads' | 'classes'): readonly ListedEntry[] | undefined {
  return (document as { readonly [Name in typeof list]?: readonly ListedEntry[] })[list];
}

function loadsOf(document: ChildrenDocument): readonly NamedEntry[] | undefined {
  return entriesIn(document, 'loads')?.map((entry) => ({ ...entry, name: entry.name ?? null, call: entry.api ?? '' }));
}

function classesOf(document: ChildrenDocument): readonly NamedEntry[] | undefined {
  return entriesIn(document, 'classes')?.map((entry) => {
    const { classId, progId, moniker, runtimeClass, api } = entry;
    return { ...entry, name: classId ?? progId ?? moniker ?? runtimeClass ?? null, call: api ?? '' };
  });
}

function notesOf(old: ChildrenDocument, now: ChildrenDocument, limited: boolean): readonly Note[] {
  const notes: Note[] = [];
  const [a, b] = [old.parent, now.parent];
  if (a.image.toLowerCase() !== b.image.toLowerCase())
    notes.push({
      about: 'files',
      text: `${a.image} and ${b.image} have different names; they were compared as builds of one program`,
    });
  if (a.kind !== b.kind) notes.push({ about: 'files', text: `one is a ${a.kind}, the other a ${b.kind}` });
  if (a.sha256 !== '' && a.sha256 === b.sha256 && old.builds === undefined && now.builds === undefined)
    notes.push({ about: 'files', text: 'both are the same file' });
  if (limited)
    notes.push({
      about: 'sites',
      text: 'there are too many calls of one kind to compare each with each; those that are not quite the same are told as went and came',
    });
  const missing = (document: ChildrenDocument) =>
    new Set(document.modules.filter((module) => !module.found && module.role !== 'generic').map(({ name }) => name));
  for (const [which, document] of [['old', old] as const, ['new', now] as const]) {
    const names = [...missing(document)];
    if (names.length > 0)
      notes.push({
        about: 'modules',
        text: `of the ${which} build ${names.length} specific module(s) were not found: what they start is not compared (${names.slice(0, 8).join(', ')}${names.length > 8 ? ' ...' : ''})`,
      });
  }
  return notes;
}

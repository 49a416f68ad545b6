// Several files of one program (x64 and x86, other versions): one document with the union of their children, each marked with its builds, and one rule.
import { type Note, UsageError } from '../errors.ts';
import { visibleText } from '../rule/visible-text.ts';
import { emitRules, type RuleOptions } from './child-rule.ts';
import type { Build, Child, ChildrenDocument, Confidence, GenericChild, ParentImage, Verdict } from './document.ts';
import { compareReach } from './merge-children.ts';
import { openVerdict } from './verdict.ts';
import { eitherWhen, whenIn } from './when.ts';

const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];

/** The document of one file. */
interface Part {
  readonly build: string;
  readonly document: ChildrenDocument;
}

/** Joins the documents of several builds of one program, each made without a rule; `rule` says which rules the union gets. */
export function joinBuilds(
  documents: readonly [ChildrenDocument, ...ChildrenDocument[]],
  rule?: RuleOptions,
): ChildrenDocument {
  const [{ schema, parent }, ...others] = documents;
  // Of several files only one could be read.
  if (others.length === 0) return { ...documents[0], rule: rule ? emitRules(documents[0], rule) : [] };
  if (others.some((other) => other.parent.kind !== parent.kind))
    throw new UsageError(
      `one file of ${visibleText(parent.image)} is a program and another a module: they are no builds of one program`,
    );
  const builds = nameBuilds(documents.map((document) => document.parent));
  const parts = documents.map((document, i): Part => ({ build: builds[i].name, document }));
  const marked = <Entry extends object>(list: (document: ChildrenDocument) => readonly Entry[]) =>
    parts.flatMap(({ build, document }) => list(document).map((entry) => ({ build, ...entry })));
  const classes = marked((document) => document.classes ?? []);
  const joined: Omit<ChildrenDocument, 'rule'> = {
    schema,
    parent,
    builds,
    modules: marked(({ modules }) => modules),
    sites: marked(({ sites }) => sites),
    children: joinChildren(parts),
    blindSpots: parts.flatMap(({ build, document }) =>
      document.blindSpots.map((spot) => ({ build, ...spot, ...whenIn(build, spot.when) })),
    ),
    ...(documents.some(({ loads }) => loads !== undefined) ? { loads: marked(({ loads }) => loads ?? []) } : {}),
    verdict: joinVerdicts(parts),
    generic: joinGeneric(documents),
    documents: marked((document) => document.documents),
    ...(classes.length === 0 ? {} : { classes }),
    strings: marked(({ strings }) => strings),
    notes: joinNotes(parts),
  };
  return { ...joined, rule: rule ? emitRules(joined, rule) : [] };
}

/** "x64 10.0.22621.3085"; two of the same are counted. */
function nameBuilds(images: readonly ParentImage[]): readonly Build[] {
  const taken = new Set<string>();
  return images.map((image) => {
    const version = image.version?.trim().split(/\s/)[0].slice(0, 40) ?? '';
    const base = `${image.arch} ${version === '' ? 'without version' : version}`;
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base} (${count})`;
    taken.add(name);
    return { name, image };
  });
}

/** One entry for what builds say alike; where paths or command lines differ, the child stands once for each. */
function joinChildren(parts: readonly Part[]): readonly Child[] {
  const groups = new Map<string, Child>();
  for (const { build, document } of parts)
    for (const child of document.children) {
      const key = JSON.stringify([child.image, child.through, child.path, child.commandLine]).toLowerCase();
      const own: Child = {
        ...child,
        ...whenIn(build, child.when),
        builds: [build],
        evidence: child.evidence.map((evidence) => ({ build, ...evidence, ...whenIn(build, evidence.when) })),
      };
      const known = groups.get(key);
      groups.set(key, known === undefined ? own : joinTwo(known, own));
    }
  return [...groups.values()];
}

function joinTwo({ when: own, ...one }: Child, other: Child): Child {
  const when = eitherWhen([own, other.when]);
  return {
    ...one,
    ...(when === undefined ? {} : { when }),
    confidence: CONFIDENCES.find((sure) => one.confidence === sure || other.confidence === sure) ?? one.confidence,
    reach: compareReach(one.reach, other.reach) <= 0 ? one.reach : other.reach,
    builds: [...new Set([...(one.builds ?? []), ...(other.builds ?? [])])],
    evidence: [...one.evidence, ...other.evidence],
  };
}

/** Open where one build is: the one rule would be wrong for it. */
function joinVerdicts(parts: readonly Part[]): Verdict {
  const [first, ...more] = parts.flatMap(({ build, document }) =>
    document.verdict.sites.map((site) => ({ build, ...site, ...whenIn(build, site.when) })),
  );
  if (first !== undefined) return openVerdict([first, ...more]);
  const reasons = new Set(parts.map(({ document }) => document.verdict.reason));
  const reason =
    reasons.size === 1
      ? [...reasons][0]
      : parts.map(({ build, document }) => `${build}: ${document.verdict.reason}`).join('; ');
  return { kind: 'closed', reason, sites: [] };
}

function joinGeneric(documents: readonly ChildrenDocument[]): readonly GenericChild[] {
  const generic = new Map<string, GenericChild>();
  for (const child of documents.flatMap((document) => document.generic)) {
    const key = child.image.toLowerCase();
    if (!generic.has(key)) generic.set(key, child);
  }
  return [...generic.values()];
}

/** A note that every build has stands once and unmarked. */
function joinNotes(parts: readonly Part[]): readonly Note[] {
  const keyOf = ({ about, text }: Note) => JSON.stringify([about, text]);
  const keys = parts.map(({ document }) => new Set(document.notes.map(keyOf)));
  const notes: Note[] = [];
  const shared = new Set<string>();
  for (const { build, document } of parts)
    for (const note of document.notes) {
      const key = keyOf(note);
      if (!keys.every((have) => have.has(key))) notes.push({ ...note, about: `${build}: ${note.about}` });
      else if (!shared.has(key)) {
        shared.add(key);
        notes.push(note);
      }
    }
  return notes;
}

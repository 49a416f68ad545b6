// A host program with the modules that run in it: one document whose parent is the host, of its own children and of theirs.
import { type Note, UsageError } from '../../errors.ts';
import { readImage } from '../../pe/image.ts';
import { visibleText } from '../../rule/visible-text.ts';
import { emitRules } from '../child-rule.ts';
import {
  type BlindSpot,
  CHILDREN_SCHEMA,
  type Child,
  type ChildrenDocument,
  type ModuleEntry,
  type ParentImage,
  type Reach,
  type Verdict,
} from '../document.ts';
import { type FindOptions, findChildren, type ModuleFile } from '../find-children.ts';
import { CONSOLE_PROGRAM } from '../generic-children.ts';
import { compareReach, mergeChildren } from '../merge-children.ts';
import type { FoundChild } from '../module-children.ts';
import { SCHEMA_OF_API_SETS } from '../modules.ts';
import { findVerdict, isReached, openVerdict } from '../verdict.ts';
import type { PlugIn, PlugInFinder } from './plug-ins.ts';

/** A module that runs in a host. */
export interface HostedFile {
  readonly file: ModuleFile;
  /** The exports that the host is to call; without, those that it looks up. */
  readonly exports?: readonly string[];
  /** Of a service: the export that is its ServiceMain. */
  readonly serviceMain?: string;
}

export interface Host {
  /** Its file name: "svchost.exe". */
  readonly name: string;
  /** The program itself; undefined where only its name is known. */
  readonly file?: ModuleFile;
}

/** Where plug-ins are looked for, and which of them this host is known to load: false for one that another host does. */
export interface PlugInSource {
  readonly finder: PlugInFinder;
  readonly wanted?: (name: string, by: string) => boolean | undefined;
}

export interface HostedOptions extends FindOptions {
  readonly plugIns?: PlugInSource;
}

type Part = ChildrenDocument;

/**
 * Which child processes a host program may start with these modules in it. Throws FormatError where one of them is no PE image, UsageError for
 * a host that is a module, or a hosted file that is a program.
 */
export function findHosted(host: Host, hosted: readonly HostedFile[], options: HostedOptions = {}): ChildrenDocument {
  const { rule, plugIns: _, ...without } = options;
  const own = host.file && findChildren(host.file, { ...without, host: undefined });
  if (own?.parent.kind === 'module')
    throw new UsageError(
      `${visibleText(host.name)} is a module: name the program that hosts others, such as svchost.exe`,
    );
  const parts = hosted.map(({ file, ...entries }): Part => {
    const hostedIn = { host: host.name, ...entries };
    const document = findChildren(file, { ...without, host: host.name, hostedIn });
    if (document.parent.kind === 'program')
      throw new UsageError(
        `${visibleText(file.name)} is a program: --with takes the modules that ${visibleText(host.name)} runs`,
      );
    return asHosted(document, host.name);
  });
  const plugIns = options.plugIns && findPlugIns(host.name, hosted, parts, options.plugIns, without);
  const document = joinHosted(host, own, [...parts, ...(plugIns ?? [])]);
  return { ...document, rule: rule ? emitRules(document, rule) : [] };
}

/**
 * The documents of the modules that the hosted ones take as plug-ins, and of the class servers that those ask for in turn. Who runs them is not told by
 * the binaries: what they start is likely at most.
 */
function findPlugIns(
  host: string,
  hosted: readonly HostedFile[],
  parts: readonly Part[],
  { finder, wanted }: PlugInSource,
  options: FindOptions,
): readonly Part[] {
  const known = new Set(parts.flatMap(({ modules }) => modules.filter(isTaken).map(({ name }) => name.toLowerCase())));
  const found: Part[] = [];
  const add = (plugIn: PlugIn, by: string): void => {
    const name = plugIn.file.name.toLowerCase();
    if (known.has(name) || wanted?.(name, by.toLowerCase()) === false) return;
    known.add(name);
    const hostedIn = { host, exports: plugIn.exports };
    const document = findChildren(plugIn.file, { ...options, loadModule: oneLevel(options), host, hostedIn });
    const fits = parts.some(({ parent }) => parent.arch === document.parent.arch);
    if (document.parent.kind === 'module' && fits)
      found.push(asPlugIn(document, plugIn, by, wanted?.(name, by.toLowerCase()) === true));
  };
  for (const { file } of hosted)
    for (const one of finder.byExports(readImage(file.bytes, file.name))) add(one, file.name);
  for (const part of [...found]) {
    const asks = part.classes?.some(({ module, classId }) => module === part.parent.image && classId === null);
    const file = asks ? finder.named(part.parent.image.toLowerCase()) : undefined;
    if (file) for (const one of finder.byInterfaces(readImage(file.bytes, file.name))) add(one, file.name);
  }
  return found;
}

/** A plug-in is as far from the host as what a hosted module imports: what it imports and loads in turn is named, and read only where it is asked for. */
function oneLevel({ loadModule, include = [] }: FindOptions): FindOptions['loadModule'] {
  const read = new Set([...include.map((name) => name.toLowerCase()), SCHEMA_OF_API_SETS]);
  return (name) => (read.has(name) ? loadModule?.(name) : undefined);
}

function isTaken({ role, found }: ModuleEntry): boolean {
  return found && role !== 'generic';
}

/** Reached as a module that is loaded, and no surer than likely. */
function asPlugIn(document: ChildrenDocument, { why }: PlugIn, by: string, isSure: boolean): Part {
  const { image } = document.parent;
  const loaded = (reach: Reach): Reach => (isReached(reach) ? `loaded:${image}` : reach);
  const further = document.modules
    .filter(({ found, role, name }) => !found && role !== 'generic' && name.toLowerCase() !== by.toLowerCase())
    .map(({ name }) => name);
  return {
    ...document,
    modules: document.modules
      .filter(({ found, role }) => found || role === 'generic')
      .map(
        (entry): ModuleEntry =>
          entry.role === 'image' ? { ...entry, role: 'run-time', reason: why, loadedBy: `${by}, as a plug-in` } : entry,
      ),
    children: document.children.map((child) => ({
      ...child,
      reach: loaded(child.reach),
      confidence: child.confidence === 'proven' ? 'likely' : child.confidence,
      evidence: child.evidence.map((one) => ({ ...one, reach: loaded(one.reach) })),
    })),
    blindSpots: document.blindSpots.map((spot) => ({ ...spot, reach: loaded(spot.reach) })),
    verdict: { kind: 'closed', reason: document.verdict.reason, sites: [] },
    notes: [
      ...document.notes,
      ...(further.length === 0
        ? []
        : [
            {
              about: image,
              text: `of a plug-in, what it imports or loads is not read: ${further.join(', ')}; --module reads one`,
            },
          ]),
      {
        about: image,
        text: `a plug-in of ${by}, as it seems: ${why}; ${isSure ? 'the registry gives it to this host' : 'which host loads it is not known'}`,
      },
    ],
  };
}

/** The host's answer and that of the modules in it together; the same module read for two of them stands once. */
export function joinHosted(host: Host, own: ChildrenDocument | undefined, hosted: readonly Part[]): ChildrenDocument {
  const parts = own ? [own, ...hosted] : hosted;
  const parent: ParentImage = own?.parent ?? {
    image: host.name,
    path: host.name,
    sha256: '',
    arch: hosted[0]?.parent.arch ?? 'unknown',
    version: null,
    kind: 'program',
    console: false,
  };
  const blindSpots = joinSpots(parts);
  return {
    ...furtherLists(parts),
    schema: CHILDREN_SCHEMA,
    parent,
    modules: joinModules([...(own ? [] : [absentHost(host)]), ...parts.flatMap(({ modules }) => modules)]),
    sites: distinctBy(
      parts.flatMap(({ sites }) => sites),
      ({ module, site, sink }) => `${module}|${site}|${sink}`,
    ),
    children: joinChildren(parts),
    blindSpots,
    verdict: joinVerdicts(parent, parts, blindSpots),
    generic: distinctBy(
      parts.flatMap((part) => part.generic.filter(({ why }) => part === own || why !== CONSOLE_PROGRAM)),
      ({ image }) => image.toLowerCase(),
    ),
    documents: distinctBy(
      parts.flatMap(({ documents }) => documents),
      JSON.stringify,
    ),
    strings: distinctBy(
      parts.flatMap(({ strings }) => strings),
      ({ module, address, text }) => `${module}|${address}|${text}`,
    ),
    rule: [],
    notes: distinctBy(
      [...(own ? [] : [absentNote(host, hosted)]), ...parts.flatMap(({ notes }) => notes)],
      JSON.stringify,
    ),
  };
}

/** The module itself is one that is hosted. */
function asHosted(document: ChildrenDocument, host: string): Part {
  const modules = document.modules.map(
    (entry): ModuleEntry =>
      entry.role === 'image' ? { ...entry, role: 'hosted', reason: `runs in ${host}`, loadedBy: '--with' } : entry,
  );
  return { ...document, modules };
}

function absentHost({ name }: Host): ModuleEntry {
  return {
    name,
    path: null,
    sha256: null,
    role: 'image',
    found: false,
    reason: 'the host program',
    sites: 0,
    skipped: 'its file was not given',
  };
}

function absentNote({ name }: Host, hosted: readonly Part[]): Note {
  const what = hosted.map(({ parent }) => parent.image).join(', ');
  return {
    about: name,
    text: `its file was not found: only what ${what} in it may start is told, not what it starts itself`,
  };
}

/** Lists of a document that are joined by more than being put together. */
const JOINED: ReadonlySet<string> = new Set(['modules', 'sites', 'children', 'blindSpots', 'strings', 'rule']);

/** The other lists of a document, also those that only some documents have. */
function furtherLists(parts: readonly Part[]): Partial<ChildrenDocument> {
  const lists: Record<string, readonly unknown[]> = {};
  for (const part of parts)
    for (const [key, value] of Object.entries(part))
      if (Array.isArray(value) && !JOINED.has(key)) lists[key] = [...(lists[key] ?? []), ...value];
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, distinctBy(list, JSON.stringify)]));
}

const ROLES: readonly ModuleEntry['role'][] = ['image', 'hosted', 'specific', 'run-time', 'generic'];

function joinModules(entries: readonly ModuleEntry[]): readonly ModuleEntry[] {
  const byName = new Map<string, ModuleEntry>();
  for (const entry of entries) {
    const key = entry.name.toLowerCase();
    const known = byName.get(key);
    byName.set(key, known === undefined || isBetter(entry, known) ? entry : known);
  }
  return ROLES.flatMap((role) => [...byName.values()].filter((entry) => entry.role === role));
}

function isBetter(one: ModuleEntry, known: ModuleEntry): boolean {
  return ROLES.indexOf(one.role) < ROLES.indexOf(known.role);
}

/** The best way to each place, by what stands there. */
class BestReach {
  readonly #best = new Map<string, Reach>();

  add(key: string, reach: Reach): void {
    const known = this.#best.get(key);
    if (known === undefined || compareReach(reach, known) < 0) this.#best.set(key, reach);
  }

  of(key: string, otherwise: Reach): Reach {
    return this.#best.get(key) ?? otherwise;
  }
}

function joinChildren(parts: readonly Part[]): readonly Child[] {
  const children = parts.flatMap((part) => part.children);
  const best = new BestReach();
  const keyOf = ({ image }: Child, { module, site }: { module: string; site: string }) =>
    `${image.toLowerCase()}|${module}|${site}`;
  for (const child of children) for (const one of child.evidence) best.add(keyOf(child, one), one.reach);
  const found = children.flatMap((child) => {
    const { when: _, reach: __, builds: ___, evidence, ...named } = child;
    return evidence.map((one): FoundChild => {
      const reach = best.of(keyOf(child, one), one.reach);
      return { ...named, evidence: { ...one, reach } };
    });
  });
  return mergeChildren(found);
}

function joinSpots(parts: readonly Part[]): readonly BlindSpot[] {
  const spots = parts.flatMap(({ blindSpots }) => blindSpots);
  const best = new BestReach();
  const keyOf = ({ module, site, reason, registry }: BlindSpot) =>
    `${module}|${site}|${reason}|${JSON.stringify(registry ?? '')}`;
  for (const spot of spots) best.add(keyOf(spot), spot.reach);
  return distinctBy(spots, keyOf).map((spot) => ({ ...spot, reach: best.of(keyOf(spot), spot.reach) }));
}

/** Open where the host or a module in it is: what an export is given comes from outside of what was read. */
function joinVerdicts(parent: ParentImage, parts: readonly Part[], blindSpots: readonly BlindSpot[]): Verdict {
  const [first, ...more] = distinctBy(
    parts.flatMap(({ verdict }) => verdict.sites),
    ({ module, site, reason }) => `${module}|${site}|${reason}`,
  );
  return first === undefined ? findVerdict(parent, blindSpots) : openVerdict([first, ...more]);
}

function distinctBy<One>(list: readonly One[], keyOf: (one: One) => string): readonly One[] {
  const known = new Map<string, One>();
  for (const one of list) {
    const key = keyOf(one);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

// The main road: from an image's bytes to the document that says which children it may start, step by step.
import type { Note } from '../errors.ts';
import { type PeImage, readImage } from '../pe/image.ts';
import { emitRules, type RuleOptions } from './child-rule.ts';
import { answerClasses, type ClassSources } from './classes/answer-classes.ts';
import { considerServers, serverRoots } from './classes/server-modules.ts';
import {
  type BlindSpot,
  CHILDREN_SCHEMA,
  type Child,
  type ChildrenDocument,
  type ClassEntry,
  type LoadEntry,
  type ModuleEntry,
  type NamedString,
  type ParentImage,
  type Reach,
  type SiteEntry,
} from './document.ts';
import { forwardedImports, importedRoots, type Root } from './exported.ts';
import { type FollowedModule, followModule, type MakeFlow } from './followed-module.ts';
import { genericChildren } from './generic-children.ts';
import { type HostedIn, hostedRoots } from './hosts/host-entries.ts';
import { loadEntries } from './loads/load-entries.ts';
import { considerLoaded, furtherLoads, type RunTimeRoots, runTimeRoots } from './loads/run-time-modules.ts';
import { compareReach, mergeChildren } from './merge-children.ts';
import { type FoundChild, findModuleChildren, type ModuleAnswer, type ModuleContext } from './module-children.ts';
import type { LoadSymbols } from './module-symbols.ts';
import { type ConsideredModule, considerModules, type Importers, type ModuleFile } from './modules.ts';
import { sortStrings } from './named-strings.ts';
import { type OpenSources, openDocuments } from './opened/open-documents.ts';
import { type OtherExports, otherExports, unlookedExports } from './other-exports.ts';
import { ModuleReach } from './reach.ts';
import { operandsOf } from './referrers.ts';
import { PlaceAnswers } from './registry-answers/place-answers.ts';
import { isSinkName } from './sinks/index.ts';
import { findNamedStrings } from './strings.ts';
import { findVerdict } from './verdict.ts';

export type { LoadSymbols } from './module-symbols.ts';
export type { ModuleFile } from './modules.ts';

export interface FindOptions extends ClassSources, OpenSources {
  /** Asked once for each module by lower-case file name ("wer.dll"); undefined when not found. Throws InputError when found but unreadable. */
  readonly loadModule?: (name: string) => ModuleFile | undefined;
  /** Asked once for each image that is analysed, for its program database; without, functions have the names of exports only. */
  readonly loadSymbols?: LoadSymbols;
  /** Modules to treat as specific, by name. */
  readonly include?: readonly string[];
  /** Modules to treat as generic, by name. */
  readonly exclude?: readonly string[];
  /** For a DLL: the program whose process it runs in. */
  readonly host?: string;
  /** For a DLL: where that program enters it; without, every export may be called. */
  readonly hostedIn?: HostedIn;
  /** How many images of a folder import each module, when that was counted. */
  readonly importers?: Importers;
  readonly onProgress?: (step: string, done: number, total: number) => void;
  /** Given each module that was analysed, by its name in the document, to be asked for more. */
  readonly onAnalysed?: (name: string, module: FollowedModule) => void;
  /** Makes the flow of each module in place of the usual one: for measuring what a step of it is worth. */
  readonly makeFlow?: MakeFlow;
  /** Languages and limits of the rules; none are written without. */
  readonly rule?: RuleOptions;
}

/** IMAGE_SUBSYSTEM_WINDOWS_CUI */
const SUBSYSTEM_CONSOLE = 3;

/**
 * Which child processes the image may start, with evidence, blind spots and rules. Pure: bytes in, plain data out.
 * Throws FormatError when `file` is no PE image; whatever else cannot be read is a note.
 */
export function findChildren(file: ModuleFile, options: FindOptions = {}): ChildrenDocument {
  const image = readImage(file.bytes, file.name);
  const parent = describeParent(file, image);
  const own = { name: options.host ?? file.name };
  /** A library by itself is one level down already: what it loads is named, and read where it is known whose process it runs in. */
  const isAlone = image.isDll && options.host === undefined;
  const considered = considerModules(image, { ...options, isSinkName });
  const analysed = considered.modules.filter((module) => module.image !== undefined);
  let total = analysed.length + 1;
  options.onProgress?.(file.name, 0, total);

  const notes: Note[] = [...unreadableCode(image)];
  const hosted = options.hostedIn && image.isDll ? hostedRoots(image, options.hostedIn) : undefined;
  notes.push(
    ...(hosted?.absent ?? []).map((name) => ({
      about: file.name,
      text: `it exports no ${name}${hosted?.isChosen ? '' : '; all its exports are taken'}`,
    })),
  );
  const answers: {
    answer: ModuleAnswer;
    possible: readonly FoundChild[];
    strings: readonly NamedString[];
    name: string;
  }[] = [];
  const forwarded = forwardedImports(considered.modules);
  const places = options.registry && new PlaceAnswers(options.registry, image.arch === 'x86');
  /** By module: the file that its functions' names come from. */
  const symbolFiles = new Map<string, string>();
  const loads: LoadEntry[] = [];
  const analyse = (
    name: string,
    one: PeImage,
    roots: readonly Root[],
    others?: () => OtherExports | undefined,
    loaded?: Omit<RunTimeRoots, 'roots'>,
  ): void => {
    const module = followModule(one, options, notes);
    const { flow, names, hints, symbols } = module;
    if (symbols !== undefined) symbolFiles.set(name, symbols);
    const reach = new ModuleReach(flow, roots, others, one === image && hosted !== undefined);
    // What nothing is seen to lead to in the program itself still stands in it.
    const told = (found: Reach): Reach => {
      if (loaded && compareReach(found, 'module-only') < 0) return loaded.reach;
      return found === 'module-only' && one === image && !image.isDll ? 'image' : found;
    };
    const context: ModuleContext = {
      name,
      own,
      reachOf: (start) => told(reach.of(start)),
      knownReachOf: (start) => {
        if (one === image && !image.isDll) return 'image';
        const known = reach.direct(start);
        return known && told(known);
      },
      foreignExports: (start) => reach.foreignExports(start),
      nameOf: (start) => names.of(start)?.name,
      hintOf: (start) => hints.ofTexts(start)[0],
      forwarded,
      places,
    };
    const found = findModuleChildren(flow, context);
    const answer = loaded?.assumed ? { ...found, children: found.children.map(asLikely) } : found;
    options.onAnalysed?.(name, module);
    const strings = findNamedStrings(one, operandsOf(flow));
    answers.push({ answer, name, ...sortStrings(flow, context, answer, strings) });
    const leftOut = [...answer.leftOut];
    // A library alone that starts nothing and names no program is read no further, as a module that is screened.
    if (one !== image || !isAlone || answer.sites.length > 0 || strings.length > 0) {
      const loading = loadEntries(flow, context, {
        thorough: one === image && !isAlone,
        apiSets: considered.apiSets,
        reachOf: (start) => {
          // Of a hosted module what only other processes run loads nothing here, so it is asked.
          const found = hosted && one === image ? reach.of(start) : reach.known(start);
          const known = found ?? (one === image && !image.isDll ? 'image' : undefined);
          return known && told(known);
        },
      });
      loads.push(...loading.loads);
      leftOut.push(...loading.leftOut);
    }
    for (const text of leftOut) notes.push({ about: name, text });
    if (answer.limited > 0)
      notes.push({
        about: name,
        text: `following the arguments of ${answer.limited} call sites ended at the step limit`,
      });
  };
  const unlooked = hosted?.isChosen ? (): OtherExports => unlookedExports(image, considered) : undefined;
  analyse(file.name, image, hosted?.roots ?? (image.isDll ? allExports(image) : programRoots(image)), unlooked);
  const runTime = isAlone
    ? []
    : considerLoaded(
        image,
        loads.filter((load) => load.reach !== 'other-process'),
        considered,
        options,
        notes,
      );
  analysed.push(...runTime.filter((module) => module.image !== undefined));
  total = analysed.length + 1;
  analysed.forEach((module, i) => {
    options.onProgress?.(module.name, i + 1, total);
    const others = (): OtherExports | undefined => otherExports(image, module, considered);
    const name = module.file?.name ?? module.name;
    const loaded = module.kind === 'run-time' ? runTimeRoots(image, module) : undefined;
    const roots = loaded?.roots ?? importedRoots(image, module);
    if (module.image) analyse(name, module.image, roots, loaded ? undefined : others, loaded);
  });
  const taking = [...considered.modules, ...runTime];
  const askedFor = (): readonly ClassEntry[] =>
    answerClasses(
      answers.flatMap(({ answer }) => answer.classes),
      options,
      own.name,
      image.arch === 'x86',
    );
  const servers = considerServers(askedFor(), { ...considered, modules: taking }, image, options, notes);
  for (const module of servers) {
    if (!module.image) continue;
    analysed.push(module);
    analyse(module.file?.name ?? module.name, module.image, serverRoots(module), undefined, {
      reach: `loaded:${module.name}`,
      assumed: false,
    });
  }
  const modules = [...taking, ...servers];
  const further = [...considered.further(modules), ...furtherLoads(image, loads, modules, options)];
  options.onProgress?.(file.name, total, total);
  const images = [image, ...analysed.flatMap((module) => (module.image ? [module.image] : []))];
  for (const one of images) {
    notes.push(...one.notes.map((note) => ({ about: `${one.name}: ${note.about}`, text: note.text })));
  }

  const sites = answers.flatMap(({ answer }) => answer.sites);
  const children: readonly Child[] = mergeChildren(
    answers.flatMap(({ answer, possible }) => [...answer.children, ...possible]),
  );
  const blindSpots: readonly BlindSpot[] = answers.flatMap(({ answer }) => answer.blindSpots);
  const classes = askedFor();
  const documents = openDocuments(
    answers.flatMap(({ answer }) => answer.documents),
    sites,
    options,
    notes,
  );
  const document: Omit<ChildrenDocument, 'rule'> = {
    schema: CHILDREN_SCHEMA,
    parent,
    modules: [imageEntry(file, image, sites), ...modules.map((module) => moduleEntry(module, sites))].map((entry) =>
      withSymbols(entry, symbolFiles.get(entry.name)),
    ),
    sites,
    children,
    blindSpots,
    ...(loads.length === 0 ? {} : { loads }),
    verdict: findVerdict(parent, blindSpots),
    generic: genericChildren(parent, images, options.host),
    documents,
    ...(classes.length === 0 ? {} : { classes }),
    strings: childless(
      answers.flatMap(({ strings }) => strings),
      children,
    ),
    notes: [...considered.notes, ...further, ...notes, ...(places?.notes ?? [])],
  };
  return { ...document, rule: options.rule ? emitRules(document, options.rule) : [] };
}

function describeParent(file: ModuleFile, image: PeImage): ParentImage {
  return {
    image: file.name,
    path: file.path ?? file.name,
    sha256: file.sha256 ?? '',
    arch: image.clr !== undefined && isManagedOnly(image) ? 'il' : image.arch,
    version: image.versionInfo?.fileVersion ?? null,
    kind: image.isDll ? 'module' : 'program',
    console: image.subsystem === SUBSYSTEM_CONSOLE,
  };
}

/** COMIMAGE_FLAGS_ILONLY: the program's own code is IL, which is not read. */
function isManagedOnly(image: PeImage): boolean {
  return ((image.clr?.flags ?? 0) & 1) === 1;
}

/** What is said of an image whose code this version does not follow. */
function unreadableCode(image: PeImage): readonly Note[] {
  if (image.clr !== undefined && isManagedOnly(image))
    return [{ about: image.name, text: 'its code is IL (.NET), which is not followed; only its strings are told' }];
  if (image.arch === 'x64' || image.arch === 'x86') return [];
  return [{ about: image.name, text: `its code is ${image.arch}, which is not followed; call sites are not complete` }];
}

function allExports(image: PeImage): readonly Root[] {
  return (image.exports?.symbols ?? [])
    .filter((symbol) => symbol.forwarder === undefined)
    .map((symbol) => ({ reach: `export:${symbol.name ?? `#${symbol.ordinal}`}`, rva: symbol.rva }));
}

/** Where a program begins. */
function programRoots(image: PeImage): readonly Root[] {
  return [image.entryPoint, ...image.tlsCallbacks].filter((rva) => rva > 0).map((rva) => ({ reach: 'image', rva }));
}

function imageEntry(file: ModuleFile, image: PeImage, sites: readonly SiteEntry[]): ModuleEntry {
  return {
    name: file.name,
    path: file.path ?? null,
    sha256: file.sha256 ?? null,
    role: 'image',
    found: true,
    reason: image.isDll ? 'the module itself' : 'the program itself',
    sites: countSites(sites, file.name),
  };
}

function moduleEntry(module: ConsideredModule, sites: readonly SiteEntry[]): ModuleEntry {
  const name = module.file?.name ?? module.name;
  return {
    name,
    path: module.file?.path ?? null,
    sha256: module.file?.sha256 ?? null,
    role: module.role,
    found: module.found,
    reason: module.reason,
    loadedBy: module.loadedBy,
    sites: module.image ? countSites(sites, name) : 0,
    ...(module.skipped === undefined ? {} : { skipped: module.skipped }),
  };
}

function withSymbols(entry: ModuleEntry, symbols: string | undefined): ModuleEntry {
  return symbols === undefined ? entry : { ...entry, symbols };
}

function countSites(sites: readonly SiteEntry[], module: string): number {
  return sites.filter((site) => site.module === module).length;
}

/** A child by a way of which a step is assumed. */
function asLikely(child: FoundChild): FoundChild {
  return child.confidence === 'proven' ? { ...child, confidence: 'likely' } : child;
}

/** Strings whose every name is a child already say nothing more. */
function childless(strings: readonly NamedString[], children: readonly Child[]): readonly NamedString[] {
  const images = new Set(children.map((child) => child.image.toLowerCase()));
  return strings.map((string) => {
    const named = [...images].find((image) => string.text.toLowerCase().includes(image));
    return named === undefined ? string : { ...string, why: `another use of a child's name (${named}); ${string.why}` };
  });
}

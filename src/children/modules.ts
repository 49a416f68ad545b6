// Which modules take part in a program's work: its imports sorted into specific and generic, each with its reason, and the specific ones read.
import kept from '../../data/importers.json' with { type: 'json' };
import { type Note, WinnowError } from '../errors.ts';
import { type ApiSetMap, apiSetHost, builtInApiSets, isApiSet, readApiSet } from '../pe/api-set.ts';
import { type PeImage, readImage } from '../pe/image.ts';
import { genericFamilyOf, NO_HOST } from './generic-modules.ts';
import { hasNamedString } from './strings.ts';

/** A file that a face has read: plain bytes, so that the analysis needs no disk. */
export interface ModuleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly path?: string;
  /** Lower-case hex. */
  readonly sha256?: string;
}

/** How many images of a collection import each module, by lower-case file name. */
export interface Importers {
  readonly total: number;
  readonly count: ReadonlyMap<string, number>;
}

export interface SortOptions {
  readonly apiSets?: ApiSetMap;
  /** Names that are specific whatever else is known of them. */
  readonly include?: readonly string[];
  /** Names that are generic whatever else is known of them. */
  readonly exclude?: readonly string[];
  /** Counts of a folder that the reasons give in place of the kept ones. They do not decide: what a vendor's whole folder imports is that vendor's. */
  readonly importers?: Importers;
}

export interface SortedModule {
  /** Lower-case file name of the module, or of the API set where no module implements it. */
  readonly name: string;
  /** asked: not imported by the image, but named by the caller. run-time: loaded by a call of the image's code. */
  readonly kind: 'import' | 'delay' | 'asked' | 'run-time';
  /** The API sets through which the image imports it, as written. */
  readonly contracts: readonly string[];
  readonly role: 'specific' | 'generic' | 'run-time';
  readonly reason: string;
}

/** A module with what came of looking for it. Generic modules are not looked for. */
export interface ConsideredModule extends SortedModule {
  /** The module that imports it, "--module", or which call loads it. */
  readonly loadedBy: string;
  readonly found: boolean;
  readonly file?: ModuleFile;
  /** Present where it is to be analysed. */
  readonly image?: PeImage;
  /** Why it is not analysed although it was found. */
  readonly skipped?: string;
  /** Of a module that is loaded at run time: whether its name stands near the call, but was not followed to it. */
  readonly assumed?: true;
  /** Present where it was read and is not analysed because it starts nothing: it may still call the others. */
  readonly screened?: PeImage;
}

export interface ConsiderOptions extends SortOptions {
  /** Asked once for each module by lower-case file name; undefined when it is not found. May throw InputError when it is found but unreadable. */
  readonly loadModule?: (name: string) => ModuleFile | undefined;
  /** Whether a function of this name creates processes. */
  readonly isSinkName: (name: string) => boolean;
}

export interface ConsideredModules {
  /** Specific ones first, each group in the order of the import tables. */
  readonly modules: readonly ConsideredModule[];
  readonly apiSets: ApiSetMap;
  readonly notes: readonly Note[];
  /** Looks for one more module; what cannot be read of it is added to the notes. */
  readonly consider: (module: SortedModule) => ConsideredModule;
  /** Notes that name the specific modules which those that take part import in turn; `taken` are all that take part. */
  readonly further: (taken: readonly ConsideredModule[]) => readonly Note[];
}

/**
 * A module that this share of all Windows images import serves any program. Counted over 3,915 images, those from 2 % upwards are
 * base, run-time, window, COM, security, network and device libraries without exception; the modules through which programs are known
 * to start others are imported by 1.6 % (wer.dll) and fewer. What is as general and rarer stands in generic-modules.ts.
 */
const GENERIC_SHARE = 0.02;

const KEPT: Importers & { readonly least: number } = {
  total: kept.total,
  least: kept.least,
  count: new Map(Object.entries(kept.count)),
};

/** The modules an image imports, also delayed and through API sets, each once and with its role. Nothing but the image is read. */
export function sortModules(image: PeImage, options: SortOptions = {}): readonly SortedModule[] {
  const apiSets = options.apiSets ?? builtInApiSets();
  const include = new Set((options.include ?? []).map(fileName));
  const exclude = new Set((options.exclude ?? []).map(fileName));
  const byName = new Map<string, { kind: SortedModule['kind']; contracts: string[]; hosted: boolean }>();
  for (const { name: written, kind } of image.importedModules) {
    const contract = isApiSet(written);
    const host = contract ? apiSetHost(apiSets, written, image.name) : fileName(written);
    const name = host ?? fileName(written);
    const known = byName.get(name) ?? { kind, contracts: [], hosted: host !== undefined };
    if (kind === 'import') known.kind = kind;
    if (contract && !known.contracts.includes(written)) known.contracts.push(written);
    byName.set(name, known);
  }
  for (const name of include) if (!byName.has(name)) byName.set(name, { kind: 'asked', contracts: [], hosted: true });
  return [...byName].map(([name, { kind, contracts, hosted }]) => {
    if (include.has(name)) {
      const asked = kind === 'asked' ? 'asked for (--module); the image does not import it' : 'asked for (--module)';
      return { name, kind, contracts, role: 'specific', reason: `${asked}; ${importersOf(name, options.importers)}` };
    }
    if (exclude.has(name)) return { name, kind, contracts, role: 'generic', reason: 'left out (--no-module)' };
    return {
      name,
      kind,
      contracts,
      ...(hosted ? judge(name, options.importers) : { role: 'generic', reason: NO_HOST }),
    };
  });
}

/** The host files of everything an image imports, in lower case: what an importer count is made of. */
export function importedHosts(image: PeImage, apiSets: ApiSetMap = builtInApiSets()): ReadonlySet<string> {
  const hosts = image.importedModules.map(({ name }) =>
    isApiSet(name) ? (apiSetHost(apiSets, name, image.name) ?? fileName(name)) : fileName(name),
  );
  return new Set(hosts);
}

/** The same of a file: what a face counts over a folder. Throws FormatError when it is no PE image. */
export function hostsImportedBy(file: ModuleFile, apiSets?: ApiSetMap): ReadonlySet<string> {
  return importedHosts(readImage(file.bytes, file.name), apiSets);
}

/**
 * Sorts the image's imports and reads the specific ones: one level. What those import in turn is sorted too, and further specific
 * modules are named in a note, not read: a module two steps away serves the module between, and each level multiplies both the files
 * read and the children that the image itself never asks for. `include` takes in any of them.
 */
export function considerModules(image: PeImage, options: ConsiderOptions): ConsideredModules {
  const notes: Note[] = [];
  const load = loader(options.loadModule, notes);
  const apiSets = options.apiSets ?? apiSetsFor(image, load, notes);
  const sorting = { ...options, apiSets };
  const sorted = sortModules(image, sorting);
  const modules: ConsideredModule[] = [];
  const considerOne = (module: SortedModule): ConsideredModule => consider(image, module, load, options.isSinkName);
  for (const module of sorted) if (module.role === 'specific') modules.push(considerOne(module));
  for (const module of sorted.filter(({ role }) => role === 'generic')) {
    modules.push({ ...module, loadedBy: image.name, found: false });
  }
  const imported = new Set(sorted.map(({ name }) => name));
  for (const name of options.exclude ?? []) {
    if (!imported.has(fileName(name))) {
      notes.push({ about: name, text: `${image.name} does not import ${name}; there was nothing to leave out` });
    }
  }
  const further = (taken: readonly ConsideredModule[]): readonly Note[] => furtherModules(image, taken, sorting);
  return { modules, apiSets, notes, consider: considerOne, further };
}

/**
 * Why a module needs no analysis, or undefined where it does: it neither imports a function that creates processes, nor can look one up
 * by name, nor names a program.
 */
export function screenModule(image: PeImage, isSinkName: (name: string) => boolean): string | undefined {
  let looksUp = false;
  for (const symbols of [image.imports, image.delayImports]) {
    for (const { name } of symbols) {
      if (name === undefined) continue;
      if (isSinkName(name)) return undefined;
      looksUp ||= name === 'GetProcAddress' || name === 'GetProcAddressForCaller' || name === 'LdrGetProcedureAddress';
    }
  }
  if (looksUp && holdsSinkName(image, isSinkName)) return undefined;
  if (hasNamedString(image)) return undefined;
  return NOTHING_TO_READ;
}

/** Why a module that was read needs no analysis. */
export const NOTHING_TO_READ = 'no process-creation API and no program name';

/** Whether a module is specific or generic by itself, and why; `name` in lower case, `importers` as in {@link SortOptions}. */
export function judge(name: string, importers: Importers | undefined): Pick<SortedModule, 'role' | 'reason'> {
  const family = genericFamilyOf(name);
  const many = (KEPT.count.get(name) ?? 0) >= KEPT.total * GENERIC_SHARE;
  const count = importersOf(name, importers);
  if (family !== undefined) return { role: 'generic', reason: `serves any program (${family}); ${count}` };
  return many ? { role: 'generic', reason: `serves any program: ${count}` } : { role: 'specific', reason: count };
}

/** "imported by 62 of 3,915 Windows images (1.6 %)" */
export function importersOf(name: string, importers: Importers | undefined): string {
  const { total, count } = importers ?? KEPT;
  const whole = `${grouped(total)} ${importers === undefined ? 'Windows images' : 'images of the folder'}`;
  const n = count.get(name) ?? 0;
  if (n === 0 && importers === undefined) return `imported by fewer than ${KEPT.least} of ${whole}`;
  return `imported by ${grouped(n)} of ${whole} (${percent(n, total)} %)`;
}

/** "3,915": the locale's own formatting loads its data first, which costs more than all the rest here. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function percent(part: number, whole: number): string {
  const value = whole > 0 ? (100 * part) / whole : 0;
  return value >= 10 ? value.toFixed(0) : value >= 1 || value === 0 ? value.toFixed(1) : value.toFixed(2);
}

/** The file name in lower case, as the loader looks for it: without a folder, with ".dll" where it has no extension. */
export function fileName(written: string): string {
  const name = written
    .slice(Math.max(written.lastIndexOf('\\'), written.lastIndexOf('/'), written.lastIndexOf(':')) + 1)
    .toLowerCase();
  return name.includes('.') ? name : `${name}.dll`;
}

type Load = (name: string) => { readonly file?: ModuleFile; readonly image?: PeImage; readonly failed?: string };

/** Loads and reads the headers of a module, once; what cannot be read is a note and an answer, not an exception. */
function loader(loadModule: ConsiderOptions['loadModule'], notes: Note[]): Load {
  const known = new Map<string, ReturnType<Load>>();
  return (name) => {
    let result = known.get(name);
    if (result !== undefined) return result;
    let file: ModuleFile | undefined;
    try {
      file = loadModule?.(name);
      result = file === undefined ? {} : { file, image: readImage(file.bytes, file.name) };
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      notes.push({ about: name, text: error.message });
      result = { file, failed: error.message };
    }
    known.set(name, result);
    return result;
  };
}

/** The module that holds the schema of API sets. */
export const SCHEMA_OF_API_SETS = 'apisetschema.dll';

/** The schema of the apisetschema.dll among the modules, if there is one; it is only asked for when the image imports through API sets. */
function apiSetsFor(image: PeImage, load: Load, notes: Note[]): ApiSetMap {
  if (!image.importedModules.some(({ name }) => isApiSet(name))) return builtInApiSets();
  const schema = load(SCHEMA_OF_API_SETS).image;
  if (schema === undefined) return builtInApiSets();
  const map = readApiSet(schema);
  if (Object.keys(map.contracts).length > 0) return map;
  notes.push({ about: schema.name, text: 'it holds no API-set schema that can be read; the built-in table is used' });
  return builtInApiSets();
}

function consider(
  image: PeImage,
  module: SortedModule,
  load: Load,
  isSinkName: (name: string) => boolean,
): ConsideredModule {
  const loadedBy = module.kind === 'asked' ? '--module' : image.name;
  if (module.name === fileName(image.name))
    return { ...module, loadedBy, found: true, skipped: 'it is the image itself' };
  const { file, image: read, failed } = load(module.name);
  if (failed !== undefined) return { ...module, loadedBy, found: true, file, skipped: failed };
  if (file === undefined || read === undefined) return { ...module, loadedBy, found: false };
  if (read.machine !== image.machine) {
    const skipped = `it is an ${read.arch} module, which ${image.name} (${image.arch}) cannot load`;
    return { ...module, loadedBy, found: true, file, skipped };
  }
  const skipped = screenModule(read, isSinkName);
  if (skipped !== undefined) return { ...module, loadedBy, found: true, file, skipped, screened: read };
  return { ...module, loadedBy, found: true, file, image: read };
}

const MOST_NAMED = 12;

/** Notes that name the specific modules which the read ones import in turn. */
function furtherModules(image: PeImage, modules: readonly ConsideredModule[], options: SortOptions): Note[] {
  const known = new Set([fileName(image.name), ...modules.map(({ name }) => name)]);
  const notes: Note[] = [];
  for (const { name, image: read } of modules) {
    if (read === undefined) continue;
    const further = sortModules(read, { ...options, include: [] })
      .filter((m) => m.role === 'specific' && !known.has(m.name))
      .map((m) => m.name);
    if (further.length === 0) continue;
    for (const each of further) known.add(each);
    const rest = further.length - MOST_NAMED;
    const list = further.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
    notes.push({
      about: name,
      text: `it imports further specific modules, which were not read (--module takes one in): ${list}`,
    });
  }
  return notes;
}

const LONGEST_SINK_NAME = 40;
const SHORTEST_SINK_NAME = 6;

/** Whether the name of a sink stands in the image as a whole zero-terminated word, for GetProcAddress. */
function holdsSinkName(image: PeImage, isSinkName: (name: string) => boolean): boolean {
  const { bytes } = image;
  for (const { virtualAddress } of image.sections) {
    const start = image.offsetOf(virtualAddress);
    if (start < 0) continue;
    const end = start + image.bytesAt(virtualAddress);
    let wordStart = start;
    for (let at = start; at < end; at++) {
      if (isWordCharacter(bytes[at])) continue;
      const length = at - wordStart;
      if (bytes[at] === 0 && length >= SHORTEST_SINK_NAME && length <= LONGEST_SINK_NAME) {
        if (isSinkName(String.fromCharCode(...bytes.subarray(wordStart, at)))) return true;
      }
      wordStart = at + 1;
    }
  }
  return false;
}

function isWordCharacter(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f
  );
}

// The modules that the image loads by a call of its own code: sorted and read as imported ones are, each with where the program enters it.
import type { Note } from '../../errors.ts';
import type { PeImage } from '../../pe/image.ts';
import { considerRunTime, MOST_RUN_TIME_MODULES } from '../consider-run-time.ts';
import type { LoadEntry, Reach } from '../document.ts';
import type { Root } from '../exported.ts';
import { type ConsideredModule, type ConsideredModules, fileName, judge, type SortOptions } from '../modules.ts';
import { LOOK_UP_NAMES } from './load-apis.ts';

/** The modules that are loaded for their code and take no part yet, in the order of the calls; a note where there are more than are looked for. */
export function considerLoaded(
  image: PeImage,
  loads: readonly LoadEntry[],
  considered: ConsideredModules,
  options: SortOptions,
  notes: Note[],
): readonly ConsideredModule[] {
  const modules = loads.flatMap(({ name, asData, module, api, site, assumed }) =>
    name === null || asData !== undefined
      ? []
      : [{ name, loadedBy: `${module} by ${api} at ${site}`, ...(assumed ? { assumed } : {}) }],
  );
  const { found, more } = considerRunTime(modules, considered, image, options);
  if (more > 0)
    notes.push({
      about: image.name,
      text: `it loads more than ${MOST_RUN_TIME_MODULES} modules of its own at run time; ${more} of them are not read (--module takes one in)`,
    });
  return found;
}

/** Where a program enters a module that it loads. */
export interface RunTimeRoots {
  readonly roots: readonly Root[];
  readonly reach: Reach;
  /** True where no export is seen to be looked up, so that any of them may be called, or where the module's name is assumed. */
  readonly assumed: boolean;
}

/** The exports that the image may look up, which hold their names as words of its data; its start runs in any case. */
export function runTimeRoots(image: PeImage, module: ConsideredModule): RunTimeRoots {
  const reach: Reach = `loaded:${module.name}`;
  const loaded = module.image;
  const exported = (loaded?.exports?.symbols ?? []).filter(({ forwarder }) => forwarder === undefined);
  const words = looksUp(image) ? wordsOf(image) : new Set<string>();
  const named = exported.filter(({ name }) => name !== undefined && words.has(name));
  const entered = named.length > 0 ? named : exported;
  const start = loaded && loaded.entryPoint > 0 ? [{ reach, rva: loaded.entryPoint }] : [];
  return {
    reach,
    roots: [...entered.map(({ rva }) => ({ reach, rva })), ...start],
    assumed: named.length === 0 || module.assumed === true,
  };
}

function looksUp(image: PeImage): boolean {
  return [image.imports, image.delayImports].some((symbols) =>
    symbols.some(({ name }) => name !== undefined && LOOK_UP_NAMES.has(name)),
  );
}

const SHORTEST = 3;
const LONGEST = 128;
const MOST_WORDS = 200_000;

const words = new WeakMap<PeImage, ReadonlySet<string>>();

/** The zero-terminated words of an image's data, as C names are written. */
function wordsOf(image: PeImage): ReadonlySet<string> {
  const known = words.get(image);
  if (known) return known;
  const found = new Set<string>();
  const { bytes } = image;
  for (const { virtualAddress } of image.sections) {
    const start = image.offsetOf(virtualAddress);
    if (start < 0) continue;
    const end = start + image.bytesAt(virtualAddress);
    let from = start;
    for (let at = start; at < end; at++) {
      if (IS_WORD[bytes[at]] === 1) continue;
      const length = at - from;
      if (bytes[at] === 0 && length >= SHORTEST && length <= LONGEST && found.size < MOST_WORDS)
        found.add(String.fromCharCode(...bytes.subarray(from, at)));
      from = at + 1;
    }
  }
  words.set(image, found);
  return found;
}

/** Letters, digits, the underscore, and what decorated names have besides. */
const IS_WORD = Uint8Array.from({ length: 256 }, (_, byte) => (/[\w?@$]/.test(String.fromCharCode(byte)) ? 1 : 0));

const MOST_NAMED = 12;

/** Notes that name what modules load in turn, which is not read; `modules` are all that take part. */
export function furtherLoads(
  image: PeImage,
  loads: readonly LoadEntry[],
  modules: readonly ConsideredModule[],
  { importers }: SortOptions,
): readonly Note[] {
  const known = new Set([fileName(image.name), ...modules.map(({ name }) => name)]);
  const byModule = new Map<string, string[]>();
  for (const { module, name: written, asData } of loads) {
    if (written === null || asData !== undefined) continue;
    const name = fileName(written);
    if (known.has(name) || judge(name, importers).role === 'generic') continue;
    known.add(name);
    byModule.set(module, [...(byModule.get(module) ?? []), name]);
  }
  return [...byModule].map(([about, names]) => {
    const rest = names.length - MOST_NAMED;
    const list = names.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
    const how =
      about === image.name && image.isDll ? '--host reads them, --module takes one in' : '--module takes one in';
    return { about, text: `it loads further modules at run time, which were not read (${how}): ${list}` };
  });
}

// The exports of a module that nothing in the program's own process is seen to call: what only they lead to runs in other processes.

import { apiSetHost, isApiSet } from '../pe/api-set.ts';
import type { ExportedSymbol } from '../pe/exports.ts';
import { Directory } from '../pe/headers.ts';
import type { PeImage } from '../pe/image.ts';
import { type Exporting, enteredBy, stem } from './exported.ts';
import type { ConsideredModule, ConsideredModules } from './modules.ts';

/** The exports of a module that are none of its roots. */
export interface OtherExports {
  /** RVAs of those that may be called in the program's process all the same: another module imports them, or COM looks them up. */
  readonly entered: readonly number[];
  /** The others by RVA. */
  readonly foreign: ReadonlyMap<number, ExportedSymbol>;
  /** Whether an image of the process holds an export's name as a word, to look it up by. */
  isNamed(symbol: ExportedSymbol): boolean;
}

/** Exports that COM looks up in any process that uses a class of the module (combaseapi.h, activation.h). */
const CALLED_BY_COM: ReadonlySet<string> = new Set(['DllGetClassObject', 'DllGetActivationFactory', 'DllCanUnloadNow']);

/** Names of one module that are looked for: each is a search through the data of every image. */
const NAME_LIMIT = 256;

/** The other exports of `module`; undefined where none are told, since it is not known who loads it. */
export function otherExports(
  image: PeImage,
  module: ConsideredModule,
  considered: ConsideredModules,
): OtherExports | undefined {
  if (!module.image || module.kind === 'asked') return undefined;
  return exportsBeside(module, module.image, [image, ...imagesOf(considered, module)], considered);
}

/** The exports of a hosted module that its host looks up by no name it is known to ask for. */
export function unlookedExports(image: PeImage, considered: ConsideredModules): OtherExports {
  const module = { name: image.name, image, contracts: [] };
  return exportsBeside(module, image, imagesOf(considered), considered);
}

function imagesOf({ modules }: ConsideredModules, without?: ConsideredModule): readonly PeImage[] {
  return modules.flatMap((one) => (one === without ? [] : (one.image ?? one.screened ?? [])));
}

function exportsBeside(
  module: Exporting,
  image: PeImage,
  images: readonly PeImage[],
  { apiSets }: ConsideredModules,
): OtherExports {
  const exported = (image.exports?.symbols ?? []).filter(({ forwarder }) => forwarder === undefined);
  const own = stem(module.name);
  const isIt = (by: PeImage) => (name: string) =>
    stem((isApiSet(name) && apiSetHost(apiSets, name, by.name)) || name) === own;
  const entered = new Set(images.flatMap((by) => enteredBy(by, module, isIt(by))));
  for (const { name, rva } of exported) if (name !== undefined && CALLED_BY_COM.has(name)) entered.add(rva);
  const names = new Map<number, string[]>();
  for (const { name, rva } of exported) {
    const all = names.get(rva);
    if (all) all.push(name ?? '');
    else names.set(rva, [name ?? '']);
  }
  const known = new Map<string, boolean>();
  const isNamed = (name: string): boolean => {
    let named = known.get(name);
    if (named === undefined) {
      // A name that is not looked for may stand anywhere.
      named = known.size >= NAME_LIMIT || images.some((by) => holdsWord(by, name));
      known.set(name, named);
    }
    return named;
  };
  return {
    entered: [...entered],
    foreign: new Map(exported.filter(({ rva }) => !entered.has(rva)).map((symbol) => [symbol.rva, symbol])),
    isNamed: ({ rva }) => (names.get(rva) ?? []).some(isNamed),
  };
}

/** Whether a name stands in an image's data as a zero-terminated word of its own. */
function holdsWord(image: PeImage, name: string): boolean {
  if (name === '') return false;
  const { bytes } = image;
  const word = Uint8Array.from(`${name}\0`, (character) => character.charCodeAt(0));
  const imports = image.sectionOf(image.directory(Directory.import)?.rva ?? -1);
  for (const section of image.sections) {
    // Where the imports stand in the code section, the program's read-only data does too.
    if (image.isCode(section.virtualAddress) && section !== imports) continue;
    const start = image.offsetOf(section.virtualAddress);
    if (start < 0) continue;
    const end = start + image.bytesAt(section.virtualAddress);
    for (let at = bytes.indexOf(word[0], start); at >= 0 && at < end; at = bytes.indexOf(word[0], at + 1)) {
      let same = 1;
      while (same < word.length && bytes[at + same] === word[same]) same++;
      if (same === word.length && !isWordCharacter(bytes[at - 1] ?? 0)) return true;
    }
  }
  return false;
}

/** A character of a C name. */
function isWordCharacter(byte: number): boolean {
  return /\w/.test(String.fromCharCode(byte));
}

// Plug-ins of a hosted module, told by the binaries alone: modules that export the entry points which the host looks up, and class servers that share its interfaces.
import { guidAt } from '../../bytes/guid.ts';
import { Directory } from '../../pe/headers.ts';
import { type PeImage, readImage } from '../../pe/image.ts';
import { judge, type ModuleFile } from '../modules.ts';

/** The modules among which plug-ins are looked for. */
export interface ModuleFolder {
  /** Lower-case file names. */
  names(): readonly string[];
  /** Undefined, or an error of Winnow's own, for one that cannot be read. */
  load(name: string): ModuleFile | undefined;
}

export interface PlugIn {
  readonly file: ModuleFile;
  /** The exports by which the host enters it. */
  readonly exports: readonly string[];
  /** How it is known, in words. */
  readonly why: string;
}

/** A name that more modules export says nothing of who loads them (DllGetClassObject, ServiceMain). */
const MOST_EXPORTERS = 64;
/** Entry points that a plug-in has of those that the host looks up; of a kind that only one module is of, more. */
const LEAST_WORDS = 2;
/** Among so few modules not all of a kind need be: one alone may stand for it. */
const FEW_MODULES = 500;
const MOST_PLUG_INS = 64;
const MOST_MODULES = 20_000;
const LOADS = /^(LoadLibrary(Ex)?[AW]|LdrLoadDll)$/;
const LOOKS_UP = /^(GetProcAddress(ForCaller)?|LdrGetProcedureAddress(Ex|ForCaller)?)$/;

/** Which modules of a folder export a name; the folder is read when first asked. */
export class PlugInFinder {
  readonly #folder: ModuleFolder;
  #exporters: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(folder: ModuleFolder) {
    this.#folder = folder;
  }

  /** Modules that export two or more of the names that the image looks up and nothing else tells whose they are. */
  byExports(image: PeImage): readonly PlugIn[] {
    const words = lookedUp(image);
    if (words.length === 0) return [];
    const byModule = new Map<string, string[]>();
    for (const word of words) {
      const exporters = this.#exportersOf(word);
      // What serves any program exports it, too: a name of Windows' own interface.
      if (exporters.some((name) => judge(name, undefined).role === 'generic')) continue;
      for (const name of exporters) byModule.set(name, [...(byModule.get(name) ?? []), word]);
    }
    const isWhole = this.#names().length > FEW_MODULES;
    const plugIns: PlugIn[] = [];
    for (const [name, exports] of byModule) {
      const isKind = exports.filter((word) => this.#exportersOf(word).length > 1).length >= LEAST_WORDS;
      if (
        (!isKind && (isWhole || exports.length <= LEAST_WORDS)) ||
        plugIns.length >= MOST_PLUG_INS ||
        name === image.name.toLowerCase()
      )
        continue;
      // What the host names itself, and what serves any program, is no plug-in.
      if (judge(name, undefined).role === 'generic' || namesModule(image, name)) continue;
      const file = this.#load(name);
      if (file !== undefined)
        plugIns.push({ file, exports, why: `it exports what ${image.name} looks up: ${exports.join(', ')}` });
    }
    return plugIns;
  }

  /** The file of a module by its lower-case name. */
  named(name: string): ModuleFile | undefined {
    return this.#load(name);
  }

  /** Modules that export DllGetClassObject and hold two or more GUIDs that the image holds and few other modules do. */
  byInterfaces(image: PeImage): readonly PlugIn[] {
    const guids = guidsOf(image);
    if (guids.length === 0) return [];
    const holders = new Map<string, { readonly file: ModuleFile; readonly shared: number[] }>();
    const counts = new Uint32Array(guids.length);
    for (const name of this.#names()) {
      const file = name === image.name.toLowerCase() ? undefined : this.#load(name);
      if (file === undefined || !this.#exportersOf('DllGetClassObject', true).includes(name)) continue;
      const shared = guidsIn(file.bytes, guids);
      for (const i of shared) counts[i]++;
      if (shared.length >= LEAST_WORDS) holders.set(name, { file, shared });
    }
    const isWhole = this.#names().length > FEW_MODULES;
    const plugIns: PlugIn[] = [];
    for (const { file, shared } of holders.values()) {
      const few = shared.filter((i) => counts[i] <= MOST_SERVERS);
      const ofKind = few.filter((i) => counts[i] >= LEAST_SERVERS);
      const rare = ofKind.length >= LEAST_WORDS || isWhole ? ofKind : few;
      const least = rare === ofKind ? LEAST_WORDS : LEAST_WORDS + 1;
      if (rare.length < least || plugIns.length >= MOST_PLUG_INS) continue;
      plugIns.push({
        file,
        exports: ['DllGetClassObject'],
        why: `it serves classes, and has ${rare.length} interfaces in common with ${image.name} that few modules have`,
      });
    }
    return plugIns;
  }

  #names(): readonly string[] {
    return this.#folder.names().slice(0, MOST_MODULES);
  }

  #load(name: string): ModuleFile | undefined {
    try {
      return this.#folder.load(name);
    } catch {
      // Whoever needs the module is told; as a plug-in it is not known to be one.
      return undefined;
    }
  }

  #exportersOf(word: string, all = false): readonly string[] {
    this.#exporters ??= this.#readExports();
    const found = this.#exporters.get(word) ?? [];
    return all || found.length <= MOST_EXPORTERS ? found : [];
  }

  #readExports(): ReadonlyMap<string, readonly string[]> {
    const exporters = new Map<string, string[]>();
    for (const name of this.#names()) {
      const file = this.#load(name);
      if (file === undefined) continue;
      for (const symbol of exportedNames(file)) {
        const known = exporters.get(symbol);
        if (known) known.push(name);
        else exporters.set(symbol, [name]);
      }
    }
    return exporters;
  }
}

/** An interface of plug-ins is one that several class servers have, of more modules than a few; one that many have is no sign. */
const LEAST_SERVERS = 5;
const MOST_SERVERS = 40;

function exportedNames(file: ModuleFile): readonly string[] {
  try {
    const image = readImage(file.bytes, file.name);
    return (image.exports?.symbols ?? []).flatMap(({ name, forwarder }) =>
      name === undefined || forwarder !== undefined ? [] : [name],
    );
  } catch {
    return [];
  }
}

const LATIN = new TextDecoder('latin1');
const WORD = /[A-Za-z_]\w{5,127}/y;

/** Names that stand as words of their own in the image's data and are neither its imports nor its exports; none where it cannot look any up. */
function lookedUp(image: PeImage): readonly string[] {
  const imported = [...image.imports, ...image.delayImports];
  const has = (pattern: RegExp) => imported.some(({ name }) => name !== undefined && pattern.test(name));
  if (!has(LOADS) || !has(LOOKS_UP)) return [];
  const known = new Set([...imported, ...(image.exports?.symbols ?? [])].map(({ name }) => name));
  const words = new Set<string>();
  const { bytes } = image;
  for (const section of image.sections) {
    const start = image.offsetOf(section.virtualAddress);
    if (start < 0 || (image.isCode(section.virtualAddress) && !holdsImports(image, section.virtualAddress))) continue;
    const end = start + image.bytesAt(section.virtualAddress);
    const text = `\0${LATIN.decode(bytes.subarray(start, end))}`;
    for (let at = text.indexOf('\0'); at >= 0; at = text.indexOf('\0', at + 1)) {
      WORD.lastIndex = at + 1;
      const word = WORD.exec(text)?.[0];
      if (word !== undefined && text[at + 1 + word.length] === '\0' && !known.has(word)) words.add(word);
    }
  }
  return [...words];
}

function holdsImports(image: PeImage, rva: number): boolean {
  return image.sectionOf(image.directory(Directory.import)?.rva ?? -1)?.virtualAddress === rva;
}

const texts = new WeakMap<PeImage, string>();

/** Whether the module's name stands in the image, so that it is loaded by that name. */
function namesModule(image: PeImage, name: string): boolean {
  let text = texts.get(image);
  if (text === undefined) {
    // UTF-16 without its zeros reads as the text.
    text = LATIN.decode(image.bytes.filter((byte) => byte !== 0)).toLowerCase();
    texts.set(image, text);
  }
  return text.includes(name);
}

const MOST_GUIDS = 400;

/** Transfer syntaxes of remote procedure calls (NDR and NDR64): every client and server holds them, so they tell of no interface in common. */
const TRANSFER_SYNTAXES: ReadonlySet<string> = new Set([
  '8a885d04-1ceb-11c9-9fe8-08002b104860',
  '71710533-beba-4937-8319-b5dbef9ccc36',
]);

/** GUIDs of DCE's form (version 1 or 4) in the image's constants. */
function guidsOf(image: PeImage): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const section of image.sections) {
    const start = image.offsetOf(section.virtualAddress);
    if (start < 0 || image.isCode(section.virtualAddress) || image.isWritable(section.virtualAddress)) continue;
    const end = start + image.bytesAt(section.virtualAddress) - 16;
    for (let at = start; at <= end && found.size < MOST_GUIDS; at += 8) {
      const version = image.bytes[at + 7] >> 4;
      const variant = image.bytes[at + 8] >> 6;
      if ((version !== 1 && version !== 4) || variant !== 2 || !isMixed(image.bytes, at)) continue;
      const guid = guidAt(image.bytes, at);
      if (guid !== undefined && !TRANSFER_SYNTAXES.has(guid)) found.set(guid, image.bytes.slice(at, at + 16));
    }
  }
  return [...found.values()];
}

/** Numbers of the GUIDs that stand in a file, at places that are a multiple of four. */
function guidsIn(bytes: Uint8Array, guids: readonly Uint8Array[]): number[] {
  const byStart = new Map<number, number[]>();
  guids.forEach((guid, i) => {
    const start = guid[0] | (guid[1] << 8) | (guid[2] << 16) | (guid[3] << 24);
    byStart.set(start, [...(byStart.get(start) ?? []), i]);
  });
  const found = new Set<number>();
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
  for (let w = 0; w + 4 <= words.length; w++) {
    const same = byStart.get(words[w]);
    if (same === undefined) continue;
    for (const i of same) if (guids[i].every((byte, k) => bytes[w * 4 + k] === byte)) found.add(i);
  }
  return [...found];
}

/** No text and no table of small numbers: few zeros, many different bytes. */
function isMixed(bytes: Uint8Array, at: number): boolean {
  const own = bytes.subarray(at, at + 16);
  return own.filter((byte) => byte === 0).length <= 3 && new Set(own).size >= 9;
}

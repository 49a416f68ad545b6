// What an image imports: the import directory and the delay import directory (PE format, "The .idata Section" and "Delay-Load Import Tables").
import { findDelayDescriptors } from './delay-descriptors.ts';
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

export interface ImportedSymbol {
  /** The module's name as written in the image. */
  readonly module: string;
  /** Absent when imported by ordinal, or when the name cannot be read (a note says so). */
  readonly name?: string;
  readonly ordinal?: number;
  /** RVA of the slot in the import address table. */
  readonly slot: number;
  readonly kind: 'import' | 'delay';
  /** True when the slot holds an address of the day the image was bound. */
  readonly bound?: boolean;
}

export interface ImportedModule {
  readonly name: string;
  readonly kind: 'import' | 'delay';
}

/** One directory: the modules in order (also those without symbols) and their symbols. */
export interface ImportDirectory {
  readonly modules: readonly ImportedModule[];
  readonly symbols: readonly ImportedSymbol[];
}

const IMPORT_DESCRIPTOR_SIZE = 20;
const DELAY_DESCRIPTOR_SIZE = 32;
/** ImgDelayDescr.grAttrs bit 0: the addresses are RVAs; else they are virtual addresses (Visual C++ 6). */
const DLATTR_RVA = 1;

/** Reads IMAGE_DIRECTORY_ENTRY_IMPORT. */
export function readImports(image: ImageLayout): ImportDirectory {
  const directory = image.directory(Directory.import);
  const reader = new ThunkReader(image, 'import');
  if (directory === undefined) return reader;
  for (let at = directory.rva; ; at += IMPORT_DESCRIPTOR_SIZE) {
    // The loader does not look at the directory's size: a descriptor without a name or an address table ends it.
    const nameRva = image.readU32(at + 12);
    const addressTable = image.readU32(at + 16);
    if (nameRva === 0 || addressTable === 0) break;
    if (nameRva < 0 || addressTable < 0 || image.offsetOf(at) < 0) {
      image.note('import', `the directory has no end: nothing can be read at RVA 0x${at.toString(16)}`);
      break;
    }
    const lookup = image.readU32(at);
    const named = lookup >= image.sizeOfHeaders && image.offsetOf(lookup) >= 0;
    const bound = image.readU32(at + 4) !== 0;
    if (!named && lookup !== 0)
      image.note(
        'import',
        `the name table of a module is outside the image (RVA 0x${lookup.toString(16)}); its address table is used`,
      );
    if (!reader.module(nameRva, named ? lookup : addressTable, addressTable, bound, 0)) break;
  }
  return reader;
}

/** Reads IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, both kinds: of RVAs and (older, x86) of virtual addresses; without a directory, what looks like its descriptors. */
export function readDelayImports(image: ImageLayout, imports: readonly ImportedSymbol[]): ImportDirectory {
  const directory = image.directory(Directory.delayImport);
  const reader = new ThunkReader(image, 'delay');
  if (directory === undefined) {
    for (const at of findDelayDescriptors(image, imports))
      if (!reader.module(image.readU32(at + 4), image.readU32(at + 16), image.readU32(at + 12), false, 0)) break;
    return reader;
  }
  for (let at = directory.rva; ; at += DELAY_DESCRIPTOR_SIZE) {
    const attributes = image.readU32(at);
    const name = image.readU32(at + 4);
    if (name === 0) break;
    if (name < 0 || attributes < 0 || image.offsetOf(at) < 0) {
      image.note('delay import', `the directory has no end: nothing can be read at RVA 0x${at.toString(16)}`);
      break;
    }
    const base = (attributes & DLATTR_RVA) === 0 ? image.imageBase : 0;
    const addressTable = image.readU32(at + 12) - base;
    const nameTable = image.readU32(at + 16) - base;
    const bound = image.readU32(at + 20) > 0 && image.readU32(at + 28) > 0;
    if (!reader.module(name - base, nameTable, addressTable, bound, base)) break;
  }
  return reader;
}

/** Collects modules and symbols; total work is bounded by the size of the file, whatever the tables say. */
class ThunkReader implements ImportDirectory {
  readonly modules: ImportedModule[] = [];
  readonly symbols: ImportedSymbol[] = [];
  readonly #image: ImageLayout;
  readonly #kind: 'import' | 'delay';
  readonly #about: string;
  /** Table entries that the file could hold, and characters of names (names may overlap, so twice as many). */
  #entriesLeft: number;
  #charactersLeft: number;

  constructor(image: ImageLayout, kind: 'import' | 'delay') {
    this.#image = image;
    this.#kind = kind;
    this.#about = kind === 'import' ? 'import' : 'delay import';
    this.#entriesLeft = Math.ceil(image.bytes.length / image.pointerSize);
    this.#charactersLeft = image.bytes.length * 2;
  }

  /** Reads one module's table of `thunks` (name RVAs and ordinals); false when the directory must not be read further. */
  module(nameRva: number, thunks: number, slots: number, bound: boolean, base: number): boolean {
    const image = this.#image;
    if (--this.#entriesLeft < 0) return this.#tooMuch();
    const module = image.readAsciiZ(nameRva, 512);
    this.#charactersLeft -= module?.length ?? image.costOfNoText(nameRva, 512);
    if (module === undefined || module === '') {
      image.note(
        this.#about,
        `a module's name cannot be read (RVA 0x${nameRva.toString(16)}); its symbols are left out`,
      );
      return true;
    }
    this.modules.push({ name: module, kind: this.#kind });

    const size = image.pointerSize;
    const is64 = image.is64;
    let unreadable = 0;
    for (let i = 0; ; i++) {
      const at = thunks + i * size;
      // IMAGE_ORDINAL_FLAG is the top bit; what is below it is an ordinal or the RVA of IMAGE_IMPORT_BY_NAME.
      const low = image.readU32(at);
      const high = is64 ? image.readU32(at + 4) : 0;
      if (low < 0 || high < 0) {
        image.note(this.#about, `the table of ${module} has no end (RVA 0x${at.toString(16)})`);
        break;
      }
      if (low === 0 && high === 0) break;
      if (image.offsetOf(at) < 0) break;
      if (--this.#entriesLeft < 0) return this.#tooMuch();
      const slot = slots + i * size;
      const byOrdinal = is64 ? high >= 0x80000000 : low >= 0x80000000;
      const symbol: { -readonly [K in keyof ImportedSymbol]: ImportedSymbol[K] } = { module, slot, kind: this.#kind };
      // Virtual addresses may have the top bit set too (an image based above 2 GB), but then they are inside the image.
      if (byOrdinal && !(base !== 0 && image.rvaOf(low) >= 0)) {
        symbol.ordinal = low & 0xffff;
      } else {
        const name = high === 0 ? image.readAsciiZ(low - base + 2) : undefined;
        if (name === undefined || name === '') unreadable++;
        else symbol.name = name;
        this.#charactersLeft -= name?.length ?? image.costOfNoText(low - base + 2);
        if (this.#charactersLeft < 0) return this.#tooMuch();
      }
      if (bound) symbol.bound = true;
      this.symbols.push(symbol);
    }
    if (unreadable > 0) image.note(this.#about, `${unreadable} names of symbols of ${module} cannot be read`);
    return true;
  }

  #tooMuch(): false {
    this.#image.note(this.#about, 'the tables hold more than the file can; they loop or overlap, the rest is left out');
    return false;
  }
}

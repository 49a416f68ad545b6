// The tables of virtual functions whose class the run-time type information names, by the compilers of Microsoft and by GCC and clang.
import { itaniumClassName } from './itanium-type-name.ts';
import type { ImageLayout } from './layout.ts';
import { msvcClassName } from './msvc-type-name.ts';
import { sectionStretches } from './section-stretches.ts';

/** The virtual functions of a class, or of a base within it. */
export interface VirtualTable {
  /** RVA of the first function's pointer: what an object points to. */
  readonly rva: number;
  /** As in C++: "Report::Start". */
  readonly className: string;
  /** RVAs of the functions, in order. */
  readonly methods: readonly number[];
}

/** Functions that are read of one table. */
const MOST_METHODS = 1024;
/** Characters of a type's name; longer ones are template expansions that no one reads. */
const LONGEST_NAME = 1024;
/** Characters of names that are read, as a multiple of the file's length: names may lie over one another. */
const NAME_SHARE = 2;
/** An image without relocations has its pointers anywhere. */
const MOST_POINTERS = 1 << 20;

/** Every such table of an image, ascending. `pointers` are the RVAs of its relocated pointers; without, they are looked for. */
export function readVirtualTables(image: ImageLayout, pointers: Uint32Array): readonly VirtualTable[] {
  const places = pointers.length > 0 ? pointers : alignedPointers(image);
  const names = new Map<number, string>();
  const texts = new NameTexts(image);
  readMsvc(image, places, texts, names);
  readItanium(image, places, texts, names);
  return [...names]
    .sort(([a], [b]) => a - b)
    .map(([rva, className]) => ({ rva, className, methods: methodsFrom(image, rva, names) }));
}

/** The texts at the places where names may stand, each read once. */
class NameTexts {
  readonly #image: ImageLayout;
  readonly #known = new Map<number, string>();
  #left: number;

  constructor(image: ImageLayout) {
    this.#image = image;
    this.#left = image.bytes.length * NAME_SHARE;
  }

  /** Empty where there is none, or no more may be read. */
  at(rva: number): string {
    let text = this.#known.get(rva);
    if (text === undefined) {
      text = this.#left > 0 ? this.#image.readAsciiZ(rva, LONGEST_NAME) : '';
      this.#left -= text?.length ?? this.#image.costOfNoText(rva, LONGEST_NAME);
      this.#known.set(rva, text ?? '');
    }
    return text ?? '';
  }
}

/** Words of the data sections that point into the image. */
function alignedPointers(image: ImageLayout): Uint32Array {
  const found: number[] = [];
  for (const { begin, end } of sectionStretches(image, ({ virtualAddress }) => !image.isCode(virtualAddress))) {
    for (let at = begin; at + image.pointerSize <= end && found.length < MOST_POINTERS; at += image.pointerSize)
      if (image.rvaOf(image.readPointer(at)) > 0) found.push(at);
  }
  return Uint32Array.from(found);
}

/** The functions from `rva` on, up to what is no code or belongs to the next table. */
function methodsFrom(image: ImageLayout, rva: number, tables: ReadonlyMap<number, string>): readonly number[] {
  const methods: number[] = [];
  for (let at = rva; methods.length < MOST_METHODS; at += image.pointerSize) {
    const to = image.rvaOf(image.readPointer(at));
    if (to < 0 || !image.isCode(to) || (at > rva && tables.has(at))) break;
    methods.push(to);
  }
  return methods;
}

// Microsoft: the word before a table points to a _RTTICompleteObjectLocator, {signature, offset, cdOffset, pTypeDescriptor, pClassDescriptor}
// as DWORDs (rttidata.h). Where pointers have 8 bytes the signature is 1, the fields are RVAs, and pSelf behind them is the locator's own.

/** The first three characters of a type descriptor's name: ".?A". */
const DECORATED = 0x413f2e;

function readMsvc(image: ImageLayout, places: Uint32Array, texts: NameTexts, into: Map<number, string>): void {
  const known = new Map<number, string | undefined>();
  const size = image.pointerSize;
  for (const at of places) {
    const locator = image.rvaOf(image.readPointer(at));
    if (locator < 0) continue;
    let name = known.get(locator);
    if (name === undefined && !known.has(locator)) {
      const type = typeDescriptorOf(image, locator);
      // A type descriptor is a pointer to the table of type_info, a spare pointer, and the name.
      if (type >= 0 && (image.readU32(type + 2 * size) & 0xffffff) === DECORATED)
        name = msvcClassName(texts.at(type + 2 * size));
      known.set(locator, name);
    }
    if (name !== undefined) into.set(at + size, name);
  }
}

/** RVA of the type descriptor that a locator names, -1 where it is no locator. */
function typeDescriptorOf(image: ImageLayout, locator: number): number {
  const signature = image.readU32(locator);
  if (image.is64) return signature === 1 && image.readU32(locator + 20) === locator ? image.readU32(locator + 12) : -1;
  if (signature !== 0 || image.rvaOf(image.readU32(locator + 16)) < 0) return -1;
  return image.rvaOf(image.readU32(locator + 12));
}

// GCC and clang: the word before a table points to the class's type_info, whose second word points to the mangled name; before that stands the
// table's offset in the object (Itanium C++ ABI, 2.5.2 and 2.9.5).

/** Objects are no larger than this. */
const LARGEST_OFFSET = 0x100000;

function readItanium(image: ImageLayout, places: Uint32Array, texts: NameTexts, into: Map<number, string>): void {
  const size = image.pointerSize;
  const types = new Map<number, string>();
  for (const at of places) {
    const text = image.rvaOf(image.readPointer(at));
    if (!mayBeginName(image.readU8(text)) || image.rvaOf(image.readPointer(at - size)) < 0) continue;
    const name = itaniumClassName(texts.at(text));
    if (name !== undefined) types.set(at - size, name);
  }
  if (types.size === 0) return;
  for (const at of places) {
    const name = types.get(image.rvaOf(image.readPointer(at)));
    if (name === undefined || !isOffset(image, at - size)) continue;
    if (image.isCode(image.rvaOf(image.readPointer(at + size)))) into.set(at + size, name);
  }
}

/** "*", a digit, "N" or "S". */
function mayBeginName(byte: number): boolean {
  return byte === 0x2a || (byte >= 0x31 && byte <= 0x39) || byte === 0x4e || byte === 0x53;
}

/** Whether the word at `rva` is zero or a small negative number. */
function isOffset(image: ImageLayout, rva: number): boolean {
  const low = image.readU32(rva) | 0;
  if (low > 0 || low < -LARGEST_OFFSET) return false;
  return !image.is64 || (image.readU32(rva + 4) | 0) === (low < 0 ? -1 : 0);
}

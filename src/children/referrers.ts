// Who refers to an address: instructions that take or read it, and relocated pointers in data. Loosely read, for showing and for finding where strings start.
import type { ModuleFlow } from '../code/flow.ts';
import { type PlacePairs, readReferences } from '../code/references.ts';
import type { PeImage, Section } from '../pe/image.ts';
import { sectionStretches } from '../pe/section-stretches.ts';

export interface Referrer {
  /** RVA of the instruction, or of the pointer in data. */
  readonly at: number;
  /** RVA it refers to. */
  readonly target: number;
  /** address: code takes the address (lea, push, mov of an immediate). read: an instruction reads or writes the bytes there. pointer: an absolute address in data. */
  readonly kind: 'address' | 'read' | 'pointer';
}

/** RVAs [start, end). */
export interface RvaRange {
  readonly start: number;
  readonly end: number;
}

export const MOST_REFERRERS = 16;

/** The operands of the module's code that name data (x64), read when they are needed. */
export type Operands = (() => PlacePairs) | undefined;

/** Those of a module that is followed. */
export function operandsOf(flow: ModuleFlow): Operands {
  return () => flow.references.data;
}

/** What refers to each of some RVAs, at most 16 each, in ascending order of `at` (code before data). RVAs without referrers have an empty list. */
export function findReferrers(
  image: PeImage,
  rvas: readonly number[],
  operands?: Operands,
): ReadonlyMap<number, readonly Referrer[]> {
  const distinct = [...new Set(rvas)];
  const lists = findRangeReferrers(
    image,
    distinct.map((start) => ({ start, end: start + 1 })),
    operands,
  );
  return new Map(distinct.map((rva, i) => [rva, lists[i]]));
}

/** The same for ranges of RVAs that do not overlap: a list for each, at most 16 for each distinct target. */
export function findRangeReferrers(
  image: PeImage,
  ranges: readonly RvaRange[],
  operands?: Operands,
): readonly (readonly Referrer[])[] {
  const wanted = new WantedRanges(ranges);
  if (ranges.length === 0) return wanted.lists;
  if (image.arch === 'x64') readOperands(image, operands?.() ?? readReferences(image).data, wanted);
  if (image.arch === 'arm64') for (const section of codeSections(image)) scanArm64(image, section, wanted);
  if (image.relocations.length > 0) readRelocated(image, wanted);
  else scanAbsolute(image, wanted);
  return wanted.lists;
}

/** An immediate behind a displacement moves its target by as many bytes. */
const LONGEST_IMMEDIATE = 4;

/** Answers quickly whether an address is in one of the ranges, and keeps what refers to it. */
class WantedRanges {
  readonly lists: Referrer[][];
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #order: number[];
  readonly #low: number;
  readonly #high: number;
  readonly #shift: number;
  readonly #granules: Uint8Array;
  readonly #counts = new Map<number, number>();

  constructor(ranges: readonly RvaRange[]) {
    this.lists = ranges.map(() => []);
    this.#order = ranges.map((_, i) => i).sort((a, b) => ranges[a].start - ranges[b].start);
    this.#starts = Float64Array.from(this.#order, (i) => ranges[i].start);
    this.#ends = Float64Array.from(this.#order, (i) => ranges[i].end);
    this.#low = (this.#starts[0] ?? 0) - LONGEST_IMMEDIATE;
    this.#high = this.#ends.reduce((a, b) => Math.max(a, b), this.#low);
    let shift = 5;
    while ((this.#high - this.#low) / 2 ** shift > 0x10000) shift++;
    this.#shift = 2 ** shift;
    this.#granules = new Uint8Array(Math.floor((this.#high - this.#low) / this.#shift) + 1);
    for (let i = 0; i < this.#starts.length; i++) {
      const first = Math.floor((this.#starts[i] - LONGEST_IMMEDIATE - this.#low) / this.#shift);
      this.#granules.fill(1, first, Math.floor((this.#ends[i] - 1 - this.#low) / this.#shift) + 1);
    }
  }

  /** True when the address, or one up to four bytes above, may be in a range; a cheap test for the inner loops. */
  near(target: number): boolean {
    return target >= this.#low && target < this.#high && this.#granules[((target - this.#low) / this.#shift) | 0] === 1;
  }

  add(at: number, target: number, kind: Referrer['kind']): void {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] <= target) low = middle + 1;
      else high = middle;
    }
    if (low === 0 || target >= this.#ends[low - 1]) return;
    const count = this.#counts.get(target) ?? 0;
    if (count >= MOST_REFERRERS) return;
    this.#counts.set(target, count + 1);
    this.lists[this.#order[low - 1]].push({ at, target, kind });
  }
}

const IMAGE_SCN_MEM_EXECUTE = 0x20000000;

function codeSections(image: PeImage): readonly Section[] {
  return image.sections.filter((s) => (s.characteristics & IMAGE_SCN_MEM_EXECUTE) !== 0);
}

/** One-byte opcodes with a ModRM byte that may name a string, and the size of the immediate behind the displacement. */
const ONE_BYTE: Readonly<Record<number, number>> = {
  56: 0,
  57: 0,
  58: 0,
  59: 0,
  99: 0, // movsxd
  128: 1,
  129: 4,
  131: 1,
  132: 0,
  133: 0,
  136: 0,
  137: 0,
  138: 0,
  139: 0,
  141: 0, // lea
  198: 1,
  199: 4,
};
/** Second opcode bytes behind 0F: SSE moves, movzx, movsx. */
const TWO_BYTE = new Set([
  0x10, 0x11, 0x12, 0x13, 0x16, 0x17, 0x28, 0x29, 0x6e, 0x6f, 0x7e, 0x7f, 0xb6, 0xb7, 0xbe, 0xbf, 0xd6,
]);

/** [rip+disp32] operands: a ModRM byte of mode 0 and base 5 behind a plausible opcode, whose displacement lands in a range. */
function readOperands(image: PeImage, operands: PlacePairs, wanted: WantedRanges): void {
  const { places, targets } = operands;
  for (let i = 0; i < places.length; i++) {
    if (wanted.near(targets[i])) readOperand(image, places[i], targets[i], wanted);
  }
}

function readOperand(image: PeImage, place: number, target: number, wanted: WantedRanges): void {
  const { bytes } = image;
  const at = image.offsetOf(place) - 1;
  if ((bytes[at] & 0xc7) !== 5) return;
  const toRva = place - 1 - at;
  const opcode = bytes[at - 1];
  let first = at - 1;
  let immediate = 0;
  if (TWO_BYTE.has(opcode) && bytes[at - 2] === 0x0f) first = at - 2;
  else if (TWO_BYTE.has(opcode) && bytes[at - 3] === 0xc5) {
    wanted.add(at - 3 + toRva, target, 'read'); // VEX, two-byte form
    return;
  } else if (Object.hasOwn(ONE_BYTE, opcode)) immediate = ONE_BYTE[opcode];
  else return;
  const rex = (bytes[first - 1] & 0xf0) === 0x40;
  if (opcode === 0x8d && !rex) return; // a 32-bit lea of an address in a 64-bit program is no code
  if (rex) first--;
  const prefix = bytes[first - 1];
  if (prefix === 0x66 || prefix === 0xf2 || prefix === 0xf3) {
    if (prefix === 0x66 && immediate === 4) immediate = 2;
    first--;
  }
  wanted.add(first + toRva, target + immediate, opcode === 0x8d ? 'address' : 'read');
}

/** ADRP of a page, and within 16 instructions ADD of the place in it. */
function scanArm64(image: PeImage, section: Section, wanted: WantedRanges): void {
  const start = image.offsetOf(section.virtualAddress);
  if (start < 0) return;
  const view = new DataView(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength);
  const pages = new Float64Array(32).fill(-1);
  const setAt = new Int32Array(32).fill(-1000);
  const words = Math.floor(image.bytesAt(section.virtualAddress) / 4);
  for (let i = 0; i < words; i++) {
    const word = view.getUint32(start + i * 4, true);
    if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      const pagesAway = (((word >>> 5) & 0x7ffff) << 2) | ((word >>> 29) & 3);
      const rva = section.virtualAddress + i * 4;
      pages[word & 31] = rva - (rva % 0x1000) + ((pagesAway << 11) >> 11) * 0x1000;
      setAt[word & 31] = i;
    } else if ((word & 0xff800000) >>> 0 === 0x91000000) {
      const base = (word >>> 5) & 31;
      if (i - setAt[base] > 16) continue;
      const target = pages[base] + ((word >>> 10) & 0xfff) * ((word & 0x400000) !== 0 ? 0x1000 : 1);
      if (wanted.near(target)) wanted.add(section.virtualAddress + i * 4, target, 'address');
    }
  }
}

function readRelocated(image: PeImage, wanted: WantedRanges): void {
  const { relocations, pointers } = image;
  for (let i = 0; i < pointers.length; i++)
    if (wanted.near(pointers[i])) addAbsolute(image, relocations[i], pointers[i], wanted);
}

/** Absolute addresses of an image without relocations: anywhere in x86 code, at pointer-sized steps in data. */
function scanAbsolute(image: PeImage, wanted: WantedRanges): void {
  const isCode = ({ characteristics }: Section): boolean => (characteristics & IMAGE_SCN_MEM_EXECUTE) !== 0;
  for (const { section, begin, end } of sectionStretches(image, (one) => !image.is64 || !isCode(one))) {
    const step = isCode(section) ? 1 : image.pointerSize;
    for (let at = begin; at + image.pointerSize <= end; at += step) {
      const target = image.readPointer(at) - image.imageBase;
      if (wanted.near(target)) addAbsolute(image, at, target, wanted);
    }
  }
}

/** An absolute address in data is a pointer; in x86 code it is an operand, and the instruction starts a few bytes before. */
function addAbsolute(image: PeImage, at: number, target: number, wanted: WantedRanges): void {
  const operand = image.isCode(at)
    ? X86_OPERANDS.find(([back, test]) => test(image.readU8(at - back), image, at))
    : undefined;
  // Without one: a pointer in data, in a table that was put into the code section, or an operand of another shape.
  if (operand === undefined) wanted.add(at, target, 'pointer');
  else wanted.add(at - operand[0], target, operand[2]);
}

/** How an x86 instruction begins, so many bytes before its 32-bit operand. */
const X86_OPERANDS: readonly (readonly [
  back: number,
  test: (byte: number, image: PeImage, at: number) => boolean,
  kind: Referrer['kind'],
])[] = [
  [1, (byte) => byte === 0x68 || (byte & 0xf8) === 0xb8, 'address'], // push imm32; mov r32, imm32
  [1, (byte) => byte === 0xa1 || byte === 0xa3, 'read'], // mov eax, [d32]; mov [d32], eax
  [1, (byte) => byte === 0x3d, 'address'], // cmp eax, imm32
  [2, (byte, image, at) => byte === 0xc7 && image.readU8(at - 1) < 0x40, 'address'], // mov [r32], imm32
  [3, (byte) => byte === 0xc7, 'address'], // mov [r32+d8], imm32
  [4, (byte, image, at) => byte === 0xc7 && image.readU8(at - 2) === 0x24, 'address'], // mov [esp+d8], imm32
  [6, (byte) => byte === 0xc7, 'address'], // mov [r32+d32], imm32
  [2, (byte, image, at) => byte !== 0xff && (image.readU8(at - 1) & 0xc7) === 5, 'read'], // op r32, [d32]
];

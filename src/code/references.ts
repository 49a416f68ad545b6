// Who refers to what in a module, read once from the bytes of its code: calls and jumps between functions, and operands that name data or code.
import type { PeImage } from '../pe/image.ts';
import { firstAtLeast } from './ascending.ts';

/** The bytes of a section that holds code. */
interface CodeRange {
  /** File offsets [from, end); `end` is no further than the file goes. */
  readonly from: number;
  readonly end: number;
  /** RVA of the byte at `from`, and how many bytes the section maps. */
  readonly base: number;
  readonly size: number;
}

/** The code sections as the loader maps them, ascending. */
function codeRanges(image: PeImage): readonly CodeRange[] {
  return image.sections
    .filter((section) => image.isCode(section.virtualAddress))
    .map((section) => {
      const from = image.offsetOf(section.virtualAddress);
      const size = image.bytesAt(section.virtualAddress);
      return { from, end: from + size, base: section.virtualAddress, size };
    })
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.base - b.base);
}

/** Those that are read: together for no more than the file is long, for more only overlaps. */
function readRanges(image: PeImage, ranges: readonly CodeRange[]): readonly CodeRange[] {
  const read: CodeRange[] = [];
  let left = image.bytes.length;
  for (const range of ranges) {
    const end = Math.min(range.end, range.from + left);
    read.push({ ...range, end });
    left -= end - range.from;
    if (left > 0) continue;
    image.note('code', 'the code sections hold more than the file can; they overlap, the rest is not searched');
    break;
  }
  return read;
}

/** References that are kept of one kind; a key of target and number then stays an exact double. */
const REFERENCE_LIMIT = 1 << 21;
const LEA = 0x8d;
/** The ModRM byte, but for its register, of an operand relative to the next instruction (x64): mode 0, base 5. */
const RELATIVE_MASK = 0xc7;
const RELATIVE_OPERAND = 5;
/** Questions that are answered by searching, before what is searched is sorted. */
const SEARCHES = 100;

/** Pairs of a place and what it refers to, found by either. All are candidates, read from bytes: confirm by decoding. */
export class PlacePairs {
  #places = new Uint32Array(1024);
  #targets = new Uint32Array(1024);
  #count = 0;
  #byTarget: Float64Array | undefined;
  #asked = 0;
  /** Whether there were more pairs than are kept. */
  full = false;

  /** Keeps a pair; places come in ascending order. */
  add(place: number, target: number): void {
    if (this.#count === this.#places.length) {
      if (this.#count >= REFERENCE_LIMIT) {
        this.full = true;
        return;
      }
      this.#places = wider(this.#places);
      this.#targets = wider(this.#targets);
    }
    this.#places[this.#count] = place;
    this.#targets[this.#count++] = target;
  }

  get #sorted(): Float64Array {
    if (!this.#byTarget) {
      const keys = new Float64Array(this.#count);
      for (let i = 0; i < keys.length; i++) keys[i] = this.#targets[i] * REFERENCE_LIMIT + i;
      this.#byTarget = keys.sort();
    }
    return this.#byTarget;
  }

  /** The places, ascending. */
  get places(): Uint32Array {
    return this.#places.subarray(0, this.#count);
  }

  /** What each of the {@link places} refers to. */
  get targets(): Uint32Array {
    return this.#targets.subarray(0, this.#count);
  }

  /** The places that refer to `rva`, ascending. */
  to(rva: number): readonly number[] {
    return this.#byTarget || ++this.#asked > SEARCHES ? this.#lookUp(rva) : this.#search(rva);
  }

  /** For few questions: sorting costs as much as many of these. */
  #search(rva: number): readonly number[] {
    const { targets } = this;
    const found: number[] = [];
    for (let i = targets.indexOf(rva); i >= 0; i = targets.indexOf(rva, i + 1)) found.push(this.#places[i]);
    return found;
  }

  #lookUp(rva: number): readonly number[] {
    const keys = this.#sorted;
    const found: number[] = [];
    const end = (rva + 1) * REFERENCE_LIMIT;
    for (let i = firstAtLeast(keys, rva * REFERENCE_LIMIT); i < keys.length && keys[i] < end; i++)
      found.push(this.#places[keys[i] - rva * REFERENCE_LIMIT]);
    return found;
  }

  /** The first target behind `from` and before `to`, or `to`. */
  firstTargetBetween(from: number, to: number): number {
    const keys = this.#sorted;
    const i = firstAtLeast(keys, (from + 1) * REFERENCE_LIMIT);
    return i < keys.length ? Math.min(to, Math.floor(keys[i] / REFERENCE_LIMIT)) : to;
  }

  /** The last target from `from` on up to `to`, or -1. */
  lastTargetBetween(from: number, to: number): number {
    const keys = this.#sorted;
    const i = firstAtLeast(keys, (to + 1) * REFERENCE_LIMIT) - 1;
    const target = i < 0 ? -1 : Math.floor(keys[i] / REFERENCE_LIMIT);
    return target >= from ? target : -1;
  }

  /** Every target once, ascending. */
  distinctTargets(): readonly number[] {
    const distinct: number[] = [];
    for (const key of this.#sorted) {
      const to = Math.floor(key / REFERENCE_LIMIT);
      if (to !== distinct[distinct.length - 1]) distinct.push(to);
    }
    return distinct;
  }

  /** Tells the target of each place in [begin, end), in the order of the places. */
  eachFrom(begin: number, end: number, tell: (target: number, place: number) => void): void {
    const places = this.#places;
    const targets = this.#targets;
    const count = this.#count;
    for (let i = firstAtLeast(places, begin, count); i < count && places[i] < end; i++) tell(targets[i], places[i]);
  }
}

function wider(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(column.length * 2);
  grown.set(column);
  return grown;
}

/** The references in a module's code. */
export interface References {
  /** E8 and E9 instructions by their targets in the same section. */
  readonly calls: PlacePairs;
  /** 4-byte operands (their own RVAs) that name data: relative to their end (x64), or absolute (x86). */
  readonly data: PlacePairs;
  /** Operands that take an address of the image, data or code: of lea (x64), or the immediate of push and mov (x86). */
  readonly addresses: PlacePairs;
  /** Conditional jumps with a 4-byte displacement (x86), by their targets in the same section. */
  readonly jumps: PlacePairs;
}

/** Reads the references of a module: one pass over its code. */
export function readReferences(image: PeImage): References {
  const references = {
    calls: new PlacePairs(),
    data: new PlacePairs(),
    addresses: new PlacePairs(),
    jumps: new PlacePairs(),
  };
  const ranges = codeRanges(image);
  const bounds = imageBounds(image);
  for (const range of readRanges(image, ranges)) {
    if (image.is64) scan64(image, range, bounds, references);
    else scan32(image, range, bounds, references);
  }
  if (references.calls.full || references.data.full)
    image.note('code', `more than ${REFERENCE_LIMIT} references of one kind; the rest is left out`);
  return references;
}

/** RVAs [low, high) of all sections together. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

function imageBounds(image: PeImage): Bounds {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { virtualAddress, virtualSize } of image.sections) {
    low = Math.min(low, virtualAddress);
    high = Math.max(high, virtualAddress + Math.max(virtualSize, image.bytesAt(virtualAddress)));
  }
  return { low, high };
}

function isWithin({ base, size }: CodeRange, rva: number): boolean {
  return rva >= base && rva < base + size;
}

/** Whether `opcode` is that of call or jmp with a 4-byte displacement. */
function isBranch(opcode: number): boolean {
  return opcode === 0xe8 || opcode === 0xe9;
}

function displacementAt(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function scan64(image: PeImage, range: CodeRange, { low, high }: Bounds, into: References): void {
  const { bytes } = image;
  const { from, base } = range;
  const end = range.end - 3;
  const { calls, data, addresses } = into;
  for (let at = nextRelative(bytes, from + 1, end); at < end; at = nextRelative(bytes, at + 1, end)) {
    const place = base + at - from;
    const target = place + 4 + displacementAt(bytes, at);
    if (isBranch(bytes[at - 1])) {
      if (isWithin(range, target)) calls.add(place - 1, target);
    } else if (target >= low && target < high) {
      data.add(place, target);
      if (at >= from + 2 && bytes[at - 2] === LEA) addresses.add(place, target);
    }
  }
}

/**
 * The first offset from `at` on whose 4 bytes stand behind an opcode or a ModRM byte that makes them relative, or `end`.
 * It is a function of its own, as are {@link nextWithin} and {@link nextJump}: they see every byte, and stay compiled
 * when their callers, who see few, meet a case that is new to them.
 */
function nextRelative(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const before = bytes[at - 1];
    if ((before & RELATIVE_MASK) === RELATIVE_OPERAND || isBranch(before)) return at;
  }
  return end;
}

function scan32(image: PeImage, range: CodeRange, bounds: Bounds, into: References): void {
  readAddresses(image, range, bounds, into);
  readJumps(image, range, into);
}

function readAddresses(image: PeImage, range: CodeRange, { low, high }: Bounds, { data, addresses }: References): void {
  const { bytes } = image;
  const { from, base } = range;
  const end = range.end - 3;
  const lowest = (image.imageBase + low) | 0;
  for (let at = nextWithin(bytes, from, end, lowest, high - low); at < end; ) {
    const named = low + ((displacementAt(bytes, at) - lowest) >>> 0);
    data.add(base + at - from, named);
    if (isImmediate(bytes, at)) addresses.add(base + at - from, named);
    at = nextWithin(bytes, at + 1, end, lowest, high - low);
  }
}

/** The first offset from `at` on whose 4 bytes are a number in [lowest, lowest + span), or `end`. */
function nextWithin(bytes: Uint8Array, at: number, end: number, lowest: number, span: number): number {
  let value = (bytes[at] << 8) | (bytes[at + 1] << 16) | (bytes[at + 2] << 24);
  for (; at < end; at++) {
    value = (value >>> 8) | (bytes[at + 3] << 24);
    if ((value - lowest) >>> 0 < span) return at;
  }
  return end;
}

function readJumps({ bytes }: PeImage, range: CodeRange, { calls, jumps }: References): void {
  const { from, base } = range;
  const end = range.end - 3;
  for (let at = nextJump(bytes, from + 1, end); at < end; at = nextJump(bytes, at + 1, end)) {
    const place = base + at - from;
    const target = place + 4 + displacementAt(bytes, at);
    if (!isWithin(range, target)) continue;
    if (isBranch(bytes[at - 1])) calls.add(place - 1, target);
    else if (at > from + 1 && bytes[at - 2] === 0x0f) jumps.add(place - 2, target);
  }
}

/** The first offset from `at` on that may be the displacement of call, jmp or a conditional jump, or `end`. */
function nextJump(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const before = bytes[at - 1];
    if (isBranch(before) || (before & 0xf0) === 0x80) return at;
  }
  return end;
}

/** Whether the 4 bytes at offset `at` are the immediate of `push imm32`, `mov r, imm32` or `mov [m], imm32` (x86). */
function isImmediate(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1];
  if (before === 0x68 || (before & 0xf8) === 0xb8) return true;
  const rm = before & 7;
  if (bytes[at - 2] === 0xc7 && before < 8 && rm !== 4 && rm !== 5) return true;
  // `mov [esp], imm32`: gcc's first argument.
  if (bytes[at - 3] === 0xc7 && bytes[at - 2] === 4 && rm !== 5) return true;
  if (bytes[at - 3] === 0xc7 && bytes[at - 2] >= 0x40 && bytes[at - 2] < 0x48 && bytes[at - 2] !== 0x44) return true;
  if (bytes[at - 4] === 0xc7 && bytes[at - 3] === 0x44) return true;
  return bytes[at - 6] === 0xc7 && (bytes[at - 5] === 5 || (bytes[at - 5] & 0xf8) === 0x80);
}

// Who refers to what in a module: code that touches import slots, and calls between functions.
import type { PeImage } from '../pe/image.ts';

/** The bytes of a section that holds code. */
interface CodeRange {
  /** File offsets [from, end); `end` is no further than the file goes. */
  readonly from: number;
  readonly end: number;
  /** RVA of the byte at `from`, and how many bytes the section maps. */
  readonly base: number;
  readonly size: number;
}

function codeRanges(image: PeImage): readonly CodeRange[] {
  return image.sections
    .filter((section) => image.isCode(section.virtualAddress))
    .map((section) => {
      const from = section.pointerToRawData;
      const size = Math.min(section.sizeOfRawData, section.virtualSize || section.sizeOfRawData);
      return { from, end: Math.min(image.bytes.length, from + size), base: section.virtualAddress, size };
    });
}

function viewOf({ bytes }: PeImage): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** RVAs of the 4-byte displacements in code that, read as rip-relative (x64) or absolute (x86), name one of `slots`. Candidates: confirm by decoding. */
export function slotReferences(image: PeImage, slots: ReadonlySet<number>): number[] {
  const found: number[] = [];
  if (slots.size === 0) return found;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const slot of slots) {
    if (slot < lowest) lowest = slot;
    if (slot > highest) highest = slot;
  }
  const { is64, imageBase } = image;
  const view = viewOf(image);
  for (const { from, end, base } of codeRanges(image)) {
    for (let at = from; at <= end - 4; at++) {
      const value = view.getInt32(at, true);
      const rva = base + at - from;
      const slot = is64 ? value + rva + 4 : (value >>> 0) - imageBase;
      if (slot >= lowest && slot <= highest && slots.has(slot)) found.push(rva);
    }
  }
  return found;
}

/** The first RVA behind `from` and before `to` that code names, or `to`: where the object at `from` ends at the latest. */
export function referencesBetween(image: PeImage, from: number, to: number): number {
  const { is64, imageBase } = image;
  const view = viewOf(image);
  let nearest = to;
  for (const { from: start, end, base } of codeRanges(image)) {
    for (let at = start; at <= end - 4; at++) {
      const value = view.getInt32(at, true);
      const named = is64 ? value + base + at - start + 4 : (value >>> 0) - imageBase;
      if (named > from && named < nearest) nearest = named;
    }
  }
  return nearest;
}

/** Calls and jumps by relative displacement: candidates, read from bytes. */
export interface CallIndex {
  /** RVAs of the E8 and E9 instructions whose target is `rva`, ascending. Candidates: confirm by decoding. */
  callersOf(rva: number): readonly number[];
  /** Every target, ascending; candidates as well. */
  targets(): readonly number[];
  /** Targets of the calls and jumps that stand in [begin, end). */
  targetsWithin(begin: number, end: number): readonly number[];
}

/** Calls that are indexed at most; a key of target and number then stays an exact double. */
const CALL_LIMIT = 1 << 21;

/** Indexes every E8/E9 in code whose target lies in the same section: once by place, once by target. */
export function indexCalls(image: PeImage): CallIndex {
  const { bytes } = image;
  const view = viewOf(image);
  const found: { source: number; target: number }[] = [];
  for (const { from, end, base: low, size } of codeRanges(image)) {
    const high = low + size;
    for (const opcode of [0xe8, 0xe9]) {
      for (
        let at = bytes.indexOf(opcode, from);
        at >= 0 && at <= end - 5 && found.length < CALL_LIMIT;
        at = bytes.indexOf(opcode, at + 1)
      ) {
        const source = low + at - from;
        const target = source + 5 + view.getInt32(at + 1, true);
        if (target >= low && target < high) found.push({ source, target });
      }
    }
  }
  found.sort((a, b) => a.source - b.source);
  const sources = Uint32Array.from(found, (one) => one.source);
  const targets = Uint32Array.from(found, (one) => one.target);
  const byTarget = Float64Array.from(targets, (to, i) => to * CALL_LIMIT + i).sort();
  return {
    targets() {
      const distinct: number[] = [];
      for (const key of byTarget) {
        const to = Math.floor(key / CALL_LIMIT);
        if (to !== distinct[distinct.length - 1]) distinct.push(to);
      }
      return distinct;
    },
    callersOf(rva) {
      const callers: number[] = [];
      for (
        let i = firstAtLeast(byTarget, rva * CALL_LIMIT);
        i < byTarget.length && byTarget[i] < (rva + 1) * CALL_LIMIT;
        i++
      ) {
        callers.push(sources[byTarget[i] - rva * CALL_LIMIT]);
      }
      return callers;
    },
    targetsWithin(begin, end) {
      const first = firstAtLeast(sources, begin);
      return [...targets.subarray(first, firstAtLeast(sources, end))];
    },
  };
}

/** Index of the first element that is not below `value`. */
export function firstAtLeast(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

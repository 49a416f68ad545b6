// Who refers to what in a module: code that touches import slots, and calls between functions.
import type { PeImage } from '../pe/image.ts';

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
  const { bytes, is64, imageBase } = image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const section of image.sections) {
    if (!image.isCode(section.virtualAddress)) continue;
    const from = section.pointerToRawData;
    const size = Math.min(section.sizeOfRawData, section.virtualSize || section.sizeOfRawData);
    const end = Math.min(bytes.length, from + size) - 4;
    for (let at = from; at <= end; at++) {
      const value = view.getInt32(at, true);
      const rva = section.virtualAddress + at - from;
      const slot = is64 ? value + rva + 4 : (value >>> 0) - imageBase;
      if (slot >= lowest && slot <= highest && slots.has(slot)) found.push(rva);
    }
  }
  return found;
}

/** The first RVA behind `from` and before `to` that code names, or `to`: where the object at `from` ends at the latest. */
export function referencesBetween(image: PeImage, from: number, to: number): number {
  const { bytes, is64, imageBase } = image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let nearest = to;
  for (const section of image.sections) {
    if (!image.isCode(section.virtualAddress)) continue;
    const start = section.pointerToRawData;
    const size = Math.min(section.sizeOfRawData, section.virtualSize || section.sizeOfRawData);
    const end = Math.min(bytes.length, start + size) - 4;
    for (let at = start; at <= end; at++) {
      const value = view.getInt32(at, true);
      const named = is64 ? value + section.virtualAddress + at - start + 4 : (value >>> 0) - imageBase;
      if (named > from && named < nearest) nearest = named;
    }
  }
  return nearest;
}

/** Calls that are indexed at most; a key of target and number then stays an exact double. */
const CALL_LIMIT = 1 << 21;

/** Calls and jumps by relative displacement, by target. */
export interface CallIndex {
  /** RVAs of the E8 and E9 instructions whose target is `rva`, ascending. Candidates: confirm by decoding. */
  callersOf(rva: number): readonly number[];
  /** Every target, ascending; candidates as well. */
  targets(): readonly number[];
}

/** Indexes every E8/E9 in code whose target lies in code: two arrays sorted by target. */
export function indexCalls(image: PeImage): CallIndex {
  const { bytes } = image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const targets: number[] = [];
  const sources: number[] = [];
  for (const section of image.sections) {
    if (!image.isCode(section.virtualAddress)) continue;
    const from = section.pointerToRawData;
    const size = Math.min(section.sizeOfRawData, section.virtualSize || section.sizeOfRawData);
    const end = Math.min(bytes.length, from + size) - 5;
    const low = section.virtualAddress;
    const high = low + size;
    for (let at = from; at <= end; at++) {
      const opcode = bytes[at];
      if (opcode !== 0xe8 && opcode !== 0xe9) continue;
      const rva = low + at - from;
      const to = rva + 5 + view.getInt32(at + 1, true);
      if (to < low || to >= high || sources.length >= CALL_LIMIT) continue;
      targets.push(to);
      sources.push(rva);
    }
  }
  const sorted = Float64Array.from(targets, (to, i) => to * CALL_LIMIT + i).sort();
  return {
    targets() {
      const distinct: number[] = [];
      for (const key of sorted) {
        const to = Math.floor(key / CALL_LIMIT);
        if (to !== distinct[distinct.length - 1]) distinct.push(to);
      }
      return distinct;
    },
    callersOf(rva) {
      const key = rva * CALL_LIMIT;
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < key) low = middle + 1;
        else high = middle;
      }
      const callers: number[] = [];
      for (let i = low; i < sorted.length && sorted[i] < key + CALL_LIMIT; i++) callers.push(sources[sorted[i] - key]);
      return callers;
    },
  };
}

// Templates of earlier chunks: a definition that says the same is not read again. Each chunk holds its own copy of the templates it uses.

import { u32At } from '../bytes/cursor.ts';
import { NAME_HEADER, readFragment } from './fragment.ts';
import type { Source } from './source.ts';
import { Template } from './template.ts';

/** Bytes of definitions that are kept, with the names that they refer to: a real log has some hundreds of them, each of a few thousand bytes. */
const KEPT_LIMIT = 1 << 21;
/** Bytes of one that is kept. */
const ONE_LIMIT = 1 << 17;
/** Definitions of one identifier and size that are compared. */
const VARIANT_LIMIT = 8;
/** Bytes before a definition's fragment: the next one's offset, the GUID, the size. */
export const DEFINITION_HEADER = 24;

/** A name that a definition refers to. */
interface NameReference {
  /** Of the offset, from the definition's fragment on. */
  readonly at: number;
  /** The name's own bytes follow at once. */
  readonly isInline: boolean;
  /** Bytes of its hash, count and characters, to compare with. */
  readonly entry: Uint8Array;
}

interface Stored {
  readonly template: Template;
  readonly body: DataView;
  readonly names: readonly NameReference[];
  /** Ranges of the body [from, to) that are the same in every chunk, in pairs. */
  readonly fixed: Int32Array;
}

/** Finds templates by what their definitions say. */
export class TemplateStore {
  readonly #stored = new Map<number, Stored[]>();
  #kept = 0;

  /** The template whose definition stands at `offset` of a chunk, with `size` bytes from the header on. Throws BinXmlError. */
  find(chunk: Source, offset: number, size: number, skipInstance: (at: number, end: number) => number): Template {
    const key = keyOf(chunk.bytes, offset);
    const from = offset + DEFINITION_HEADER;
    const variants = this.#stored.get(key);
    if (variants) for (const one of variants) if (isSame(one, chunk, from, size)) return one.template;
    return this.#read(chunk.bytes, from, size, key, skipInstance);
  }

  #read(
    chunk: Uint8Array,
    from: number,
    size: number,
    key: number,
    skipInstance: (at: number, end: number) => number,
  ): Template {
    const names: NameReference[] = [];
    let isOfChunk = false;
    const { roots } = readFragment(
      {
        bytes: chunk,
        isTemplate: true,
        skipInstance: (at, end) => {
          isOfChunk = true; // it refers to offsets of this chunk
          return skipInstance(at, end);
        },
        onName: (at, offset) => names.push(referenceTo(chunk, from, at, offset)),
      },
      from,
      from + size,
    );
    const template = new Template(roots);
    const weight = names.reduce((sum, { entry }) => sum + entry.length, size);
    if (isOfChunk || weight > ONE_LIMIT) return template;
    if (this.#kept + weight > KEPT_LIMIT) {
      this.#stored.clear();
      this.#kept = 0;
    }
    const variants = this.#stored.get(key) ?? [];
    if (variants.length >= VARIANT_LIMIT) return template;
    this.#kept += weight;
    variants.push({
      template,
      body: new DataView(chunk.slice(from, from + size).buffer),
      names,
      fixed: fixedRanges(names, size),
    });
    this.#stored.set(key, variants);
    return template;
  }
}

/** A number of the definition's GUID and size. */
function keyOf(chunk: Uint8Array, offset: number): number {
  let key = 0;
  for (let at = offset + 4; at < offset + DEFINITION_HEADER; at += 4) key = (Math.imul(key, 31) + u32At(chunk, at)) | 0;
  return key;
}

function referenceTo(chunk: Uint8Array, from: number, at: number, offset: number): NameReference {
  const count = chunk[offset + 6] | (chunk[offset + 7] << 8);
  return {
    at: at - from,
    isInline: offset === at + 4,
    entry: chunk.slice(offset + 4, offset + NAME_HEADER + count * 2),
  };
}

/** All but the offsets of names, and of the names that follow names. */
function fixedRanges(names: readonly NameReference[], size: number): Int32Array {
  const ranges: number[] = [];
  let from = 0;
  for (const { at, isInline } of names) {
    if (at > from) ranges.push(from, at);
    from = at + (isInline ? 8 : 4);
  }
  if (size > from) ranges.push(from, size);
  return Int32Array.from(ranges);
}

function isSame({ body, names, fixed }: Stored, { bytes: chunk, view }: Source, from: number, size: number): boolean {
  if (body.byteLength !== size || from + size > chunk.length) return false;
  for (let i = 0; i < fixed.length; i += 2) {
    const end = fixed[i + 1];
    let at = fixed[i];
    for (; at + 8 <= end; at += 8)
      if (!(body.getFloat64(at) === view.getFloat64(from + at) && body.getFloat64(at) !== 0)) break;
    for (; at + 4 <= end; at += 4) if (body.getInt32(at) !== view.getInt32(from + at)) return false;
    for (; at < end; at++) if (body.getUint8(at) !== chunk[from + at]) return false;
  }
  for (const { at, isInline, entry } of names) {
    const place = from + at;
    const offset = chunk[place] | (chunk[place + 1] << 8) | (chunk[place + 2] << 16) | (chunk[place + 3] << 24);
    // The bytes of a name that stands here were compared with the others.
    if ((offset === place + 4) !== isInline) return false;
    if (!isInline && !standsAt(entry, chunk, offset + 4)) return false;
  }
  return true;
}

function standsAt(entry: Uint8Array, chunk: Uint8Array, offset: number): boolean {
  if (offset < 0 || offset + entry.length > chunk.length) return false;
  for (let i = 0; i < entry.length; i++) if (entry[i] !== chunk[offset + i]) return false;
  return true;
}

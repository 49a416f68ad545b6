// The resource tree: type, name, language, data (PE format, "The .rsrc Section").
import { utf16le } from '../bytes/text.ts';
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

/** RT_* numbers of the types that Winnow reads (winuser.h). */
export const ResourceType = { string: 6, messageTable: 11, version: 16, manifest: 24 } as const;

/** A number, or a name in UTF-16 (upper case by custom). */
export type ResourceId = number | string;

/** A leaf of the tree. */
export interface Resource {
  readonly type: ResourceId;
  readonly name: ResourceId;
  /** LANGID; 0 is neutral. */
  readonly language: ResourceId;
  readonly rva: number;
  /** Bytes, as written. */
  readonly size: number;
  readonly codePage: number;
}

/** The tree's leaves in the order of the tree: by type, name and language. */
export interface ResourceTree {
  readonly resources: readonly Resource[];
}

const HIGH_BIT = 0x80000000;
/** Type, name, language. */
const LEVELS = 3;

/** Reads IMAGE_DIRECTORY_ENTRY_RESOURCE; undefined when the image has none. */
export function readResources(image: ImageLayout): ResourceTree | undefined {
  const directory = image.directory(Directory.resource);
  if (directory === undefined) return undefined;
  const root = directory.rva;
  const available = image.bytesAt(root);
  const resources: Resource[] = [];
  const note = (text: string): void => image.note('resource', text);
  if (available < 16) {
    note(`the directory is outside the file (RVA 0x${root.toString(16)})`);
    return { resources };
  }

  // Every directory is visited once, and there are no more entries than the file has room for: no loop, no blow-up.
  const visited = new Set<number>();
  let entriesLeft = Math.floor(available / 8);
  let unreadable = 0;
  let again = 0;
  let charactersLeft = available * 2;

  const idAt = (value: number): ResourceId | undefined => {
    if (value < HIGH_BIT) return value;
    const at = root + (value - HIGH_BIT);
    const length = image.readU16(at);
    if (length < 0 || length * 2 > image.bytesAt(at + 2) || length > charactersLeft)
      return length === 0 ? '' : undefined;
    charactersLeft -= length;
    const offset = image.offsetOf(at + 2);
    return utf16le(image.bytes, offset, offset + length * 2);
  };

  const visit = (at: number, path: readonly ResourceId[]): void => {
    if (visited.has(at)) {
      again++;
      return;
    }
    visited.add(at);
    const named = image.readU16(at + 12);
    const numbered = image.readU16(at + 14);
    if (named < 0 || numbered < 0) {
      unreadable++;
      return;
    }
    for (let i = 0; i < named + numbered; i++) {
      if (--entriesLeft < 0) return;
      const entry = at + 16 + i * 8;
      const id = image.readU32(entry);
      const value = image.readU32(entry + 4);
      const key = id < 0 ? undefined : idAt(id);
      if (key === undefined || value < 0) {
        unreadable++;
        if (value < 0) return;
        continue;
      }
      if (value >= HIGH_BIT) {
        if (path.length + 1 < LEVELS) visit(root + (value - HIGH_BIT), [...path, key]);
        else again++;
        continue;
      }
      const data = root + value;
      const rva = image.readU32(data);
      const size = image.readU32(data + 4);
      const codePage = image.readU32(data + 8);
      if (rva < 0 || size < 0 || codePage < 0) {
        unreadable++;
        continue;
      }
      // A leaf above the third level leaves what is missing at 0.
      const [type, name, language] = [...path, key, 0, 0];
      resources.push({ type, name, language, rva, size, codePage });
    }
  };
  visit(root, []);
  if (entriesLeft < 0) note('the tree has more entries than the file has room for; the rest is left out');
  if (again > 0) note(`${again} branches of the tree loop or are deeper than ${LEVELS} levels`);
  if (unreadable > 0) note(`${unreadable} entries of the tree cannot be read`);
  return { resources };
}

/** A resource's bytes: a view of the image's, as many as the file holds; undefined when it holds none. */
export function resourceBytes(image: ImageLayout, resource: Resource): Uint8Array | undefined {
  const offset = image.offsetOf(resource.rva);
  if (offset < 0) return undefined;
  return image.bytes.subarray(offset, offset + Math.min(resource.size, image.bytesAt(resource.rva)));
}

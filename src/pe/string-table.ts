// The texts of an image's string tables (RT_STRING), as LoadString finds them by number.
import { u16At } from '../bytes/cursor.ts';
import { utf16le } from '../bytes/text.ts';
import type { ImageLayout } from './layout.ts';
import { type ResourceTree, ResourceType, resourceBytes } from './resources.ts';

export interface ResourceString {
  /** The number that LoadString or FormatMessage takes. */
  readonly id: number;
  /** LANGID. */
  readonly language: number;
  readonly text: string;
  /** RVA of the first character. */
  readonly rva: number;
  /** False for a message in single bytes; the others are UTF-16. */
  readonly wide?: boolean;
}

/** A resource of type RT_STRING is a block of this many texts, each with its length before it. */
const BLOCK = 16;

/** Reads every string table, in the order of the tree; empty texts are left out. */
export function readStringTable(image: ImageLayout, resources: ResourceTree | undefined): readonly ResourceString[] {
  const strings: ResourceString[] = [];
  // Tables may lie over one another; together they are not read for more than the file is long.
  let left = image.bytes.length;
  for (const resource of resources?.resources ?? []) {
    if (resource.type !== ResourceType.string) continue;
    const { name, language } = resource;
    const bytes = resourceBytes(image, resource);
    if (bytes === undefined || typeof name !== 'number' || typeof language !== 'number') {
      image.note('string table', `table ${name} cannot be read (RVA 0x${resource.rva.toString(16)})`);
      continue;
    }
    left -= bytes.length;
    if (left < 0) {
      image.note('string table', 'the tables hold more than the file can; they overlap, the rest is left out');
      break;
    }
    let at = 0;
    for (let i = 0; i < BLOCK; i++) {
      const length = u16At(bytes, at);
      if (length < 0 || at + 2 + length * 2 > bytes.length) {
        if (at < bytes.length) image.note('string table', `table ${name} is cut off after ${i} of ${BLOCK} texts`);
        break;
      }
      if (length > 0) {
        const text = utf16le(bytes, at + 2, at + 2 + length * 2);
        strings.push({ id: (name - 1) * BLOCK + i, language, text, rva: resource.rva + at + 2 });
      }
      at += 2 + length * 2;
    }
  }
  return strings;
}

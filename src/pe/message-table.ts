// The texts of an image's message tables (RT_MESSAGETABLE), as FormatMessage finds them by number (winnt.h, MESSAGE_RESOURCE_DATA).
import { u16At, u32At } from '../bytes/cursor.ts';
import { latin1, utf16le } from '../bytes/text.ts';
import type { ImageLayout } from './layout.ts';
import { type ResourceTree, ResourceType, resourceBytes } from './resources.ts';
import type { ResourceString } from './string-table.ts';

/** MESSAGE_RESOURCE_BLOCK: the lowest and the highest number, and where the first entry is. */
const BLOCK_SIZE = 12;
const MESSAGE_RESOURCE_UNICODE = 1;

/** Reads every message table, in the order of the tree. */
export function readMessageTable(image: ImageLayout, resources: ResourceTree | undefined): readonly ResourceString[] {
  const messages: ResourceString[] = [];
  // Blocks may lie over one another; together they are not read for more than the file is long.
  let left = image.bytes.length;
  for (const resource of resources?.resources ?? []) {
    if (resource.type !== ResourceType.messageTable) continue;
    const { language, rva } = resource;
    const bytes = resourceBytes(image, resource);
    const note = (what: string): void =>
      image.note('message table', `${what} (RVA 0x${rva.toString(16)}); the rest of it is left out`);
    if (bytes === undefined || typeof language !== 'number') {
      note('the table cannot be read');
      continue;
    }
    const blocks = u32At(bytes, 0);
    for (let b = 0; b < blocks && left >= 0; b++) {
      left -= BLOCK_SIZE;
      const block = 4 + b * BLOCK_SIZE;
      const high = u32At(bytes, block + 4);
      let at = u32At(bytes, block + 8);
      if (at < 0) {
        note(`the table is cut off after ${b} of ${blocks} blocks`);
        break;
      }
      for (let id = u32At(bytes, block); id <= high; id++) {
        const length = u16At(bytes, at);
        left -= Math.max(4, length);
        if (length < 4 || at + length > bytes.length || left < 0) {
          note('a message cannot be read');
          b = blocks;
          break;
        }
        const wide = u16At(bytes, at + 2) === MESSAGE_RESOURCE_UNICODE;
        const whole = wide ? utf16le(bytes, at + 4, at + length) : latin1(bytes, at + 4, at + length);
        const text = whole.replace(/\0[\s\S]*$/, '');
        if (text !== '') messages.push({ id, language, text, rva: rva + at + 4, ...(wide ? {} : { wide }) });
        at += length;
      }
    }
  }
  return messages;
}

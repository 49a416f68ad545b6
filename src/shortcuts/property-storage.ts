// Serialized property storages (MS-PROPSTORE): which sets of properties stand there, and those of them that are one text.

import { u16At, u32At } from '../bytes/cursor.ts';
import { guidAt } from '../bytes/guid.ts';
import { utf16UntilZero } from './shortcut-text.ts';

export interface TextProperty {
  /** Format identifier of its set, lower case. */
  readonly set: string;
  /** Its number in the set, or its name in the set of named ones. */
  readonly id: number | string;
  readonly text: string;
}

export interface Properties {
  readonly texts: readonly TextProperty[];
  /** How many properties were stepped over, being no text. */
  readonly others: number;
  /** Why reading ended early, in words. */
  readonly damaged?: string;
}

/** "1SPS" */
export const STORAGE_VERSION = 0x53505331;
/** The set whose properties have names in place of numbers. */
const NAMED_SET = 'd5cdd505-2e9c-101b-9397-08002b2cf9ae';
const VT_LPWSTR = 31;
/** Texts of one store that are kept. */
const MOST_TEXTS = 1024;

/** All storages from `start` on until the empty one that ends them, at most to `end`. */
export function readProperties(bytes: Uint8Array, start: number, end: number): Properties {
  const texts: TextProperty[] = [];
  let others = 0;
  const damaged = (what: string, at: number): Properties => ({
    texts,
    others,
    damaged: `${what} at offset 0x${at.toString(16)}`,
  });
  let at = start;
  while (at < end) {
    const size = at + 4 <= end ? u32At(bytes, at) : -1;
    if (size === 0) return { texts, others };
    if (size < 24 || at + size > end) return damaged('a property storage does not fit', at);
    if (u32At(bytes, at + 4) !== STORAGE_VERSION) return damaged('a property storage of another version', at);
    const set = guidAt(bytes, at + 8) ?? '';
    const last = at + size;
    let value = at + 24;
    while (value < last) {
      const length = value + 4 <= last ? u32At(bytes, value) : -1;
      if (length === 0) break;
      if (length < 9 || value + length > last) return damaged('a property does not fit', value);
      const found = readProperty(bytes, value, value + length, set);
      if (texts.length >= MOST_TEXTS) return damaged(`more than ${MOST_TEXTS} texts`, value);
      if (found === undefined) others++;
      else texts.push(found);
      value += length;
    }
    at = last;
  }
  return { texts, others };
}

function readProperty(bytes: Uint8Array, start: number, end: number, set: string): TextProperty | undefined {
  const number = u32At(bytes, start + 4);
  const named = set === NAMED_SET;
  const name = start + 9;
  const typed = named ? name + number : name;
  if (typed + 8 > end || u16At(bytes, typed) !== VT_LPWSTR) return undefined;
  const units = u32At(bytes, typed + 4);
  if (typed + 8 + 2 * units > end) return undefined;
  const { text } = utf16UntilZero(bytes, typed + 8, typed + 8 + 2 * units);
  return { set, id: named ? utf16UntilZero(bytes, name, typed).text : number, text };
}

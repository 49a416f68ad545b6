// The extra data blocks of a shortcut (MS-SHLLINK 2.5): targets by environment variable or product, known folders, properties, the machine that wrote it.

import { u32At } from '../bytes/cursor.ts';
import { guidAt } from '../bytes/guid.ts';
import type { Note } from '../errors.ts';
import { type ItemId, readItemList } from './item-ids.ts';
import { type AdvertisedTarget, readDescriptor } from './product-code.ts';
import { readProperties, type TextProperty } from './property-storage.ts';
import { ansiUntilZero, utf16UntilZero } from './shortcut-text.ts';

export interface ExtraData {
  /** Target with environment variables: "%windir%\\system32\\x.exe". */
  readonly environmentTarget?: string;
  readonly iconEnvironment?: string;
  readonly advertised?: AdvertisedTarget;
  /** CSIDL of a special folder, and the offset in the item list of the first item within it. */
  readonly specialFolder?: { readonly folder: number; readonly offset: number };
  /** KNOWNFOLDERID, lower case, and the offset in the item list of the first item within it. */
  readonly knownFolder?: { readonly folder: string; readonly offset: number };
  /** Item list of Windows Vista and later, in place of the first one. */
  readonly items?: readonly ItemId[];
  readonly properties: readonly TextProperty[];
  readonly tracker?: Tracker;
  /** Name of a compatibility layer that the target runs in. */
  readonly shimLayer?: string;
  /** Signatures of blocks that say nothing of the target or are not known. */
  readonly others: readonly number[];
}

/** What distributed link tracking keeps: NetBIOS name of the machine, and identifiers of volume and file, now and at birth. */
export interface Tracker {
  readonly machine: string;
  readonly volume: string;
  readonly file: string;
  readonly birthVolume: string;
  readonly birthFile: string;
}

interface Draft extends ExtraData {
  environmentTarget?: string;
  iconEnvironment?: string;
  advertised?: AdvertisedTarget;
  specialFolder?: { readonly folder: number; readonly offset: number };
  knownFolder?: { readonly folder: string; readonly offset: number };
  items?: readonly ItemId[];
  properties: readonly TextProperty[];
  tracker?: Tracker;
  shimLayer?: string;
  readonly others: number[];
}

const ABOUT = 'extra data';
/** Blocks of one shortcut: there are eleven kinds. */
const MOST_BLOCKS = 64;

/** Least size of each block by its signature; what is shorter is not read. */
const BLOCKS: ReadonlyMap<number, { readonly name: string; readonly size: number; readonly exact: boolean }> = new Map([
  [0xa0000001, { name: 'environment variable', size: 0x314, exact: true }],
  [0xa0000003, { name: 'tracker', size: 0x60, exact: true }],
  [0xa0000005, { name: 'special folder', size: 0x10, exact: true }],
  [0xa0000006, { name: 'advertised target', size: 0x314, exact: true }],
  [0xa0000007, { name: 'icon environment', size: 0x314, exact: true }],
  [0xa0000008, { name: 'shim', size: 0x88, exact: false }],
  [0xa0000009, { name: 'property store', size: 0x0c, exact: false }],
  [0xa000000b, { name: 'known folder', size: 0x1c, exact: true }],
  [0xa000000c, { name: 'item list of Windows Vista', size: 0x0a, exact: false }],
]);

/** The blocks from `start` on until the one of less than four bytes that ends them; `after` is the offset behind it. */
export function readExtraData(bytes: Uint8Array, start: number, notes: Note[]): ExtraData & { readonly after: number } {
  const draft: Draft = { properties: [], others: [] };
  const note = (text: string) => notes.push({ about: ABOUT, text });
  let at = start;
  for (let many = 0; ; many++) {
    const size = u32At(bytes, at);
    if (size < 0) {
      note(`the file ends at offset 0x${bytes.length.toString(16)} without the block that ends all`);
      return { ...draft, after: bytes.length };
    }
    if (size < 4) return { ...draft, after: at + 4 };
    const end = at + size;
    if (many >= MOST_BLOCKS) {
      note(`it has more than ${MOST_BLOCKS} blocks; those from offset 0x${at.toString(16)} on are not read`);
      return { ...draft, after: bytes.length };
    }
    const signature = u32At(bytes, at + 4);
    if (size < 8 || end > bytes.length) {
      note(`the block of ${size} bytes at offset 0x${at.toString(16)} does not fit; what follows is not read`);
      return { ...draft, after: bytes.length };
    }
    const known = BLOCKS.get(signature);
    if (known === undefined) draft.others.push(signature);
    else if (size < known.size || (known.exact && size !== known.size))
      note(
        `the ${known.name} block at offset 0x${at.toString(16)} has ${size} bytes where ${known.size} are its size; it is not read`,
      );
    else readBlock(draft, bytes.subarray(at, end), signature, note);
    at = end;
  }
}

function readBlock(draft: Draft, block: Uint8Array, signature: number, note: (text: string) => void): void {
  switch (signature) {
    case 0xa0000001:
      draft.environmentTarget = twoTexts(block, 'target by environment variable', note);
      break;
    case 0xa0000003:
      draft.tracker = {
        machine: ansiUntilZero(block, 16, 32).text,
        volume: guidAt(block, 32) ?? '',
        file: guidAt(block, 48) ?? '',
        birthVolume: guidAt(block, 64) ?? '',
        birthFile: guidAt(block, 80) ?? '',
      };
      break;
    case 0xa0000005:
      draft.specialFolder = { folder: u32At(block, 8), offset: u32At(block, 12) };
      break;
    case 0xa0000006:
      draft.advertised = readDescriptor(twoTexts(block, 'advertised target', note));
      break;
    case 0xa0000007:
      draft.iconEnvironment = twoTexts(block, 'icon', note);
      break;
    case 0xa0000008:
      draft.shimLayer = utf16UntilZero(block, 8, block.length).text;
      break;
    case 0xa0000009: {
      const { texts, damaged } = readProperties(block, 8, block.length);
      draft.properties = [...draft.properties, ...texts];
      if (damaged !== undefined) note(`the property store: ${damaged} of the block; what follows in it is not read`);
      break;
    }
    case 0xa000000b:
      draft.knownFolder = { folder: guidAt(block, 8) ?? '', offset: u32At(block, 24) };
      break;
    case 0xa000000c: {
      const { items, damaged } = readItemList(block, 8, block.length);
      draft.items = items;
      if (damaged !== undefined) note(`the item list of Windows Vista: ${damaged}`);
      break;
    }
  }
}

/** A text of 260 characters, single-byte at offset 8 and in Unicode behind; where the two differ, that is told. */
function twoTexts(block: Uint8Array, what: string, note: (text: string) => void): string {
  const ansi = ansiUntilZero(block, 8, 268).text;
  const wide = utf16UntilZero(block, 268, 788).text;
  if (wide === '') return ansi;
  if (ansi !== '' && !/[^\x20-\x7e]/.test(wide) && ansi !== wide)
    note(`the ${what} differs between its two forms: Windows takes the Unicode one`);
  return wide;
}

// An item identifier list (MS-SHLLINK 2.2): the shell's own way to a target, from the desktop down, one item a step.

import { u16At, u32At } from '../bytes/cursor.ts';
import { guidAt } from '../bytes/guid.ts';
import { readProperties, STORAGE_VERSION } from './property-storage.ts';
import { ansiUntilZero, utf16UntilZero } from './shortcut-text.ts';

/** A step of the list, by what its bytes say. The layouts are those that forensic readers have described; the specification leaves them to the shell. */
export type ItemId =
  /** A folder of the shell's namespace, by its class: This PC, Control Panel, a known folder. */
  | { readonly kind: 'shell-folder'; readonly classId: string }
  /** A drive: "C:\". */
  | { readonly kind: 'volume'; readonly name: string }
  /** `name` is the long name where the item has one. */
  | { readonly kind: 'file'; readonly name: string; readonly shortName: string; readonly folder: boolean }
  /** A domain, server or share of the network: "\\server\share". */
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'uri'; readonly uri: string }
  /** An item of the Control Panel by its class. */
  | { readonly kind: 'control-panel'; readonly classId: string }
  /** A category of the Control Panel, by its number. */
  | { readonly kind: 'control-panel-category'; readonly category: number }
  /** An item of the Control Panel by its .cpl file. */
  | { readonly kind: 'control-panel-file'; readonly path: string }
  /** A packaged application, by its application user model identifier. */
  | { readonly kind: 'application'; readonly id: string }
  /** `type` is the first byte behind the item's size. */
  | { readonly kind: 'unknown'; readonly type: number; readonly size: number };

export interface ItemList {
  readonly items: readonly ItemId[];
  /** Offset behind what was read. */
  readonly after: number;
  /** What is wrong with it, in words. */
  readonly damaged?: string;
}

const CPL_SIGNATURE = 0xffffff38;
const CATEGORY_SIGNATURE = 0x39de2184;
/** "APPS" */
const APPLICATION_SIGNATURE = 0x53505041;
/** "CFSF" */
const DELEGATE_FILE_SIGNATURE = 0x46534643;
const FILE_EXTENSION_SIGNATURE = 0xbeef0004;
/** The Control Panel: all items, and its home. */
const CONTROL_PANELS = new Set([
  '21ec2020-3aea-1069-a2dd-08002b30309d',
  '26ee0668-a00a-44d7-9371-beb064c98683',
  '5399e694-6ce5-4d6c-8fce-1d8870fdcba0',
]);
/** AppUserModel.ID of the property system. */
export const APPLICATION_ID_SET = '9f4c2855-9f79-4b39-a8d0-e1d42de1d5f3';

/** Steps of one list: folders within one another that a path can have. */
const MOST_ITEMS = 1024;

/** The items in bytes [start, end), which the empty item ends. */
export function readItemList(bytes: Uint8Array, start: number, end: number): ItemList {
  const items: ItemId[] = [];
  let at = start;
  let afterControlPanel = false;
  while (at < end) {
    const size = at + 2 <= end ? u16At(bytes, at) : -1;
    if (size === 0) return { items, after: at + 2 };
    if (size < 3 || at + size > end)
      return { items, after: at, damaged: `item ${items.length + 1} at offset 0x${at.toString(16)} does not fit` };
    if (items.length >= MOST_ITEMS) return { items, after: at, damaged: `it has more than ${MOST_ITEMS} items` };
    const item = readItem(bytes.subarray(at, at + size), afterControlPanel);
    items.push(item);
    afterControlPanel =
      (item.kind === 'shell-folder' && CONTROL_PANELS.has(item.classId)) ||
      (afterControlPanel && item.kind === 'control-panel-category');
    at += size;
  }
  return { items, after: at, damaged: 'no empty item ends it' };
}

/** One item, its size included. */
function readItem(item: Uint8Array, afterControlPanel: boolean): ItemId {
  const type = item[2];
  const unknown: ItemId = { kind: 'unknown', type, size: item.length };
  const signature = u32At(item, 4);
  if (u32At(item, 6) === APPLICATION_SIGNATURE) return readApplication(item) ?? unknown;
  if (signature === CATEGORY_SIGNATURE && item.length >= 12)
    return { kind: 'control-panel-category', category: u32At(item, 8) };
  if (type === 0 && (signature === CPL_SIGNATURE || afterControlPanel)) return readControlPanelFile(item) ?? unknown;
  if (u32At(item, 6) === DELEGATE_FILE_SIGNATURE) return readFile(item, 10) ?? unknown;
  if (type === 0x1f) return readClass(item, 4, 'shell-folder') ?? unknown;
  if (type === 0x71) return readClass(item, 14, 'control-panel') ?? unknown;
  if (type === 0x61) return readUri(item) ?? unknown;
  switch (type & 0x70) {
    case 0x20:
      if ((type & 1) === 0) return readClass(item, 4, 'shell-folder') ?? unknown;
      return named('volume', ansiUntilZero(item, 3, Math.min(item.length, 23)).text) ?? unknown;
    case 0x30:
      return readFile(item, 0) ?? unknown;
    case 0x40:
      return named('network', ansiUntilZero(item, 5, item.length).text) ?? unknown;
    default:
      return unknown;
  }
}

function named(kind: 'volume' | 'network', name: string): ItemId | undefined {
  return name === '' ? undefined : { kind, name };
}

function readClass(item: Uint8Array, at: number, kind: 'shell-folder' | 'control-panel'): ItemId | undefined {
  const classId = guidAt(item, at);
  return classId === undefined ? undefined : { kind, classId };
}

/** A file or folder; `base` is where the entry begins, as a delegate holds one within itself. */
function readFile(item: Uint8Array, base: number): ItemId | undefined {
  const type = item[base + 2];
  const at = base + 14;
  if (at >= item.length) return undefined;
  const first = (type & 4) !== 0 ? utf16UntilZero(item, at, item.length) : ansiUntilZero(item, at, item.length);
  const name = longName(item) ?? first.text;
  if (name === '') return undefined;
  return { kind: 'file', name, shortName: first.text, folder: (type & 1) !== 0 };
}

/** The long name of the extension block that the item's last two bytes lead to. */
function longName(item: Uint8Array): string | undefined {
  const block = u16At(item, item.length - 2);
  if (block < 4 || u32At(item, block + 4) !== FILE_EXTENSION_SIGNATURE) return undefined;
  const size = u16At(item, block);
  const version = u16At(item, block + 2);
  if (size < 20 || block + size > item.length) return undefined;
  const at = block + longNameOffset(version);
  const { text, ended } = utf16UntilZero(item, at, block + size);
  return ended && text !== '' ? text : undefined;
}

/** Where the long name stands in an extension block of that version: Windows XP has 3, Vista 7, Windows 7 8, later ones 9. */
function longNameOffset(version: number): number {
  if (version >= 9) return 46;
  if (version >= 8) return 42;
  return version >= 7 ? 38 : 20;
}

function readUri(item: Uint8Array): ItemId | undefined {
  const data = u16At(item, 4);
  if (data < 0) return undefined;
  const wide = (item[3] & 0x80) !== 0;
  const read = wide ? utf16UntilZero : ansiUntilZero;
  // Behind the data stands an empty size; where there is no data, its own empty size is that.
  const { text } = read(item, data === 0 ? 6 : 6 + data, item.length);
  const uri = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) ? text : read(item, 8, item.length).text;
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri) ? { kind: 'uri', uri } : undefined;
}

/** The wide form has its path behind two offsets; the old one is all single bytes. */
function readControlPanelFile(item: Uint8Array): ItemId | undefined {
  const wide = utf16UntilZero(item, 24, item.length).text;
  if (isFilePath(wide)) return { kind: 'control-panel-file', path: wide };
  const old = ansiUntilZero(item, 12, item.length).text;
  return isFilePath(old) ? { kind: 'control-panel-file', path: old } : undefined;
}

function isFilePath(text: string): boolean {
  return /^(?:[A-Za-z]:|\\\\|%)?[^\0-\x1f<>"|?*]+\.[A-Za-z0-9]{1,8}$/.test(text);
}

function readApplication(item: Uint8Array): ItemId | undefined {
  // The storages begin behind a head of 22 bytes in the items that were seen; where another stands, their mark shows them.
  for (let at = 10; at <= Math.min(40, item.length - 8); at++) {
    if (u32At(item, at + 4) !== STORAGE_VERSION) continue;
    const { texts } = readProperties(item, at, item.length);
    const id = texts.find(({ set, id: number }) => set === APPLICATION_ID_SET && number === 5);
    return id === undefined ? undefined : { kind: 'application', id: id.text };
  }
  return undefined;
}

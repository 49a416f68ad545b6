// A Windows shortcut (.lnk, MS-SHLLINK): all that it says of its target, each part where the file has it.

import { bigU64At, u16At, u32At } from '../bytes/cursor.ts';
import { fileTimeText } from '../bytes/file-time.ts';
import { guidAt } from '../bytes/guid.ts';
import { utf16le } from '../bytes/text.ts';
import { FormatError, type Note } from '../errors.ts';
import { type ExtraData, readExtraData } from './extra-data.ts';
import { type ItemId, readItemList } from './item-ids.ts';
import { type LinkInfo, readLinkInfo } from './link-info.ts';
import { ansiText, needsCodePage } from './shortcut-text.ts';

/** LinkFlags of the header (MS-SHLLINK 2.1.1), those that matter for what is started. */
export const LinkFlag = {
  hasItems: 0x1,
  hasLinkInfo: 0x2,
  hasName: 0x4,
  hasRelativePath: 0x8,
  hasWorkingDirectory: 0x10,
  hasArguments: 0x20,
  hasIconLocation: 0x40,
  isUnicode: 0x80,
  forceNoLinkInfo: 0x100,
  hasEnvironmentTarget: 0x200,
  hasAdvertisedTarget: 0x1000,
  runAsUser: 0x2000,
  preferEnvironmentPath: 0x2000000,
} as const;

export interface ShellLink extends Omit<ExtraData, 'items'> {
  readonly flags: number;
  /** FILE_ATTRIBUTE_* of the target. */
  readonly attributes: number;
  /** Of the target, ISO 8601 in UTC with 100 ns; absent where the file has zero. */
  readonly created?: string;
  readonly accessed?: string;
  readonly written?: string;
  /** Lower 32 bits of the target's size in bytes. */
  readonly size: number;
  /** SW_SHOWNORMAL 1, SW_SHOWMAXIMIZED 3, SW_SHOWMINNOACTIVE 7 (winuser.h). */
  readonly showCommand: number;
  /** Virtual key in the low byte, modifiers in the high one; 0 for none. */
  readonly hotKey: number;
  readonly items: readonly ItemId[];
  readonly linkInfo?: LinkInfo;
  /** Description that is shown to the user. */
  readonly name?: string;
  readonly relativePath?: string;
  readonly workingDirectory?: string;
  readonly arguments?: string;
  readonly iconLocation?: string;
  readonly iconIndex: number;
  /** Bytes behind the end of the shortcut: more than none is no part of it. */
  readonly appended: number;
  readonly notes: readonly Note[];
}

const HEADER_SIZE = 0x4c;
const CLASS_ID = '00021401-0000-0000-c000-000000000046';

/** Whether bytes begin as a shortcut does: the header's size and class. */
export function isShellLink(bytes: Uint8Array): boolean {
  return u32At(bytes, 0) === HEADER_SIZE && guidAt(bytes, 4) === CLASS_ID;
}

/** Reads a shortcut. Throws FormatError where the header is not one; whatever else is damaged is a note. */
export function readShellLink(bytes: Uint8Array, file: string): ShellLink {
  if (!isShellLink(bytes)) throw new FormatError(`${file}: no shortcut (its header is none of a .lnk file)`);
  if (bytes.length < HEADER_SIZE) throw new FormatError(`${file}: the shortcut is cut off within its header`);
  const notes: Note[] = [];
  const flags = u32At(bytes, 20);
  let at = HEADER_SIZE;
  const cutOff = (about: string, what: string): void => {
    notes.push({
      about,
      text: `${what} at offset 0x${at.toString(16)} does not fit into the file; what follows is not read`,
    });
    at = bytes.length;
  };

  let items: readonly ItemId[] = [];
  if ((flags & LinkFlag.hasItems) !== 0) {
    const size = u16At(bytes, at);
    if (size < 0 || at + 2 + size > bytes.length) {
      if (size >= 0) items = readItemList(bytes, at + 2, bytes.length).items;
      cutOff('item list', 'the item list');
    } else {
      const list = readItemList(bytes, at + 2, at + 2 + size);
      items = list.items;
      if (list.damaged !== undefined) notes.push({ about: 'item list', text: list.damaged });
      at += 2 + size;
    }
  }
  let linkInfo: LinkInfo | undefined;
  if ((flags & LinkFlag.hasLinkInfo) !== 0 && at < bytes.length) {
    const size = u32At(bytes, at);
    // ForceNoLinkInfo says that it is to be ignored, not that it is absent.
    if (size < 4 || at + size > bytes.length) cutOff('link info', 'the link info');
    else {
      if ((flags & LinkFlag.forceNoLinkInfo) === 0) linkInfo = readLinkInfo(bytes, at, at + size, notes);
      at += size;
    }
  }
  const wide = (flags & LinkFlag.isUnicode) !== 0;
  const strings = new Map<string, string>();
  for (const [flag, key] of STRINGS) {
    if ((flags & flag) === 0 || at >= bytes.length) continue;
    const length = u16At(bytes, at) * (wide ? 2 : 1);
    if (length < 0 || at + 2 + length > bytes.length) {
      cutOff('strings', `the ${key}`);
      break;
    }
    const [start, end] = [at + 2, at + 2 + length];
    if (!wide && needsCodePage(bytes, start, end))
      notes.push({
        about: 'strings',
        text: `the ${key} is in a code page that the file does not name; read as Windows-1252`,
      });
    strings.set(key, wide ? utf16le(bytes, start, end) : ansiText(bytes, start, end));
    at = end;
  }
  const {
    after,
    items: later,
    ...extra
  } = at >= bytes.length ? noExtraData(bytes, notes) : readExtraData(bytes, at, notes);
  const appended = Math.max(0, bytes.length - after);
  if (appended > 0) notes.push({ about: 'end', text: `${appended} bytes stand behind the end of the shortcut` });
  return {
    flags,
    attributes: u32At(bytes, 24),
    ...time('created', bytes, 28),
    ...time('accessed', bytes, 36),
    ...time('written', bytes, 44),
    size: u32At(bytes, 52),
    iconIndex: u32At(bytes, 56) | 0,
    showCommand: u32At(bytes, 60),
    hotKey: u16At(bytes, 64),
    items: later !== undefined && later.length > 0 ? later : items,
    ...(linkInfo === undefined ? {} : { linkInfo }),
    ...string('name', strings, 'description'),
    ...string('relativePath', strings, 'relative path'),
    ...string('workingDirectory', strings, 'working directory'),
    ...string('arguments', strings, 'arguments'),
    ...string('iconLocation', strings, 'icon location'),
    ...extra,
    appended,
    notes,
  };
}

/** In the order in which they stand. */
const STRINGS: readonly (readonly [flag: number, what: string])[] = [
  [LinkFlag.hasName, 'description'],
  [LinkFlag.hasRelativePath, 'relative path'],
  [LinkFlag.hasWorkingDirectory, 'working directory'],
  [LinkFlag.hasArguments, 'arguments'],
  [LinkFlag.hasIconLocation, 'icon location'],
];

function noExtraData(bytes: Uint8Array, notes: Note[]): ReturnType<typeof readExtraData> {
  // Old shortcuts end right behind their strings; one that is cut off has said so.
  if (notes.every(({ text }) => !text.includes('does not fit into the file')))
    notes.push({ about: 'extra data', text: 'the file ends without the block that ends all' });
  return { properties: [], others: [], after: bytes.length };
}

function time<Key extends string>(key: Key, bytes: Uint8Array, at: number): Partial<Record<Key, string>> {
  const ticks = bigU64At(bytes, at);
  return ticks > 0n ? ({ [key]: fileTimeText(ticks) } as Record<Key, string>) : {};
}

function string<Key extends string>(
  key: Key,
  strings: ReadonlyMap<string, string>,
  what: string,
): Partial<Record<Key, string>> {
  const found = strings.get(what);
  return found === undefined ? {} : ({ [key]: found } as Record<Key, string>);
}

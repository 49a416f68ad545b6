// The LinkInfo structure of a shortcut (MS-SHLLINK 2.3): where its target was found, on a volume or on the network.

import { u32At } from '../bytes/cursor.ts';
import type { Note } from '../errors.ts';
import { ansiUntilZero, needsCodePage, utf16UntilZero } from './shortcut-text.ts';

export interface LinkInfo {
  /** Full path on a volume; absent where the target is only on the network. */
  readonly localPath?: string;
  /** Full path on the network: "\\server\share\folder\x.exe". */
  readonly networkPath?: string;
  /** Drive letter that the share was connected to: "Z:". */
  readonly device?: string;
  /** DRIVE_REMOVABLE 2, DRIVE_FIXED 3, DRIVE_REMOTE 4, DRIVE_CDROM 5, DRIVE_RAMDISK 6 (winbase.h). */
  readonly driveType?: number;
  /** Serial number of the volume. */
  readonly volumeSerial?: number;
  readonly volumeLabel?: string;
}

const HAS_VOLUME = 1;
const HAS_NETWORK = 2;
/** Header sizes from which the Unicode offsets are there. */
const WITH_UNICODE = 0x24;
const ABOUT = 'link info';

/** The structure in bytes [start, end); what in it does not fit is a note, and the rest is still read. */
export function readLinkInfo(bytes: Uint8Array, start: number, end: number, notes: Note[]): LinkInfo {
  const info = bytes.subarray(start, end);
  const note = (text: string) =>
    notes.push({ about: ABOUT, text: `${text} (it stands at offset 0x${start.toString(16)})` });
  const header = u32At(info, 4);
  const flags = u32At(info, 8);
  if (header < 0x1c || header > info.length || flags < 0) {
    note(`its header of ${header} bytes does not fit`);
    return {};
  }
  /** The text at the offset that stands at `field`; its Unicode form, whose offset stands at `wideField`, before it. */
  const text = (from: Uint8Array, field: number, wideField: number | undefined, what: string): string | undefined => {
    const wide = wideField === undefined ? 0 : u32At(from, wideField);
    if (wide > 0 && wide < from.length) {
      const found = utf16UntilZero(from, wide, from.length);
      if (found.ended) return found.text;
      note(`its ${what} in Unicode has no end; the single-byte one is taken`);
    } else if (wide > 0) note(`its ${what} in Unicode lies outside; the single-byte one is taken`);
    const at = u32At(from, field);
    if (at <= 0) return undefined;
    if (at >= from.length) {
      note(`its ${what} lies outside`);
      return undefined;
    }
    const found = ansiUntilZero(from, at, from.length);
    if (!found.ended) note(`its ${what} has no end`);
    if (needsCodePage(from, at, found.after))
      note(`its ${what} is in a code page that the file does not name; read as Windows-1252`);
    return found.text;
  };
  const wide = header >= WITH_UNICODE;
  const suffix = text(info, 24, wide ? 32 : undefined, 'path suffix') ?? '';
  const volume = (flags & HAS_VOLUME) === 0 ? {} : readVolume(info, text, suffix, wide, note);
  const network = (flags & HAS_NETWORK) === 0 ? {} : readNetwork(info, text, suffix, note);
  return { ...volume, ...network };
}

type ReadText = (from: Uint8Array, field: number, wideField: number | undefined, what: string) => string | undefined;

function readVolume(
  info: Uint8Array,
  text: ReadText,
  suffix: string,
  wide: boolean,
  note: (text: string) => void,
): Partial<LinkInfo> {
  const base = text(info, 16, wide ? 28 : undefined, 'local path');
  const local = base === undefined ? {} : { localPath: `${base}${suffix}` };
  const volume = part(info, u32At(info, 12), 0x10);
  if (volume === undefined) {
    note('its volume does not fit');
    return local;
  }
  // An offset of 0x14 stands for a label in Unicode, whose own offset follows.
  const label = text(volume, 12, u32At(volume, 12) === 0x14 ? 16 : undefined, 'volume label');
  return {
    ...local,
    driveType: u32At(volume, 4),
    volumeSerial: u32At(volume, 8),
    ...(label === undefined || label === '' ? {} : { volumeLabel: label }),
  };
}

function readNetwork(
  info: Uint8Array,
  text: ReadText,
  suffix: string,
  note: (text: string) => void,
): Partial<LinkInfo> {
  const network = part(info, u32At(info, 20), 0x14);
  if (network === undefined) {
    note('its network location does not fit');
    return {};
  }
  const wide = u32At(network, 8) > 0x14;
  const share = text(network, 8, wide ? 20 : undefined, 'share');
  const hasDevice = (u32At(network, 4) & 1) !== 0;
  const device = hasDevice ? text(network, 12, wide ? 24 : undefined, 'device') : undefined;
  return {
    ...(share === undefined ? {} : { networkPath: suffix === '' ? share : `${share.replace(/\\$/, '')}\\${suffix}` }),
    ...(device === undefined ? {} : { device }),
  };
}

/** A structure within that begins with its own size. */
function part(info: Uint8Array, at: number, least: number): Uint8Array | undefined {
  const size = at > 0 ? u32At(info, at) : -1;
  return size >= least && at + size <= info.length ? info.subarray(at, at + size) : undefined;
}

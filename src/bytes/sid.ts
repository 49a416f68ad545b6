// A security identifier as Windows writes it (winnt.h, SID): revision, authority, sub-authorities.

import { u32At } from './cursor.ts';

/** The SID in bytes [from, from + size) as "S-1-5-21-...": a 48-bit big-endian authority, and as many sub-authorities as are there. "S-?" when it is cut off. */
export function sidText(bytes: Uint8Array, from: number, size: number): string {
  if (size < 8) return 'S-?';
  const authority =
    ((bytes[from + 2] << 8) | bytes[from + 3]) * 0x1_0000_0000 +
    (((bytes[from + 4] << 24) | (bytes[from + 5] << 16) | (bytes[from + 6] << 8) | bytes[from + 7]) >>> 0);
  let text = `S-${bytes[from]}-${authority}`;
  const end = Math.min(from + size, from + 8 + 4 * bytes[from + 1]);
  for (let at = from + 8; at + 4 <= end; at += 4) text += `-${u32At(bytes, at)}`;
  return text;
}

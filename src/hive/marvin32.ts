// Marvin32, the hash of transaction log entries (Windows 8.1 and later), with the seed that Windows uses for them.

import { u32At } from '../bytes/cursor.ts';

/** The seed is 0x82ef4d887a4e55c5. */
const SEED_LOW = 0x7a4e_55c5;
const SEED_HIGH = 0x82ef_4d88;

/** The 64-bit hash of bytes [start, end), as its low and its high half. */
export function marvin32(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly low: number; readonly high: number } {
  let low = SEED_LOW | 0;
  let high = SEED_HIGH | 0;
  const mix = (value: number): void => {
    low = (low + value) | 0;
    high ^= low;
    low = (rotated(low, 20) + high) | 0;
    high = rotated(high, 9) ^ low;
    low = (rotated(low, 27) + high) | 0;
    high = rotated(high, 19);
  };
  let at = start;
  for (; at + 4 <= end; at += 4) mix(u32At(bytes, at) | 0);
  let last = 0x80;
  for (let i = end - 1; i >= at; i--) last = (last << 8) | bytes[i];
  mix(last);
  mix(0);
  return { low: low >>> 0, high: high >>> 0 };
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

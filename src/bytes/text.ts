// Text out of bytes: single-byte, UTF-8 and UTF-16LE, bounded, and lossless even where the text is not well-formed.

/** Longest run handed to one String.fromCharCode call (engines bound the number of arguments). */
const RUN = 4096;

/** Bytes [start, end) one character per byte (ISO 8859-1, so every byte is kept). Bounds are clipped to the bytes. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const from = Math.max(0, start);
  const to = Math.min(end, bytes.length);
  if (to - from <= 0) return '';
  if (to - from <= RUN) return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  let text = '';
  for (let at = from; at < to; at += RUN) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(to, at + RUN)) as unknown as number[]);
  }
  return text;
}

/** Offset of the first zero byte in [start, end), -1 when there is none. */
export function zeroAt(bytes: Uint8Array, start: number, end: number): number {
  const from = Math.max(0, start);
  if (!(from < end)) return -1;
  const found = bytes.subarray(from, end).indexOf(0);
  return found < 0 ? -1 : from + found;
}

/**
 * UTF-16LE units in bytes [start, end), clipped to the bytes; an odd last byte is left out.
 * A lone surrogate becomes the eight characters `\u{d800}` (its own value), so that the text can be written as UTF-8 without loss.
 */
export function utf16le(bytes: Uint8Array, start: number, end: number): string {
  const from = Math.max(0, start);
  const to = from + ((Math.min(end, bytes.length) - from) & ~1);
  let text = '';
  const units: number[] = [];
  for (let at = from; at < to; at += 2) {
    units.push(bytes[at] | (bytes[at + 1] << 8));
    if (units.length === RUN) {
      text += String.fromCharCode.apply(null, units);
      units.length = 0;
    }
  }
  text += String.fromCharCode.apply(null, units);
  return wellFormed(text);
}

/** `text` with every lone surrogate written as `\u{...}`; the same string when there is none. */
export function wellFormed(text: string): string {
  if (!/[\ud800-\udfff]/.test(text)) return text;
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : `\\u{${found.charCodeAt(0).toString(16)}}`,
  );
}

/** Bytes [start, end) as UTF-8 where they are valid UTF-8, else one character per byte. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  let ascii = true;
  const to = Math.min(end, bytes.length);
  for (let at = start; at < to && ascii; at++) ascii = bytes[at] < 0x80;
  if (ascii) return latin1(bytes, start, to);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, to));
  } catch {
    return latin1(bytes, start, to);
  }
}

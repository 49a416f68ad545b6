// The lines of a text whose encoding its first bytes tell, one at a time, so that no text is longer in memory than its longest line.

import { utf8, utf16le } from '../bytes/text.ts';

export type TextEncodingName = 'utf-16le' | 'utf-16be' | 'utf-8' | 'ansi';

/** Bytes of a line that are read; a registry value of a megabyte takes about six. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

export interface TextLine {
  /** From 1 on. */
  readonly number: number;
  /** Without its end. undefined where it is longer than what is read. */
  readonly text: string | undefined;
}

/** Bytes of the mark at the beginning, and what it says; without one, zero bytes at every second place tell UTF-16. */
export function textEncoding(bytes: Uint8Array): { readonly encoding: TextEncodingName; readonly from: number } {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', from: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', from: 2 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', from: 3 };
  if (bytes.length >= 4 && a !== 0 && b === 0 && c !== 0 && bytes[3] === 0) return { encoding: 'utf-16le', from: 0 };
  return { encoding: 'ansi', from: 0 };
}

export function* textLines(bytes: Uint8Array): Generator<TextLine> {
  const { encoding, from } = textEncoding(bytes);
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be';
  let number = 0;
  for (let at = from; at < bytes.length; ) {
    number++;
    const end = wide ? wideEnd(bytes, at, encoding === 'utf-16be') : narrowEnd(bytes, at);
    yield { number, text: end - at > MOST_LINE_BYTES ? undefined : decoded(bytes, at, end, encoding) };
    at = end + (wide ? 2 : 1);
  }
}

function narrowEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end;
}

function wideEnd(bytes: Uint8Array, at: number, isBig: boolean): number {
  const low = isBig ? 1 : 0;
  let found = bytes.indexOf(10, at);
  while (found >= 0 && !((found - at) % 2 === low && bytes[found + (isBig ? -1 : 1)] === 0))
    found = bytes.indexOf(10, found + 1);
  return found < 0 ? bytes.length : found - low;
}

function decoded(bytes: Uint8Array, start: number, end: number, encoding: TextEncodingName): string {
  return textOf(bytes.subarray(start, end), encoding).replace(/\r$/, '');
}

function textOf(line: Uint8Array, encoding: TextEncodingName): string {
  if (encoding === 'utf-16le') return utf16le(line, 0, line.length);
  if (encoding === 'utf-16be') {
    const swapped = new Uint8Array(line.length & ~1);
    for (let i = 0; i < swapped.length; i += 2) swapped.set([line[i + 1], line[i]], i);
    return utf16le(swapped, 0, swapped.length);
  }
  return utf8(line, 0, line.length);
}

// What Sigma's modifiers turn a text into: other encodings, base64 at any offset, and the dashes that Windows takes for one another.

import { joinPatterns, type TextPattern } from '../pattern.ts';

export const ENCODINGS = ['wide', 'utf16le', 'utf16be', 'utf16'] as const;

/** `utf16` has a byte order mark, little-endian. */
export function encodingOf(encoding: (typeof ENCODINGS)[number] | 'utf8', text: string): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(text);
  const marked = encoding === 'utf16' ? `\ufeff${text}` : text;
  const bytes = new Uint8Array(marked.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), encoding !== 'utf16be');
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Characters of base64 that depend on what stands in front of the bytes and behind them, by how many are in front. */
const FIRST = [0, 2, 3];
const LAST = [0, 3, 2];

/** What the bytes look like within a longer text in base64: one form for each of the three places they may begin at. */
export function offsetsInBase64(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const shifted = new Uint8Array(offset + bytes.length);
    shifted.set(bytes, offset);
    const text = toBase64(shifted);
    const cut = LAST[shifted.length % 3];
    return text.slice(FIRST[offset], cut === 0 ? undefined : -cut);
  });
}

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
/** Forms of one text at most. */
const MOST_FORMS = 5 ** 4;

/** The text with each kind of dash wherever an option begins; none where that is more than can be. */
export function withDashes(pattern: TextPattern): readonly TextPattern[] {
  let forms: readonly TextPattern[] = [[]];
  for (const part of pattern) {
    const pieces = typeof part === 'string' ? part.split(/\B([-/])(?=\w)/) : [part];
    for (const [index, piece] of pieces.entries()) {
      const isDash = index % 2 === 1;
      if (isDash && forms.length * DASHES.length > MOST_FORMS) return [];
      forms = isDash
        ? DASHES.flatMap((dash) => forms.map((form) => [...form, dash]))
        : forms.map((form) => [...form, piece]);
    }
  }
  return forms.map((form) => joinPatterns(form));
}

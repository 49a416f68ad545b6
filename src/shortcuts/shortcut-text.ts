// Text of shortcuts: UTF-16 where the format has it, else single bytes in a code page that the file does not name.

import { latin1, utf16le, zeroAt } from '../bytes/text.ts';

/** Bytes [start, end) as Windows-1252: the code page of the machine that wrote them is not in the file. Bounds are clipped to the bytes. */
export function ansiText(bytes: Uint8Array, start: number, end: number): string {
  const text = latin1(bytes, start, end);
  if (!/[\x80-\xff]/.test(text)) return text;
  return new TextDecoder('windows-1252').decode(bytes.subarray(Math.max(0, start), Math.min(end, bytes.length)));
}

/** Whether single-byte text in bytes [start, end) depends on a code page. */
export function needsCodePage(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes.subarray(Math.max(0, start), Math.max(0, Math.min(end, bytes.length))).some((byte) => byte >= 0x80);
}

export interface EndedText {
  readonly text: string;
  /** Offset behind the zero that ends it, or `end` where none does. */
  readonly after: number;
  readonly ended: boolean;
}

/** Single-byte text from `start` to its zero, at most to `end`. */
export function ansiUntilZero(bytes: Uint8Array, start: number, end: number): EndedText {
  const to = Math.min(end, bytes.length);
  const zero = zeroAt(bytes, start, to);
  return { text: ansiText(bytes, start, zero < 0 ? to : zero), after: zero < 0 ? to : zero + 1, ended: zero >= 0 };
}

/** UTF-16LE text from `start` to its zero, at most to `end`. */
export function utf16UntilZero(bytes: Uint8Array, start: number, end: number): EndedText {
  const to = Math.min(end, bytes.length);
  for (let at = Math.max(0, start); at + 2 <= to; at += 2)
    if (bytes[at] === 0 && bytes[at + 1] === 0) return { text: utf16le(bytes, start, at), after: at + 2, ended: true };
  return { text: utf16le(bytes, start, to), after: to, ended: false };
}

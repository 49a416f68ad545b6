// Text out of dossiers made fit for documents: nothing hidden in it, cut where it is too long, and escaped for XML and HTML.

import { replaceHidden } from '../rule/visible-text.ts';

/** More of these in a row is no writing of any language, and runs over the lines above and below. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;
const LONGEST = 4000;

/** One line: hidden characters as \u{hex}, longer than `limit` characters cut with the mark of an ellipsis. */
export function shownText(text: string, limit = LONGEST): string {
  // A character is at most two units of UTF-16: what lies behind is cut in any case.
  const characters = [...text.slice(0, 2 * limit + 2)];
  const cut = characters.length > limit ? `${characters.slice(0, Math.max(1, limit - 1)).join('')}…` : text;
  return replaceHidden(cut, (codePoint) => `\\u{${codePoint.toString(16)}}`).replace(PILED_MARKS, '$1');
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For XML and HTML, between tags and in attributes in quotation marks; the text is shown text already. */
export function escapedXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => REFERENCES[char]);
}

/** "1 primitive", "2 primitives". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function enumerated(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A figure as a person writes it: three digits that count, thousands set apart: "0.3", "41,000", "0". */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  const [whole, fraction] = String(rounded).split('.');
  if (whole.includes('e')) return whole;
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

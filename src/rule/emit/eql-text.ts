// The words of EQL as Elasticsearch reads them: texts, numbers, names of fields and categories.

import { refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map(
  [...'btnfr'].map((letter, index) => ['\b\t\n\f\r'.charCodeAt(index), `\\${letter}`]),
);
const KEYWORDS: ReadonlySet<string> = new Set(
  'and any by false in join like maxspan not null of or regex sample sequence true until where with'.split(' '),
);
const PLAIN_NAME = /^[A-Za-z_@][A-Za-z0-9_]*$/;

/** A double-quoted EQL string; hidden characters as \n and its like, or as \u{hex}. */
export function eqlString(text: string): string {
  refuseLoneSurrogate(text, 'EQL');
  const escaped = replaceHidden(
    text.replace(/["\\]/g, '\\$&'),
    (codePoint) => SHORT_ESCAPES.get(codePoint) ?? `\\u{${codePoint.toString(16).padStart(4, '0')}}`,
  );
  return `"${escaped}"`;
}

/** `float`: it is written with a point, whatever its value. */
export function eqlNumber(value: number, float = false): string {
  if (!float) return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A field's name, in backquotes where it must be. */
export function eqlName(name: string, optional = false): string {
  const parts = name.split('.');
  const all = parts.includes('') ? [name] : parts;
  const text = all
    .map((part) => (PLAIN_NAME.test(part) && !KEYWORDS.has(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.');
  return `${optional ? '?' : ''}${text}`;
}

export function eqlCategory(category: string | null): string {
  if (category === null) return 'any';
  return PLAIN_NAME.test(category) && !KEYWORDS.has(category) ? category : eqlString(category);
}

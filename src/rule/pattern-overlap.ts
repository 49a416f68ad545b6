// Whether two patterns have a value in common, and whether one has every value of the other.

import { foldCase } from './fold.ts';
import { joinPatterns, type TextPattern } from './pattern.ts';
import { matchesFolded, matchesPattern } from './pattern-match.ts';

/** Longer pairs of patterns are taken to overlap. */
const MOST_STEPS = 1 << 20;

/** Some value fits both. Letters are compared in lower case unless `cased`. */
export function overlaps(one: TextPattern, other: TextPattern, cased = false): boolean {
  const [a, b] = [symbols(one, cased), symbols(other, cased)];
  for (let at = 0; at < a.length && at < b.length && a[at] !== MANY && b[at] !== MANY; at++)
    if (!isSame(a[at], b[at])) return false;
  for (let at = 1; at <= a.length && at <= b.length && a[a.length - at] !== MANY && b[b.length - at] !== MANY; at++)
    if (!isSame(a[a.length - at], b[b.length - at])) return false;
  if ((a.length + 1) * (b.length + 1) > MOST_STEPS) return true;
  // `row[j]`: what is left of `a` from i and of `b` from j has a value in common.
  let below = new Uint8Array(b.length + 1);
  for (let i = a.length; i >= 0; i--) {
    const row = new Uint8Array(b.length + 1);
    for (let j = b.length; j >= 0; j--) {
      if (i === a.length && j === b.length) row[j] = 1;
      else if (a[i] === MANY) row[j] = below[j] || (j < b.length ? row[j + 1] : 0);
      else if (b[j] === MANY) row[j] = row[j + 1] || (i < a.length ? below[j] : 0);
      else if (i < a.length && j < b.length && isSame(a[i], b[j])) row[j] = below[j + 1];
    }
    below = row;
  }
  return below[0] === 1;
}

/** Every value of `inner` fits `outer`; false also where that cannot be told. */
export function covers(outer: TextPattern, inner: TextPattern, cased = false): boolean {
  const { text, folded } = markedText(inner);
  if (literalLength(outer) > text.length) return false;
  if (text.includes(PRIVATE_MANY) && outer.some((part) => typeof part === 'object' && part.any === 'one')) return false;
  return cased ? matchesPattern(outer, text, true) : matchesFolded(outer, folded);
}

const LENGTHS = new WeakMap<TextPattern, number>();

/** Units that each text has which fits. */
function literalLength(pattern: TextPattern): number {
  let length = LENGTHS.get(pattern);
  if (length === undefined) {
    length = pattern.reduce(
      (sum, part) => sum + (typeof part === 'string' ? part.length : part.any === 'one' ? 1 : 0),
      0,
    );
    LENGTHS.set(pattern, length);
  }
  return length;
}

const MARKED = new WeakMap<TextPattern, { readonly text: string; readonly folded: string }>();

/** Its wildcards as characters that only a wildcard fits; `?` must not fit that of "any number". */
function markedText(pattern: TextPattern): { readonly text: string; readonly folded: string } {
  let marked = MARKED.get(pattern);
  if (marked === undefined) {
    const text = joinPatterns(pattern)
      .map((part) => (typeof part === 'string' ? part : part.any === 'one' ? PRIVATE_ONE : PRIVATE_MANY))
      .join('');
    marked = { text, folded: foldCase(text) };
    MARKED.set(pattern, marked);
  }
  return marked;
}

const MANY = -1;
const ONE = -2;
const PRIVATE_ONE = '\u{f8fe}';
const PRIVATE_MANY = '\u{f8ff}';

function isSame(one: number, other: number): boolean {
  return one === other || one === ONE || other === ONE;
}

const KNOWN = new WeakMap<TextPattern, readonly number[]>();

function symbols(pattern: TextPattern, cased: boolean): readonly number[] {
  const known = cased ? undefined : KNOWN.get(pattern);
  if (known) return known;
  const made = makeSymbols(pattern, cased);
  if (!cased) KNOWN.set(pattern, made);
  return made;
}

function makeSymbols(pattern: TextPattern, cased: boolean): readonly number[] {
  return joinPatterns(pattern).flatMap((part) => {
    if (typeof part === 'object') return [part.any === 'many' ? MANY : ONE];
    const text = cased ? part : foldCase(part);
    return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  });
}

// The literal texts in the tests of values: what one scan of a value can find of all rules at once.

import { foldCase, foldsByUnit } from '../rule/fold.ts';
import { ANY_MANY, joinPatterns, type TextPattern } from '../rule/pattern.ts';
import { numberTexts } from '../rule/value-match.ts';
import type { ValueTest } from '../rule/value-test.ts';
import { requiredText } from './regex-literal.ts';

/** Where in a value the text stands. */
export type Anchor = 'anywhere' | 'start' | 'end' | 'whole';

export interface Literal {
  /** Folded; without NUL, at which a scan ends. */
  readonly text: string;
  readonly anchor: Anchor;
}

/** What a test comes to: `exact` where a value meets it just where one of the texts is there; else it cannot without one of them. */
export interface Literals {
  readonly of: readonly Literal[];
  readonly exact: boolean;
}

/** Of tests that were asked before: a rule is compiled for each kind of events. */
const KNOWN = new WeakMap<ValueTest, Literals | null>();

/** The literals of a test; undefined where it may be met without any. */
export function literalsOfTest(test: ValueTest): Literals | undefined {
  let known = KNOWN.get(test);
  if (known === undefined) {
    known = findLiterals(test) ?? null;
    KNOWN.set(test, known);
  }
  return known ?? undefined;
}

function findLiterals(test: ValueTest): Literals | undefined {
  switch (test.kind) {
    case 'like': {
      const found = literalOf(test.pattern);
      return found && { of: [found.literal], exact: found.exact && !test.cased };
    }
    case 'number':
      if (test.op !== 'eq') return undefined;
      return { of: numberTexts(test.than).map((text) => ({ text, anchor: 'whole' })), exact: true };
    case 'boolean':
      return { of: [{ text: String(test.wanted), anchor: 'whole' }], exact: true };
    case 'regex': {
      const text = test.syntax === 'perl' ? requiredText(test.source) : '';
      return usable(text) ? { of: [{ text: foldCase(text), anchor: 'anywhere' }], exact: false } : undefined;
    }
    default:
      return undefined;
  }
}

function usable(text: string): boolean {
  return text !== '' && !text.includes('\0') && foldsByUnit(text);
}

/** The longest text of a pattern. */
function literalOf(pattern: TextPattern): { readonly literal: Literal; readonly exact: boolean } | undefined {
  const parts = isJoined(pattern) ? pattern : joinPatterns(pattern);
  let best = -1;
  for (const [index, part] of parts.entries())
    if (typeof part === 'string' && usable(part) && (best < 0 || part.length > (parts[best] as string).length))
      best = index;
  if (best < 0) return undefined;
  const isFirst = best === 0;
  const isLast = best === parts.length - 1;
  const anchor = isFirst && isLast ? 'whole' : isFirst ? 'start' : isLast ? 'end' : 'anywhere';
  const isOnly = parts.every((part, index) => index === best || part === ANY_MANY || isMany(part));
  return { literal: { text: foldCase(parts[best] as string), anchor }, exact: isOnly };
}

/** Whether no part could be joined with the one behind it, as patterns are read. */
function isJoined(pattern: TextPattern): boolean {
  return pattern.every((part, i) => part !== '' && (i === 0 || typeof part !== typeof pattern[i - 1]));
}

function isMany(part: TextPattern[number]): boolean {
  return typeof part === 'object' && part.any === 'many';
}

// Whether a text fits a pattern, in time that grows with the text and the pattern only.

import { foldCase } from './fold.ts';
import type { TextPattern } from './pattern.ts';

/** Whether the whole of `text` fits. Letters are compared in lower case unless `cased`. */
export function matchesPattern(pattern: TextPattern, text: string, cased = false): boolean {
  return cased ? fits(pattern, text) : matchesFolded(pattern, foldCase(text));
}

/** The same of a text that is folded already. */
export function matchesFolded(pattern: TextPattern, folded: string): boolean {
  return fits(lowered(pattern), folded);
}

function fits(parts: TextPattern, given: string): boolean {
  // Runs between wildcards of any length: each is looked for behind the one before, as near as it stands.
  let at = 0;
  let isFree = false;
  let run: (string | undefined)[] = [];
  const place = (isLast: boolean): boolean => {
    const length = lengthOf(run);
    if (!isFree) {
      if (!standsAt(run, given, at) || (isLast && at + length !== given.length)) return false;
      at += length;
      return true;
    }
    if (isLast) {
      const from = given.length - length;
      return from >= at && standsAt(run, given, from);
    }
    const [first] = run;
    for (let from = at; from + length <= given.length; from++) {
      if (first !== undefined) {
        from = given.indexOf(first, from);
        if (from < 0) return false;
      }
      if (!standsAt(run, given, from)) continue;
      at = from + length;
      return true;
    }
    return false;
  };
  for (const part of parts) {
    if (typeof part === 'string') run.push(part);
    else if (part.any === 'one') run.push(undefined);
    else {
      if (run.length > 0 && !place(false)) return false;
      run = [];
      isFree = true;
    }
  }
  return run.length === 0 ? isFree || at === given.length : place(true);
}

/** Literal texts, and undefined for one character of any kind. */
type Run = readonly (string | undefined)[];

function lengthOf(run: Run): number {
  return run.reduce((all, part) => all + (part === undefined ? 1 : part.length), 0);
}

function standsAt(run: Run, text: string, from: number): boolean {
  let at = from;
  if (at + lengthOf(run) > text.length) return false;
  for (const part of run) {
    if (part !== undefined && !text.startsWith(part, at)) return false;
    at += part === undefined ? 1 : part.length;
  }
  return true;
}

const LOWERED = new WeakMap<TextPattern, TextPattern>();

function lowered(pattern: TextPattern): TextPattern {
  let known = LOWERED.get(pattern);
  if (!known) {
    known = pattern.map((part) => (typeof part === 'string' ? foldCase(part) : part));
    LOWERED.set(pattern, known);
  }
  return known;
}

// A value that fits several patterns at once, as a person would write it; none where none was found.

import { foldCase } from './fold.ts';
import { joinPatterns, literalsOf, type TextPattern } from './pattern.ts';
import { matchesPattern } from './pattern-match.ts';

/** A folder that every user writes to. */
const OWN_FOLDER = 'C:\\Users\\Public';
const MOST_TRIES = 64;

/** Of each list one pattern is fulfilled. A path gets a folder that every user writes to where the patterns leave it open. */
export function exampleValue(lists: readonly (readonly TextPattern[])[], isPath: boolean): string | undefined {
  let tries = 0;
  const choose = (at: number, chosen: readonly TextPattern[]): string | undefined => {
    if (at === lists.length) {
      tries++;
      return [true, false]
        .map((isShort) => fitted(chosen, isPath, isShort))
        .find((value) => chosen.every((pattern) => matchesPattern(pattern, value)));
    }
    for (const pattern of lists[at]) {
      if (tries >= MOST_TRIES) return undefined;
      const value = choose(at + 1, [...chosen, pattern]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return choose(0, []);
}

/** Beginnings first, then what stands anywhere, then ends. `isShort`: of a beginning only what stands before its wildcards, where there is an end. */
function fitted(patterns: readonly TextPattern[], isPath: boolean, isShort: boolean): string {
  const joined = patterns.map((pattern) => joinPatterns(pattern));
  const whole = joined.find((parts) => parts.every((part) => typeof part === 'string'));
  if (whole) return literalsOf(whole).join('');
  const isOpen = (part: TextPattern[number] | undefined): boolean => typeof part === 'object' && part.any === 'many';
  const starts = joined.filter((parts) => !isOpen(parts[0])).sort(byLength);
  const ends = joined.filter((parts) => isOpen(parts[0]) && !isOpen(parts.at(-1))).sort(byLength);
  const insides = joined.filter((parts) => isOpen(parts[0]) && isOpen(parts.at(-1)));
  const start = starts[0] ?? [];
  const open = isShort && ends.length > 0 ? start.findIndex(isOpen) : -1;
  let value = filled(open < 0 ? start : start.slice(0, open));
  const has = (text: string): boolean => foldCase(value).includes(foldCase(text));
  const add = (text: string): void => {
    if (isPath && value.endsWith('\\') && text.startsWith('\\')) value += text.slice(1);
    else value += text;
  };
  const end = ends.length > 0 ? filled(ends[0]) : '';
  for (const parts of insides) {
    const text = filled(parts);
    if (!has(text) && !foldCase(end).includes(foldCase(text))) add(text);
  }
  add(end);
  if (starts.length > 0) return isPath && value.endsWith('\\') ? `${value}x.exe` : value;
  if (!isPath) return value;
  if (value.startsWith(':')) value = `C${value}`;
  else if (!/^[a-z]:\\/i.test(value)) value = `${OWN_FOLDER}${value.startsWith('\\') ? '' : '\\'}${value}`;
  return value.endsWith('\\') ? `${value}x.exe` : value;
}

function byLength(one: TextPattern, other: TextPattern): number {
  return literalsOf(other).join('').length - literalsOf(one).join('').length;
}

/** Its wildcards filled as shortly as they can be. */
function filled(pattern: TextPattern): string {
  return pattern
    .map((part, at) => {
      if (typeof part === 'string') return part;
      const [before, after] = [pattern[at - 1], pattern[at + 1]];
      if (part.any === 'one') return typeof after === 'string' && after.startsWith(':') ? 'C' : 'x';
      const isFolder = typeof before === 'string' && before.endsWith('\\') && typeof after === 'string';
      return isFolder && /^[\\.]/.test(after) ? 'x' : '';
    })
    .join('');
}

// Keys whose names are known in part: "*" is one key or a part of its name, and where that finds nothing, or "**" stands there, any text of a path.

import { upperName } from '../hive/upper-name.ts';
import { keyParts } from './key-path.ts';
import type { RegistryView, RegistryViewKey } from './view.ts';

/** Keys that are looked at for one pattern. */
const MOST_VISITED = 1_000_000;
/** Characters of their paths: a hive may hold very many keys, each far down below long names. */
const MOST_TEXT = 200_000_000;
/** Keys that are handed out for one pattern. */
const MOST_FOUND = 200;

export interface PatternMatch {
  readonly key: RegistryViewKey;
  /** any-depth: an unknown part stands for more than one key of the path, or for none. */
  readonly depth: 'exact' | 'one-level' | 'any-depth';
}

export interface PatternMatches {
  readonly found: readonly PatternMatch[];
  /** The search ended at a limit: others may be missing. */
  readonly isCut: boolean;
}

/** Roots that a key handle which is not known may be. */
const ANY_ROOT = ['HKEY_LOCAL_MACHINE', 'HKEY_CURRENT_USER'] as const;

/** Whether `text` is `pattern`, in which "*" is any text; both in one case. */
export function fitsStars(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let from = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      from = at;
    } else if (next < pattern.length && pattern[next] === text[at]) {
      at++;
      next++;
    } else if (star < 0) return false;
    else {
      next = star + 1;
      at = ++from;
    }
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

/** The keys that fit and that `wants` takes. A pattern that fits any key at all finds none: it says nothing. */
export function matchingKeys(
  view: RegistryView,
  pattern: string,
  wants: (key: RegistryViewKey) => boolean,
): PatternMatches {
  const parts = pattern.split('\\').filter((part) => part !== '');
  const starts = parts[0]?.includes('*') ? ANY_ROOT.map((root) => [root, ...parts.slice(1)]) : [parts];
  const hasStars = parts.some((part) => part.includes('*'));
  if (!hasStars) {
    const key = view.key(pattern);
    return { found: key !== undefined && wants(key) ? [{ key, depth: 'exact' }] : [], isCut: false };
  }
  const search = new Search(wants);
  if (!parts.some((part) => part.includes('**')))
    for (const one of starts) search.levels(keyAt(view, one.slice(0, 1)), one.slice(1));
  if (search.found.length === 0)
    for (const one of parts[0].includes('*') ? ANY_ROOT.map((root) => [root, ...parts]) : [parts]) {
      const fixed = one.findIndex((part) => part.includes('*'));
      const tail = upperName(one.slice(fixed).join('\\'));
      if (fixed > 0) search.anyDepth(keyAt(view, one.slice(0, fixed)), tail);
    }
  return { found: search.found, isCut: search.isCut };
}

function keyAt(view: RegistryView, parts: readonly string[]): RegistryViewKey | undefined {
  return keyParts(parts.join('\\')) && view.key(parts.join('\\'));
}

class Search {
  readonly found: PatternMatch[] = [];
  isCut = false;
  #visited = 0;
  #text = 0;
  readonly #wants: (key: RegistryViewKey) => boolean;

  constructor(wants: (key: RegistryViewKey) => boolean) {
    this.#wants = wants;
  }

  /** Each part is one level. */
  levels(from: RegistryViewKey | undefined, parts: readonly string[]): void {
    let keys: RegistryViewKey[] = from === undefined ? [] : [from];
    for (const part of parts) {
      const next: RegistryViewKey[] = [];
      for (const key of keys)
        for (const below of this.#below(key, part)) {
          if (!this.#goesOn(below)) return;
          next.push(below);
        }
      keys = next;
    }
    for (const key of keys) this.#take(key, 'one-level');
  }

  *#below(key: RegistryViewKey, part: string): Iterable<RegistryViewKey> {
    if (!part.includes('*')) {
      const below = key.subkey(part);
      if (below !== undefined) yield below;
      return;
    }
    const upper = upperName(part);
    for (const below of key.subkeys()) if (fitsStars(upperName(lastPart(below.path)), upper)) yield below;
  }

  /** What is below `from`, at any depth, and fits. Links are not followed: what they lead to is met at its own place. */
  anyDepth(from: RegistryViewKey | undefined, tail: string): void {
    if (from === undefined) return;
    const pattern = tail.replace(/\*+/g, '*');
    const start = from.path.length + 1;
    const open = [[from][Symbol.iterator]()];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.next();
      if (next.done) {
        open.pop();
        continue;
      }
      const key = next.value;
      if (!this.#goesOn(key)) return;
      if (key !== from && this.#wants(key) && fitsStars(upperName(key.path.slice(start)), pattern))
        this.#take(key, 'any-depth');
      open.push(ownSubkeys(key));
    }
  }

  #take(key: RegistryViewKey, depth: PatternMatch['depth']): void {
    if (depth !== 'any-depth' && !this.#wants(key)) return;
    if (this.found.length < MOST_FOUND) this.found.push({ key, depth });
    else this.isCut = true;
  }

  #goesOn({ path }: RegistryViewKey): boolean {
    this.#text += path.length;
    if (++this.#visited > MOST_VISITED || this.#text > MOST_TEXT) this.isCut = true;
    return !this.isCut;
  }
}

function* ownSubkeys(key: RegistryViewKey): Generator<RegistryViewKey, undefined> {
  for (const below of key.subkeys()) if (below.path.startsWith(`${key.path}\\`)) yield below;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

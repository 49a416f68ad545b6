// How long a search that tries one way after the other may take with a regular expression, by its tree.

import type { RegexNode } from './regex-tree.ts';

/** Ways through a text of n characters: at most e^constant * n^degree; a degree without end where they double with each character. */
interface Ways {
  readonly constant: number;
  readonly degree: number;
  /** It may take texts of several lengths. */
  readonly varies: boolean;
}

/** Tries that a search may make: some tenths of a second. */
const MOST_TRIES = Math.log(2 ** 28);

/** Characters of the longest text that a search by tries is sure to end on soon; Infinity where it is on any, 0 where it may be on none. */
export function longestTried(tree: RegexNode): number {
  const { constant, degree } = waysOf(tree);
  if (constant > MOST_TRIES || degree === Number.POSITIVE_INFINITY) return 0;
  // One more for the places that a match may begin at.
  return Math.floor(Math.exp((MOST_TRIES - constant) / (degree + 1)));
}

function waysOf(node: RegexNode): Ways {
  switch (node.kind) {
    case 'empty':
    case 'text':
    case 'any':
    case 'class':
    case 'anchor':
      return { constant: 0, degree: 0, varies: false };
    case 'group':
      return waysOf(node.of);
    case 'sequence': {
      const parts = node.of.map(waysOf);
      return {
        constant: parts.reduce((all, { constant }) => all + constant, 0),
        degree: parts.reduce((all, { degree }) => all + degree, 0),
        varies: parts.some(({ varies }) => varies),
      };
    }
    case 'alternatives': {
      const parts = node.of.map(waysOf);
      return {
        constant: Math.log(node.of.length) + parts.reduce((most, { constant }) => Math.max(most, constant), 0),
        degree: parts.reduce((most, { degree }) => Math.max(most, degree), 0),
        varies: true,
      };
    }
    case 'repeat': {
      const { constant, degree, varies } = waysOf(node.of);
      const { least, most } = node;
      if (most === null)
        return {
          constant: 0,
          degree: constant > 0 || degree > 0 || varies ? Number.POSITIVE_INFINITY : 1,
          varies: true,
        };
      return {
        constant: most * constant + Math.log(Math.max(1, most - least + 1)),
        degree: most * degree,
        varies: varies || most !== least,
      };
    }
  }
}

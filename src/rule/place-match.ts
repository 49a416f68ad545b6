// A match of a rule put into a table's own terms: its column, and patterns of what that column holds.
import { UnsupportedError } from '../errors.ts';
import type { Match } from './condition.ts';
import { ANY_MANY, joinPatterns, type TextPattern } from './pattern.ts';
import { columnFor, type Taxonomy } from './taxonomy.ts';

/** A match in a table's own terms. */
export interface PlacedMatch {
  readonly column: string;
  readonly values: readonly TextPattern[];
}

/**
 * A match in a table's own terms. Where only a path stands for a file name, `name` becomes `*\name`; a name with a wildcard
 * inside cannot be said of a path (the wildcard would cross folders) and is refused.
 */
export function placeMatch(match: Match, taxonomy: Taxonomy): PlacedMatch {
  const column = columnFor(match.field, taxonomy);
  const patterns = patternsOf(match);
  if (column.pathOf === undefined) return { column: column.name, values: patterns };
  return { column: column.name, values: patterns.map((pattern) => nameAtEnd(pattern, column.name)) };
}

/** The patterns of a match that has only such, without regard to letter case. */
function patternsOf({ field, values }: Match): readonly TextPattern[] {
  return values.map((test) => {
    if (test.kind === 'like' && !test.cased) return test.pattern;
    throw new UnsupportedError(`a test of ${field} by "${test.kind}" is not written yet`);
  });
}

function nameAtEnd(pattern: TextPattern, column: string): TextPattern {
  const parts = joinPatterns(pattern);
  const [first, ...rest] = parts;
  const leadingStar = typeof first === 'object' && first.any === 'many';
  const inner = leadingStar ? rest : parts;
  if (inner.some((part) => typeof part === 'object')) {
    throw new UnsupportedError(
      `a file name with a wildcard inside cannot be matched in ${column}, which holds a full path`,
    );
  }
  return leadingStar ? joinPatterns([ANY_MANY, '\\', ANY_MANY], inner) : joinPatterns([ANY_MANY, '\\'], inner);
}

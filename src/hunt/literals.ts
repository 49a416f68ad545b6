// The literal texts without which a condition cannot hold: what a scan looks for before any rule is evaluated.

import type { Condition } from '../rule/condition.ts';
import type { TextPattern } from '../rule/pattern.ts';
import type { ValueTest } from '../rule/value-test.ts';

/** Where in a field's value the text stands. */
export type Anchor = 'anywhere' | 'start' | 'end' | 'whole';

export interface Literal {
  /** The field's name as the condition has it; null for a value of any field. */
  readonly field: string | null;
  /** In lower case, of ASCII only. */
  readonly text: string;
  readonly anchor: Anchor;
}

/** One of these must be there. */
export type Clause = readonly Literal[];

/** Literals of one clause at most: an `or` with more is not looked for. */
const MOST_LITERALS = 4096;
/** Clauses of one rule at most: a bit each. */
export const MOST_CLAUSES = 16;

/** Clauses that all must be met where the condition holds, the best ones first; none where there is no such text. */
export function clausesOf(condition: Condition): readonly Clause[] {
  return necessary(condition)
    .sort((one, other) => worth(other) - worth(one))
    .slice(0, MOST_CLAUSES);
}

function necessary(condition: Condition): Clause[] {
  switch (condition.kind) {
    case 'named':
      return necessary(condition.of);
    case 'and':
      return condition.of.flatMap(necessary);
    case 'or': {
      const best = condition.of.map((part) => bestOf(necessary(part)));
      if (best.length === 0 || best.some((clause) => clause === undefined)) return [];
      const all = best.flatMap((clause) => clause!);
      return all.length > MOST_LITERALS ? [] : [all];
    }
    case 'match':
    case 'keyword': {
      const field = condition.kind === 'match' ? condition.field : null;
      const literals = condition.values.map((test) => literalOf(field, test));
      if (literals.length === 0 || literals.length > MOST_LITERALS) return [];
      return literals.every((one) => one !== undefined) ? [literals as Literal[]] : [];
    }
    case 'not':
    case 'compare':
    case 'holds':
      return [];
  }
}

function bestOf(clauses: readonly Clause[]): Clause | undefined {
  return clauses.reduce<Clause | undefined>((best, one) => (best && worth(best) >= worth(one) ? best : one), undefined);
}

/** A clause is worth what its shortest text is. */
function worth(clause: Clause): number {
  return Math.min(...clause.map(({ text, anchor }) => text.length + (anchor === 'anywhere' ? 0 : 4)));
}

function literalOf(field: string | null, test: ValueTest): Literal | undefined {
  return test.kind === 'like' ? literalOfPattern(field, test.pattern) : undefined;
}

/** The longest run of ASCII in a pattern: letters outside have more than one lower case. */
function literalOfPattern(field: string | null, pattern: TextPattern): Literal | undefined {
  let best: Literal | undefined;
  for (const [index, part] of pattern.entries()) {
    if (typeof part !== 'string') continue;
    for (const { 0: run, index: from } of part.matchAll(/[\x01-\x7f]+/g)) {
      if (best && best.text.length >= run.length) continue;
      const isFirst = index === 0 && from === 0;
      const isLast = index === pattern.length - 1 && from + run.length === part.length;
      const anchor = isFirst && isLast ? 'whole' : isFirst ? 'start' : isLast ? 'end' : 'anywhere';
      best = { field, text: run.toLowerCase(), anchor };
    }
  }
  return best;
}

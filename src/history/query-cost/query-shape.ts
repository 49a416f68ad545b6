// What a query costs by its shape: which part of the condition is dearest, and how many tests of which kind that is.

import type { Condition, Match } from '../../rule/condition.ts';
import { patternShape } from '../../rule/pattern.ts';
import type { ValueTest } from '../../rule/value-test.ts';

/** How a value is tested, as stores tell it apart: by the whole value, by one end of it, by some part, by an expression. */
export const TEST_KINDS = ['name', 'prefix', 'suffix', 'substring', 'wildcard', 'regex', 'other'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

/** Tests of one kind on one field that stand in one part of a condition. */
export interface ShapePart {
  readonly field: string;
  readonly kind: TestKind;
  readonly tests: readonly ValueTest[];
  /** Where they stand; undefined of words in any field. */
  readonly match: Match | undefined;
}

export interface QueryShape {
  /** What costs most of it: "4 suffixes of Image". */
  readonly text: string;
  /** Undefined where every event of the log source is a hit. */
  readonly part: ShapePart | undefined;
}

/** From cheap to dear, as measured on a column store: equality is a look-up, a list of suffixes is a scan for each. */
const WEIGHT: Readonly<Record<TestKind, number>> = {
  name: 0.1,
  other: 0.5,
  prefix: 1,
  suffix: 1,
  substring: 2,
  wildcard: 4,
  regex: 3,
};

const WORDS: Readonly<Record<TestKind, readonly [one: string, many: string]>> = {
  name: ['name', 'names'],
  prefix: ['prefix', 'prefixes'],
  suffix: ['suffix', 'suffixes'],
  substring: ['substring', 'substrings'],
  wildcard: ['pattern with wildcards', 'patterns with wildcards'],
  regex: ['regular expression', 'regular expressions'],
  other: ['test', 'tests'],
};

export function queryShape(condition: Condition | undefined): QueryShape {
  if (condition === undefined) return { text: 'every event of the log source', part: undefined };
  const [part] = partsOf(condition).sort((one, other) => costOf(other) - costOf(one));
  if (!part) return { text: 'a condition without a field', part: undefined };
  const count = part.tests.length;
  return { text: `${count} ${WORDS[part.kind][count === 1 ? 0 : 1]} of ${part.field}`, part };
}

function costOf({ kind, tests }: ShapePart): number {
  return WEIGHT[kind] * tests.length;
}

function partsOf(condition: Condition): ShapePart[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(partsOf);
    case 'not':
    case 'named':
      return partsOf(condition.of);
    case 'match':
      return byKind(condition.field, condition.values, condition);
    case 'keyword':
      return byKind('every field', condition.values, undefined);
    default:
      return [];
  }
}

function byKind(field: string, values: readonly ValueTest[], match: Match | undefined): ShapePart[] {
  const kinds = new Map<TestKind, ValueTest[]>();
  for (const test of values) {
    const kind = testKind(test);
    kinds.set(kind, [...(kinds.get(kind) ?? []), test]);
  }
  return [...kinds].map(([kind, tests]) => ({ field, kind, tests, match }));
}

function testKind(test: ValueTest): TestKind {
  if (test.kind === 'regex') return 'regex';
  if (test.kind !== 'like') return 'other';
  const { shape } = patternShape(test.pattern);
  const kinds = { equals: 'name', startswith: 'prefix', endswith: 'suffix', contains: 'substring' } as const;
  return shape === 'other' ? 'wildcard' : kinds[shape];
}

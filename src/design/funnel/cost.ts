// Step F, cost: what shape a predicate asks for, and the shape that gives the same rows for less.

import type { Condition } from '../../rule/condition.ts';
import { patternShape } from '../../rule/pattern.ts';
import type { ValueTest } from '../../rule/value-test.ts';

export interface QueryShape {
  /** What costs most of it: "4 suffixes of Image". */
  readonly shape: string;
  readonly rewrite: string | undefined;
}

interface Part {
  readonly field: string;
  readonly kind: 'name' | 'prefix' | 'suffix' | 'substring' | 'wildcard' | 'regex' | 'other';
  readonly count: number;
  /** Suffixes that are file names behind a backslash. */
  readonly areNames: boolean;
}

/** From cheap to dear, as measured on a column store: equality is a look-up, a list of suffixes is a scan for each. */
const WEIGHT: Readonly<Record<Part['kind'], number>> = {
  name: 0.1,
  other: 0.5,
  prefix: 1,
  suffix: 1,
  substring: 2,
  wildcard: 4,
  regex: 3,
};
/** So many tests of one field are worth another shape. */
const MANY = 8;

const WORDS: Readonly<Record<Part['kind'], readonly [one: string, many: string]>> = {
  name: ['name', 'names'],
  prefix: ['prefix', 'prefixes'],
  suffix: ['suffix', 'suffixes'],
  substring: ['substring', 'substrings'],
  wildcard: ['pattern with wildcards', 'patterns with wildcards'],
  regex: ['regular expression', 'regular expressions'],
  other: ['test', 'tests'],
};

export function shapeOf(condition: Condition | undefined): QueryShape {
  if (condition === undefined) return { shape: 'every event of the log source', rewrite: undefined };
  const parts = partsOf(condition);
  const [dearest] = parts.sort((one, other) => costOf(other) - costOf(one));
  if (!dearest) return { shape: 'a condition without a field', rewrite: undefined };
  const { field, kind, count } = dearest;
  return { shape: `${count} ${WORDS[kind][count === 1 ? 0 : 1]} of ${field}`, rewrite: rewriteOf(dearest) };
}

function costOf({ kind, count }: Part): number {
  return WEIGHT[kind] * (kind === 'regex' ? 1 : count);
}

function rewriteOf({ field, kind, count, areNames }: Part): string | undefined {
  if (count < MANY) return undefined;
  if (kind === 'suffix' && areNames)
    return `compare the file name of ${field} with a list of ${count} names: one look-up an event in place of ${count} scans`;
  if (kind === 'suffix' || kind === 'substring' || kind === 'prefix' || kind === 'wildcard')
    return `one regular expression of ${count} alternatives on ${field}: one scan an event in place of ${count}`;
  return undefined;
}

function partsOf(condition: Condition): Part[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(partsOf);
    case 'not':
    case 'named':
      return partsOf(condition.of);
    case 'match':
      return byKind(condition.field, condition.values);
    case 'keyword':
      return byKind('every field', condition.values);
    default:
      return [];
  }
}

function byKind(field: string, values: readonly ValueTest[]): Part[] {
  const kinds = new Map<Part['kind'], { count: number; areNames: boolean }>();
  for (const test of values) {
    const kind = kindOf(test);
    const own = kinds.get(kind) ?? { count: 0, areNames: true };
    own.count++;
    if (!isFileName(test)) own.areNames = false;
    kinds.set(kind, own);
  }
  return [...kinds].map(([kind, { count, areNames }]) => ({ field, kind, count, areNames }));
}

function kindOf(test: ValueTest): Part['kind'] {
  if (test.kind === 'regex') return 'regex';
  if (test.kind !== 'like') return 'other';
  const { shape } = patternShape(test.pattern);
  const kinds = { equals: 'name', startswith: 'prefix', endswith: 'suffix', contains: 'substring' } as const;
  return shape === 'other' ? 'wildcard' : kinds[shape];
}

/** \name.exe at the end of a path. */
function isFileName(test: ValueTest): boolean {
  if (test.kind !== 'like') return false;
  const shape = patternShape(test.pattern);
  return shape.shape === 'endswith' && /^\\[^\\/]+$/.test(shape.text);
}

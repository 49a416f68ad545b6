// A query that gives the same rows for less: many tests of one field as one look-up, or as one regular expression.

import { type Condition, fieldsOf, type Match, or } from '../../rule/condition.ts';
import { foldCase } from '../../rule/fold.ts';
import { joinPatterns, patternShape, type TextPattern } from '../../rule/pattern.ts';
import type { LikeTest, ValueTest } from '../../rule/value-test.ts';
import type { ShapePart, TestKind } from './query-shape.ts';
import { haveIndex } from './store-costs.ts';

/** A text that is worked out of a field before the condition is asked; absent where the field is. */
export interface DerivedField {
  /** Its name in the condition. */
  readonly name: string;
  readonly of: string;
  /** The value in lower case; of that what stands behind its last backslash, and nothing where it has none. */
  readonly part: 'lower case' | 'file name';
}

export interface CheaperQuery {
  /** What to write, for a person. */
  readonly text: string;
  /** Holds of the same events as the condition that it was made of. */
  readonly condition: Condition;
  /** What `condition` names and no event has. */
  readonly derived: readonly DerivedField[];
}

/** So many tests of one field are worth another shape. */
const MANY = 8;
/** Characters of a regular expression that every store takes. */
const LONGEST = 32_000;

const AROUND: Readonly<Partial<Record<TestKind, readonly [before: string, after: string]>>> = {
  prefix: ['^', ''],
  suffix: ['', '$'],
  substring: ['', ''],
  wildcard: ['^', '$'],
};

/**
 * Of the part of `condition` that costs most; undefined where nothing is cheaper. Names of files are looked up where the stores (engines of an
 * environment; none is the embedded one) have an index of whole values, else one expression costs less than a column that is worked out.
 */
export function cheaperQuery(
  condition: Condition,
  part: ShapePart | undefined,
  engines: readonly string[],
): CheaperQuery | undefined {
  if (part?.match === undefined || part.tests.length < MANY) return undefined;
  const { field, kind, match } = part;
  const tests = part.tests.filter((test): test is LikeTest => test.kind === 'like');
  const [{ cased } = { cased: false }] = tests;
  if (tests.length < part.tests.length || tests.some((test) => test.cased !== cased)) return undefined;
  const names = kind === 'suffix' && !cased && haveIndex(engines) ? fileNames(tests) : undefined;
  const way = names ? lookUp(field, names) : oneExpression(field, kind, tests, cased);
  if (!way || fieldsOf(condition).some((one) => way.derived.some(({ name }) => name === one))) return undefined;
  return {
    text: way.text,
    condition: replaced(condition, match, (own) => instead(own, tests, way)),
    derived: way.derived,
  };
}

/** What takes the place of tests. */
interface Way {
  readonly text: string;
  readonly field: string;
  readonly values: readonly ValueTest[];
  readonly derived: readonly DerivedField[];
}

function lookUp(field: string, names: readonly string[]): Way {
  const derived: DerivedField = { name: `${field} (file name)`, of: field, part: 'file name' };
  return {
    text: `compare what stands behind the last backslash of ${field} with a list of ${names.length} names: one look-up in place of ${names.length} scans`,
    field: derived.name,
    // Both are in lower case.
    values: names.map((name) => ({ kind: 'like', pattern: [name], cased: true })),
    derived: [derived],
  };
}

function oneExpression(field: string, kind: TestKind, tests: readonly LikeTest[], cased: boolean): Way | undefined {
  const around = AROUND[kind];
  const texts = tests.map(({ pattern }) => expressionOf(kind, pattern, cased));
  if (!around || texts.some((text) => text === undefined)) return undefined;
  const source = `${around[0]}(?:${texts.join('|')})${around[1]}`;
  if (source.length > LONGEST) return undefined;
  const derived: DerivedField = { name: `${field} (lower case)`, of: field, part: 'lower case' };
  const own = cased ? field : `${field} in lower case`;
  return {
    text: `one regular expression of ${tests.length} alternatives on ${own}: one scan an event in place of ${tests.length}`,
    field: cased ? field : derived.name,
    values: [{ kind: 'regex', source, syntax: 'perl', whole: false, cased: true, multiline: false, dotAll: true }],
    derived: cased ? [] : [derived],
  };
}

/** Undefined for a single character of any kind, which stores do not count alike. */
function expressionOf(kind: TestKind, pattern: TextPattern, cased: boolean): string | undefined {
  const literal = (text: string): string =>
    (cased ? text : foldCase(text)).replace(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`);
  const shape = patternShape(pattern);
  if (shape.shape !== 'other') return literal(shape.text);
  const parts = joinPatterns(pattern);
  if (kind !== 'wildcard' || parts.some((part) => typeof part === 'object' && part.any === 'one')) return undefined;
  return parts.map((part) => (typeof part === 'string' ? literal(part) : '.*')).join('');
}

/** Names that stand behind a backslash at the end of a path; undefined where one of the tests is of something else. */
function fileNames(tests: readonly LikeTest[]): readonly string[] | undefined {
  const names = tests.flatMap(({ pattern }) => {
    const shape = patternShape(pattern);
    return shape.shape === 'endswith' && /^\\[^\\]+$/.test(shape.text) ? [foldCase(shape.text.slice(1))] : [];
  });
  return names.length === tests.length ? names : undefined;
}

function instead(own: Match, tests: readonly ValueTest[], way: Way): Condition {
  const others = own.values.filter((test) => !tests.includes(test));
  const cheaper: Match = { ...own, field: way.field, values: way.values };
  return others.length === 0 ? cheaper : or({ ...own, values: others }, cheaper);
}

function replaced(condition: Condition, wanted: Match, by: (own: Match) => Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map((part) => replaced(part, wanted, by)) };
    case 'not':
    case 'named':
      return { ...condition, of: replaced(condition.of, wanted, by) };
    default:
      return condition === wanted ? by(wanted) : condition;
  }
}

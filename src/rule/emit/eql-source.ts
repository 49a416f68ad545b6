// A rule whose fields have other names as an EQL query over ECS.
import { UnsupportedError } from '../../errors.ts';
import { and, type Condition, match, or } from '../condition.ts';
import { ANY_SOURCE } from '../log-source.ts';
import { literalsOf } from '../pattern.ts';
import { placeConditions } from '../place-match.ts';
import type { Rule } from '../rule.ts';
import { type ColumnType, columnType } from '../taxonomy/column-types.ts';
import { translateRule } from '../translate.ts';
import type { ValueTest } from '../value-test.ts';
import { luceneText } from './regex-syntax.ts';

/** The rule in names that EQL is written with: as it is, or as `translateToEql` has it. */
export function inEcs(rule: Rule): Rule {
  return rule.taxonomy === 'winnow' || rule.taxonomy === 'ecs' ? rule : translateToEql(rule);
}

/** The rule as an EQL query over ECS: its event category, and what an event of its kind has as conditions in front of its own. */
function translateToEql(rule: Rule): Rule {
  const { rule: translated, kind, place, parts } = translateRule(rule, 'ecs');
  const category = place.has['event.category'] === undefined ? 'any' : (kind.eql?.category ?? 'any');
  const has = placeConditions(place).filter((part) => part.field !== 'event.category');
  return {
    ...translated,
    logSource: ANY_SOURCE,
    query: {
      kind: 'event',
      category: category === 'any' ? null : category,
      condition: and(...has, ...parts.map(inEqlTests)),
    },
  };
}

/** EQL tells a field that is not there from one that is empty: the test for either becomes both. Its regular expressions are Lucene's. */
function inEqlTests(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map(inEqlTests) };
    case 'not':
    case 'named':
      return { ...condition, of: inEqlTests(condition.of) };
    case 'match': {
      const type = columnType('ecs', condition.field);
      for (const test of condition.values) refuseOtherType(condition.field, test, type);
      const others = condition.values.filter(({ kind }) => kind !== 'null').map(inLucene);
      if (others.length === condition.values.length) return match(condition.field, ...others);
      const absent = match(condition.field, { kind: 'exists', wanted: false });
      // Only a text can be empty.
      const empty: readonly ValueTest[] = type === 'text' ? [{ kind: 'like', pattern: [''], cased: true }] : [];
      const present = [...others, ...empty];
      return present.length === 0 ? absent : or(absent, match(condition.field, ...present));
    }
    default:
      return condition;
  }
}

/** Elasticsearch refuses a query that compares a field with a literal of another type. */
function refuseOtherType(field: string, test: ValueTest, type: ColumnType): void {
  const isFitting = {
    text: test.kind !== 'number' && test.kind !== 'cidr',
    number: test.kind === 'number' || test.kind === 'exists' || test.kind === 'null',
    boolean: test.kind === 'boolean' || test.kind === 'exists' || test.kind === 'null',
    address:
      test.kind === 'cidr' ||
      test.kind === 'exists' ||
      test.kind === 'null' ||
      (test.kind === 'like' && literalsOf(test.pattern).length === test.pattern.length),
  }[type];
  if (!isFitting)
    throw new UnsupportedError(`EQL of Elasticsearch has no test by "${test.kind}" of ${field}, which holds a ${type}`);
}

function inLucene(test: ValueTest): ValueTest {
  if (test.kind !== 'regex' || test.syntax === 'lucene') return test;
  return { ...test, source: luceneText(test, true), syntax: 'lucene', whole: true, cased: true, multiline: false };
}

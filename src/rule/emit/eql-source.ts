// A rule whose fields have other names as an EQL query over ECS.
import { and, type Condition, match, or } from '../condition.ts';
import { ANY_SOURCE } from '../log-source.ts';
import { placeConditions } from '../place-match.ts';
import type { Rule } from '../rule.ts';
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
      const others = condition.values.filter(({ kind }) => kind !== 'null').map(inLucene);
      if (others.length === condition.values.length) return match(condition.field, ...others);
      const absent = match(condition.field, { kind: 'exists', wanted: false });
      return or(absent, match(condition.field, ...others, { kind: 'like', pattern: [''], cased: true }));
    }
    default:
      return condition;
  }
}

function inLucene(test: ValueTest): ValueTest {
  if (test.kind !== 'regex' || test.syntax === 'lucene') return test;
  return { ...test, source: luceneText(test, true), syntax: 'lucene', whole: true, cased: true, multiline: false };
}

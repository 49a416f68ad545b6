// How far an event is from what a rule asks for: the fewest parts of the condition that would have to be otherwise.

import type { Condition } from '../rule/condition.ts';
import { testText } from '../rule/test-text.ts';
import type { Value } from '../rule/value-match.ts';
import { isMetBy, matchedValues } from './matched.ts';

/** One part that is not as the rule asks. */
export interface Failed {
  /** The selections that it is in, outermost first. */
  readonly within: readonly string[];
  /** As the event calls it; null for an expression or a keyword. */
  readonly field: string | null;
  /** What is asked: "ends with '\net.exe'". */
  readonly wanted: string;
  /** What the event has; none where the field is not there. */
  readonly values: readonly string[];
}

/** Alternatives that are told of one part at most. */
const MOST_TESTS = 8;

/** Nothing where the condition holds. `holds` says whether an expression does. */
export function failures(
  condition: Condition,
  valuesOf: (name: string) => readonly Value[],
  rename: (name: string) => string,
  holds: (condition: Condition) => boolean,
  within: readonly string[] = [],
): readonly Failed[] {
  const inner = (part: Condition, names = within): readonly Failed[] => failures(part, valuesOf, rename, holds, names);
  switch (condition.kind) {
    case 'named':
      return inner(condition.of, [...within, condition.name]);
    case 'and':
      return condition.of.flatMap((part) => inner(part));
    case 'or': {
      const each = condition.of.map((part) => inner(part));
      return each.reduce((best, one) => (one.length < best.length ? one : best), each[0] ?? NEVER);
    }
    case 'not': {
      if (inner(condition.of).length > 0) return [];
      const names = [...within, ...namesIn(condition.of)];
      const found = matchedValues(condition.of, valuesOf, rename);
      const told = found.map(
        ({ field, value }): Failed => ({ within: names, field, wanted: 'is excluded', values: [value] }),
      );
      return told.length > 0 ? told : [{ within: names, field: null, wanted: 'is excluded', values: [] }];
    }
    case 'match': {
      const given = valuesOf(condition.field);
      const isMet = condition.values.some((test) => isMetBy(test, given, valuesOf));
      if (isMet) return [];
      const texts = condition.values.slice(0, MOST_TESTS).map(testText);
      const more = condition.values.length > MOST_TESTS ? ` or ${condition.values.length - MOST_TESTS} more` : '';
      return [{ within, field: rename(condition.field), wanted: texts.join(' or ') + more, values: given.map(String) }];
    }
    case 'keyword':
      if (holds(condition)) return [];
      return [
        {
          within,
          field: null,
          wanted: `a field that ${condition.values.slice(0, MOST_TESTS).map(testText).join(' or ')}`,
          values: [],
        },
      ];
    case 'compare':
    case 'holds':
      return holds(condition) ? [] : [{ within, field: null, wanted: 'an expression holds', values: [] }];
  }
}

/** An `or` of nothing. */
const NEVER: readonly Failed[] = [{ within: [], field: null, wanted: 'nothing fulfils it', values: [] }];

function namesIn(condition: Condition): readonly string[] {
  return condition.kind === 'named' ? [condition.name] : [];
}

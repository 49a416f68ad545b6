// A condition as a function over an event, whatever an event is: true, false, or null where a value that is not there leaves it open.

import { UnsupportedError } from '../errors.ts';
import type { Binding, Truth } from './binding.ts';
import type { Condition, Keyword, Match } from './condition.ts';
import { compileTruth } from './evaluate-expression.ts';
import { type Meets, meets, meetsField, type Value } from './value-match.ts';
import type { FieldTest, ValueTest } from './value-test.ts';

/** Throws UnsupportedError for what cannot be evaluated, by name. */
export function compileCondition<E>(condition: Condition, binding: Binding<E>): (event: E) => Truth {
  switch (condition.kind) {
    case 'named':
      return compileCondition(condition.of, binding);
    case 'and':
      return kleene(
        condition.of.map((part) => compileCondition(part, binding)),
        false,
      );
    case 'or':
      return kleene(
        condition.of.map((part) => compileCondition(part, binding)),
        true,
      );
    case 'not':
      return opposite(compileCondition(condition.of, binding));
    case 'match':
      return compileMatch(condition, binding);
    case 'keyword':
      return compileKeyword(condition, binding);
    case 'compare':
    case 'holds':
      return compileTruth(condition, binding, compileCondition);
  }
}

/** Kleene's "and" (`decides` false) and "or" (`decides` true): one part that decides does, else one that is open leaves it open. */
export function kleene<E>(parts: readonly ((event: E) => Truth)[], decides: boolean): (event: E) => Truth {
  return (event) => {
    let result: Truth = !decides;
    for (const part of parts) {
      const truth = part(event);
      if (truth === decides) return decides;
      if (truth === null) result = null;
    }
    return result;
  };
}

/** What is open stays so. */
export function opposite<E>(holds: (event: E) => Truth): (event: E) => Truth {
  return (event) => {
    const truth = holds(event);
    return truth === null ? null : !truth;
  };
}

function compileMatch<E>({ field, values }: Match, binding: Binding<E>): (event: E) => Truth {
  const own = binding.field(field);
  const isOther = (test: ValueTest): test is FieldTest => test.kind === 'field';
  const tests = values.filter((test) => !isOther(test)).map(meets);
  const others = values.filter(isOther).map((test) => ({ test, other: binding.field(test.name) }));
  return (event) => {
    const given = own(event);
    return anyMet(tests, given) || others.some(({ test, other }) => meetsField(test, given, other(event)));
  };
}

function compileKeyword<E>({ values }: Keyword, { all }: Binding<E>): (event: E) => Truth {
  const tests = values.map((test): Meets => {
    if (test.kind === 'field') throw new UnsupportedError('a keyword that is the value of a field');
    return meets(test);
  });
  return (event) => anyMet(tests, all(event));
}

function anyMet(tests: readonly Meets[], given: readonly Value[]): boolean {
  for (const test of tests) if (test(given)) return true;
  return false;
}

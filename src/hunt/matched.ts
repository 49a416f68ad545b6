// Why a rule matched: the values by which the parts of its condition that hold do so.

import type { Condition } from '../rule/condition.ts';
import { meetsField, meetsOnce, type Value } from '../rule/value-match.ts';
import type { ValueTest } from '../rule/value-test.ts';

export interface Matched {
  readonly field: string;
  readonly value: string;
}

/** Pairs of a hit at most. */
const MOST = 64;

/** Each value once, of a condition that holds. `valuesOf` by the names of the condition; `rename` says how the event calls a field. */
export function matchedValues(
  condition: Condition,
  valuesOf: (name: string) => readonly Value[],
  rename: (name: string) => string,
): readonly Matched[] {
  const found = new Map<string, Matched>();
  held(condition, valuesOf, (field, value) => {
    const name = rename(field);
    if (found.size < MOST) found.set(`${name}\0${value}`, { field: name, value: String(value) });
  });
  return [...found.values()];
}

/** Tells the values of a part that is known to hold: what is known by that is not asked again. */
function held(
  condition: Condition,
  valuesOf: (name: string) => readonly Value[],
  tell: (field: string, value: Value) => void,
): void {
  switch (condition.kind) {
    case 'named':
      held(condition.of, valuesOf, tell);
      return;
    case 'and':
      for (const part of condition.of) held(part, valuesOf, tell);
      return;
    case 'or':
      if (condition.of.length === 1) held(condition.of[0], valuesOf, tell);
      else collect(condition, valuesOf, tell);
      return;
    case 'match': {
      const given = valuesOf(condition.field);
      // One of the tests is met, and by what but it?
      if (given.length === 1) tell(condition.field, given[0]);
      else collect(condition, valuesOf, tell);
      return;
    }
    default:
      return;
  }
}

/** Whether the part holds; tells its values where it does. */
function collect(
  condition: Condition,
  valuesOf: (name: string) => readonly Value[],
  tell: (field: string, value: Value) => void,
): boolean {
  switch (condition.kind) {
    case 'named':
      return collect(condition.of, valuesOf, tell);
    case 'and': {
      const told: [string, Value][] = [];
      if (!condition.of.every((part) => collect(part, valuesOf, (...one) => told.push(one)))) return false;
      for (const one of told) tell(...one);
      return true;
    }
    case 'or':
      return condition.of.map((part) => collect(part, valuesOf, tell)).includes(true);
    case 'not':
      return !collect(condition.of, valuesOf, () => {});
    case 'match': {
      const given = valuesOf(condition.field);
      let isMet = false;
      for (const test of condition.values) {
        if (!isMetBy(test, given, valuesOf)) continue;
        isMet = true;
        for (const value of given) if (isMetBy(test, [value], valuesOf)) tell(condition.field, value);
      }
      return isMet;
    }
    // Which field a keyword is in is not told; an expression has no single one.
    case 'keyword':
    case 'compare':
    case 'holds':
      return true;
  }
}

/** Whether a field's values meet the test. */
export function isMetBy(
  test: ValueTest,
  values: readonly Value[],
  valuesOf: (name: string) => readonly Value[],
): boolean {
  return test.kind === 'field' ? meetsField(test, values, valuesOf(test.name)) : meetsOnce(test)(values);
}

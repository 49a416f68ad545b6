// The keys by which events belong together: one for each combination of the values that their fields have.

import type { Binding } from '../rule/binding.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { compileExpression } from '../rule/evaluate-expression.ts';
import type { Result } from '../rule/functions.ts';
import type { JoinKey } from '../rule/query.ts';
import type { Value } from '../rule/value-match.ts';

export interface Key {
  /** Equal for keys that join. */
  readonly text: string;
  readonly values: readonly (Value | null)[];
}

/** Combinations of an event's values that are followed at most. */
const MOST_COMBINATIONS = 1000;

/** The keys of an event; none where one that is not optional has no value. */
export function compileKeys<E>(keys: readonly JoinKey[], binding: Binding<E>): (event: E) => readonly Key[] {
  const parts = keys.map(({ of, optional }) => {
    const values = compileExpression(of, binding, compileCondition);
    return (event: E): readonly (Value | null)[] => {
      const found = [...new Set(plainValues(values(event)))];
      return found.length === 0 && optional ? [null] : found;
    };
  });
  const cased = keys.map((key) => key.cased);
  return (event) => {
    let all: readonly (readonly (Value | null)[])[] = [[]];
    for (const part of parts) {
      const values = part(event);
      all = all.flatMap((front) => values.map((value) => [...front, value])).slice(0, MOST_COMBINATIONS);
    }
    return all.map((values) => ({
      text: values.map((value, index) => keyText(value, cased[index])).join('\0'),
      values,
    }));
  };
}

function keyText(value: Value | null, cased: boolean): string {
  if (value === null) return '';
  return `=${cased ? value : String(value).toLowerCase()}`;
}

export function plainValues(result: Result): readonly Value[] {
  if (result === null) return [];
  if (typeof result !== 'object') return [result];
  return Array.isArray(result) ? result.flatMap(plainValues) : [];
}

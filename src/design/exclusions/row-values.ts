// The values of a hit by the names of fields, letter case ignored, and conditions over hits.

import type { Row } from '../../history/question.ts';
import type { Binding } from '../../rule/binding.ts';
import type { Condition } from '../../rule/condition.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import type { Value } from '../../rule/value-match.ts';

/** The value that a hit has for a field; undefined where it has none. */
export function rowValue(row: Row, field: string): string | undefined {
  if (Object.hasOwn(row.values, field)) return row.values[field] ?? undefined;
  const key = field.toLowerCase();
  for (const name of Object.keys(row.values)) if (name.toLowerCase() === key) return row.values[name] ?? undefined;
  return undefined;
}

const ROWS: Binding<Row> = {
  field: (name) => (row) => {
    const value = rowValue(row, name);
    return value === undefined ? [] : [value];
  },
  all: (row) => Object.values(row.values).filter((value): value is string & Value => value !== null),
};

/** Whether a hit meets a condition; what is open counts as not. Throws UnsupportedError for what cannot be evaluated. */
export function rowTest(condition: Condition): (row: Row) => boolean {
  const test = compileCondition(condition, ROWS);
  return (row) => test(row) === true;
}

export function eventsIn(rows: readonly Row[]): number {
  let events = 0;
  for (const { count } of rows) events += count;
  return events;
}

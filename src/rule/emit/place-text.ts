// What an event of a place has, as conditions like any other.
import { type Condition, match } from '../condition.ts';
import { literal } from '../pattern.ts';
import type { Place } from '../taxonomy/event-kind.ts';

/** One match a column; texts with their letter case, as the table always writes them. */
export function placeConditions({ has }: Place): readonly Condition[] {
  return Object.entries(has).map(([column, values]) =>
    match(
      column,
      ...values.map((value) =>
        typeof value === 'number'
          ? ({ kind: 'number', op: 'eq', than: value } as const)
          : ({ kind: 'like', pattern: literal(value), cased: true } as const),
      ),
    ),
  );
}

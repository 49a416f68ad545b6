// How a condition that is compiled reaches the values of an event, whatever an event is.

import type { Related } from './condition.ts';
import type { Result } from './functions.ts';
import type { Value } from './value-match.ts';

/** Null where a value that is not there leaves it open. */
export type Truth = boolean | null;

/** Names are resolved once, when a condition is compiled. */
export interface Binding<E> {
  /** Every value of the field; none where the event has no such. */
  readonly field: (name: string) => (event: E) => readonly Value[];
  /** Every value of the event. */
  readonly all: (event: E) => readonly Value[];
  /** A part of a field, or with no path the whole of it; absent where events are flat and have values only. */
  readonly part?: (name: string, path: readonly (string | number)[]) => (event: E) => Result;
  /** Whether an event's process is related to one seen before; absent where events are looked at one by one. */
  readonly related?: (related: Related) => (event: E) => Truth;
  /** What a name within an expression stands for at the moment. */
  readonly variable?: (name: string) => () => Result;
}

/** Every value of a field by its name. */
export type ValuesOf = (name: string) => readonly Value[];

/** For events that are reached by a look-up function; it gives no names away, so that keywords find nothing. */
export const BY_NAME: Binding<ValuesOf> = {
  field: (name) => (valuesOf) => valuesOf(name),
  all: () => [],
};

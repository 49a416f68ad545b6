// What a query finds, and the stages that events go through until something is found.

import type { Value } from '../rule/value-match.ts';

export interface Found<E> {
  /** In the order of the steps; a step that must be absent has none. None of a mere count. */
  readonly events: readonly E[];
  /** The values of the keys that they share. */
  readonly key: readonly (Value | null)[];
  /** Of the pipes that count: how many, and as a share of all. */
  readonly count?: number;
  readonly percent?: number;
}

/** Takes events in the order of time and gives what is found with each. */
export interface Stage<In, E> {
  readonly push: (given: In) => readonly Found<E>[];
  /** What only the end of the log tells. */
  readonly end: () => readonly Found<E>[];
}

export const NOTHING: readonly never[] = [];

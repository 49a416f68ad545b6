// What is looked for in memory: a word or a text at a place.
import type { ValueId } from './values.ts';

/** What is looked for at `base` plus `offset`. */
export interface Query {
  readonly address: ValueId;
  readonly base: ValueId;
  readonly offset: number;
  /** A word of so many bytes; 0 for a text; REST for the rest of a text that begins a little earlier. */
  readonly width: number;
  /** Of a text: its width, or undefined for either. */
  readonly wide: boolean | undefined;
  /** Of a text: only one that was written as such, not one laid down as numbers. */
  readonly asText: boolean;
  /** The merge from which it is looked for, where that is one. */
  readonly from?: number;
}

/** Queries that look for the same have the same key. */
export function queryKey(query: Query): string {
  return `${query.address}:${query.width}:${query.wide}:${query.asText}`;
}

export const TEXT = 0;
export const REST = -1;
/** Bytes behind a text's start at which its rest is asked for (a quote or a prefix is skipped). */
export const REST_LIMIT = 32;

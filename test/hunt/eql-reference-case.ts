// The form of a case out of Elastic's EQL reference: a small log, a query, and what is found, with the sentence that says so.

/** An event of Elastic's Common Schema; names may be dotted. Without `@timestamp` it is as many seconds after 2024 began as its place in the log. */
export type ReferenceEvent = Readonly<Record<string, unknown>>;

export interface ReferenceSection {
  /** As the reference calls it. */
  readonly about: string;
  readonly log: readonly ReferenceEvent[];
  readonly cases: readonly ReferenceCase[];
}

/**
 * `finds`: a hit each, its events by their place in the log from 1: "1 3" are two events, "1+3" is a sequence of two.
 * A regular expression: the query is refused with such words. `because`: what the reference says, in other words.
 */
export type ReferenceCase = readonly [query: string, finds: string | RegExp, because: string];

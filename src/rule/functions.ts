// The functions that expressions may call, by the names that EQL gives them.

import type { Value } from './value-match.ts';

/** Of an expression: one value, a list of values, or null where there is none. */
export type Result = Value | readonly Value[] | null;

/** `cased`: letter case counts. */
export type RuleFunction = (args: readonly Result[], cased: boolean) => Result;

export const FUNCTIONS: Readonly<Record<string, RuleFunction>> = {
  length: ([value]) => (typeof value === 'string' || Array.isArray(value) ? (value as string).length : null),
};

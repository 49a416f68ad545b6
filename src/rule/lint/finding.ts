// What lint finds in a rule: the kinds, and the shape of one finding.

import type { Position } from '../condition.ts';
import type { ExclusionClass } from '../judge-test.ts';

/** Each kind with what it says, in the order in which they are told. */
export const FINDING_KINDS = {
  'never-fires': 'no event can fulfil the rule',
  'missing-field': 'the log source has no such field',
  'impossible-value': 'the field never has such a value',
  'free-exclusion': 'an attacker can fulfil the exclusion while doing the thing',
  'weak-guard': 'the exclusion is guarded, with a hole that every user reaches',
  'unreachable-clause': 'the exclusion contradicts the selection and lets nothing pass',
  subsumed: 'another value or clause covers it already',
  'doubtful-parent': 'the parent may hold a SID or nothing, which the exclusion does not cover',
  'crossing-wildcard': 'a wildcard within a path crosses folders',
  'dear-list': 'a list of a shape that is far dearer than another',
} as const satisfies Readonly<Record<string, string>>;

export type FindingKind = keyof typeof FINDING_KINDS;

export interface FieldValue {
  readonly field: string;
  readonly value: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** The selection's name, "filter_main_x[2]"; "" where it has none. */
  readonly clause: string;
  readonly at: Position | undefined;
  /** What is wrong, one line. */
  readonly message: string;
  /** How to mend it, one line. */
  readonly mend: string;
  /** Of an exclusion. */
  readonly class?: ExclusionClass;
  /** Values with which the exclusion holds. */
  readonly values?: readonly FieldValue[];
}

// What a text of rules gives when it is read.

import type { Rule } from '../rule.ts';
import type { RuleError } from './rule-error.ts';

/** Each document is a rule or what is wrong with it. */
export interface ReadRules {
  readonly rules: readonly Rule[];
  readonly errors: readonly RuleError[];
}

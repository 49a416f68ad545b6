// A rule of a hunt, and how its document calls it.

import type { Rule } from '../rule/rule.ts';
import type { RuleName } from './document.ts';

export interface HuntRule {
  /** Where it came from. */
  readonly file: string;
  readonly rule: Rule;
}

export function nameOf({ file, rule }: HuntRule): RuleName {
  return { file, id: rule.id, title: rule.title, level: rule.severity };
}

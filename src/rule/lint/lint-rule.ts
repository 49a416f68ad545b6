// All that lint finds in one rule.

import type { Rule } from '../rule.ts';
import { FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';
import { lintExclusions } from './lint-exclusions.ts';
import { lintReach } from './lint-reach.ts';
import { lintValues } from './lint-values.ts';

const ORDER = Object.keys(FINDING_KINDS) as readonly FindingKind[];

/** In the order of the kinds, and within one of the text. */
export function lintRule(rule: Rule): readonly Finding[] {
  const found = [...lintReach(rule), ...lintExclusions(rule.query), ...lintValues(rule.query)];
  const line = ({ at }: Finding): number => at?.line ?? 0;
  return found.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || line(one) - line(other));
}

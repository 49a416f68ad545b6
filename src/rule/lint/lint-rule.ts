// All that lint finds in one rule.

import { judgeExclusions } from '../judge-exclusion.ts';
import type { ExclusionClass } from '../judge-test.ts';
import type { Rule } from '../rule.ts';
import { FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';
import { lintExclusions } from './lint-exclusions.ts';
import { lintReach } from './lint-reach.ts';
import { lintValues } from './lint-values.ts';

const ORDER = Object.keys(FINDING_KINDS) as readonly FindingKind[];

export interface LintedRule {
  /** In the order of the kinds, and within one of the text. */
  readonly findings: readonly Finding[];
  /** Those of all exclusions, also of those of which there is nothing to say. */
  readonly classes: readonly ExclusionClass[];
}

export function lintRule(rule: Rule): LintedRule {
  const exclusions = judgeExclusions(rule.query);
  const findings = [...lintReach(rule), ...lintExclusions(rule.query, exclusions), ...lintValues(rule.query)];
  const line = ({ at }: Finding): number => at?.line ?? 0;
  findings.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || line(one) - line(other));
  return { findings, classes: exclusions.map((one) => one.class) };
}

// All that lint finds in one rule.

import { Comparing } from '../comparing.ts';
import { judgeExclusions, NOT_COMPARED } from '../judge-exclusion.ts';
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
  /** Its lists were too long for all of them to be compared. */
  readonly isCut: boolean;
}

export function lintRule(rule: Rule): LintedRule {
  const comparing = new Comparing();
  const exclusions = judgeExclusions(rule.query);
  const findings = [
    ...lintReach(rule, comparing),
    ...lintExclusions(rule.query, exclusions, comparing),
    ...lintValues(rule.query, comparing),
  ];
  const line = ({ at }: Finding): number => at?.line ?? 0;
  findings.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || line(one) - line(other));
  return {
    findings,
    classes: exclusions.map((one) => one.class),
    isCut: comparing.isOver || exclusions.some(({ why }) => why === NOT_COMPARED),
  };
}

// A detection rule: its condition and what a person needs to know about it, before any language.
import type { Condition } from './condition.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

export interface Rule {
  /** UUID, the same for the same subject whatever the language. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly status: 'experimental' | 'test' | 'stable';
  readonly severity: Severity;
  readonly authors: readonly string[];
  /** SPDX identifier of the rule's own text. */
  readonly license: string;
  /** "YYYY-MM-DD", or null where the caller gave none: nothing in a rule comes from the clock. */
  readonly date: string | null;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly threats: readonly Threat[];
  readonly logSource: 'process-creation';
  readonly condition: Condition;
  /** What a reader should know, in sections; they open the text in every language. */
  readonly notes: readonly RuleNotes[];
  /** What to look at when the rule fires, one step a line. */
  readonly triage: readonly string[];
}

export interface RuleNotes {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** A technique of MITRE ATT&CK under one of its tactics. */
export interface Threat {
  readonly tactic: { readonly id: string; readonly name: string };
  readonly technique: { readonly id: string; readonly name: string };
}

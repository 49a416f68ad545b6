// The JSON documents of `winnow lint` (schemas winnow.lint/1 and winnow.lint-diff/1).

import type { NotLoaded } from '../hunt/document.ts';
import type { HuntRule } from '../hunt/hunt-rule.ts';
import type { ExclusionClass } from '../rule/judge-test.ts';
import type { FieldValue, Finding, FindingKind } from '../rule/lint/finding.ts';
import type { NewlyAllowed } from '../rule/lint/lint-diff.ts';
import type { Severity } from '../rule/rule.ts';

export interface RuleName {
  readonly file: string;
  readonly id: string | null;
  readonly title: string;
  readonly level: Severity | null;
}

export interface LintFinding {
  readonly kind: FindingKind;
  readonly rule: RuleName;
  readonly line: number | null;
  readonly column: number | null;
  readonly clause: string;
  readonly message: string;
  readonly mend: string;
  readonly class: ExclusionClass | null;
  readonly values: readonly FieldValue[];
}

export interface LintDocument {
  readonly schema: 'winnow.lint/1';
  readonly findings: readonly LintFinding[];
  readonly notLoaded: readonly NotLoaded[];
  readonly counts: {
    readonly rules: number;
    readonly exclusions: number;
    readonly classes: Readonly<Record<ExclusionClass, number>>;
    readonly kinds: Readonly<Partial<Record<FindingKind, number>>>;
  };
}

export interface AllowedPair {
  /** Patterns of paths, `*` for any. */
  readonly parent: string;
  readonly child: string;
  /** Which child of which program it is, and how sure; null where no document says. */
  readonly explained: { readonly parent: string; readonly child: string; readonly confidence: string } | null;
}

export interface AllowedEntry {
  readonly rule: RuleName;
  readonly by: NewlyAllowed['by'];
  readonly about: 'pair' | 'user' | 'path' | 'other';
  readonly line: number | null;
  readonly column: number | null;
  readonly clause: string;
  readonly asks: readonly FieldValue[];
  readonly class: ExclusionClass | null;
  readonly why: string;
  readonly values: readonly FieldValue[];
  readonly pairs: readonly AllowedPair[];
  /** So many pairs more are not listed. */
  readonly morePairs: number;
}

export interface LintDiffDocument {
  readonly schema: 'winnow.lint-diff/1';
  readonly allowed: readonly AllowedEntry[];
  readonly added: readonly RuleName[];
  readonly removed: readonly RuleName[];
  readonly notLoaded: readonly NotLoaded[];
  readonly counts: { readonly compared: number; readonly allowed: number; readonly free: number };
}

export function nameOf({ file, rule: { id, title, severity } }: HuntRule): RuleName {
  return { file, id, title, level: severity };
}

/** A finding of a rule; `shift` lines stand in the file before the rule's own first line. */
export function entryOf(rule: HuntRule, { kind, at, clause, message, mend, ...more }: Finding): LintFinding {
  return {
    kind,
    rule: nameOf(rule),
    line: at?.line ?? null,
    column: at?.column ?? null,
    clause,
    message,
    mend,
    class: more.class ?? null,
    values: more.values ?? [],
  };
}

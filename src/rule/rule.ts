// A detection rule: what it asks for and what a person needs to know about it, before any language.
import { UnsupportedError } from '../errors.ts';
import type { Condition } from './condition.ts';
import type { LogSource } from './log-source.ts';
import type { Query } from './query.ts';
import type { TaxonomyId } from './taxonomy.ts';

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

export interface Rule {
  /** UUID, the same for the same subject whatever the language; null of a rule that has none. */
  readonly id: string | null;
  /** How other rules of the same file call it (Sigma correlations). */
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly status: 'unsupported' | 'deprecated' | 'experimental' | 'test' | 'stable' | null;
  readonly severity: Severity | null;
  readonly authors: readonly string[];
  /** SPDX identifier of the rule's own text. */
  readonly license: string | null;
  /** "YYYY-MM-DD", or null where the caller gave none: nothing in a rule comes from the clock. */
  readonly date: string | null;
  readonly modified: string | null;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  /** As Sigma writes them: "attack.t1059". Those of `threats` need not be among them. */
  readonly tags: readonly string[];
  readonly threats: readonly Threat[];
  /** Tactics that are named without a technique. */
  readonly tactics?: readonly Tactic[];
  readonly logSource: LogSource;
  /** Whose names the fields of `query` are. */
  readonly taxonomy: TaxonomyId;
  readonly query: Query;
  /** What a reader should know, in sections; they open the text in every language. */
  readonly notes: readonly RuleNotes[];
  /** What to look at when the rule fires, one step a line. */
  readonly triage: readonly string[];
  /** Of a rule read from Elastic's TOML, what only such a rule has. */
  readonly elastic?: ElasticParts;
}

export interface ElasticParts {
  /** The patterns of the indices that it looks in. */
  readonly index: readonly string[];
  readonly integrations: readonly string[];
  /** As Elastic writes them: "Domain: Endpoint". */
  readonly tags: readonly string[];
  /** The investigation guide as it stands, in Markdown; "" where there is none. */
  readonly note: string;
}

/** What a rule says of itself that says nothing. */
export const NOTHING_SAID = {
  id: null,
  name: null,
  description: '',
  status: null,
  severity: null,
  authors: [],
  license: null,
  date: null,
  modified: null,
  references: [],
  falsePositives: [],
  tags: [],
  threats: [],
  notes: [],
  triage: [],
} as const satisfies Partial<Rule>;

export interface RuleNotes {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Of MITRE ATT&CK. */
export interface Tactic {
  readonly id: string;
  readonly name: string;
}

/** A technique of MITRE ATT&CK, or one below it ("T1059.001"), under one of its tactics. */
export interface Threat {
  readonly tactic: Tactic;
  readonly technique: { readonly id: string; readonly name: string };
}

/** The condition of a rule about single events; UnsupportedError for any other, by what it is. */
export function conditionOf({ title, query }: Rule, language: string): Condition {
  if (query.kind === 'event') return query.condition;
  throw new UnsupportedError(
    `${language} does not say a ${query.kind === 'piped' ? 'query with pipes' : query.kind} ("${title}")`,
  );
}

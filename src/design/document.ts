// The document of `winnow design funnel`: the funnel of a technique in an environment (winnow.funnel/1).

import type { PlanCost } from '../history/query-cost/store-costs.ts';
import type { Column, Control, Level } from './technique.ts';

export const FUNNEL_SCHEMA = 'winnow.funnel/1';

export const STEPS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export type StepId = (typeof STEPS)[number];

export type State = 'scope' | 'gap' | 'over_budget' | 'unknown' | 'optional' | 'refuted';
export type Colour = 'red' | 'grey' | 'purple' | 'amber' | 'green' | 'dark_green';
export type Letter = 'R' | 'O' | 'P' | 'A' | 'G' | 'D';
export type Verdict = 'few' | 'tunable' | 'flood' | 'unknown';

/** Several dossiers at once. */
export interface FunnelDocuments {
  readonly schema: typeof FUNNEL_SCHEMA;
  readonly dossiers: readonly Omit<FunnelDocument, 'schema'>[];
}

export interface FunnelDocument {
  readonly schema: typeof FUNNEL_SCHEMA;
  /** The dossier's. */
  readonly id: string;
  readonly name: string | null;
  /** ATT&CK's id, and the version that the dossier is pinned to. */
  readonly technique: string | null;
  readonly attack_version: string | null;
  /** The environment's id. */
  readonly environment: string;
  /** Of the dossier and the environment as they were read; the order of keys does not count. */
  readonly inputs_sha256: string;
  /** What counted: "fixtures", "none", or the store and its version. */
  readonly engine: string;
  readonly window: Window | null;
  readonly steps: readonly Step[];
  readonly primitives: readonly PrimitiveState[];
  readonly baseline: readonly BaselineEntry[];
  readonly exclusions: readonly ExclusionEntry[];
  readonly scope: readonly ScopeEntry[];
  readonly resilience: Resilience | null;
  readonly gaps: readonly Gap[];
  /** Rules for default names: signatures, never counted in the scope. */
  readonly side_rules: readonly SideRule[];
  /** Of an empty scope: the step that emptied it, and the smallest change that would give one. */
  readonly empty: EmptyScope | null;
  readonly notes: readonly string[];
}

/** Days in ISO 8601. */
export interface Window {
  readonly from: string;
  readonly to: string;
  readonly excluded_days: readonly string[];
}

/** Ids of primitives. */
export interface Step {
  readonly id: StepId;
  readonly kept: readonly string[];
  readonly dropped: readonly { readonly id: string; readonly reason: string }[];
}

export interface PrimitiveState {
  readonly id: string;
  readonly name: string | null;
  readonly necessity: 'necessary' | 'optional';
  readonly evidence: Evidence;
  readonly control: Control;
  readonly varies: {
    readonly field: string | null;
    readonly known_values: number | null;
    readonly open_ended: boolean;
  } | null;
  readonly state: State;
  readonly colour: Colour;
  readonly letter: Letter;
}

/** Sessions labelled attack that have telemetry for one of its observables, and those of them that show it. */
export interface Evidence {
  /** Ids of the procedures that use it. */
  readonly procedures: readonly string[];
  readonly sessions_hit: readonly string[];
  readonly sessions_total: number;
  /** Sessions that have the telemetry and do not show it. */
  readonly broken_by: readonly string[];
  /** Sessions without the telemetry, or not at hand: they cannot tell. */
  readonly cannot_tell: readonly string[];
}

/** Of one observable; figures that nothing measured are null. */
export interface BaselineEntry {
  readonly observable: string;
  readonly primitive: string;
  readonly verdict: Verdict;
  readonly hits_per_day: PerDay | null;
  /** Once the accepted exclusions are applied. */
  readonly after_exclusions: PerDay | null;
  /** Why the verdict is what it is, where it is not plain from the figures. */
  readonly reason: string | null;
  /** What was counted, as `winnow baseline` tells it; null of a fixture. */
  readonly measured: unknown;
}

export interface PerDay {
  readonly p50: number;
  readonly p90: number;
  readonly max?: number;
}

export type ExclusionClass = 'forced' | 'guarded' | 'free';

export interface ExclusionEntry {
  readonly observable: string;
  /** A Sigma selection, in one line. */
  readonly predicate: string;
  readonly class: ExclusionClass;
  /** Benign events that it is the first of the list to cover. */
  readonly covers: number;
  readonly proof: {
    /** Labelled attack events that it hides: 0, always. */
    readonly attack_events_hidden: number;
    /** Of the labelled attack events, those that could be rewritten to satisfy it. */
    readonly evadable: number;
    readonly attack_events: number;
    readonly why: string;
  };
  /** Of a free one: who answers for it, until when, and how it is abused. Not proposed without. */
  readonly owner?: string;
  readonly expiry?: string;
  readonly abuse?: string;
  /** Of a reviewed acceptance: why, and where that is written down. */
  readonly reason?: string;
  readonly ticket?: string;
}

export interface ScopeEntry {
  readonly observable: string;
  readonly primitive: string;
  readonly predicate: string | null;
  readonly log_source: string | null;
  readonly level: Level | null;
  readonly column: Column | null;
  readonly verdict: Verdict;
  readonly hits_per_day: PerDay | null;
  readonly cost: QueryCost;
  readonly context: { readonly dossiers: readonly string[]; readonly techniques: readonly string[] };
  readonly enrichment: readonly string[];
  readonly advice: 'alert' | 'correlate' | 'hunt';
  /** The figure that decided the advice. */
  readonly advice_reason: string;
}

/** What its query costs. The seconds are measured, and only where a run asks for it: no two runs give the same, all else is the same to the byte. */
export interface QueryCost {
  /** What costs most of it: "100 suffixes of Image". */
  readonly shape: string;
  /** On the sample; null where nothing was measured. */
  readonly seconds: number | null;
  /** How the cost grows in the stores of the environment, with the vendor's page that says so. */
  readonly plan: readonly PlanCost[];
  /** What gives the same rows for less. */
  readonly rewrite?: string;
  /** What that took on the sample. */
  readonly rewrite_seconds?: number;
  /** Events of the log source in the sample. */
  readonly sample_events?: number;
}

export interface Resilience {
  /** "4U": the level and column of the scope; "4" where a column is not given. */
  readonly score: string | null;
  /** Observables that together hit every procedure. */
  readonly spanning_set: readonly string[];
  /** "12/12": labelled sessions that the scope hits, of those that could tell. */
  readonly sessions: string;
  readonly notes: readonly string[];
}

export interface Gap {
  readonly data_component: string;
  /** Ids of primitives. */
  readonly blocked_primitives: readonly string[];
  /** The dossier's id. */
  readonly blocked_techniques: readonly string[];
}

export interface SideRule {
  readonly primitive: string;
  readonly field: string;
  readonly value: string;
  readonly level: 1;
  readonly kind: 'signature';
}

export interface EmptyScope {
  readonly step: StepId;
  readonly why: string;
  /** The smallest change: a data source, a procedure, an exclusion. */
  readonly change: string;
}

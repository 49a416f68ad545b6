// The document of `winnow design observe` (winnow.observe/1): what is there only with an action, the rarest first.

import type { TestForm } from './field-tests.ts';

export const OBSERVE_SCHEMA = 'winnow.observe/1';

export interface ObserveDocument {
  readonly schema: typeof OBSERVE_SCHEMA;
  /** Events that were looked at. */
  readonly before: number;
  readonly after: number;
  /** Hits before that a proposal may have. */
  readonly at_most: number;
  readonly proposals: readonly Proposal[];
  /** Proposals behind those that are told. */
  readonly more: number;
  readonly notes: readonly string[];
}

/** One kind of event, told apart by nothing, one test or two. */
export interface Proposal {
  readonly kind: ProposedKind;
  /** Of ATT&CK: "DC0035"; null where the kind is none that the table knows. */
  readonly data_component: string | null;
  readonly log_source: { readonly name: string; readonly channel: string | null } | null;
  /** All of them hold; none where the kind itself is only there with the action. */
  readonly tests: readonly ProposedTest[];
  /** Other tests that hold in the same events with the action, whatever they do before. */
  readonly also: readonly ProposedTest[];
  readonly hits_after: number;
  readonly hits_before: number;
  /** Events that could have been hits: of the kind, or where the kind itself is proposed of its log. */
  readonly of_before: number;
  /** An upper bound of the share of these that are hits, with 95 %; null where there were none, so that nothing is known. */
  readonly share_at_most: number | null;
}

export interface ProposedKind {
  /** "event" or "procmon". */
  readonly source: KindSource;
  readonly channel: string | null;
  readonly event_id: string | null;
  readonly operation: string | null;
}

export type KindSource = 'event' | 'procmon';

export interface ProposedTest {
  readonly field: string;
  readonly form: TestForm;
  /** As a Sigma selection has it: "GrantedAccess|bits". */
  readonly key: string;
  readonly value: string;
}

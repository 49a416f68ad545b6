// The document of `winnow accounts sysmon-config --check`, schema winnow.accounts-sysmon-check/1: what a Sysmon configuration would see of account changes.

import type { Relation } from './config.ts';
import type { SysmonLayer, Weight } from './need.ts';
import type { EventId, EventName } from './schema.ts';

export const CHECK_SCHEMA = 'winnow.accounts-sysmon-check/1';

/** Of one event. */
export type ExampleVerdict = 'seen' | 'dropped' | 'not-collected';
/** Of all examples of a need; of noise, `seen` is what is better not so. */
export type NeedVerdict = ExampleVerdict | 'partly';

export interface CheckPlace {
  readonly line: number;
  readonly column: number;
}

export interface CheckedExample {
  readonly id: EventId;
  /** The fields that matter: what, by which program, with which command line. */
  readonly fields: Readonly<Record<string, string>>;
  readonly verdict: ExampleVerdict;
  /** The rule, or the whole list, that decides; null where none does. */
  readonly by: (CheckPlace & { readonly name: string; readonly text: string }) | null;
  readonly why: string;
}

/** One change of the file. */
export interface Mend {
  readonly kind:
    | 'add-include'
    | 'narrow-exclude'
    | 'remove-exclude'
    | 'join-excludes'
    | 'add-exclude'
    | 'set-relation'
    | 'raise-schema';
  /** Where it goes; null for a new group at the end of EventFiltering. */
  readonly line: number | null;
  readonly what: string;
  /** What to write there; empty where something is only taken out. */
  readonly xml: string;
}

export interface CheckedNeed {
  readonly id: string;
  readonly layer: SysmonLayer;
  readonly weight: Weight;
  readonly event: EventName;
  readonly what: string;
  readonly verdict: NeedVerdict;
  readonly examples: readonly CheckedExample[];
  /** What collecting it costs; null where that is no more than the changes themselves. */
  readonly cost: string | null;
  /** The smallest changes after which it is seen (noise: no longer seen), tried by the check; empty where nothing is to be done. */
  readonly mends: readonly Mend[];
  /** False where these changes are not enough, or none is known. */
  readonly isMended: boolean;
}

export interface CheckedList extends CheckPlace {
  readonly event: EventName;
  readonly onmatch: 'include' | 'exclude';
  readonly relation: Relation;
  readonly rules: number;
}

/** Over what is needed: `whole`, all of it is seen; `blind`, nothing of it. */
export interface LayerSight {
  readonly layer: SysmonLayer;
  readonly verdict: 'whole' | 'partly' | 'blind';
  readonly seen: number;
  /** Needs of whose examples some are seen. */
  readonly partly: number;
  readonly needed: number;
}

export interface SysmonCheckDocument {
  readonly schema: typeof CHECK_SCHEMA;
  readonly file: string;
  /** As the file says it. */
  readonly schemaVersion: string;
  /** Why Sysmon takes nothing of the file; then nothing of it is seen. */
  readonly refusal: (CheckPlace & { readonly text: string }) | null;
  readonly layers: readonly LayerSight[];
  /** Lists of the events that matter, in the order of the file. */
  readonly lists: readonly CheckedList[];
  readonly needs: readonly CheckedNeed[];
  /** The changes to make together, in the order of the file; what goes to its end comes last. */
  readonly mends: readonly Mend[];
  /** What Sysmon passes over, or reads otherwise than the writer may think. */
  readonly problems: readonly (CheckPlace & { readonly text: string })[];
}

// The ranking of gaps over techniques (winnow.gaps/1): what each data component that is not collected would make seen, how it is enabled, and how much it writes.

import type { LogSetting } from '../rule/log-settings.ts';

export const GAPS_SCHEMA = 'winnow.gaps/1';

export interface GapsDocument {
  readonly schema: typeof GAPS_SCHEMA;
  /** Dossiers with a gap that a component has to show, for it to be justified. */
  readonly floor: number;
  /** Dossiers whose every necessary primitive is seen. */
  readonly satisfied_now: readonly string[];
  /** Dossiers whose scope is not empty. */
  readonly scope_now: readonly string[];
  readonly components: readonly ComponentGap[];
  readonly best: readonly BestSet[];
  /** What of the answer is not exact. */
  readonly notes?: readonly string[];
}

/** What a component or a set of them would give. */
export interface Gain {
  readonly satisfies: readonly string[];
  readonly unlocks: readonly string[];
}

/** The place of a component in the ranking. */
export interface RankedComponent extends Gain {
  readonly data_component: string;
  readonly blocked_primitives: readonly { readonly technique: string; readonly primitive: string }[];
  readonly blocked_techniques: readonly string[];
  readonly justified: boolean;
}

/** The best of all sets of so many components. */
export interface RankedSet extends Gain {
  readonly size: number;
  readonly components: readonly string[];
}

export interface ComponentGap extends RankedComponent {
  /** ATT&CK's; null where it knows no such component. */
  readonly name: string | null;
  /** Those that the dossiers' observables name; where they name none, those of ATT&CK's analytics, the most named first. */
  readonly log_sources: readonly GapSource[];
  /** Why there is no log source. */
  readonly log_sources_reason: string | null;
  /** Other log sources of ATT&CK's analytics of the dossiers' techniques. */
  readonly other_log_sources: readonly string[];
  /** Data sources that collect the component, and still show nothing of the gap. */
  readonly collected: readonly CollectedOtherwise[];
  /** Log sources that together show every primitive it blocks, few of them: "WinEventLog:Sysmon, EventCode=10". */
  readonly enough: readonly string[];
  /** Of those that are enough. */
  readonly volume: SumOfVolumes;
}

export interface BestSet extends RankedSet {
  /** ATT&CK's names of the components, in their order. */
  readonly names: readonly (string | null)[];
  /** Log sources that are enough for its components, each once. */
  readonly enough: readonly string[];
  /** Names of the settings that bring them, each once. */
  readonly enable: readonly string[];
  readonly volume: SumOfVolumes;
}

export interface GapSource {
  /** As ATT&CK names it: "WinEventLog:Sysmon", "EventCode=10". */
  readonly name: string;
  readonly channel: string | null;
  /** Observables of the gap that need it. */
  readonly observables: readonly string[];
  /** Analytics of ATT&CK that name it. */
  readonly analytics: readonly string[];
  /** What switches it on; empty where the table knows nothing. */
  readonly enable: readonly Omit<LogSetting, 'volume'>[];
  /** Why nothing, or not all of it, is known. */
  readonly enable_reason: string | null;
  readonly volume: SourceVolume;
}

export interface CollectedOtherwise {
  /** The environment's. */
  readonly data_source: string;
  readonly log_source: string;
  readonly observables: readonly { readonly observable: string; readonly why: string }[];
}

/** Where a volume comes from: events that were counted, what the environment says, or the publisher's own words. */
export type VolumeBasis = 'history' | 'environment' | 'publisher';

export interface SourceVolume {
  readonly basis: VolumeBasis | null;
  readonly events_per_day: number | null;
  /** Of a day on which the host has any of its events. */
  readonly events_per_host_day: number | null;
  /** What was counted, who claims it, or what the publisher says; null where nothing is known. */
  readonly told: string | null;
  readonly source: string | null;
  /** Why there is no number. */
  readonly reason: string | null;
}

/** Over log sources: the sum of those with a number. */
export interface SumOfVolumes {
  readonly events_per_day: number | null;
  /** Log sources without a number. */
  readonly unknown: readonly string[];
}

// A thing that the layers of `winnow accounts` need from Sysmon: the events that show it, and the rules that let them through.

import type { FieldRule } from './config.ts';
import type { SysmonEvent } from './filter.ts';
import type { EventName } from './schema.ts';

/** Layers that Sysmon feeds. */
export type SysmonLayer = 'registry' | 'command';

/**
 * `needed`: without it changes are missed. `helpful`: with it more is known of a change. `noise`: it shows no change and costs events, so a
 * configuration does better without.
 */
export type Weight = 'needed' | 'helpful' | 'noise';

/** One condition of a rule to write. */
export type RulePart = Pick<FieldRule, 'field' | 'condition' | 'value'>;

export interface Need {
  readonly id: string;
  readonly layer: SysmonLayer;
  readonly weight: Weight;
  readonly event: EventName;
  /** What it shows. */
  readonly what: string;
  readonly examples: readonly SysmonEvent[];
  /** Rules that include it, each of parts that must all hold; none of noise. */
  readonly rules: readonly (readonly RulePart[])[];
  /** What tells its events from others: put beside what excludes them too widely; of noise, all of what excludes it. */
  readonly guard: readonly RulePart[];
  /** What collecting it costs, where that is more than the changes themselves. */
  readonly cost: string | undefined;
}

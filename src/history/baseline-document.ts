// The document of `winnow baseline` (winnow.baseline/1): what a history says of one question.

import type { Answer, DayCount, HostCount } from './question.ts';
import type { BaselineSummary } from './statistics/baseline-summary.ts';
import { type SummaryOptions, summarize } from './statistics/summarize.ts';

export const BASELINE_SCHEMA = 'winnow.baseline/1';

export interface BaselineDocument extends BaselineSummary {
  readonly schema: typeof BASELINE_SCHEMA;
  /** What counted: "duckdb 1.5.6". */
  readonly engine: string;
  /** The selection as it was given, or the title of the rule. */
  readonly asked: string;
  /** As it was given; null where every event is looked at, or the rule says it. */
  readonly log_source: string | null;
  /** Selections whose events are let pass. */
  readonly exclusions: readonly string[];
  /** Hits that these leave; null where there is none. */
  readonly hits_after_exclusions: number | null;
  /** Days on which any event was there. */
  readonly by_day: readonly DayCount[];
  /** Hosts with telemetry; the one without a name is events that name no host. */
  readonly by_host: readonly HostCount[];
  /** Hosts with events in the window, and none of the log source. */
  readonly silent_hosts: readonly string[];
}

/** What a baseline is of beside the counts. */
export interface Asked {
  readonly engine: string;
  readonly asked: string;
  readonly logSource: string | null;
  readonly exclusions: readonly string[];
  /** What the store had to say. */
  readonly notes: readonly string[];
}

/** `after`: the same question with the exclusions applied. Depends on its arguments alone. */
export function baselineDocument(
  answer: Answer,
  after: Answer | undefined,
  asked: Asked,
  options: SummaryOptions,
): BaselineDocument {
  const silent = answer.silentHosts ?? [];
  const summary = summarize(answer, {
    // A host that has events is one of the environment, whether it collects the log source or not.
    hostsTotal: answer.hosts.filter(({ host }) => host !== '').length + silent.length,
    ...options,
    ...(after ? { afterExclusions: after.days } : {}),
  });
  return {
    schema: BASELINE_SCHEMA,
    engine: asked.engine,
    asked: asked.asked,
    log_source: asked.logSource,
    exclusions: asked.exclusions,
    hits_after_exclusions: after?.hits ?? null,
    ...summary,
    by_day: answer.days,
    by_host: answer.hosts,
    silent_hosts: silent,
    notes: [...summary.notes, ...asked.notes],
  };
}

// From ATT&CK's name of a log source to the log source of a rule: Sigma's category where one means just these events, else the service and the events' numbers.

import { logSourceCondition } from '../history/log-source-condition.ts';
import { type Condition, conjuncts, type Match } from '../rule/condition.ts';
import type { LogSource } from '../rule/log-source.ts';
import { literalsOf } from '../rule/pattern.ts';
import { CATEGORIES, SERVICES } from '../rule/sources.ts';
import type { LogSourceName } from './technique.ts';

export interface RuleSource {
  readonly logSource: LogSource;
  /** What the log source does not say by itself. */
  readonly conditions: readonly Condition[];
  /** Of the events, for one that is made up. */
  readonly channel: string;
  readonly provider: string | null;
  readonly eventId: number | null;
}

/** Undefined for what is no event log of Windows. */
export function ruleSourceOf(source: LogSourceName | undefined): RuleSource | undefined {
  const condition = logSourceCondition(source?.name, source?.channel);
  if (!condition) return undefined;
  const parts = conjuncts(condition).filter((part): part is Match => part.kind === 'match');
  const ofChannel = parts.find(({ field }) => field === 'Channel');
  const ofIds = parts.find(({ field }) => field === 'EventID');
  const channels = textsOf(ofChannel);
  const ids = (ofIds?.values ?? []).flatMap((test) => (test.kind === 'number' ? [test.than] : []));
  const [channel] = channels;
  if (channel === undefined) return undefined;
  const event = { channel, provider: providerOf(channel), eventId: ids[0] ?? null };
  const category = categoryOf(channels, ids);
  if (category !== undefined)
    return { logSource: { category, product: 'windows', service: null }, conditions: [], ...event };
  const service = serviceOf(channels);
  return {
    logSource: { category: null, product: 'windows', service: service ?? null },
    conditions: [ofIds, service === undefined ? ofChannel : undefined].filter((part) => part !== undefined),
    ...event,
  };
}

function textsOf(match: Match | undefined): readonly string[] {
  return (match?.values ?? []).flatMap((test) => (test.kind === 'like' ? [literalsOf(test.pattern).join('')] : []));
}

/** The category that means these numbers of these channels, with the fields as the events themselves have them. */
function categoryOf(channels: readonly string[], ids: readonly number[]): string | undefined {
  return Object.keys(CATEGORIES).find((name) => {
    const own = CATEGORIES[name].filter((kind) => kind.channels.some((one) => channels.includes(one)));
    return (
      own.length === 1 &&
      own[0].where === undefined &&
      own[0].names === undefined &&
      areSame(own[0].channels, channels) &&
      areSame(own[0].eventIds ?? [], ids)
    );
  });
}

function serviceOf(channels: readonly string[]): string | undefined {
  return Object.keys(SERVICES).find((name) =>
    areSame(
      SERVICES[name].flatMap((kind) => kind.channels),
      channels,
    ),
  );
}

/** Whether two lists hold the same. */
function areSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((each) => other.includes(each));
}

/** Who writes to the channel, by the kinds of events that are known of it. */
function providerOf(channel: string): string | null {
  const kinds = Object.values(CATEGORIES).flat();
  if (channel === 'Security') return 'Microsoft-Windows-Security-Auditing';
  return kinds.find((kind) => kind.channels.includes(channel) && kind.provider !== '')?.provider ?? null;
}

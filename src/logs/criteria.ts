// Whether an event that was built is one that is wanted: by number, channel, provider and time.

import type { Criteria } from '../evtx/query.ts';
import type { LogEvent } from './event.ts';
import { ticksOf } from './log-time.ts';

/**
 * A test of the criteria; one that is absent lets all pass. An event without a time that can be read is not within any; `undated` is told of one that
 * fails by this alone.
 */
export function wantedBy(criteria: Criteria, undated: () => void = () => {}): (event: LogEvent) => boolean {
  const { eventIds, since, until } = criteria;
  const channels = lower(criteria.channels);
  const providers = lower(criteria.providers);
  return ({ system }) => {
    if (eventIds && !eventIds.has(Number(system.eventId))) return false;
    if (channels && !channels.has((system.channel ?? '').toLowerCase())) return false;
    if (providers && !providers.has((system.provider ?? '').toLowerCase())) return false;
    if (since === undefined && until === undefined) return true;
    const time = ticksOf(system.timeCreated ?? '');
    if (time === undefined) undated();
    return time !== undefined && !(since !== undefined && time < since) && !(until !== undefined && time > until);
  };
}

function lower(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && new Set(names.map((one) => one.toLowerCase()));
}

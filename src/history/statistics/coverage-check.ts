// Whether there was telemetry that could have shown a hit: no events of a log source mean unknown, never quiet.

import type { HostCount } from '../question.ts';
import type { CoverageCheck } from './baseline-summary.ts';
import type { Calendar } from './calendar.ts';
import { quantile, rounded } from './quantiles.ts';

/** A day with less than this share of the median day's events is thin. */
const THIN = 0.1;
/** Half the hosts without telemetry: what they would have shown is as much as what was seen. */
const HALF = 0.5;

/** `total`: hosts of the environment; undefined where not known. */
export function checkCoverage(
  hosts: readonly HostCount[],
  telemetry: number,
  total: number | undefined,
  calendar: Calendar | undefined,
): CoverageCheck {
  const seen = hosts.filter((host) => host.telemetry > 0);
  const all = total === undefined ? undefined : Math.max(total, seen.length);
  const counted = calendar?.counted ?? [];
  const without = calendar?.without ?? [];
  const days = counted.length + without.reduce((sum, span) => sum + span.days, 0);
  const hostDays = hostDaysShare(seen, all, days + (calendar?.excluded.length ?? 0));
  const hostsShare = all === undefined || all === 0 ? 1 : seen.length / all;
  const isPartial = hostsShare < 1 || without.length > 0;
  const onDays = counted.reduce((sum, day) => sum + day.telemetry, 0);
  return {
    state:
      telemetry === 0 ? 'none' : hostsShare <= HALF && all !== undefined ? 'half' : isPartial ? 'partial' : 'covered',
    events_per_host_day: seen.length * counted.length === 0 ? null : rounded(onDays / seen.length / counted.length),
    hosts_without: all === undefined ? null : all - seen.length,
    host_days_share: hostDays === undefined ? null : rounded(hostDays),
    days_without: without,
    thin_days: thinDays(calendar),
  };
}

/** Undefined where the store does not tell a host's days. */
function hostDaysShare(seen: readonly HostCount[], all: number | undefined, days: number): number | undefined {
  if (days === 0 || seen.length === 0 || seen.some((host) => host.days === undefined)) return undefined;
  const known = seen.reduce((sum, host) => sum + Math.min(host.days!, days), 0);
  return known / (days * (all ?? seen.length));
}

function thinDays(calendar: Calendar | undefined): readonly string[] {
  if (!calendar || calendar.counted.length === 0) return [];
  const usual = quantile(Float64Array.from(calendar.counted.map((day) => day.telemetry)).sort(), 0.5);
  return calendar.counted.filter((day) => day.telemetry < usual * THIN).map(({ day }) => day);
}

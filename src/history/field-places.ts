// Where a field of an event stands in the shapes that histories have: flat rows (nxlog, exports), and what Winlogbeat of any age writes.

import { type LogEvent, systemNameOf, valuesOf } from '../logs/event.ts';
import { FLAT_NAMES } from '../logs/flat-names.ts';
import { ticksOf } from '../logs/log-time.ts';
import { ECS_SYSTEM_NAMES, WINLOG_NAMES } from '../logs/winlog-names.ts';

/** Names within one another: ["winlog", "event_data", "Image"]. */
export type Path = readonly string[];

/** Objects that hold an event's data. */
const HOLDERS: readonly Path[] = [['winlog', 'event_data'], ['winlog', 'user_data'], ['event_data'], ['user_data']];

/** Usual spellings of names that {@link FLAT_NAMES} has in lower case. */
const SPELLINGS: Readonly<Record<string, string>> = {
  eventid: 'EventID',
  eventcode: 'EventCode',
  channel: 'Channel',
  logname: 'LogName',
  sourcename: 'SourceName',
  eventsourcename: 'EventSourceName',
  provider_name: 'Provider_Name',
  providername: 'ProviderName',
  hostname: 'Hostname',
  computer: 'Computer',
  computername: 'ComputerName',
  machinename: 'MachineName',
  systemtime: 'SystemTime',
  timecreated: 'TimeCreated',
  eventtime: 'EventTime',
  timegenerated: 'TimeGenerated',
};

/** Places of a field, the one that counts first; where it has none, or an empty one, the next is asked. `isSystem`: an empty text is none. */
export function placesOf(field: string): { readonly places: readonly Path[]; readonly isSystem: boolean } {
  const system = systemNameOf(field);
  const held = HOLDERS.map((holder) => [...holder, field]);
  if (system === undefined) {
    const parts = field.split('.');
    const inner = parts.length > 1 && parts.every((part) => part !== '') ? [parts] : [];
    return { places: [...held, ...inner, [field]], isSystem: false };
  }
  const inWinlog = Object.entries(WINLOG_NAMES).filter(([, name]) => name === system);
  const inEcs = Object.entries(ECS_SYSTEM_NAMES).filter(([name, own]) => own === system && !name.startsWith('winlog.'));
  return {
    places: [
      ...held,
      ...inWinlog.map(([name]) => ['winlog', ...name.split('.')]),
      ...flatNames(system).map((name) => [name]),
      ...inEcs.map(([name]) => name.split('.')),
    ],
    isSystem: true,
  };
}

function flatNames(system: string): readonly string[] {
  return FLAT_NAMES.filter(([, name]) => name === system).map(([name]) =>
    Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name] : name,
  );
}

/** Fields that tell when an event was, in the order in which they count: one with a zone comes before all without. */
export const TIME_PLACES: readonly Path[] = flatNames('timeCreated').map((name) => [name]);

/** Sysmon's time of the act, which is in UTC though it does not say so: it comes before a host's own time. */
export const UTC_PLACES: readonly Path[] = placesOf('UtcTime').places;

/** Places whose times are in UTC where they do not say so. */
export function isUtcName(path: Path): boolean {
  return ['@timestamp', '_time', 'utctime'].includes(path.at(-1)!.toLowerCase());
}

const UNIX_EPOCH = 116_444_736_000_000_000n;
const ZONED = /(?:[a-z\d]Z|UTC|[+-]\d\d:?\d\d)\s*$|^\d+(?:\.\d+)?$|^\/Date\(/i;

/** When an event was by a field of its own, in microseconds since 1970; undefined where that is not there or no time. */
export function microsecondsBy(event: LogEvent, field: string): bigint | undefined {
  const [text] = valuesOf(event, field);
  const ticks = text === undefined ? undefined : ticksOf(text);
  return ticks === undefined ? undefined : (ticks - UNIX_EPOCH) / 10n;
}

/** When an event was, in microseconds since 1970; undefined where it does not tell. */
export function microsecondsOf(event: LogEvent): bigint | undefined {
  const own = event.system.timeCreated;
  const utc =
    own === undefined || !ZONED.test(own)
      ? event.data.find(([name]) => name.length === 7 && name.toLowerCase() === 'utctime')?.[1]
      : undefined;
  const ticks = (utc === undefined ? undefined : ticksOf(utc)) ?? (own === undefined ? undefined : ticksOf(own));
  return ticks === undefined ? undefined : (ticks - UNIX_EPOCH) / 10n;
}

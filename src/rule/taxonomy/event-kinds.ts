// All kinds of events whose values have names in several taxonomies, and which of them a log source or a query asks for.
import { kindsOf } from '../sources.ts';
import { ACCESS_KINDS } from './access-kinds.ts';
import type { EventKind, Place, TaxonomyId } from './event-kind.ts';
import { FILE_KINDS } from './file-kinds.ts';
import { MODULE_KINDS } from './module-kinds.ts';
import { NETWORK_KINDS } from './network-kinds.ts';
import { POWERSHELL_KINDS } from './powershell-kinds.ts';
import { PROCESS_END, PROCESS_START } from './process-kinds.ts';
import { REGISTRY_KINDS } from './registry-kinds.ts';
import { SECURITY_KINDS } from './security-kinds.ts';

/** By the names of Sigma's categories. */
export const EVENT_KINDS: readonly EventKind[] = [
  PROCESS_START,
  PROCESS_END,
  ...FILE_KINDS,
  ...REGISTRY_KINDS,
  ...NETWORK_KINDS,
  ...MODULE_KINDS,
  ...ACCESS_KINDS,
  ...POWERSHELL_KINDS,
];

export function kindOfCategory(category: string): EventKind | undefined {
  return EVENT_KINDS.find(({ id }) => id === category);
}

/** The kind that all events of a service with these numbers are. */
export function kindOfEventIds(service: string | null, ids: readonly number[]): EventKind | undefined {
  return SECURITY_KINDS.find(
    (kind) => kind.service === service && ids.length > 0 && ids.every((id) => kind.eventIds?.includes(id)),
  );
}

/** The kind that EQL's category and the values that it asks of event.type mean; without any, the kind that says none. */
export function kindOfEql(category: string, types: readonly string[]): EventKind | undefined {
  const kinds = EVENT_KINDS.filter(({ eql }) => eql?.category === category);
  return (
    kinds.find(({ eql }) => types.length > 0 && types.every((type) => eql?.types.includes(type))) ??
    kinds.find(({ eql }) => types.length === 0 && eql?.types.length === 0) ??
    (category === 'network' && types.length === 0 ? kinds[0] : undefined)
  );
}

/** Events of one of Windows' logs as a whole, or of all of them: each under its own names. */
export function kindOfService(service: string | null): EventKind | undefined {
  const found = kindsOf({ product: 'windows', category: null, service });
  if (typeof found === 'string') return undefined;
  const channels = found.flatMap((kind) => kind.channels);
  const table = channels.length === 0 ? 'the event logs of Windows' : `the event log ${channels.join(', ')}`;
  const windows: Place = { table: 'SecurityEvent (Microsoft Sentinel)', has: {} };
  return {
    id: service ?? 'windows',
    places: {
      sysmon: { table, has: channels.length === 0 ? {} : { Channel: channels } },
      ecs: {
        table: `${table} by Elastic Agent or Winlogbeat`,
        has: channels.length === 0 ? { 'host.os.type': ['windows'] } : { 'winlog.channel': channels },
      },
      ...(service === 'security' ? { windows } : {}),
    },
    rows: [],
  };
}

/** What stands around the data of an event, under which name. */
export const SYSTEM_FIELDS: Readonly<Record<string, Readonly<Partial<Record<TaxonomyId, string>>>>> = {
  EventID: { ecs: 'event.code', windows: 'EventID' },
  Channel: { ecs: 'winlog.channel', windows: 'Channel' },
  Provider_Name: { ecs: 'winlog.provider_name', windows: 'EventSourceName' },
  Computer: { ecs: 'winlog.computer_name', windows: 'Computer', mde: 'DeviceName', cim: 'dest' },
  Level: { windows: 'Level' },
};

// Layer C: what calls of account APIs say, whoever recorded them: a line of our own schema, a vendor's event by a mapping, or the pipe samr.

import type { AccountRecord } from '../../record.ts';
import type { Sighting } from '../../sighting.ts';
import { accountCallSightings } from './account-call.ts';
import type { ApiCall } from './api-call.ts';
import { type ApiMapping, type MappedApiCall, mappedCall } from './api-mapping.ts';
import { apiOf, samrMethodOf } from './api-table.ts';
import { ownCall } from './own-event.ts';
import { registryCallSighting } from './registry-apis.ts';
import { isSamr, SAMR_PIPE_EVENTS, samrPipeSighting } from './samr-pipe.ts';

/** What the call, or calls, of an event say: several where it names several members; none where it changes nothing. */
export function apiSightings(record: AccountRecord, mappings: readonly ApiMapping[]): readonly Sighting[] {
  if (SAMR_PIPE_EVENTS.has(record.id)) {
    const sighting = samrPipeSighting(record);
    if (sighting) return [sighting];
  }
  const call = callOf(record, mappings)?.call;
  return call ? sightingsOf(call) : [];
}

/**
 * Which calls on a host the event shows to be recorded: `all`, so that a change that none tells was made around them; `remote`, of which the same holds for
 * changes over the network alone. Undefined of an event that is no call of an account API, or does not show it: writes to the registry, single alerts.
 */
export function apiReachOf(record: AccountRecord, mappings: readonly ApiMapping[]): 'all' | 'remote' | undefined {
  if (SAMR_PIPE_EVENTS.has(record.id) && isSamr(record)) return 'remote';
  const found = callOf(record, mappings);
  if (!found || (apiOf(found.call.api)?.is !== 'account' && found.call.kind === undefined)) return undefined;
  return found.reach === 'none' ? undefined : found.reach;
}

/** What an event of an API layer tells, all at once. */
export interface ApiReading {
  /** 100 ns since 1601, UTC. */
  readonly at: bigint | undefined;
  readonly host: string | undefined;
  readonly reach: ReturnType<typeof apiReachOf>;
  readonly sightings: readonly Sighting[];
}

/** undefined of an event that is no call of an API. */
export function readApiRecord(record: AccountRecord, mappings: readonly ApiMapping[]): ApiReading | undefined {
  const isPipe = SAMR_PIPE_EVENTS.has(record.id) && isSamr(record);
  const call = isPipe ? undefined : callOf(record, mappings)?.call;
  if (!isPipe && !call) return undefined;
  return {
    at: call?.at ?? record.at,
    host: call?.host ?? record.host,
    reach: apiReachOf(record, mappings),
    sightings: apiSightings(record, mappings),
  };
}

interface FoundCall {
  readonly call: MappedApiCall;
  readonly reach: ApiMapping['reach'];
}

function callOf(record: AccountRecord, mappings: readonly ApiMapping[]): FoundCall | undefined {
  const own = ownCall(record);
  if (own) return { call: own, reach: 'all' };
  for (const mapping of mappings) {
    const call = mappedCall(record, mapping, (opnum) => samrMethodOf(opnum)?.api);
    if (call) return { call, reach: mapping.reach };
  }
  return undefined;
}

function sightingsOf(call: MappedApiCall): readonly Sighting[] {
  if (call.kind !== undefined) return accountCallSightings(call, { api: call.api, family: 'net', kind: call.kind });
  return byTable(call);
}

function byTable(call: ApiCall): readonly Sighting[] {
  const known = apiOf(call.api);
  if (known?.is === 'account') return accountCallSightings(call, known.row);
  const sighting = known && registryCallSighting(call, known.row);
  return sighting ? [sighting] : [];
}

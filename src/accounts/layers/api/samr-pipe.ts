// Events of the Security log that say that SAMR was used over the network: 5145 on the pipe samr, and 5712 of an RPC filter. Who and from where, never what.

import type { AccountRecord } from '../../record.ts';
import { optional } from '../../record.ts';
import type { Sighting } from '../../sighting.ts';
import { SAMR_INTERFACE } from './samr-apis.ts';

/** Security events that may be about SAMR. */
export const SAMR_PIPE_EVENTS: ReadonlySet<number> = new Set([5145, 5712]);

/** Supports a change on the host within seconds, with its actor and where that came from; undefined of any other event, and of one that was refused. Without a change it is an enumeration, which is none. */
export function samrPipeSighting(record: AccountRecord): Sighting | undefined {
  if (record.isFailure || !isSamr(record)) return undefined;
  const source = record.value('IpAddress') ?? record.value('RemoteIpAddress');
  return {
    layer: 'api',
    kind: 'account-changed',
    at: record.at,
    host: record.host,
    outcome: 'attempt',
    actor: { ...record.subject(), ...optional('source', source) },
    evidence: record.evidence('api', `${record.id} samr`),
    isSupport: true,
    notes: ['the Security Account Manager was used over the network'],
  };
}

/** Whether it tells of a use of SAMR, also of a refused one. */
export function isSamr(record: AccountRecord): boolean {
  const { provider, channel } = record.event.system;
  if (!/^security$/i.test(channel ?? '') && !/Security-Auditing$/i.test(provider ?? '')) return false;
  if (record.id === 5145)
    return (
      /^\\\\[^\\]+\\IPC\$$/i.test(record.value('ShareName') ?? '') &&
      /^(?:\\?pipe)?\\?samr$/i.test(record.value('RelativeTargetName') ?? '')
    );
  return (
    record.id === 5712 &&
    record
      .value('InterfaceUuid')
      ?.toLowerCase()
      .replace(/^\{(.*)\}$/, '$1') === SAMR_INTERFACE
  );
}

// Handles to objects of the SAM (4656, 4661): who asked for the right to add or remove members, and of which group; never a change by itself.

import type { Direction } from '../../document.ts';
import { type AccountRecord, optional } from '../../record.ts';
import type { Sighting } from '../../sighting.ts';

/** Rights to an alias (ntsam.h): bits of AccessMask. */
const ADD_MEMBER = 0x1;
const REMOVE_MEMBER = 0x2;

/** Supports a membership change of the burst it is in; undefined of a handle that says nothing of one. */
export function handleSighting(record: AccountRecord): Sighting | undefined {
  if (record.value('ObjectServer')?.toLowerCase() !== 'security account manager' || record.isFailure) return undefined;
  if (record.value('ObjectType')?.toUpperCase() !== 'SAM_ALIAS') return undefined;
  const alias = /^DOMAINS\\(Builtin|Account)\\Aliases\\([\da-f]{8})$/i.exec(record.value('ObjectName') ?? '');
  const mask = Number(record.value('AccessMask') ?? Number.NaN);
  const rights = mask & (ADD_MEMBER | REMOVE_MEMBER);
  if (!alias || Number.isNaN(mask) || rights === 0) return undefined;
  const rid = Number.parseInt(alias[2], 16);
  const direction: Direction | undefined =
    rights === ADD_MEMBER ? 'added' : rights === REMOVE_MEMBER ? 'removed' : undefined;
  return {
    layer: 'native',
    kind: 'membership-changed',
    at: record.at,
    host: record.host,
    outcome: 'success',
    group: alias[1].toLowerCase() === 'builtin' ? { sid: `S-1-5-32-${rid}`, rid } : { rid },
    ...optional('direction', direction),
    ...optional('actor', record.subject()),
    evidence: record.evidence('native', `${record.id} ${alias[2]}`),
    isSupport: true,
  };
}

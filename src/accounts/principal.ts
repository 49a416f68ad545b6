// Whom a document names, from what records say: with null for what is not known, and English names for what every Windows has.

import type { Group, Principal } from './document.ts';
import type { Named } from './sighting.ts';
import { BUILTIN_GROUPS, WELL_KNOWN_SIDS } from './well-known.ts';

export function principalOf(named: Named | undefined): Principal {
  const { name, domain, sid, rid } = named ?? {};
  return {
    name: name ?? WELL_KNOWN_SIDS.get(sid ?? '') ?? null,
    domain: domain ?? null,
    sid: sid ?? null,
    rid: rid ?? null,
  };
}

/** As the SAM's keys are named: "00000220". */
export function ridHex(rid: number): string {
  return rid.toString(16).toUpperCase().padStart(8, '0');
}

/** A group's name is as the record has it, in the host's language; a built-in one without has the English one. */
export function groupOf(named: Named): Group {
  const own = principalOf(named);
  const builtin = own.sid?.startsWith('S-1-5-32-') ? BUILTIN_GROUPS.get(own.rid ?? 0) : undefined;
  const rid_hex = own.rid === null ? null : ridHex(own.rid);
  return { ...own, name: own.name ?? builtin ?? null, rid_hex };
}

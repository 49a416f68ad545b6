// Which RIDs of a SAM were given out and belong to nothing now: accounts and groups that were deleted.

import type { Sam } from '../hive/sam/sam.ts';

/** RIDs below are those of Windows itself. */
export const FIRST_OWN_RID = 1000;
/** RIDs that are listed; what is more is counted. */
const MOST_MISSING = 10_000;

/** RIDs from the first own one to below the next that nothing has: accounts, groups and aliases share them. */
export function missingRids({ policy, accounts, aliases, groups }: Sam): {
  readonly rids: number[];
  readonly more: number;
} {
  const next = policy?.nextRid ?? 0;
  const local = aliases.filter(({ domain }) => domain === 'Account');
  const taken = new Set([...accounts, ...local, ...groups].map(({ rid }) => rid));
  const rids: number[] = [];
  let rid = FIRST_OWN_RID;
  for (; rid < next && rids.length < MOST_MISSING; rid++) if (!taken.has(rid)) rids.push(rid);
  let more = Math.max(0, next - rid);
  for (const one of taken) if (one >= rid && one < next) more--;
  return { rids, more };
}

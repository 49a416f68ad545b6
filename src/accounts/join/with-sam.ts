// What two states of the SAM hive, before and after, add to the changes that logs tell: who a member is, and which RID a name has.

import type { Sam } from '../../hive/sam/sam.ts';
import type { Principal } from '../document.ts';
import { ridHex } from '../principal.ts';
import type { SamChange } from '../sam-change.ts';
import { samDiff } from '../sam-diff.ts';
import type { Named } from '../sighting.ts';
import { type Draft, isSame, isSameName } from './draft.ts';

/** One host's SAM; the states are of times around its logs. */
export interface SamStates {
  readonly before: Sam;
  readonly after: Sam;
  /** The path of the later one, as evidence. */
  readonly file: string;
}

/** `drafts`: those of the hives' host, in order of time. */
export function joinSam(drafts: readonly Draft[], { before, after, file }: SamStates): void {
  const { changes } = samDiff(before, after);
  for (const change of changes) if (change.kind === 'account-created') nameAccount(drafts, change);
  for (const change of changes)
    if (change.kind === 'member-added' || change.kind === 'member-removed') nameMember(drafts, change, file);
}

/** The last life of the name is the one that the hive has. */
function nameAccount(drafts: readonly Draft[], { account }: SamChange): void {
  const own = namedOf(account);
  const lives = drafts.filter(({ kind, account: other }) => kind === 'account-created' && isSameNameOf(own, other));
  const last = lives.at(-1);
  if (last?.account && last.account.rid === undefined) last.account = { ...own, ...last.account };
}

/** The hives tell only the sum: of several writes to a group, the last that may be it. */
function nameMember(drafts: readonly Draft[], { kind, group, member, direction }: SamChange, file: string): void {
  if (!member || !direction) return;
  const own = namedOf(member);
  const made = drafts.findLast((one) => one.kind === 'account-created' && isSame(one.account, own));
  const fitting = drafts.filter(
    (one) =>
      one.kind === 'membership-changed' &&
      one.inferred?.confidence !== 'sure' &&
      isSame(one.group, namedOf(group)) &&
      (one.direction === undefined || one.direction === direction) &&
      (made?.at === undefined || one.at === undefined || one.at >= made.at),
  );
  const last = fitting.at(-1);
  if (!last) return;
  last.kind = kind;
  last.member = own;
  last.direction = direction;
  last.inferred = undefined;
  last.notes.add(
    fitting.length === 1
      ? 'who it was is told by the SAM before and after'
      : `who it was is told by the SAM before and after; it is the last of ${fitting.length} writes that it may have been`,
  );
  const [first] = last.sightings;
  const key = `Domains\\Builtin\\Aliases\\${ridHex(group?.rid ?? 0)}\\C`;
  last.sightings.push({ ...first, evidence: { layer: 'registry', file, record: key, what: 'SAM hive' } });
}

function isSameNameOf(one: Named, other: Named | undefined): boolean {
  return one.name !== undefined && other?.name !== undefined && isSameName(one.name, other.name);
}

function namedOf(principal: Principal | null): Named {
  const { name, domain, sid, rid } = principal ?? {};
  return {
    ...(name == null ? {} : { name }),
    ...(domain == null ? {} : { domain }),
    ...(sid == null ? {} : { sid }),
    ...(rid == null ? {} : { rid }),
  };
}

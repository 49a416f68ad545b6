// What is concluded of changes of membership that name no member: never told as seen.

import type { Direction } from '../document.ts';
import { principalOf } from '../principal.ts';
import type { Draft } from './draft.ts';
import { apart, isSameName, MILLISECOND, mayBeSame, SECOND } from './draft.ts';

/** lsass.exe strips the memberships of an account that it deletes at once. */
const WITH_DELETION = 50n * MILLISECOND;
/** Who makes an account gives it its groups soon. */
const AFTER_CREATION = 300n * SECOND;

/** `drafts` of one host, in order of time. */
export function inferMembers(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    if (draft.kind !== 'membership-changed' || draft.member || draft.at === undefined) continue;
    const { at } = draft;
    const deleted = drafts.filter((one) => isDone(one, 'account-deleted') && apart(one.at, at) <= WITH_DELETION);
    if (deleted.length === 1 && draft.direction !== 'added') {
      draft.inferred = {
        direction: 'removed',
        member: principalOf(deleted[0].account),
        confidence: 'sure',
        why: 'the account was deleted at the same moment, and its memberships go with it',
      };
      continue;
    }
    const made = drafts.filter(
      (one) =>
        isDone(one, 'account-created') && one.at! <= at && at - one.at! <= AFTER_CREATION && isAlive(one, drafts, at),
    );
    if (made.length !== 1 || draft.direction === 'removed') continue;
    const member = principalOf(made[0].account);
    draft.inferred = {
      direction: 'added',
      member,
      confidence: 'likely',
      why: `the only account that was made in the ${AFTER_CREATION / SECOND / 60n} minutes before`,
    };
    if (member.name !== null) draft.member = { name: `${member.name} (likely)` };
  }
}

/** Windows puts a new account into Users by itself, and a deleted one out of its groups. */
const CAUSES: Readonly<Partial<Record<Draft['kind'], Direction>>> = {
  'account-created': 'added',
  'account-deleted': 'removed',
};
const WITH_CAUSE = 2n * SECOND;

/** Ties changes of membership to the creation or deletion that they came with. `drafts` of one host, in order of time. */
export function tieToCauses(drafts: readonly Draft[]): void {
  for (const [i, cause] of drafts.entries()) {
    const direction = CAUSES[cause.kind];
    if (direction === undefined || cause.outcome !== 'success') continue;
    const tie = (draft: Draft): void => {
      if (!MEMBERSHIP.has(draft.kind) || (draft.direction ?? direction) !== direction) return;
      if (draft.outcome === 'success' && mayBeSame(draft.member, cause.account)) draft.cause ??= cause;
    };
    for (let at = i - 1; at >= 0 && apart(drafts[at].at, cause.at) <= WITH_CAUSE; at--) tie(drafts[at]);
    for (let at = i + 1; at < drafts.length && apart(drafts[at].at, cause.at) <= WITH_CAUSE; at++) tie(drafts[at]);
  }
}

const MEMBERSHIP: ReadonlySet<Draft['kind']> = new Set(['member-added', 'member-removed', 'membership-changed']);

function isDone({ kind, at, outcome, account }: Draft, wanted: Draft['kind']): boolean {
  return kind === wanted && at !== undefined && outcome === 'success' && account !== undefined;
}

function isAlive(made: Draft, drafts: readonly Draft[], at: bigint): boolean {
  const name = made.account?.name;
  return !drafts.some(
    (one) =>
      isDone(one, 'account-deleted') &&
      one.at! > made.at! &&
      one.at! <= at &&
      name !== undefined &&
      one.account?.name !== undefined &&
      isSameName(name, one.account.name),
  );
}

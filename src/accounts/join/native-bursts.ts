// Native events into changes: one act writes several events within a fraction of a second, and is told once.

import type { ChangeKind } from '../document.ts';
import { type Hosts, hostKey, PRIMARY_GROUP_RID } from '../hosts.ts';
import type { Sighting } from '../sighting.ts';
import { Draft, isSame, SECOND } from './draft.ts';
import { Neighbours } from './neighbours.ts';

/** What one act's events are within. */
const BURST = 2n * SECOND;

/** Events that go with another of the same account: the act's own consequences, by what it is. */
const GOES_WITH: Readonly<Partial<Record<ChangeKind, readonly ChangeKind[]>>> = {
  'account-created': ['account-enabled', 'account-changed', 'password-reset'],
  'account-deleted': ['account-changed', 'account-disabled'],
  'account-enabled': ['account-changed'],
  'account-disabled': ['account-changed'],
  'account-renamed': ['account-changed'],
  'account-unlocked': ['account-changed'],
  'password-changed': ['account-changed'],
  'password-reset': ['account-changed'],
  'sid-history-added': ['account-changed'],
  'computer-account-created': ['computer-account-changed', 'account-enabled'],
  'group-created': ['group-changed', 'group-renamed-noop'],
  'group-deleted': ['group-changed'],
  'group-renamed': ['group-changed'],
  'member-added': ['group-changed'],
  'member-removed': ['group-changed'],
};

/** Kinds by how much they say: an act is told by the first that is there. */
const ORDER = Object.keys(GOES_WITH) as readonly ChangeKind[];

/** What was left of the native events beside their changes. */
export interface NativeChanges {
  readonly drafts: readonly Draft[];
  /** Events that say that nothing changed: a group without a changed setting, a name that stayed. */
  readonly empty: readonly Sighting[];
}

/** `sightings`: primary native ones, in order of time. */
export function nativeBursts(sightings: readonly Sighting[], hosts: Hosts): NativeChanges {
  const drafts: Draft[] = [];
  const empty: Sighting[] = [];
  const taken = new Set<Sighting>();
  const near = new Neighbours(sightings);
  const primary = (kind: ChangeKind) => sightings.filter((one) => one.kind === kind && !isHousekeeping(one, hosts));
  for (const kind of ORDER) {
    for (const one of primary(kind)) {
      if (taken.has(one)) continue;
      taken.add(one);
      const draft = new Draft(one, hosts.scopeOf(one));
      drafts.push(draft);
      for (const other of near.around(one, BURST)) {
        if (taken.has(other) || other.outcome !== one.outcome || !belongs(one, other, hosts)) continue;
        taken.add(other);
        if (isHousekeeping(other, hosts)) draft.support(other);
        else draft.add(other);
      }
    }
  }
  for (const one of sightings) {
    if (taken.has(one)) continue;
    if (saysNothing(one)) {
      empty.push(one);
      continue;
    }
    drafts.push(new Draft(one, hosts.scopeOf(one)));
  }
  return { drafts, empty };
}

/** The group None comes and goes with every account of a host (4728 before 4720, 4729 before 4726). */
function isHousekeeping({ group, kind, host, scope }: Sighting, hosts: Hosts): boolean {
  return (
    group?.rid === PRIMARY_GROUP_RID &&
    (kind === 'member-added' || kind === 'member-removed') &&
    scope !== 'domain' &&
    !hosts.isController(hostKey(host))
  );
}

function belongs(one: Sighting, other: Sighting, hosts: Hosts): boolean {
  if (isHousekeeping(other, hosts)) {
    const wanted = other.direction === 'added' ? 'account-created' : 'account-deleted';
    return one.kind === wanted && isSame(one.account, other.member);
  }
  if (!GOES_WITH[one.kind]?.includes(other.kind)) return false;
  if (one.group) return isSame(one.group, other.group) && addsNothing(one, other);
  if (!isSame(one.account, other.account)) return false;
  return (
    one.actor?.logonId === undefined || other.actor?.logonId === undefined || one.actor.logonId === other.actor.logonId
  );
}

/** It lists no setting, or only the name that the group was given. */
function addsNothing(one: Sighting, { settings = [] }: Sighting): boolean {
  return settings.every(
    ({ name, new: own }) => name === 'SamAccountName' && one.group?.name?.toLowerCase() === own.toLowerCase(),
  );
}

/**
 * 4781 is of an account or of a group, and does not say which: of a group where other events of the host name its SID as one (4735 comes with each rename of a group).
 */
export function withGroupsRenamed(sightings: readonly Sighting[]): readonly Sighting[] {
  const groups = new Set<string>();
  for (const { host, group } of sightings) if (group?.sid !== undefined) groups.add(`${hostKey(host)} ${group.sid}`);
  return sightings.map((one) => {
    const { account, ...rest } = one;
    if (one.kind !== 'account-renamed' || !groups.has(`${hostKey(one.host)} ${account?.sid}`)) return one;
    const isSameName = one.settings?.some(({ old, new: own }) => old === own) === true;
    return { ...rest, kind: isSameName ? 'group-renamed-noop' : 'group-renamed', group: account };
  });
}

/** A group whose settings stayed: what a policy refresh writes; a name that is the same as before. */
function saysNothing({ kind, settings = [], evidence }: Sighting): boolean {
  if (kind === 'group-changed') return settings.length === 0;
  return kind === 'account-renamed' && evidence.what === '4781' && settings.some(({ old, new: own }) => old === own);
}

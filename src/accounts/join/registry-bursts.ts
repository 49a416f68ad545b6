// Writes to the SAM's keys into acts: what one act writes stands within a moment, under the name's key and under the RID's, and nothing but the time ties them.

import type { ChangeKind } from '../document.ts';
import type { Sighting } from '../sighting.ts';
import { isSame, isSameName, MILLISECOND, SECOND } from './draft.ts';
import { Neighbours } from './neighbours.ts';

/** A record that tells a change, and those that go with it. */
export interface Burst {
  readonly main: Sighting;
  readonly with: readonly Sighting[];
}

export interface RegistryBursts {
  readonly bursts: readonly Burst[];
  /** Records that tell no change alone, and go with none of these. */
  readonly supports: readonly Sighting[];
}

/** lsass.exe writes an act in one transaction. */
const MOMENT = 50n * MILLISECOND;
/** A file of keys is written by one process, value by value. */
const IMPORT = 2n * SECOND;

/** Both names of a rename, by what the keys alone look like. */
const RENAMES: readonly (readonly [deleted: ChangeKind, created: ChangeKind, renamed: ChangeKind])[] = [
  ['account-deleted', 'account-created', 'account-renamed'],
  ['group-deleted', 'group-created', 'group-renamed'],
];

/** `sightings` of the registry, in order of time. */
export function registryBursts(sightings: readonly Sighting[]): RegistryBursts {
  const near = new Neighbours(sightings);
  const taken = new Set<Sighting>();
  const bursts: Burst[] = [];
  const take = (main: Sighting, own: Sighting, within: bigint, belongs: (other: Sighting) => boolean): void => {
    taken.add(own);
    const others = near
      .around(own, within)
      .filter((other) => !taken.has(other) && isOneWriter(own, other) && belongs(other));
    for (const other of others) taken.add(other);
    bursts.push({ main, with: others });
  };
  const each = (kinds: readonly ChangeKind[], act: (one: Sighting) => void): void => {
    for (const one of sightings) if (kinds.includes(one.kind) && !one.isSupport && !taken.has(one)) act(one);
  };
  for (const [deleted, created, renamed] of RENAMES)
    each([deleted], (one) => {
      const around = near.around(one, MOMENT).filter((other) => !taken.has(other) && isOneWriter(one, other));
      // An account's own key goes with it, a renamed one's stays.
      if (around.some(({ kind, isSupport }) => kind === deleted && isSupport)) return;
      const old = nameOf(one);
      const made = around.find(({ kind, ...other }) => kind === created && isOther(old, nameOf(other)));
      if (!made || old === undefined) return;
      const name = nameOf(made)!;
      const main: Sighting = {
        ...made,
        kind: renamed,
        settings: [{ name: 'SamAccountName', old, new: name }],
        notes: [
          'told by the keys of names: one went and the other came at the same moment, and no account or group was deleted with it',
        ],
      };
      take(main, made, MOMENT, (other) => other === one || isSameKey(made, other) || isHousekeeping(made, other));
    });
  each(['account-created', 'group-created', 'account-deleted', 'group-deleted'], (one) =>
    take(one, one, MOMENT, (other) => isSameKey(one, other) || isHousekeeping(one, other)),
  );
  // Of a file of keys: first what has a name, then what has a RID alone.
  const imported = (isNamed: boolean): void =>
    each(['account-resurrected-by-registry'], (one) => {
      if ((nameOf(one) !== undefined) !== isNamed) return;
      const around = near.around(one, IMPORT);
      take(one, one, IMPORT, (other) => isSameKey(one, other) || isImported(one, other, around));
    });
  imported(true);
  imported(false);
  const rest = sightings.filter((one) => !taken.has(one));
  for (const main of rest) if (!main.isSupport) bursts.push({ main, with: [] });
  return { bursts, supports: rest.filter(({ isSupport }) => isSupport) };
}

function nameOf({ account, group }: Pick<Sighting, 'account' | 'group'>): string | undefined {
  return (account ?? group)?.name;
}

function isOther(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && !isSameName(one, other);
}

function isOneWriter(one: Sighting, other: Sighting): boolean {
  const [a, b] = [one.actor?.process, other.actor?.process];
  return a?.pid === b?.pid && a?.image?.toLowerCase() === b?.image?.toLowerCase();
}

/** The key of a name, and its default value. */
function isSameKey(one: Sighting, other: Sighting): boolean {
  const [own, name] = [nameOf(one), nameOf(other)];
  return (
    one.kind === other.kind &&
    own !== undefined &&
    name !== undefined &&
    isSameName(own, name) &&
    one.evidence.what !== other.evidence.what
  );
}

/** What lsass.exe writes under the RID when an account or a group is made, renamed or deleted. */
function isHousekeeping(one: Sighting, other: Sighting): boolean {
  if (other.isSupport && other.kind === one.kind) return true;
  if (one.kind === 'account-deleted' || one.kind === 'group-deleted') return false;
  if (one.account)
    return other.kind === 'password-setting-changed' || (other.isSupport === true && other.kind === 'account-changed');
  // C of a host's own group has its name, beside its members.
  return other.kind === 'membership-changed' && !other.member && other.group?.sid === undefined;
}

/** V and F of an account under its RID; F alone, without V, is another account's. */
function isImported(one: Sighting, other: Sighting, around: readonly Sighting[]): boolean {
  const isV = (sighting: Sighting): boolean =>
    sighting.kind === 'account-resurrected-by-registry' && sighting.account?.name === undefined;
  if (isV(other)) return one.account?.name !== undefined;
  if (other.kind !== 'rid-hijack-suspected') return false;
  return [one, ...around].some((own) => isV(own) && isSame(own.account, other.account));
}

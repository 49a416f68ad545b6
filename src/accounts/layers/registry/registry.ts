// Layer D: what a write to the SAM's keys in the registry says of accounts and groups. It claims no more than the record holds.

import type { ChangeKind, Direction } from '../../document.ts';
import { type AccountRecord, optional } from '../../record.ts';
import type { Named, Sighting } from '../../sighting.ts';
import { isLsass, type RegistryAct } from './registry-act.ts';
import { type SamKey, samKeyOf, userListName } from './sam-key.ts';

/** What a write shows; no more than this is known from one record. */
interface Claim {
  readonly kind: ChangeKind;
  readonly account?: Named;
  readonly group?: Named;
  readonly member?: Named;
  readonly direction?: Direction;
  readonly isSupport?: boolean;
  readonly notes?: readonly string[];
}

/** Whether the act is on the SAM at all: what shows that the layer is collected. */
export function isSamAct({ path }: RegistryAct): boolean {
  return samKeyOf(path) !== undefined;
}

/** The sighting of a write; undefined where it shows no change: counters of a logon, keys that are opened, policy. */
export function registrySighting(record: AccountRecord, act: RegistryAct): Sighting | undefined {
  const key = samKeyOf(act.path);
  const claim = key ? claimOf(key, act) : userListClaim(act);
  if (!claim) return undefined;
  const { isSupport, notes = [], ...rest } = claim;
  return {
    layer: 'registry',
    ...rest,
    at: record.at,
    host: record.host,
    outcome: 'success',
    ...(key ? { scope: 'local' as const } : {}),
    ...optional('actor', act.actor),
    evidence: record.evidence('registry', `${record.id} ${tail(act.path)}`),
    ...(isSupport ? { isSupport } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The path below Domains, or its last parts. */
function tail(path: string): string {
  return path.replace(/^.*\\SAM\\SAM\\Domains\\/i, '').replace(/^.*\\(?=SpecialAccounts\\)/i, '');
}

function claimOf(key: SamKey, act: RegistryAct): Claim | undefined {
  switch (key.kind) {
    case 'user-name':
      return userNameClaim(key, act);
    case 'user':
      return userClaim(key.rid, key.value?.toLowerCase(), act);
    case 'alias-name': {
      if (act.act === 'delete-value') return undefined;
      return { kind: act.act === 'delete-key' ? 'group-deleted' : 'group-created', group: { name: key.name } };
    }
    case 'alias': {
      if (act.act === 'delete-key') return { kind: 'group-deleted', group: groupOf(key), isSupport: true };
      if (act.act !== 'set-value' || key.value?.toLowerCase() !== 'c') return undefined;
      return { kind: 'membership-changed', group: groupOf(key) };
    }
    case 'alias-member': {
      const member = { sid: `${key.sid}-${key.rid}`, rid: key.rid };
      const direction = key.value !== undefined ? undefined : DIRECTIONS.get(act.act);
      // A key that was there is opened, too; the default value lists the groups.
      if (act.act === 'delete-value') return undefined;
      return { kind: 'membership-changed', member, ...optional('direction', direction), isSupport: true };
    }
    case 'other':
      return undefined;
  }
}

/** In the index of members a key comes with the first group, and goes with the last. */
const DIRECTIONS: ReadonlyMap<RegistryAct['act'], Direction> = new Map([
  ['create-key', 'added'],
  ['delete-key', 'removed'],
]);

/** The key of a name, or its default value, is there just when the account is. */
function userNameClaim(key: SamKey & { kind: 'user-name' }, { act, image }: RegistryAct): Claim | undefined {
  const account = { name: key.name };
  if (act === 'delete-value' || (key.value !== undefined && act !== 'set-value')) return undefined;
  if (act === 'delete-key') return { kind: 'account-deleted', account, notes: byOther(image) };
  if (!isLsass(image)) return { kind: 'account-resurrected-by-registry', account, notes: byOther(image) };
  return { kind: 'account-created', account };
}

function userClaim(rid: number, value: string | undefined, { act, image }: RegistryAct): Claim | undefined {
  const account = { rid };
  if (value === undefined) {
    // lsass.exe opens keys that are there with the same act as it creates others.
    if (act === 'delete-key') return { kind: 'account-deleted', account, isSupport: true };
    return undefined;
  }
  if (act !== 'set-value') return undefined;
  switch (value) {
    case 'f':
      // At every logon, and every failed one, by lsass.exe.
      return isLsass(image) ? undefined : { kind: 'rid-hijack-suspected', account, notes: byOther(image) };
    case 'v':
      if (isLsass(image)) return { kind: 'account-changed', account, isSupport: true };
      return { kind: 'account-resurrected-by-registry', account, notes: byOther(image) };
    case 'forcepasswordreset':
    case 'resetdata':
      return { kind: 'password-setting-changed', account };
    case 'userdontshowinlogonui':
      return { kind: 'account-hidden', account };
    case 'supplementalcredentials':
      return { kind: 'password-changed', account, isSupport: true };
    default:
      return undefined;
  }
}

function userListClaim({ act, path, details }: RegistryAct): Claim | undefined {
  const name = userListName(path);
  if (name === undefined || act === 'create-key' || act === 'delete-key') return undefined;
  // 0 hides the account on the sign-in screen, 1 shows it.
  if (act === 'set-value' && !/0x0*[1-9a-f]/i.test(details ?? '') && !/^[1-9]\d*$/.test(details ?? ''))
    return { kind: 'account-hidden', account: { name } };
  return { kind: 'account-changed', account: { name }, notes: ['shown on the sign-in screen again'] };
}

function groupOf({ rid, isBuiltin }: { readonly rid: number; readonly isBuiltin: boolean }): Named {
  return isBuiltin ? { sid: `S-1-5-32-${rid}`, rid } : { rid };
}

function byOther(image: string | undefined): readonly string[] {
  return isLsass(image)
    ? []
    : [`written by ${image ?? 'a program that is not named'}, not by lsass.exe, which alone writes there for Windows`];
}

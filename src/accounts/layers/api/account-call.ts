// What a call of an account API says of accounts and groups, by its row: one sighting, or one for each member.

import type { ChangeKind, Direction, Setting } from '../../document.ts';
import { optional } from '../../record.ts';
import type { Named, Sighting } from '../../sighting.ts';
import { type ApiCall, argument, namedOf, numberArgument, outcomeOf, principalOf, remoteHost } from './api-call.ts';
import { ABOUT, type ApiRow } from './api-row.ts';

/** Arguments that hold a setting; passwords are none. */
const SETTINGS = [
  'flags',
  'comment',
  'usercomment',
  'fullname',
  'homedir',
  'scriptpath',
  'profile',
  'workstations',
  'logonhours',
  'expires',
  'primarygroupid',
  'sidhistory',
] as const;

/** USER_ALL_NTPASSWORDPRESENT and USER_ALL_LMPASSWORDPRESENT ([MS-SAMR] 2.2.1.8). */
const PASSWORD_PRESENT = 0x0300_0000;

/** What the level and the flags make of a row's kind. */
interface Meaning {
  readonly kind: ChangeKind;
  readonly settings: readonly Setting[];
  readonly notes: readonly string[];
}

/** The sightings of a call; none where the row is no change. */
export function accountCallSightings(call: ApiCall, row: ApiRow): readonly Sighting[] {
  if (!row.kind) return [];
  const { kind, settings, notes } = meaningOf(call, row, row.kind);
  const about = ABOUT[kind];
  const members = about === 'membership' ? membersOf(call, row) : [];
  const all = [
    ...settings,
    ...(row.replacesMembers && members.length > 0
      ? [{ name: 'members', old: null, new: members.map(textOf).join(', ') }]
      : []),
  ];
  const remote = remoteHost(call);
  const base: Sighting = {
    layer: 'api',
    kind,
    at: call.at,
    host: remote ?? call.host,
    outcome: outcomeOf(call),
    ...(about === 'account' ? optional('account', targetOf(call, kind, ACCOUNT_NAMES)) : {}),
    ...(about === 'group' || about === 'membership' ? optional('group', targetOf(call, kind, GROUP_NAMES)) : {}),
    ...(about === 'membership' ? optional('direction', row.direction ?? DIRECTIONS.get(kind)) : {}),
    ...optional('actor', remote === undefined ? call.actor : { ...optional('source', call.host), ...call.actor }),
    ...(all.length > 0 ? { settings: all } : {}),
    evidence: call.record.evidence('api', call.api),
    ...(row.isSupport ? { isSupport: true } : {}),
    ...notesOf([
      ...(row.note === undefined ? [] : [row.note]),
      ...notes,
      ...(call.arguments.size === 0 && about !== 'policy' ? ['whom it is about the event does not tell'] : []),
      ...(remote === undefined ? [] : [`called on ${call.host ?? 'a host that is not named'}, for ${remote}`]),
    ]),
  };
  if (members.length === 0 || (row.replacesMembers && members.length > 1)) return [base];
  return members.map((member) => ({ ...base, member }));
}

const ACCOUNT_NAMES = [
  ['username', 'accountname', 'name'],
  ['sid', 'usersid'],
  ['rid', 'userid'],
] as const;
const GROUP_NAMES = [
  ['groupname', 'aliasname', 'name'],
  ['sid', 'groupsid'],
  ['rid', 'groupid', 'aliasid'],
] as const;
const DIRECTIONS: ReadonlyMap<ChangeKind, Direction> = new Map([
  ['member-added', 'added'],
  ['member-removed', 'removed'],
]);

function notesOf(notes: readonly string[]): { readonly notes?: readonly string[] } {
  return notes.length > 0 ? { notes } : {};
}

function textOf({ domain, name, sid, rid }: Named): string {
  if (name === undefined) return sid ?? String(rid);
  return domain === undefined ? name : `${domain}\\${name}`;
}

/** Of a rename, by the new name. */
function targetOf(
  call: ApiCall,
  kind: ChangeKind,
  [names, sids, rids]: readonly [readonly string[], readonly string[], readonly string[]],
): Named | undefined {
  const told = namedOf(call, names, sids, rids);
  const renamed = isRename(kind) ? argument(call, 'newname') : undefined;
  return renamed === undefined ? told : { ...told, name: renamed };
}

function isRename(kind: ChangeKind): boolean {
  return kind === 'account-renamed' || kind === 'group-renamed';
}

/** Members by name, SID or RID; of NetGroupAddUser and its like the member is the user. */
function membersOf(call: ApiCall, row: ApiRow): readonly Named[] {
  const listed = ['members', 'member', 'membername', 'membersid', 'membersids'].flatMap(
    (name) => call.arguments.get(name) ?? [],
  );
  // A name and a SID that are told once each are of one member.
  const name = argument(call, 'membername');
  const sid = argument(call, 'membersid');
  const rid = numberArgument(call, 'memberrid', 'memberid');
  if (name !== undefined && sid !== undefined && listed.length === 2)
    return [{ ...principalOf(name), ...principalOf(sid) }];
  const members = listed
    .filter((text) => text.trim() !== '' && text.trim() !== '-')
    .map((text) => principalOf(text.trim()));
  if (members.length > 0) return members;
  if (rid !== undefined) return [{ ...(name === undefined ? {} : principalOf(name)), rid }];
  const user = row.family === 'net' ? namedOf(call, ['username'], [], []) : undefined;
  return user ? [user] : [];
}

function meaningOf(call: ApiCall, row: ApiRow, kind: ChangeKind): Meaning {
  const settings = settingsOf(call);
  const notes: string[] = [];
  const levelNumber = numberArgument(call, ...(row.family === 'samr' ? ['informationclass', 'level'] : ['level']));
  const level = levelNumber === undefined ? undefined : row.levels?.get(levelNumber);
  const flags = numberArgument(call, 'flags');
  if (row.machine) {
    const mask = numberArgument(call, row.machine.argument) ?? 0;
    if ((mask & row.machine.mask) !== 0) return { kind: 'computer-account-created', settings, notes };
  }
  if (level === 'control') return controlOf(call, row, settings);
  if (level === 'password-maybe') {
    const which = numberArgument(call, 'whichfields') ?? 0;
    return { kind: (which & PASSWORD_PRESENT) !== 0 ? 'password-reset' : kind, settings, notes };
  }
  const own = level ?? kind;
  if (isRename(own)) {
    const renamed = argument(call, 'newname');
    const old = argument(call, 'oldname', 'username', 'accountname', 'groupname', 'aliasname', 'name') ?? null;
    if (renamed === undefined) notes.push('the new name is not told');
    else return { kind: own, settings: [{ name: 'SamAccountName', old, new: renamed }, ...settings], notes };
  }
  if (row.flags && flags !== undefined && own === 'account-created')
    return { kind: own, settings: [...settings, ...bitsOf(row.flags, flags, undefined)], notes };
  return { kind: own, settings, notes };
}

/** Flags are set all at once, so that one call may enable an account or leave it as it was. */
function controlOf(call: ApiCall, row: ApiRow, settings: readonly Setting[]): Meaning {
  const flags = numberArgument(call, 'flags');
  const old = numberArgument(call, 'oldflags');
  if (flags === undefined || !row.flags) return { kind: 'account-changed', settings, notes: [] };
  const { disabled } = row.flags;
  const all = [...settings, ...bitsOf(row.flags, flags, old)];
  const isDisabled = (flags & disabled) !== 0;
  if (old !== undefined && isDisabled === ((old & disabled) !== 0))
    return { kind: 'account-changed', settings: all, notes: [] };
  return {
    kind: isDisabled ? 'account-disabled' : 'account-enabled',
    settings: all,
    notes:
      old === undefined ? ['the call sets all flags; whether the account was enabled before it does not tell'] : [],
  };
}

function bitsOf(flags: NonNullable<ApiRow['flags']>, value: number, old: number | undefined): readonly Setting[] {
  const bits = [
    ['disabled', flags.disabled],
    ['password not required', flags.passwordNotRequired],
    ['password never expires', flags.passwordNeverExpires],
  ] as const;
  const word = (one: number, bit: number): string => ((one & bit) !== 0 ? 'yes' : 'no');
  return bits
    .filter(([, bit]) => (old === undefined ? (value & bit) !== 0 : ((value ^ old) & bit) !== 0))
    .map(([name, bit]) => ({ name, old: old === undefined ? null : word(old, bit), new: word(value, bit) }));
}

function settingsOf(call: ApiCall): readonly Setting[] {
  return SETTINGS.flatMap((name): readonly Setting[] => {
    const value = argument(call, name);
    return value === undefined ? [] : [{ name, old: argument(call, `old${name}`) ?? null, new: value }];
  });
}

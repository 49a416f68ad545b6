// The functions of lmaccess.h that change or read accounts and groups, a row each (Microsoft's Windows API reference, "Network Management").

import type { ChangeKind, Direction } from '../../document.ts';
import type { ApiRow, ControlFlags, Level } from './api-row.ts';

/** UF_ACCOUNTDISABLE, UF_PASSWD_NOTREQD, UF_DONT_EXPIRE_PASSWD; UF_INTERDOMAIN_, UF_WORKSTATION_ and UF_SERVER_TRUST_ACCOUNT. */
const UF: ControlFlags = { disabled: 0x2, passwordNotRequired: 0x20, passwordNeverExpires: 0x1_0000, machine: 0x3800 };

/** Of NetUserSetInfo; what is not here changes a setting. */
const USER_LEVELS: ReadonlyMap<number, Level> = new Map<number, Level>([
  [0, 'account-renamed'],
  // usri21_password, as a one-way function of LAN Manager 2.0.
  [21, 'password-reset'],
  [1003, 'password-reset'],
  [1008, 'control'],
]);
const GROUP_LEVELS: ReadonlyMap<number, Level> = new Map<number, Level>([[0, 'group-renamed']]);

const net = (api: string, kind?: ChangeKind, more: Partial<ApiRow> = {}): ApiRow => ({
  api,
  family: 'net',
  ...(kind ? { kind } : {}),
  ...more,
});
const member = (api: string, direction: Direction): ApiRow =>
  net(api, direction === 'added' ? 'member-added' : 'member-removed', { direction });

export const NET_APIS: readonly ApiRow[] = [
  net('NetUserAdd', 'account-created', { flags: UF, machine: { argument: 'flags', mask: UF.machine } }),
  net('NetUserDel', 'account-deleted'),
  net('NetUserSetInfo', 'account-changed', { levels: USER_LEVELS, flags: UF }),
  net('NetUserChangePassword', 'password-changed'),
  net('NetUserSetGroups', 'membership-changed', {
    replacesMembers: true,
    note: 'sets all global groups of the account',
  }),
  net('NetLocalGroupAdd', 'group-created'),
  net('NetLocalGroupDel', 'group-deleted'),
  net('NetLocalGroupSetInfo', 'group-changed', { levels: GROUP_LEVELS }),
  member('NetLocalGroupAddMember', 'added'),
  member('NetLocalGroupAddMembers', 'added'),
  member('NetLocalGroupDelMember', 'removed'),
  member('NetLocalGroupDelMembers', 'removed'),
  net('NetLocalGroupSetMembers', 'membership-changed', { replacesMembers: true }),
  net('NetGroupAdd', 'group-created'),
  net('NetGroupDel', 'group-deleted'),
  net('NetGroupSetInfo', 'group-changed', { levels: GROUP_LEVELS }),
  member('NetGroupAddUser', 'added'),
  member('NetGroupDelUser', 'removed'),
  net('NetGroupSetUsers', 'membership-changed', { replacesMembers: true }),
  net('NetUserModalsSet', 'domain-policy-changed'),
  ...[
    'NetUserEnum',
    'NetUserGetInfo',
    'NetUserGetGroups',
    'NetUserGetLocalGroups',
    'NetUserModalsGet',
    'NetLocalGroupEnum',
    'NetLocalGroupGetInfo',
    'NetLocalGroupGetMembers',
    'NetGroupEnum',
    'NetGroupGetInfo',
    'NetGroupGetUsers',
    'NetQueryDisplayInformation',
    'NetGetDisplayInformationIndex',
    'NetValidatePasswordPolicy',
  ].map((api) => net(api)),
];

// What layer D needs from Sysmon: writes to the SAM's keys, and to the list that hides accounts from the sign-in screen.

import type { SysmonEvent } from './filter.ts';
import type { Need, RulePart } from './need.ts';

const ACCOUNT = 'HKLM\\SAM\\SAM\\Domains\\Account\\';
const BUILTIN = 'HKLM\\SAM\\SAM\\Domains\\Builtin\\';
const LSASS = 'C:\\Windows\\system32\\lsass.exe';
const REGEDIT = 'C:\\Windows\\regedit.exe';
const REG = 'C:\\Windows\\System32\\reg.exe';
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
/** An account that stands for any, and a member's SID. */
const NAME = 'support';
const RID = '000003F8';
const SID = 'S-1-5-21-1004336348-1177238915-682003330';
const USER_LIST = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList\\';

type Act = 'CreateKey' | 'DeleteKey' | 'SetValue' | 'DeleteValue';

function written(act: Act, path: string, image = LSASS, details = 'Binary Data'): SysmonEvent {
  const fields = {
    RuleName: '-',
    EventType: act,
    UtcTime: '2024-05-01 10:00:01.000',
    ProcessGuid: '{1f2e3d4c-5b6a-7988-0c00-000000000400}',
    ProcessId: '716',
    Image: image,
    TargetObject: path,
    User: image === LSASS ? 'NT AUTHORITY\\SYSTEM' : 'WS7\\ada',
  };
  return act === 'SetValue'
    ? { name: 'RegistryEvent', id: 13, fields: { ...fields, Details: details } }
    : { name: 'RegistryEvent', id: 12, fields };
}

const under = (value: string): RulePart => ({ field: 'TargetObject', condition: 'begin with', value });
const endsWith = (value: string): RulePart => ({ field: 'TargetObject', condition: 'end with', value });
const apart = (value: string): readonly RulePart[] => [{ field: 'TargetObject', condition: 'excludes', value }];

const USERS = under(`${ACCOUNT}Users\\`);
const NAMES = under(`${ACCOUNT}Users\\Names\\`);
const BUILTIN_ALIASES = under(`${BUILTIN}Aliases\\`);
const ACCOUNT_ALIASES = under(`${ACCOUNT}Aliases\\`);
const NOT_NAMES = apart('\\SAM\\SAM\\Domains\\Account\\Users\\Names\\');
const NOT_USERS = apart('\\SAM\\SAM\\Domains\\Account\\Users\\0');
const NOT_BUILTIN_ALIASES = apart('\\SAM\\SAM\\Domains\\Builtin\\Aliases\\');
const NOT_ACCOUNT_ALIASES = apart('\\SAM\\SAM\\Domains\\Account\\Aliases\\');
const user = (value: string): string => `${ACCOUNT}Users\\${RID}\\${value}`;

/** What is the same in most rows. */
const ROW = { layer: 'registry', weight: 'needed', event: 'RegistryEvent', cost: undefined } as const;

export const REGISTRY_NEEDS: readonly Need[] = [
  {
    ...ROW,
    id: 'user-name-set',
    what: 'an account is created, with its name (SetValue of Users\\Names\\<name>)',
    examples: [written('SetValue', `${ACCOUNT}Users\\Names\\${NAME}\\(Default)`)],
    rules: [[NAMES]],
    guard: NOT_NAMES,
  },
  {
    ...ROW,
    id: 'user-name-deleted',
    what: 'an account is deleted, with its name (DeleteKey of Users\\Names\\<name>)',
    examples: [written('DeleteKey', `${ACCOUNT}Users\\Names\\${NAME}`)],
    rules: [[NAMES]],
    guard: NOT_NAMES,
  },
  {
    ...ROW,
    id: 'user-name-created',
    weight: 'helpful',
    what: 'an account is created: its key (CreateKey of Users\\Names\\<name>), beside the SetValue',
    examples: [written('CreateKey', `${ACCOUNT}Users\\Names\\${NAME}`)],
    rules: [[NAMES]],
    guard: NOT_NAMES,
  },
  {
    ...ROW,
    id: 'user-name-by-other',
    what: 'an account comes by a write to Users\\Names that is not of lsass.exe: an import, a clone',
    examples: [REGEDIT, REG, POWERSHELL].map((image) =>
      written('SetValue', `${ACCOUNT}Users\\Names\\${NAME}$\\(Default)`, image),
    ),
    rules: [[NAMES]],
    guard: NOT_NAMES,
  },
  {
    ...ROW,
    id: 'user-v',
    weight: 'helpful',
    what: 'settings of an account change, and the RID of one that is created (SetValue of Users\\<RID>\\V)',
    examples: [written('SetValue', user('V'))],
    rules: [[USERS, endsWith('\\V')]],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'user-v-by-other',
    what: 'V is written by a program that is not lsass.exe: an account is imported or cloned',
    examples: [REGEDIT, REG, POWERSHELL].map((image) => written('SetValue', user('V'), image)),
    rules: [[USERS, endsWith('\\V')]],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'user-f-by-other',
    what: 'F is written by a program that is not lsass.exe: a RID is hijacked, an account enabled past Windows',
    examples: [
      'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\MSBuild.exe',
      REGEDIT,
      REG,
      POWERSHELL,
      'C:\\Users\\Public\\system32\\lsass.exe',
    ].map((image) => written('SetValue', `${ACCOUNT}Users\\000001F5\\F`, image)),
    rules: [
      [USERS, endsWith('\\F'), { field: 'Image', condition: 'is not', value: 'C:\\Windows\\System32\\lsass.exe' }],
    ],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'user-key-deleted',
    weight: 'helpful',
    what: 'the RID of an account that is deleted (DeleteKey of Users\\<RID>)',
    examples: [written('DeleteKey', `${ACCOUNT}Users\\${RID}`)],
    rules: [[USERS, { field: 'EventType', condition: 'is', value: 'DeleteKey' }]],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'password-setting',
    what: 'a password must be changed, or its reset data are set (ForcePasswordReset, ResetData)',
    examples: [written('SetValue', user('ForcePasswordReset')), written('SetValue', user('ResetData'))],
    rules: [
      [USERS, endsWith('\\ForcePasswordReset')],
      [USERS, endsWith('\\ResetData')],
    ],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'password-stored',
    weight: 'helpful',
    what: 'a password is set (SetValue of SupplementalCredentials)',
    examples: [written('SetValue', user('SupplementalCredentials'))],
    rules: [[USERS, endsWith('\\SupplementalCredentials')]],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'hidden-by-value',
    what: 'an account is hidden from the sign-in screen (UserDontShowInLogonUI)',
    examples: [written('SetValue', user('UserDontShowInLogonUI'))],
    rules: [[USERS, endsWith('\\UserDontShowInLogonUI')]],
    guard: NOT_USERS,
  },
  {
    ...ROW,
    id: 'hidden-by-user-list',
    what: 'an account is hidden from the sign-in screen, or shown again (Winlogon\\SpecialAccounts\\UserList)',
    examples: [
      ...[REG, REGEDIT, POWERSHELL].map((image) =>
        written('SetValue', `${USER_LIST}${NAME}`, image, 'DWORD (0x00000000)'),
      ),
      written('DeleteValue', `${USER_LIST}${NAME}`, REG),
    ],
    rules: [[{ field: 'TargetObject', condition: 'contains', value: '\\Winlogon\\SpecialAccounts\\UserList\\' }]],
    guard: apart('\\SpecialAccounts\\UserList\\'),
  },
  {
    ...ROW,
    id: 'builtin-alias-members',
    what: "the members of Administrators and Windows' other groups change (SetValue of Builtin\\Aliases\\<RID>\\C)",
    examples: ['00000220', '0000022B', '00000247'].map((rid) => written('SetValue', `${BUILTIN}Aliases\\${rid}\\C`)),
    rules: [[BUILTIN_ALIASES]],
    guard: NOT_BUILTIN_ALIASES,
  },
  {
    ...ROW,
    id: 'account-alias-members',
    what: 'the members of a local group of the host change (SetValue of Account\\Aliases\\<RID>\\C)',
    examples: [written('SetValue', `${ACCOUNT}Aliases\\000003EB\\C`)],
    rules: [[ACCOUNT_ALIASES]],
    guard: NOT_ACCOUNT_ALIASES,
  },
  {
    ...ROW,
    id: 'account-alias-name',
    what: 'a local group is created or deleted, with its name (Account\\Aliases\\Names\\<name>)',
    examples: [
      written('SetValue', `${ACCOUNT}Aliases\\Names\\operators\\(Default)`),
      written('DeleteKey', `${ACCOUNT}Aliases\\Names\\operators`),
    ],
    rules: [[ACCOUNT_ALIASES]],
    guard: NOT_ACCOUNT_ALIASES,
  },
  {
    ...ROW,
    id: 'builtin-member-index',
    weight: 'helpful',
    what: "who joined or left one of Windows' groups, by SID and RID (Builtin\\Aliases\\Members\\<SID>\\<RID>; concluded from the hive's layout)",
    examples: [
      written('CreateKey', `${BUILTIN}Aliases\\Members\\${SID}\\${RID}`),
      written('SetValue', `${BUILTIN}Aliases\\Members\\${SID}\\${RID}\\(Default)`),
      written('DeleteKey', `${BUILTIN}Aliases\\Members\\${SID}\\${RID}`),
    ],
    rules: [[BUILTIN_ALIASES]],
    guard: NOT_BUILTIN_ALIASES,
  },
  {
    ...ROW,
    id: 'account-member-index',
    weight: 'helpful',
    what: 'who joined or left a local group of the host, by SID and RID (Account\\Aliases\\Members\\<SID>\\<RID>)',
    examples: [
      written('CreateKey', `${ACCOUNT}Aliases\\Members\\${SID}\\${RID}`),
      written('SetValue', `${ACCOUNT}Aliases\\Members\\${SID}\\${RID}\\(Default)`),
      written('DeleteKey', `${ACCOUNT}Aliases\\Members\\${SID}\\${RID}`),
    ],
    rules: [[ACCOUNT_ALIASES]],
    guard: NOT_ACCOUNT_ALIASES,
  },
  {
    ...ROW,
    id: 'user-f-by-lsass',
    weight: 'noise',
    what: 'counters of a logon (SetValue of Users\\<RID>\\F by lsass.exe)',
    examples: [written('SetValue', user('F'))],
    rules: [],
    guard: [USERS, endsWith('\\F'), { field: 'Image', condition: 'is', value: 'C:\\Windows\\System32\\lsass.exe' }],
    cost: 'an event at every logon to a local account, and every failed one',
  },
  {
    ...ROW,
    id: 'user-key-opened',
    weight: 'noise',
    what: 'an account that is there is opened (CreateKey of Users\\<RID> by lsass.exe); a creation looks the same',
    examples: [written('CreateKey', `${ACCOUNT}Users\\${RID}`), written('CreateKey', `${ACCOUNT}Users`)],
    rules: [],
    guard: [
      under(`${ACCOUNT}Users`),
      { field: 'TargetObject', condition: 'excludes', value: '\\Users\\Names' },
      { field: 'EventType', condition: 'is', value: 'CreateKey' },
    ],
    cost: 'an event whenever Windows looks an account up to write to it',
  },
  {
    ...ROW,
    id: 'domain-f',
    weight: 'noise',
    what: 'password policy and counters of all accounts together (SetValue of Account\\F)',
    examples: [written('SetValue', `${ACCOUNT}F`)],
    rules: [],
    guard: [{ field: 'TargetObject', condition: 'is', value: `${ACCOUNT}F` }],
    cost: 'an event at every change of an account, which tells no more than the others',
  },
];

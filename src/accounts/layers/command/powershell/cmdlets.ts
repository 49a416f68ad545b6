// PowerShell's commands about accounts and groups: a row each, with the parameters that say what is changed.

import type { ChangeKind, Direction, Scope } from '../../../document.ts';

export interface Cmdlet {
  readonly kind: ChangeKind;
  readonly scope: Scope;
  /** The parameters that name the account, the group and the member; the first one that is given counts. */
  readonly account?: readonly string[];
  readonly group?: readonly string[];
  readonly member?: readonly string[];
  readonly direction?: Direction;
  /** The new name, of a rename. */
  readonly newName?: string;
  /** In order, those that values without a name are taken by. */
  readonly positional: readonly string[];
  /** Parameters that take no value. */
  readonly switches?: readonly string[];
  /** What comes through the pipe. */
  readonly piped: 'account' | 'group' | 'member';
  /** Parameters that set something, and what it is called. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Other parameters: they count for abbreviations. */
  readonly others?: readonly string[];
}

const USER = ['name', 'inputobject', 'sid'] as const;
const GROUP = ['group', 'name', 'sid'] as const;
const IDENTITY = ['identity'] as const;

const user = (kind: ChangeKind, more: Partial<Cmdlet> = {}): Cmdlet => ({
  kind,
  scope: 'local',
  account: USER,
  positional: ['name'],
  piped: 'account',
  ...more,
});
const group = (kind: ChangeKind, more: Partial<Cmdlet> = {}): Cmdlet => ({
  kind,
  scope: 'local',
  group: USER,
  positional: ['name'],
  piped: 'group',
  ...more,
});
const member = (direction: Direction): Cmdlet => ({
  kind: direction === 'added' ? 'member-added' : 'member-removed',
  scope: 'local',
  group: GROUP,
  member: ['member'],
  direction,
  positional: ['group', 'member'],
  piped: 'member',
});
const directory = (kind: ChangeKind, more: Partial<Cmdlet> = {}): Cmdlet => ({
  kind,
  scope: 'domain',
  account: IDENTITY,
  positional: ['identity'],
  piped: 'account',
  others: ['server', 'credential', 'authtype', 'partition', 'passthru'],
  ...more,
});

const USER_SETTINGS = {
  fullname: 'full name',
  description: 'comment',
  accountexpires: 'account expires',
  accountneverexpires: 'account never expires',
  passwordneverexpires: 'password never expires',
} as const;

/** Microsoft.PowerShell.LocalAccounts and ActiveDirectory, by name in lower case (Microsoft Learn). */
export const CMDLETS: ReadonlyMap<string, Cmdlet> = new Map([
  [
    'new-localuser',
    user('account-created', {
      account: ['name'],
      switches: ['accountneverexpires', 'disabled', 'nopassword', 'passwordneverexpires', 'usermaynotchangepassword'],
      settings: {
        ...USER_SETTINGS,
        disabled: 'disabled',
        nopassword: 'no password',
        usermaynotchangepassword: 'user may not change password',
      },
      others: ['password'],
    }),
  ],
  [
    'set-localuser',
    user('account-changed', {
      switches: ['accountneverexpires'],
      settings: { ...USER_SETTINGS, usermaychangepassword: 'user may change password' },
      others: ['password'],
    }),
  ],
  ['enable-localuser', user('account-enabled')],
  ['disable-localuser', user('account-disabled')],
  ['remove-localuser', user('account-deleted')],
  ['rename-localuser', user('account-renamed', { newName: 'newname', positional: ['name', 'newname'] })],
  ['new-localgroup', group('group-created', { group: ['name'], settings: { description: 'comment' } })],
  ['set-localgroup', group('group-changed', { settings: { description: 'comment' } })],
  ['remove-localgroup', group('group-deleted')],
  ['rename-localgroup', group('group-renamed', { newName: 'newname', positional: ['name', 'newname'] })],
  ['add-localgroupmember', member('added')],
  ['remove-localgroupmember', member('removed')],
  [
    'new-aduser',
    directory('account-created', {
      account: ['samaccountname', 'name'],
      positional: ['name'],
      settings: {
        enabled: 'enabled',
        passwordneverexpires: 'password never expires',
        passwordnotrequired: 'password not required',
      },
      others: [
        'path',
        'accountpassword',
        'displayname',
        'description',
        'givenname',
        'surname',
        'userprincipalname',
        'instance',
        'otherattributes',
      ],
    }),
  ],
  ['remove-aduser', directory('account-deleted')],
  ['enable-adaccount', directory('account-enabled')],
  ['disable-adaccount', directory('account-disabled')],
  ['unlock-adaccount', directory('account-unlocked')],
  [
    'set-adaccountpassword',
    directory('password-reset', {
      switches: ['reset', 'passthru'],
      others: ['newpassword', 'oldpassword', 'server', 'credential'],
    }),
  ],
  [
    'new-adgroup',
    directory('group-created', {
      account: undefined,
      group: ['samaccountname', 'name'],
      positional: ['name', 'groupscope'],
      piped: 'group',
      others: ['groupscope', 'groupcategory', 'path', 'description', 'displayname'],
    }),
  ],
  ['remove-adgroup', directory('group-deleted', { account: undefined, group: IDENTITY, piped: 'group' })],
  [
    'add-adgroupmember',
    directory('member-added', {
      account: undefined,
      group: IDENTITY,
      member: ['members'],
      direction: 'added',
      positional: ['identity', 'members'],
    }),
  ],
  [
    'remove-adgroupmember',
    directory('member-removed', {
      account: undefined,
      group: IDENTITY,
      member: ['members'],
      direction: 'removed',
      positional: ['identity', 'members'],
    }),
  ],
  [
    'add-adprincipalgroupmembership',
    directory('member-added', {
      account: undefined,
      member: IDENTITY,
      group: ['memberof'],
      direction: 'added',
      positional: ['identity', 'memberof'],
      piped: 'member',
    }),
  ],
  [
    'new-adcomputer',
    directory('computer-account-created', {
      account: ['samaccountname', 'name'],
      positional: ['name'],
      settings: { enabled: 'enabled' },
    }),
  ],
  ['remove-adcomputer', directory('computer-account-deleted')],
]);

/** Aliases that the modules bring along. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['nlu', 'new-localuser'],
  ['slu', 'set-localuser'],
  ['elu', 'enable-localuser'],
  ['dlu', 'disable-localuser'],
  ['rlu', 'remove-localuser'],
  ['rnlu', 'rename-localuser'],
  ['glu', 'get-localuser'],
  ['nlg', 'new-localgroup'],
  ['slg', 'set-localgroup'],
  ['rlg', 'remove-localgroup'],
  ['rnlg', 'rename-localgroup'],
  ['glg', 'get-localgroup'],
  ['algm', 'add-localgroupmember'],
  ['rlgm', 'remove-localgroupmember'],
  ['glgm', 'get-localgroupmember'],
  ['iex', 'invoke-expression'],
  ['saps', 'start-process'],
  ['start', 'start-process'],
  ['sp', 'set-itemproperty'],
  ['rp', 'remove-itemproperty'],
  ['gwmi', 'get-wmiobject'],
  ['gcim', 'get-ciminstance'],
  ['scim', 'set-ciminstance'],
  ['icim', 'invoke-cimmethod'],
  ['iwmi', 'invoke-wmimethod'],
  ['swmi', 'set-wmiinstance'],
]);

/** Common parameters, which every command has, and whether each takes a value. */
export const COMMON: Readonly<Record<string, boolean>> = {
  verbose: false,
  debug: false,
  whatif: false,
  confirm: false,
  force: false,
  erroraction: true,
  ea: true,
  warningaction: true,
  wa: true,
  informationaction: true,
  infa: true,
  errorvariable: true,
  ev: true,
  warningvariable: true,
  wv: true,
  informationvariable: true,
  iv: true,
  outvariable: true,
  ov: true,
  outbuffer: true,
  ob: true,
  pipelinevariable: true,
  pv: true,
  progressaction: true,
  wi: false,
  cf: false,
};

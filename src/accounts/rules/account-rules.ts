// What `winnow accounts` looks for, as rules: a row each, by the layer that sees it.

import type { LogSource } from '../../rule/log-source.ts';
import type { Threat } from '../../rule/rule.ts';
import type { AccountRule } from './account-rule.ts';

const SECURITY: LogSource = { category: null, product: 'windows', service: 'security' };
const PROCESS: LogSource = { category: 'process_creation', product: 'windows', service: null };
const REGISTRY: LogSource = { category: 'registry_event', product: 'windows', service: null };
const SCRIPT: LogSource = { category: 'ps_script', product: 'windows', service: null };

const PERSISTENCE = { id: 'TA0003', name: 'Persistence' };
const ESCALATION = { id: 'TA0004', name: 'Privilege Escalation' };
const IMPACT = { id: 'TA0040', name: 'Impact' };

const CREATE: Threat = { tactic: PERSISTENCE, technique: { id: 'T1136.001', name: 'Local Account' } };
const MANIPULATE: Threat = { tactic: PERSISTENCE, technique: { id: 'T1098', name: 'Account Manipulation' } };
const GROUPS: Threat = {
  tactic: ESCALATION,
  technique: { id: 'T1098.007', name: 'Additional Local or Domain Groups' },
};
const REMOVE: Threat = { tactic: IMPACT, technique: { id: 'T1531', name: 'Account Access Removal' } };
const SID_HISTORY: Threat = { tactic: ESCALATION, technique: { id: 'T1134.005', name: 'SID-History Injection' } };
const LOCAL: Threat = { tactic: PERSISTENCE, technique: { id: 'T1078.003', name: 'Local Accounts' } };

/** By lsass.exe, whoever asks and by whatever way. */
const NATIVE = {
  level: 5,
  column: 'U',
  why: 'lsass.exe writes it for every way through the Security Account Manager: command, API or RPC',
} as const;
const BY_NATIVE = [
  'the audit policy may be switched off, or the log cleared (4719, 1102)',
  'a write to the SAM hive itself, by a registry import or offline, passes the Security Account Manager by',
];
/** By Sysmon's driver. */
const KEYS = {
  level: 5,
  column: 'K',
  why: 'the account is these keys; Sysmon sees the write in the kernel, whoever makes it',
} as const;
const BY_KEYS = [
  "a Sysmon configuration without the SAM's keys sees nothing (winnow accounts sysmon-config --check)",
  'Sysmon may be unloaded; an offline change of the hive is seen by no one',
];
const TOOL = {
  level: 3,
  column: 'K',
  why: 'the command line of a tool that Windows brings; another tool or an API does the same',
} as const;
const BY_TOOL = [
  'PowerShell, ADSI, WMI, or the API by a program of one’s own',
  'a renamed copy of net.exe; quotes and carets within the words of a shell',
];

const ADMINISTRATION = 'Administration: the actor and the time tell';

export const ACCOUNT_RULES: readonly AccountRule[] = [
  {
    name: 'native-account-created',
    title: 'User Account Created',
    about:
      'The Security Account Manager created a user account. On a domain controller it is an account of the domain.',
    layer: 'native',
    kinds: ['account-created'],
    logSource: SECURITY,
    select: { event: 'EventID: 4720' },
    severity: 'low',
    threats: [CREATE],
    falsePositives: [ADMINISTRATION, 'Windows Setup and features, by SYSTEM'],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-account-deleted',
    title: 'User Account Deleted',
    about: 'The Security Account Manager deleted a user account; soon after its creation, a trace was removed.',
    layer: 'native',
    kinds: ['account-deleted'],
    logSource: SECURITY,
    select: { event: 'EventID: 4726' },
    severity: 'low',
    threats: [REMOVE],
    falsePositives: [ADMINISTRATION],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-built-in-account-enabled',
    title: 'Built-in Account Enabled',
    about: 'Administrator, Guest or another account that Windows makes and keeps disabled was enabled.',
    layer: 'native',
    kinds: ['account-enabled'],
    logSource: SECURITY,
    select: {
      event: "EventID: 4722\nTargetSid|startswith: 'S-1-5-21-'\nTargetSid|endswith: ['-500', '-501', '-503', '-504']",
    },
    severity: 'medium',
    threats: [MANIPULATE],
    falsePositives: ['Windows Sandbox and Application Guard enable RID 504'],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-member-added-to-privileged-group',
    title: 'Member Added to Privileged Local Group',
    about:
      'Administrators, Backup Operators, Remote Desktop Users, Distributed COM Users, Hyper-V Administrators or Remote Management Users has a new member; by SID, in any language.',
    layer: 'native',
    kinds: ['member-added'],
    logSource: SECURITY,
    select: {
      event:
        'EventID: 4732\nTargetSid: [S-1-5-32-544, S-1-5-32-551, S-1-5-32-555, S-1-5-32-562, S-1-5-32-578, S-1-5-32-580]',
    },
    severity: 'medium',
    threats: [GROUPS],
    falsePositives: [
      ADMINISTRATION,
      'Restricted Groups and LocalUsersAndGroups write it anew, by SYSTEM',
      'Domain join adds Domain Admins',
    ],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-member-removed-from-administrators',
    title: 'Member Removed from Local Administrators',
    about: 'Administrators lost a member: soon after it was added, a trace was removed.',
    layer: 'native',
    kinds: ['member-removed'],
    logSource: SECURITY,
    select: { event: 'EventID: 4733\nTargetSid: S-1-5-32-544' },
    severity: 'low',
    threats: [REMOVE],
    falsePositives: [ADMINISTRATION],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-password-reset',
    title: 'Password Reset by Another Account',
    about: "Someone set another account's password. Windows LAPS does so as SYSTEM, beside its own event 10020.",
    layer: 'native',
    kinds: ['password-reset'],
    logSource: SECURITY,
    select: { event: 'EventID: 4724' },
    but: { system: 'SubjectUserSid: S-1-5-18' },
    severity: 'low',
    threats: [MANIPULATE],
    falsePositives: [ADMINISTRATION],
    resilience: NATIVE,
    evasions: [...BY_NATIVE, 'as SYSTEM it is let pass here'],
  },
  {
    name: 'native-password-not-required',
    title: 'Account Set to Need No Password',
    about: 'The flag "password not required" was set on an account that was there.',
    layer: 'native',
    kinds: ['account-changed'],
    logSource: SECURITY,
    select: { event: "EventID: 4738\nUserAccountControl|contains: '%%2082'" },
    severity: 'medium',
    threats: [MANIPULATE],
    falsePositives: ['Some tools that join computers'],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'native-sid-history-added',
    title: 'SID History Added',
    about: 'An account was given the SID of another, and with it that one’s rights.',
    layer: 'native',
    kinds: ['sid-history-added'],
    logSource: SECURITY,
    select: { event: 'EventID: [4765, 4766]' },
    severity: 'high',
    threats: [SID_HISTORY],
    falsePositives: ['A migration between domains'],
    resilience: NATIVE,
    evasions: [...BY_NATIVE, 'a replicated or offline change of the directory writes no 4765'],
  },
  {
    name: 'native-dsrm-password-set',
    title: 'DSRM Password Set',
    about: 'The password of the administrator of Directory Services Restore Mode was set on a domain controller.',
    layer: 'native',
    kinds: ['dsrm-password-set'],
    logSource: SECURITY,
    select: { event: 'EventID: 4794' },
    severity: 'high',
    threats: [MANIPULATE],
    falsePositives: ['A planned rotation; Windows LAPS'],
    resilience: NATIVE,
    evasions: BY_NATIVE,
  },
  {
    name: 'command-net-account',
    title: 'Local Account or Group Changed by net.exe',
    about:
      'net.exe or net1.exe was started to add, change or remove a user or a member: an intent, whose outcome other layers tell.',
    layer: 'command',
    kinds: ['account-created', 'account-deleted', 'member-added', 'member-removed'],
    logSource: PROCESS,
    select: {
      tool: "- Image|endswith: ['\\net.exe', '\\net1.exe']\n- OriginalFileName: [net.exe, net1.exe]",
      object: "CommandLine|contains: [' user ', ' localgroup ']",
      act: "CommandLine|contains: [' /a', ' /d']",
    },
    but: { domain: "CommandLine|contains: ' /do'" },
    severity: 'medium',
    threats: [CREATE, GROUPS],
    falsePositives: ['Scripts of administrators and installers'],
    resilience: TOOL,
    evasions: BY_TOOL,
  },
  {
    name: 'command-powershell-account',
    title: 'Local Account or Group Changed by PowerShell',
    about: 'A script calls a cmdlet of LocalAccounts that adds, changes or removes; it starts no other process.',
    layer: 'command',
    kinds: ['account-created', 'account-deleted', 'account-enabled', 'member-added', 'member-removed'],
    logSource: SCRIPT,
    select: {
      cmdlet:
        'ScriptBlockText|contains: [New-LocalUser, Set-LocalUser, Enable-LocalUser, Remove-LocalUser, Rename-LocalUser, Add-LocalGroupMember, Remove-LocalGroupMember, New-LocalGroup]',
    },
    severity: 'medium',
    threats: [CREATE, GROUPS],
    falsePositives: ['Scripts that only define or document such calls', 'Configuration management'],
    resilience: { level: 3, column: 'A', why: 'PowerShell itself writes it; an alias, ADSI or WMI does the same' },
    evasions: ['Aliases (nlu, algm), ADSI, WMI, .NET', 'an older PowerShell without script block logging'],
  },
  {
    name: 'command-sam-import',
    title: 'Registry Import or Restore of the SAM',
    about:
      'reg.exe or regedit.exe writes to the SAM or restores it: how an account is cloned or hidden without the Security Account Manager.',
    layer: 'command',
    kinds: ['account-resurrected-by-registry', 'rid-hijack-suspected'],
    logSource: PROCESS,
    select: {
      tool: "- Image|endswith: ['\\reg.exe', '\\regedit.exe']\n- OriginalFileName: [reg.exe, REGEDIT.EXE]",
      key: "CommandLine|contains: ['\\SAM\\SAM\\', 'hklm\\sam']",
      act: "CommandLine|contains: [' add ', ' import ', ' restore ', ' load ', ' copy ', '/s ']",
    },
    severity: 'high',
    threats: [MANIPULATE],
    falsePositives: ['none is known'],
    resilience: TOOL,
    evasions: [
      'an import names a file, not the key: the registry layer sees the writes',
      'the API by a program of one’s own',
    ],
  },
  {
    name: 'registry-account-key',
    title: 'Account Name Written to or Removed from the SAM',
    about:
      'The key of a name below Users\\Names came or went: an account was created, renamed or deleted. Its default value is written with it, so that a configuration without CreateKey sees it too.',
    layer: 'registry',
    kinds: ['account-created', 'account-deleted', 'account-renamed'],
    logSource: REGISTRY,
    select: {
      key: "TargetObject|contains: '\\SAM\\SAM\\Domains\\Account\\Users\\Names\\'",
      act: 'EventType: [CreateKey, DeleteKey, SetValue]',
    },
    severity: 'medium',
    threats: [CREATE],
    falsePositives: [ADMINISTRATION],
    resilience: KEYS,
    evasions: BY_KEYS,
  },
  {
    name: 'registry-privileged-group-members',
    title: 'Members of a Privileged Local Group Changed in the SAM',
    about:
      'The value C of Administrators, Backup Operators, Remote Desktop Users or Remote Management Users was written: a member came or went; who is not in the record.',
    layer: 'registry',
    kinds: ['membership-changed'],
    logSource: REGISTRY,
    select: {
      value:
        "TargetObject|endswith: ['\\SAM\\SAM\\Domains\\Builtin\\Aliases\\00000220\\C', '\\SAM\\SAM\\Domains\\Builtin\\Aliases\\00000227\\C', '\\SAM\\SAM\\Domains\\Builtin\\Aliases\\0000022B\\C', '\\SAM\\SAM\\Domains\\Builtin\\Aliases\\00000244\\C']",
      act: 'EventType: SetValue',
    },
    severity: 'medium',
    threats: [GROUPS],
    falsePositives: [ADMINISTRATION],
    resilience: KEYS,
    evasions: BY_KEYS,
  },
  {
    name: 'registry-sam-written-by-other',
    title: 'SAM Written by Another Program than lsass.exe',
    about:
      'A user’s record in the SAM was written by a program that is not lsass.exe: a RID hijack, a clone or a hidden account by a registry import.',
    layer: 'registry',
    kinds: ['rid-hijack-suspected', 'account-resurrected-by-registry'],
    logSource: REGISTRY,
    select: {
      key: "TargetObject|contains: '\\SAM\\SAM\\Domains\\Account\\Users\\'",
      act: 'EventType: SetValue',
    },
    but: { lsass: "Image|endswith: '\\Windows\\System32\\lsass.exe'" },
    severity: 'critical',
    threats: [MANIPULATE],
    falsePositives: ['Tools that repair or migrate the SAM of a running system'],
    resilience: KEYS,
    evasions: [...BY_KEYS, 'code within lsass.exe itself'],
  },
  {
    name: 'registry-account-hidden',
    title: 'Account Hidden from the Sign-in Screen',
    about: 'SpecialAccounts\\UserList names an account that the sign-in screen is not to show.',
    layer: 'registry',
    kinds: ['account-hidden'],
    logSource: REGISTRY,
    select: {
      value: "TargetObject|contains: '\\Winlogon\\SpecialAccounts\\UserList\\'",
      act: "EventType: SetValue\nDetails: 'DWORD (0x00000000)'",
    },
    severity: 'high',
    threats: [CREATE],
    falsePositives: ['Kiosks and management agents that hide an account of theirs'],
    resilience: {
      level: 4,
      column: 'K',
      why: 'one way of several to hide an account; Sysmon sees the write in the kernel',
    },
    evasions: ['a name that ends with "$", UserDontShowInLogonUI, a cloned RID'],
  },
  {
    name: 'activity-of-local-account',
    title: 'Process Started by a Local Account',
    about:
      'Activity, and no change: a process of an account of the host itself, which on hosts of a domain is rare. Of use beside a change.',
    layer: 'command',
    kinds: [],
    logSource: SECURITY,
    select: {
      event: 'EventID: 4688',
      local: 'Computer|fieldref|startswith: SubjectDomainName',
    },
    but: {
      system: "SubjectUserSid|startswith: ['S-1-5-18', 'S-1-5-19', 'S-1-5-20']",
      machine: "SubjectUserName|endswith: '$'",
    },
    severity: 'informational',
    threats: [LOCAL],
    falsePositives: ['Every process, on a host that is in no domain'],
    resilience: {
      level: 4,
      column: 'K',
      why: 'whatever the account runs; a token of another account is another account',
    },
    evasions: ['a stolen token or a service of Windows’ own'],
  },
];

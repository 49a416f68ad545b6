// What the Security and System logs tell by event number: logons, accounts, services, tasks, and where else such events are kept.
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists; actions of Defender XDR and their event numbers: public lists of its providers, Microsoft's own queries.
import { additionalField } from './defender-paths.ts';
import type { EventKind, FieldRow, Place } from './event-kind.ts';

/** Logon types as Defender XDR names them. */
const LOGON_TYPES = {
  2: 'Interactive',
  3: 'Network',
  4: 'Batch',
  5: 'Service',
  7: 'Unlock',
  8: 'NetworkCleartext',
  9: 'NewCredentials',
  10: 'RemoteInteractive',
  11: 'CachedInteractive',
};

const mde = (name: string, action: string, computed?: Place['computed']): Place => ({
  table: `${name}, ActionType ${action} (Microsoft Defender XDR)`,
  name,
  has: { ActionType: [action] },
  ...(computed ? { computed } : {}),
});
const authentication = (action: string): Place => ({
  table: 'Authentication (Splunk CIM)',
  name: 'Authentication.Authentication',
  has: { action: [action] },
});
const ocsf = (table: string, class_uid: number, activity_id: number, more: Place['has'] = {}): Place => ({
  table: `${table} (OCSF)`,
  has: { class_uid: [class_uid], activity_id: [activity_id], ...more },
});

const LOGON: readonly FieldRow[] = [
  { sysmon: 'TargetUserName', mde: 'AccountName', cim: 'user', ocsf: 'user.name' },
  { sysmon: 'TargetDomainName', mde: 'AccountDomain', cim: 'dest_nt_domain', ocsf: 'user.domain' },
  { sysmon: 'TargetUserSid', mde: 'AccountSid', ocsf: 'user.uid' },
  { sysmon: 'IpAddress', mde: 'RemoteIP', ocsf: 'src_endpoint.ip' },
  { sysmon: 'IpPort', mde: 'RemotePort', ocsf: 'src_endpoint.port' },
  { sysmon: 'WorkstationName', mde: 'RemoteDeviceName', ocsf: 'src_endpoint.hostname' },
  { sysmon: 'LogonType', mde: { name: 'LogonType', words: LOGON_TYPES }, ocsf: 'logon_type_id' },
  { sysmon: 'ProcessName', mde: 'InitiatingProcessFolderPath', cim: 'process', ocsf: 'logon_process.file.path' },
  { sysmon: 'AuthenticationPackageName', mde: 'Protocol', ocsf: 'auth_protocol' },
];
const ACCOUNT: readonly FieldRow[] = [
  { sysmon: 'TargetUserName', mde: 'AccountName', cim: 'user', ocsf: 'user.name' },
  { sysmon: 'TargetDomainName', mde: 'AccountDomain', ocsf: 'user.domain' },
  { sysmon: 'TargetSid', mde: 'AccountSid', ocsf: 'user.uid' },
  {
    sysmon: 'SubjectUserName',
    mde: 'InitiatingProcessAccountName',
    cim: 'src_user',
    ocsf: 'actor.user.name',
  },
  { sysmon: 'SubjectDomainName', mde: 'InitiatingProcessAccountDomain', ocsf: 'actor.user.domain' },
  { sysmon: 'SubjectUserSid', mde: 'InitiatingProcessAccountSid', ocsf: 'actor.user.uid' },
];

/** The account is the group, the member is named by its SID alone (Azure-Sentinel, Microsoft's hunting query "Local Admin Group Changes"). */
const MEMBERSHIP: readonly FieldRow[] = [...ACCOUNT, { sysmon: 'MemberSid', mde: 'MemberSid' }];

/** An event of account management: its number, what Defender XDR calls it, and the activity of OCSF's Account Change. */
function account(
  id: string,
  eventId: number,
  action: string | null,
  activity: number | null,
  rows: readonly FieldRow[] = ACCOUNT,
): EventKind {
  return {
    id,
    service: 'security',
    eventIds: [eventId],
    places: {
      ...(action === null
        ? {}
        : {
            mde: mde(
              'DeviceEvents',
              action,
              rows === MEMBERSHIP ? { MemberSid: additionalField('MemberSid') } : undefined,
            ),
          }),
      ...(activity === null ? {} : { ocsf: ocsf('Account Change', 3001, activity) }),
    },
    rows,
  };
}

const TASK: readonly FieldRow[] = [
  { sysmon: 'TaskName', mde: 'TaskName', ocsf: 'job.name' },
  { sysmon: 'TaskContent', mde: { name: 'TaskContent', form: 'json-text' } },
  { sysmon: 'SubjectUserName', mde: 'SubjectUserName', ocsf: 'actor.user.name' },
];

/** An event of a scheduled task: its number, what Defender XDR calls it, and the activity of OCSF's Scheduled Job Activity. */
function task(id: string, eventId: number, action: string, activity: number): EventKind {
  const names = ['TaskName', 'TaskContent', 'SubjectUserName'];
  return {
    id,
    service: 'security',
    eventIds: [eventId],
    places: {
      mde: mde('DeviceEvents', action, Object.fromEntries(names.map((name) => [name, additionalField(name)]))),
      ocsf: ocsf(`Scheduled Job Activity, ${action.replace('ScheduledTask', '')}`, 1006, activity),
    },
    rows: TASK,
  };
}

export const SECURITY_KINDS: readonly EventKind[] = [
  {
    id: 'logon_success',
    service: 'security',
    eventIds: [4624],
    places: {
      mde: mde('DeviceLogonEvents', 'LogonSuccess'),
      cim: authentication('success'),
      ocsf: ocsf('Authentication, Logon', 3002, 1, { status_id: [1] }),
    },
    rows: LOGON,
  },
  {
    id: 'logon_failure',
    service: 'security',
    eventIds: [4625],
    places: {
      mde: mde('DeviceLogonEvents', 'LogonFailed'),
      cim: authentication('failure'),
      ocsf: ocsf('Authentication, Logon', 3002, 1, { status_id: [2] }),
    },
    rows: LOGON,
  },
  {
    id: 'logon_explicit',
    service: 'security',
    eventIds: [4648],
    places: { ocsf: ocsf('Authentication, Logon', 3002, 1) },
    rows: LOGON.map(({ sysmon, ocsf: name }): FieldRow => ({ sysmon, ocsf: name })),
  },
  account('account_created', 4720, 'UserAccountCreated', 1),
  account('account_enabled', 4722, null, 2),
  account('account_password_change', 4723, null, 3),
  account('account_password_reset', 4724, null, 4),
  account('account_disabled', 4725, null, 5),
  account('account_deleted', 4726, 'UserAccountDeleted', 6),
  account('account_added_to_local_group', 4732, 'UserAccountAddedToLocalGroup', null, MEMBERSHIP),
  account('account_removed_from_local_group', 4733, 'UserAccountRemovedFromLocalGroup', null, MEMBERSHIP),
  account('account_changed', 4738, 'UserAccountModified', null),
  account('account_locked', 4740, null, 9),
  account('account_unlocked', 4767, null, 12),
  account('local_group_created', 4731, 'SecurityGroupCreated', null),
  account('local_group_deleted', 4734, 'SecurityGroupDeleted', null),
  ...(
    [
      ['security', 4697, 'ServiceFileName', 'Microsoft-Windows-Security-Auditing'],
      ['system', 7045, 'ImagePath', 'Service Control Manager'],
    ] as const
  ).map(
    ([service, eventId, path, provider]): EventKind => ({
      provider,
      id: `service_install_${eventId}`,
      service,
      eventIds: [eventId],
      places: {
        mde: mde('DeviceEvents', 'ServiceInstalled', { ServiceName: additionalField('ServiceName') }),
      },
      rows: [{ sysmon: 'ServiceName', mde: 'ServiceName' }, { sysmon: path }],
    }),
  ),
  task('scheduled_task_created', 4698, 'ScheduledTaskCreated', 1),
  task('scheduled_task_deleted', 4699, 'ScheduledTaskDeleted', 3),
  task('scheduled_task_enabled', 4700, 'ScheduledTaskEnabled', 4),
  task('scheduled_task_disabled', 4701, 'ScheduledTaskDisabled', 5),
  task('scheduled_task_updated', 4702, 'ScheduledTaskUpdated', 2),
  {
    id: 'security_log_cleared',
    service: 'security',
    eventIds: [1102],
    provider: 'Microsoft-Windows-Eventlog',
    places: { mde: mde('DeviceEvents', 'SecurityLogCleared') },
    rows: [],
  },
];

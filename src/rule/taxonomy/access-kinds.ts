// What one process does to another or to Windows itself: access, threads, tampering, raw disks, WMI subscriptions (Sysmon events 8 to 10, 19 to 21, 25).
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists (ECS: elastic/integrations, packages/windows, sysmon_operational, bf3be6b2).
import { FILE_PATH_IN_DEVICE_EVENTS } from './defender-paths.ts';
import { type EventKind, eventData, type FieldRow, sysmonPlaces } from './event-kind.ts';
import { HASHES_OF_PROCESS } from './process-kinds.ts';

const SOURCE: readonly FieldRow[] = [
  {
    sysmon: 'SourceImage',
    ecs: 'process.executable',
    mde: 'InitiatingProcessFolderPath',
    ocsf: 'actor.process.file.path',
  },
  {
    sysmon: { name: 'SourceImage', form: 'end-of-path' },
    ecs: 'process.name',
    mde: 'InitiatingProcessFileName',
    ocsf: 'actor.process.file.name',
  },
  // Event 10 spells it GUID, event 8 Guid; Elastic's agents write both as GUID.
  { sysmon: 'SourceProcessGUID', ecs: 'process.entity_id' },
  { sysmon: 'SourceProcessGuid', ecs: 'process.entity_id' },
  { sysmon: 'TargetProcessGUID', ecs: 'winlog.event_data.TargetProcessGUID' },
  { sysmon: 'TargetProcessGuid', ecs: 'winlog.event_data.TargetProcessGUID' },
  { sysmon: 'SourceProcessId', ecs: 'process.pid', mde: 'InitiatingProcessId', ocsf: 'actor.process.pid' },
  { sysmon: 'TargetImage', ecs: 'winlog.event_data.TargetImage', mde: 'TargetPath', ocsf: 'process.file.path' },
  {
    sysmon: { name: 'TargetImage', form: 'end-of-path' },
    ecs: { name: 'winlog.event_data.TargetImage', form: 'end-of-path' },
    mde: 'FileName',
    ocsf: 'process.file.name',
  },
  ...eventData('SourceUser', 'TargetUser', 'TargetProcessId'),
];
const ACTING: readonly FieldRow[] = [
  { sysmon: 'Image', ecs: 'process.executable' },
  { sysmon: { name: 'Image', form: 'end-of-path' }, ecs: 'process.name' },
  { sysmon: 'User', ecs: { form: 'account', domain: 'user.domain', name: 'user.name' } },
];

export const ACCESS_KINDS: readonly EventKind[] = [
  {
    id: 'process_access',
    places: {
      ...sysmonPlaces('process accessed', 10),
      ocsf: { table: 'Process Activity, Open (OCSF)', has: { class_uid: [1007], activity_id: [3] } },
    },
    rows: [...SOURCE.map(({ mde, ...row }): FieldRow => row), ...eventData('GrantedAccess', 'CallTrace')],
  },
  {
    id: 'create_remote_thread',
    places: {
      ...sysmonPlaces('thread created in another process', 8),
      mde: {
        table: 'DeviceEvents, ActionType CreateRemoteThreadApiCall (Microsoft Defender XDR)',
        name: 'DeviceEvents',
        has: { ActionType: ['CreateRemoteThreadApiCall'] },
        computed: { TargetPath: FILE_PATH_IN_DEVICE_EVENTS },
      },
      ocsf: {
        table: 'Process Activity, Inject (OCSF)',
        has: { class_uid: [1007], activity_id: [4], injection_type_id: [1] },
      },
    },
    rows: [
      ...SOURCE,
      { sysmon: 'SourceCommandLine', mde: 'InitiatingProcessCommandLine' },
      { sysmon: 'SourceParentImage', mde: { name: 'InitiatingProcessParentFileName', form: 'name-or-path' } },
      ...eventData('StartAddress', 'StartModule', 'StartFunction'),
    ],
  },
  {
    id: 'process_tampering',
    // Elastic's agents move Type into the message.
    places: sysmonPlaces('process tampering', 25),
    rows: [...ACTING, HASHES_OF_PROCESS, { sysmon: 'Type', ecs: 'message' }],
  },
  {
    id: 'raw_access_thread',
    places: sysmonPlaces('raw access to a disk', 9),
    rows: [...ACTING, { sysmon: 'Device', ecs: 'file.path' }],
  },
  {
    id: 'wmi_event',
    places: sysmonPlaces('WMI filter, consumer, binding', 19, 20, 21),
    rows: [
      { sysmon: 'Destination', ecs: 'process.executable' },
      ...ACTING,
      ...eventData('EventType', 'Operation', 'EventNamespace', 'Name', 'Query', 'Type', 'Consumer', 'Filter'),
      { sysmon: 'EventID', ecs: 'event.code' },
    ],
  },
  { id: 'clipboard_change', places: sysmonPlaces('clipboard changed', 24), rows: [...ACTING, HASHES_OF_PROCESS] },
  { id: 'sysmon_status', places: sysmonPlaces('state or configuration of Sysmon', 4, 16), rows: eventData('State') },
  {
    id: 'sysmon_error',
    places: sysmonPlaces('error of Sysmon', 255),
    rows: [{ sysmon: 'ID', ecs: 'error.code' }, ...eventData('Description')],
  },
];

// Process start and end: Sysmon events 1 and 5, Security events 4688 and 4689, and what other tables make of them.
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists.
import { type EventKind, eventData, type FieldRow, type HashColumns, sysmonPlaces } from './event-kind.ts';

/** Of Sysmon events about a process: the program as Elastic's agents and Defender XDR name it where it acts. */
export const ACTING_PROCESS: readonly FieldRow[] = [
  {
    sysmon: 'Image',
    ecs: 'process.executable',
    mde: 'InitiatingProcessFolderPath',
    cim: 'process_path',
    ocsf: 'actor.process.file.path',
  },
  {
    sysmon: { name: 'Image', form: 'end-of-path' },
    ecs: 'process.name',
    mde: 'InitiatingProcessFileName',
    cim: 'process_name',
    ocsf: 'actor.process.file.name',
  },
  {
    sysmon: 'CommandLine',
    ecs: 'process.command_line',
    mde: 'InitiatingProcessCommandLine',
    cim: 'process',
    ocsf: 'actor.process.cmd_line',
  },
  {
    sysmon: 'ParentImage',
    ecs: 'process.parent.executable',
    mde: { name: 'InitiatingProcessParentFileName', form: 'name-of-path' },
    cim: 'parent_process_path',
    ocsf: 'actor.process.parent_process.file.path',
  },
  {
    sysmon: { name: 'ParentImage', form: 'end-of-path' },
    ecs: 'process.parent.name',
    mde: 'InitiatingProcessParentFileName',
    cim: 'parent_process_name',
    ocsf: 'actor.process.parent_process.file.name',
  },
  {
    sysmon: 'ParentCommandLine',
    ecs: 'process.parent.command_line',
    cim: 'parent_process',
    ocsf: 'actor.process.parent_process.cmd_line',
  },
  {
    sysmon: 'ProcessId',
    ecs: 'process.pid',
    mde: 'InitiatingProcessId',
    cim: 'process_id',
    ocsf: 'actor.process.pid',
  },
  { sysmon: 'ProcessGuid', ecs: 'process.entity_id', cim: 'process_guid' },
  {
    sysmon: 'User',
    ecs: { form: 'account', domain: 'user.domain', name: 'user.name' },
    mde: { form: 'account', domain: 'InitiatingProcessAccountDomain', name: 'InitiatingProcessAccountName' },
    ocsf: { form: 'account', domain: 'actor.user.domain', name: 'actor.user.name' },
  },
  {
    sysmon: { name: 'User', form: 'end-of-path' },
    ecs: 'user.name',
    mde: 'InitiatingProcessAccountName',
    ocsf: 'actor.user.name',
  },
  { ecs: 'user.id', mde: 'InitiatingProcessAccountSid', ocsf: 'actor.user.uid' },
];

/** DeviceEvents has the parent's name or its full path, where the other tables have the name. */
export const ACTING_IN_DEVICE_EVENTS: readonly FieldRow[] = ACTING_PROCESS.map((row): FieldRow => {
  if (row.sysmon === 'ParentImage')
    return { ...row, mde: { name: 'InitiatingProcessParentFileName', form: 'name-or-path' } };
  const { mde, ...others } = row;
  return mde === 'InitiatingProcessParentFileName' ? others : row;
});

export const MDE_HASHES: HashColumns = {
  form: 'hashes',
  byAlgorithm: { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256' },
};

/** Of a file that is written or loaded. */
export const FILE_HASHES: FieldRow = {
  sysmon: 'Hashes',
  ecs: {
    form: 'hashes',
    byAlgorithm: {
      md5: 'file.hash.md5',
      sha1: 'file.hash.sha1',
      sha256: 'file.hash.sha256',
      imphash: 'file.pe.imphash',
    },
  },
  mde: MDE_HASHES,
};

const PROCESS_HASHES: HashColumns = {
  form: 'hashes',
  byAlgorithm: {
    md5: 'process.hash.md5',
    sha1: 'process.hash.sha1',
    sha256: 'process.hash.sha256',
    imphash: 'process.pe.imphash',
  },
};

/** Elastic's agents write the hashes of a process start as the process', and so they do with deleted files (23), the clipboard (24) and tampering (25). */
export const HASHES_OF_PROCESS: FieldRow = { sysmon: 'Hashes', ecs: PROCESS_HASHES };

/** Event 23 has them as the process', event 26 as the file's. */
export const HASHES_OF_FILE_OR_PROCESS: FieldRow = {
  ...FILE_HASHES,
  ecs: {
    form: 'hashes',
    byAlgorithm: {
      md5: ['file.hash.md5', 'process.hash.md5'],
      sha1: ['file.hash.sha1', 'process.hash.sha1'],
      sha256: ['file.hash.sha256', 'process.hash.sha256'],
      imphash: ['file.pe.imphash', 'process.pe.imphash'],
    },
  },
};

export const PROCESS_START: EventKind = {
  id: 'process_creation',
  eql: { category: 'process', types: ['start'] },
  places: {
    ...sysmonPlaces('process creation', 1),
    winnow: { table: 'process creation', has: {} },
    ecs: {
      table:
        'process events in the Elastic Common Schema (Elastic Defend; Sysmon event 1 by Elastic Agent or Winlogbeat)',
      has: { 'host.os.type': ['windows'], 'event.category': ['process'], 'event.type': ['start'] },
    },
    windows: { table: 'SecurityEvent, EventID 4688 (Microsoft Sentinel)', has: { EventID: [4688] } },
    mde: {
      table: 'DeviceProcessEvents, ActionType ProcessCreated (Microsoft Defender XDR)',
      name: 'DeviceProcessEvents',
      has: { ActionType: ['ProcessCreated'] },
    },
    cim: { table: 'Processes of the data model Endpoint (Splunk CIM)', name: 'Endpoint.Processes', has: {} },
    ocsf: { table: 'Process Activity, Launch (OCSF)', has: { class_uid: [1007], activity_id: [1] } },
  },
  rows: [
    {
      winnow: 'process.image',
      sysmon: { name: 'Image', form: 'end-of-path' },
      windows: { name: 'NewProcessName', form: 'end-of-path' },
      ecs: 'process.name',
      mde: 'FileName',
      cim: 'process_name',
      ocsf: 'process.file.name',
    },
    {
      winnow: 'process.image.path',
      sysmon: 'Image',
      windows: 'NewProcessName',
      ecs: 'process.executable',
      mde: 'FolderPath',
      cim: 'process_path',
      ocsf: 'process.file.path',
    },
    {
      winnow: 'process.commandLine',
      sysmon: 'CommandLine',
      windows: 'CommandLine',
      ecs: 'process.command_line',
      mde: 'ProcessCommandLine',
      cim: 'process',
      ocsf: 'process.cmd_line',
    },
    { winnow: 'process.signature.trusted', ecs: 'process.code_signature.trusted' },
    { winnow: 'process.signature.subject', ecs: 'process.code_signature.subject_name' },
    {
      winnow: 'process.parent.image',
      sysmon: { name: 'ParentImage', form: 'end-of-path' },
      windows: { name: 'ParentProcessName', form: 'end-of-path' },
      ecs: 'process.parent.name',
      mde: 'InitiatingProcessFileName',
      cim: 'parent_process_name',
      ocsf: 'actor.process.file.name',
    },
    {
      winnow: 'process.parent.image.path',
      sysmon: 'ParentImage',
      windows: 'ParentProcessName',
      ecs: 'process.parent.executable',
      mde: 'InitiatingProcessFolderPath',
      cim: 'parent_process_path',
      ocsf: 'actor.process.file.path',
    },
    {
      winnow: 'process.parent.commandLine',
      sysmon: 'ParentCommandLine',
      ecs: 'process.parent.command_line',
      mde: 'InitiatingProcessCommandLine',
      cim: 'parent_process',
      ocsf: 'actor.process.cmd_line',
    },
    {
      sysmon: 'OriginalFileName',
      ecs: 'process.pe.original_file_name',
      mde: 'ProcessVersionInfoOriginalFileName',
      cim: 'original_file_name',
    },
    { sysmon: 'Description', ecs: 'process.pe.description', mde: 'ProcessVersionInfoFileDescription' },
    { sysmon: 'Product', ecs: 'process.pe.product', mde: 'ProcessVersionInfoProductName' },
    { sysmon: 'Company', ecs: 'process.pe.company', mde: 'ProcessVersionInfoCompanyName' },
    { sysmon: 'FileVersion', ecs: 'process.pe.file_version' },
    {
      sysmon: 'Hashes',
      ecs: PROCESS_HASHES,
      mde: MDE_HASHES,
    },
    ...['md5', 'sha1', 'sha256'].map((name): FieldRow => ({ ecs: `process.hash.${name}`, mde: name.toUpperCase() })),
    {
      sysmon: 'IntegrityLevel',
      windows: {
        name: 'MandatoryLabel',
        words: { low: 'S-1-16-4096', medium: 'S-1-16-8192', high: 'S-1-16-12288', system: 'S-1-16-16384' },
      },
      ecs: 'winlog.event_data.IntegrityLevel',
      mde: 'ProcessIntegrityLevel',
      cim: 'process_integrity_level',
      ocsf: 'process.integrity',
    },
    {
      sysmon: 'User',
      ecs: { form: 'account', domain: 'user.domain', name: 'user.name' },
      mde: { form: 'account', domain: 'AccountDomain', name: 'AccountName' },
      ocsf: { form: 'account', domain: 'process.user.domain', name: 'process.user.name' },
    },
    { sysmon: { name: 'User', form: 'end-of-path' }, ecs: 'user.name', mde: 'AccountName', ocsf: 'process.user.name' },
    { ecs: 'user.id', mde: 'AccountSid', ocsf: 'process.user.uid' },
    {
      sysmon: 'ParentUser',
      ecs: 'winlog.event_data.ParentUser',
      mde: { form: 'account', domain: 'InitiatingProcessAccountDomain', name: 'InitiatingProcessAccountName' },
      ocsf: { form: 'account', domain: 'actor.process.user.domain', name: 'actor.process.user.name' },
    },
    {
      sysmon: 'CurrentDirectory',
      ecs: 'process.working_directory',
      cim: 'process_current_directory',
      ocsf: 'process.working_directory',
    },
    { sysmon: 'ProcessId', ecs: 'process.pid', mde: 'ProcessId', cim: 'process_id', ocsf: 'process.pid' },
    {
      sysmon: 'ParentProcessId',
      ecs: 'process.parent.pid',
      mde: 'InitiatingProcessId',
      cim: 'parent_process_id',
      ocsf: 'actor.process.pid',
    },
    { sysmon: 'ProcessGuid', ecs: 'process.entity_id', cim: 'process_guid' },
    { sysmon: 'ParentProcessGuid', ecs: 'process.parent.entity_id', cim: 'parent_process_guid' },
    ...eventData('LogonId', 'LogonGuid', 'TerminalSessionId'),
  ],
};

export const PROCESS_END: EventKind = {
  id: 'process_termination',
  eql: { category: 'process', types: ['end'] },
  places: {
    ...sysmonPlaces('process terminated', 5),
    windows: { table: 'SecurityEvent, EventID 4689 (Microsoft Sentinel)', has: { EventID: [4689] } },
    ocsf: { table: 'Process Activity, Terminate (OCSF)', has: { class_uid: [1007], activity_id: [2] } },
  },
  rows: [
    { sysmon: 'Image', windows: 'ProcessName', ecs: 'process.executable', ocsf: 'process.file.path' },
    {
      sysmon: { name: 'Image', form: 'end-of-path' },
      windows: { name: 'ProcessName', form: 'end-of-path' },
      ecs: 'process.name',
      ocsf: 'process.file.name',
    },
    { sysmon: 'ProcessId', ecs: 'process.pid', ocsf: 'process.pid' },
    { sysmon: 'ProcessGuid', ecs: 'process.entity_id' },
    { sysmon: 'User', ecs: { form: 'account', domain: 'user.domain', name: 'user.name' } },
  ],
};

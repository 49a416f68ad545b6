// The names that exports of Windows events have for the fields of System, and those that are the shipper's own.

import type { SystemName } from '../evtx/system-fields.ts';

/**
 * By the name without spaces and in lower case; where one export has several, the first in this table's order counts, and the others are data: but a time with a zone comes
 * before one without. Nxlog and what is made of it (OTRF), Microsoft Sentinel's tables, Splunk, Event Viewer and PowerShell; by these names rules ask for the fields as well.
 */
export const FLAT_NAMES: readonly (readonly [name: string, field: SystemName])[] = [
  ['eventid', 'eventId'],
  ['eventcode', 'eventId'],
  ['event_id', 'eventId'],
  ['id', 'eventId'],
  ['channel', 'channel'],
  ['logname', 'channel'],
  ['log_name', 'channel'],
  ['sourcename', 'provider'],
  ['source_name', 'provider'],
  ['eventsourcename', 'provider'],
  ['provider_name', 'provider'],
  ['providername', 'provider'],
  ['provider', 'provider'],
  ['providerguid', 'providerGuid'],
  ['provider_guid', 'providerGuid'],
  ['hostname', 'computer'],
  ['computer', 'computer'],
  ['computername', 'computer'],
  ['computer_name', 'computer'],
  ['machinename', 'computer'],
  ['recordnumber', 'recordId'],
  ['eventrecordid', 'recordId'],
  ['record_number', 'recordId'],
  ['recordid', 'recordId'],
  ['record_id', 'recordId'],
  ['systemtime', 'timeCreated'],
  ['timecreated', 'timeCreated'],
  ['eventtime', 'timeCreated'],
  ['timegenerated', 'timeCreated'],
  ['timegenerated[utc]', 'timeCreated'],
  ['dateandtime', 'timeCreated'],
  ['@timestamp', 'timeCreated'],
  ['_time', 'timeCreated'],
  ['keywords', 'keywords'],
  ['level', 'level'],
  ['eventlevel', 'level'],
  ['task', 'task'],
  ['opcodevalue', 'opcode'],
  ['opcode', 'opcode'],
  ['version', 'version'],
  ['qualifiers', 'qualifiers'],
  ['activityid', 'activityId'],
  ['relatedactivityid', 'relatedActivityId'],
  ['executionprocessid', 'processId'],
  ['execution_processid', 'processId'],
  ['executionthreadid', 'threadId'],
  ['execution_threadid', 'threadId'],
  ['security_userid', 'userId'],
];

/** Event Viewer's word for the provider; in other exports it is a field of the event or of the shipper. */
export const EVENT_VIEWER = { column: 'taskcategory', provider: 'source' } as const;

/** Nxlog's names for what Execution holds: as they are written, since ProcessId and ThreadId are fields of events. */
export const EXECUTION_NAMES: Readonly<Record<string, SystemName>> = { ProcessID: 'processId', ThreadID: 'threadId' };

/** What a shipper says of itself and of the sending, in lower case: no field of an event. */
export const SHIPPER_NAMES: ReadonlySet<string> = new Set([
  '@version',
  'tags',
  'sourcemodulename',
  'sourcemoduletype',
  'eventreceivedtime',
  'port',
  'tenantid',
  '_resourceid',
  'sourcesystem',
  'mg',
  'managementgroupname',
  'sourcecomputerid',
  'timecollected',
  '_bkt',
  '_cd',
  '_indextime',
  '_serial',
  '_si',
  '_sourcetype',
  '_time',
  '_raw',
  '_eventtype_color',
  '_subsecond',
  'linecount',
  'punct',
  'splunk_server',
  'splunk_server_group',
  'timestartpos',
  'timeendpos',
  'index',
  'sourcetype',
  'eventtype_color',
]);

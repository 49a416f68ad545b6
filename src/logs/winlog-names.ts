// The names that Elastic's agents give the fields of an event's System: below `winlog`, and in the Elastic Common Schema.

import type { SystemName } from '../evtx/system-fields.ts';

/** The fields of Winlogbeat's `winlog`, by the name there. */
export const WINLOG_NAMES: Readonly<Record<string, SystemName>> = {
  provider_name: 'provider',
  provider_guid: 'providerGuid',
  event_id: 'eventId',
  record_id: 'recordId',
  channel: 'channel',
  computer_name: 'computer',
  activity_id: 'activityId',
  related_activity_id: 'relatedActivityId',
  version: 'version',
  'process.pid': 'processId',
  'process.thread.id': 'threadId',
  'user.identifier': 'userId',
};

/** Of the Elastic Common Schema. A log does not tell a host's own id: its name stands for it, so that events of one host come together. */
export const ECS_SYSTEM_NAMES: Readonly<Record<string, SystemName>> = {
  '@timestamp': 'timeCreated',
  'event.code': 'eventId',
  'event.provider': 'provider',
  'host.name': 'computer',
  'host.hostname': 'computer',
  'host.id': 'computer',
  ...Object.fromEntries(Object.entries(WINLOG_NAMES).map(([name, system]) => [`winlog.${name}`, system])),
};

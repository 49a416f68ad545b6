// An event of any log in one shape: its own fields, its data in order, and every value by the name that rules use.

import type { Field } from '../evtx/event.ts';
import { SYSTEM_PLACES, type SystemName } from '../evtx/system-fields.ts';

/** Where an event stands, so that a reader can look it up. */
export interface EventPlace {
  /** The path, with the member of an archive behind "!". */
  readonly log: string;
  /** EVTX: the record's number. JSON lines and CSV: the line, from 1, blank ones not counted. A JSON array and XML: the event, from 1. */
  readonly record: string;
}

/** Fields that every event has, by their names in event.xsd; one that is not there, or empty, is missing. */
export type EventSystem = Readonly<Partial<Record<SystemName, string>>>;

export interface LogEvent {
  readonly place: EventPlace;
  readonly system: EventSystem;
  /** The event's data in order; a name may be there more than once. UserData and nested objects are flattened. */
  readonly data: readonly Field[];
  /** The element that held the data: "EventData", "UserData"; "" where there was none. */
  readonly container: string;
}

/** Names, in lower case, that rules and exports have for the fields of System. */
const SYSTEM_ALIASES: Readonly<Record<string, SystemName>> = {
  provider: 'provider',
  provider_name: 'provider',
  providername: 'provider',
  source_name: 'provider',
  provider_guid: 'providerGuid',
  eventid: 'eventId',
  event_id: 'eventId',
  eventcode: 'eventId',
  channel: 'channel',
  logname: 'channel',
  log_name: 'channel',
  computer: 'computer',
  computername: 'computer',
  computer_name: 'computer',
  hostname: 'computer',
  eventrecordid: 'recordId',
  recordid: 'recordId',
  record_id: 'recordId',
  recordnumber: 'recordId',
  timecreated: 'timeCreated',
  systemtime: 'timeCreated',
  '@timestamp': 'timeCreated',
  level: 'level',
  task: 'task',
  opcode: 'opcode',
  keywords: 'keywords',
  version: 'version',
  qualifiers: 'qualifiers',
  execution_processid: 'processId',
  execution_threadid: 'threadId',
  security_userid: 'userId',
  activityid: 'activityId',
  relatedactivityid: 'relatedActivityId',
};

/** The field of System that `name` means, whatever its letter case; undefined where it is none. */
export function systemNameOf(name: string): SystemName | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(SYSTEM_ALIASES, lower) ? SYSTEM_ALIASES[lower] : undefined;
}

/** As event.xsd has it: "Channel", "Execution_ProcessID". */
export function systemTitle(name: SystemName): string {
  const [element, attribute] = SYSTEM_PLACES[name];
  return attribute === '' ? element : `${element}_${attribute}`;
}

/** What names of one field share: letter case does not count, nor do blanks (Microsoft Defender's "Threat Name" is Sigma's ThreatName). */
export function fieldKey(name: string): string {
  return name.toLowerCase().replaceAll(' ', '');
}

/** Every value of a field, by a name that rules use: the event's data first, then System. */
export function valuesOf(event: LogEvent, name: string): readonly string[] {
  const key = fieldKey(name);
  const found: string[] = [];
  for (const [own, text] of event.data)
    if (own.length >= key.length && (own === name || fieldKey(own) === key)) found.push(text);
  if (found.length > 0) return found;
  const system = systemNameOf(name);
  const text = system && event.system[system];
  return text === undefined ? found : [text];
}

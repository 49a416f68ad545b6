// An event of any log in one shape: its own fields, its data in order, and every value by the name that rules use.

import type { Field } from '../evtx/event.ts';
import { SYSTEM_NAMES, SYSTEM_PLACES, type SystemName } from '../evtx/system-fields.ts';
import { FLAT_NAMES } from './flat-names.ts';
import type { JsonObject } from './json-objects.ts';

/** Where an event stands, so that a reader can look it up. */
export interface EventPlace {
  /** The path, with the member of an archive behind "!". */
  readonly log: string;
  /** EVTX: the record's number. JSON lines and CSV: the line, from 1, blank ones not counted. A JSON array and XML: the event, from 1. A hit in an answer of Elasticsearch: "1.2", the second of the first. */
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
  /** As a JSON log has it, for names of its own within one another. */
  readonly object?: JsonObject;
}

/** By a name without spaces and in lower case: those of exports, and those of event.xsd. */
const NAMED = new Map<string, SystemName>([
  ...FLAT_NAMES,
  ...SYSTEM_NAMES.map((name): [string, SystemName] => [systemTitle(name).toLowerCase(), name]),
]);

/** The field of System that `name` means, whatever its letter case; undefined where it is none. */
export function systemNameOf(name: string): SystemName | undefined {
  return NAMED.get((name.includes(' ') ? name.replaceAll(' ', '') : name).toLowerCase());
}

/** As event.xsd has it: "Channel", "Execution_ProcessID". */
export function systemTitle(name: SystemName): string {
  const [element, attribute] = SYSTEM_PLACES[name];
  return attribute === '' ? element : `${element}_${attribute}`;
}

/** Names whose keys are kept; they begin again where there are more. */
const MOST_NAMES = 10_000;
const KEYS = new Map<string, string>();

/** What names of one field share: letter case does not count, nor do blanks (Microsoft Defender's "Threat Name" is Sigma's ThreatName). */
export function fieldKey(name: string): string {
  let key = KEYS.get(name);
  if (key === undefined) {
    key = name.toLowerCase().replaceAll(' ', '');
    if (KEYS.size >= MOST_NAMES) KEYS.clear();
    KEYS.set(name, key);
  }
  return key;
}

/** Every value of a field, by a name that rules use: the event's data first, then System. */
export function valuesOf(event: LogEvent, name: string): readonly string[] {
  return fieldReader(name)(event);
}

/** The same for one name and many events. */
export function fieldReader(name: string): (event: LogEvent) => readonly string[] {
  const key = fieldKey(name);
  const systemName = systemNameOf(name);
  return ({ data, system }) => {
    let found: string[] | undefined;
    for (const [own, text] of data)
      if (own.length >= key.length && (own === name || fieldKey(own) === key)) {
        if (found) found.push(text);
        else found = [text];
      }
    if (found) return found;
    const text = systemName && system[systemName];
    return text === undefined ? [] : [text];
  };
}

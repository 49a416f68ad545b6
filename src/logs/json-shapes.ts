// What an object of JSON says about an event, by the shape that a tool gives it; one shape a row.

import { type Field, holdsData } from '../evtx/event.ts';
import { SYSTEM_NAMES, SYSTEM_PLACES, type SystemName } from '../evtx/system-fields.ts';
import type { EventPlace, EventSystem, LogEvent } from './event.ts';
import { eventOfRow, type Row, rowOf, textOfValue } from './flat-event.ts';
import type { JsonObject } from './json-objects.ts';
import { WINLOG_NAMES } from './winlog-names.ts';
import { dataOfXml, eventOfXml } from './xml-events.ts';

interface JsonShape {
  /** The tool, or the export, that writes it. */
  readonly name: string;
  /** The event; undefined where the object has another shape. */
  readonly read: (object: JsonObject, place: EventPlace, tell: Tell) => LogEvent | undefined;
}

/** Told what is damaged in an object. */
type Tell = (text: string) => void;

/** Wrapped objects within one another. */
const DEEPEST = 4;

const SHAPES: readonly JsonShape[] = [
  { name: 'evtx_dump', read: fromTree },
  { name: 'Winlogbeat, Elastic Agent', read: fromWinlog },
  { name: 'Winlogbeat before 7', read: fromOldWinlogbeat },
  { name: 'Splunk with the raw event', read: fromRaw },
  { name: 'Microsoft Sentinel, Event table', read: fromSentinelEvent },
  { name: 'nxlog, OTRF, Splunk, Sentinel SecurityEvent', read: (object, place) => eventOfRow(rowOf(object), place) },
];

/** The objects of an answer of Elasticsearch, each of which tells an event; one of another kind by itself. */
export function eventObjectsOf(object: JsonObject): readonly JsonObject[] {
  const hits = objectAt(object, 'hits')?.hits;
  return Array.isArray(hits) ? hits.filter((hit) => typeof hit === 'object' && hit !== null) : [object];
}

/** The event that an object tells; what is damaged in it is told to `tell`. */
export function eventOfObject(object: JsonObject, place: EventPlace, tell: Tell): LogEvent {
  const inner = unwrapped(object, 0);
  for (const shape of SHAPES) {
    const event = shape.read(inner, place, tell);
    if (event) return { ...event, object: inner };
  }
  return { place, system: {}, data: [], container: '', object: inner };
}

/** What Elasticsearch (`_source`, or `fields` alone) and Splunk (`result`) wrap around an event. */
function unwrapped(object: JsonObject, depth: number): JsonObject {
  const fields = Object.hasOwn(object, '_index') ? objectAt(object, 'fields') : undefined;
  const inner = objectAt(object, '_source') ?? objectAt(object, 'result') ?? fields;
  return inner && depth < DEEPEST ? unwrapped(inner, depth + 1) : object;
}

function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object && Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function textAt(object: JsonObject | undefined, name: string): string | undefined {
  return object && Object.hasOwn(object, name) ? textOfValue(object[name]) : undefined;
}

const ATTRIBUTES = '#attributes';
const TEXT = '#text';

/** `{"Event":{"System":{...},"EventData":{...}}}`: the XML's tree, attributes under "#attributes" or in a neighbour. */
function fromTree(object: JsonObject, place: EventPlace): LogEvent | undefined {
  const event = objectAt(object, 'Event');
  const own = objectAt(event, 'System');
  if (!event || !own) return undefined;
  const system: Partial<Record<SystemName, string>> = {};
  for (const name of SYSTEM_NAMES) {
    const [element, attribute] = SYSTEM_PLACES[name];
    const inner = objectAt(own, element);
    const text =
      attribute === ''
        ? (textAt(inner, TEXT) ?? (inner ? undefined : textAt(own, element)))
        : (textAt(objectAt(inner, ATTRIBUTES), attribute) ?? textAt(objectAt(own, `${element}_attributes`), attribute));
    if (text) system[name] = text;
  }
  const container = Object.keys(event).find((name) => holdsData(name) && event[name] !== null);
  const data = container === undefined ? [] : fieldsOf(event[container], container, 0);
  return { place, system, data, container: container ?? '' };
}

/** Innermost names and their texts. */
function fieldsOf(value: unknown, name: string, depth: number): readonly Field[] {
  if (Array.isArray(value) && depth <= 16) return value.flatMap((one) => fieldsOf(one, name, depth + 1));
  if (typeof value !== 'object' || value === null || depth > 16) return [[name, textOfValue(value) ?? '']];
  return Object.entries(value).flatMap(([key, one]): readonly Field[] => {
    if (key === ATTRIBUTES || key.endsWith('_attributes')) return [];
    return fieldsOf(one, key === TEXT ? name : key, depth + 1);
  });
}

const EVENT_DATA = 'winlog.event_data.';
const USER_DATA = 'winlog.user_data.';

/** `winlog.*`, nested or with dots; what else stands there, and the fields of ECS beside it, are data under their own names, behind the event's. */
function fromWinlog(object: JsonObject, place: EventPlace): LogEvent | undefined {
  if (!Object.keys(object).some((key) => key === 'winlog' || key.startsWith('winlog.'))) return undefined;
  const system: Partial<Record<SystemName, string>> = {};
  const data: Field[] = [];
  const others: Field[] = [];
  let container = '';
  for (const [name, text] of rowOf(object)) {
    if (name.startsWith(EVENT_DATA) || name.startsWith(USER_DATA)) {
      container = name.startsWith(EVENT_DATA) ? 'EventData' : 'UserData';
      data.push([name.slice(container === 'EventData' ? EVENT_DATA.length : USER_DATA.length), text]);
    } else if (name.startsWith('winlog.')) {
      const inner = name.slice('winlog.'.length);
      if (Object.hasOwn(WINLOG_NAMES, inner)) system[WINLOG_NAMES[inner]] = text;
      else others.push([name, text]);
    } else if (name === '@timestamp') system.timeCreated = text;
    else others.push([name, text]);
  }
  return { place, system, data: [...data, ...others], container };
}

/** `log_name`, `event_id`, `event_data`. */
function fromOldWinlogbeat(object: JsonObject, place: EventPlace): LogEvent | undefined {
  const data = objectAt(object, 'event_data') ?? objectAt(object, 'user_data');
  if (!data || textAt(object, 'event_id') === undefined) return undefined;
  const isEventData = Object.hasOwn(object, 'event_data');
  const own = Object.entries(object).filter(([name]) => name !== 'event_data' && name !== 'user_data');
  const { system } = eventOfRow(rowOf(Object.fromEntries(own)), place);
  return { place, system, data: rowOf(data), container: isEventData ? 'EventData' : 'UserData' };
}

/** Splunk's `_raw`: the event's XML, or lines "Name=text". */
function fromRaw(object: JsonObject, place: EventPlace, tell: Tell): LogEvent | undefined {
  const raw = textAt(object, '_raw');
  if (raw === undefined) return undefined;
  if (raw.trimStart().startsWith('<Event')) {
    const event = eventOfXml(raw, tell);
    return event && { place, ...event };
  }
  const rows = raw.split(/\r?\n/).flatMap((line): Row => {
    const [, name, text] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, text]];
  });
  return rows.length > 0 ? eventOfRow([...rowOf(object), ...rows], place) : undefined;
}

/** Sentinel's Event table: the event's data stands as XML in a column. */
function fromSentinelEvent(object: JsonObject, place: EventPlace, tell: Tell): LogEvent | undefined {
  const xml = textAt(object, 'EventData');
  if (!xml?.trimStart().startsWith('<')) return undefined;
  const { EventData: _, Source: source, EventLog: channel, ...columns } = object;
  const known: EventSystem = {
    ...(typeof channel === 'string' ? { channel } : {}),
    ...(typeof source === 'string' ? { provider: source } : {}),
  };
  const event = eventOfRow(rowOf(columns), place, known);
  const inner = dataOfXml(
    xml.trimStart().startsWith('<DataItem') ? (/<EventData.*<\/EventData>/s.exec(xml)?.[0] ?? '') : xml,
    tell,
  );
  // A column of the same name says the same again.
  const told = new Set(inner.map(([name]) => name.toLowerCase()));
  const others = event.data.filter(([name]) => !told.has(name.toLowerCase()));
  return { ...event, data: [...inner, ...others], container: 'EventData' };
}

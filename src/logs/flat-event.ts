// An event out of a flat row of names and values: nxlog, OTRF, Sentinel, Splunk, a CSV file.

import type { Field } from '../evtx/event.ts';
import type { SystemName } from '../evtx/system-fields.ts';
import type { EventPlace, EventSystem, LogEvent } from './event.ts';
import { EVENT_VIEWER, EXECUTION_NAMES, FLAT_NAMES, SHIPPER_NAMES } from './flat-names.ts';

export type Row = readonly (readonly [name: string, text: string])[];

const RANK = new Map(FLAT_NAMES.map(([name], rank) => [name, rank]));

/** What a name of a row stands for. */
interface Meaning {
  readonly plain: string;
  readonly isShippers: boolean;
  readonly execution: SystemName | undefined;
  /** In {@link FLAT_NAMES}; -1 of one that is not there. */
  readonly rank: number;
}

/** Names whose meanings are kept. */
const MOST_NAMES = 10_000;
const MEANINGS = new Map<string, Meaning>();

function meaningOf(name: string): Meaning {
  let meaning = MEANINGS.get(name);
  if (!meaning) {
    const plain = name.replaceAll(' ', '').toLowerCase();
    const execution = Object.hasOwn(EXECUTION_NAMES, name) ? EXECUTION_NAMES[name] : undefined;
    meaning = { plain, isShippers: SHIPPER_NAMES.has(plain), execution, rank: RANK.get(plain) ?? -1 };
    if (MEANINGS.size < MOST_NAMES) MEANINGS.set(name, meaning);
  }
  return meaning;
}

/** Whether only Event Viewer has a column of this name. */
export function isViewersColumn(name: string): boolean {
  return meaningOf(name).plain === EVENT_VIEWER.column;
}

/** The event of a row; names that are no field of System are its data. `known` has what is known of System besides. */
export function eventOfRow(row: Row, place: EventPlace, known: EventSystem = {}): LogEvent {
  const best: Partial<Record<SystemName, Candidate>> = {};
  const system: Partial<Record<SystemName, string>> = {};
  const data: Field[] = [];
  const fromViewer = row.some(([name]) => isViewersColumn(name));
  for (const field of row) {
    const [name, text] = field;
    const { plain, isShippers, execution, rank } = meaningOf(name);
    if (isShippers && rank < 0) continue;
    // Nxlog writes Execution's numbers beside a field of the event of nearly the same name.
    if (execution) {
      system[execution] ??= text;
      continue;
    }
    if (fromViewer && plain === EVENT_VIEWER.provider) {
      system.provider = text;
      continue;
    }
    if (rank < 0) {
      data.push(field);
      continue;
    }
    const place = FLAT_NAMES[rank][1];
    const before = best[place];
    if (text === '' || (before && isBefore(place, before, { rank, name, text }))) {
      if (text !== '' && !isShippers) data.push(field);
      continue;
    }
    if (before && !meaningOf(before.name).isShippers) data.push([before.name, before.text]);
    best[place] = { rank, name, text };
    system[place] = text;
  }
  return { place, system: { ...system, ...known }, data, container: data.length > 0 ? 'EventData' : '' };
}

/** A name and a text for a field of System, and the name's place in the table. */
interface Candidate {
  readonly rank: number;
  readonly name: string;
  readonly text: string;
}

/** Whether `one` counts for a field, and not `other`. */
function isBefore(place: SystemName, one: Candidate, other: Candidate): boolean {
  if (place === 'timeCreated' && hasZone(one) !== hasZone(other)) return hasZone(one);
  return one.rank <= other.rank;
}

/** Whether a time says of itself which instant it is: nxlog and PowerShell write the host's own time, without a zone. */
function hasZone({ name, text }: Candidate): boolean {
  return /(?:[a-z\d]Z|UTC|[+-]\d\d:?\d\d)\s*$|^\d+(?:\.\d+)?$|^\/Date\(/i.test(text) || /\[UTC\]$/i.test(name);
}

/** The text of a value of JSON; undefined of one that is not there. */
export function textOfValue(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Objects within one another that are flattened. */
const DEEPEST = 16;

/** Names and texts of an object, those of objects within it with a dot between; each member of a list by the list's name. */
export function rowOf(object: object): Row {
  const row: [string, string][] = [];
  for (const name of Object.keys(object)) addTo(row, name, (object as Record<string, unknown>)[name], 1);
  return row;
}

function addTo(row: [string, string][], name: string, value: unknown, depth: number): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') row.push([name, String(value)]);
  else if (Array.isArray(value)) {
    if (value.some((one) => typeof one === 'object' && one !== null)) row.push([name, JSON.stringify(value)]);
    else for (const one of value) addTo(row, name, one, depth);
  } else if (depth >= DEEPEST) row.push([name, JSON.stringify(value)]);
  else
    for (const inner of Object.keys(value))
      addTo(row, `${name}.${inner}`, (value as Record<string, unknown>)[inner], depth + 1);
}

// What events of Windows logs have under the names of the Elastic Common Schema, by their kind.

import { type LogEvent, valuesOf } from '../logs/event.ts';
import type { Column, EventKind, FieldRow, TaxonomyId } from '../rule/taxonomy/event-kind.ts';
import { EVENT_KINDS, SYSTEM_FIELDS } from '../rule/taxonomy/event-kinds.ts';
import { SECURITY_KINDS } from '../rule/taxonomy/security-kinds.ts';
import type { Value } from '../rule/value-match.ts';

type Reader = (event: LogEvent) => readonly Value[];

/** Events of one channel and number. */
export class EcsKind {
  readonly #constants = new Map<string, readonly string[]>();
  readonly #readers = new Map<string, Reader>();

  constructor(kind: EventKind | undefined, own: TaxonomyId, channel: string, eventId: string) {
    for (const [field, names] of Object.entries(SYSTEM_FIELDS))
      if (names.ecs !== undefined) this.#readers.set(names.ecs, (event) => valuesOf(event, field));
    for (const [column, values] of Object.entries(kind?.places.ecs?.has ?? {}))
      this.#constants.set(column, values.map(String));
    this.#constants.set('host.os.type', ['windows']);
    this.#constants.set('event.code', [eventId]);
    this.#constants.set('winlog.channel', [channel]);
    if (kind?.eql) {
      this.#constants.set('event.category', [kind.eql.category]);
      if (kind.eql.types.length > 0) this.#constants.set('event.type', kind.eql.types);
    }
    for (const row of kind?.rows ?? []) this.#addRow(row, own);
  }

  #addRow(row: FieldRow, own: TaxonomyId): void {
    const { ecs } = row;
    const column = row[own] ?? row.sysmon;
    if (ecs === undefined || column === undefined) return;
    const values = readerOf(column);
    if (!values) return;
    if (typeof ecs === 'string') this.#set(ecs, values);
    else if ('byAlgorithm' in ecs) {
      for (const [algorithm, names] of Object.entries(ecs.byAlgorithm))
        for (const name of [names].flat())
          this.#set(name, (event) => values(event).flatMap((value) => hashOf(String(value), algorithm)));
    } else if ('names' in ecs) {
      for (const name of ecs.names) this.#set(name, values);
    } else if ('domain' in ecs) {
      this.#set(ecs.domain, (event) => values(event).flatMap((value) => partsOf(String(value)).slice(0, -1)));
      this.#set(ecs.name, (event) => values(event).flatMap((value) => partsOf(String(value)).slice(-1)));
    } else {
      const { words = {} } = ecs;
      this.#set(ecs.name, (event) => values(event).map((value) => wordFor(words, value)));
    }
  }

  /** The first row of a name counts. */
  #set(name: string, reader: Reader): void {
    if (!this.#readers.has(name)) this.#readers.set(name, reader);
  }

  /** Undefined where the kind has no such name. */
  valuesOf(event: LogEvent, name: string): readonly Value[] | undefined {
    return (
      this.#constants.get(name) ??
      this.#readers
        .get(name)?.(event)
        .filter((value) => value !== '')
    );
  }
}

function readerOf(column: Column): Reader | undefined {
  if (typeof column === 'string') return (event) => valuesOf(event, column);
  if (!('name' in column)) return undefined;
  if ('domain' in column) {
    const { domain, name } = column;
    return (event) => [[...valuesOf(event, domain), ...valuesOf(event, name)].join('\\')];
  }
  const { name, form } = column;
  if (form === 'end-of-path') return (event) => valuesOf(event, name).map((text) => partsOf(text).at(-1) ?? '');
  if (form === 'extension') return (event) => valuesOf(event, name).map((text) => /\.([^.\\]+)$/.exec(text)?.[1] ?? '');
  return (event) => valuesOf(event, name);
}

/** A value in the words of ECS, where those are others. */
function wordFor(words: Readonly<Record<string, Value>>, value: Value): Value {
  const key = String(value).toLowerCase();
  return Object.hasOwn(words, key) ? words[key] : value;
}

function partsOf(path: string): readonly string[] {
  return path.split('\\');
}

/** "SHA1=...,MD5=..." */
function hashOf(text: string, algorithm: string): readonly string[] {
  const found = text.split(',').find((part) => part.toLowerCase().startsWith(`${algorithm.toLowerCase()}=`));
  return found === undefined ? [] : [found.slice(algorithm.length + 1).toLowerCase()];
}

/** One of the kinds that a channel and number may be: told apart by the event's own data. */
interface Candidate {
  readonly wanted: readonly (readonly [field: string, values: readonly string[]])[];
  readonly kind: EcsKind;
}

const KINDS = new Map<string, readonly Candidate[]>();
/** Channels and numbers that are kept. */
const MOST_KINDS = 4096;

/** Undefined of an event that tells no channel and number. */
export function ecsKindOf(event: LogEvent): EcsKind | undefined {
  const { channel = '', eventId = '' } = event.system;
  if (channel === '' || eventId === '') return undefined;
  const key = `${channel}\0${eventId}`;
  let known = KINDS.get(key);
  if (!known) {
    known = candidatesOf(channel, eventId);
    if (KINDS.size >= MOST_KINDS) KINDS.clear();
    KINDS.set(key, known);
  }
  return known.find(({ wanted }) =>
    wanted.every(([field, values]) => valuesOf(event, field).some((value) => values.includes(value))),
  )?.kind;
}

/** Those that need something of the data first; the last needs nothing. */
function candidatesOf(channel: string, eventId: string): readonly Candidate[] {
  const found: Candidate[] = [];
  const id = Number(eventId);
  const isSecurity = channel.toLowerCase() === 'security';
  const add = (kind: EventKind | undefined, own: TaxonomyId, more: readonly (readonly [string, readonly string[]])[]) =>
    found.push({ wanted: more, kind: new EcsKind(kind, own, channel, eventId) });
  for (const kind of [...EVENT_KINDS, ...SECURITY_KINDS]) {
    const { Channel, EventID, ...more } = kind.places.sysmon?.has ?? {};
    if (Channel?.includes(channel) && EventID?.includes(id))
      add(
        kind,
        'sysmon',
        Object.entries(more).map(([field, values]) => [field, values.map(String)]),
      );
    else if (isSecurity && kind.service === 'security' && kind.eventIds?.includes(id)) add(kind, 'sysmon', []);
    else if (isSecurity && kind.places.windows?.has.EventID?.includes(id)) add(kind, 'windows', []);
  }
  add(undefined, 'sysmon', []);
  return found;
}

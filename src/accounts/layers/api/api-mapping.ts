// Calls in the events of other vendors: which of their fields hold what, as a mapping file says.

import { systemNameOf, valuesOf } from '../../../logs/event.ts';
import { ticksOf } from '../../../logs/log-time.ts';
import type { ChangeKind, Outcome } from '../../document.ts';
import { type AccountRecord, logonIdOf } from '../../record.ts';
import { type ApiCall, actorOf } from './api-call.ts';

/**
 * A field of an event: a name of its data or of System; "#3", the third of the data without names ("Data", or Winlogbeat's param3);
 * "AdditionalFields.MemberSid", a name within the JSON text that a field holds; "@audit", "success" or "failure" by its keywords.
 */
export type FieldRef = string;

/** What a value of the field that names the call means. */
export interface MappedCall {
  /** An API of the tables, or a change without one. */
  readonly api?: string;
  readonly kind?: ChangeKind;
  readonly outcome?: Outcome;
  /** Fields of these events alone, before those of all. */
  readonly fields: ReadonlyMap<string, readonly FieldRef[]>;
}

export interface ApiMapping {
  readonly name: string;
  /** `all`: every call on the host would be told; `remote`: only calls that come over the network; `none`: its absence tells nothing. */
  readonly reach: 'all' | 'remote' | 'none';
  /** In front of each field's name, where an export wraps the event: "", "properties.". */
  readonly within: readonly string[];
  /** Every one of these fields has one of its values, in lower case. */
  readonly when: readonly (readonly [FieldRef, ReadonlySet<string>])[];
  /** By what is told: host, time, user, arguments.username ... */
  readonly fields: ReadonlyMap<string, readonly FieldRef[]>;
  /** In lower case: what stands for no value. */
  readonly nothing: ReadonlySet<string>;
  readonly call: {
    readonly field: readonly FieldRef[];
    /** By value in lower case. */
    readonly values: ReadonlyMap<string, MappedCall>;
    /** The value is a method's number of MS-SAMR. */
    readonly opnums: boolean;
  };
  readonly outcome: {
    readonly field: readonly FieldRef[];
    readonly values: ReadonlyMap<string, Outcome>;
    readonly otherwise: Outcome;
  };
}

/** A call, and the change it is where no API's name says so. */
export interface MappedApiCall extends ApiCall {
  readonly kind?: ChangeKind;
}

/** Characters of a text of JSON within a field at most. */
const LONGEST_JSON = 1 << 20;
const DEEPEST = 8;

/** The numbers of the events that a mapping is for, so that a log need not be read for others; undefined where it may be any. */
export function eventIdsOf({ when }: ApiMapping): readonly number[] | undefined {
  const ids = when.find(([ref]) => systemNameOf(ref) === 'eventId')?.[1];
  return ids && [...ids].map(Number).filter(Number.isInteger);
}

/** What stands in front of the names in an event that the mapping is for; undefined of another event. */
function prefixOf(record: AccountRecord, { when, within }: ApiMapping): string | undefined {
  return within.find((prefix) =>
    when.every(([ref, values]) => valuesAt(record, ref, prefix).some((text) => values.has(plain(text)))),
  );
}

/** The call that an event tells by a mapping; undefined of an event that is not of it, or whose call the mapping does not name. `samr` names a method by its number. */
export function mappedCall(
  record: AccountRecord,
  mapping: ApiMapping,
  samr: (opnum: string) => string | undefined,
): MappedApiCall | undefined {
  const prefix = prefixOf(record, mapping);
  if (prefix === undefined) return undefined;
  const first = (refs: readonly FieldRef[] | undefined): string | undefined => told(record, refs, prefix, mapping)[0];
  const name = first(mapping.call.field);
  if (name === undefined) return undefined;
  const row = mapping.call.values.get(name.toLowerCase());
  const method = mapping.call.opnums ? samr(name) : undefined;
  const api = row?.api ?? method ?? (row?.kind === undefined ? undefined : name);
  if (api === undefined) return undefined;
  const all = new Map([...mapping.fields, ...(row?.fields ?? [])]);
  const value = (target: string): string | undefined => first(all.get(target));
  const ended = first(mapping.outcome.field)?.toLowerCase();
  return {
    api,
    ...(row?.kind === undefined ? {} : { kind: row.kind }),
    at: ticksOf(value('time') ?? '') ?? record.at,
    host: value('host') ?? record.host,
    actor: actorOf({
      user: value('user'),
      domain: value('domain'),
      sid: value('sid'),
      logonId: logonIdOf(value('logonId')),
      source: value('source'),
      image: value('image'),
      pid: value('pid'),
      commandLine: value('commandLine'),
      parentImage: value('parentImage'),
    }),
    arguments: new Map(
      [...all].flatMap(([target, refs]): [string, readonly string[]][] =>
        target.startsWith('arguments.')
          ? [[target.slice('arguments.'.length).toLowerCase(), told(record, refs, prefix, mapping)]]
          : [],
      ),
    ),
    result: value('result'),
    outcome:
      (ended === undefined ? undefined : mapping.outcome.values.get(ended)) ??
      row?.outcome ??
      mapping.outcome.otherwise,
    record,
  };
}

/** The values of the first field that has one. */
function told(
  record: AccountRecord,
  refs: readonly FieldRef[] | undefined,
  prefix: string,
  { nothing }: ApiMapping,
): readonly string[] {
  for (const ref of refs ?? []) {
    const found = valuesAt(record, ref, prefix).filter((text) => {
      const own = text.trim().toLowerCase();
      return own !== '' && own !== '-' && !nothing.has(own);
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** GUIDs with and without braces are the same. */
function plain(text: string): string {
  const own = text.trim().toLowerCase();
  return own.startsWith('{') && own.endsWith('}') ? own.slice(1, -1) : own;
}

function valuesAt(record: AccountRecord, ref: FieldRef, prefix: string): readonly string[] {
  if (ref === '@audit') return [record.isFailure ? 'failure' : 'success'];
  const { event } = record;
  if (ref.startsWith('#')) {
    const unnamed = event.data.filter(([name]) => name === 'Data' || name === '');
    const text = unnamed[Number(ref.slice(1)) - 1]?.[1];
    return text === undefined ? valuesOf(event, `param${ref.slice(1)}`) : [text];
  }
  const system = systemNameOf(ref);
  const own = system && event.system[system];
  if (own !== undefined) return [own];
  const name = prefix + ref;
  return record.raw(name) === undefined ? withinJson(record, name) : valuesOf(event, name);
}

/** "A.b.c" where field A holds the text of an object. */
function withinJson(record: AccountRecord, name: string): readonly string[] {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const text = record.raw(name.slice(0, dot))?.trim();
    if (text === undefined || !text.startsWith('{') || text.length > LONGEST_JSON) continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [];
    }
    for (const part of name.slice(dot + 1).split('.', DEEPEST)) value = memberOf(value, part);
    const all = Array.isArray(value) ? value : [value];
    return all.filter((one) => one !== null && one !== undefined && typeof one !== 'object').map(String);
  }
  return [];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const key = Object.keys(value).find((own) => own.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (value as Record<string, unknown>)[key];
}

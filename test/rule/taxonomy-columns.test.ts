// The columns of the taxonomies against the vendors' own lists of them: each is there, in the table of its kind of event, and of the type that a literal is written in.
import { describe, expect, it } from 'vitest';
import { fieldsOfEvent } from '../../src/rule/lint/sysmon-fields.ts';
import { columnType } from '../../src/rule/taxonomy/column-types.ts';
import { columnNames, type EventKind, type TaxonomyId } from '../../src/rule/taxonomy/event-kind.ts';
import { EVENT_KINDS, SYSTEM_FIELDS } from '../../src/rule/taxonomy/event-kinds.ts';
import { SECURITY_EVENT_COLUMNS } from '../../src/rule/taxonomy/security-event-columns.ts';
import { SECURITY_KINDS } from '../../src/rule/taxonomy/security-kinds.ts';
import {
  CIM_DATASETS,
  DEFENDER_TABLES,
  ECS_FIELDS,
  OCSF_ATTRIBUTES,
  SECURITY_EVENT,
  SYSMON_EVENTS,
} from './vendor-columns.ts';

type Columns = Readonly<Record<string, string>>;

const KINDS: readonly EventKind[] = [...EVENT_KINDS, ...SECURITY_KINDS];

function typesOf(columns: Columns): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(columns).flatMap(([type, names]) =>
      names.split(/\s+/).map((name): [string, string] => [name, type]),
    ),
  );
}

/** What a kind says of a table: its columns, those that are worked out left out. */
function columnsOf({ places, rows }: EventKind, taxonomy: TaxonomyId): readonly string[] {
  const place = places[taxonomy];
  if (!place) return [];
  const names = rows.flatMap((row) => (row[taxonomy] === undefined ? [] : columnNames(row[taxonomy])));
  return [...Object.keys(place.has), ...names].filter((name) => !Object.hasOwn(place.computed ?? {}, name));
}

/** Columns that the table has not, or has as another type than a literal of them is written. */
function faults(types: ReadonlyMap<string, string>, names: readonly string[], taxonomy: TaxonomyId): readonly string[] {
  return names.flatMap((name) => {
    const type = types.get(name);
    if (type === undefined) return [`${name}: no such column`];
    const own = columnType(taxonomy, name);
    return own === type || taxonomy === 'cim' ? [] : [`${name}: ${type}, written as ${own}`];
  });
}

describe('the columns of the taxonomies', () => {
  it.each(KINDS.filter(({ places }) => places.mde).map((kind) => [kind.id, kind] as const))(
    'Defender XDR: %s',
    (_, kind) => {
      const types = typesOf(DEFENDER_TABLES[kind.places.mde!.name!]);
      expect(faults(types, columnsOf(kind, 'mde'), 'mde')).toEqual([]);
      const used = Object.values(kind.places.mde!.computed ?? {}).flatMap(
        (text) => text.match(/\b[A-Z][A-Za-z]+\b/g) ?? [],
      );
      const known = used.filter(
        (word) => !/^(?:HKEY|HKLM|HKU|Device|NamedPipe|ControlSet|CurrentControlSet)/.test(word),
      );
      for (const word of known.filter((name) => /^(?:Folder|File|Previous|Registry|Additional)/.test(name)))
        expect(types.has(word), word).toBe(true);
    },
  );

  it.each(KINDS.filter(({ places }) => places.cim).map((kind) => [kind.id, kind] as const))('CIM: %s', (_, kind) => {
    expect(faults(typesOf(CIM_DATASETS[kind.places.cim!.name!]), columnsOf(kind, 'cim'), 'cim')).toEqual([]);
  });

  it.each(KINDS.filter(({ places }) => places.ecs).map((kind) => [kind.id, kind] as const))('ECS: %s', (_, kind) => {
    const names = columnsOf(kind, 'ecs').filter((name) => !/^(?:winlog|powershell|sysmon)\./.test(name));
    expect(faults(typesOf(ECS_FIELDS), names, 'ecs')).toEqual([]);
  });

  it.each(KINDS.filter(({ places }) => places.windows).map((kind) => [kind.id, kind] as const))(
    'SecurityEvent: %s',
    (_, kind) => {
      expect(faults(typesOf(SECURITY_EVENT), columnsOf(kind, 'windows'), 'windows')).toEqual([]);
    },
  );

  it('SecurityEvent: each column that holds a value of the event under its own name', () => {
    // Not in Microsoft's reference, but in its rules and templates.
    const undocumented = ['AccessList', 'AccessReason', 'ImpersonationLevel'];
    const documented = [...SECURITY_EVENT_COLUMNS].filter((name) => !undocumented.includes(name));
    expect(faults(typesOf(SECURITY_EVENT), documented, 'windows')).toEqual([]);
    const system = Object.values(SYSTEM_FIELDS).flatMap(({ windows }) => windows ?? []);
    expect(faults(typesOf(SECURITY_EVENT), system, 'windows')).toEqual([]);
  });

  it('Sysmon: what lint knows of its events', () => {
    for (const [id, names] of Object.entries(SYSMON_EVENTS)) {
      const own = fieldsOfEvent('Microsoft-Windows-Sysmon/Operational', Number(id));
      if (own) expect([...own].sort(), id).toEqual(names.toLowerCase().split(/\s+/).sort());
    }
  });

  it.each(
    KINDS.filter(({ places }) => String(places.sysmon?.has.Channel).includes('Sysmon')).map(
      (kind) => [kind.id, kind] as const,
    ),
  )('Sysmon: %s', (_, kind) => {
    const events = kind.places.sysmon!.has.EventID;
    const known = new Set(events.flatMap((id) => SYSMON_EVENTS[Number(id)]?.split(/\s+/) ?? []));
    // Of events that the manifest does not have (27 to 29) nothing is known.
    if (known.size === 0) return;
    expect(columnsOf(kind, 'sysmon').filter((name) => known.has(name)).length).toBeGreaterThan(0);
    // What others put beside an event: of the acting process, its parent and its file; the system part.
    const beside =
      /^(?:Channel|EventID|CommandLine|ParentImage|ParentCommandLine|SourceCommandLine|SourceParentImage|Hashes|Hash|User|EventType|ProcessId|ProcessGuid|Image)$/;
    // The other spelling, and the times and names that one event of several has.
    const ofSome =
      /^(?:(?:Source|Target)Process(?:GUID|Guid)|(?:Previous)?CreationUtcTime|NewName|GrantedAccess|CallTrace|Start\w+|Details)$/;
    const unknown = columnsOf(kind, 'sysmon').filter(
      (name) => !known.has(name) && !beside.test(name) && !ofSome.test(name),
    );
    expect(unknown).toEqual([]);
  });

  const CLASSES: Readonly<Record<string, string>> = {
    1001: 'file_activity',
    1005: 'module_activity',
    1006: 'scheduled_job_activity',
    1007: 'process_activity',
    3001: 'account_change',
    3002: 'authentication',
    4001: 'network_activity',
    4003: 'dns_activity',
  };
  /** Attributes that are objects, where the object has another name. */
  const OBJECTS: Readonly<Record<string, string>> = {
    parent_process: 'process',
    logon_process: 'process',
    file_result: 'file',
    src_endpoint: 'network_endpoint',
    dst_endpoint: 'network_endpoint',
    connection_info: 'network_connection_info',
    query: 'dns_query',
  };
  it.each(KINDS.filter(({ places }) => places.ocsf).map((kind) => [kind.id, kind] as const))('OCSF: %s', (_, kind) => {
    for (const path of columnsOf(kind, 'ocsf')) {
      let holder = CLASSES[String(kind.places.ocsf!.has.class_uid[0])];
      for (const attribute of path.split('.')) {
        expect(OCSF_ATTRIBUTES[holder].split(/\s+/), `${attribute} of ${holder} (${path})`).toContain(attribute);
        holder = OBJECTS[attribute] ?? attribute;
      }
    }
  });
});

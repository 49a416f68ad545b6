// The registry: keys and values that are added, set, deleted and renamed (Sysmon events 12 to 14).
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists (numbers in the CIM: splunk/security_content).
import { type EventKind, eventData, type FieldRow, sysmonPlaces } from './event-kind.ts';
import { ACTING_PROCESS } from './process-kinds.ts';

/**
 * Key and value in one text with Sysmon's short names of the roots. Sysmon also names the control set in use, as the registry's own link does.
 */
const REGISTRY_PATH =
  'replace_regex(replace_string(replace_string(strcat(RegistryKey, iff(isempty(RegistryValueName), "", @"\\"), RegistryValueName), "HKEY_LOCAL_MACHINE", "HKLM"), "HKEY_USERS", "HKU"), @"(?i)\\\\ControlSet00\\d\\\\", @"\\CurrentControlSet\\")';

/** What Defender XDR calls the event types of Sysmon; it has no renamed values. */
const ACTION_TYPES = {
  createkey: 'RegistryKeyCreated',
  deletekey: 'RegistryKeyDeleted',
  renamekey: 'RegistryKeyRenamed',
  setvalue: 'RegistryValueSet',
  deletevalue: 'RegistryValueDeleted',
};

const ROWS: readonly FieldRow[] = [
  {
    sysmon: 'TargetObject',
    ecs: 'registry.path',
    mde: 'RegistryPath',
    cim: 'registry_path',
  },
  {
    sysmon: { name: 'TargetObject', form: 'end-of-path' },
    ecs: 'registry.value',
    mde: 'RegistryValueName',
    cim: 'registry_value_name',
  },
  {
    sysmon: 'Details',
    ecs: { name: 'registry.data.strings', form: 'registry-data' },
    mde: { name: 'RegistryValueData', form: 'registry-data' },
    // As Splunk's own content asks for it: "0x00000001".
    cim: { name: 'registry_value_data', form: 'registry-hex' },
  },
  { sysmon: 'EventType', mde: { name: 'ActionType', words: ACTION_TYPES } },
  ...ACTING_PROCESS,
  ...eventData('EventType', 'NewName'),
];

function registryKind(
  id: string,
  what: string,
  ids: readonly number[],
  types: readonly string[] | null,
  actions: readonly string[],
  eventTypes: readonly string[],
  cim: string | null,
): EventKind {
  const { sysmon, ecs } = sysmonPlaces(what, ...ids);
  return {
    id,
    ...(types === null ? {} : { eql: { category: 'registry', types } }),
    places: {
      sysmon: { ...sysmon!, has: { ...sysmon!.has, ...(eventTypes.length > 0 ? { EventType: eventTypes } : {}) } },
      ecs: {
        ...ecs!,
        has: { ...ecs!.has, ...(eventTypes.length > 0 ? { 'winlog.event_data.EventType': eventTypes } : {}) },
      },
      ...(actions.length === 0
        ? {}
        : {
            mde: {
              table: `DeviceRegistryEvents, ActionType ${actions.join(', ')} (Microsoft Defender XDR)`,
              name: 'DeviceRegistryEvents',
              has: { ActionType: actions },
              computed: { RegistryPath: REGISTRY_PATH },
            },
          }),
      ...(cim === null
        ? {}
        : {
            cim: {
              table: 'Registry of the data model Endpoint (Splunk CIM)',
              name: 'Endpoint.Registry',
              has: { action: [cim] },
            },
          }),
    },
    rows: ROWS,
  };
}

export const REGISTRY_KINDS: readonly EventKind[] = [
  registryKind('registry_set', 'value set', [13], ['change'], ['RegistryValueSet'], [], 'modified'),
  registryKind('registry_add', 'key created', [12], ['creation'], ['RegistryKeyCreated'], ['CreateKey'], 'created'),
  registryKind(
    'registry_delete',
    'key or value deleted',
    [12],
    ['deletion'],
    ['RegistryKeyDeleted', 'RegistryValueDeleted'],
    ['DeleteKey', 'DeleteValue'],
    'deleted',
  ),
  registryKind('registry_rename', 'key or value renamed', [14], null, [], [], null),
  registryKind(
    'registry_event',
    'registry',
    [12, 13, 14],
    [],
    ['RegistryKeyCreated', 'RegistryKeyDeleted', 'RegistryKeyRenamed', 'RegistryValueSet', 'RegistryValueDeleted'],
    [],
    null,
  ),
];

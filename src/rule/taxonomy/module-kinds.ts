// Code that is loaded: modules (Sysmon event 7) and drivers (event 6).
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists.
import { FILE_PATH_IN_DEVICE_EVENTS } from './defender-paths.ts';
import { type EventKind, eventData, type FieldRow, sysmonPlaces } from './event-kind.ts';
import { ACTING_PROCESS, FILE_HASHES } from './process-kinds.ts';

const LOADED: readonly FieldRow[] = [
  { sysmon: 'ImageLoaded', ecs: 'file.path', mde: 'FolderPath', ocsf: 'module.file.path' },
  { sysmon: { name: 'ImageLoaded', form: 'end-of-path' }, ecs: 'file.name', mde: 'FileName', ocsf: 'module.file.name' },
  // Elastic Defend's names for the same.
  { sysmon: 'ImageLoaded', ecs: 'dll.path', mde: 'FolderPath', ocsf: 'module.file.path' },
  { sysmon: { name: 'ImageLoaded', form: 'end-of-path' }, ecs: 'dll.name', mde: 'FileName', ocsf: 'module.file.name' },
  FILE_HASHES,
  ...eventData('Signed', 'SignatureStatus', 'Signature'),
];

export const MODULE_KINDS: readonly EventKind[] = [
  {
    id: 'image_load',
    eql: { category: 'library', types: [] },
    places: {
      ...sysmonPlaces('image loaded', 7),
      mde: {
        table: 'DeviceImageLoadEvents, ActionType ImageLoaded (Microsoft Defender XDR)',
        name: 'DeviceImageLoadEvents',
        has: { ActionType: ['ImageLoaded'] },
      },
      ocsf: { table: 'Module Activity, Load (OCSF)', has: { class_uid: [1005], activity_id: [1] } },
    },
    rows: [
      ...LOADED,
      { sysmon: 'OriginalFileName', ecs: 'file.pe.original_file_name' },
      { sysmon: 'Description', ecs: 'file.pe.description' },
      { sysmon: 'Product', ecs: 'file.pe.product' },
      { sysmon: 'Company', ecs: 'file.pe.company' },
      { sysmon: 'FileVersion', ecs: 'file.pe.file_version' },
      ...ACTING_PROCESS,
    ],
  },
  {
    id: 'driver_load',
    eql: { category: 'driver', types: [] },
    places: {
      ...sysmonPlaces('driver loaded', 6),
      mde: {
        table: 'DeviceEvents, ActionType DriverLoad (Microsoft Defender XDR)',
        name: 'DeviceEvents',
        has: { ActionType: ['DriverLoad'] },
        computed: { DriverPath: FILE_PATH_IN_DEVICE_EVENTS },
      },
    },
    rows: LOADED.map(
      ({ sysmon, ecs, mde }): FieldRow => ({ sysmon, ecs, mde: mde === 'FolderPath' ? 'DriverPath' : mde }),
    ),
  },
];

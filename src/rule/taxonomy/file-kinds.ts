// Files: created, deleted, renamed, changed, their streams, and named pipes, which Windows keeps in a file system of their own.
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists (hashes and times in ECS: elastic/integrations, packages/windows, sysmon_operational, bf3be6b2).
import { type EventKind, eventData, type FieldRow, type Place, sysmonPlaces } from './event-kind.ts';
import {
  ACTING_IN_DEVICE_EVENTS,
  ACTING_PROCESS,
  FILE_HASHES,
  HASHES_OF_FILE_OR_PROCESS,
  MDE_HASHES,
} from './process-kinds.ts';

/** Windows' own trace of the file system, where a log of it is kept. */
function kernelFile(what: string, ...ids: readonly number[]): EventKind['places'] {
  return {
    sysmon: {
      table: `Microsoft-Windows-Kernel-File, event ${ids.join(', ')} (${what})`,
      has: { Channel: ['Microsoft-Windows-Kernel-File/Analytic'], EventID: ids },
    },
  };
}

const FILE: readonly FieldRow[] = [
  { sysmon: 'TargetFilename', ecs: 'file.path', mde: 'FolderPath', cim: 'file_path', ocsf: 'file.path' },
  {
    sysmon: { name: 'TargetFilename', form: 'end-of-path' },
    ecs: 'file.name',
    mde: 'FileName',
    cim: 'file_name',
    ocsf: 'file.name',
  },
  {
    sysmon: { name: 'TargetFilename', form: 'extension' },
    ecs: 'file.extension',
    mde: { name: 'FolderPath', form: 'extension' },
    cim: { name: 'file_path', form: 'extension' },
    ocsf: { name: 'file.path', form: 'extension' },
  },
];
const TIMES = eventData('CreationUtcTime', 'PreviousCreationUtcTime');

function fileKind(
  id: string,
  what: string,
  ids: readonly number[],
  more: {
    readonly types?: readonly string[];
    readonly places?: EventKind['places'];
    readonly mde?: string;
    readonly computed?: Place['computed'];
    readonly cim?: string;
    readonly ocsf?: number;
    readonly rows?: readonly FieldRow[];
    /** What stands for `rows` of every file, where the kind has another file in mind. */
    readonly file?: readonly FieldRow[];
    readonly hashes?: FieldRow;
  },
): EventKind {
  return {
    id,
    ...(more.types ? { eql: { category: 'file', types: more.types } } : {}),
    places: {
      ...(more.places ?? sysmonPlaces(what, ...ids)),
      ...(more.mde
        ? {
            mde: {
              table: `DeviceFileEvents, ActionType ${more.mde} (Microsoft Defender XDR)`,
              name: 'DeviceFileEvents',
              has: { ActionType: [more.mde] },
              ...(more.computed ? { computed: more.computed } : {}),
            },
          }
        : {}),
      ...(more.cim
        ? {
            cim: {
              table: 'Filesystem of the data model Endpoint (Splunk CIM)',
              name: 'Endpoint.Filesystem',
              has: { action: [more.cim] },
            },
          }
        : {}),
      ...(more.ocsf
        ? { ocsf: { table: 'File System Activity (OCSF)', has: { class_uid: [1001], activity_id: [more.ocsf] } } }
        : {}),
    },
    rows: [...(more.file ?? FILE), ...(more.rows ?? []), ...ACTING_PROCESS, more.hashes ?? FILE_HASHES, ...TIMES],
  };
}

/** OCSF's `file` is the file before it was renamed, `file_result` the one after. */
const RENAMED: readonly FieldRow[] = FILE.map((row): FieldRow => {
  const { ocsf } = row;
  if (typeof ocsf === 'string') return { ...row, ocsf: ocsf.replace('file.', 'file_result.') };
  return { ...row, ocsf: { name: 'file_result.path', form: 'extension' } };
});
/** Microsoft's reference calls it the folder; whether the name is at its end is not said, so that both are made one. */
const PREVIOUS_PATH =
  'iff(PreviousFolderPath endswith strcat(@"\\", PreviousFileName), PreviousFolderPath, strcat(PreviousFolderPath, @"\\", PreviousFileName))';
/** Elastic's agents drop the hashes of events 27 and 28. */
const HASHES_OUTSIDE_ECS: FieldRow = { sysmon: 'Hashes', mde: MDE_HASHES };

const PIPE_NAME = 'replace_string(tostring(parse_json(AdditionalFields).PipeName), @"\\Device\\NamedPipe", "")';

export const FILE_KINDS: readonly EventKind[] = [
  fileKind('file_event', 'file create', [11], {
    types: ['creation'],
    mde: 'FileCreated',
    cim: 'created',
    ocsf: 1,
  }),
  fileKind('file_delete', 'file delete', [23, 26], {
    types: ['deletion'],
    mde: 'FileDeleted',
    cim: 'deleted',
    ocsf: 4,
    hashes: HASHES_OF_FILE_OR_PROCESS,
  }),
  fileKind('file_delete_detected', 'file delete logged', [26], {}),
  { id: 'file_access', places: kernelFile('name of a file, handle created', 10, 12), rows: [] },
  fileKind('file_rename', 'file rename', [], {
    places: kernelFile('file renamed', 27),
    mde: 'FileRenamed',
    computed: { PreviousPath: PREVIOUS_PATH },
    ocsf: 5,
    file: RENAMED,
    rows: [
      { sysmon: 'SourceFilename', mde: 'PreviousPath', ocsf: 'file.path' },
      { sysmon: { name: 'SourceFilename', form: 'end-of-path' }, mde: 'PreviousFileName', ocsf: 'file.name' },
    ],
  }),
  fileKind('file_change', 'creation time of a file changed', [2], {}),
  fileKind('file_block_executable', 'executable blocked', [27], { hashes: HASHES_OUTSIDE_ECS }),
  fileKind('file_block_shredding', 'shredding blocked', [28], { hashes: HASHES_OUTSIDE_ECS }),
  fileKind('file_executable_detected', 'executable file created', [29], {}),
  {
    id: 'create_stream_hash',
    places: sysmonPlaces('file stream created', 15),
    rows: [
      ...FILE.map(({ sysmon, ecs }): FieldRow => ({ sysmon, ecs })),
      ...ACTING_PROCESS.map(({ sysmon, ecs }): FieldRow => ({ sysmon, ecs })),
      // Sysmon's event 15 calls it Hash.
      { sysmon: 'Hash', ecs: FILE_HASHES.ecs },
      { sysmon: 'Hashes', ecs: FILE_HASHES.ecs },
      ...eventData('Contents', 'CreationUtcTime'),
    ],
  },
  {
    id: 'pipe_created',
    places: {
      ...sysmonPlaces('pipe created, pipe connected', 17, 18),
      mde: {
        table: 'DeviceEvents, ActionType NamedPipeEvent (Microsoft Defender XDR)',
        name: 'DeviceEvents',
        has: { ActionType: ['NamedPipeEvent'] },
        computed: { PipeName: PIPE_NAME },
      },
    },
    rows: [
      { sysmon: 'PipeName', ecs: 'file.name', mde: 'PipeName' },
      ...ACTING_IN_DEVICE_EVENTS,
      ...eventData('EventType'),
    ],
  },
];

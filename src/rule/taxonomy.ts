// The taxonomy: which column of which table holds each logical field, for every table a rule can be written for.
import { UnsupportedError } from '../errors.ts';

/** Logical fields of a process-creation event. `image` is a file name ("cmd.exe"), `image.path` the full path with it. */
export type Field =
  | 'process.image'
  | 'process.image.path'
  | 'process.commandLine'
  | 'process.signature.trusted'
  | 'process.signature.subject'
  | 'process.parent.image'
  | 'process.parent.image.path'
  | 'process.parent.commandLine';

/** `pathOf`: the table has no column for the file name alone, this column holds the full path and the name is its end. */
interface Column {
  readonly name: string;
  readonly pathOf?: true;
}

/** Whose names fields have. `winnow`: the logical fields above. */
export type TaxonomyId = 'winnow' | 'ecs' | 'sysmon' | 'windows' | 'mde' | 'cim' | 'ocsf';

export interface Taxonomy {
  readonly id: TaxonomyId;
  /** The table or event that a rule assumes, in words. */
  readonly table: string;
  /** null where the table has no such column. */
  readonly columns: Readonly<Record<Field, Column | null>>;
}

/** What each logical field is, for the comment that opens a rule. */
export const FIELD_MEANING: Readonly<Record<Field, string>> = {
  'process.image': 'file name of the child',
  'process.image.path': 'full path of the child',
  'process.commandLine': 'command line of the child',
  'process.signature.trusted': 'trust of the host in the signature of the child',
  'process.signature.subject': 'signer of the child',
  'process.parent.image': 'file name of the parent',
  'process.parent.image.path': 'full path of the parent',
  'process.parent.commandLine': 'command line of the parent',
};

/** Elastic Common Schema. `process.args` (a list) is not used: its splitting differs between sources. */
export const ecs: Taxonomy = {
  id: 'ecs',
  table: 'process events in the Elastic Common Schema (Elastic Defend; Sysmon event 1 by Elastic Agent or Winlogbeat)',
  columns: {
    'process.image': { name: 'process.name' },
    'process.image.path': { name: 'process.executable' },
    'process.commandLine': { name: 'process.command_line' },
    'process.signature.trusted': { name: 'process.code_signature.trusted' },
    'process.signature.subject': { name: 'process.code_signature.subject_name' },
    'process.parent.image': { name: 'process.parent.name' },
    'process.parent.image.path': { name: 'process.parent.executable' },
    'process.parent.commandLine': { name: 'process.parent.command_line' },
  },
};

/** Sysmon event 1; Sigma's process_creation category uses the same names. */
export const sysmon: Taxonomy = {
  id: 'sysmon',
  table: 'Sysmon event 1 (process creation)',
  columns: {
    'process.image': { name: 'Image', pathOf: true },
    'process.image.path': { name: 'Image' },
    'process.commandLine': { name: 'CommandLine' },
    'process.signature.trusted': null,
    'process.signature.subject': null,
    'process.parent.image': { name: 'ParentImage', pathOf: true },
    'process.parent.image.path': { name: 'ParentImage' },
    'process.parent.commandLine': { name: 'ParentCommandLine' },
  },
};

/** Windows Security event 4688 as the SecurityEvent table of Microsoft Sentinel holds it. */
export const windows: Taxonomy = {
  id: 'windows',
  table: 'SecurityEvent, EventID 4688 (Microsoft Sentinel)',
  columns: {
    'process.image': { name: 'NewProcessName', pathOf: true },
    'process.image.path': { name: 'NewProcessName' },
    'process.commandLine': { name: 'CommandLine' },
    'process.signature.trusted': null,
    'process.signature.subject': null,
    'process.parent.image': { name: 'ParentProcessName', pathOf: true },
    'process.parent.image.path': { name: 'ParentProcessName' },
    'process.parent.commandLine': null,
  },
};

/** Microsoft Defender XDR advanced hunting. In this table the FolderPath columns end with the file's name. */
export const mde: Taxonomy = {
  id: 'mde',
  table: 'DeviceProcessEvents, ActionType ProcessCreated (Microsoft Defender XDR)',
  columns: {
    'process.image': { name: 'FileName' },
    'process.image.path': { name: 'FolderPath' },
    'process.commandLine': { name: 'ProcessCommandLine' },
    'process.signature.trusted': null,
    'process.signature.subject': null,
    'process.parent.image': { name: 'InitiatingProcessFileName' },
    'process.parent.image.path': { name: 'InitiatingProcessFolderPath' },
    'process.parent.commandLine': { name: 'InitiatingProcessCommandLine' },
  },
};

/** The column for a logical field, or UnsupportedError naming both. */
export function columnFor(field: string, taxonomy: Taxonomy): Column {
  if (!isLogicalField(field)) throw new UnsupportedError(`"${field}" is no logical field`);
  const column = taxonomy.columns[field];
  if (column === null) throw new UnsupportedError(`${taxonomy.table} has no column for the ${FIELD_MEANING[field]}`);
  return column;
}

export function isLogicalField(name: string): name is Field {
  return Object.hasOwn(FIELD_MEANING, name);
}

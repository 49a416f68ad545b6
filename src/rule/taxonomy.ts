// The tables that a rule can be written for, and the logical fields of a process start in each of them.
import { UnsupportedError } from '../errors.ts';
import type { TaxonomyId } from './taxonomy/event-kind.ts';
import { PROCESS_START } from './taxonomy/process-kinds.ts';

export type { TaxonomyId } from './taxonomy/event-kind.ts';

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

export interface Taxonomy {
  readonly id: TaxonomyId;
  /** The table or event that a rule about process starts assumes, in words. */
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

function taxonomy(id: TaxonomyId): Taxonomy {
  const columnOf = (field: string): Column | null => {
    const column = PROCESS_START.rows.find((row) => row.winnow === field)?.[id];
    if (column === undefined) return null;
    if (typeof column === 'string') return { name: column };
    return 'name' in column && column.form === 'end-of-path' ? { name: column.name, pathOf: true } : null;
  };
  return {
    id,
    table: PROCESS_START.places[id]?.table ?? id,
    columns: Object.fromEntries(
      Object.keys(FIELD_MEANING).map((field) => [field, columnOf(field)]),
    ) as unknown as Taxonomy['columns'],
  };
}

/** Elastic Common Schema. `process.args` (a list) is not used: its splitting differs between sources. */
export const ecs = taxonomy('ecs');
/** Sysmon's own names, which Sigma's categories use as well; other logs' events have the names of their own data. */
export const sysmon: Taxonomy = { ...taxonomy('sysmon'), table: 'Sysmon event 1 (process creation)' };
/** The Security log as the SecurityEvent table of Microsoft Sentinel holds it. */
export const windows = taxonomy('windows');
/** Microsoft Defender XDR advanced hunting. In its tables the FolderPath columns end with the file's name. */
export const mde = taxonomy('mde');
/** Splunk's Common Information Model. */
export const cim = taxonomy('cim');
/** Open Cybersecurity Schema Framework. */
export const ocsf = taxonomy('ocsf');

export const TAXONOMIES: Readonly<Record<Exclude<TaxonomyId, 'winnow'>, Taxonomy>> = {
  ecs,
  sysmon,
  windows,
  mde,
  cim,
  ocsf,
};

/** The column for a logical field, or UnsupportedError naming both. */
export function columnFor(field: string, { table, columns }: Taxonomy): Column {
  if (!isLogicalField(field)) throw new UnsupportedError(`"${field}" is no logical field`);
  const column = columns[field];
  if (column === null) throw new UnsupportedError(`${table} has no column for the ${FIELD_MEANING[field]}`);
  return column;
}

export function isLogicalField(name: string): name is Field {
  return Object.hasOwn(FIELD_MEANING, name);
}

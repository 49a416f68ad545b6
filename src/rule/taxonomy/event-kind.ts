// What one kind of event is in each taxonomy: where its events are found, and under which names its values stand.

/** Whose names fields have. `winnow`: the logical fields of a process start (taxonomy.ts). `sysmon`: Sigma's names, which are those of the events themselves. */
export type TaxonomyId = 'winnow' | 'ecs' | 'sysmon' | 'windows' | 'mde' | 'cim' | 'ocsf';

/** How a column says the value where it does not hold it as it is. */
export type Form =
  /** The column holds a path, the value is its end behind the last backslash. */
  | 'end-of-path'
  /** The column holds the file name alone, the value is a path. */
  | 'name-of-path'
  /** The column holds a path, the value is its extension without the dot. */
  | 'extension'
  /** Some tables have the file name, some the whole path: the value is a path. */
  | 'name-or-path'
  /** `DWORD (0x00000001)` is written as `1`. */
  | 'registry-data'
  /** `DWORD (0x00000001)` is written as `0x00000001`. */
  | 'registry-hex'
  /** XML, kept as JSON: what stands between the marks of both is the same. */
  | 'json-text'
  /** A path that begins with a device instead of a drive. */
  | 'device-path';

export interface PlainColumn {
  readonly name: string;
  readonly form?: Form;
  /** What the column has for each of the values, those in lower case. */
  readonly words?: Readonly<Record<string, string>>;
}

/** "DOMAIN\name", kept in two columns. */
export interface AccountColumns {
  readonly domain: string;
  readonly name: string;
  readonly form: 'account';
}

/** "SHA1=...,MD5=...", kept in a column for each algorithm, in lower case ("sha256"); in one of several where events of the kind differ. */
export interface HashColumns {
  readonly byAlgorithm: Readonly<Record<string, string | readonly string[]>>;
  readonly form: 'hashes';
}

/** One of these columns has the value, which of them depends on the event; `rest` has the values that are of another type than theirs ("-" for an address). */
export interface EitherColumn {
  readonly names: readonly string[];
  readonly rest?: string;
  readonly form: 'either';
}

/** A name alone is a column that holds the value as it is. */
export type Column = string | PlainColumn | AccountColumns | HashColumns | EitherColumn;

/** The names of all columns in which a value may stand. */
export function columnNames(column: Column): readonly string[] {
  if (typeof column === 'string') return [column];
  switch (column.form) {
    case 'account':
      return [column.domain, column.name];
    case 'hashes':
      return Object.values(column.byAlgorithm).flat();
    case 'either':
      return [...column.names, ...(column.rest === undefined ? [] : [column.rest])];
    default:
      return [column.name];
  }
}

/** One value of an event: the column it stands in, by taxonomy; none where it has no such. */
export type FieldRow = Readonly<Partial<Record<TaxonomyId, Column>>>;

/** Where the events of a kind are in one taxonomy. */
export interface Place {
  /** For a person: the table or event. */
  readonly table: string;
  /** What an event there has besides: by column one of the values. */
  readonly has: Readonly<Record<string, readonly (string | number)[]>>;
  /** The table's own name, where there are several (Defender XDR), or the data model's (CIM). */
  readonly name?: string;
  /** Columns that are worked out first, by name, in the language of the taxonomy (KQL). */
  readonly computed?: Readonly<Record<string, string>>;
}

export interface EventKind {
  /** Sigma's category, or a name of our own for what Sigma knows by service and event id. */
  readonly id: string;
  /** Events of a service by their numbers, where Sigma has no category. */
  readonly service?: string;
  readonly eventIds?: readonly number[];
  /** Who alone writes them: a rule that asks for it asks for nothing more. */
  readonly provider?: string;
  /** EQL's category and the event types by which a query asks for this kind; the first kind that fits. */
  readonly eql?: { readonly category: string; readonly types: readonly string[] };
  readonly places: Readonly<Partial<Record<TaxonomyId, Place>>>;
  readonly rows: readonly FieldRow[];
}

export const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';

/** The events of Sysmon with these numbers: in Sysmon's own names, and as Winlogbeat and Elastic Agent keep them. */
export function sysmonPlaces(what: string, ...ids: readonly number[]): EventKind['places'] {
  const table = `Sysmon event ${ids.join(', ')} (${what})`;
  return {
    sysmon: { table, has: { Channel: [SYSMON_CHANNEL], EventID: ids } },
    ecs: {
      table: `${table} by Elastic Agent or Winlogbeat`,
      has: { 'winlog.channel': [SYSMON_CHANNEL], 'event.code': ids.map(String) },
    },
  };
}

/** Names that the two taxonomies share, and Elastic's agents keep below `winlog.event_data`. */
export function eventData(...names: readonly string[]): readonly FieldRow[] {
  return names.map((name) => ({ sysmon: name, ecs: `winlog.event_data.${name}` }));
}

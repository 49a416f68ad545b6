// The columns of a table of events, whatever their types and however they lie within one another, as texts of SQL.

import { quoted, sqlString } from '../../rule/emit/sql.ts';
import { isUtcName, type Path, placesOf, TIME_PLACES, UTC_PLACES } from '../field-places.ts';

/** What is used of DuckDB's types. */
export interface ColumnType {
  readonly typeId: number;
  readonly alias?: string | undefined;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly ColumnType[];
  readonly valueType?: ColumnType;
}

/** Of DuckDBTypeId. */
const TYPE = {
  FLOAT: 10,
  DOUBLE: 11,
  VARCHAR: 17,
  LIST: 24,
  STRUCT: 25,
  MAP: 26,
  ARRAY: 33,
  TIMESTAMP_TZ: 31,
} as const;
/** TIMESTAMP, DATE, TIMESTAMP_S, _MS, _NS. */
const NAIVE_TIMES: ReadonlySet<number> = new Set([12, 13, 20, 21, 22]);

/** A column, or a member of one. */
interface Leaf {
  readonly path: Path;
  readonly type: ColumnType;
  /** In SQL, of its own type. */
  readonly own: string;
}

/** Structures within one another that are looked into. */
const DEEPEST = 16;
/** Nxlog's names for who wrote the event, beside the event's own fields of nearly the same names. */
const WRITERS: ReadonlySet<string> = new Set(['ProcessID', 'ThreadID']);

export class Catalog {
  readonly #leaves = new Map<string, Leaf[]>();
  /** Objects whose members are not known beforehand: JSON and maps. */
  readonly #open: Leaf[] = [];
  /** Paths that were asked for and are there. */
  readonly used = new Map<string, Path>();

  constructor(columns: readonly (readonly [name: string, type: ColumnType])[]) {
    for (const [name, type] of columns) this.#add({ path: [name], type, own: quoted(name) }, 0);
  }

  #add(leaf: Leaf, depth: number): void {
    const { path, type, own } = leaf;
    if (type.typeId === TYPE.STRUCT && depth < DEEPEST) {
      for (const [i, name] of type.entryNames!.entries())
        this.#add(
          { path: [...path, name], type: type.entryTypes![i], own: `struct_extract(${own}, ${sqlString(name)})` },
          depth + 1,
        );
      return;
    }
    const key = keyOf(path);
    const same = this.#leaves.get(key);
    if (same) same.push(leaf);
    else this.#leaves.set(key, [leaf]);
    if (isJson(type) || type.typeId === TYPE.MAP) this.#open.push(leaf);
  }

  /** The leaf at a path: spelled so, or else with other letter case. */
  #find(path: Path): Leaf | undefined {
    const all = this.#leaves.get(keyOf(path))?.filter((leaf) => leaf.path.length > 1 || !WRITERS.has(leaf.path[0]));
    const found = all?.find((leaf) => leaf.path.at(-1) === path.at(-1)) ?? all?.[0];
    if (found) this.used.set(found.path.join('\0'), found.path);
    return found;
  }

  /** Members of objects that are not known beforehand. */
  #inOpen(path: Path): readonly string[] {
    return this.#open.flatMap((leaf) => {
      const depth = leaf.path.length;
      if (depth >= path.length || keyOf(path.slice(0, depth)) !== keyOf(leaf.path)) return [];
      const rest = path.slice(depth);
      if (isJson(leaf.type)) return [`json_extract_string(${leaf.own}, ${sqlString(jsonPath(rest))})`];
      if (rest.length > 1) return [];
      const { valueType } = leaf.type;
      return valueType ? [textOf(`map_extract_value(${leaf.own}, ${sqlString(rest[0])})`, valueType)] : [];
    });
  }

  /** A field's text, or NULL. */
  text(field: string): string {
    const { places, isSystem } = placesOf(field);
    const found = places.flatMap((path) => {
      const leaf = this.#find(path);
      return leaf ? [textOf(leaf.own, leaf.type)] : this.#inOpen(path);
    });
    const texts = [...new Set(found)].map((text) => (isSystem && found.length > 1 ? `nullif(${text}, '')` : text));
    if (texts.length === 0) return 'CAST(NULL AS VARCHAR)';
    const text = texts.length === 1 ? texts[0] : `coalesce(${texts.join(', ')})`;
    return isSystem ? `nullif(${text}, '')` : text;
  }

  /** When the event was: a TIMESTAMP in UTC, or NULL. `field` is asked before all others. */
  time(field: string | undefined): string {
    const leaves = (places: readonly Path[]): readonly Leaf[] =>
      places.flatMap((path): readonly Leaf[] => {
        const leaf = this.#find(path);
        if (leaf) return [leaf];
        const type = { typeId: TYPE.VARCHAR };
        return this.#inOpen(path).map((own) => ({ path, type, own }));
      });
    const first = field === undefined ? [] : leaves(placesOf(field).places).slice(0, 1);
    const own = leaves(TIME_PLACES).filter((leaf) => leaf.own !== first[0]?.own);
    const parts = [
      ...first.flatMap((leaf) => [zonedTime(leaf), anyTime(leaf)]),
      ...own.map(zonedTime),
      ...leaves(UTC_PLACES).map(anyTime),
      ...own.map(anyTime),
    ].filter((part) => part !== undefined);
    const distinct = [...new Set(parts)];
    if (distinct.length === 0) return 'CAST(NULL AS TIMESTAMP)';
    return distinct.length === 1 ? distinct[0] : `coalesce(${distinct.join(', ')})`;
  }
}

/** Names by which a field is found: letter case and blanks do not count, nor whether names lie within one another or have dots between. */
function keyOf(path: Path): string {
  return path.join('.').toLowerCase().replaceAll(' ', '');
}

function isJson(type: ColumnType): boolean {
  return type.alias === 'JSON';
}

function jsonPath(path: Path): string {
  return `$${path.map((name) => `."${name.replaceAll('"', '')}"`).join('')}`;
}

/** A value as text; a list of one is that one, of more their JSON. */
function textOf(own: string, type: ColumnType): string {
  if (isJson(type)) return listText(`json_extract_string(${own}, '$')`);
  switch (type.typeId) {
    case TYPE.VARCHAR:
      return own;
    // Numbers that a tool kept with a fraction because some were missing.
    case TYPE.FLOAT:
    case TYPE.DOUBLE:
      return `CASE WHEN ${own} = trunc(${own}) AND abs(${own}) < 1e15 THEN CAST(CAST(${own} AS BIGINT) AS VARCHAR) ELSE CAST(${own} AS VARCHAR) END`;
    case TYPE.LIST:
    case TYPE.ARRAY:
      return `CASE WHEN len(${own}) = 1 THEN CAST(${own}[1] AS VARCHAR) WHEN len(${own}) > 1 THEN CAST(to_json(${own}) AS VARCHAR) END`;
    case TYPE.STRUCT:
    case TYPE.MAP:
      return `CAST(to_json(${own}) AS VARCHAR)`;
    default:
      return `CAST(${own} AS VARCHAR)`;
  }
}

/** The text of a value of JSON, of which a list stands as it was written. */
export function listText(text: string): string {
  return `CASE WHEN starts_with(${text}, '[') AND json_valid(${text}) AND json_array_length(${text}) = 1 THEN json_extract_string(${text}, '$[0]') ELSE ${text} END`;
}

const ZONE = "'.*(?:UTC|[+-][0-9]{2}:?[0-9]{2})\\s*'";

/** A time that says which instant it is; undefined of a column that never does. */
function zonedTime({ own, type, path }: Leaf): string | undefined {
  if (type.typeId === TYPE.TIMESTAMP_TZ) return `CAST(${own} AS TIMESTAMP)`;
  if (NAIVE_TIMES.has(type.typeId)) return isUtcName(path) ? `CAST(${own} AS TIMESTAMP)` : undefined;
  const text = textOf(own, type);
  return [
    `CASE WHEN ends_with(${text}, 'Z') THEN TRY_CAST(${text} AS TIMESTAMP)`,
    `WHEN regexp_full_match(${text}, ${ZONE}) THEN CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS TIMESTAMP)`,
    `WHEN regexp_full_match(${text}, '[0-9]{10}([.][0-9]+)?') THEN make_timestamp(CAST(TRY_CAST(${text} AS DECIMAL(18, 6)) * 1000000 AS BIGINT))`,
    `WHEN regexp_full_match(${text}, '[0-9]{13}') THEN make_timestamp(CAST(${text} AS BIGINT) * 1000) END`,
  ].join(' ');
}

/** A time of which it is not known where it was that late. */
function anyTime({ own, type }: Leaf): string | undefined {
  if (type.typeId === TYPE.TIMESTAMP_TZ || NAIVE_TIMES.has(type.typeId)) return `CAST(${own} AS TIMESTAMP)`;
  const text = textOf(own, type);
  return `CASE WHEN regexp_matches(${text}, '^[0-9]{4}-') THEN TRY_CAST(${text} AS TIMESTAMP) END`;
}

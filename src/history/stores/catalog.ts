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
const TEXT: ColumnType = { typeId: TYPE.VARCHAR };
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
    const names = new Map(columns.map(([name]) => [name.toLowerCase(), name]));
    for (const [name, type] of columns) this.#add({ path: [originalName(name, names)], type, own: quoted(name) }, 0);
    // What DuckDB makes of JSON lines that have too many names for columns: the whole object in one.
    const [[name, type]] = columns.length === 1 ? columns : [[undefined, undefined]];
    if (name !== undefined && (isJson(type) || type.typeId === TYPE.MAP))
      this.#open.push({ path: [], type, own: quoted(name) });
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

  /** The leaves at a path, one where names lie within one another and one where dots stand between: spelled so, or else with other letter case. */
  #find(path: Path): readonly Leaf[] {
    const all = (this.#leaves.get(keyOf(path)) ?? []).filter(
      (leaf) => leaf.path.length > 1 || !WRITERS.has(leaf.path[0]),
    );
    const depths = [...new Set(all.map((leaf) => leaf.path.length))];
    const spelled = path.join('.');
    return depths.map((depth) => {
      const alike = all.filter((leaf) => leaf.path.length === depth);
      const found = alike.find((leaf) => leaf.path.join('.') === spelled) ?? alike[0];
      this.used.set(found.path.join('\0'), found.path);
      return found;
    });
  }

  /** Members of objects that are not known beforehand. */
  #inOpen(path: Path): readonly string[] {
    return this.#open.flatMap((leaf) => {
      const depth = leaf.path.length;
      if (depth >= path.length || keyOf(path.slice(0, depth)) !== keyOf(leaf.path)) return [];
      const rest = path.slice(depth);
      const ways = rest.length > 1 ? [rest, [rest.join('.')]] : [rest];
      return ways.flatMap((way) => memberText(leaf, way) ?? []);
    });
  }

  /** Whether there is a place for a field. */
  has(field: string): boolean {
    return placesOf(field).places.some((path) => this.#find(path).length > 0 || this.#inOpen(path).length > 0);
  }

  /** A field's text, or NULL. */
  text(field: string): string {
    const { places, isSystem } = placesOf(field);
    const found = places.flatMap((path) => {
      const leaves = this.#find(path);
      return leaves.length > 0 ? leaves.map((leaf) => textOf(leaf.own, leaf.type)) : this.#inOpen(path);
    });
    const texts = [...new Set(found)].map((text) => (isSystem && found.length > 1 ? `nullif(${text}, '')` : text));
    if (texts.length === 0) return 'CAST(NULL AS VARCHAR)';
    const text = texts.length === 1 ? texts[0] : `coalesce(${texts.join(', ')})`;
    return isSystem ? `nullif(${text}, '')` : text;
  }

  /**
   * When the event was: a TIMESTAMP in UTC, or NULL, made of columns `time0`, `time1` ... that hold what `columns` says. `field` is asked before all others;
   * `named` is what it alone tells.
   */
  time(field: string | undefined): {
    readonly columns: readonly string[];
    readonly sql: string;
    readonly named: string;
  } {
    const columns: string[] = [];
    const placed = new Map<string, Leaf>();
    const leaves = (places: readonly Path[]): readonly Leaf[] =>
      places.flatMap((path): readonly Leaf[] => {
        const found = this.#find(path);
        const inOpen = found.length > 0 ? [] : this.#inOpen(path);
        return [...found, ...inOpen.map((own) => ({ path, type: TEXT, own }))].map((leaf) => {
          const known = placed.get(leaf.own);
          if (known) return known;
          const isTime = leaf.type.typeId === TYPE.TIMESTAMP_TZ || NAIVE_TIMES.has(leaf.type.typeId);
          const one = { path: leaf.path, type: isTime ? leaf.type : TEXT, own: `time${columns.length}` };
          columns.push(isTime ? leaf.own : textOf(leaf.own, leaf.type));
          placed.set(leaf.own, one);
          return one;
        });
      });
    const first = field === undefined ? [] : leaves(placesOf(field).places);
    const own = leaves(TIME_PLACES).filter((leaf) => !first.includes(leaf));
    const byField = first.flatMap((leaf) => [zonedTime(leaf), anyTime(leaf)]);
    const parts = [...byField, ...own.map(zonedTime), ...leaves(UTC_PLACES).map(anyTime), ...own.map(anyTime)];
    return { columns, sql: firstOf(parts), named: firstOf(byField) };
  }

  /** Whether values may be lists of JSON. */
  get hasJson(): boolean {
    return this.#open.some(({ type }) => isJson(type) || (type.valueType && isJson(type.valueType)));
  }
}

/** The first time of these that there is, or NULL. */
function firstOf(times: readonly (string | undefined)[]): string {
  const distinct = [...new Set(times.filter((time) => time !== undefined))];
  if (distinct.length === 0) return 'CAST(NULL AS TIMESTAMP)';
  return distinct.length === 1 ? distinct[0] : `coalesce(${distinct.join(', ')})`;
}

/** Names by which a field is found: letter case and blanks do not count, nor whether names lie within one another or have dots between. */
function keyOf(path: Path): string {
  return path.join('.').toLowerCase().replaceAll(' ', '');
}

/** DuckDB tells names apart that differ by letter case alone with a number behind: "ProcessId_1" beside "ProcessID". */
function originalName(name: string, names: ReadonlyMap<string, string>): string {
  const [, before] = /^(.+)_\d+$/.exec(name) ?? [];
  const other = before === undefined ? undefined : names.get(before.toLowerCase());
  return other !== undefined && other !== before ? before : name;
}

/** A member of an object whose members are not known beforehand. */
function memberText({ own, type }: Leaf, path: Path): string | undefined {
  if (isJson(type)) return `json_extract_string(${own}, ${sqlString(jsonPath(path))})`;
  const { valueType } = type;
  const value = `map_extract_value(${own}, ${sqlString(path[0])})`;
  if (!valueType || (path.length > 1 && !isJson(valueType))) return undefined;
  if (path.length === 1) return textOf(value, valueType);
  return `json_extract_string(${value}, ${sqlString(jsonPath(path.slice(1)))})`;
}

function isJson(type: ColumnType): boolean {
  return type.alias === 'JSON';
}

function jsonPath(path: Path): string {
  return `$${path.map((name) => `."${name.replaceAll('"', '')}"`).join('')}`;
}

/** A value as text; a list of one is that one, of more their JSON. Of JSON, a list of one still stands as it was written ({@link listText}). */
function textOf(own: string, type: ColumnType): string {
  if (isJson(type)) return `json_extract_string(${own}, '$')`;
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
  return [
    `CASE WHEN ends_with(${own}, 'Z') THEN TRY_CAST(${own} AS TIMESTAMP)`,
    `WHEN regexp_full_match(${own}, ${ZONE}) THEN CAST(TRY_CAST(${own} AS TIMESTAMPTZ) AS TIMESTAMP)`,
    `WHEN regexp_full_match(${own}, '[0-9]{10}([.][0-9]+)?') THEN make_timestamp(CAST(TRY_CAST(${own} AS DECIMAL(18, 6)) * 1000000 AS BIGINT))`,
    `WHEN regexp_full_match(${own}, '[0-9]{13}') THEN make_timestamp(CAST(${own} AS BIGINT) * 1000) END`,
  ].join(' ');
}

/** A time of which it is not known where it was that late. */
function anyTime({ own, type }: Leaf): string {
  if (type.typeId === TYPE.TIMESTAMP_TZ || NAIVE_TIMES.has(type.typeId)) return `CAST(${own} AS TIMESTAMP)`;
  return `CASE WHEN regexp_matches(${own}, '^[0-9]{4}-') THEN TRY_CAST(${own} AS TIMESTAMP) END`;
}

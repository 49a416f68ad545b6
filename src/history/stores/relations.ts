// Where events are, as relations of SQL that have a time, a host and the fields that questions name, each a text.

import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../errors.ts';
import type { LogEvent } from '../../logs/event.ts';
import { quoted, sqlString } from '../../rule/emit/sql.ts';
import { type Path, placesOf, TIME_PLACES, UTC_PLACES } from '../field-places.ts';
import { Catalog, type ColumnType, listText } from './catalog.ts';
import { jsonNames } from './json-names.ts';

/** What a history is made of. Paths are files, each of one form. */
export type HistorySource =
  | { readonly kind: 'parquet'; readonly files: readonly string[] }
  /** Each one that {@link isPlainJson} takes. */
  | { readonly kind: 'json'; readonly files: readonly string[] }
  /** With commas between, and a row of names. */
  | { readonly kind: 'csv'; readonly files: readonly string[] }
  /** What Winnow's own readers give; it may be asked for more than once. */
  | { readonly kind: 'events'; readonly name: string; readonly open: () => AsyncIterable<LogEvent> };

export type FileSource = Exclude<HistorySource, { readonly kind: 'events' }>;

/** Events in files that DuckDB reads itself. */
export interface Relation {
  /** `SELECT` of `t`, `h`, `void` (it is no event) and the fields. */
  readonly select: (fields: readonly string[], timeField: string | undefined) => string;
  /** `SELECT` of one row if any event has a time by this field itself, else of none. */
  readonly timedBy: (timeField: string) => string;
}

/** Whether DuckDB reads this file of JSON lines as Winnow does. */
export function isPlainJson(path: string): boolean {
  return jsonNames(path) !== undefined;
}

/** The relations of a source. Throws InputError for files that cannot be read. */
export async function relationsOf(source: FileSource, connection: DuckDBConnection): Promise<readonly Relation[]> {
  if (source.files.length === 0) return [];
  const list = `[${source.files.map((file) => sqlString(literalPath(file))).join(', ')}]`;
  if (source.kind === 'json') return jsonRelations(source.files);
  const from =
    source.kind === 'parquet'
      ? `read_parquet(${list}, union_by_name = true)`
      : `read_csv(${list}, all_varchar = true, header = true, union_by_name = true, delim = ',', quote = '"', escape = '"', auto_detect = true, max_line_size = 16777216)`;
  const reader = await connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`);
  const types = reader.columnTypes() as unknown as readonly ColumnType[];
  const catalog = new Catalog(reader.columnNames().map((column, i) => [column, types[i]]));
  return [
    {
      select: (fields, timeField) => selectOf(catalog, from, fields, timeField, false),
      timedBy: (timeField) => timedByOf(catalog, from, timeField),
    },
  ];
}

/** In a path, what DuckDB would take for a pattern. */
function literalPath(path: string): string {
  return path.replace(/[[*?]/g, '[$&]');
}

/** A row that tells none of these, nor a time or a host, is no event, where a table has them at all; so comes, too, a line of JSON that is no object. */
const KNOWN = ['EventID', 'Channel', 'Provider_Name'];

/** Files whose names are spelled alike are read together. */
function jsonRelations(files: readonly string[]): readonly Relation[] {
  const groups: { readonly spelled: Map<string, Path>; readonly files: string[] }[] = [];
  for (const file of files) {
    const names = jsonNames(file);
    if (names === undefined) throw new InputError(`${file}: it is no JSON lines of events in a shape that is known`);
    const group = groups.find(({ spelled }) => names.every((path) => isSame(spelled.get(lowered(path)), path)));
    const { spelled } = group ?? { spelled: new Map<string, Path>() };
    for (const path of names) spelled.set(lowered(path), path);
    if (group) group.files.push(file);
    else groups.push({ spelled, files: [file] });
  }
  return groups.map(({ spelled, files: own }) => {
    const list = `[${own.map((file) => sqlString(literalPath(file))).join(', ')}]`;
    const tableOf = (fields: readonly string[], timeField: string | undefined): readonly [Catalog, string] => {
      const all = [...fields, ...KNOWN, 'Computer', ...(timeField === undefined ? [] : [timeField])];
      const usual = [...all.flatMap((field) => placesOf(field).places), ...TIME_PLACES, ...UTC_PLACES];
      const names = new Map(spelled);
      for (const path of usual) if (!names.has(lowered(path))) names.set(lowered(path), path);
      const catalog = new Catalog(columnsOf(treeOf([...names.values()])));
      // What is used is known once all was asked for.
      selectOf(catalog, '', [...fields, ...KNOWN], timeField, true);
      const tree = treeOf([...catalog.used.values()]);
      const columns = [...tree].map(([name, inner]) => `${sqlString(name)}: ${sqlString(typeText(inner))}`);
      return [
        catalog,
        `read_json(${list}, format = 'newline_delimited', ignore_errors = true, columns = {${columns.join(', ')}})`,
      ];
    };
    return {
      select: (fields, timeField) => selectOf(...tableOf(fields, timeField), fields, timeField, true),
      timedBy: (timeField) => timedByOf(...tableOf([], timeField), timeField),
    };
  });
}

function lowered(path: Path): string {
  return path.join('\0').toLowerCase();
}

function isSame(one: Path | undefined, other: Path): boolean {
  return one === undefined || one.join('\0') === other.join('\0');
}

interface Tree extends Map<string, Tree | undefined> {}

/** Names within one another; of those that differ by letter case alone, the first; an object rather than a text. */
function treeOf(paths: readonly Path[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    let at = root;
    for (const [i, name] of path.entries()) {
      const known = [...at.keys()].find((own) => own.toLowerCase() === name.toLowerCase());
      const key = known ?? name;
      if (known !== undefined && known !== name) break;
      const isLast = i === path.length - 1;
      let inner = at.get(key);
      if (!isLast && inner === undefined) {
        inner = new Map();
        at.set(key, inner);
      } else if (isLast && known === undefined) at.set(key, undefined);
      if (inner === undefined) break;
      at = inner;
    }
  }
  return root;
}

const VARCHAR: ColumnType = { typeId: 17 };

function columnsOf(tree: Tree): readonly (readonly [string, ColumnType])[] {
  return [...tree].map(([name, inner]) => [name, inner === undefined ? VARCHAR : structOf(inner)]);
}

function structOf(tree: Tree): ColumnType {
  const entries = columnsOf(tree);
  return { typeId: 25, entryNames: entries.map(([name]) => name), entryTypes: entries.map(([, type]) => type) };
}

function typeText(inner: Tree | undefined): string {
  if (inner === undefined) return 'VARCHAR';
  return `STRUCT(${[...inner].map(([name, one]) => `${quoted(name)} ${typeText(one)}`).join(', ')})`;
}

function selectOf(
  catalog: Catalog,
  from: string,
  fields: readonly string[],
  timeField: string | undefined,
  isJson: boolean,
): string {
  const time = catalog.time(timeField);
  const known = KNOWN.filter((field) => catalog.has(field));
  const texts = [
    ...time.columns.map((sql, i) => `${sql} AS time${i}`),
    `${catalog.text('Computer')} AS h`,
    ...known.map((field, i) => `${catalog.text(field)} AS known${i}`),
    ...fields.map((field) => `${catalog.text(field)} AS ${quoted(field)}`),
  ];
  const isVoid =
    known.length === 0
      ? 'false'
      : ['t', 'h', ...known.map((_, i) => `known${i}`)].map((name) => `${name} IS NULL`).join(' AND ');
  const mayBeList = isJson || catalog.hasJson;
  const outer = fields.map((field) => (mayBeList ? `${listText(quoted(field))} AS ${quoted(field)}` : quoted(field)));
  return `SELECT ${['t', 'h', `(${isVoid}) AS void`, ...outer].join(', ')} FROM (SELECT *, ${time.sql} AS t FROM (SELECT ${texts.join(', ')} FROM ${from}))`;
}

function timedByOf(catalog: Catalog, from: string, timeField: string): string {
  const { columns, named } = catalog.time(timeField);
  const own = columns.map((sql, i) => `${sql} AS time${i}`);
  return `SELECT 1 FROM (SELECT ${['1 AS one', ...own].join(', ')} FROM ${from}) WHERE ${named} IS NOT NULL LIMIT 1`;
}

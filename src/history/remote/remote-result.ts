// The answer of a store elsewhere, out of CSV files that the queries of remote-queries.ts gave: `winnow baseline --result`.

import { InputError } from '../../errors.ts';
import type { Answer, AskOptions, FieldAnswer, Question, ValueCount } from '../question.ts';
import { dayIndex } from '../statistics/calendar.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { ESQL_ROWS } from './esql.ts';

/** A file's text. */
export interface RemoteFile {
  readonly file: string;
  readonly text: string;
}

/** By header names that a table must have, in lower case; the others of remote-language.ts may be there. */
const TABLES = {
  values: ['field', 'value', 'hits', 'hosts'],
  fresh: ['day', 'fresh'],
  counts: ['day', 'host', 'hits', 'telemetry'],
} as const;
type TableKind = keyof typeof TABLES;

/** A row by its header's names. */
interface Row {
  readonly place: string;
  text(column: string): string;
  /** A whole number, not below 0; `absent` where the table has no such column or the cell is empty. */
  count(column: string, absent?: number): number;
  /** A day, or '' where there is none. */
  day(column: string): string;
}

interface Counts {
  hits: number;
  telemetry: number;
}

/**
 * The tables of all files as one answer; a file may hold several, each under its own header, in any order. Throws InputError with file
 * and line for what is no such table, a row that is there twice, a number that is none, hits above the telemetry, and for no rows at all.
 */
export function readRemoteResult(
  files: readonly RemoteFile[],
  question: Question,
  window: Pick<AskOptions, 'from' | 'to' | 'exceptDays'> = {},
): Answer {
  const result = new RemoteResult(question, window);
  for (const { file, text } of files) readTables(file, csvRows(text, file), result);
  return result.answer(files.map(({ file }) => file));
}

function readTables(file: string, rows: readonly CsvRow[], result: RemoteResult): void {
  let header: readonly string[] | undefined;
  let kind: TableKind | undefined;
  let read = 0;
  for (const { line, cells } of rows) {
    const names = cells.map((cell) => cell.trim().toLowerCase());
    const found = kindOf(names);
    if (found) {
      [header, kind, read] = [names, found, 0];
      continue;
    }
    const separator = cells.length === 1 ? otherSeparator(cells[0]) : undefined;
    if (separator !== undefined && (!header || header.length > 1))
      throw new InputError(
        `${file}:${line}: its values have ${separator} between them; save the rows as CSV with commas (a spreadsheet's "CSV UTF-8 (comma delimited)")`,
      );
    if (!header || !kind)
      throw new InputError(
        `${file}:${line}: no table of a baseline begins here; its header is one of ${Object.values(TABLES)
          .map((columns) => columns.join(','))
          .join(' or ')}`,
      );
    if (cells.length !== header.length)
      throw new InputError(`${file}:${line}: ${cells.length} values, where the header has ${header.length}`);
    result.add(kind, rowOf(header, cells, `${file}:${line}`));
    if (++read === ESQL_ROWS)
      throw new InputError(
        `${file}:${line}: the table has ${ESQL_ROWS} rows, where a store may have cut it off; ask for spans of fewer days and give all files`,
      );
  }
  if (!header) throw new InputError(`${file}: has no rows`);
}

/** What stands between the names of a header that has no commas. */
function otherSeparator(line: string): string | undefined {
  return Object.entries(SEPARATORS).find(([mark]) => kindOf(unquoted(line.toLowerCase().split(mark))))?.[1];
}

const SEPARATORS = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;

function unquoted(names: readonly string[]): readonly string[] {
  return names.map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

function kindOf(names: readonly string[]): TableKind | undefined {
  return (Object.keys(TABLES) as TableKind[]).find((kind) => TABLES[kind].every((name) => names.includes(name)));
}

function rowOf(header: readonly string[], cells: readonly string[], place: string): Row {
  const text = (column: string): string => cells[header.indexOf(column)] ?? '';
  return {
    place,
    text,
    count: (column, absent) => {
      const cell = text(column).trim();
      if (cell === '' && absent !== undefined) return absent;
      const number = /^(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,4})(?:\.0+)?$/.test(cell)
        ? Number(cell.replaceAll(',', ''))
        : Number.NaN;
      if (!Number.isSafeInteger(number)) throw new InputError(`${place}: ${column} is ${shown(cell)}, no count`);
      return number;
    },
    day: (column) => {
      const cell = text(column).trim();
      const day = /^(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/.exec(cell)?.[1] ?? cell;
      if (cell !== '' && dayIndex(day) === undefined)
        throw new InputError(`${place}: ${column} is ${shown(cell)}, no day as 2025-03-01`);
      return day;
    },
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Adds rows up; each stands at one place only. */
class RemoteResult {
  private readonly question: Question;
  private readonly window: Pick<AskOptions, 'from' | 'to' | 'exceptDays'>;
  private readonly seen = new Map<string, string>();
  private readonly days = new Map<string, Counts>();
  private readonly hosts = new Map<string, Counts & { days: number }>();
  private readonly fresh = new Map<string, { readonly count: number; readonly place: string }>();
  private readonly fields = new Map<string, { values: ValueCount[]; distinct: number; filled: number }>();
  private readonly all: Counts & { untimed: number } = { hits: 0, telemetry: 0, untimed: 0 };
  private rows = 0;

  constructor(question: Question, window: Pick<AskOptions, 'from' | 'to' | 'exceptDays'>) {
    this.question = question;
    this.window = window;
  }

  /** Whether a day is one that is counted; rows without a day are. */
  private isWithin(day: string): boolean {
    const { from, to, exceptDays = [] } = this.window;
    if (day === '') return true;
    return (
      (from === undefined || day >= from.slice(0, 10)) &&
      (to === undefined || `${day}T00:00:00.000Z` < to) &&
      !exceptDays.includes(day)
    );
  }

  add(kind: TableKind, row: Row): void {
    if (kind === 'counts') this.addCounts(row);
    else if (kind === 'values') this.addValue(row);
    else {
      const day = row.day('day');
      this.once(['fresh', day], row);
      if (this.isWithin(day)) this.fresh.set(day, { count: row.count('fresh'), place: row.place });
    }
  }

  private addCounts(row: Row): void {
    const [day, host] = [row.day('day'), row.text('host').trim()];
    this.once(['counts', day, host.toLowerCase()], row);
    const [hits, telemetry] = [row.count('hits', 0), row.count('telemetry', 0)];
    if (!this.isWithin(day)) return;
    if (hits > telemetry)
      throw new InputError(`${row.place}: ${hits} hits among ${telemetry} events of the log source`);
    this.rows++;
    for (const sum of [this.all, day === '' ? undefined : entry(this.days, day, { hits: 0, telemetry: 0 })]) {
      if (!sum) continue;
      sum.hits += hits;
      sum.telemetry += telemetry;
    }
    if (day === '') this.all.untimed += telemetry;
    if (host === '') return;
    const own = entry(this.hosts, host, { hits: 0, telemetry: 0, days: 0 });
    own.hits += hits;
    own.telemetry += telemetry;
    if (day !== '' && telemetry > 0) own.days++;
  }

  private addValue(row: Row): void {
    const named = row.text('field').trim();
    const field = this.question.fields.find((one) => one.toLowerCase() === named.toLowerCase());
    if (field === undefined)
      throw new InputError(
        `${row.place}: the question has no field ${shown(named)}, but ${this.question.fields.join(', ') || 'none'}`,
      );
    const value = row.text('value');
    this.once(['values', field, value.toLowerCase()], row);
    const own = entry(this.fields, field, { values: [], distinct: 0, filled: 0 });
    const hits = row.count('hits');
    own.values.push({ value, hits, hosts: row.count('hosts'), first: row.day('first_seen') || null });
    own.distinct = Math.max(own.distinct, row.count('distinct', 0));
    own.filled = Math.max(own.filled, row.count('filled', 0));
  }

  private once(key: readonly string[], { place }: Row): void {
    const text = JSON.stringify(key);
    const before = this.seen.get(text);
    if (before !== undefined) throw new InputError(`${place}: the same row as at ${before}`);
    this.seen.set(text, place);
  }

  answer(files: readonly string[]): Answer {
    if (this.rows === 0)
      throw new InputError(
        `${files.join(', ')}: no counts by day and host (day,host,hits,telemetry): nothing was looked at`,
      );
    for (const [day, { place }] of this.fresh)
      if (day !== '' && !this.days.has(day)) throw new InputError(`${place}: no count is of ${day}`);
    return {
      id: this.question.id,
      scanned: this.all.telemetry,
      ...this.all,
      days: [...this.days]
        .map(([day, counts]) => ({ day, ...counts, fresh: this.fresh.get(day)?.count ?? 0 }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
      hosts: [...this.hosts]
        .map(([host, counts]) => ({ host, ...counts }))
        .filter(({ telemetry }) => telemetry > 0)
        .sort((a, b) => (a.host < b.host ? -1 : 1)),
      fields: this.question.fields.flatMap((field) => this.fieldAnswer(field)),
    };
  }

  private fieldAnswer(field: string): readonly FieldAnswer[] {
    const own = this.fields.get(field);
    if (!own) return [];
    const told = own.values.reduce((sum, { hits }) => sum + hits, 0);
    return [
      {
        field,
        distinct: Math.max(own.distinct, own.values.length),
        filled: Math.max(own.filled, told),
        values: own.values.sort((a, b) => b.hits - a.hits || (a.value < b.value ? -1 : 1)),
      },
    ];
  }
}

function entry<T>(map: Map<string, T>, key: string, first: T): T {
  const found = map.get(key) ?? first;
  map.set(key, found);
  return found;
}

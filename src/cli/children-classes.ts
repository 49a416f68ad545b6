// The tables of --classes: CSV with a row of names, or JSON, of classes and the servers that they have on a host.

import Papa from 'papaparse';
import { utf8, utf16le } from '../bytes/text.ts';
import { type ClassRow, type ClassTable, readClassTable, type TableServer } from '../children/classes/class-table.ts';
import { InputError, type Note, type WinnowError } from '../errors.ts';
import { givenName, readGiven } from './given-file.ts';

export interface OpenedClasses {
  readonly table: ClassTable;
  /** Tables that hold nothing that can be read. */
  readonly failures: readonly WinnowError[];
}

/** All tables as one; of one class those of the first table come first. */
export function openClassTables(paths: readonly string[]): OpenedClasses {
  const servers = new Map<string, TableServer[]>();
  const notes: Note[] = [];
  const failures: WinnowError[] = [];
  for (const path of paths) {
    try {
      const table = readClassTable(givenName(path), rowsOf(path, textOf(readGiven(path))));
      notes.push(...table.notes);
      for (const [key, found] of table.servers) servers.set(key, [...(servers.get(key) ?? []), ...found]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(error);
    }
  }
  return { table: { servers, notes }, failures };
}

function textOf(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return (isWide ? utf16le(bytes, 2, bytes.length) : utf8(bytes, 0, bytes.length)).replace(/^\ufeff/, '');
}

function rowsOf(path: string, text: string): readonly ClassRow[] {
  const first = text.trimStart()[0];
  return first === '[' || first === '{' ? jsonRows(path, text) : csvRows(path, text);
}

const WANTED = 'a table of classes has the columns clsid and server, and may have kind and arguments';

function csvRows(path: string, text: string): readonly ClassRow[] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
  const [names = [], ...rows] = data;
  const columns = names.map((name) => name.trim().toLowerCase());
  if (!columns.includes('clsid') || !columns.includes('server'))
    throw new InputError(`cannot read ${givenName(path)} as a table: ${WANTED}`);
  return rows.map((row, i) => ({
    line: `row ${i + 2}`,
    cells: Object.fromEntries(columns.map((column, k) => [column, row[k] ?? ''])),
  }));
}

/** A list of objects with the columns as members, or one object that has the server, or such an object, by CLSID. */
function jsonRows(path: string, text: string): readonly ClassRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`cannot read ${givenName(path)} as JSON: ${(error as Error).message}`);
  }
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((one, i) => [`entry ${i + 1}`, one])
    : Object.entries(value as object).map(([clsid, one]) => [
        `entry ${clsid}`,
        isObject(one) ? { clsid, ...one } : { clsid, server: one },
      ]);
  return entries.map(([line, one]) => ({ line, cells: isObject(one) ? inLowerCase(one) : {} }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inLowerCase(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
}

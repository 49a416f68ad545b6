// A user's own table of classes and their servers, read from rows of any form: what is no row of it is a note.

import type { Note } from '../../errors.ts';
import type { ClassServer } from '../document.ts';
import { classIdIn } from './moniker.ts';
import { programOfLine } from './program-of-line.ts';

/** A row as a face read it, by column: clsid, server, kind, arguments; `line` says where it stands. */
export interface ClassRow {
  readonly line: string;
  readonly cells: Readonly<Record<string, unknown>>;
}

/** What one row says of who serves a class; the parent follows from the kind. */
export type TableServer = Omit<ClassServer, 'parent'>;

export interface ClassTable {
  /** By {@link classKey}. */
  readonly servers: ReadonlyMap<string, readonly TableServer[]>;
  readonly notes: readonly Note[];
}

const KINDS: readonly ClassServer['kind'][] = ['in-process', 'local', 'service', 'surrogate'];
/** Rows that are read of one table; servers of one class; notes of their own. */
const MOST_ROWS = 500_000;
const MOST_SERVERS = 16;
const MOST_NOTES = 20;
const LONGEST_CELL = 2000;

/** By what a class is looked up: a CLSID in lower case without braces, or any other name (ProgID, class of the Windows Runtime) in lower case. */
export function classKey(name: string): string {
  return classIdIn(name) ?? name.trim().toLowerCase();
}

/** `source` is the table's name as given. */
export function readClassTable(source: string, rows: Iterable<ClassRow>): ClassTable {
  const servers = new Map<string, TableServer[]>();
  const notes: Note[] = [];
  /** Names of classes of which rows are left out. */
  const full = new Set<string>();
  let refused = 0;
  let read = 0;
  for (const row of rows) {
    if (++read > MOST_ROWS) {
      notes.push({ about: source, text: `it has more than ${MOST_ROWS} rows; the others are not read` });
      break;
    }
    const server = serverOf(source, row);
    if (typeof server === 'string') {
      if (++refused <= MOST_NOTES) notes.push({ about: source, text: `${row.line}: ${server}; the row is left out` });
      continue;
    }
    const key = classKey(cell(row, 'clsid'));
    const known = servers.get(key);
    if (known === undefined) servers.set(key, [server]);
    else if (known.length < MOST_SERVERS) known.push(server);
    else full.add(cell(row, 'clsid'));
  }
  if (full.size > 0)
    notes.push({
      about: source,
      text: `${[...full][0]}${full.size === 1 ? ' has' : ` and ${full.size - 1} more have`} more than ${MOST_SERVERS} servers; the others are left out`,
    });
  if (refused > MOST_NOTES)
    notes.push({ about: source, text: `${refused - MOST_NOTES} more rows are left out for reasons like these` });
  return { servers, notes };
}

/** The server that a row tells, or why it tells none. */
function serverOf(source: string, row: ClassRow): TableServer | string {
  const [name, server, given, args] = ['clsid', 'server', 'kind', 'arguments'].map((column) => cell(row, column));
  if (name === '') return 'it has no clsid';
  if (server === '') return 'it has no server';
  if (Math.max(name.length, server.length, args.length) > LONGEST_CELL)
    return `a value is longer than ${LONGEST_CELL} characters`;
  const kind = given === '' ? kindOf(server) : KINDS.find((one) => one === given.toLowerCase());
  if (kind === undefined)
    return given === ''
      ? `its kind does not follow from the server's name (${KINDS.join(', ')})`
      : `its kind is none of ${KINDS.join(', ')}`;
  // A service is no file, and its name may hold blanks.
  const path = kind === 'local' ? programOfLine(server) : server;
  const line = [server, args].filter((part) => part !== '').join(' ');
  return { source, kind, path, ...(line === path ? {} : { commandLine: line }) };
}

function kindOf(server: string): ClassServer['kind'] | undefined {
  if (/\.(dll|ocx|cpl|ax|drv)"?\s*$/i.test(server)) return 'in-process';
  return /\.(exe|com|scr)\b/i.test(server) ? 'local' : undefined;
}

function cell({ cells }: ClassRow, column: string): string {
  const value = Object.hasOwn(cells, column) ? cells[column] : undefined;
  return typeof value === 'string' ? value.trim() : '';
}

// The rows of a CSV export as events: the first row names the columns.

import Papa from 'papaparse';
import { UNNAMED } from '../evtx/data-fields.ts';
import type { LogEvent } from './event.ts';
import { isViewersColumn } from './flat-event.ts';
import { eventOfObject } from './json-shapes.ts';
import type { LogReport } from './log-report.ts';

/** Characters of one row at most. */
const LONGEST = 1 << 24;
const DELIMITERS = [',', ';', '\t', '|'];

/** The events of a text with one row of names and a row for each event. */
export async function* csvEvents(
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<LogEvent> {
  let rest = '';
  let names: readonly string[] | undefined;
  /** Lines end with CR LF, and a last value without quotes with CR. */
  let hasReturns = false;
  /** Each column has a name of its own. */
  let isPlain = true;
  let delimiter = '';
  let line = 0;
  /** Characters from which on it is worth a try: a row that is not ended is not read again for each block of it. */
  let enough = 0;
  const take = (isLast: boolean): readonly string[][] => {
    if (delimiter === '') {
      delimiter = delimiterOf(rest);
      hasReturns = /^[^\n]*\r\n/.test(rest);
    }
    const parser = new Papa.Parser({ delimiter });
    const { data, meta, errors } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>;
    // A row that is not ended yet is read again.
    for (const { row = 0, message } of errors)
      if (isLast || row < data.length)
        report.note(name, `line ${line + row + 1}: ${message}; what follows may stand in one value`);
    rest = rest.slice(meta.cursor);
    enough = Math.min(rest.length * 2, LONGEST);
    return data;
  };
  const eventsOf = function* (rows: readonly string[][]): Generator<LogEvent> {
    for (const row of rows) {
      if (row.length === 0 || (row.length === 1 && row[0].trim() === '')) continue;
      line++;
      if (!names) {
        names = row.map((one) => one.trim());
        isPlain = new Set(names).size === names.length && !names.includes('');
        continue;
      }
      if (hasReturns && row[row.length - 1].endsWith('\r')) row[row.length - 1] = row[row.length - 1].slice(0, -1);
      // Event Viewer gives the text of the event behind its columns, and no name.
      if (row.length === names.length + 1 && names.some((one) => isViewersColumn(one))) names = [...names, 'Message'];
      if (row.length !== names.length)
        report.note(name, `line ${line} has ${row.length} values for ${names.length} columns; what it has is read`);
      yield eventOfObject(objectOf(names, row, isPlain), { log: name, record: String(line) }, (text) =>
        report.note(name, `line ${line}: ${text}`),
      );
    }
  };
  for await (const block of text) {
    rest += block;
    // PowerShell's Export-Csv tells the type first.
    const type = names ? undefined : /^#TYPE [^\n]*\n/.exec(rest)?.[0];
    if (type !== undefined) {
      rest = rest.slice(type.length);
      line++;
    }
    if (!names) rest = rest.replace(/^\s*\n/, '');
    if (rest.length < enough || !rest.includes('\n')) {
      if (rest.length > LONGEST) break;
      continue;
    }
    yield* eventsOf(take(false));
    if (rest.length > LONGEST) break;
  }
  if (rest.length > LONGEST) {
    report.lost(name, `line ${line + 1} is longer than ${LONGEST} characters; what follows it is not read`);
    return;
  }
  if (rest !== '') yield* eventsOf(take(true));
  if (line < 2) report.note(name, 'no event is in it');
}

/** A row's values by their columns, as a list where several have one name; what has none is "Data". */
function objectOf(
  names: readonly string[],
  row: readonly string[],
  isPlain: boolean,
): Record<string, string | string[]> {
  if (isPlain && row.length <= names.length)
    return Object.fromEntries(names.map((column, i) => [column, row[i] ?? '']));
  const values = names.map((column, i): [string, string] => [column || UNNAMED, row[i] ?? '']);
  for (const more of row.slice(names.length)) values.push([UNNAMED, more]);
  const columns = new Map<string, string[]>();
  for (const [column, value] of values) {
    const known = columns.get(column);
    if (known) known.push(value);
    else columns.set(column, [value]);
  }
  return Object.fromEntries([...columns].map(([column, all]) => [column, all.length > 1 ? all : all[0]]));
}

/** The delimiter that the first row has most of, outside quotes. */
function delimiterOf(text: string): string {
  const [first] = text.split('\n', 1);
  const bare = first.replaceAll(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((one): [string, number] => [one, bare.split(one).length]);
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

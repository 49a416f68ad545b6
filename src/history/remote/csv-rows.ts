// Rows of comma-separated text (RFC 4180), each with the line it begins on; a quote that does not end is an error.

import { InputError } from '../../errors.ts';

export interface CsvRow {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows without empty lines. `file` names the text in errors. Throws InputError with the line. */
export function csvRows(text: string, file: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const from = line;
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, file, line) : plainCell(text, at);
      cells.push(cell.value);
      at = cell.end;
      line += cell.lines;
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (at < text.length && text[at] !== '\n')
      throw new InputError(`${file}:${line}: something stands behind a quoted value`);
    at++;
    line++;
    if (cells.length > 1 || cells[0].trim() !== '') rows.push({ line: from, cells });
  }
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where the next character is, and the line ends passed. */
  readonly end: number;
  readonly lines: number;
}

const PLAIN_END = /[,\r\n]/g;

function plainCell(text: string, from: number): Cell {
  PLAIN_END.lastIndex = from;
  const end = PLAIN_END.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end), end, lines: 0 };
}

function quotedCell(text: string, from: number, file: string, line: number): Cell {
  const parts: string[] = [];
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) throw new InputError(`${file}:${line}: a quoted value does not end`);
    parts.push(text.slice(at, end));
    at = end + 1;
    if (text[at] !== '"') break;
    parts.push('"');
    at++;
  }
  const value = parts.join('');
  return { value, end: at, lines: value.split('\n').length - 1 };
}

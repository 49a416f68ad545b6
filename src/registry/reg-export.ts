// Registry exports (.reg): "Windows Registry Editor Version 5.00" and REGEDIT4, as regedit and reg.exe write them, read into a tree of keys.

import type { Note } from '../errors.ts';
import { MOST_LEVELS } from '../hive/lineage.ts';
import { upperName } from '../hive/upper-name.ts';
import { keyParts } from './key-path.ts';
import { type RegData, readData } from './reg-data.ts';
import { type TextLine, textLines } from './text-lines.ts';
import { WrittenKey } from './written-key.ts';

/** Notes on single lines that are kept; what is more is counted. */
const MOST_NOTES = 100;
/** Characters of a key's name and of a value's (the registry's own limits). */
const MOST_KEY_NAME = 255;
const MOST_VALUE_NAME = 16_383;
/** Keys above those that lines name which are made for them; an export names nearly every one itself. */
const MOST_UNNAMED = 100_000;
/** Lines and characters of one value. */
const MOST_LINES = 1_000_000;
const MOST_CHARACTERS = 16 * 1024 * 1024;

const HEADERS = { five: 'windows registry editor version 5.00', four: 'regedit4' } as const;

export interface RegExport {
  /** Holds the roots (HKEY_LOCAL_MACHINE ...). */
  readonly tree: WrittenKey;
  /** Parts of the topmost keys that the file names, also of those that it removes: below them it tells all there is. */
  readonly tops: readonly (readonly string[])[];
  readonly notes: readonly Note[];
}

/** Whether the text begins as an export does. */
export function isRegExport(bytes: Uint8Array): boolean {
  return headerOf(bytes.subarray(0, 4096)) !== undefined;
}

function headerOf(bytes: Uint8Array): 4 | 5 | undefined {
  for (const { text } of textLines(bytes)) {
    const line = (text ?? '').trim().toLowerCase();
    if (line === '') continue;
    return line === HEADERS.five ? 5 : line === HEADERS.four ? 4 : undefined;
  }
  return undefined;
}

/** What the file holds; what of it cannot be read is a note with its line. */
export function readRegExport(bytes: Uint8Array): RegExport {
  return new Reader(bytes, headerOf(bytes.subarray(0, 4096)) ?? 5).read();
}

class Reader {
  readonly #lines: Iterator<TextLine>;
  /** A line that was looked at and belongs to what comes next. */
  #kept: TextLine | undefined;
  readonly #version: 4 | 5;
  readonly #tree = new WrittenKey('');
  readonly #named: (readonly string[])[] = [];
  readonly #notes: Note[] = [];
  #more = 0;
  #unnamed = 0;
  /** What values belong to; undefined where the last key could not be taken. */
  #key: WrittenKey | undefined;

  constructor(bytes: Uint8Array, version: 4 | 5) {
    this.#lines = textLines(bytes);
    this.#version = version;
  }

  read(): RegExport {
    let isHeader = true;
    for (let line = this.#next(); line !== undefined; line = this.#next()) {
      if (line.text === undefined) {
        this.#note(line.number, 'is longer than any line of an export and is left out');
        continue;
      }
      const text = line.text.trim();
      if (text === '' || text.startsWith(';')) continue;
      // The first line that says something is the header.
      if (isHeader) isHeader = false;
      else if (text.startsWith('[')) this.#readKey(text, line.number);
      else this.#readValue(line.text.trimStart(), line.number);
    }
    const notes = this.#more === 0 ? this.#notes : [...this.#notes, moreNote(this.#more)];
    return { tree: this.#tree, tops: topmost(this.#named), notes };
  }

  #next(): TextLine | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) return kept;
    const { value, done } = this.#lines.next();
    return done ? undefined : value;
  }

  #note(line: number, what: string): void {
    if (this.#notes.length >= MOST_NOTES) this.#more++;
    else this.#notes.push({ about: 'export', text: `line ${line} ${what}` });
  }

  #readKey(text: string, line: number): void {
    this.#key = undefined;
    const end = text.lastIndexOf(']');
    const isRemoved = text.startsWith('[-');
    const parts = keyParts(text.slice(isRemoved ? 2 : 1, Math.max(0, end)));
    if (end < 0) this.#note(line, 'begins a key with [ and does not end it; its values are left out');
    else if (parts === undefined) this.#note(line, 'names a key that begins with no root (HKEY_...); it is left out');
    else if (parts.length > MOST_LEVELS || parts.some((part) => part.length > MOST_KEY_NAME))
      this.#note(line, 'names a key that is longer or deeper than keys can be; it is left out');
    else {
      this.#named.push(parts);
      if (isRemoved) this.#remove(parts);
      else this.#key = this.#grow(parts, line);
    }
  }

  /** The key and those above it; undefined where lines make more of these than they name. */
  #grow(parts: readonly string[], line: number): WrittenKey | undefined {
    let key = this.#tree;
    for (const [i, part] of parts.entries()) {
      let next = key.subkey(upperName(part));
      if (next === undefined) {
        if (i < parts.length - 1 && ++this.#unnamed > MOST_UNNAMED) {
          this.#note(line, 'names a key far below any that other lines name, as do too many before it; it is left out');
          return undefined;
        }
        next = key.grow(part);
      }
      key = next;
    }
    return key;
  }

  #remove(parts: readonly string[]): void {
    let key: WrittenKey | undefined = this.#tree;
    for (const part of parts.slice(0, -1)) key = key?.subkey(upperName(part));
    key?.removeSubkey(parts[parts.length - 1]);
  }

  #readValue(text: string, line: number): void {
    const named = this.#readName(text, line);
    if (named === undefined) return;
    const data = this.#readData(named.rest, line);
    if (data === undefined || this.#key === undefined) return;
    if (data.kind === 'removed') this.#key.removeValue(named.name);
    else this.#key.setValue({ name: named.name, type: data.type, content: data.content });
  }

  #readName(text: string, line: number): { readonly name: string; readonly rest: string } | undefined {
    if (text.startsWith('@')) return this.#behindName('', text.slice(1), line);
    if (!text.startsWith('"')) {
      this.#note(line, 'is neither a key nor a value; it is left out');
      return undefined;
    }
    const end = quoteEnd(text, 1);
    if (end === undefined) {
      this.#note(line, "begins a value's name and does not end it; it is left out");
      return undefined;
    }
    if (end - 1 > MOST_VALUE_NAME) {
      this.#note(line, 'names a value by more characters than a name can have; it is left out');
      return undefined;
    }
    return this.#behindName(unescaped(text.slice(1, end)), text.slice(end + 1), line);
  }

  #behindName(name: string, text: string, line: number): { readonly name: string; readonly rest: string } | undefined {
    const rest = text.trimStart();
    if (rest.startsWith('=')) return { name, rest: rest.slice(1).trimStart() };
    this.#note(line, 'has a name without =; it is left out');
    return undefined;
  }

  #readData(first: string, line: number): RegData | undefined {
    const text = first.startsWith('"') ? this.#wholeText(first) : this.#wholeHex(first);
    const data = text === undefined ? undefined : readData(text, this.#version);
    if (data === undefined) this.#note(line, 'has data that cannot be read; the value is left out');
    else if (data.doubt !== undefined) this.#note(line, data.doubt);
    return data;
  }

  /** A text with the lines that belong to it: line ends stand in it as they are. Undefined where it does not end. */
  #wholeText(first: string): string | undefined {
    if (quoteEnd(first, 1) !== undefined) return first;
    const lines = [first];
    let length = first.length;
    for (let i = 0; i < MOST_LINES && length < MOST_CHARACTERS; i++) {
      const line = this.#next();
      if (line?.text === undefined) return undefined;
      if (/^\[-?HKEY_/i.test(line.text)) {
        this.#kept = line;
        return undefined;
      }
      lines.push(line.text);
      length += line.text.length;
      // What comes before is open: only this line can end it.
      if (quoteEnd(line.text, 0) !== undefined) return lines.join('\r\n');
    }
    return undefined;
  }

  /** Data with the lines that a backslash at the end adds. */
  #wholeHex(first: string): string | undefined {
    const lines = [first.trimEnd()];
    let length = first.length;
    for (let i = 0; i < MOST_LINES && length < MOST_CHARACTERS; i++) {
      const last = lines[lines.length - 1];
      if (!last.endsWith('\\')) return lines.join('');
      lines[lines.length - 1] = last.slice(0, -1);
      const line = this.#next();
      if (line?.text === undefined) return lines.join('');
      if (/^\s*(\[|"|@)/.test(line.text)) {
        this.#kept = line;
        return lines.join('');
      }
      lines.push(line.text.trim());
      length += line.text.length;
    }
    return undefined;
  }
}

function moreNote(count: number): Note {
  return { about: 'export', text: `there is more amiss than is listed here: ${count} lines more` };
}

/** Where the quote that is open at `from` closes; a backslash takes the next character along. */
function quoteEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return undefined;
}

/** A quoted text without its escapes. */
export function unescaped(text: string): string {
  return text.replace(/\\([\\"])/g, '$1');
}

/** Of paths in any order those that no other one is above. */
function topmost(named: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const sorted = named.map((parts) => ({ parts, text: `${parts.join('\\').toUpperCase()}\\` }));
  sorted.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const tops: (readonly string[])[] = [];
  let last: string | undefined;
  for (const { parts, text } of sorted) {
    if (last !== undefined && text.startsWith(last)) continue;
    tops.push(parts);
    last = text;
  }
  return tops;
}

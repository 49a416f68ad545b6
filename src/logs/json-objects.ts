// The objects of a JSON text as they come: one a line, members of one array, or one behind the other over several lines.

import type { LogReport } from './log-report.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface FoundObject {
  readonly object: JsonObject;
  /** Its line where there is one a line, blank ones not counted; else its number; from 1. */
  readonly number: number;
}

/** Characters of one object at most: what goes on behind it is passed over. */
const LONGEST = 1 << 24;
/** Whole numbers that a double does not hold; told from those within a text by reading texts as wholes. */
const LARGE_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/gs;

/** Whether there may be one; a text may look like that too. */
const LARGE_MAYBE = /[:,[]\s*-?\d{16}/;

/** The objects; what is none is told to `report`. */
export async function* jsonObjects(
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<FoundObject> {
  let splitter: Splitter | undefined;
  let number = 0;
  for await (const block of text) {
    splitter ??= new Splitter();
    for (const piece of splitter.push(block)) {
      const found = objectIn(name, piece, ++number, report);
      if (found) yield found;
    }
  }
  for (const piece of splitter?.end() ?? []) {
    const found = objectIn(name, piece, ++number, report);
    if (found) yield found;
  }
  if (number === 0) report.note(name, 'no event is in it');
}

function objectIn(name: string, piece: Piece, number: number, report: LogReport): FoundObject | undefined {
  const where = `${piece.isLine ? 'line' : 'object'} ${number}`;
  if (piece.text === undefined) {
    report.lost(name, `${where} is longer than ${LONGEST} characters; it is passed over`);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(exact(piece.text));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { object: value as JsonObject, number };
    report.lost(name, `${where} is no JSON object`);
  } catch (error) {
    report.lost(name, `${where} is no JSON: ${(error as Error).message}`);
  }
  return undefined;
}

/** The text with numbers that a double does not hold as texts, digit by digit. */
function exact(text: string): string {
  if (!LARGE_MAYBE.test(text)) return text;
  return text.replace(LARGE_NUMBERS, (found) => (found[0] === '"' ? found : `"${found}"`));
}

/** The text of one object; undefined of one that is too long. */
interface Piece {
  readonly text: string | undefined;
  readonly isLine: boolean;
}

/** Splits by lines when the first line is a whole object, and by braces when it is not. */
class Splitter {
  #rest = '';
  #mode: 'unknown' | 'lines' | 'braces' = 'unknown';
  /** What is in #rest was too long, and its end is not here yet. */
  #passing = false;
  // By braces: where the next character to look at stands, and in what.
  #at = 0;
  #start = -1;
  #depth = 0;
  #inText = false;

  push(block: string): readonly Piece[] {
    this.#rest += block;
    // A line that is not ended is not looked at again for each block of it.
    if (this.#mode === 'lines' && this.#rest.length <= LONGEST && !block.includes('\n')) return [];
    if (this.#mode === 'unknown') {
      const begun = this.#rest.trimStart();
      const end = begun.indexOf('\n');
      if (end < 0 && begun.length < LONGEST) return [];
      this.#mode = isObject(end < 0 ? begun : begun.slice(0, end)) ? 'lines' : 'braces';
    }
    return this.#mode === 'lines' ? this.#lines() : this.#braces();
  }

  end(): readonly Piece[] {
    if (this.#mode === 'unknown') this.#mode = isObject(this.#rest) ? 'lines' : 'braces';
    if (this.#mode === 'lines') return [...this.#lines(), ...this.#line(this.#rest)];
    const last = this.#braces();
    const isCut = this.#start >= 0 || this.#passing;
    return isCut ? [...last, { text: this.#passing ? undefined : this.#rest.slice(this.#start), isLine: false }] : last;
  }

  #lines(): readonly Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n', from)) {
      pieces.push(...this.#line(this.#rest.slice(from, end)));
      from = end + 1;
    }
    this.#rest = this.#rest.slice(from);
    if (this.#rest.length > LONGEST) {
      this.#passing = true;
      this.#rest = '';
    }
    return pieces;
  }

  #line(line: string): readonly Piece[] {
    if (this.#passing) {
      this.#passing = false;
      return [{ text: undefined, isLine: true }];
    }
    const text = line.trim();
    return text === '' ? [] : [{ text, isLine: true }];
  }

  #braces(): readonly Piece[] {
    const pieces: Piece[] = [];
    const text = this.#rest;
    let at = this.#at;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (this.#inText) {
        if (c === 0x5c) at++;
        else if (c === 0x22) this.#inText = false;
      } else if (c === 0x22) this.#inText = this.#depth > 0;
      else if (c === 0x7b) {
        if (this.#depth++ === 0) this.#start = at;
      } else if (c === 0x7d && this.#depth > 0 && --this.#depth === 0) {
        pieces.push({ text: this.#passing ? undefined : text.slice(this.#start, at + 1), isLine: false });
        this.#passing = false;
        this.#start = -1;
      }
    }
    const keep = this.#start >= 0 ? this.#start : text.length;
    this.#rest = text.slice(keep);
    this.#at = at - keep;
    if (this.#start >= 0) this.#start = 0;
    if (this.#rest.length > LONGEST) {
      this.#passing = true;
      this.#at -= this.#rest.length;
      this.#rest = '';
    }
    return pieces;
  }
}

function isObject(text: string): boolean {
  try {
    return text.trimStart().startsWith('{') && typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

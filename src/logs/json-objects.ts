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
/** Whether a whole number may be there that a double does not hold; a text may look like that too. */
const LARGE_MAYBE = /[:,[]\s*-?\d{16}/;
/** A number from its first character on, and one that is whole and large. */
const NUMBER = /[-+.\deE]+/y;
const LARGE_NUMBER = /^-?\d{16,}$/;

/** The objects, by the blocks of the text that they end in: of each alone a promise would cost more than it. What is none is told to `report`. */
export async function* jsonObjects(
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<Iterable<FoundObject>> {
  let splitter: Splitter | undefined;
  let number = 0;
  function* objectsIn(pieces: readonly Piece[]): Generator<FoundObject> {
    for (const piece of pieces) {
      const found = objectIn(name, piece, ++number, report);
      if (found) yield found;
    }
  }
  for await (const block of text) {
    splitter ??= new Splitter();
    yield objectsIn(splitter.push(block));
  }
  if (splitter) yield objectsIn(splitter.end());
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
  let made = '';
  let told = 0;
  for (let at = 0; at < text.length; ) {
    const c = text.charCodeAt(at);
    if (c === 0x22) at = endOfText(text, at);
    else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      NUMBER.lastIndex = at;
      const [number] = NUMBER.exec(text)!;
      if (LARGE_NUMBER.test(number)) {
        made += `${text.slice(told, at)}"${number}"`;
        told = at + number.length;
      }
      at += number.length;
    } else at++;
  }
  return made + text.slice(told);
}

/** Behind the quote that ends the text of JSON that begins at `start`; the end of all where none does. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slash = end;
    while (text.charCodeAt(slash - 1) === 0x5c) slash--;
    if ((end - slash) % 2 === 0) return end + 1;
  }
  return text.length;
}

/** The text of one object; undefined of one that is too long. */
interface Piece {
  readonly text: string | undefined;
  readonly isLine: boolean;
}

/** What evtx_dump sets in front of each event. */
const RECORD_LINE = /^Record \d+$/;
/** White space in front of a line that is looked at. */
const DEEPEST_INDENT = 64;

/** Splits by lines when the first line is a whole object, or the second one behind one that is cut; else by braces. */
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
  /** White space in front of the line that an object begins in, and whether all of the line was white space so far. */
  #indent = '';
  #isIndent = true;
  /** How the line begins that is gone on with behind a damaged object: an object as far in. */
  #next: string | undefined;

  push(block: string): readonly Piece[] {
    this.#rest += block;
    // A line that is not ended is not looked at again for each block of it.
    if (this.#mode === 'lines' && this.#rest.length <= LONGEST && !block.includes('\n')) return [];
    if (this.#mode === 'unknown') {
      const isFirst = this.#rest.length === block.length;
      if (!isFirst && this.#rest.length < LONGEST && !block.includes('\n')) return [];
      this.#mode = modeOf(this.#rest, this.#rest.length >= LONGEST);
      if (this.#mode === 'unknown') return [];
    }
    return this.#mode === 'lines' ? this.#lines() : this.#braces();
  }

  end(): readonly Piece[] {
    if (this.#mode === 'unknown') this.#mode = modeOf(this.#rest, true);
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
    return text === '' || RECORD_LINE.test(text) ? [] : [{ text, isLine: true }];
  }

  #braces(): readonly Piece[] {
    const pieces: Piece[] = [];
    const text = this.#rest;
    let at = this.#at;
    for (; at < text.length; at++) {
      if (this.#next !== undefined) {
        const found = text.indexOf(this.#next, at);
        at = found < 0 ? Math.max(at, text.length + 1 - this.#next.length) : found + this.#next.length - 1;
        if (found < 0) break;
        this.#next = undefined;
      }
      const c = text.charCodeAt(at);
      if (this.#depth === 0) this.#measure(c);
      if (this.#inText) {
        if (c === 0x5c) at++;
        else if (c === 0x22) this.#inText = false;
        else if (c === 0x0a) {
          // No text of JSON goes over a line: the object is cut off, and its end is not where braces say.
          pieces.push({ text: this.#passing ? undefined : text.slice(this.#start, at), isLine: false });
          this.#passing = false;
          this.#start = -1;
          this.#depth = 0;
          this.#inText = false;
          this.#next = `\n${this.#indent}{`;
          at--;
        }
      } else if (c === 0x22) this.#inText = this.#depth > 0;
      else if (c === 0x7b) {
        if (this.#depth++ === 0) this.#start = at;
      } else if (c === 0x7d && this.#depth > 0 && --this.#depth === 0) {
        pieces.push({ text: this.#passing ? undefined : text.slice(this.#start, at + 1), isLine: false });
        this.#passing = false;
        this.#start = -1;
      }
    }
    const keep = this.#start >= 0 ? this.#start : Math.min(at, text.length);
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

  /** Keeps the white space that a line begins with; `c` stands outside of objects. */
  #measure(c: number): void {
    if (c === 0x0a) {
      this.#indent = '';
      this.#isIndent = true;
    } else if (this.#isIndent && (c === 0x20 || c === 0x09) && this.#indent.length < DEEPEST_INDENT)
      this.#indent += String.fromCharCode(c);
    else this.#isIndent = false;
  }
}

/** How a text is split that begins so; "unknown" where more has to come, which there is not if `isAll`. */
function modeOf(start: string, isAll: boolean): 'unknown' | 'lines' | 'braces' {
  const text = start.trimStart();
  if (text.startsWith('[')) return 'braces';
  const end = text.indexOf('\n');
  if (end < 0) return isAll ? (isObject(text) ? 'lines' : 'braces') : 'unknown';
  if (isObject(text.slice(0, end))) return 'lines';
  const second = text.indexOf('\n', end + 1);
  if (second < 0 && !isAll) return 'unknown';
  return isObject(text.slice(end + 1, second < 0 ? text.length : second)) ? 'lines' : 'braces';
}

function isObject(text: string): boolean {
  try {
    return text.trimStart().startsWith('{') && typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

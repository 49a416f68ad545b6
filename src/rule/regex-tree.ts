// A regular expression as a tree, read from either syntax, so that it can be written in another one or refused by what that one lacks.
import { UnsupportedError } from '../errors.ts';
import type { RegexTest } from './value-test.ts';

export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  /** `.` */
  | { readonly kind: 'any'; readonly dotAll: boolean }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly CharacterRange[] }
  /** The start of the text or line, its end, or the edge of a word (`B`: no edge). */
  | { readonly kind: 'anchor'; readonly at: 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'no-word' }
  | { readonly kind: 'group'; readonly of: RegexNode; readonly cased: boolean }
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly least: number; readonly most: number | null }
  | { readonly kind: 'sequence' | 'alternatives'; readonly of: readonly RegexNode[] };

/** Code points, both ends in it. */
export type CharacterRange = readonly [from: number, to: number];

const DEEPEST = 100;
const DIGIT: readonly CharacterRange[] = [[48, 57]];
const WORD: readonly CharacterRange[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
/** What `\s` takes in RE2 and in PCRE. */
const SPACE: readonly CharacterRange[] = [
  [9, 13],
  [32, 32],
];
const LAST = 0x10ffff;
const NAMED: Readonly<Record<string, readonly CharacterRange[]>> = {
  alpha: [
    [65, 90],
    [97, 122],
  ],
  digit: DIGIT,
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  upper: [[65, 90]],
  lower: [[97, 122]],
  space: SPACE,
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

/** What it takes in JavaScript. */
export const SCRIPT_SPACE: readonly CharacterRange[] = [
  ...SPACE,
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** Throws UnsupportedError for what no tree can hold: looking around, back references, conditions. `space` is what `\s` takes. */
export function regexTree(test: RegexTest, space = SPACE): RegexNode {
  return new RegexReader(test, space).read();
}

/** All characters but these. */
export function inverted(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const rest: CharacterRange[] = [];
  let from = 0;
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (first > from) rest.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}

class RegexReader {
  readonly #source: readonly string[];
  readonly #isLucene: boolean;
  #at = 0;
  #cased: boolean;
  #multiline: boolean;
  #dotAll: boolean;
  readonly #space: readonly CharacterRange[];

  constructor({ source, syntax, cased, multiline, dotAll }: RegexTest, space: readonly CharacterRange[]) {
    this.#space = space;
    this.#source = [...source];
    this.#isLucene = syntax === 'lucene';
    this.#cased = cased;
    this.#multiline = multiline;
    this.#dotAll = dotAll || this.#isLucene;
  }

  read(): RegexNode {
    const tree = this.#alternatives(0);
    if (this.#at < this.#source.length) throw this.#error("a ')' that closes nothing");
    return { kind: 'group', of: tree, cased: this.#cased };
  }

  #alternatives(depth: number): RegexNode {
    if (depth > DEEPEST) throw this.#error('too many groups within one another');
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 ? parts[0] : { kind: 'alternatives', of: parts };
  }

  #sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.#source.length && this.#next() !== '|' && this.#next() !== ')') {
      const atom = this.#atom(depth);
      if (atom) parts.push(this.#repeated(atom));
    }
    return parts.length === 1 ? parts[0] : parts.length === 0 ? { kind: 'empty' } : { kind: 'sequence', of: parts };
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return node;
      // Whether a mark is lazy changes no answer of yes or no.
      if (!this.#isLucene && this.#next() === '+') throw this.#error('possessive marks');
      if (!this.#isLucene) this.#take('?');
      node = { kind: 'repeat', of: node, least: bounds[0], most: bounds[1] };
    }
  }

  #bounds(): readonly [number, number | null] | null {
    if (this.#take('*')) return [0, null];
    if (this.#take('+')) return [1, null];
    if (this.#take('?')) return [0, 1];
    const [text, least, comma, most] =
      /^\{(\d{1,5})(,(\d{1,5})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 14).join('')) ?? [];
    if (text === undefined) return null;
    this.#at += text.length;
    return [Number(least), comma === undefined ? Number(least) : most === undefined ? null : Number(most)];
  }

  #atom(depth: number): RegexNode | null {
    const c = this.#source[this.#at++];
    if (c === '(') return this.#group(depth);
    if (c === '[') return this.#class();
    if (c === '\\') return this.#escape();
    if (c === '.') return { kind: 'any', dotAll: this.#dotAll };
    if (this.#isLucene) return this.#lucene(c);
    if (c === '^') return { kind: 'anchor', at: this.#multiline ? 'line-start' : 'start' };
    if (c === '$') return { kind: 'anchor', at: this.#multiline ? 'line-end' : 'end' };
    if (c === '*' || c === '+' || c === '?') throw this.#error(`a '${c}' that repeats nothing`);
    return { kind: 'text', text: c };
  }

  #lucene(c: string): RegexNode {
    if (c === '@') return { kind: 'repeat', of: { kind: 'any', dotAll: true }, least: 0, most: null };
    if (c === '"') {
      const end = this.#source.indexOf('"', this.#at);
      if (end < 0) throw this.#error('a quotation mark that does not end');
      const text = this.#source.slice(this.#at, end).join('');
      this.#at = end + 1;
      return { kind: 'text', text };
    }
    if (c === '~' || c === '&' || c === '<' || c === '#') throw this.#error(`Lucene's "${c}"`);
    return { kind: 'text', text: c };
  }

  #group(depth: number): RegexNode | null {
    if (this.#isLucene || !this.#take('?')) {
      const of = this.#alternatives(depth + 1);
      if (!this.#take(')')) throw this.#error("a '(' that nothing closes");
      return { kind: 'group', of, cased: this.#cased };
    }
    const rest = this.#source.slice(this.#at, this.#at + 40).join('');
    const [flags, on, off = '', end] = /^([imsu]*)(?:-([imsu]*))?([:)])/.exec(rest) ?? [];
    const [name] = /^P?<[A-Za-z_]\w*>/.exec(rest) ?? [];
    if (flags === undefined && name === undefined)
      throw this.#error(/^<?[=!]/.test(rest) ? 'looking around' : `a group '(?${rest.slice(0, 2)}'`);
    const before = [this.#cased, this.#multiline, this.#dotAll] as const;
    this.#at += (flags ?? name ?? '').length;
    if (flags !== undefined) {
      this.#cased = on.includes('i') ? false : off.includes('i') || this.#cased;
      this.#multiline = on.includes('m') || (this.#multiline && !off.includes('m'));
      this.#dotAll = on.includes('s') || (this.#dotAll && !off.includes('s'));
      // `(?i)` is for the rest of the group that it stands in.
      if (end === ')') {
        if (this.#at !== flags.length + 2) throw this.#error(`the flags '(?${flags}' behind the beginning`);
        return null;
      }
    }
    const cased = this.#cased;
    const of = this.#alternatives(depth + 1);
    if (!this.#take(')')) throw this.#error("a '(' that nothing closes");
    [this.#cased, this.#multiline, this.#dotAll] = before;
    return { kind: 'group', of, cased };
  }

  #escape(): RegexNode {
    const c = this.#source[this.#at++];
    if (c === undefined) throw this.#error('a backslash at the end');
    const ranges = this.#shorthand(c);
    if (ranges) return { kind: 'class', negated: false, ranges };
    if (this.#isLucene) return { kind: 'text', text: c };
    const anchor = ({ A: 'start', z: 'end', Z: 'end', b: 'word', B: 'no-word' } as const)[c as 'A'];
    if (anchor) return { kind: 'anchor', at: anchor };
    if (/[1-9]/.test(c)) throw this.#error('back references');
    return { kind: 'text', text: String.fromCodePoint(this.#escaped(c)) };
  }

  #shorthand(c: string): readonly CharacterRange[] | null {
    const ranges = {
      d: DIGIT,
      w: WORD,
      s: this.#space,
      h: [
        [9, 9],
        [32, 32],
      ] as const,
    }[c.toLowerCase()];
    if (!ranges || c === 'H' || (this.#isLucene && c === 'h')) return null;
    return c === c.toLowerCase() ? ranges : inverted(ranges);
  }

  /** The code point of a character behind a backslash. */
  #escaped(c: string): number {
    const control = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0 }[c];
    if (control !== undefined) return control;
    if (c === 'x' || c === 'u') {
      const rest = this.#source.slice(this.#at, this.#at + 8).join('');
      const [text, braced, plain] =
        (c === 'x' ? /^(?:\{([\da-f]{1,6})\}|([\da-f]{2}))/i : /^(?:\{([\da-f]{1,6})\}|([\da-f]{4}))/i).exec(rest) ??
        [];
      if (text === undefined) throw this.#error(`'\\${c}' without a number`);
      this.#at += text.length;
      return Number.parseInt(braced ?? plain, 16);
    }
    if (/[A-Za-z]/.test(c)) throw this.#error(`'\\${c}'`);
    return c.codePointAt(0) ?? 0;
  }

  #class(): RegexNode {
    const negated = this.#take('^');
    const ranges: CharacterRange[] = [];
    for (let first = true; ; first = false) {
      const c = this.#source[this.#at++];
      if (c === undefined) throw this.#error("a '[' that nothing closes");
      if (c === ']' && !first) return { kind: 'class', negated, ranges };
      const name = /^\[:(\w+):\]/.exec(this.#source.slice(this.#at - 1, this.#at + 12).join(''));
      if (!this.#isLucene && name && Object.hasOwn(NAMED, name[1])) {
        this.#at += name[0].length - 1;
        ranges.push(...NAMED[name[1]]);
        continue;
      }
      const from = this.#member(c);
      if (typeof from !== 'number') ranges.push(...from);
      else if (this.#next() === '-' && this.#source[this.#at + 1] !== ']' && this.#at + 1 < this.#source.length) {
        this.#at++;
        const to = this.#member(this.#source[this.#at++]);
        if (typeof to !== 'number' || to < from) throw this.#error('a range of characters that has no end');
        ranges.push([from, to]);
      } else ranges.push([from, from]);
    }
  }

  #member(c: string): number | readonly CharacterRange[] {
    if (c !== '\\') return c.codePointAt(0) ?? 0;
    const next = this.#source[this.#at++];
    if (next === undefined) throw this.#error('a backslash at the end');
    if (next === 'b' && !this.#isLucene) return 8;
    const ranges = this.#shorthand(next);
    if (ranges) return ranges;
    return this.#isLucene ? (next.codePointAt(0) ?? 0) : this.#escaped(next);
  }

  #next(): string | undefined {
    return this.#source[this.#at];
  }

  #take(c: string): boolean {
    if (this.#next() !== c) return false;
    this.#at++;
    return true;
  }

  #error(what: string): UnsupportedError {
    return new UnsupportedError(`a regular expression with ${what} cannot be written in another syntax`);
  }
}

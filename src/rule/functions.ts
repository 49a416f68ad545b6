// The functions that expressions may call, by the names that EQL gives them, with how its two dialects differ.

import { UnsupportedError } from '../errors.ts';
import { foldCase } from './fold.ts';
import { isWithin, networkOf } from './network.ts';
import { patternFromStars } from './pattern.ts';
import { matchesPattern } from './pattern-match.ts';
import { perlRegex, type Regex } from './regex.ts';
import { numberOf, type Value } from './value-match.ts';

/** Of an expression: a value, a list, something with members, or null where there is none. */
export type Result = Value | null | readonly Result[] | { readonly [name: string]: Result };

/** `cased`: letter case counts. */
export type RuleFunction = (args: readonly Result[], cased: boolean) => Result;

export interface FunctionRow {
  readonly name: string;
  /** How many arguments it takes, at least and at most. */
  readonly least: number;
  readonly most: number;
  /** Only the first dialect has it. */
  readonly endgameOnly?: true;
  /** Letter case may count for it: it takes a `~`. */
  readonly hasCase?: true;
  /** Tests of values say it where its other arguments are constants. */
  readonly hasTests?: true;
  /** ... and only of a field. */
  readonly ofPart?: true;
  /** Elasticsearch leaves it open where a field is not there, also as a test. */
  readonly isOpen?: true;
  readonly call: RuleFunction;
  /** As the first dialect has it, where it differs. */
  readonly endgame?: RuleFunction;
}

const MANY = Number.POSITIVE_INFINITY;
/** Longest text that a function makes. */
const LONGEST = 1 << 20;

const ROWS: readonly FunctionRow[] = [
  { name: 'add', least: 2, most: 2, call: numbers((x, y) => x + y) },
  { name: 'subtract', least: 2, most: 2, call: numbers((x, y) => x - y) },
  { name: 'multiply', least: 2, most: 2, call: numbers((x, y) => x * y) },
  {
    name: 'divide',
    least: 2,
    most: 2,
    call: numbers((x, y) => divided(x, y, 'elastic')),
    endgame: numbers((x, y) => divided(x, y, 'endgame')),
  },
  {
    name: 'modulo',
    least: 2,
    most: 2,
    call: numbers((x, y) => remainder(x, y, 'elastic')),
    endgame: numbers((x, y) => remainder(x, y, 'endgame')),
  },
  {
    name: 'between',
    hasCase: true,
    least: 3,
    most: 4,
    call: (args, cased) => between(args, cased, ''),
    endgame: (args, cased) => between(args, cased, null),
  },
  {
    name: 'cidrMatch',
    least: 2,
    most: MANY,
    hasTests: true,
    call: ([address, ...networks]) => oneOf(address, networks, cidrMatch),
  },
  { name: 'concat', least: 1, most: MANY, call: concat },
  {
    name: 'endsWith',
    hasCase: true,
    least: 2,
    most: 2,
    hasTests: true,
    ofPart: true,
    isOpen: true,
    call: texts((x, y) => x.endsWith(y)),
  },
  { name: 'indexOf', hasCase: true, least: 2, most: 3, call: indexOf },
  {
    name: 'length',
    least: 1,
    most: 1,
    call: ([value]) => (typeof value === 'string' ? value.length : null),
    endgame: ([value]) => (typeof value === 'string' || Array.isArray(value) ? (value as string).length : null),
  },
  { name: 'number', least: 1, most: 2, call: toNumber },
  {
    name: 'startsWith',
    hasCase: true,
    least: 2,
    most: 2,
    hasTests: true,
    ofPart: true,
    call: texts((x, y) => x.startsWith(y)),
  },
  { name: 'string', least: 1, most: 1, call: ([value]) => textOf(value) },
  {
    name: 'stringContains',
    hasCase: true,
    least: 2,
    most: 2,
    hasTests: true,
    ofPart: true,
    isOpen: true,
    call: texts((x, y) => y !== '' && x.includes(y)),
    endgame: texts((x, y) => x.includes(y)),
  },
  { name: 'substring', least: 2, most: 3, call: substring },
  {
    name: 'wildcard',
    hasCase: true,
    least: 2,
    most: MANY,
    hasTests: true,
    call: ([text, ...patterns], cased) =>
      oneOf(text, patterns, (x, y) => matchesPattern(patternFromStars(y), x, cased)),
  },
  { name: 'match', hasCase: true, least: 2, most: MANY, endgameOnly: true, hasTests: true, call: match },
  { name: 'matchLite', hasCase: true, least: 2, most: MANY, endgameOnly: true, hasTests: true, call: match },
  {
    name: 'arrayContains',
    hasCase: true,
    least: 2,
    most: MANY,
    endgameOnly: true,
    hasTests: true,
    call: arrayContains,
  },
  // These two are read as an expression of their own, for the name that they give.
  { name: 'arraySearch', least: 3, most: 3, endgameOnly: true, call: () => null },
  { name: 'arrayCount', least: 3, most: 3, endgameOnly: true, call: () => null },
  { name: 'safe', least: 1, most: 1, endgameOnly: true, call: ([value]) => value },
];

const BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(ROWS.map((row) => [row.name.toLowerCase(), row]));

/** The function of a name, whatever its letter case; undefined where the dialect has none. */
export function functionNamed(name: string, dialect: 'elastic' | 'endgame'): FunctionRow | undefined {
  const row = BY_NAME.get(name.toLowerCase());
  return row?.endgameOnly && dialect === 'elastic' ? undefined : row;
}

/** A value as text, as `string` and `concat` write it; null of what is none. */
function textOf(value: Result): string | null {
  return value === null || typeof value === 'object' ? null : String(value);
}

/** As a number, where it is one; NaN of anything else. */
export function asNumber(value: Result): number {
  return typeof value === 'string' ? numberOf(value) : typeof value === 'number' ? value : Number.NaN;
}

/** By whole numbers the result is whole: Elasticsearch cuts what is behind the point, the first dialect rounds down. Null by 0. */
export function divided(x: number, y: number, dialect: 'elastic' | 'endgame', isFloat = false): number | null {
  if (y === 0) return null;
  if (isFloat || !Number.isInteger(x) || !Number.isInteger(y)) return x / y;
  return dialect === 'elastic' ? Math.trunc(x / y) : Math.floor(x / y);
}

/** Its sign is that of the dividend in Elasticsearch, of the divisor in the first dialect. Null by 0. */
export function remainder(x: number, y: number, dialect: 'elastic' | 'endgame'): number | null {
  if (y === 0) return null;
  return dialect === 'elastic' ? x % y : x - y * Math.floor(x / y);
}

function numbers(of: (x: number, y: number) => number | null): RuleFunction {
  return ([left, right]) => {
    const [x, y] = [asNumber(left), asNumber(right)];
    return Number.isNaN(x) || Number.isNaN(y) ? null : of(x, y);
  };
}

function texts(of: (x: string, y: string) => boolean): RuleFunction {
  return ([left, right], cased) => {
    const [x, y] = [textOf(left), textOf(right)];
    if (x === null || y === null) return null;
    return cased ? of(x, y) : of(foldCase(x), foldCase(y));
  };
}

/** Null where the text or one of the patterns is not there. */
function oneOf(value: Result, patterns: readonly Result[], fits: (text: string, pattern: string) => boolean): Result {
  const text = textOf(value);
  const all = patterns.map(textOf);
  if (text === null || all.some((pattern) => pattern === null)) return null;
  return all.some((pattern) => fits(text, pattern as string));
}

function cidrMatch(address: string, text: string): boolean {
  const network = networkOf(text);
  return network !== undefined && isWithin(address, network);
}

/** A pattern that is no regular expression, such as an event's own text may be, leaves it open. */
function match([value, ...patterns]: readonly Result[], cased: boolean): Result {
  const regexes = patterns.map((pattern) => {
    const source = textOf(pattern);
    return source === null ? null : startRegex(source, cased);
  });
  const text = textOf(value);
  if (text === null || regexes.some((regex) => regex === null)) return null;
  return regexes.some((regex) => regex!.test(text));
}

/** Patterns that are remembered: most are the same for each event. */
const MOST_KNOWN = 256;
const KNOWN = new Map<string, Regex | null>();

function startRegex(source: string, cased: boolean): Regex | null {
  const key = `${cased} ${source}`;
  let known = KNOWN.get(key);
  if (known === undefined) {
    known = readStartRegex(source, cased);
    if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
    KNOWN.set(key, known);
  }
  return known;
}

function readStartRegex(source: string, cased: boolean): Regex | null {
  try {
    return perlRegex({
      kind: 'regex',
      source: `^(?:${source})`,
      syntax: 'perl',
      whole: false,
      cased,
      multiline: false,
      dotAll: false,
    });
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return null;
  }
}

/** `missing`: what there is where nothing stands between the two. */
function between([value, from, to, isGreedy = false]: readonly Result[], cased: boolean, missing: '' | null): Result {
  if (typeof value !== 'string' || typeof from !== 'string' || typeof to !== 'string') return null;
  const [given, left, right] = cased ? [value, from, to] : [value, from, to].map(foldCase);
  const start = given.indexOf(left);
  if (start < 0) return missing;
  const begin = start + left.length;
  const end = isGreedy === true ? given.lastIndexOf(right) : given.indexOf(right, begin);
  return end < begin ? missing : value.slice(begin, end);
}

function concat(args: readonly Result[]): Result {
  let text = '';
  for (const arg of args) {
    const part = textOf(arg);
    if (part === null) return null;
    text += part;
    if (text.length > LONGEST) return null;
  }
  return text;
}

function indexOf([value, part, start = 0]: readonly Result[], cased: boolean): Result {
  if (typeof value !== 'string' || typeof part !== 'string') return null;
  const from = Math.max(0, asNumber(start));
  if (start === null || Number.isNaN(from) || from > value.length) return null;
  const at = cased ? value.indexOf(part, from) : foldCase(value).indexOf(foldCase(part), from);
  return at < 0 ? null : at;
}

function toNumber([value, base = null]: readonly Result[]): Result {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const [, sign, prefix, digits] = /^\s*([+-]?)(0[xX])?([0-9A-Za-z.+-]+)\s*$/.exec(value) ?? [];
  if (digits === undefined) return null;
  const radix = base === null ? (prefix === undefined ? 10 : 16) : asNumber(base);
  if (radix === 10 && prefix === undefined)
    return finite(/^[\d.]+(?:[eE][+-]?\d+)?$/.test(digits) ? Number(sign + digits) : Number.NaN);
  if (!(radix >= 2 && radix <= 36) || (prefix !== undefined && radix !== 16)) return null;
  const isWhole = [...digits.toLowerCase()].every((digit) => Number.parseInt(digit, 36) < radix);
  return isWhole ? finite((sign === '-' ? -1 : 1) * Number.parseInt(digits, radix)) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Positions below 0 count from the end. */
function substring([value, start, end]: readonly Result[]): Result {
  if (typeof value !== 'string' || typeof start !== 'number') return null;
  if (end === null || (end !== undefined && typeof end !== 'number')) return null;
  return value.slice(start, end);
}

function arrayContains([list, ...values]: readonly Result[], cased: boolean): Result {
  if (list === null || list === undefined) return null;
  const members = Array.isArray(list) ? (list as readonly Result[]) : [list];
  const key = (one: Result): Result => (typeof one === 'string' && !cased ? foldCase(one) : one);
  return values.some((value) => members.some((member) => key(member) === key(value)));
}

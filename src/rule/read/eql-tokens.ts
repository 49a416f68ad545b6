// The words, texts, numbers and signs of EQL, in either dialect, each with its place.

import type { Position } from '../condition.ts';
import { Places } from './places.ts';
import { RuleError } from './rule-error.ts';

/** `elastic`: Elasticsearch's; `endgame`: the first one, of PyPI eql. They contradict each other. */
export const DIALECTS = ['elastic', 'endgame'] as const;
export type EqlDialect = (typeof DIALECTS)[number];

export interface EqlToken {
  /** `quoted`: a name in backquotes. */
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'sign' | 'end';
  /** As it is written; of a quoted name and a string what they say. */
  readonly text: string;
  readonly at: Position;
  /** Nothing stands between it and the token before. */
  readonly isGlued: boolean;
}

/** Longest text that is read, in characters. */
const LONGEST = 1 << 20;
const SPACE = /[ \t\r\n\u00a0\ufeff]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const NAME = /[A-Za-z_@][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /!\[|<=|>=|==|!=|[=<>:()[\],.|?~+\-*/%]/y;
const QUOTED = /`((?:[^`\r\n]|``)+)`/y;
const RAW = /"""([^\r\n]*?)"""("{0,2})/y;

/** The tokens of a text, which begins at `from` of its file, an `end` last. Throws RuleError. */
export function eqlTokens(text: string, dialect: EqlDialect, from?: Position): readonly EqlToken[] {
  if (text.length > LONGEST) throw new RuleError(`a query of ${text.length} characters; ${LONGEST} are read`);
  const tokens: EqlToken[] = [];
  const places = new Places(text, from);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    const before = at;
    for (let space = take(SPACE); space; space = take(SPACE)) at += space[0].length;
    const isGlued = at === before;
    const add = (kind: EqlToken['kind'], said: string, length: number): void => {
      tokens.push({ kind, text: said, at: places.of(at), isGlued });
      at += length;
    };
    if (at >= text.length) {
      add('end', '', 0);
      return tokens;
    }
    const c = text[at];
    const name = take(NAME);
    const number = name ? null : take(NUMBER);
    if (name) add('name', name[0], name[0].length);
    else if (number) add('number', number[0], number[0].length);
    else if (c === '`') {
      const quoted = take(QUOTED);
      if (!quoted)
        throw new RuleError("a name in backquotes does not end: '`' is expected on the same line", places.of(at));
      add('quoted', quoted[1].replaceAll('``', '`'), quoted[0].length);
    } else if (c === '"' || c === "'" || (c === '?' && /["']/.test(text[at + 1] ?? ''))) {
      const { said, length } = readString(text, at, dialect, places);
      add('string', said, length);
    } else {
      const sign = take(SIGN);
      if (!sign) {
        const isComment = text.startsWith('/*', at);
        throw new RuleError(
          isComment
            ? "a comment does not end: '*/' is expected"
            : `'${String.fromCodePoint(text.codePointAt(at)!)}' is no part of EQL`,
          places.of(at),
        );
      }
      if (sign[0] === '/' && text[at + 1] === '*')
        throw new RuleError("a comment does not end: '*/' is expected", places.of(at));
      add('sign', sign[0], sign[0].length);
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** A text of any kind, from its first sign on: `"..."`, `"""..."""`, and in the first dialect `'...'`, `?"..."`. */
function readString(
  text: string,
  from: number,
  dialect: EqlDialect,
  places: Places,
): { readonly said: string; readonly length: number } {
  RAW.lastIndex = from;
  const raw = RAW.exec(text);
  if (raw) return { said: raw[1] + raw[2], length: raw[0].length };
  const isRaw = text[from] === '?';
  const quote = text[isRaw ? from + 1 : from];
  if (dialect === 'elastic' && isRaw)
    throw new RuleError(
      `${text.slice(from, from + 2)} begins no text; a raw text stands in """three quotes"""`,
      places.of(from),
    );
  if (dialect === 'elastic' && quote === "'")
    throw new RuleError('a text stands in double quotes ("), not in single ones', places.of(from));
  let said = '';
  let at = from + (isRaw ? 2 : 1);
  for (;;) {
    const c = text[at];
    if (c === undefined || c === '\n' || c === '\r')
      throw new RuleError(`a text does not end: ${quote} is expected on the same line`, places.of(from));
    if (c === quote) return { said, length: at + 1 - from };
    if (c !== '\\') {
      said += c;
      at++;
      continue;
    }
    const next = text[at + 1] ?? '';
    if (isRaw) {
      said += next === quote ? quote : `\\${next}`;
      at += 2;
      if (next === '\n' || next === '\r' || next === '') at--;
      continue;
    }
    if (next === 'u') {
      const [whole, hex] = /^\\u\{([0-9a-fA-F]{2,8})\}/.exec(text.slice(at, at + 13)) ?? [];
      const code = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
      if (whole === undefined || !(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
        throw new RuleError('a character is written as \\u{200f}, with two to eight hexadecimal digits', places.of(at));
      said += String.fromCodePoint(code);
      at += whole.length;
      continue;
    }
    // Elastic's reference keeps \' for later; Elastic's own rules write it.
    if (!Object.hasOwn(ESCAPES, next))
      throw new RuleError(`'\\${next}' is no escape; \\\\ \\" \\n \\r \\t \\b \\f and \\u{...} are`, places.of(at));
    said += ESCAPES[next];
    at += 2;
  }
}

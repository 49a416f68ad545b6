// The tokens of a PowerShell script, as far as its commands, their arguments and calls of methods are told by them; it takes one pass over the text.

import { UNKNOWN } from '../intent.ts';

export type TokenKind =
  /** A bare word: a command, an argument, a keyword. */
  | 'word'
  | 'string'
  | 'variable'
  /** @name: the parameters are in a variable. */
  | 'splat'
  /** -Name, or -Name: with its value behind it; also an operator such as -f. */
  | 'parameter'
  /** .Name, ::Name or an index behind a value. */
  | 'member'
  /** [ADSI] */
  | 'type'
  | 'open'
  | 'close'
  /** The end of a statement. */
  | 'end'
  | 'pipe'
  | 'comma'
  | 'assign'
  /** & or . in front of what is to be called. */
  | 'call'
  | 'plus';

export interface Token {
  readonly kind: TokenKind;
  /** Strings and words without quotes and backticks; a variable in one stands between VARIABLE and VARIABLE_END. */
  readonly text: string;
  /** Nothing stands between it and the token in front of it. */
  readonly isGlued: boolean;
}

export const VARIABLE = '\ue000';
export const VARIABLE_END = '\ue001';

const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';
const NAME = /[\w:?]+/y;
const MEMBER_NAME = /(?:\.|::)(?:\w{1,128}|(?=["'(]))/y;
const PARAMETER = /[-\u2013\u2014\u2015](?=[a-z_?])[\w-]{1,64}:?/iy;
const TYPE = /\[[\w.,[\] +`-]{1,256}\]/y;
const INDEX = /\[[^\]\r\n]{0,256}\]/y;
/** What a value ends with, so that a member may follow. */
const VALUES: ReadonlySet<TokenKind> = new Set(['variable', 'string', 'close', 'member', 'type']);
/** A statement goes on in the next line behind these. */
const GOES_ON: ReadonlySet<TokenKind> = new Set(['pipe', 'comma', 'assign', 'plus', 'open', 'end']);

export function tokensOf(text: string): readonly Token[] {
  return new Tokenizer(text).all();
}

class Tokenizer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  /** Brackets that are open. */
  readonly #open: string[] = [];
  #at = 0;
  #isGlued = false;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly Token[] {
    while (this.#at < this.#text.length) this.#next();
    return this.#tokens;
  }

  #push(kind: TokenKind, text: string): void {
    this.#tokens.push({ kind, text, isGlued: this.#isGlued });
    this.#isGlued = true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #next(): void {
    const text = this.#text;
    const c = text[this.#at];
    const after = text[this.#at + 1];
    if (c === '\n') {
      this.#at++;
      this.#isGlued = false;
      if (!GOES_ON.has(this.#tokens.at(-1)?.kind ?? 'end')) this.#push('end', '\n');
      this.#isGlued = false;
    } else if (c <= ' ' || c === '\u00a0') {
      this.#at++;
      this.#isGlued = false;
    } else if (c === '`' && (after === '\n' || after === '\r')) {
      this.#at += after === '\r' && text[this.#at + 2] === '\n' ? 3 : 2;
      this.#isGlued = false;
    } else if (c === '#' && !this.#isGlued) this.#comment();
    else if (c === '<' && after === '#') {
      const end = text.indexOf('#>', this.#at + 2);
      this.#at = end < 0 ? text.length : end + 2;
      this.#isGlued = false;
    } else if (c === '@' && after !== undefined && (SINGLE.includes(after) || DOUBLE.includes(after)))
      this.#hereString();
    else if (SINGLE.includes(c) || DOUBLE.includes(c)) this.#push('string', this.#quoted());
    else if (c === '$') this.#dollar();
    else if (c === '@' && (after === '{' || after === '(')) this.#openBracket(`@${after}`);
    else if (c === '@' && after !== undefined && /\w/.test(after)) {
      this.#at++;
      this.#push('splat', (this.#match(NAME) ?? '').toLowerCase());
    } else if (c === '(' || c === '{') this.#openBracket(c);
    else if (c === ')' || c === '}') {
      this.#at++;
      this.#open.pop();
      this.#push('close', c);
    } else if (c === '[') this.#bracket();
    else if (c === ';') this.#single('end');
    else if (c === ',') this.#single('comma');
    else if (c === '|' || c === '&') this.#bar(c, after);
    else if (c === '=' && this.#takesAssign()) this.#single('assign');
    else if ((c === '.' || (c === ':' && after === ':')) && this.#isGlued && this.#follows()) this.#member();
    else if (c === '.' && (after === undefined || /[\s('"$]/.test(after))) this.#single('call');
    else if (
      c === '+' &&
      (after === '=' || this.#tokens.at(-1) === undefined || this.#follows() || this.#tokens.at(-1)?.kind === 'word')
    )
      this.#plus(after);
    else if (!this.#parameter()) this.#word();
  }

  #single(kind: TokenKind): void {
    const text = this.#text[this.#at++];
    this.#push(kind, text);
  }

  #follows(): boolean {
    return VALUES.has(this.#tokens.at(-1)?.kind ?? 'end');
  }

  #plus(after: string | undefined): void {
    this.#at += after === '=' ? 2 : 1;
    this.#push(after === '=' ? 'assign' : 'plus', after === '=' ? '+=' : '+');
  }

  /** Behind a variable, or the key of a hash table. */
  #takesAssign(): boolean {
    const last = this.#tokens.at(-1)?.kind;
    if (last === 'variable' || last === 'member') return true;
    return this.#open.at(-1) === '@{' && (last === 'word' || last === 'string');
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #openBracket(text: string): void {
    this.#at += text.length;
    this.#open.push(text);
    this.#push('open', text);
  }

  #bar(c: string, after: string | undefined): void {
    const isTwo = after === c;
    this.#at += isTwo ? 2 : 1;
    if (isTwo) this.#push('end', c + c);
    else this.#push(c === '|' ? 'pipe' : 'call', c);
  }

  #bracket(): void {
    if (this.#isGlued && this.#follows()) {
      if (this.#match(INDEX) === undefined) this.#at++;
      this.#push('member', '[]');
      return;
    }
    const type = this.#match(TYPE);
    if (type === undefined) this.#word();
    else this.#push('type', type.slice(1, -1).replaceAll('`', '').toLowerCase());
  }

  #member(): void {
    const found = this.#match(MEMBER_NAME);
    if (found === undefined) {
      this.#word();
      return;
    }
    const name = found.replace(/^[.:]+/, '');
    const c = this.#text[this.#at];
    // ."Set`Password"(...)
    if (name === '' && c !== undefined && c !== '(') this.#push('member', this.#quoted().toLowerCase());
    else this.#push('member', name.toLowerCase());
  }

  #dollar(): void {
    if (this.#text[this.#at + 1] === '(') this.#openBracket('$(');
    else this.#push('variable', this.#variable());
  }

  /** The name of the variable at "$", in lower case; "" where there is none. */
  #variable(): string {
    const text = this.#text;
    this.#at++;
    if (text[this.#at] === '{') {
      const end = text.indexOf('}', this.#at);
      const stop = end < 0 || end - this.#at > 256 ? this.#at + 1 : end;
      const name = text.slice(this.#at + 1, stop);
      this.#at = stop + 1;
      return name.toLowerCase();
    }
    const name = this.#match(NAME);
    if (name !== undefined) {
      // "$x::" and "$x:" in a string end with the name.
      const plain = name.replace(/:+$/, '');
      this.#at -= name.length - plain.length;
      return plain.slice(0, 256).toLowerCase();
    }
    if (text[this.#at] === '$' || text[this.#at] === '^') this.#at++;
    return '';
  }

  /** The text of the string that begins here; the position is then behind it. */
  #quoted(): string {
    return SINGLE.includes(this.#text[this.#at]) ? this.#singleQuoted() : this.#doubleQuoted();
  }

  #singleQuoted(): string {
    const text = this.#text;
    const parts: string[] = [];
    let from = ++this.#at;
    for (; this.#at < text.length; this.#at++) {
      if (!SINGLE.includes(text[this.#at])) continue;
      parts.push(text.slice(from, this.#at));
      from = this.#at + 1;
      if (from >= text.length || !SINGLE.includes(text[from])) break;
      parts.push("'");
      this.#at++;
      from++;
    }
    if (this.#at >= text.length) parts.push(text.slice(from));
    this.#at++;
    return plain(parts.join(''));
  }

  #doubleQuoted(): string {
    const text = this.#text;
    const parts: string[] = [];
    this.#at++;
    let from = this.#at;
    const flush = (): void => {
      if (this.#at > from) parts.push(plain(text.slice(from, this.#at)));
    };
    while (this.#at < text.length) {
      const c = text[this.#at];
      if (c === '`') {
        flush();
        parts.push(escaped(text[this.#at + 1]));
        this.#at += 2;
        from = this.#at;
      } else if (c === '$') {
        flush();
        parts.push(this.#expansion());
        from = this.#at;
      } else if (DOUBLE.includes(c)) {
        flush();
        this.#at++;
        from = this.#at;
        if (this.#at >= text.length || !DOUBLE.includes(text[this.#at])) return parts.join('');
        parts.push('"');
        this.#at++;
        from = this.#at;
      } else this.#at++;
    }
    flush();
    return parts.join('');
  }

  /** What stands for "$x" or "$(...)" within a text. */
  #expansion(): string {
    if (this.#text[this.#at + 1] === '(') {
      this.#skipExpression();
      return UNKNOWN;
    }
    const name = this.#variable();
    return name === '' ? '$' : `${VARIABLE}${plain(name)}${VARIABLE_END}`;
  }

  /** Over "$(...)", with the strings in it. */
  #skipExpression(): void {
    const text = this.#text;
    this.#at += 2;
    let quote = '';
    for (let depth = 1; this.#at < text.length && depth > 0; this.#at++) {
      const c = text[this.#at];
      if (quote !== '') {
        if (c === quote) quote = '';
      } else if (c === '"' || c === "'") quote = c;
      else if (c === '(') depth++;
      else if (c === ')') depth--;
    }
  }

  #hereString(): void {
    const text = this.#text;
    const quote = text[this.#at + 1];
    const lineEnd = text.indexOf('\n', this.#at);
    const isHere = lineEnd >= 0 && text.slice(this.#at + 2, Math.min(lineEnd, this.#at + 256)).trim() === '';
    if (!isHere) {
      this.#at++;
      this.#push('string', this.#quoted());
      return;
    }
    const isSingle = SINGLE.includes(quote);
    const end = text.indexOf(isSingle ? "\n'@" : '\n"@', lineEnd);
    const body = text.slice(lineEnd + 1, end < 0 ? text.length : Math.max(end, lineEnd + 1));
    this.#at = end < 0 ? text.length : end + 3;
    this.#push('string', isSingle ? plain(body) : new Tokenizer(`"${body.replaceAll('"', '""')}`).#quoted());
  }

  #parameter(): boolean {
    if (
      this.#isGlued &&
      this.#tokens.at(-1)?.kind !== 'open' &&
      this.#tokens.length > 0 &&
      this.#tokens.at(-1)?.kind !== 'close'
    )
      return false;
    const found = this.#match(PARAMETER);
    if (found === undefined) return false;
    this.#push('parameter', found.slice(1).toLowerCase());
    return true;
  }

  #word(): void {
    const text = this.#text;
    const parts: string[] = [];
    const isKey = this.#open.at(-1) === '@{';
    const start = this.#at;
    while (this.#at < text.length) {
      const c = text[this.#at];
      if (c <= ' ' || ';|&(){},'.includes(c) || (isKey && c === '=')) break;
      if (c === '`') {
        parts.push(plain(text[this.#at + 1] ?? ''));
        this.#at += 2;
      } else if (SINGLE.includes(c) || DOUBLE.includes(c)) parts.push(this.#quoted());
      else if (c === '$' && text[this.#at + 1] !== '(') parts.push(this.#expansion());
      else if (c === '$') break;
      else {
        parts.push(plain(c));
        this.#at++;
      }
    }
    if (this.#at === start) this.#at++;
    if (parts.length > 0) this.#push('word', parts.join(''));
  }
}

/** Without the characters that mark what is not known. */
function plain(text: string): string {
  return /[\0\ue000\ue001]/.test(text) ? text.replaceAll(/[\0\ue000\ue001]/g, '?') : text;
}

/** What a backtick makes of the character behind it. */
function escaped(c: string | undefined): string {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case undefined:
      return '';
    default:
      return plain(c);
  }
}

// A script in tokens, with its brackets, its functions and the variables that hold a text from one assignment.

import { UNKNOWN } from '../intent.ts';
import { type Token, tokensOf, VARIABLE, VARIABLE_END } from './tokens.ts';

/** Parentheses within one another that are worked out. */
const DEEPEST = 16;
/** Texts that a value may be. */
const MOST_TEXTS = 10_000;
/** Characters that variables may make of a text. */
const LONGEST_TEXT = 1 << 16;

/** Characters that all variables hold together. */
const MOST_HELD = 1 << 22;
const REFERENCE = new RegExp(`${VARIABLE}([^${VARIABLE_END}]*)${VARIABLE_END}`, 'g');

/** Variables that every session has. */
const AUTOMATIC: ReadonlyMap<string, readonly string[]> = new Map([
  ['true', ['true']],
  ['false', ['false']],
  ['null', ['']],
  ['env:computername', ['.']],
]);

/** What a value is, and where the next token is. */
export interface Value {
  /** One, or those of an array; {@link UNKNOWN} is in what the script does not show. */
  readonly texts: readonly string[];
  readonly next: number;
}

export class Script {
  readonly tokens: readonly Token[];
  /** By the place of an opening bracket: that of its closing one, or the end. */
  readonly #closing = new Map<number, number>();
  readonly #opening = new Map<number, number>();
  readonly #constants = new Map<string, readonly string[] | undefined>();
  readonly #tables = new Map<string, number>();
  /** Characters that variables may still hold. */
  #room = MOST_HELD;
  /** By token: the innermost function that it stands in. */
  readonly #owners: (string | undefined)[] = [];

  constructor(text: string) {
    this.tokens = tokensOf(text);
    this.#matchBrackets();
    this.#findFunctions();
    this.#findConstants();
  }

  /** The place behind the bracket that closes the one at `open`. */
  behind(open: number): number {
    return Math.min(this.closing(open) + 1, this.tokens.length);
  }

  /** The bracket that the one at `close` closes. */
  opening(close: number): number | undefined {
    return this.#opening.get(close);
  }

  closing(open: number): number {
    return this.#closing.get(open) ?? this.tokens.length;
  }

  /** The function that a token is in the body of, in lower case. */
  owner(at: number): string | undefined {
    return this.#owners[at];
  }

  #matchBrackets(): void {
    const open: number[] = [];
    this.tokens.forEach(({ kind }, i) => {
      if (kind === 'open') open.push(i);
      else if (kind === 'close') {
        const start = open.pop();
        if (start === undefined) return;
        this.#closing.set(start, i);
        this.#opening.set(i, start);
      }
    });
  }

  /** The body of the function whose keyword is at `at`: its opening bracket. */
  body(at: number): { readonly name: string; readonly open: number } | undefined {
    const { tokens } = this;
    if (tokens[at].kind !== 'word' || !FUNCTION.test(tokens[at].text) || tokens[at + 1]?.kind !== 'word')
      return undefined;
    if (tokens[at - 1] && !STARTS.has(tokens[at - 1].kind)) return undefined;
    let open = at + 2;
    if (tokens[open]?.text === '(') open = this.behind(open);
    while (tokens[open]?.kind === 'end') open++;
    if (tokens[open]?.text !== '{') return undefined;
    return { name: tokens[at + 1].text.replace(/^(?:global|script|local|private):/i, '').toLowerCase(), open };
  }

  #findFunctions(): void {
    const stack: { readonly name: string; readonly end: number }[] = [];
    let next: { readonly name: string; readonly open: number } | undefined;
    for (let i = 0; i < this.tokens.length; i++) {
      while (stack.length > 0 && stack[stack.length - 1].end <= i) stack.pop();
      next = this.body(i) ?? next;
      if (next?.open === i) stack.push({ name: next.name, end: this.closing(i) });
      this.#owners.push(stack.at(-1)?.name);
    }
  }

  #findConstants(): void {
    const { tokens } = this;
    let parametersEnd = 0;
    for (let i = 0; i < tokens.length; i++) {
      const { kind, text } = tokens[i];
      if (kind === 'word' && text.toLowerCase() === 'param' && tokens[i + 1]?.text === '(')
        parametersEnd = this.closing(i + 1);
      if (kind !== 'variable') continue;
      const after = tokens[i + 1];
      const isLoop = after?.kind === 'word' && after.text.toLowerCase() === 'in';
      if (after?.kind !== 'assign' && !isLoop) continue;
      const isKnown = !this.#constants.has(text) && after.text !== '+=' && i >= parametersEnd;
      const value = isKnown ? this.#constant(i + 2) : undefined;
      this.#constants.set(text, value);
      if (isKnown && tokens[i + 2]?.text === '@{') this.#tables.set(text, i + 2);
      else this.#tables.delete(text);
    }
  }

  /** The texts that are assigned at `at`, where that is all of the statement. */
  #constant(at: number): readonly string[] | undefined {
    const value = this.expression(at, 0);
    const stop = this.tokens[value.next];
    const isWhole = stop === undefined || stop.kind === 'end' || stop.kind === 'close';
    if (!isWhole || value.texts.some((text) => text.includes(UNKNOWN))) return undefined;
    this.#room -= value.texts.reduce((sum, text) => sum + text.length + 8, 0);
    return this.#room >= 0 ? value.texts : undefined;
  }

  /** The pairs of the hash table that a variable holds. */
  table(variable: string): readonly { readonly key: string; readonly value: Value }[] | undefined {
    const open = this.#tables.get(variable);
    return open === undefined ? undefined : this.pairs(open);
  }

  /** The pairs of the hash table that begins at `open`. */
  pairs(open: number): readonly { readonly key: string; readonly value: Value }[] {
    const found: { key: string; value: Value }[] = [];
    const end = this.closing(open);
    for (let i = open + 1; i < end && found.length < 256; ) {
      const { kind, text } = this.tokens[i];
      if ((kind === 'word' || kind === 'string') && this.tokens[i + 1]?.kind === 'assign') {
        const value = this.expression(i + 2, 0);
        found.push({ key: text.toLowerCase(), value });
        i = Math.max(value.next, i + 3);
      } else i = kind === 'open' ? this.behind(i) : i + 1;
    }
    return found;
  }

  /** With what the variables in it hold. */
  resolved(text: string): string {
    if (!text.includes(VARIABLE)) return text;
    return replaced(text, REFERENCE, (name) => {
      const texts = this.#held(name);
      return texts?.length === 1 ? texts[0] : undefined;
    });
  }

  #held(name: string): readonly string[] | undefined {
    return AUTOMATIC.get(name) ?? this.#constants.get(name);
  }

  /** The argument at `at`: a value, or several with commas. */
  argument(at: number, depth = 0): Value {
    const texts: string[] = [];
    let next = at;
    for (;;) {
      const one = this.#primary(next, depth);
      if (texts.length < MOST_TEXTS) texts.push(...one.texts.slice(0, MOST_TEXTS - texts.length));
      next = one.next;
      if (this.tokens[next]?.kind !== 'comma') return { texts, next };
      next++;
    }
  }

  /** The same with sums and -f; `isSingle`: up to a comma, as an argument of a method. */
  expression(at: number, depth: number, isSingle = false): Value {
    let value = isSingle ? this.#primary(at, depth) : this.argument(at, depth);
    while (this.tokens[value.next]?.kind === 'plus') {
      const right = isSingle ? this.#primary(value.next + 1, depth) : this.argument(value.next + 1, depth);
      const isText = value.texts.length === 1 && right.texts.length === 1;
      const sum = isText ? value.texts[0] + right.texts[0] : UNKNOWN;
      value = { texts: [sum.length <= LONGEST_TEXT ? sum : UNKNOWN], next: right.next };
    }
    const operator = this.tokens[value.next];
    if (operator?.kind === 'parameter' && operator.text === 'f' && value.texts.length === 1) {
      const { texts, next } = this.argument(value.next + 1, depth);
      return { texts: [formatted(value.texts[0], texts)], next };
    }
    return value;
  }

  #primary(at: number, depth: number): Value {
    const token = this.tokens[at];
    if (token === undefined) return { texts: [UNKNOWN], next: at };
    switch (token.kind) {
      case 'word':
      case 'string':
        return this.#withMembers([this.resolved(token.text)], at + 1);
      case 'variable':
        return this.#withMembers(this.#held(token.text) ?? [UNKNOWN], at + 1);
      case 'type': {
        const after = this.tokens[at + 1];
        // [type]::Member, or a type that stands for itself.
        if (after === undefined || after.kind === 'member' || depth >= DEEPEST || !CASTS.has(after.kind))
          return this.#withMembers([UNKNOWN], at + 1);
        return this.#primary(at + 1, depth + 1);
      }
      case 'open': {
        const end = this.behind(at);
        if (token.text === '{' || token.text === '@{' || depth >= DEEPEST) return this.#withMembers([UNKNOWN], end);
        if (token.text === '@(' && this.closing(at) === at + 1) return { texts: [], next: end };
        const inner = this.expression(at + 1, depth + 1);
        const isAll = inner.next >= this.closing(at) && this.tokens[at + 1]?.kind !== 'word';
        return this.#withMembers(isAll ? inner.texts : [UNKNOWN], end);
      }
      case 'close':
      case 'end':
      case 'pipe':
        return { texts: [UNKNOWN], next: at };
      default:
        return { texts: [UNKNOWN], next: at + 1 };
    }
  }

  /** A member or a call of one makes it unknown. */
  #withMembers(texts: readonly string[], at: number): Value {
    let next = at;
    let isCalled = false;
    for (;;) {
      const token = this.tokens[next];
      if (token?.kind === 'member' && token.isGlued) next++;
      else if (token?.text === '(' && token.kind === 'open' && token.isGlued && isCalled) next = this.behind(next);
      else break;
      isCalled = true;
    }
    return { texts: isCalled ? [UNKNOWN] : texts, next };
  }
}

const FUNCTION = /^(?:function|filter|workflow|class|configuration)$/i;
const STARTS: ReadonlySet<string> = new Set(['end', 'open', 'close']);
const CASTS: ReadonlySet<string> = new Set(['string', 'variable', 'word', 'open', 'type']);

/** "{0}{1}" -f: alignment and formats are not needed. */
function formatted(format: string, texts: readonly string[]): string {
  return replaced(format.slice(0, LONGEST_TEXT), /\{(\d{1,4})\}/g, (number) => texts[Number(number)]);
}

/** What each place stands for, as long as that is not too much. */
function replaced(text: string, places: RegExp, textOf: (name: string) => string | undefined): string {
  let room = LONGEST_TEXT;
  return text.replace(places, (_, name: string) => {
    const value = textOf(name) ?? UNKNOWN;
    room -= value.length;
    return room >= 0 ? value : UNKNOWN;
  });
}

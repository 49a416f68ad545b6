// Reads the expressions of EQL: who binds stronger, lists, calls, methods, and the events that relations speak of.

import type { Position } from '../condition.ts';
import type { EventSyntax, Path, Syntax } from './eql-syntax.ts';
import { type EqlDialect, type EqlToken, eqlTokens } from './eql-tokens.ts';
import { RuleError } from './rule-error.ts';

/** Parentheses, negations and brackets within one another. */
const DEEPEST = 120;
/** Sums and products in one chain. */
const LONGEST_CHAIN = 400;

const COMPARISONS: Readonly<Record<string, 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'>> = {
  '==': 'eq',
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};
/** No names of fields unless in backquotes. */
export const EQL_KEYWORDS: ReadonlySet<string> = new Set(
  'and any by false in join maxspan not null of or sample sequence true until where with like regex'.split(' '),
);

export class EqlExpressionReader {
  readonly dialect: EqlDialect;
  readonly #tokens: readonly EqlToken[];
  #next = 0;
  #depth = 0;

  constructor(text: string, dialect: EqlDialect, from?: Position) {
    this.dialect = dialect;
    this.#tokens = eqlTokens(text, dialect, from);
  }

  get token(): EqlToken {
    return this.#tokens[this.#next];
  }

  ahead(count: number): EqlToken {
    return this.#tokens[Math.min(this.#next + count, this.#tokens.length - 1)];
  }

  take(): EqlToken {
    const token = this.token;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  is(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'sign' || this.token.kind === 'name');
  }

  takeIf(text: string): boolean {
    if (!this.is(text)) return false;
    this.#next++;
    return true;
  }

  expect(text: string, where: string): void {
    if (!this.takeIf(text)) throw this.error(`'${text}' is expected ${where}`);
  }

  error(message: string, at: Position = this.token.at): RuleError {
    const { kind, text } = this.token;
    const found = kind === 'end' ? 'the end' : `'${text.length > 40 ? `${text.slice(0, 40)}...` : text}'`;
    return new RuleError(`${message}, not ${found}`, at);
  }

  /** `process where ...`, `any where ...`; in brackets of the first dialect too. */
  event(): EventSyntax {
    const { kind, text, at } = this.token;
    if ((kind !== 'name' && kind !== 'string') || this.ahead(1).text !== 'where')
      throw this.error("an event is expected, such as 'process where ...'");
    if (kind === 'string' && this.dialect === 'endgame')
      throw this.error('the name of an event category is expected', at);
    this.take();
    this.take();
    return { category: kind === 'name' && text === 'any' ? null : text, where: this.expression() };
  }

  expression(): Syntax {
    return this.#deeper(() => this.#joined('or', () => this.#joined('and', () => this.#not())));
  }

  #deeper<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) throw new RuleError(`more than ${DEEPEST} parts within one another`, this.token.at);
    this.#depth++;
    const result = read();
    this.#depth--;
    return result;
  }

  #joined(kind: 'and' | 'or', read: () => Syntax): Syntax {
    const { at } = this.token;
    const first = read();
    if (!this.is(kind)) return first;
    const of = [first];
    while (this.takeIf(kind)) of.push(read());
    return { kind, of, at };
  }

  #not(): Syntax {
    const { at } = this.token;
    let isNegated = false;
    while (this.takeIf('not')) isNegated = !isNegated;
    const of = this.#term();
    return isNegated ? { kind: 'not', of, at } : of;
  }

  #term(): Syntax {
    const left = this.#sum();
    const { at, kind, text } = this.token;
    if (kind === 'sign' && Object.hasOwn(COMPARISONS, text)) {
      if (text === '=' && this.dialect === 'elastic') throw new RuleError("'==' or ':' is expected, not '='", at);
      this.take();
      const right = this.#sum();
      if (this.token.kind === 'sign' && Object.hasOwn(COMPARISONS, this.token.text))
        throw this.error("comparisons are not chained: 'and' is expected between them");
      return { kind: 'comparison', op: COMPARISONS[text], left, right, at };
    }
    if (kind === 'sign' && text === ':') {
      this.take();
      return this.#lookup('like', left, false, false, at);
    }
    const isNegated = kind === 'name' && text === 'not' && this.ahead(1).text === 'in';
    if (isNegated) this.take();
    if (kind !== 'name' || (!isNegated && text !== 'in' && text !== 'like' && text !== 'regex')) return left;
    const op = this.take().text as 'in' | 'like' | 'regex';
    return this.#lookup(op, left, !this.#tilde() && this.dialect === 'elastic', isNegated, at);
  }

  /** A `~` right behind the word before. */
  #tilde(): boolean {
    if (!this.is('~') || !this.token.isGlued) return false;
    this.take();
    return true;
  }

  #lookup(op: 'in' | 'like' | 'regex', of: Syntax, isCased: boolean, isNegated: boolean, at: Position): Syntax {
    const hasList = this.is('(');
    if (!hasList && op === 'in') throw this.error("'(' is expected behind 'in'");
    const values = hasList ? this.#list() : [this.#sum()];
    if (op !== 'in')
      for (const value of values)
        if (value.kind !== 'literal' || typeof value.value !== 'string')
          throw new RuleError('a text in quotes is expected here: only texts are compared so', value.at);
    return { kind: 'lookup', op, isCased, isNegated, of, values, at };
  }

  /** `(a, b)`, with at least one. */
  #list(): readonly Syntax[] {
    this.expect('(', 'in front of a list');
    const values = [this.expression()];
    while (this.takeIf(',')) {
      if (this.dialect === 'endgame' && this.is(')')) break;
      values.push(this.expression());
    }
    this.expect(')', "or ',' behind a value");
    return values;
  }

  #sum(): Syntax {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/', '%'], () => this.#signed()));
  }

  #chain(ops: readonly string[], read: () => Syntax): Syntax {
    let left = read();
    for (let count = 0; this.token.kind === 'sign' && ops.includes(this.token.text); count++) {
      if (count >= LONGEST_CHAIN) throw new RuleError(`more than ${LONGEST_CHAIN} operations in a row`, this.token.at);
      const { text, at } = this.take();
      left = { kind: 'arithmetic', op: text as '+', left, right: read(), at };
    }
    return left;
  }

  #signed(): Syntax {
    const { at } = this.token;
    if (this.takeIf('+')) return this.#deeper(() => this.#signed());
    if (!this.takeIf('-')) return this.#methods(this.primary());
    const of = this.#deeper(() => this.#signed());
    return of.kind === 'literal' && typeof of.value === 'number'
      ? { ...of, value: -of.value, at }
      : { kind: 'negative', of, at };
  }

  /** `value:length()`, of the first dialect. */
  #methods(value: Syntax): Syntax {
    let of = value;
    let count = 0;
    while (this.dialect === 'endgame' && this.is(':') && this.ahead(1).kind === 'name' && this.ahead(2).text === '(') {
      if (count++ > DEEPEST) throw this.error(`at most ${DEEPEST} methods in a row are expected`);
      this.take();
      const call = this.#call();
      of = { ...call, args: [of, ...call.args] };
    }
    return of;
  }

  primary(): Syntax {
    const { kind, text, at } = this.token;
    if (kind === 'string') {
      this.take();
      return { kind: 'literal', value: text, isFloat: false, at };
    }
    if (kind === 'number') {
      this.take();
      return { kind: 'literal', value: Number(text), isFloat: /[.eE]/.test(text), at };
    }
    if (this.takeIf('(')) {
      const inner = this.expression();
      this.expect(')', 'at the end of the parenthesis');
      return inner;
    }
    if (kind === 'name') {
      if (text === 'true' || text === 'false' || text === 'null') {
        this.take();
        return { kind: 'literal', value: text === 'null' ? null : text === 'true', isFloat: false, at };
      }
      const behind = this.ahead(1);
      if (behind.text === 'of' && behind.kind === 'name') return this.#related();
      if (behind.text === '(' || (behind.text === '~' && behind.isGlued && this.ahead(2).text === '('))
        return this.#call();
    }
    return this.path();
  }

  #call(): Syntax & { readonly kind: 'call' } {
    const { text: name, at } = this.take();
    const hasTilde = this.#tilde();
    this.expect('(', `behind ${name}`);
    const args: Syntax[] = [];
    if (!this.is(')')) {
      args.push(this.expression());
      while (this.takeIf(',')) {
        if (this.dialect === 'endgame' && this.is(')')) break;
        args.push(this.expression());
      }
    }
    this.expect(')', `or ',' behind an argument of ${name}`);
    return { kind: 'call', name, hasTilde, args, at };
  }

  #related(): Syntax {
    const { text, at } = this.token;
    if (this.dialect === 'elastic')
      throw new RuleError(`'${text} of' is not part of Elasticsearch's EQL; --dialect endgame has it`, at);
    if (text !== 'descendant' && text !== 'child' && text !== 'event')
      throw this.error("'descendant of', 'child of' or 'event of' is expected");
    this.take();
    this.take();
    this.expect('[', `behind '${text} of'`);
    const event = this.#deeper(() => this.event());
    this.expect(']', 'behind the event');
    return { kind: 'related', relation: text, event, at };
  }

  /** A field's name: `a.b`, `?a.b`, `` `a-b`.c ``, and `a[0].b` in the first dialect. */
  path(): Path {
    const { at } = this.token;
    const isOptional = this.takeIf('?');
    const parts: (string | number)[] = [this.#part(true)];
    for (;;) {
      if (this.takeIf('.')) parts.push(this.#part(false));
      else if (this.is('[') && this.token.isGlued && this.ahead(1).kind === 'number' && this.ahead(2).text === ']') {
        if (this.dialect === 'elastic') throw this.error('a field without an index is expected');
        this.take();
        const index = Number(this.take().text);
        if (!Number.isInteger(index)) throw this.error('an index is a whole number', at);
        parts.push(index);
        this.take();
      } else return { kind: 'path', parts, isOptional, at };
      if (parts.length > DEEPEST) throw this.error(`at most ${DEEPEST} parts of a name are expected`);
    }
  }

  #part(isFirst: boolean): string {
    const { kind, text } = this.token;
    const isName = kind === 'quoted' || (kind === 'name' && !(isFirst && EQL_KEYWORDS.has(text)));
    if (!isName) throw this.error(isFirst ? 'a value or a field is expected' : "a name is expected behind '.'");
    this.take();
    return text;
  }
}

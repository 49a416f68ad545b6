// Reads Kibana's query language (KQL): fields with values, lists of values, ranges, and, or, not.

import { and, type Condition, type Match, not, or, type Position } from '../condition.ts';
import { ANY_MANY, joinPatterns, literalsOf, type TextPattern } from '../pattern.ts';
import { utcTime } from '../time.ts';
import type { ValueTest } from '../value-test.ts';
import { type KueryToken, kueryTokens } from './kuery-tokens.ts';
import { RuleError } from './rule-error.ts';

const DEEPEST = 120;
const ORDERS: Readonly<Record<string, 'lt' | 'lte' | 'gt' | 'gte'>> = {
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

/** The condition of a query. Texts are compared with regard to letter case, as fields of type keyword are. Throws RuleError. */
export function readKuery(text: string, from?: Position): Condition {
  return new KueryReader(text, from).read();
}

/** What a value in a list becomes. */
type Make = (token: KueryToken, text: TextPattern) => Condition;

class KueryReader {
  readonly #tokens: readonly KueryToken[];
  #next = 0;
  #depth = 0;

  constructor(text: string, from: Position | undefined) {
    this.#tokens = kueryTokens(text, from);
  }

  read(): Condition {
    if (this.#tokens.length === 1) return { kind: 'holds', of: { kind: 'constant', value: true } };
    const condition = this.#joined(() => this.#clause());
    if (this.#token.kind !== 'end') throw this.#error("'and', 'or' or the end is expected");
    return condition;
  }

  get #token(): KueryToken {
    return this.#tokens[this.#next];
  }

  #isWord(word: string): boolean {
    return this.#token.kind === 'word' && this.#token.text.toLowerCase() === word;
  }

  #isSign(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign;
  }

  #takeIf(is: boolean): boolean {
    if (is) this.#next++;
    return is;
  }

  #joined(part: () => Condition): Condition {
    if (this.#depth >= DEEPEST)
      throw new RuleError(`more than ${DEEPEST} parentheses within one another`, this.#token.at);
    this.#depth++;
    const negated = (): Condition => {
      let isNegated = false;
      while (this.#takeIf(this.#isWord('not'))) isNegated = !isNegated;
      const of = part();
      return isNegated ? (of.kind === 'not' ? of.of : not(of)) : of;
    };
    const all = (): Condition => this.#list('and', negated);
    const condition = this.#list('or', all);
    this.#depth--;
    return condition;
  }

  #list(kind: 'and' | 'or', part: () => Condition): Condition {
    const parts = [part()];
    while (this.#takeIf(this.#isWord(kind))) parts.push(part());
    if (parts.length === 1) return parts[0];
    const flat = parts.flatMap((one) => (one.kind === kind ? one.of : [one]));
    return kind === 'and' ? and(...flat) : or(...flat);
  }

  /** `(...)`, `field: value`, `field > 5`, or values alone. */
  #clause(): Condition {
    const { at, text } = this.#token;
    if (this.#takeIf(this.#isSign('('))) return this.#closed(this.#joined(() => this.#clause()));
    const field = this.#value("a field, a value or '(' is expected");
    const sign = this.#token;
    if (sign.kind === 'sign' && Object.hasOwn(ORDERS, sign.text)) {
      this.#next++;
      return this.#range(nameOf(field.pattern, at), ORDERS[sign.text], at);
    }
    if (!this.#takeIf(this.#isSign(':'))) {
      const isAll = field.pattern.length === 1 && typeof field.pattern[0] === 'object';
      if (isAll) return { kind: 'holds', of: { kind: 'constant', value: true } };
      const within = joinPatterns([ANY_MANY], field.pattern, [ANY_MANY]);
      return { kind: 'keyword', values: [{ kind: 'like', pattern: within, cased: true }], at };
    }
    if (this.#isSign('{')) throw this.#error(`a value is expected; nested fields such as ${text}:{ ... } are not read`);
    const name = nameOf(field.pattern, at);
    const make: Make = (token, pattern) => matchOf(name, token, pattern, at);
    if (this.#takeIf(this.#isSign('('))) return alike(this.#closed(this.#joined(() => this.#inList(make))));
    const { token, pattern } = this.#value('a value is expected');
    return make(token, pattern);
  }

  #closed(condition: Condition): Condition {
    if (!this.#takeIf(this.#isSign(')'))) throw this.#error("')', 'and' or 'or' is expected");
    return condition;
  }

  #inList(make: Make): Condition {
    if (this.#takeIf(this.#isSign('('))) return this.#closed(this.#joined(() => this.#inList(make)));
    const { token, pattern } = this.#value('a value is expected');
    return make(token, pattern);
  }

  #range(field: string, op: 'lt' | 'lte' | 'gt' | 'gte', at: Position): Condition {
    const { token, pattern } = this.#value('a number or a time is expected');
    const text = literalsOf(pattern).join('');
    const than = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isNaN(than)) return { kind: 'match', field, values: [{ kind: 'number', op, than }], at };
    if (utcTime(text) === undefined)
      throw new RuleError(`a number or a time such as 2024-05-01T10:00:00Z is expected, not '${text}'`, token.at);
    return {
      kind: 'compare',
      op,
      left: { kind: 'field', name: field, optional: false },
      right: { kind: 'constant', value: text },
      cased: true,
    };
  }

  /** A text in quotes, or words up to a sign or an operator. */
  #value(expected: string): { readonly token: KueryToken; readonly pattern: TextPattern } {
    const token = this.#token;
    if (token.kind === 'text') {
      this.#next++;
      return { token, pattern: [token.text] };
    }
    const words: string[] = [];
    while (
      this.#token.kind === 'word' &&
      !(words.length === 0 ? /^(?:and|or)$/i : /^(?:and|or|not)$/i).test(this.#token.text)
    ) {
      words.push(this.#token.text);
      this.#next++;
    }
    if (words.length === 0) throw this.#error(expected);
    return { token, pattern: patternOf(words.join(' ')) };
  }

  #error(message: string): RuleError {
    const { kind, text, at } = this.#token;
    return new RuleError(`${message}, not ${kind === 'end' ? 'the end' : `'${text.slice(0, 40)}'`}`, at);
  }
}

/** Words without quotes: `*` is any number of characters, a backslash takes the next sign as it is. */
function patternOf(text: string): TextPattern {
  const parts = [...text.matchAll(/\\([\s\S])|\*|[^\\*]+/g)].map(([part, escaped]): TextPattern[number] => {
    if (escaped !== undefined) return { t: '\t', r: '\r', n: '\n' }[escaped] ?? escaped;
    return part === '*' ? ANY_MANY : part;
  });
  return joinPatterns(parts);
}

function nameOf(pattern: TextPattern, at: Position): string {
  const texts = literalsOf(pattern);
  if (texts.length !== pattern.length)
    throw new RuleError('fields by a wildcard in their name are not read: one field is expected', at, {
      kind: 'unsupported',
    });
  return texts.join('');
}

function matchOf(field: string, { kind }: KueryToken, pattern: TextPattern, at: Position): Match {
  const [only] = pattern;
  if (pattern.length === 1 && typeof only === 'object')
    return { kind: 'match', field, values: [{ kind: 'exists', wanted: true }], at };
  const isTruth = kind === 'word' && (only === 'true' || only === 'false') && pattern.length === 1;
  const test: ValueTest = isTruth
    ? { kind: 'boolean', wanted: only === 'true' }
    : { kind: 'like', pattern, cased: true };
  return { kind: 'match', field, values: [test], at };
}

/** One match where a list has values of one field only, joined by "or". */
function alike(condition: Condition): Condition {
  if (condition.kind !== 'or') return condition;
  const values: ValueTest[] = [];
  let first: Match | undefined;
  for (const part of condition.of) {
    if (part.kind !== 'match') return condition;
    first ??= part;
    values.push(...part.values);
  }
  return first ? { ...first, values } : condition;
}

// Sigma's condition expression: names of selections joined by and, or, not, and "1 of", "all of" over patterns of names.

import { and, type Condition, not, or, type Position } from '../condition.ts';
import { patternFromStars } from '../pattern.ts';
import { matchesPattern } from '../pattern-match.ts';
import { RuleError } from './rule-error.ts';

interface Token {
  readonly text: string;
  /** From 0, in the expression. */
  readonly from: number;
}

const DEEPEST = 100;
/** Words and parentheses of an expression at most. */
const MOST_TOKENS = 1 << 14;

/** The condition that an expression makes of the selections. Throws RuleError, with what was expected. */
export function readSigmaCondition(
  expression: string,
  selections: ReadonlyMap<string, Condition>,
  at: Position,
): Condition {
  return new ConditionReader(expression, selections, at).read();
}

class ConditionReader {
  readonly #tokens: readonly Token[];
  readonly #selections: ReadonlyMap<string, Condition>;
  readonly #at: Position;
  #next = 0;

  constructor(expression: string, selections: ReadonlyMap<string, Condition>, at: Position) {
    this.#tokens = [...expression.matchAll(/[()|]|[^\s()|]+/g)].map(({ 0: text, index }) => ({ text, from: index }));
    this.#selections = selections;
    this.#at = at;
    if (this.#tokens.length > MOST_TOKENS)
      throw new RuleError(`condition: ${this.#tokens.length} words; ${MOST_TOKENS} are read`, at);
  }

  read(): Condition {
    const condition = this.#or(0);
    const token = this.#tokens[this.#next];
    if (token?.text === '|')
      throw this.#error("aggregations behind '|' are no longer part of Sigma; a correlation rule says the same");
    if (token) throw this.#error("'and', 'or' or the end is expected");
    return condition;
  }

  #or(depth: number): Condition {
    if (depth > DEEPEST) throw this.#error(`more than ${DEEPEST} parentheses within one another`);
    const parts = [this.#and(depth)];
    while (this.#take('or')) parts.push(this.#and(depth));
    return parts.length === 1 ? parts[0] : or(...parts);
  }

  #and(depth: number): Condition {
    const parts = [this.#not(depth)];
    while (this.#take('and')) parts.push(this.#not(depth));
    return parts.length === 1 ? parts[0] : and(...parts);
  }

  #not(depth: number): Condition {
    let isNegated = false;
    while (this.#take('not')) isNegated = !isNegated;
    const inner = this.#primary(depth);
    return isNegated ? not(inner) : inner;
  }

  #primary(depth: number): Condition {
    const token = this.#tokens[this.#next];
    if (!token || /^(?:and|or|[)|])$/i.test(token.text)) throw this.#error('the name of a selection is expected');
    if (this.#take('(')) {
      const inner = this.#or(depth + 1);
      if (!this.#take(')')) throw this.#error("')' is expected");
      return inner;
    }
    if (this.#tokens[this.#next + 1]?.text.toLowerCase() === 'of') return this.#quantified(token.text);
    this.#next++;
    const selection = this.#selections.get(token.text);
    if (!selection) {
      this.#next--;
      throw this.#error(`no selection is called '${token.text}'; there are ${[...this.#selections.keys()].join(', ')}`);
    }
    return selection;
  }

  #quantified(quantity: string): Condition {
    const isAll = quantity.toLowerCase() === 'all';
    if (!isAll && !/^(?:1|any)$/i.test(quantity)) throw this.#error("'1 of', 'any of' or 'all of' is expected");
    this.#next += 2;
    const token = this.#tokens[this.#next];
    if (!token || /^[()|]$/.test(token.text))
      throw this.#error("'them' or a pattern of names such as selection_* is expected");
    const parts = [...this.#selections].filter(([name]) => isMeant(token.text, name)).map(([, of]) => of);
    if (parts.length === 0)
      throw this.#error(`no selection is called '${token.text}'; there are ${[...this.#selections.keys()].join(', ')}`);
    this.#next++;
    return parts.length === 1 ? parts[0] : { kind: isAll ? 'and' : 'or', of: parts };
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#next]?.text.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #error(message: string): RuleError {
    const token = this.#tokens[this.#next];
    return new RuleError(
      `condition: ${message}, at ${token ? `'${token.text}' (character ${token.from + 1})` : 'its end'}`,
      this.#at,
    );
  }
}

function isMeant(pattern: string, name: string): boolean {
  // A name with an underscore in front is meant only by a pattern that has it, too.
  if (name.startsWith('_') && !pattern.startsWith('_')) return false;
  if (pattern === 'them') return true;
  return matchesPattern(patternFromStars(pattern), name, true);
}

// Makes conditions and expressions of what EQL says, in the terms that every language is written from.

import { and, type Condition, type Expression, type Match, not, or, type Position } from '../condition.ts';
import { type FunctionRow, functionNamed } from '../functions.ts';
import { utcTime } from '../time.ts';
import type { ValueTest } from '../value-test.ts';
import type { Comparison, EventSyntax, Literal, Lookup, Path, Syntax } from './eql-syntax.ts';
import { callTests, inTest, likeTest, regexTest } from './eql-tests.ts';
import type { EqlDialect } from './eql-tokens.ts';
import { RuleError } from './rule-error.ts';

/** Searches of lists within one another: each goes over all members for each member of the one around it. */
const MOST_NESTED = 4;

/**
 * `holds`: open counts as false. `fails`: it stands under an odd number of "not", where what is open must stay open.
 * `value`: what is open counts on its own.
 */
type Place = 'holds' | 'fails' | 'value';

/** What a comparison says: a value of `of` meets one of the tests, or none does. */
interface Tested {
  readonly of: Expression;
  readonly tests: readonly ValueTest[];
  readonly isNegated: boolean;
  /** A function, for which no value is open; Elasticsearch's operators are false there. */
  readonly isOpen: boolean;
  readonly at: Position;
}

export class EqlConditions {
  readonly #dialect: EqlDialect;
  /** Letter case counts where the dialect does not say it otherwise. */
  readonly #cased: boolean;
  readonly #made = new WeakMap<Syntax, Expression>();
  #variables: readonly string[] = [];

  constructor(dialect: EqlDialect, cased: boolean) {
    this.#dialect = dialect;
    this.#cased = cased;
  }

  /** Throws RuleError. */
  condition(syntax: Syntax): Condition {
    return this.#condition(syntax, 'holds');
  }

  #condition(syntax: Syntax, place: Place): Condition {
    if (syntax.kind === 'and' || syntax.kind === 'or') {
      const parts = syntax.of.flatMap((one) => {
        const part = this.#condition(one, place);
        // "not endsWith" is two conditions; what stands in parentheses stays one.
        return part.kind === 'and' && syntax.kind === 'and' && one.kind !== 'and' ? part.of : [part];
      });
      if (syntax.kind === 'or') return or(...parts);
      const all = parts.filter(isNoRepeat);
      return all.length === 1 ? all[0] : and(...all);
    }
    if (syntax.kind === 'not') return this.#not(syntax.of, place);
    const tested = this.#tested(syntax);
    return tested ? this.#testedCondition(tested, place) : this.#untested(syntax, place);
  }

  #not(of: Syntax, place: Place): Condition {
    if (of.kind === 'not') return this.#condition(of.of, place);
    if (place === 'holds' && this.#dialect === 'endgame') return this.#negation(of);
    const tested = this.#tested(of);
    if (tested && place === 'holds' && isField(tested.of) && (tested.isOpen || this.#dialect === 'endgame'))
      return this.#testedCondition({ ...tested, isNegated: !tested.isNegated, isOpen: true }, place);
    return opposite(this.#condition(of, place === 'holds' ? 'fails' : place === 'fails' ? 'holds' : 'value'));
  }

  /** The first dialect's "not", moved inwards to the comparisons, each of which needs a value then. */
  #negation(of: Syntax): Condition {
    if (of.kind === 'and' || of.kind === 'or') {
      const kind = of.kind === 'and' ? 'or' : 'and';
      const parts = of.of
        .map((part) => this.#negation(part))
        .flatMap((part) => (part.kind === kind ? part.of : [part]));
      return kind === 'and' ? and(...parts) : or(...parts);
    }
    if (of.kind === 'not') return this.#condition(of.of, 'holds');
    const tested = this.#tested(of);
    if (tested) return this.#testedCondition({ ...tested, isNegated: !tested.isNegated }, 'holds');
    return opposite(this.#untested(of, 'value'));
  }

  #testedCondition({ of, tests, isNegated, isOpen, at }: Tested, place: Place): Condition {
    const isEndgame = this.#dialect === 'endgame';
    if (isField(of) && (place === 'holds' || (!isEndgame && !isOpen))) {
      const [only] = tests;
      if (tests.length === 1 && only.kind === 'exists' && isNegated)
        return matchOf(of, [{ kind: 'exists', wanted: !only.wanted }], at);
      const match = matchOf(of, tests, at);
      if (!isNegated) return match;
      return isEndgame || isOpen ? and(matchOf(of, [{ kind: 'exists', wanted: true }], at), not(match)) : not(match);
    }
    const [only] = tests;
    if (tests.length === 1 && only.kind === 'exists') {
      const op = only.wanted === isNegated ? 'eq' : 'ne';
      return { kind: 'compare', op, left: of, right: { kind: 'constant', value: null }, cased: true };
    }
    const meets: Condition = { kind: 'holds', of: { kind: 'meets', of, values: tests } };
    return isNegated ? not(meets) : meets;
  }

  /** What is compared with constants only; undefined of anything else. */
  #tested(syntax: Syntax): Tested | undefined {
    const { at } = syntax;
    if (syntax.kind === 'comparison') return this.#testedComparison(syntax);
    if (syntax.kind === 'lookup') return this.#testedLookup(syntax);
    if (syntax.kind === 'path') {
      const of = this.#path(syntax);
      if (this.#dialect === 'elastic')
        return { of, tests: [{ kind: 'boolean', wanted: true }], isNegated: false, isOpen: false, at };
      const tests: readonly ValueTest[] = [
        { kind: 'boolean', wanted: false },
        { kind: 'number', op: 'eq', than: 0 },
        inTest('', false),
      ];
      return { of, tests, isNegated: true, isOpen: true, at };
    }
    if (syntax.kind !== 'call') return undefined;
    const row = this.#row(syntax);
    const tests = callTests(row.name, syntax.args.slice(1), this.#isCased(syntax, row), this.#dialect);
    const [first] = syntax.args;
    if (!tests || first.kind === 'literal') return undefined;
    const of = this.expression(first);
    if (row.ofPart && !isField(of)) return undefined;
    return { of, tests, isNegated: false, isOpen: row.isOpen === true, at };
  }

  #testedComparison(syntax: Comparison): Tested | undefined {
    const { op, left, right } = turned(syntax);
    if (right.kind !== 'literal' || left.kind === 'literal') return undefined;
    const of = this.expression(left);
    const isEquality = op === 'eq' || op === 'ne';
    const tested = (tests: readonly ValueTest[], isNegated: boolean): Tested => ({
      of,
      tests,
      isNegated,
      isOpen: false,
      at: syntax.at,
    });
    const { value } = right;
    if (value === null) return isEquality ? tested([{ kind: 'exists', wanted: op === 'ne' }], false) : undefined;
    if (typeof value === 'string') {
      if (!isEquality || isTime(value)) return undefined;
      const hasWildcard = this.#dialect === 'endgame' && value.includes('*');
      if (!isField(of) && !hasWildcard) return undefined;
      const test = hasWildcard ? likeTest(value, this.#cased, this.#dialect) : inTest(value, this.#cased);
      return tested([test], op === 'ne');
    }
    if (!isField(of) || isTime(value)) return undefined;
    if (typeof value === 'number')
      return tested([{ kind: 'number', op: op === 'ne' ? 'eq' : op, than: value }], op === 'ne');
    return isEquality ? tested([{ kind: 'boolean', wanted: value }], op === 'ne') : undefined;
  }

  #testedLookup({ op, of: left, values, isCased, isNegated, at }: Lookup): Tested | undefined {
    const cased = this.#dialect === 'elastic' ? isCased : this.#cased;
    const tests: ValueTest[] = [];
    for (const value of values) {
      if (value.kind !== 'literal' || (op === 'in' && isTime(value.value))) return undefined;
      if (op === 'like') tests.push(likeTest(String(value.value), cased, this.#dialect));
      else if (op === 'regex') tests.push(regexTest(String(value.value), cased, value.at));
      else if (typeof value.value === 'string' && this.#dialect === 'endgame')
        tests.push(likeTest(value.value, cased, 'endgame'));
      else if (typeof value.value === 'string') tests.push(inTest(value.value, cased));
      else if (typeof value.value === 'number') tests.push({ kind: 'number', op: 'eq', than: value.value });
      else if (typeof value.value === 'boolean') tests.push({ kind: 'boolean', wanted: value.value });
      else tests.push({ kind: 'exists', wanted: false });
    }
    if (left.kind === 'literal') return undefined;
    return { of: this.expression(left), tests, isNegated, isOpen: false, at };
  }

  /** A condition that no tests of values say. */
  #untested(syntax: Syntax, place: Place): Condition {
    switch (syntax.kind) {
      case 'comparison': {
        const { op, left, right } = syntax;
        return { kind: 'compare', op, left: this.expression(left), right: this.expression(right), cased: this.#cased };
      }
      case 'lookup': {
        const { values, of, isNegated, at } = syntax;
        const cased = this.#dialect === 'elastic' ? syntax.isCased : this.#cased;
        const others = values.filter(
          (value) => of.kind === 'literal' || value.kind !== 'literal' || (syntax.op === 'in' && isTime(value.value)),
        );
        const constants = values.filter((value) => !others.includes(value));
        const inner: Place = place === 'holds' && !isNegated ? 'holds' : 'value';
        const parts = others.map((value): Condition => {
          if (syntax.op !== 'in') return this.#literalLookup(syntax, value as Literal);
          return { kind: 'compare', op: 'eq', left: this.expression(of), right: this.expression(value), cased };
        });
        if (constants.length > 0)
          parts.push(this.#condition({ ...syntax, values: constants, isNegated: false, at }, inner));
        const any = parts.length === 1 ? parts[0] : or(...parts);
        return isNegated ? opposite(any) : any;
      }
      case 'related': {
        const { category, condition } = this.event(syntax.event);
        return { kind: 'holds', of: { kind: 'related', relation: syntax.relation, category, of: condition } };
      }
      case 'call':
        return { kind: 'holds', of: this.#call(syntax) };
      case 'literal':
        if (typeof syntax.value === 'string' || typeof syntax.value === 'number') {
          if (this.#dialect === 'elastic')
            throw new RuleError('a condition is expected here, not a text or a number alone', syntax.at);
          return { kind: 'holds', of: { kind: 'constant', value: Boolean(syntax.value) } };
        }
        return { kind: 'holds', of: { kind: 'constant', value: syntax.value } };
      default:
        if (this.#dialect === 'elastic')
          throw new RuleError('a condition is expected here, such as a comparison, not a value', syntax.at);
        return { kind: 'holds', of: this.expression(syntax) };
    }
  }

  /** A text against patterns: `"abc" like "a*"`. */
  #literalLookup({ op, of, isCased }: Lookup, pattern: Literal): Condition {
    const cased = this.#dialect === 'elastic' ? isCased : this.#cased;
    const text = String(pattern.value);
    const test = op === 'regex' ? regexTest(text, cased, pattern.at) : likeTest(text, cased, this.#dialect);
    return { kind: 'holds', of: { kind: 'meets', of: this.expression(of), values: [test] } };
  }

  event({ category, where }: EventSyntax): { readonly category: string | null; readonly condition: Condition } {
    return { category, condition: this.condition(where) };
  }

  /** Throws RuleError. What one part says is made once, however often it is looked at. */
  expression(syntax: Syntax): Expression {
    const known = this.#made.get(syntax);
    if (known) return known;
    const made = this.#make(syntax);
    this.#made.set(syntax, made);
    return made;
  }

  #make(syntax: Syntax): Expression {
    switch (syntax.kind) {
      case 'literal': {
        const { value, isFloat } = syntax;
        return isFloat ? { kind: 'constant', value, float: true } : { kind: 'constant', value };
      }
      case 'path':
        return this.#path(syntax);
      case 'negative':
        return { kind: 'negative', of: this.expression(syntax.of) };
      case 'arithmetic': {
        const { op } = syntax;
        const [left, right] = [this.expression(syntax.left), this.expression(syntax.right)];
        if (this.#dialect === 'elastic' || (op !== '/' && op !== '%')) return { kind: 'arithmetic', op, left, right };
        // They round otherwise there.
        const name = op === '/' ? 'divide' : 'modulo';
        return { kind: 'call', name, args: [left, right], cased: this.#cased, dialect: 'endgame' };
      }
      case 'call': {
        const tested =
          this.#row(syntax).hasTests && syntax.args[0].kind !== 'literal' ? this.#tested(syntax) : undefined;
        return tested ? { kind: 'truth', of: this.#testedCondition(tested, 'value') } : this.#call(syntax);
      }
      default:
        return { kind: 'truth', of: this.#condition(syntax, 'value') };
    }
  }

  #path({ parts, isOptional }: Path): Expression {
    const name = String(parts[0]);
    if (this.#variables.includes(name)) return { kind: 'variable', name, path: parts.slice(1) };
    const index = parts.findIndex((part) => typeof part === 'number');
    if (index < 0) return { kind: 'field', name: parts.join('.'), optional: isOptional };
    return { kind: 'member', name: parts.slice(0, index).join('.'), path: parts.slice(index) };
  }

  #row({ name, args, hasTilde, at }: Syntax & { readonly kind: 'call' }): FunctionRow {
    const row = functionNamed(name, this.#dialect);
    if (!row)
      throw new RuleError(
        `there is no function '${name}' in EQL${this.#dialect === 'elastic' ? ' of Elasticsearch' : ''}`,
        at,
      );
    if (hasTilde && !row.hasCase) throw new RuleError(`${row.name} takes no '~': letter case is nothing to it`, at);
    const { least, most } = row;
    if (args.length < least || args.length > most)
      throw new RuleError(
        `${row.name} takes ${least === most ? least : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`} arguments, not ${args.length}`,
        at,
      );
    return row;
  }

  #isCased({ hasTilde }: { readonly hasTilde: boolean }, row: FunctionRow): boolean {
    return (this.#cased && !hasTilde) || !row.hasCase;
  }

  #call(syntax: Syntax & { readonly kind: 'call' }): Expression {
    const row = this.#row(syntax);
    const { name } = row;
    const cased = this.#isCased(syntax, row);
    if (name === 'arraySearch' || name === 'arrayCount') return this.#each(name, syntax.args);
    const args = syntax.args.map((one) => this.expression(one));
    const call = { kind: 'call', name, args, cased } as const;
    return this.#dialect === 'endgame' ? { ...call, dialect: 'endgame' } : call;
  }

  #each(name: 'arraySearch' | 'arrayCount', [list, variable, holds]: readonly Syntax[]): Expression {
    const of = this.expression(list);
    const isName = variable.kind === 'path' && variable.parts.length === 1;
    if (!isName) throw new RuleError(`the second argument of ${name} is a name for the members`, variable.at);
    const outer = this.#variables;
    if (outer.length >= MOST_NESTED)
      throw new RuleError(`more than ${MOST_NESTED} searches of lists within one another`, variable.at);
    this.#variables = [...outer, String(variable.parts[0])];
    const inner = this.#condition(holds, 'holds');
    this.#variables = outer;
    return {
      kind: 'each',
      result: name === 'arraySearch' ? 'any' : 'count',
      list: of,
      variable: String(variable.parts[0]),
      holds: inner,
    };
  }
}

/** The comparison with its constant on the right. */
function turned({ op, left, right }: Comparison): Pick<Comparison, 'op' | 'left' | 'right'> {
  if (left.kind !== 'literal' || right.kind === 'literal') return { op, left, right };
  const turnedOps = { eq: 'eq', ne: 'ne', lt: 'gt', lte: 'gte', gt: 'lt', gte: 'lte' } as const;
  return { op: turnedOps[op], left: right, right: left };
}

/** Milliseconds from 1973 to 2100: what a number may mean that is compared with a date. */
const TIMES = [1e11, 4.1e12] as const;

/** A constant that may be a point in time, which no test of a text or a number says. */
function isTime(value: Literal['value']): boolean {
  if (typeof value === 'string') return utcTime(value) !== undefined;
  return typeof value === 'number' && value >= TIMES[0] && value <= TIMES[1];
}

type FieldExpression = Expression & { readonly kind: 'field' };

function isField(expression: Expression): expression is FieldExpression {
  return expression.kind === 'field';
}

function matchOf({ name, optional }: FieldExpression, values: readonly ValueTest[], at: Position): Match {
  return optional
    ? { kind: 'match', field: name, values, optional: true, at }
    : { kind: 'match', field: name, values, at };
}

function opposite(condition: Condition): Condition {
  return condition.kind === 'not' ? condition.of : not(condition);
}

/** Not the same "is there" as just before: "not endsWith" asks for one that may be written already. */
function isNoRepeat(part: Condition, index: number, parts: readonly Condition[]): boolean {
  const before = parts[index - 1];
  if (part.kind !== 'match' || before?.kind !== 'match' || part.field !== before.field) return true;
  if (part.values.length > 1 || before.values.length > 1) return true;
  const [own, other] = [part.values[0], before.values[0]];
  return own.kind !== 'exists' || other.kind !== 'exists' || own.wanted !== other.wanted;
}

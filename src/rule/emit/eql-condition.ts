// Conditions and expressions as EQL of Elasticsearch: each test by the first operator that says it exactly.

import { UnsupportedError } from '../../errors.ts';
import type { Compare, Condition, Expression, Match, Meets } from '../condition.ts';
import { functionNamed } from '../functions.ts';
import { networkText } from '../network.ts';
import { literalsOf, patternShape, type TextPattern } from '../pattern.ts';
import type { LikeTest, RegexTest, ValueTest } from '../value-test.ts';
import { alternatives, type BooleanTokens, type BooleanTree, printBoolean } from './boolean-text.ts';
import { eqlName, eqlNumber, eqlString } from './eql-text.ts';
import { luceneText } from './regex-syntax.ts';
import { hasCaseOutsideAscii, LUCENE, regexBody } from './regex-text.ts';

export const EQL_TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: false };
/** Default of index.max_regex_length: Elasticsearch refuses the query beyond it. */
const LONGEST_REGEX = 1000;
const LONGEST_LINE = 110;
const OPERATORS = { eq: '==', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/**
 * The condition with its comparisons as text. `place` puts a match into the names of ECS. `mayBeOpen`: what is open where a field
 * is not there counts as false here, so that a function may stand for a match. Throws UnsupportedError.
 */
export function eqlTree(condition: Condition, place: (match: Match) => Match, mayBeOpen = true): BooleanTree {
  switch (condition.kind) {
    case 'named':
      return eqlTree(condition.of, place, mayBeOpen);
    case 'and':
    case 'or':
      if (condition.of.length === 0)
        throw new UnsupportedError(`an empty "${condition.kind}" has no text in any language`);
      return {
        kind: condition.kind,
        of: condition.of.map((part, index, parts) =>
          part.kind === 'not' && condition.kind === 'and' && isThere(part.of, parts[index - 1])
            ? notTree(part.of, place, true)
            : eqlTree(part, place, mayBeOpen),
        ),
      };
    case 'not':
      return notTree(condition.of, place, !mayBeOpen);
    case 'match': {
      const { field, values, optional } = place(condition);
      return testsTree({ kind: 'field', name: field, optional: optional === true }, values, mayBeOpen);
    }
    case 'keyword':
      throw new UnsupportedError('EQL has no search over all fields of an event (a keyword)');
    case 'compare':
      return atom(compareText(condition));
    case 'holds':
      if (condition.of.kind === 'meets')
        return testsTree(condition.of.of, condition.of.values, mayBeOpen, condition.of);
      return atom(eqlExpression(condition.of));
  }
}

const atom = (text: string): BooleanTree => ({ kind: 'atom', text });

/** Whether a match is of a field that the condition in front of it says to be there: then nothing of it is open. */
function isThere(condition: Condition, before: Condition | undefined): boolean {
  if (condition.kind !== 'match' || before?.kind !== 'match' || before.field !== condition.field) return false;
  const [only] = before.values;
  return before.values.length === 1 && only.kind === 'exists' && only.wanted;
}

/** `!=` and `not in` where one comparison says it. */
function notTree(of: Condition, place: (match: Match) => Match, mayBeOpen: boolean): BooleanTree {
  const tree = eqlTree(of, place, mayBeOpen);
  if (of.kind === 'match' && tree.kind === 'atom') {
    const { field, values, optional } = place(of);
    const [only] = values;
    const name = eqlName(field, optional === true);
    const isPlain = only.kind === 'like' || (only.kind === 'number' && only.op === 'eq');
    if (values.length === 1 && isPlain && tree.text.startsWith(`${name} == `))
      return atom(`${name} != ${tree.text.slice(name.length + 4)}`);
    if (tree.text.startsWith(`${name} in (`)) return atom(`${name} not in ${tree.text.slice(name.length + 4)}`);
  }
  return { kind: 'not', of: tree };
}

/** Tests of one operator, joined by it into one comparison where it takes lists. */
interface Comparison {
  readonly operator: string;
  readonly text: string;
}

function testsTree(of: Expression, values: readonly ValueTest[], mayBeOpen: boolean, open?: Meets): BooleanTree {
  const isOpenField = open !== undefined && of.kind === 'field';
  const left = eqlExpression(of, true);
  const byOperator = new Map<string, string[]>();
  const hasWildcard = values.some(
    (test) =>
      test.kind === 'like' &&
      test.cased &&
      literalsOf(test.pattern).length < test.pattern.length &&
      !hasSigns(test.pattern),
  );
  for (const test of values) {
    const isLike = hasWildcard && test.kind === 'like' && test.cased && !hasSigns(test.pattern);
    const { operator, text } = isOpenField
      ? openComparison(test, of.name)
      : isLike
        ? { operator: 'like', text: patternString(test.pattern) }
        : comparisonOf(test, of, mayBeOpen);
    byOperator.set(operator, [...(byOperator.get(operator) ?? []), text]);
  }
  return alternatives([...byOperator].flatMap(([operator, texts]) => comparisonTexts(left, operator, texts)));
}

function comparisonTexts(left: string, operator: string, texts: readonly string[]): readonly string[] {
  if (operator === 'empty') return [`${left} == null`, `${left} == ""`];
  if (operator === 'is') return texts.map((text) => `${left} ${text}`);
  const [, name] = /^(\w+~?)\($/.exec(operator) ?? [];
  if (name === 'cidrMatch' || name === 'wildcard' || name === 'wildcard~') return [list(`${name}(${left}, `, texts)];
  if (name !== undefined) return texts.map((text) => `${name}(${left}, ${text})`);
  if (texts.length === 1 && operator === 'in') return [`${left} == ${texts[0]}`];
  if (texts.length === 1 && operator !== 'in~') return [`${left} ${operator} ${texts[0]}`];
  return [list(`${left} ${operator} (`, texts)];
}

function list(front: string, texts: readonly string[]): string {
  const line = `${front}${texts.join(', ')})`;
  return line.length <= LONGEST_LINE ? line : `${front.trimEnd()}\n  ${texts.join(',\n  ')}\n)`;
}

/**
 * `:` has wildcards and no way to escape them, `in~` has none, `regex~` says everything: each value goes to the first that
 * says it exactly. None of them ignores the case of letters outside ASCII, so those are spelled out in a regular expression.
 */
function comparisonOf(test: ValueTest, of: Expression, mayBeOpen: boolean): Comparison {
  switch (test.kind) {
    case 'like':
      return test.cased ? casedComparison(test, of, mayBeOpen) : uncasedComparison(test.pattern, of);
    case 'regex':
      return regexComparison(test);
    case 'number':
      if (test.op === 'eq') return { operator: 'in', text: eqlNumber(test.than) };
      return { operator: 'is', text: `${OPERATORS[test.op]} ${eqlNumber(test.than)}` };
    case 'boolean':
      return { operator: 'in', text: String(test.wanted) };
    case 'exists':
      return { operator: 'is', text: test.wanted ? '!= null' : '== null' };
    case 'null':
      return { operator: 'empty', text: '' };
    case 'cidr':
      return { operator: 'cidrMatch(', text: eqlString(networkText(test.network)) };
    case 'field':
      throw new UnsupportedError(`EQL of Elasticsearch does not compare a field with a field (${test.name})`);
    case 'bits':
    case 'time':
      throw new UnsupportedError(`EQL has no test by "${test.kind}"`);
  }
}

/** Lucene's own as it stands, over the whole value; any other in Lucene's words. */
function regexComparison(test: RegexTest): Comparison {
  const isLucene = test.syntax === 'lucene' && test.whole && !test.multiline;
  const isSpelled = !isLucene && !test.cased && hasCaseOutsideAscii(test.source);
  const source = isLucene ? test.source : luceneText(test, isSpelled);
  return { operator: test.cased || isSpelled ? 'regex' : 'regex~', text: regexString(source) };
}

/** Whether its text has what stands for a wildcard and cannot be escaped. */
function hasSigns(pattern: TextPattern): boolean {
  return literalsOf(pattern).some((text) => /[*?]/.test(text));
}

function uncasedComparison(pattern: TextPattern, of: Expression): Comparison {
  const literals = literalsOf(pattern);
  if (literals.some(hasCaseOutsideAscii)) return { operator: 'regex~', text: regexString(regexBody(pattern, LUCENE)) };
  const isLiteral = literals.length === pattern.length;
  if (isLiteral && (hasSigns(pattern) || of.kind !== 'field'))
    return { operator: 'in~', text: eqlString(literals.join('')) };
  if (!hasSigns(pattern)) return { operator: of.kind === 'field' ? ':' : 'like~', text: patternString(pattern) };
  return { operator: 'regex~', text: regexString(regexBody(pattern, LUCENE)) };
}

function casedComparison(test: LikeTest, of: Expression, mayBeOpen: boolean): Comparison {
  const literals = literalsOf(test.pattern);
  if (literals.length === test.pattern.length) return { operator: 'in', text: eqlString(literals.join('')) };
  if (!hasSigns(test.pattern)) return { operator: 'like', text: patternString(test.pattern) };
  const part = of.kind === 'field' ? partComparison(test.pattern, mayBeOpen) : undefined;
  return part ?? { operator: 'regex', text: regexString(regexBody(test.pattern, { ...LUCENE, spellCases: false })) };
}

/** `startsWith` and its like, for a text with `*` or `?` of its own; the others are open where the field is not there. */
function partComparison(pattern: TextPattern, mayBeOpen: boolean): Comparison | undefined {
  const shape = patternShape(pattern);
  if (shape.shape === 'other' || shape.shape === 'equals') return undefined;
  if (shape.shape !== 'startswith' && !mayBeOpen) return undefined;
  const name = { startswith: 'startsWith', endswith: 'endsWith', contains: 'stringContains' }[shape.shape];
  return { operator: `${name}(`, text: eqlString(shape.text) };
}

/** A test of a field that is open where the field is not there: only functions say so. */
function openComparison(test: ValueTest, field: string): Comparison {
  const shape = test.kind === 'like' ? patternShape(test.pattern) : undefined;
  if (test.kind !== 'like' || (shape?.shape !== 'endswith' && shape?.shape !== 'contains'))
    throw new UnsupportedError(
      `EQL of Elasticsearch says no such test of ${field} that is open where the field is not there`,
    );
  const name = shape.shape === 'endswith' ? 'endsWith' : 'stringContains';
  return { operator: `${name}${test.cased ? '' : '~'}(`, text: eqlString(shape.text) };
}

function patternString(pattern: TextPattern): string {
  return eqlString(pattern.map((part) => (typeof part === 'string' ? part : part.any === 'one' ? '?' : '*')).join(''));
}

function regexString(source: string): string {
  if (source.length > LONGEST_REGEX) {
    throw new UnsupportedError(
      `EQL: a regular expression of ${source.length} characters is longer than Elasticsearch takes (${LONGEST_REGEX})`,
    );
  }
  return eqlString(source);
}

function compareText({ op, left, right, cased }: Compare): string {
  const sides = [left, right];
  const text = sides.find((side) => side.kind === 'constant' && typeof side.value === 'string');
  const isCaseless = sides.some(isWithoutLetters);
  if (!cased && !isCaseless) {
    const other = text === left ? right : left;
    if (text?.kind !== 'constant' || op !== 'eq')
      throw new UnsupportedError('EQL of Elasticsearch compares texts with regard to letter case only');
    return `${eqlExpression(other, true)} in~ (${eqlString(String(text.value))})`;
  }
  return `${eqlExpression(left)} ${OPERATORS[op]} ${eqlExpression(right)}`;
}

/** Whether letter case cannot matter: numbers, truths, nothing. */
function isWithoutLetters(expression: Expression): boolean {
  if (expression.kind === 'constant') return typeof expression.value !== 'string';
  if (expression.kind === 'call')
    return ['add', 'subtract', 'multiply', 'divide', 'modulo', 'length', 'indexOf', 'number'].includes(expression.name);
  return expression.kind === 'arithmetic' || expression.kind === 'negative' || expression.kind === 'truth';
}

/** How strong its parts hold together. */
const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2 } as const;

/** `isOperand`: in front of an operator such as `in`, where sums stand in parentheses. */
export function eqlExpression(expression: Expression, isOperand = false): string {
  switch (expression.kind) {
    case 'constant': {
      const { value, float } = expression;
      if (typeof value === 'string') return eqlString(value);
      return typeof value === 'number' ? eqlNumber(value, float) : String(value);
    }
    case 'field':
      return eqlName(expression.name, expression.optional);
    case 'call': {
      const { name, args, cased, dialect } = expression;
      const row = functionNamed(name, 'elastic');
      if (!row) throw new UnsupportedError(`EQL of Elasticsearch has no function "${name}"`);
      if (dialect === 'endgame' && row.endgame && row.name !== 'length')
        throw new UnsupportedError(`the function "${name}" is another one in EQL of Elasticsearch`);
      const mark = cased || !row.hasCase ? '' : '~';
      return `${row.name}${mark}(${args.map((one) => eqlExpression(one)).join(', ')})`;
    }
    case 'negative': {
      const of = eqlExpression(expression.of);
      return expression.of.kind === 'arithmetic' || expression.of.kind === 'negative' ? `-(${of})` : `-${of}`;
    }
    case 'arithmetic': {
      const { op, left, right } = expression;
      const part = (side: Expression, least: number): string => {
        const isWeak = side.kind === 'arithmetic' && STRENGTH[side.op] < least;
        return isWeak ? `(${eqlExpression(side)})` : eqlExpression(side);
      };
      const text = `${part(left, STRENGTH[op])} ${op} ${part(right, STRENGTH[op] + 1)}`;
      return isOperand ? `(${text})` : text;
    }
    case 'truth':
    case 'meets': {
      const of: Condition = expression.kind === 'truth' ? expression.of : { kind: 'holds', of: expression };
      const text = printBoolean(
        eqlTree(of, (match) => match, false),
        EQL_TOKENS,
      ).replace(/\s*\n\s*/g, ' ');
      const isCall =
        of.kind === 'holds' && /^\w+~?\(/.test(text) && of.of.kind === 'meets' && of.of.values.length === 1;
      return isCall && !isOperand ? text : `(${text})`;
    }
    case 'member':
    case 'variable':
      throw new UnsupportedError(`EQL of Elasticsearch does not take a list apart (${expression.name})`);
    case 'each':
      throw new UnsupportedError('EQL of Elasticsearch has no arraySearch and no arrayCount');
    case 'related':
      throw new UnsupportedError(`EQL of Elasticsearch has no "${expression.relation} of"`);
  }
}

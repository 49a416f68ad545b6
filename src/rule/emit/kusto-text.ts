// KQL over any one table: what Defender XDR and Sentinel share.
import type { Compare, Expression, Holds, Keyword, Match } from '../condition.ts';
import { networkText } from '../network.ts';
import { patternShape, type TextPattern } from '../pattern.ts';
import type { Rule } from '../rule.ts';
import { columnType } from '../taxonomy/column-types.ts';
import type { Place } from '../taxonomy/event-kind.ts';
import type { Taxonomy, TaxonomyId } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { LikeTest, ValueTest } from '../value-test.ts';
import { hasHidden, refuseLoneSurrogate } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, lowerLeaves, printBoolean } from './boolean-text.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { re2Text } from './regex-syntax.ts';
import { hasCaseOutsideAscii, PERL_LIKE, regexBody } from './regex-text.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

const TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: true };
const ASSUMES = ['Letter case is ignored by =~, in~, startswith, endswith, contains and (?i).'];

/** The whole rule text: comment, the table's own first lines, one `where` a condition that must hold. */
export function emitKusto(
  rule: Rule,
  taxonomy: Taxonomy,
  source: (place: Place) => readonly string[],
  assumes: (place: Place) => readonly string[],
): string {
  const { place, parts } = translateRule(rule, taxonomy.id);
  const wheres = parts.map((part) => {
    const tree = lowerLeaves(part, (leaf) => {
      if (leaf.kind === 'match') return matchText(leaf, taxonomy.id);
      if (leaf.kind === 'keyword') return keywordText(leaf);
      return { kind: 'atom', text: comparisonText(leaf) };
    });
    return `| where ${printBoolean(tree, TOKENS, 1)}`;
  });
  const computed = Object.entries(place.computed ?? {}).map(([name, text]) => `| extend ${name} = ${text}`);
  const opening = openingLines(rule, taxonomy, [...ASSUMES, ...assumes(place)]);
  return `${[lineComments(opening, '//'), '', ...source(place), ...computed, ...wheres].join('\n')}\n`;
}

/** `where` lines of what an event of the place has. */
export function placeLines({ has }: Place): readonly string[] {
  return Object.entries(has).map(([column, values]) => {
    const texts = values.map((value) => (typeof value === 'number' ? String(value) : `"${value}"`));
    return `| where ${column} ${texts.length === 1 ? `== ${texts[0]}` : `in (${texts.join(', ')})`}`;
  });
}

function matchText({ field, values }: Match, taxonomy: TaxonomyId): BooleanTree {
  const type = columnType(taxonomy, field);
  const equal: string[] = [];
  const equalCased: string[] = [];
  const numbers: string[] = [];
  const others: string[] = [];
  if (values.length > MOST_ALTERNATIVES && values.every((test) => test.kind === 'like' && !test.cased))
    return oneRegex(type === 'text' ? field : `tostring(${field})`, values as readonly LikeTest[]);
  for (const test of values) {
    if (test.kind === 'like' && type === 'number' && isNumeral(test.pattern)) numbers.push(test.pattern.join(''));
    else if (test.kind === 'number' && test.op === 'eq' && type === 'number') numbers.push(String(test.than));
    else if (test.kind === 'number' && test.op === 'eq') equalCased.push(kustoString(String(test.than)));
    else if (test.kind === 'like') {
      const column = type === 'text' ? field : `tostring(${field})`;
      const text = likeText(column, test);
      if (text !== null) others.push(text);
      else (test.cased ? equalCased : equal).push(kustoString(test.pattern.join('')));
    } else others.push(testText(field, test, type === 'text'));
  }
  const column = type === 'text' || numbers.length > 0 ? field : `tostring(${field})`;
  if (numbers.length === 1) others.unshift(`${field} == ${numbers[0]}`);
  if (numbers.length > 1) others.unshift(`${field} in (${numbers.join(', ')})`);
  if (equalCased.length === 1) others.unshift(`${column} == ${equalCased[0]}`);
  if (equalCased.length > 1) others.unshift(`${column} in (${equalCased.join(', ')})`);
  if (equal.length === 1) others.unshift(`${column} =~ ${equal[0]}`);
  if (equal.length > 1) others.unshift(`${column} in~ (${equal.join(', ')})`);
  return alternatives(others);
}

/** Kusto takes no query whose syntax is deeper than some hundred levels, and each `or` is one. */
const MOST_ALTERNATIVES = 100;

function oneRegex(column: string, tests: readonly LikeTest[]): BooleanTree {
  const bodies = tests.map(({ pattern }) => regexBody(pattern, PERL_LIKE));
  return { kind: 'atom', text: `${column} matches regex ${kustoString(`(?is)^(?:${bodies.join('|')})$`)}` };
}

function isNumeral(pattern: TextPattern): boolean {
  return pattern.length === 1 && typeof pattern[0] === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(pattern[0]);
}

/** The words for plain ASCII text of a known shape, null for plain equality; KQL ignores case outside ASCII only in a regular expression. */
function likeText(column: string, { pattern, cased }: LikeTest): string | null {
  const shape = patternShape(pattern);
  if (shape.shape === 'other' || hasHidden(shape.text) || (!cased && hasCaseOutsideAscii(shape.text)))
    return `${column} matches regex ${kustoString(`(?${cased ? '' : 'i'}s)^${regexBody(pattern, PERL_LIKE)}$`)}`;
  if (shape.shape === 'equals') return null;
  return `${column} ${shape.shape}${cased ? '_cs' : ''} ${kustoString(shape.text)}`;
}

const TIME_PARTS = {
  minute: 'Minute',
  hour: 'Hour',
  day: 'Day',
  week: 'week_of_year',
  month: 'Month',
  year: 'Year',
} as const;
const ORDERS = { eq: '==', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function testText(field: string, test: Exclude<ValueTest, LikeTest>, isText: boolean): string {
  const text = isText ? field : `tostring(${field})`;
  switch (test.kind) {
    case 'regex':
      return `${text} matches regex ${kustoString(re2Text(test))}`;
    case 'number':
      return `coalesce(todouble(${field}) ${ORDERS[test.op]} ${test.than}, false)`;
    case 'cidr':
      return `coalesce(ipv${test.network.width === 32 ? 4 : 6}_is_in_range(${text}, ${kustoString(networkText(test.network))}), false)`;
    case 'null':
      return `isempty(${field})`;
    case 'exists':
      return `${test.wanted ? 'isnotempty' : 'isempty'}(${field})`;
    case 'boolean':
      return `${text} =~ ${kustoString(String(test.wanted))}`;
    case 'bits': {
      const both = `binary_and(tolong(${field}), ${test.mask})`;
      return `coalesce(${both} ${test.wanted === 'all' ? `== ${test.mask}` : '!= 0'}, false)`;
    }
    case 'time':
      return `coalesce(datetime_part("${TIME_PARTS[test.part]}", todatetime(${field})) ${ORDERS[test.op]} ${test.than}, false)`;
    case 'field': {
      const word = { whole: '=', start: 'startswith', end: 'endswith', anywhere: 'contains' }[test.part];
      const operator = test.part === 'whole' ? `=${test.cased ? '=' : '~'}` : `${word}${test.cased ? '_cs' : ''}`;
      return `(isnotempty(${field}) and isnotempty(${test.name}) and ${text} ${operator} ${test.name})`;
    }
  }
}

/** Any column of the table. */
function keywordText({ values }: Keyword): BooleanTree {
  return alternatives(
    values.map((test) => {
      const shape = test.kind === 'like' && !test.cased ? patternShape(test.pattern) : { shape: 'other' as const };
      if (shape.shape !== 'contains' || hasHidden(shape.text) || hasCaseOutsideAscii(shape.text))
        throw refusedTest('KQL', 'any field', test);
      return `* contains ${kustoString(shape.text)}`;
    }),
  );
}

/** Comparisons of fields, constants and arithmetic; KQL's functions are not EQL's. */
function comparisonText(leaf: Compare | Holds): string {
  if (leaf.kind === 'holds') throw refusedLeaf('KQL', leaf);
  const sides = [leaf.left, leaf.right].map((side) => expressionText(side, leaf));
  const isText = [leaf.left, leaf.right].some((side) => side.kind === 'constant' && typeof side.value === 'string');
  if (isText && !leaf.cased && leaf.op === 'eq') return `${sides[0]} =~ ${sides[1]}`;
  if (isText && !leaf.cased && leaf.op === 'ne') return `${sides[0]} !~ ${sides[1]}`;
  if (isText && leaf.op !== 'eq' && leaf.op !== 'ne') throw refusedLeaf('KQL', leaf);
  return `coalesce(${sides[0]} ${ORDERS[leaf.op]} ${sides[1]}, false)`;
}

function expressionText(expression: Expression, leaf: Compare): string {
  switch (expression.kind) {
    case 'field':
      return expression.name;
    case 'constant':
      return typeof expression.value === 'string' ? kustoString(expression.value) : String(expression.value);
    case 'arithmetic':
      // EQL rounds a division of whole numbers.
      if (expression.op === '/' || expression.op === '%') throw refusedLeaf('KQL', leaf);
      return `(${expressionText(expression.left, leaf)} ${expression.op} ${expressionText(expression.right, leaf)})`;
    case 'negative':
      return `(-${expressionText(expression.of, leaf)})`;
    default:
      throw refusedLeaf('KQL', leaf);
  }
}

/** A verbatim KQL string: only the quote is doubled, a backslash is itself. Hidden characters make it an escaped one. */
function kustoString(text: string): string {
  refuseLoneSurrogate(text, 'KQL');
  if (hasHidden(text))
    return `"${[...text].map((c) => (/["\\]/.test(c) ? `\\${c}` : hasHidden(c) ? escaped(c) : c)).join('')}"`;
  return `@"${text.replaceAll('"', '""')}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

// ES|QL, Elasticsearch's piped language.
import { UnsupportedError } from '../../errors.ts';
import type { Compare, Expression, Holds, Match } from '../condition.ts';
import { networkText } from '../network.ts';
import { patternShape, type TextPattern } from '../pattern.ts';
import { placeConditions } from '../place-match.ts';
import { columnType } from '../taxonomy/column-types.ts';
import { ecs, type Taxonomy } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { LikeTest, ValueTest } from '../value-test.ts';
import { refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';
import {
  alternatives,
  type BooleanTokens,
  type BooleanTree,
  type Leaf,
  lowerLeaves,
  printBoolean,
} from './boolean-text.ts';
import { elasticIndices } from './elastic-index.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { luceneText } from './regex-syntax.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

const TOKENS: BooleanTokens = { and: 'AND', or: 'OR', not: 'NOT', notCall: false };
const ASSUMES = [
  'Letter case is ignored by TO_LOWER. A field with several values in one event is compared with nothing (ES|QL).',
];

export const esql: Language = {
  id: 'esql',
  title: 'ES|QL (Elasticsearch)',
  extension: '.esql',
  taxonomy: ecs,
  others: ['ocsf'],
  emit: (rule, taxonomy = ecs) => {
    const { place, parts } = translateRule(rule, taxonomy.id);
    const wheres = [...placeConditions(place), ...parts].map(
      (part) =>
        `| WHERE ${printBoolean(
          lowerLeaves(part, (leaf, negated) => leafText(leaf, negated, taxonomy)),
          TOKENS,
          1,
        )}`,
    );
    return `${[
      lineComments(openingLines(rule, taxonomy, ASSUMES), '//'),
      '',
      `FROM ${elasticIndices(place).join(', ')} METADATA _id, _index, _version`,
      ...wheres,
    ].join('\n')}\n`;
  },
};

/** Below a NOT what is unknown, since a field is absent, is made false first. */
function leafText(leaf: Leaf, negated: boolean, taxonomy: Taxonomy): BooleanTree {
  if (leaf.kind === 'keyword') throw refusedLeaf('ES|QL', leaf);
  const tree: BooleanTree =
    leaf.kind === 'match' ? matchText(leaf, taxonomy) : { kind: 'atom', text: comparisonText(leaf) };
  return negated ? { kind: 'atom', text: `COALESCE(${printBoolean(tree, TOKENS, 1)}, false)` } : tree;
}

function matchText({ field, values }: Match, { id }: Taxonomy): BooleanTree {
  const name = fieldName(field);
  const type = columnType(id, field);
  const equal: string[] = [];
  const equalCased: string[] = [];
  const numbers: string[] = [];
  const others: string[] = [];
  for (const test of values) {
    const literal =
      test.kind === 'like' && test.pattern.length === 1 && typeof test.pattern[0] === 'string' ? test.pattern[0] : null;
    if (type === 'number' && test.kind === 'number' && test.op === 'eq') numbers.push(String(test.than));
    else if (type === 'number' && literal !== null && /^\d{1,15}$/.test(literal)) numbers.push(String(Number(literal)));
    else if (type === 'address' && literal !== null) others.push(`${name} == TO_IP(${esqlString(literal)})`);
    else if (test.kind === 'like') {
      const column = type === 'text' ? name : `TO_STRING(${name})`;
      const text = likeText(column, test);
      if (text !== null) others.push(text);
      else (test.cased ? equalCased : equal).push(esqlString(lowered(literal ?? '', test.cased)));
    } else if (test.kind === 'number' && test.op === 'eq') equalCased.push(esqlString(String(test.than)));
    else others.push(testText(field, name, test, type));
  }
  const column = type === 'text' ? name : `TO_STRING(${name})`;
  if (numbers.length > 0) others.unshift(equality(name, numbers));
  if (equalCased.length > 0) others.unshift(equality(column, equalCased));
  if (equal.length > 0) others.unshift(equality(`TO_LOWER(${column})`, equal));
  return alternatives(others);
}

function equality(left: string, texts: readonly string[]): string {
  return texts.length === 1 ? `${left} == ${texts[0]}` : `${left} IN (${texts.join(', ')})`;
}

function lowered(text: string, cased: boolean): string {
  return cased ? text : text.toLowerCase();
}

/** null for plain equality. */
function likeText(column: string, { pattern, cased }: LikeTest): string | null {
  const shape = patternShape(pattern);
  const left = cased ? column : `TO_LOWER(${column})`;
  if (shape.shape === 'equals') return null;
  if (shape.shape === 'startswith') return `STARTS_WITH(${left}, ${esqlString(lowered(shape.text, cased))})`;
  if (shape.shape === 'endswith') return `ENDS_WITH(${left}, ${esqlString(lowered(shape.text, cased))})`;
  return `${left} LIKE ${esqlString(lowered(likePattern(pattern), cased))}`;
}

function likePattern(pattern: TextPattern): string {
  return pattern
    .map((part) => (typeof part === 'string' ? part.replace(/[\\*?]/g, '\\$&') : part.any === 'one' ? '?' : '*'))
    .join('');
}

const ORDERS = { eq: '==', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const TIME_PARTS = {
  minute: 'MINUTE_OF_HOUR',
  hour: 'HOUR_OF_DAY',
  day: 'DAY_OF_MONTH',
  week: 'ALIGNED_WEEK_OF_YEAR',
  month: 'MONTH_OF_YEAR',
  year: 'YEAR',
} as const;

function testText(field: string, name: string, test: Exclude<ValueTest, LikeTest>, type: string): string {
  const text = type === 'text' ? name : `TO_STRING(${name})`;
  switch (test.kind) {
    case 'regex':
      return `${text} RLIKE ${esqlString(luceneText(test, true))}`;
    case 'number':
      return `${type === 'number' ? name : `TO_DOUBLE(${name})`} ${ORDERS[test.op]} ${test.than}`;
    case 'cidr':
      return `CIDR_MATCH(${type === 'address' ? name : `TO_IP(${name})`}, ${esqlString(networkText(test.network))})`;
    case 'null':
      return type === 'text' ? `(${name} IS NULL OR ${name} == "")` : `${name} IS NULL`;
    case 'exists':
      return `${name} IS ${test.wanted ? 'NOT ' : ''}NULL`;
    case 'boolean':
      return type === 'boolean' ? `${name} == ${test.wanted}` : `TO_LOWER(${text}) == "${test.wanted}"`;
    case 'time':
      // Weeks are counted in another way than ISO 8601's.
      if (test.part === 'week') throw refusedTest('ES|QL', field, test);
      return `DATE_EXTRACT("${TIME_PARTS[test.part]}", TO_DATETIME(${name})) ${ORDERS[test.op]} ${test.than}`;
    case 'field': {
      const other = fieldName(test.name);
      const [own, others] = test.cased ? [text, other] : [`TO_LOWER(${text})`, `TO_LOWER(${other})`];
      if (test.part === 'whole') return `${own} == ${others}`;
      if (test.part === 'anywhere') return `LOCATE(${own}, ${others}) > 0`;
      return `${test.part === 'start' ? 'STARTS_WITH' : 'ENDS_WITH'}(${own}, ${others})`;
    }
    case 'bits':
      throw refusedTest('ES|QL', field, test);
  }
}

/** Comparisons of fields, constants and arithmetic. */
function comparisonText(leaf: Compare | Holds): string {
  if (leaf.kind === 'holds') throw refusedLeaf('ES|QL', leaf);
  const isText = [leaf.left, leaf.right].some((side) => side.kind === 'constant' && typeof side.value === 'string');
  const [left, right] = [leaf.left, leaf.right].map((side) => expressionText(side, isText && !leaf.cased, leaf));
  return `${left} ${ORDERS[leaf.op]} ${right}`;
}

function expressionText(expression: Expression, isLowered: boolean, leaf: Compare): string {
  switch (expression.kind) {
    case 'field':
      return isLowered ? `TO_LOWER(${fieldName(expression.name)})` : fieldName(expression.name);
    case 'constant':
      if (expression.value === null) return 'NULL';
      return typeof expression.value === 'string'
        ? esqlString(lowered(expression.value, !isLowered))
        : String(expression.value);
    case 'arithmetic':
      // EQL rounds a division of whole numbers.
      if (expression.op === '/' || expression.op === '%') throw refusedLeaf('ES|QL', leaf);
      return `(${expressionText(expression.left, false, leaf)} ${expression.op} ${expressionText(expression.right, false, leaf)})`;
    case 'negative':
      return `(-${expressionText(expression.of, false, leaf)})`;
    default:
      throw refusedLeaf('ES|QL', leaf);
  }
}

/** Parts that are no plain name stand in backquotes. */
function fieldName(field: string): string {
  return field
    .split('.')
    .map((part) => (/^[A-Za-z_@][\w@]*$/.test(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.');
}

/** Three quotes where a backslash stands in the text, so that a path stays readable; hidden characters need escapes, of which ES|QL has few. */
function esqlString(text: string): string {
  refuseLoneSurrogate(text, 'ES|QL');
  const escaped = replaceHidden(text.replace(/["\\]/g, '\\$&'), (codePoint) => {
    const short = { 9: '\\t', 10: '\\n', 13: '\\r' }[codePoint];
    if (short === undefined)
      throw new UnsupportedError(`ES|QL has no escape for the character U+${codePoint.toString(16)}`);
    return short;
  });
  const isVerbatim = text.includes('\\') && escaped.length === text.replace(/["\\]/g, '\\$&').length;
  if (isVerbatim && !text.includes('"""') && !text.endsWith('"') && !text.startsWith('"')) return `"""${text}"""`;
  return `"${escaped}"`;
}

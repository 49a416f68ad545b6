// SQL for DuckDB over one table of events whose columns are text.
import { UnsupportedError } from '../../errors.ts';
import type { Compare, Condition, Expression, Holds, Keyword, Match } from '../condition.ts';
import { networkText } from '../network.ts';
import { patternShape, type TextPattern } from '../pattern.ts';
import { placeConditions } from '../place-match.ts';
import { sysmon } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import { numberTexts } from '../value-match.ts';
import type { LikeTest, NumberTest, ValueTest } from '../value-test.ts';
import { hasHidden, refuseLoneSurrogate } from '../visible-text.ts';
import {
  alternatives,
  type BooleanTokens,
  type BooleanTree,
  type Leaf,
  lowerLeaves,
  printBoolean,
  printWithin,
} from './boolean-text.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { re2Text } from './regex-syntax.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

const TOKENS: BooleanTokens = { and: 'AND', or: 'OR', not: 'NOT', notCall: false };
const ASSUMES = [
  'Read from: a table "events" with a column of text for each field, NULL where an event has none.',
  'Letter case is ignored by lower() and ILIKE.',
];

export const sql: Language = {
  id: 'sql',
  title: 'SQL (DuckDB)',
  extension: '.sql',
  taxonomy: sysmon,
  others: ['ecs', 'windows', 'mde', 'cim', 'ocsf'],
  emit: (rule, taxonomy = sysmon) => {
    const { place, parts } = translateRule(rule, taxonomy.id);
    if (place.computed)
      throw new UnsupportedError(
        `SQL: the columns ${Object.keys(place.computed).join(', ')} are worked out in KQL alone`,
      );
    const wheres = [...placeConditions(place), ...parts].map((part) =>
      printWithin(lowerLeaves(part, leafText), TOKENS, 1),
    );
    return `${[
      lineComments(openingLines(rule, taxonomy, ASSUMES), '--'),
      '',
      'SELECT *',
      'FROM events',
      `WHERE ${wheres.length === 0 ? 'true' : wheres.join('\n  AND ')};`,
    ].join('\n')}\n`;
  },
};

/**
 * A condition as an expression over columns of text, each named as its field; true, false or NULL. Throws UnsupportedError for what SQL cannot say.
 * Field names are taken as they are: it is no rule that is put into another taxonomy.
 */
export function sqlCondition(condition: Condition): string {
  return printBoolean(lowerLeaves(condition, leafText), TOKENS, 1);
}

/** Below a NOT what is unknown, since a value is NULL, is made false first. */
function leafText(leaf: Leaf, negated: boolean): BooleanTree {
  const tree =
    leaf.kind === 'match'
      ? matchText(leaf)
      : leaf.kind === 'keyword'
        ? keywordText(leaf)
        : ({ kind: 'atom', text: comparisonText(leaf) } as const);
  return negated ? { kind: 'atom', text: `coalesce(${printBoolean(tree, TOKENS, 1)}, false)` } : tree;
}

function matchText({ field, values }: Match): BooleanTree {
  const column = quoted(field);
  const equal: string[] = [];
  const equalCased: string[] = [];
  const others: string[] = [];
  for (const test of values) {
    if (isNumeral(test)) {
      // A number that is no cast: "4688.0" and "1_7" are other texts. Where letter case is nothing to it, the column need not be lowered.
      const texts = numberTexts(test.than);
      const own = texts.some((text) => /[a-f]/.test(text.slice(2))) ? texts : [...texts, ...texts.slice(1).map(upper)];
      (own === texts ? equal : equalCased).push(...own.map(sqlString));
    } else if (test.kind !== 'like') others.push(testText(column, test));
    else {
      const text = likeText(column, test);
      if (text === null) (test.cased ? equalCased : equal).push(sqlString(lowered(test.pattern.join(''), test.cased)));
      else others.push(text);
    }
  }
  if (equalCased.length > 0) others.unshift(equality(column, equalCased));
  if (equal.length > 0) others.unshift(equality(`lower(${column})`, equal));
  return alternatives(others);
}

type Numeral = NumberTest & { readonly op: 'eq' };

function isNumeral(test: ValueTest): test is Numeral {
  return test.kind === 'number' && test.op === 'eq';
}

function upper(hexadecimal: string): string {
  return hexadecimal.toUpperCase();
}

function equality(left: string, texts: readonly string[]): string {
  return texts.length === 1 ? `${left} = ${texts[0]}` : `${left} IN (${texts.join(', ')})`;
}

const FUNCTIONS = { startswith: 'starts_with', endswith: 'ends_with', contains: 'contains' } as const;

/** null for plain equality. */
function likeText(column: string, { pattern, cased }: LikeTest): string | null {
  const shape = patternShape(pattern);
  if (shape.shape === 'equals') return null;
  if (shape.shape !== 'other')
    return `${FUNCTIONS[shape.shape]}(${cased ? column : `lower(${column})`}, ${sqlString(lowered(shape.text, cased))})`;
  const escaping = /[%_]/.test(pattern.filter((part) => typeof part === 'string').join('')) ? " ESCAPE '!'" : '';
  const left = cased ? column : `lower(${column})`;
  return `${left} LIKE ${sqlString(lowered(likePattern(pattern, escaping !== ''), cased))}${escaping}`;
}

function likePattern(pattern: TextPattern, isEscaped: boolean): string {
  return pattern
    .map((part) => {
      if (typeof part === 'object') return part.any === 'one' ? '_' : '%';
      return isEscaped ? part.replace(/[%_!]/g, '!$&') : part;
    })
    .join('');
}

function lowered(text: string, cased: boolean): string {
  return cased ? text : text.toLowerCase();
}

/** A column as a number. DuckDB also reads "1_7", which is none here, and takes a whole number in hexadecimal for no DOUBLE. */
function numberOf(column: string): string {
  return `CASE WHEN NOT contains(${column}, '_') THEN coalesce(TRY_CAST(${column} AS DOUBLE), TRY_CAST(trim(${column}) AS UBIGINT)) END`;
}

const ORDERS = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** As the evaluation takes a whole number. */
const WHOLE = '\\s*(?:[0-9]{1,20}|0[xX][0-9A-Fa-f]{1,16})\\s*';

function testText(column: string, test: Exclude<ValueTest, LikeTest | Numeral>): string {
  switch (test.kind) {
    case 'regex':
      return `regexp_matches(${column}, ${sqlString(re2Text(test))})`;
    case 'number':
      return `${numberOf(column)} ${ORDERS[test.op]} ${test.than}`;
    case 'null':
      return `(${column} IS NULL OR ${column} = '')`;
    case 'exists':
      return `${column} IS ${test.wanted ? 'NOT ' : ''}NULL`;
    case 'boolean':
      return `lower(${column}) = '${test.wanted}'`;
    case 'field': {
      const [own, other] = [column, quoted(test.name)].map((name) => (test.cased ? name : `lower(${name})`));
      if (test.part === 'whole') return `${own} = ${other}`;
      const name = FUNCTIONS[({ start: 'startswith', end: 'endswith', anywhere: 'contains' } as const)[test.part]];
      return `${name}(${own}, ${other})`;
    }
    case 'bits': {
      const both = `(TRY_CAST(trim(${column}) AS UBIGINT) & ${test.mask}::UBIGINT)`;
      // Last, for it takes longer: DuckDB rounds 1.5, and reads "1_7", "+7" and "1e3".
      return `(${both} ${test.wanted === 'all' ? `= ${test.mask}` : '<> 0'} AND regexp_full_match(${column}, '${WHOLE}'))`;
    }
    case 'time':
      return `date_part('${test.part}', TRY_CAST(${column} AS TIMESTAMP)) ${ORDERS[test.op]} ${test.than}`;
    case 'cidr': {
      const { width, bits, address } = test.network;
      if (width !== 32) return `TRY_CAST(${column} AS INET) <<= '${networkText(test.network)}'::INET`;
      // Worked out, so that the extension for addresses is needed for IPv6 alone.
      const first = address >> BigInt(32 - bits);
      const octets = [1, 2, 3, 4].map((index) => `TRY_CAST(split_part(${column}, '.', ${index}) AS UTINYINT)::BIGINT`);
      const number = `((${octets[0]} << 24) + (${octets[1]} << 16) + (${octets[2]} << 8) + ${octets[3]})`;
      const isAddress = `regexp_full_match(${column}, '[0-9]{1,3}(?:[.][0-9]{1,3}){3}')`;
      return `(${isAddress} AND ${number} >> ${32 - bits} = ${first}) /* ${networkText(test.network)} */`;
    }
  }
}

/** Any column of the table. */
function keywordText({ values }: Keyword): BooleanTree {
  return alternatives(
    values.map((test) => {
      const tree = lowerLeaves({ kind: 'match', field: 'value', values: [test] }, (leaf) => matchText(leaf as Match));
      if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'field')
        throw refusedTest('SQL', 'any field', test);
      return `len(list_filter(json_extract_string(to_json(events), '$.*'), lambda value: ${printBoolean(tree, TOKENS)})) > 0`;
    }),
  );
}

/** Comparisons of fields, constants and arithmetic; DuckDB's functions are not EQL's. */
function comparisonText(leaf: Compare | Holds): string {
  if (leaf.kind === 'holds') throw refusedLeaf('SQL', leaf);
  const sides = [leaf.left, leaf.right];
  const isText = sides.every(
    (side) => side.kind === 'field' || typeof (side.kind === 'constant' && side.value) === 'string',
  );
  const [left, right] = sides.map((side) => expressionText(side, isText, leaf.cased, leaf));
  return `${left} ${ORDERS[leaf.op]} ${right}`;
}

function expressionText(expression: Expression, isText: boolean, cased: boolean, leaf: Compare): string {
  switch (expression.kind) {
    case 'field': {
      const column = quoted(expression.name);
      return isText ? (cased ? column : `lower(${column})`) : `TRY_CAST(${column} AS DOUBLE)`;
    }
    case 'constant':
      if (expression.value === null) return 'NULL';
      return typeof expression.value === 'string'
        ? sqlString(lowered(expression.value, cased))
        : String(expression.value);
    case 'arithmetic': {
      // EQL rounds a division of whole numbers.
      if (expression.op === '/' || expression.op === '%') throw refusedLeaf('SQL', leaf);
      const [left, right] = [expression.left, expression.right].map((side) => expressionText(side, false, cased, leaf));
      return `(${left} ${expression.op} ${right})`;
    }
    case 'negative':
      return `(-${expressionText(expression.of, false, cased, leaf)})`;
    default:
      throw refusedLeaf('SQL', leaf);
  }
}

/** A name of a column. */
export function quoted(name: string): string {
  refuseLoneSurrogate(name, 'SQL');
  if (name.includes('\0')) throw new UnsupportedError('SQL: a name with a NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal; with control characters one with escapes. */
export function sqlString(text: string): string {
  refuseLoneSurrogate(text, 'SQL');
  if (text.includes('\0')) throw new UnsupportedError('SQL: a text with a NUL');
  if (!hasHidden(text)) return `'${text.replaceAll("'", "''")}'`;
  const parts = [...text].map((c) => (hasHidden(c) ? `' || chr(${c.codePointAt(0)}) || '` : c.replace("'", "''")));
  return `('${parts.join('')}')`;
}

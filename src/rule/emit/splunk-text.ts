// SPL over any one source: what the search command can say stands there, the rest in `where`.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, conjuncts, fieldsOf, type Keyword, type Match } from '../condition.ts';
import { networkText } from '../network.ts';
import { patternShape, type TextPattern } from '../pattern.ts';
import type { Rule } from '../rule.ts';
import type { Place } from '../taxonomy/event-kind.ts';
import type { Taxonomy } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { ValueTest } from '../value-test.ts';
import { refuseLoneSurrogate } from '../visible-text.ts';
import {
  alternatives,
  type BooleanTokens,
  type BooleanTree,
  type Leaf,
  lowerLeaves,
  printBoolean,
} from './boolean-text.ts';
import { openingLines } from './opening-lines.ts';
import { pcreText } from './regex-syntax.ts';
import { PERL_LIKE, regexBody } from './regex-text.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

const TOKENS: BooleanTokens = { and: 'AND', or: 'OR', not: 'NOT', notCall: false };

/** What differs between the sources. */
export interface SplunkSource {
  readonly taxonomy: Taxonomy;
  /** The first line, without the search. `search`: what the search command takes, or nothing. */
  readonly first: (place: Place, search: readonly string[]) => readonly string[];
  readonly assumes: (place: Place) => readonly string[];
  /** A column's name where the source calls it otherwise. */
  readonly column: (name: string) => string;
  /** Whether the raw text of an event can be searched. */
  readonly hasRaw: boolean;
}

/**
 * What must hold and fits the search command goes there, so that the index does the work; the rest becomes `where`, whose
 * regular expressions can say "one character" and can be anchored. An absent field is made empty first: NOT of nothing is nothing in `where`.
 */
export function emitSplunk(rule: Rule, source: SplunkSource): string {
  const { place, parts } = translateRule(rule, source.taxonomy.id);
  const search: string[] = [];
  const wheres: Condition[] = [];
  for (const part of parts.flatMap(conjuncts)) {
    const text = searchText(part, source);
    if (text === null) wheres.push(part);
    else search.push(text);
  }
  const columns = [...new Set(wheres.flatMap(fieldsOf).map(source.column))].map(fieldName);
  return `${[
    ...openingLines(rule, source.taxonomy, source.assumes(place))
      .filter((line) => line !== '')
      .map(comment),
    ...source.first(place, search),
    ...(columns.length > 0 ? [`| fillnull value="" ${columns.join(' ')}`] : []),
    ...wheres.map(
      (part) =>
        `| where ${printBoolean(
          lowerLeaves(part, (leaf) => whereText(leaf, source)),
          TOKENS,
          1,
        )}`,
    ),
  ].join('\n')}\n`;
}

/** A comment in triple backticks, with nothing in it that a parser of quotes, macros, pipes or subsearches could take up. */
function comment(line: string): string {
  const plain = line.replace(/[`"[\]|]/g, (character) =>
    character === '"' ? "'" : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  return `\`\`\` ${plain} \`\`\``;
}

function fieldName(name: string): string {
  if (/^[A-Za-z_][\w.]*$/.test(name)) return name;
  throw new UnsupportedError(`SPL: a field called ${JSON.stringify(name)}`);
}

/** `Field="*value"` for the search command, or null where it cannot say the part: `*` is its only wildcard and cannot be escaped. */
function searchText(part: Condition, source: SplunkSource): string | null {
  if (part.kind === 'keyword') return keywordText(part, source);
  if (part.kind === 'named') return searchText(part.of, source);
  if ((part.kind === 'or' || part.kind === 'and') && part.of.length > 0) {
    const texts = part.of.map((one) => searchText(one, source));
    if (texts.includes(null)) return null;
    return texts.length === 1 ? texts[0] : `(${texts.join(part.kind === 'or' ? ' OR ' : ' ')})`;
  }
  if (part.kind !== 'match') return null;
  const column = fieldName(source.column(part.field));
  if (part.values.length === 0) throw new UnsupportedError('a match without values has no text in any language');
  const texts = part.values.map((test) => searchTerm(column, test));
  if (texts.some((text) => text === null)) return null;
  return texts.length === 1 ? texts[0] : `(${texts.join(' OR ')})`;
}

function searchTerm(column: string, test: ValueTest): string | null {
  if (test.kind === 'like' && !test.cased) {
    const text = searchValue(test.pattern);
    return text === null ? null : `${column}="${text}"`;
  }
  if (test.kind === 'number')
    return `${column}${{ eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.op]}${test.than}`;
  if (test.kind === 'boolean') return `${column}="${test.wanted}"`;
  return null;
}

function searchValue(pattern: TextPattern): string | null {
  if (pattern.length === 1 && pattern[0] === '') return null;
  let text = '';
  for (const [index, part] of pattern.entries()) {
    if (typeof part === 'object') {
      if (part.any === 'one') return null;
      text += '*';
    } else {
      const beforeStar = index + 1 < pattern.length;
      if (!/^[\x20-\x7e]*$/.test(part) || part.includes('*') || (beforeStar && part.endsWith('\\'))) return null;
      text += part.replace(/["\\]/g, '\\$&');
    }
  }
  return text;
}

/** In the raw text of the event, which is XML: characters that it writes otherwise are refused. */
function keywordText({ values }: Keyword, { hasRaw }: SplunkSource): string {
  if (!hasRaw) throw new UnsupportedError('a data model has no words for keywords, which may stand in any field');
  const texts = values.map((test) => {
    const shape = test.kind === 'like' && !test.cased ? patternShape(test.pattern) : { shape: 'other' as const };
    const text = shape.shape === 'contains' && !/[<>&"']/.test(shape.text) ? searchValue([shape.text]) : null;
    if (text === null) throw refusedTest('SPL', 'any field', test);
    return `_raw="*${text}*"`;
  });
  return texts.length === 1 ? texts[0] : `(${texts.join(' OR ')})`;
}

function whereText(leaf: Leaf, source: SplunkSource): BooleanTree {
  if (leaf.kind === 'keyword') return { kind: 'atom', text: `searchmatch(${evalString(keywordText(leaf, source))})` };
  if (leaf.kind !== 'match') throw refusedLeaf('SPL', leaf);
  return matchText(leaf, source);
}

function matchText({ field, values }: Match, source: SplunkSource): BooleanTree {
  const column = fieldName(source.column(field));
  return alternatives(values.map((test) => testText(field, column, test, source)));
}

const ORDERS = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function testText(field: string, column: string, test: ValueTest, source: SplunkSource): string {
  switch (test.kind) {
    case 'like':
      return `match(${column}, ${evalString(`(?${test.cased ? '' : 'i'}s)^${regexBody(test.pattern, PERL_LIKE)}\\z`)})`;
    case 'regex':
      return `match(${column}, ${evalString(pcreText(test))})`;
    case 'number':
      return `coalesce(tonumber(${column})${ORDERS[test.op]}${test.than}, false())`;
    case 'cidr':
      return `cidrmatch(${evalString(networkText(test.network))}, ${column})`;
    case 'null':
      return `${column}=""`;
    case 'exists':
      return `${column}${test.wanted ? '!=' : '='}""`;
    case 'boolean':
      return `lower(${column})="${test.wanted}"`;
    case 'field': {
      const name = fieldName(source.column(test.name));
      const [own, other] = test.cased ? [column, name] : [`lower(${column})`, `lower(${name})`];
      const both = `${column}!="" AND ${name}!=""`;
      if (test.part === 'whole') return `(${both} AND ${own}=${other})`;
      if (test.part === 'start') return `(${both} AND substr(${own}, 1, len(${name}))=${other})`;
      if (test.part === 'end') return `(${both} AND substr(${own}, -len(${name}))=${other})`;
      throw refusedTest('SPL', field, test);
    }
    case 'bits':
    case 'time':
      throw refusedTest('SPL', field, test);
  }
}

/** A condition that is one of several values. */
export function placeTerms({ has }: Place, column: (name: string) => string): readonly string[] {
  return Object.entries(has).map(([name, values]) => {
    const terms = values.map((value) => `${column(name)}=${typeof value === 'number' ? value : `"${value}"`}`);
    return terms.length === 1 ? terms[0] : `(${terms.join(' OR ')})`;
  });
}

/** A string of `eval` and `where`: quote and backslash after a backslash. The text holds no hidden character. */
function evalString(text: string): string {
  refuseLoneSurrogate(text, 'SPL');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

// The query DSL of Elasticsearch and OpenSearch, as the JSON of a search request.
import { UnsupportedError } from '../../errors.ts';
import type { Condition, Match } from '../condition.ts';
import { networkText } from '../network.ts';
import type { TextPattern } from '../pattern.ts';
import { placeConditions } from '../place-match.ts';
import { columnType } from '../taxonomy/column-types.ts';
import { ecs, type TaxonomyId } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { ValueTest } from '../value-test.ts';
import { escapedJson } from '../visible-text.ts';
import type { Language } from './language.ts';
import { luceneText } from './regex-syntax.ts';
import { hasCaseOutsideAscii, LUCENE, regexBody } from './regex-text.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

type Query = Readonly<Record<string, unknown>>;

/** Default of index.max_regex_length: Elasticsearch refuses the query beyond it. */
export const LONGEST_REGEX = 1000;

export const dsl: Language = {
  id: 'dsl',
  title: 'Query DSL (Elasticsearch, OpenSearch)',
  extension: '.json',
  taxonomy: ecs,
  others: ['sysmon', 'windows', 'ocsf'],
  emit: (rule, taxonomy = ecs) => {
    const { place, parts } = translateRule(rule, taxonomy.id);
    const filter = [...placeConditions(place), ...parts].map((part) => queryOf(part, taxonomy.id));
    const json = JSON.stringify({ query: { bool: { filter } } }, null, 2);
    return `${json.split('\n').map(escapedJson).join('\n')}\n`;
  },
};

function queryOf(condition: Condition, taxonomy: TaxonomyId): Query {
  switch (condition.kind) {
    case 'named':
      return queryOf(condition.of, taxonomy);
    case 'not':
      return { bool: { must_not: [queryOf(condition.of, taxonomy)] } };
    case 'and':
    case 'or': {
      if (condition.of.length === 0)
        throw new UnsupportedError(`an empty "${condition.kind}" has no text in any language`);
      const parts = condition.of.map((part) => queryOf(part, taxonomy));
      return condition.kind === 'and' ? { bool: { filter: parts } } : anyOf(parts);
    }
    case 'match':
      return matchQuery(condition, taxonomy);
    default:
      throw refusedLeaf('the query DSL', condition);
  }
}

function anyOf(parts: readonly Query[]): Query {
  return parts.length === 1 ? parts[0] : { bool: { should: parts, minimum_should_match: 1 } };
}

function matchQuery({ field, values }: Match, taxonomy: TaxonomyId): Query {
  if (values.length === 0) throw new UnsupportedError('a match without values has no text in any language');
  return anyOf(values.map((test) => testQuery(field, test, columnType(taxonomy, field))));
}

function testQuery(field: string, test: ValueTest, type: string): Query {
  switch (test.kind) {
    case 'like':
      return likeQuery(field, test.pattern, test.cased, type);
    case 'regex': {
      if (type !== 'text') throw refusedTest('the query DSL', `the ${type} ${field}`, test);
      return regexQuery(field, luceneText(test, true), true);
    }
    case 'number':
      if (test.op === 'eq') return { term: { [field]: { value: type === 'number' ? test.than : String(test.than) } } };
      if (type !== 'number')
        throw new UnsupportedError(`the query DSL does not compare ${field}, which holds text, as a number`);
      return { range: { [field]: { [test.op]: test.than } } };
    case 'cidr': {
      const network = networkText(test.network);
      if (type === 'address') return { term: { [field]: { value: network } } };
      const start = octetsOf(test);
      if (start === null) throw refusedTest('the query DSL', `the text ${field}`, test);
      return { prefix: { [field]: { value: start } } };
    }
    case 'null':
      return anyOf([
        { bool: { must_not: [{ exists: { field } }] } },
        ...(type === 'text' ? [{ term: { [field]: { value: '' } } }] : []),
      ]);
    case 'exists':
      return test.wanted ? { exists: { field } } : { bool: { must_not: [{ exists: { field } }] } };
    case 'boolean':
      return type === 'boolean'
        ? { term: { [field]: { value: test.wanted } } }
        : likeQuery(field, [String(test.wanted)], false, type);
    default:
      throw refusedTest('the query DSL', field, test);
  }
}

/** "10.1." of 10.1.0.0/16: what the addresses of a network begin with, where it ends between two numbers. */
export function octetsOf({ network }: Extract<ValueTest, { kind: 'cidr' }>): string | null {
  if (network.width !== 32 || network.bits % 8 !== 0 || network.bits === 0 || network.bits === 32) return null;
  return `${networkText(network)
    .split('.')
    .slice(0, network.bits / 8)
    .join('.')}.`;
}

/** `term` and `wildcard` ignore the case of ASCII letters alone; others are spelled out in a regular expression. */
function likeQuery(field: string, pattern: TextPattern, cased: boolean, type: string): Query {
  const literals = pattern.filter((part): part is string => typeof part === 'string');
  const isLiteral = literals.length === pattern.length;
  if (type !== 'text') {
    if (!isLiteral) throw new UnsupportedError(`${field} holds a ${type}, which no pattern fits`);
    return { term: { [field]: { value: literals.join('') } } };
  }
  if (!cased && literals.some(hasCaseOutsideAscii)) return regexQuery(field, regexBody(pattern, LUCENE), false);
  const ignoring = cased || !literals.some((text) => /[A-Za-z]/.test(text)) ? {} : { case_insensitive: true };
  if (isLiteral) return { term: { [field]: { value: literals.join(''), ...ignoring } } };
  const value = pattern
    .map((part) => (typeof part === 'string' ? part.replace(/[\\*?]/g, '\\$&') : part.any === 'one' ? '?' : '*'))
    .join('');
  return { wildcard: { [field]: { value, ...ignoring } } };
}

function regexQuery(field: string, value: string, cased: boolean): Query {
  if (value.length > LONGEST_REGEX)
    throw new UnsupportedError(
      `a regular expression of ${value.length} characters is longer than Elasticsearch takes (${LONGEST_REGEX})`,
    );
  return { regexp: { [field]: { value, flags: 'ALL', ...(cased ? {} : { case_insensitive: true }) } } };
}

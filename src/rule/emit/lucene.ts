// Lucene's query string over keyword fields, as Kibana and OpenSearch Dashboards take it.
import { UnsupportedError } from '../../errors.ts';
import type { Match } from '../condition.ts';
import { networkText } from '../network.ts';
import type { TextPattern } from '../pattern.ts';
import { placeConditions } from '../place-match.ts';
import { columnType } from '../taxonomy/column-types.ts';
import { ecs, type TaxonomyId } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { ValueTest } from '../value-test.ts';
import { hasHidden, refuseLoneSurrogate } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, lowerLeaves, printWithin } from './boolean-text.ts';
import { LONGEST_REGEX, octetsOf } from './dsl.ts';
import type { Language } from './language.ts';
import { luceneText } from './regex-syntax.ts';
import { LUCENE, regexBody } from './regex-text.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

const TOKENS: BooleanTokens = { and: 'AND', or: 'OR', not: 'NOT', notCall: false };

/** It has no comments: the text is the query alone. */
export const lucene: Language = {
  id: 'lucene',
  title: 'Lucene (Elasticsearch, OpenSearch)',
  extension: '.lucene',
  taxonomy: ecs,
  others: ['sysmon', 'windows', 'ocsf'],
  emit: (rule, taxonomy = ecs) => {
    const { place, parts } = translateRule(rule, taxonomy.id);
    const texts = [...placeConditions(place), ...parts].map((part) => {
      const tree = lowerLeaves(part, (leaf) => {
        if (leaf.kind !== 'match') throw refusedLeaf('Lucene', leaf);
        return matchText(leaf, taxonomy.id);
      });
      return printWithin(tree.kind === 'not' ? { kind: 'not', of: positive(tree.of) } : positive(tree), TOKENS, 1);
    });
    return `${texts.join(' AND\n')}\n`;
  },
};

/** A NOT counts only beside something that must hold: alone, or in a list of OR, it would be a condition of the whole list. */
function positive(tree: BooleanTree): BooleanTree {
  if (tree.kind === 'atom') return tree;
  if (tree.kind === 'not')
    return {
      kind: 'and',
      of: [
        { kind: 'atom', text: '*:*' },
        { kind: 'not', of: positive(tree.of) },
      ],
    };
  return { kind: tree.kind, of: tree.of.map(positive) };
}

function matchText({ field, values }: Match, taxonomy: TaxonomyId): BooleanTree {
  const name = field.replace(/[^\w.@]/g, '\\$&');
  return alternatives(values.map((test) => testText(field, name, test, columnType(taxonomy, field))));
}

function testText(field: string, name: string, test: ValueTest, type: string): string {
  switch (test.kind) {
    case 'like':
      return likeText(name, test.pattern, test.cased, type);
    case 'regex':
      if (type !== 'text') throw refusedTest('Lucene', `the ${type} ${field}`, test);
      return regexText(name, luceneText(test, true));
    case 'number':
      if (test.op === 'eq') return `${name}:${escaped(String(test.than))}`;
      if (type !== 'number')
        throw new UnsupportedError(`Lucene does not compare ${field}, which holds text, as a number`);
      return `${name}:${{ lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.op]}${test.than}`;
    case 'cidr': {
      const network = networkText(test.network);
      if (type === 'address') return `${name}:"${network}"`;
      const start = octetsOf(test);
      if (start === null) throw refusedTest('Lucene', `the text ${field}`, test);
      return `${name}:${start}*`;
    }
    case 'null':
      return type === 'text' ? `((*:* AND NOT _exists_:${name}) OR ${name}:"")` : `(*:* AND NOT _exists_:${name})`;
    case 'exists':
      return test.wanted ? `_exists_:${name}` : `(*:* AND NOT _exists_:${name})`;
    case 'boolean':
      return type === 'boolean' ? `${name}:${test.wanted}` : likeText(name, [String(test.wanted)], false, type);
    default:
      throw refusedTest('Lucene', field, test);
  }
}

/** Keyword fields are compared with their letter case: where it is to be ignored, a regular expression spells each letter in both. */
function likeText(name: string, pattern: TextPattern, cased: boolean, type: string): string {
  const literals = pattern.filter((part): part is string => typeof part === 'string');
  if (type !== 'text') {
    if (literals.length !== pattern.length)
      throw new UnsupportedError(`${name} holds a ${type}, which no pattern fits`);
    return `${name}:"${quotedText(literals.join(''))}"`;
  }
  const hasCase = literals.some((text) => text.toLowerCase() !== text.toUpperCase());
  if (!cased && hasCase) return regexText(name, regexBody(pattern, { ...LUCENE, spellAscii: true }));
  if (literals.some(hasHidden)) return regexText(name, regexBody(pattern, { ...LUCENE, spellCases: false }));
  if (literals.length === pattern.length) return `${name}:"${quotedText(literals.join(''))}"`;
  return `${name}:${pattern.map((part) => (typeof part === 'string' ? escaped(part) : part.any === 'one' ? '?' : '*')).join('')}`;
}

function quotedText(text: string): string {
  refuseHidden(text);
  return text.replace(/["\\]/g, '\\$&');
}

function escaped(text: string): string {
  refuseHidden(text);
  return text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/ ]/g, '\\$&');
}

/** The query is one text without escapes for what cannot be seen. */
function refuseHidden(text: string): void {
  refuseLoneSurrogate(text, 'Lucene');
  if (hasHidden(text)) throw new UnsupportedError('Lucene has no escape for a character that cannot be seen');
}

function regexText(name: string, regex: string): string {
  refuseHidden(regex);
  if (regex.length > LONGEST_REGEX)
    throw new UnsupportedError(
      `a regular expression of ${regex.length} characters is longer than Elasticsearch takes (${LONGEST_REGEX})`,
    );
  return `${name}:/${regex.replaceAll('/', '\\/')}/`;
}

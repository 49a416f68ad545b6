// EQL as Elasticsearch reads it, over ECS fields.
import { UnsupportedError } from '../../errors.ts';
import { type Match, mergeAlternatives } from '../condition.ts';
import { literalsOf, type TextPattern } from '../pattern.ts';
import { placeMatch } from '../place-match.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { columnFor, ecs } from '../taxonomy.ts';
import { refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, lowerCondition, printWithin } from './boolean-text.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { hasCaseOutsideAscii, LUCENE, regexBody } from './regex-text.ts';

const TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: false };
/** Default of index.max_regex_length: Elasticsearch refuses the query beyond it. */
const LONGEST_REGEX = 1000;
const LOG_SOURCE = 'process where host.os.type == "windows" and event.type == "start"';

export const eql: Language = {
  id: 'eql',
  title: 'EQL (Elasticsearch)',
  extension: '.eql',
  taxonomy: ecs,
  emit: (rule) => `${lineComments(openingLines(rule, ecs, EQL_ASSUMES), '//')}\n\n${eqlQuery(rule)}\n`,
};

export const EQL_ASSUMES: readonly string[] = [
  'Letter case is ignored by ":", "in~" and "regex~"; in paths "?" is any one character (the drive letter) and "*" any number.',
];

/** The query alone, without comments. */
export function eqlQuery(rule: Rule): string {
  const tree = lowerCondition(mergeAlternatives(conditionOf(rule, 'EQL')), matchText);
  const parts = tree.kind === 'and' ? tree.of : [tree];
  return [LOG_SOURCE, ...parts.map((part) => printWithin(part, TOKENS, 1))].join(' and\n  ');
}

/**
 * `:` has wildcards and no way to escape them, `in~` has none, `regex~` says everything: each value goes to the first that
 * says it exactly. None of them ignores the case of letters outside ASCII, so those are spelled out in a regular expression.
 */
function matchText(match: Match): BooleanTree {
  const [only] = match.values;
  if (match.values.length === 1 && only.kind === 'boolean')
    return alternatives([`${columnFor(match.field, ecs).name} == ${only.wanted}`]);
  const { column, values } = placeMatch(match, ecs);
  const byOperator = new Map<string, string[]>();
  for (const pattern of values) {
    const operator = operatorFor(pattern);
    const text = operator === 'regex~' ? regexText(pattern) : pattern.map(partText).join('');
    byOperator.set(operator, [...(byOperator.get(operator) ?? []), eqlString(text)]);
  }
  return alternatives([...byOperator].map(([operator, texts]) => comparison(column, operator, texts)));
}

function operatorFor(pattern: TextPattern): ':' | 'in~' | 'regex~' {
  const literals = literalsOf(pattern);
  if (literals.some(hasCaseOutsideAscii)) return 'regex~';
  if (!literals.some((text) => /[*?]/.test(text))) return ':';
  return literals.length === pattern.length ? 'in~' : 'regex~';
}

function partText(part: TextPattern[number]): string {
  return typeof part === 'string' ? part : part.any === 'one' ? '?' : '*';
}

function regexText(pattern: TextPattern): string {
  const text = regexBody(pattern, LUCENE);
  if (text.length > LONGEST_REGEX) {
    throw new UnsupportedError(
      `EQL: a regular expression of ${text.length} characters is longer than Elasticsearch takes (${LONGEST_REGEX})`,
    );
  }
  return text;
}

function comparison(column: string, operator: string, texts: readonly string[]): string {
  if (texts.length === 1 && operator !== 'in~') return `${column} ${operator} ${texts[0]}`;
  const line = `${column} ${operator} (${texts.join(', ')})`;
  return line.length <= 110 ? line : `${column} ${operator} (\n  ${texts.join(',\n  ')}\n)`;
}

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map(
  [...'btnfr'].map((letter, index) => ['\b\t\n\f\r'.charCodeAt(index), `\\${letter}`]),
);

/** A double-quoted EQL string; hidden characters as \n and its like, or as \u{hex}. */
export function eqlString(text: string): string {
  refuseLoneSurrogate(text, 'EQL');
  const escaped = replaceHidden(
    text.replace(/["\\]/g, '\\$&'),
    (codePoint) => SHORT_ESCAPES.get(codePoint) ?? `\\u{${codePoint.toString(16).padStart(4, '0')}}`,
  );
  return `"${escaped}"`;
}

// Splunk SPL over Sysmon event 1 as the Splunk Add-on for Sysmon names its fields.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, conjuncts, type Match, walk } from '../condition.ts';
import type { TextPattern } from '../pattern.ts';
import { placeMatch } from '../place-match.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { sysmon } from '../taxonomy.ts';
import { refuseLoneSurrogate } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, lowerCondition, printBoolean } from './boolean-text.ts';
import type { Language } from './language.ts';
import { openingLines } from './opening-lines.ts';
import { PERL_LIKE, regexBody } from './regex-text.ts';

const TOKENS: BooleanTokens = { and: 'AND', or: 'OR', not: 'NOT', notCall: false };
const SOURCE = 'source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational" EventCode=1';
const ASSUMES = [
  `Search: ${SOURCE.replaceAll('"', '')} (Splunk Add-on for Sysmon); add your index.`,
  'Letter case is ignored by field=value and by (?i) in match().',
];

export const splunk: Language = {
  id: 'splunk',
  title: 'SPL (Splunk, Sysmon)',
  extension: '.spl',
  taxonomy: sysmon,
  emit: emitSplunk,
};

/**
 * What must hold and fits the search command goes there, so that the index does the work; the rest becomes `where`, whose
 * regular expressions can say "one character" and can be anchored. An absent field is made empty first: NOT of nothing is nothing in `where`.
 */
function emitSplunk(rule: Rule): string {
  const search: string[] = [];
  const wheres: Condition[] = [];
  for (const part of conjuncts(conditionOf(rule, 'SPL'))) {
    const text = part.kind === 'match' ? searchText(part) : null;
    if (text === null) wheres.push(part);
    else search.push(text);
  }
  const columns = wheres.flatMap((part) =>
    [...walk(part)].flatMap((node) => (node.kind === 'match' ? [placeMatch(node, sysmon).column] : [])),
  );
  return `${[
    ...openingLines(rule, sysmon, ASSUMES)
      .filter((line) => line !== '')
      .map(comment),
    [SOURCE, ...search].join(' '),
    ...(columns.length > 0 ? [`| fillnull value="" ${[...new Set(columns)].join(' ')}`] : []),
    ...wheres.map((part) => `| where ${printBoolean(lowerCondition(part, whereText), TOKENS, 1)}`),
  ].join('\n')}\n`;
}

/** A comment in triple backticks, with nothing in it that a parser of quotes, macros, pipes or subsearches could take up. */
function comment(line: string): string {
  const plain = line.replace(/[`"[\]|]/g, (character) =>
    character === '"' ? "'" : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  return `\`\`\` ${plain} \`\`\``;
}

/** `Field="*value"` for the search command, or null where it cannot say the match: `*` is its only wildcard and cannot be escaped. */
function searchText(match: Match): string | null {
  const { column, values } = placeMatch(match, sysmon);
  if (values.length === 0) throw new UnsupportedError('a match without values has no text in any language');
  const texts = values.map(searchValue);
  if (texts.some((text) => text === null)) return null;
  const terms = texts.map((text) => `${column}="${text}"`);
  return terms.length === 1 ? terms[0] : `(${terms.join(' OR ')})`;
}

function searchValue(pattern: TextPattern): string | null {
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

function whereText(match: Match): BooleanTree {
  const { column, values } = placeMatch(match, sysmon);
  return alternatives(
    values.map((pattern) => `match(${column}, ${evalString(`(?is)^${regexBody(pattern, PERL_LIKE)}\\z`)})`),
  );
}

/** A string of `eval` and `where`: quote and backslash after a backslash. The text holds no hidden character. */
function evalString(text: string): string {
  refuseLoneSurrogate(text, 'SPL');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

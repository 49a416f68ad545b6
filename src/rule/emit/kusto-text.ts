// KQL over any one table: what Defender XDR and Sentinel share.
import { conjuncts, type Match } from '../condition.ts';
import { patternShape } from '../pattern.ts';
import { placeMatch } from '../place-match.ts';
import { conditionOf, type Rule } from '../rule.ts';
import type { Taxonomy } from '../taxonomy.ts';
import { hasHidden, refuseLoneSurrogate } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, lowerCondition, printBoolean } from './boolean-text.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { hasCaseOutsideAscii, PERL_LIKE, regexBody } from './regex-text.ts';

const TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: true };
const ASSUMES = ['Letter case is ignored by =~, in~, startswith, endswith, contains and (?i).'];

/** The whole rule text: comment, the table's own first lines, one `where` a condition that must hold. */
export function emitKusto(
  rule: Rule,
  taxonomy: Taxonomy,
  source: readonly string[],
  assumes: readonly string[],
): string {
  const wheres = conjuncts(conditionOf(rule, 'KQL')).map((part) => {
    const tree = lowerCondition(part, (match) => matchText(match, taxonomy));
    return `| where ${printBoolean(tree, TOKENS, 1)}`;
  });
  return `${[lineComments(openingLines(rule, taxonomy, [...ASSUMES, ...assumes]), '//'), '', ...source, ...wheres].join('\n')}\n`;
}

/** The words for plain ASCII text of a known shape; KQL ignores case outside ASCII only in a regular expression. */
function matchText(match: Match, taxonomy: Taxonomy): BooleanTree {
  const { column, values } = placeMatch(match, taxonomy);
  const equal: string[] = [];
  const others: string[] = [];
  for (const pattern of values) {
    const shape = patternShape(pattern);
    if (shape.shape === 'other' || hasHidden(shape.text) || hasCaseOutsideAscii(shape.text)) {
      others.push(`${column} matches regex ${kustoString(`(?is)^${regexBody(pattern, PERL_LIKE)}$`)}`);
    } else if (shape.shape === 'equals') equal.push(kustoString(shape.text));
    else others.push(`${column} ${shape.shape} ${kustoString(shape.text)}`);
  }
  if (equal.length === 1) others.unshift(`${column} =~ ${equal[0]}`);
  if (equal.length > 1) others.unshift(`${column} in~ (${equal.join(', ')})`);
  return alternatives(others);
}

/** A verbatim KQL string: only the quote is doubled, a backslash is itself. The text holds no hidden character. */
function kustoString(text: string): string {
  refuseLoneSurrogate(text, 'KQL');
  return `@"${text.replaceAll('"', '""')}"`;
}

// And, or, not as text: precedence, parentheses and line breaks, shared by every language.
import { UnsupportedError } from '../../errors.ts';
import type { Compare, Condition, Holds, Keyword, Match } from '../condition.ts';

/** A condition whose comparisons are text already. */
export type BooleanTree =
  | { readonly kind: 'and' | 'or'; readonly of: readonly BooleanTree[] }
  | { readonly kind: 'not'; readonly of: BooleanTree }
  /** Further lines of the text are indented relative to its first. */
  | { readonly kind: 'atom'; readonly text: string };

/** A language's words. `notCall`: `not(x)` is a function call and always takes parentheses. */
export interface BooleanTokens {
  readonly and: string;
  readonly or: string;
  readonly not: string;
  readonly notCall: boolean;
}

const LONGEST_LINE = 110;
/** Binding strength, loosest first. */
const STRENGTH = { or: 1, and: 2, not: 3, atom: 4 } as const;

/** One match as the alternatives a language needs to say it (one comparison for the plain values, one for the rest). */
export function alternatives(texts: readonly string[]): BooleanTree {
  if (texts.length === 0) throw new UnsupportedError('a match without values has no text in any language');
  if (texts.length === 1) return { kind: 'atom', text: texts[0] };
  return { kind: 'or', of: texts.map((text) => ({ kind: 'atom', text })) };
}

/** What a condition is made of, below and, or and not. */
export type Leaf = Match | Keyword | Compare | Holds;

/** Turns every match into text; names fall away. What else there is below and, or and not is refused. */
export function lowerCondition(condition: Condition, lower: (match: Match) => BooleanTree): BooleanTree {
  return lowerLeaves(condition, (leaf) => {
    if (leaf.kind === 'match') return lower(leaf);
    throw new UnsupportedError(`"${leaf.kind}" is not written yet`);
  });
}

/** Turns every leaf into text; names fall away. `negated`: it stands below a `not`, where a leaf that is neither true nor false would not be turned round. */
export function lowerLeaves(
  condition: Condition,
  lower: (leaf: Leaf, negated: boolean) => BooleanTree,
  negated = false,
): BooleanTree {
  switch (condition.kind) {
    case 'named':
      return lowerLeaves(condition.of, lower, negated);
    case 'not':
      return { kind: 'not', of: lowerLeaves(condition.of, lower, true) };
    case 'and':
    case 'or':
      if (condition.of.length === 0)
        throw new UnsupportedError(`an empty "${condition.kind}" has no text in any language`);
      return { kind: condition.kind, of: condition.of.map((part) => lowerLeaves(part, lower, negated)) };
    default:
      return lower(condition, negated);
  }
}

/** The tree as text; long lists break into lines indented by two blanks a level, the first line is never indented. */
export function printBoolean(tree: BooleanTree, tokens: BooleanTokens, depth = 0): string {
  switch (tree.kind) {
    case 'atom':
      return tree.text.replaceAll('\n', `\n${'  '.repeat(depth)}`);
    case 'not': {
      const bare = !tokens.notCall && STRENGTH[tree.of.kind] >= STRENGTH.not;
      const inner = bare ? ` ${printBoolean(tree.of, tokens, depth)}` : inParentheses(tree.of, tokens, depth);
      return `${tokens.not}${bare || tokens.notCall ? '' : ' '}${inner}`;
    }
    case 'and':
    case 'or': {
      if (tree.of.length === 1) return printBoolean(tree.of[0], tokens, depth);
      const parts = tree.of.map((part) => printWithin(part, tokens, depth));
      const line = parts.join(` ${tokens[tree.kind]} `);
      if (line.length <= LONGEST_LINE && !line.includes('\n')) return line;
      return parts.join(` ${tokens[tree.kind]}\n${'  '.repeat(depth)}`);
    }
  }
}

/** One part of a list, in parentheses unless it is a comparison or a negation: nobody should have to know which of the two binds stronger. */
export function printWithin(part: BooleanTree, tokens: BooleanTokens, depth: number): string {
  const bare = STRENGTH[part.kind] >= STRENGTH.not;
  return bare ? printBoolean(part, tokens, depth) : inParentheses(part, tokens, depth);
}

function inParentheses(tree: BooleanTree, tokens: BooleanTokens, depth: number): string {
  const inner = printBoolean(tree, tokens, depth + 1);
  if (!inner.includes('\n')) return `(${inner})`;
  return `(\n${'  '.repeat(depth + 1)}${inner}\n${'  '.repeat(depth)})`;
}

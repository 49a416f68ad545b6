// A text pattern: literal text and wildcards as ordered parts, so that no language's escaping leaks into the rule.

/** `one` stands for exactly one character, `many` for any number of characters, none included; both cross a folder's backslash. */
export interface Wildcard {
  readonly any: 'one' | 'many';
}

/** Literal text and wildcards in order. A pattern always covers the whole value; equality is a pattern without wildcards. */
export type TextPattern = readonly (string | Wildcard)[];

export const ANY_ONE: Wildcard = { any: 'one' };
export const ANY_MANY: Wildcard = { any: 'many' };

/** How a pattern looks from outside, with its one literal where it has just one: what a language may have a short word for. */
export type PatternShape =
  | { readonly shape: 'equals' | 'startswith' | 'endswith' | 'contains'; readonly text: string }
  | { readonly shape: 'other' };

/** The pattern of exactly this text. */
export function literal(text: string): TextPattern {
  return [text];
}

/** Reads `*` as any number of characters and everything else as it stands. */
export function patternFromStars(text: string): TextPattern {
  return joinPatterns(
    ...text.split('*').flatMap((part, index): TextPattern[] => [index > 0 ? [ANY_MANY] : [], [part]]),
  );
}

/** One pattern after the other; neighbouring literals become one, empty ones and repeated `many` vanish. */
export function joinPatterns(...patterns: readonly TextPattern[]): TextPattern {
  const parts: (string | Wildcard)[] = [];
  for (const part of patterns.flat()) {
    const last = parts.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (typeof part === 'object' && typeof last === 'object' && part.any === 'many' && last.any === 'many')
      continue;
    else parts.push(part);
  }
  return parts.length === 0 ? [''] : parts;
}

export function patternShape(pattern: TextPattern): PatternShape {
  const parts = joinPatterns(pattern);
  const texts = parts.filter((part): part is string => typeof part === 'string');
  if (texts.length !== 1 || parts.some((part) => typeof part === 'object' && part.any === 'one'))
    return { shape: 'other' };
  const text = texts[0];
  if (parts.length === 1) return { shape: 'equals', text };
  if (parts.length === 3) return { shape: 'contains', text };
  return { shape: typeof parts[0] === 'string' ? 'startswith' : 'endswith', text };
}

/** The literal text of a pattern, part by part. */
export function literalsOf(pattern: TextPattern): readonly string[] {
  return pattern.filter((part): part is string => typeof part === 'string');
}

/** For a person: `?` and `*` for the wildcards. Not reversible; emitters never use it. */
export function showPattern(pattern: TextPattern): string {
  return pattern.map((part) => (typeof part === 'string' ? part : part.any === 'one' ? '?' : '*')).join('');
}

/** Equal for two patterns that match the same values when case is ignored. */
export function patternKey(pattern: TextPattern): string {
  return JSON.stringify(joinPatterns(pattern)).toLowerCase();
}

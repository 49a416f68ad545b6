// A text pattern as a regular expression, for the languages whose own wildcards say less.
import type { TextPattern } from '../pattern.ts';
import { refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';

export interface RegexDialect {
  /** Every character that has a meaning of its own and is taken literally after a backslash. */
  readonly special: ReadonlySet<string>;
  /** A hidden character by its code point, or null where the regular expression carries it as it is. */
  readonly hidden: ((codePoint: number) => string) | null;
  /** Letters outside ASCII need both cases spelled out: the engine ignores case in ASCII alone. */
  readonly spellCases: boolean;
  /** Those of ASCII as well: the engine does not ignore case at all. */
  readonly spellAscii?: boolean;
}

const COMMON = '.?+*|{}[]()^$\\';

/** RE2 and the Rust engine of Kusto, and PCRE of Splunk. */
export const PERL_LIKE: RegexDialect = {
  special: new Set(COMMON),
  hidden: (codePoint) => `\\x{${codePoint.toString(16)}}`,
  spellCases: false,
};

/** Lucene's regular expressions with all optional operators on; anchored by themselves, `.` matches line ends too. */
export const LUCENE: RegexDialect = { special: new Set(`${COMMON}"#@&<>~`), hidden: null, spellCases: true };

/** The pattern's regular expression without anchors and flags. */
export function regexBody(pattern: TextPattern, dialect: RegexDialect): string {
  return pattern
    .map((part) => (typeof part === 'object' ? (part.any === 'one' ? '.' : '.*') : literalBody(part, dialect)))
    .join('');
}

function literalBody(text: string, dialect: RegexDialect): string {
  refuseLoneSurrogate(text, 'a regular expression');
  const escaped = [...text].map((character) => {
    if (dialect.special.has(character)) return `\\${character}`;
    const cases = dialect.spellCases ? otherCases(character, dialect.spellAscii) : [];
    return cases.length > 0 ? `[${character}${cases.join('')}]` : character;
  });
  return dialect.hidden === null ? escaped.join('') : replaceHidden(escaped.join(''), dialect.hidden);
}

/** The other case of a letter outside ASCII, or of any, where it is one character. */
function otherCases(character: string, withAscii = false): readonly string[] {
  if (character <= '\u007f' && !withAscii) return [];
  const cases = [character.toLowerCase(), character.toUpperCase()];
  return [...new Set(cases)].filter((other) => other !== character && [...other].length === 1);
}

/** Whether the text holds a letter outside ASCII that has another case. */
export function hasCaseOutsideAscii(text: string): boolean {
  return [...text].some((character) => otherCases(character).length > 0);
}

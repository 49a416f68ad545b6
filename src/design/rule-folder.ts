// Rules of the scope as text in a language, and as the files of a folder that `winnow test` checks.

import { UnsupportedError } from '../errors.ts';
import { withoutBits } from '../rule/bits-in-hexadecimal.ts';
import { type LanguageId, languages } from '../rule/emit/index.ts';
import type { Language } from '../rule/emit/language.ts';
import { eventQuery } from '../rule/query.ts';
import { readers } from '../rule/read/index.ts';
import { conditionOf, type Rule } from '../rule/rule.ts';
import { eventLines, ruleEvents } from './rule-events.ts';
import type { DesignRule } from './rules.ts';

export interface WrittenRule extends DesignRule {
  /** Null where `refused` says why there is none. */
  readonly text: string | null;
}

/** The rules in a language; what it cannot say is refused by name, never written weaker. */
export function writtenRules(rules: readonly DesignRule[], id: LanguageId): readonly WrittenRule[] {
  return rules.map((one) =>
    one.rule === null ? { ...one, text: null } : { ...one, ...textOf(one.rule, languages[id]) },
  );
}

function textOf(rule: Rule, language: Language): { readonly text: string | null; readonly refused: string | null } {
  try {
    return { text: language.emit(rule), refused: null };
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    const spelled = withBitsSpelled(rule);
    return spelled === null ? { text: null, refused: error.message } : textOf(spelled, language);
  }
}

/** The same rule with its tests of bits as regular expressions; null where there are none that can be. */
function withBitsSpelled(rule: Rule): Rule | null {
  const condition = withoutBits(conditionOf(rule, 'a rule'));
  if (condition === null) return null;
  const note = {
    heading: 'Bits',
    lines: [
      'The language has no test of bits: it is a regular expression over the hexadecimal number that Windows writes ("0x1410").',
    ],
  };
  return { ...rule, query: eventQuery(condition), notes: [...rule.notes, note] };
}

export interface RuleFile {
  /** Below the folder, with "/": "tests/NAME.match.jsonl". */
  readonly path: string;
  readonly text: string;
}

/** A file a rule, with its tests where the language is one that Winnow reads. */
export function ruleFiles(rules: readonly WrittenRule[], id: LanguageId): readonly RuleFile[] {
  return rules.flatMap(({ name, text, rule, source }): readonly RuleFile[] => {
    if (text === null || rule === null || source === null) return [];
    const own = { path: `${name}${languages[id].extension}`, text };
    if (!Object.hasOwn(readers, id)) return [own];
    const { match, noMatch } = ruleEvents(rule, source);
    return [
      own,
      ...(match.length === 0 ? [] : [{ path: `tests/${name}.match.jsonl`, text: eventLines(match) }]),
      ...(noMatch.length === 0 ? [] : [{ path: `tests/${name}.no-match.jsonl`, text: eventLines(noMatch) }]),
    ];
  });
}

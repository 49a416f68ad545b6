// Rules of the scope as text in a language, and as the files of a folder that `winnow test` checks.

import { UnsupportedError } from '../errors.ts';
import { withoutBits } from '../rule/bits-in-hexadecimal.ts';
import { type LanguageId, languages } from '../rule/emit/index.ts';
import type { Language } from '../rule/emit/language.ts';
import { eventQuery } from '../rule/query.ts';
import { readers } from '../rule/read/index.ts';
import { conditionOf, type Rule } from '../rule/rule.ts';
import type { Place, TaxonomyId } from '../rule/taxonomy/event-kind.ts';
import { translateRule } from '../rule/translate.ts';
import { eventLines, ruleEvents } from './rule-events.ts';
import type { RuleSource } from './rule-source.ts';
import type { DesignRule } from './rules.ts';

export interface WrittenRule extends DesignRule {
  /** Null where `refused` says why there is none. */
  readonly text: string | null;
}

/** The rules in a language; what it cannot say is refused by name, never written weaker. */
export function writtenRules(rules: readonly DesignRule[], id: LanguageId): readonly WrittenRule[] {
  return rules.map((one) =>
    one.rule === null ? { ...one, text: null } : { ...one, ...placedText(one, one.rule, languages[id]) },
  );
}

/** A rule that reads another log than the one that was counted says so, in its header and among the notes of the run. */
function placedText(
  { source, notes }: DesignRule,
  rule: Rule,
  language: Language,
): Pick<WrittenRule, 'text' | 'refused' | 'notes'> {
  const table = source === null ? undefined : otherTable(rule, source, language.taxonomy.id);
  if (table === undefined) return { notes, ...textOf(rule, language) };
  const line = `it reads ${table}, where other programs may write than to ${source!.channel}${source!.eventId === null ? '' : `, event ${source!.eventId}`}: the figures and the exclusions are of that log alone, and this one may not be collected`;
  const written = textOf({ ...rule, notes: [...rule.notes, { heading: 'Another log', lines: [line] }] }, language);
  return { ...written, notes: written.text === null ? notes : [...notes, line] };
}

/** The table that a taxonomy has for the events, where it is not the log itself; undefined where it is, and where it has none. */
function otherTable(rule: Rule, { channel }: RuleSource, taxonomy: TaxonomyId): string | undefined {
  // The events' own names, in the log that the rule names.
  if (taxonomy === 'sysmon') return undefined;
  let place: Place;
  try {
    place = translateRule(rule, taxonomy).place;
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return undefined;
  }
  const channels = [place.has.Channel, place.has['winlog.channel']].flatMap((one) => one ?? []);
  const isOwn = taxonomy === 'windows' ? channel === 'Security' : channels.includes(channel);
  return isOwn ? undefined : place.table;
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

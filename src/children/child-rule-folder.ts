// A folder of children rules as `winnow test` takes it: a file for each language, and the events that the rule must and must not match.
import { languages } from '../rule/emit/index.ts';
import type { Language } from '../rule/emit/language.ts';
import { readers } from '../rule/read/index.ts';
import { conditionOf } from '../rule/rule.ts';
import { escapedJson } from '../rule/visible-text.ts';
import { type RuleOptions, ruleFor } from './child-rule.ts';
import { type ProcessStart, ruleEvents } from './child-rule-events.ts';
import type { ChildrenDocument, RuleLanguage } from './document.ts';
import { hostedModules } from './hosts/hosted-modules.ts';
import { processStartEvent } from './process-start-event.ts';

export interface FolderFile {
  /** Below the folder, with "/": "tests/werfault-unlisted-child.match.jsonl". Letters, digits, "_", "-" and "." only. */
  readonly path: string;
  readonly text: string;
  readonly kind: 'rule' | 'test';
}

/** Characters of a parent's name in that of a file. */
const LONGEST_STEM = 80;

/**
 * The document's rules and their tests; those only where a rule is in a language that Winnow reads. `options` are those that the document was
 * made with. UsageError for a module without a host.
 */
export function ruleFolder(document: ChildrenDocument, options: RuleOptions): readonly FolderFile[] {
  const { rule, kind, process } = ruleFor(document, options);
  const stem = [
    ...[process, ...(options.instance ? [options.instance.name] : hostedModules(document))].map(stemOf),
    kind,
  ].join('-');
  const files = document.rule.map(
    ({ language, text }): FolderFile => ({ path: `${stem}${suffixOf(language)}`, text, kind: 'rule' }),
  );
  if (!document.rule.some(({ language }) => isRead(language))) return files;
  const events = ruleEvents(conditionOf(rule, 'a test'), process);
  if (events === null) return files;
  const test = (name: string, starts: readonly ProcessStart[]): readonly FolderFile[] =>
    starts.length === 0
      ? []
      : [{ path: `tests/${stem}.${name}.jsonl`, text: jsonLines(starts, options.signer !== undefined), kind: 'test' }];
  return [...files, ...test('match', [events.match]), ...test('no-match', events.noMatch)];
}

/** Whether `winnow test` can run a rule in this language. */
export function isRead(language: RuleLanguage): boolean {
  return Object.hasOwn(readers, language);
}

function jsonLines(starts: readonly ProcessStart[], isSigned: boolean): string {
  return starts
    .map(
      ({ about, values }, index) =>
        `${escapedJson(JSON.stringify(processStartEvent(values, about, index, isSigned)))}\n`,
    )
    .join('');
}

/** The extension, with the language's id before it where another one has the same. */
function suffixOf(id: RuleLanguage): string {
  const { extension } = languages[id];
  const all: readonly Language[] = Object.values(languages);
  return all.some((other) => other.id !== id && other.extension === extension) ? `.${id}${extension}` : extension;
}

/** A name that any file system takes: "WerFault.exe" is "werfault". */
function stemOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/\.(?:exe|dll)$/, '')
    .replace(/[^\p{L}\p{N}-]+/gu, '_');
  return [...plain].slice(0, LONGEST_STEM).join('') || '_';
}

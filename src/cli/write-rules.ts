// `winnow children --write`: the rules and their tests as files of a folder, and what is said of that.
import { join } from 'node:path';
import { CHILD_RULE_LANGUAGES, type RuleOptions } from '../children/child-rule.ts';
import { type FolderFile, isRead, ruleFolder } from '../children/child-rule-folder.ts';
import type { ChildrenDocument, EmittedRule } from '../children/document.ts';
import type { RulePlan } from '../children/hosts/service-rules.ts';
import { writeTextFile } from './files.ts';
import { count, plain, type Style } from './print.ts';

/** Writes the document's rules below the folder, and says where. Throws InputError, and UsageError for a module without a host. */
export function writeRules(
  folder: string,
  document: ChildrenDocument,
  options: RuleOptions,
  style: Style,
): readonly string[] {
  return writeFiles(folder, ruleFolder(document, options), document.rule, style);
}

/** The same of the rules of service hosts. */
export function writeServiceRules(folder: string, plans: readonly RulePlan[], style: Style): readonly string[] {
  const files = plans.flatMap(({ document, options }) => ruleFolder(document, options));
  return writeFiles(
    folder,
    files,
    plans.flatMap(({ document }) => document.rule),
    style,
  );
}

function writeFiles(
  folder: string,
  files: readonly FolderFile[],
  rules: readonly EmittedRule[],
  style: Style,
): readonly string[] {
  const lines = [style.heading('Written')];
  for (const { path, text, kind } of files) {
    const place = join(folder, ...path.split('/'));
    writeTextFile(place, text);
    lines.push(`  ${plain(place)}${kind === 'test' ? `, ${count(text.split('\n').length - 1, 'event')}` : ''}`);
  }
  const hasTests = files.some(({ kind }) => kind === 'test');
  const readable = CHILD_RULE_LANGUAGES.filter(isRead).join(', ');
  const hasReadable = rules.some(({ language }) => isRead(language));
  const told = hasTests
    ? `winnow test ${plain(folder)} checks the rules (those in ${readable}) against these events.`
    : hasReadable
      ? 'No tests: no event was found that the rule matches.'
      : `No tests: winnow test checks rules in ${readable}; add --to with one of them.`;
  lines.push(style.weak(told));
  return lines;
}

// `winnow accounts rules`: what the mission looks for as detection rules, printed or written to a folder.

import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ruleOf } from '../../accounts/rules/account-rule.ts';
import { ACCOUNT_RULES } from '../../accounts/rules/account-rules.ts';
import { UnsupportedError } from '../../errors.ts';
import { type LanguageId, languages } from '../../rule/emit/index.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { writeTextFile } from '../files.ts';
import { count, type Face, jsonText, plain } from '../print.ts';

export const name = 'rules';
export const summary = 'what it looks for, as rules in any language';

interface RulesFlags {
  readonly to: LanguageId;
  readonly write?: string;
  readonly json?: boolean;
}

interface WrittenRule {
  readonly name: string;
  readonly title: string;
  readonly layer: string;
  readonly kinds: readonly string[];
  readonly resilience: string;
  readonly evasions: readonly string[];
  /** null where the language cannot say it. */
  readonly text: string | null;
  readonly refused: string | null;
}

export function grammar(command: Command): Command {
  const ids = Object.keys(languages) as readonly LanguageId[];
  return command
    .addOption(new Option('--to <LANG>', 'the language').choices(ids).default('sigma'))
    .option('--write <DIR>', 'write a file a rule into this folder')
    .addOption(new Option('--json', 'print the rules with what they are for, as JSON').conflicts('write'))
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Each rule says which layer sees it, how hard it is to evade (Summiting the Pyramid), and how it is evaded. A rule that a language cannot say is named, and not written weaker.

Examples:
  winnow accounts rules
  winnow accounts rules --to eql --write rules/
  winnow hunt Security.evtx --rules rules/`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<RulesFlags>();
  const language = languages[flags.to];
  const written = ACCOUNT_RULES.map((row): WrittenRule => {
    const { name: own, title, layer, kinds, resilience, evasions } = row;
    const about = { name: own, title, layer, kinds, resilience: `${resilience.level}${resilience.column}`, evasions };
    try {
      return { ...about, text: language.emit(ruleOf(row)), refused: null };
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      return { ...about, text: null, refused: error.message };
    }
  });
  const refused = written.filter((one) => one.text === null);
  if (flags.json) face.out(jsonText({ schema: 'winnow.accounts-rules/1', language: flags.to, rules: written }));
  else if (flags.write !== undefined) {
    for (const { name: own, text } of written)
      if (text !== null) {
        const path = join(flags.write, `${own}${language.extension}`);
        writeTextFile(path, text);
        face.out(`${plain(path)}\n`);
      }
  } else face.out(written.flatMap(({ text }) => (text === null ? [] : [text])).join(separator(flags.to)));
  if (!flags.json) {
    for (const { name: own, refused: why } of refused) face.err(`winnow: ${own} is not written: ${plain(why ?? '')}\n`);
    if (refused.length > 0)
      face.err(`winnow: ${count(refused.length, 'rule')} of ${written.length} cannot be said in ${flags.to}\n`);
  }
  return EXIT.done;
}

/** Sigma's documents of one file; a blank line elsewhere. */
function separator(id: LanguageId): string {
  return id === 'sigma' ? '---\n' : '\n';
}

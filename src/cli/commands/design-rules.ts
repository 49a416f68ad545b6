// `winnow design rules`: the scope of each dossier as detection rules, printed or written to a folder with events that test them.

import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ruleFiles, type WrittenRule, writtenRules } from '../../design/rule-folder.ts';
import { designRules } from '../../design/rules.ts';
import { type LanguageId, languages } from '../../rule/emit/index.ts';
import { readers } from '../../rule/read/index.ts';
import { funnelGrammar, runFunnels } from '../design-run.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { writeTextFile } from '../files.ts';
import { brief, count, type Face, jsonText, plain } from '../print.ts';

export const name = 'rules';
export const summary = 'the scope as detection rules in any language';

interface RulesFlags {
  readonly to: LanguageId;
  readonly write?: string;
  readonly json?: boolean;
}

export function grammar(command: Command): Command {
  const ids = Object.keys(languages) as readonly LanguageId[];
  return funnelGrammar(command)
    .addOption(new Option('--to <LANG>', 'the language').choices(ids).default('sigma'))
    .option('--write <DIR>', 'write a file a rule into this folder, with events that test it')
    .addOption(new Option('--json', 'print the rules with what they are for, as JSON').conflicts('write'))
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A rule for each observable of the scope: its predicate over its log source, without what its exclusions let pass; their proofs stand in the rule.
A default name (varies.default) gives a signature beside them, which is no part of the scope. What a language cannot say is named, and not written weaker.

Examples:
  winnow design rules T1003.001.yaml --environment company.yaml
  winnow design rules dossiers --environment company.yaml --to sentinel
  winnow design rules dossiers --environment company.yaml --write rules/ && winnow test rules/`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<RulesFlags>();
  const ran = await runFunnels(command, face);
  if (!ran) return EXIT.input;
  const { techniques, environment, documents: funnels, code } = ran;
  const taken = new Set<string>();
  const written = funnels.map((funnel, index) =>
    writtenRules(designRules(funnel, techniques[index], environment, taken), flags.to),
  );
  const all = written.flat();
  if (flags.json) {
    const dossiers = funnels.map(({ id }, index) => ({ dossier: id, rules: written[index].map(shownRule) }));
    face.out(jsonText({ schema: 'winnow.design-rules/1', language: flags.to, dossiers }));
  } else if (flags.write !== undefined) writeFiles(flags.write, all, flags.to, face);
  else face.out(all.flatMap(({ text }) => (text === null ? [] : [text])).join(flags.to === 'sigma' ? '---\n' : '\n'));
  if (!flags.json)
    for (const [index, { id, scope, empty }] of funnels.entries()) {
      for (const line of saidOf(written[index])) face.err(`winnow: ${plain(id)}: ${line}\n`);
      if (scope.length === 0 && empty)
        face.err(`winnow: ${plain(id)}: the scope is empty, step ${empty.step} emptied it: ${brief(empty.change)}\n`);
    }
  return code;
}

function shownRule({ name: own, kind, primitive, observable, text, refused, notes }: WrittenRule): object {
  return { name: own, kind, primitive, observable, text, refused, notes };
}

function saidOf(rules: readonly WrittenRule[]): readonly string[] {
  return rules.flatMap(({ name: own, refused, notes }) => [
    ...(refused === null ? [] : [`${plain(own)} is not written: ${brief(refused)}`]),
    ...notes.map((note) => `${plain(own)}: ${brief(note)}`),
  ]);
}

/** Writes the rules below the folder, and says where. */
export function writeFiles(folder: string, rules: readonly WrittenRule[], to: LanguageId, face: Face): void {
  const files = ruleFiles(rules, to);
  for (const { path, text } of files) {
    const place = join(folder, ...path.split('/'));
    writeTextFile(place, text);
    face.out(`${plain(place)}\n`);
  }
  const tests = files.filter(({ path }) => path.startsWith('tests/')).length;
  if (tests > 0) face.out(`winnow test ${plain(folder)} checks ${count(rules.length, 'rule')} against these events\n`);
  else if (files.length > 0 && !Object.hasOwn(readers, to))
    face.out(`no tests: winnow test reads ${Object.keys(readers).join(', ')}\n`);
}

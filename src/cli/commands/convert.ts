// `winnow convert`: its grammar, and its act from rules in one language to the same rules in another.

import { type Command, Option } from 'commander';
import { InputError, UnsupportedError, UsageError } from '../../errors.ts';
import type { NotLoaded } from '../../hunt/document.ts';
import { type LanguageId, languages } from '../../rule/emit/index.ts';
import type { Language } from '../../rule/emit/language.ts';
import { DIALECTS, type EqlDialect } from '../../rule/read/eql-tokens.ts';
import { type ReaderId, readerFor, readers } from '../../rule/read/index.ts';
import { ruleErrorText } from '../../rule/read/rule-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { TAXONOMIES, type Taxonomy } from '../../rule/taxonomy.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { isFolder, readWholeFile, standardInput } from '../files.ts';
import { count, type Face, jsonText, plain, progressOn } from '../print.ts';
import { LARGEST_RULES, notLoadedOf, readRules, ruleFiles } from '../rule-files.ts';

export const name = 'convert';
export const summary = 'rules from one language into another, never weaker: Sigma, EQL, ES|QL, KQL, SPL, SQL ...';

type TaxonomyName = keyof typeof TAXONOMIES;

interface ConvertFlags {
  readonly to: LanguageId;
  readonly from?: ReaderId;
  readonly dialect?: EqlDialect;
  readonly taxonomy?: TaxonomyName;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<RULE...>', 'a file of rules, a folder of them, or - for standard input')
    .addOption(new Option('--to <LANG>', 'the language to write').choices(Object.keys(languages)).makeOptionMandatory())
    .addOption(
      new Option('--from <LANG>', 'the language they are in, where the name of the file does not say it').choices(
        Object.keys(readers),
      ),
    )
    .addOption(
      new Option('--taxonomy <NAME>', "whose names of fields to write, where the language's own is not meant").choices(
        Object.keys(TAXONOMIES),
      ),
    )
    .addOption(new Option('--dialect <DIALECT>', "of .eql files; without, Elasticsearch's").choices(DIALECTS))
    .option('--json', 'print one document with every text, and what was not written')
    .option('-q, --quiet', 'no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A rule that the language or its table cannot say exactly is named on stderr with the reason, and the others are still printed; the exit code is then 2.
Which tables and fields each language assumes, and what it cannot say, is in docs/languages.md.

Examples:
  winnow convert rule.yml --to esql
  winnow convert sigma/rules/windows --to defender > rules.kql
  winnow convert rule.yml --to sql --taxonomy ecs
  winnow convert rules --to splunk-cim --json | jq '.refused[] | .reason'
  cat rule.yml | winnow convert - --from sigma --to sysmon`;

/** What the run comes to. */
interface Converted {
  readonly schema: 'winnow.convert/1';
  readonly language: LanguageId;
  readonly taxonomy: TaxonomyName;
  readonly rules: {
    readonly file: string;
    readonly id: string | null;
    readonly title: string;
    readonly text: string;
  }[];
  readonly refused: {
    readonly file: string;
    readonly id: string | null;
    readonly title: string;
    readonly reason: string;
  }[];
  readonly notLoaded: NotLoaded[];
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<ConvertFlags>();
  const language: Language = languages[flags.to];
  const taxonomy = taxonomyOf(language, flags.taxonomy);
  const result: Converted = {
    schema: 'winnow.convert/1',
    language: flags.to,
    taxonomy: taxonomy.id as TaxonomyName,
    rules: [],
    refused: [],
    notLoaded: [],
  };
  const told: string[] = [];
  const files = [...new Set(given.flatMap((path) => filesOf(path, flags.from)))];
  const progress = progressOn(face, flags.quiet === true || files.length < 2);
  for (const [index, file] of files.entries()) {
    progress.step('rules', index, files.length);
    const read = await textOf(file);
    const shown = file === '-' ? 'standard input' : file;
    if (read instanceof InputError) {
      result.notLoaded.push(notLoadedOf(shown, read));
      told.push(read.message);
      continue;
    }
    const from = flags.from ?? readerFor(file) ?? 'sigma';
    const { rules, errors } = readRules(read, file, from, flags.dialect);
    for (const error of errors) {
      result.notLoaded.push(notLoadedOf(shown, error));
      told.push(ruleErrorText(shown, error));
    }
    for (const rule of rules) convert(rule, shown, language, flags.taxonomy && taxonomy, result, told);
  }
  progress.end();
  print(result, flags, face);
  for (const line of told) face.err(`winnow: ${plain(line)}\n`);
  if (result.refused.length > 0)
    face.err(`winnow: ${count(result.refused.length, 'rule')} not written, ${result.rules.length} written\n`);
  if (result.notLoaded.length > 0) return EXIT.input;
  return result.refused.length > 0 ? EXIT.usage : EXIT.done;
}

function convert(
  rule: Rule,
  file: string,
  language: Language,
  taxonomy: Taxonomy | undefined,
  result: Converted,
  told: string[],
): void {
  const { id, title } = rule;
  try {
    result.rules.push({ file, id, title, text: language.emit(rule, taxonomy) });
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    result.refused.push({ file, id, title, reason: error.message });
    told.push(`${file}: "${title}" is not written in ${language.title}: ${error.message}`);
  }
}

function print(result: Converted, { json, to }: ConvertFlags, face: Face): void {
  if (json) {
    face.out(jsonText(result));
    return;
  }
  const between = to === 'sigma' ? '---\n' : '\n';
  for (const [index, { text }] of result.rules.entries()) face.out(`${index > 0 ? between : ''}${plain(text, '\n')}`);
}

function taxonomyOf({ id, taxonomy, others = [] }: Language, wanted: TaxonomyName | undefined): Taxonomy {
  if (wanted === undefined || wanted === taxonomy.id) return taxonomy;
  if (others.includes(wanted)) return TAXONOMIES[wanted];
  throw new UsageError(`${id} is written with the names of ${[taxonomy.id, ...others].join(', ')}, not of ${wanted}`);
}

function filesOf(path: string, from: ReaderId | undefined): readonly string[] {
  if (path === '-' || (from !== undefined && !isFolder(path))) return [path];
  return ruleFiles(path, ', others with --from');
}

async function textOf(path: string): Promise<string | InputError> {
  try {
    if (path !== '-') return new TextDecoder('utf-8').decode(readWholeFile(path, LARGEST_RULES));
    const decoder = new TextDecoder('utf-8');
    let text = '';
    for await (const block of standardInput()) {
      text += decoder.decode(block, { stream: true });
      if (text.length > LARGEST_RULES)
        return new InputError(`standard input: more than ${LARGEST_RULES} characters of rules`);
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

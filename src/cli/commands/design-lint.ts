// `winnow design lint`: what is wrong in dossiers, and what a person has to decide yet.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DesignLintDocument, LINT_SCHEMA, lintDocument } from '../../design/lint/lint-document.ts';
import { FINDING_ROWS, lintDossiers } from '../../design/lint/lint-dossiers.ts';
import { readFiles } from '../dossier-files.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { brief, count, type Face, jsonText, plain, type Style, styleFor } from '../print.ts';

export const name = 'lint';
export const summary = 'what is wrong in dossiers, and what is to be decided yet';

const KINDS = FINDING_ROWS.map(({ kind }) => kind);

interface LintFlags {
  readonly kind?: readonly string[];
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<DOSSIER...>', 'a YAML file of dossiers, a folder of them, or - for standard input')
    .addOption(
      new Option('--kind <KIND>', 'only findings of this kind; may be given several times')
        .choices(KINDS)
        .argParser((text: string, before: readonly string[] = []) => {
          if (!KINDS.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${KINDS.join(', ')}.`);
          return [...before, text];
        }),
    )
    .option('--json', `print the document, schema ${LINT_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Dossiers that are given together are held against one another. Ids are looked up in the version of ATT&CK that each is pinned to.
Exit code 0: nothing was found; 1: something was; 3: a dossier could not be read, as told on stderr with file, line and column.

Kinds:
${FINDING_ROWS.map(({ kind, what }) => `  ${kind.padEnd(20)}  ${what.replaceAll('`', '')}`).join('\n')}

Examples:
  winnow design lint T1003.001.yaml
  winnow design lint dossiers --kind circular-label --json`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [paths] = command.processedArgs as [readonly string[]];
  const flags = command.opts<LintFlags>();
  const { techniques, environments, failed } = readFiles(paths, face);
  const findings = lintDossiers(techniques, environments).filter(({ kind }) => flags.kind?.includes(kind) ?? true);
  const document = lintDocument(findings, techniques.length, environments.length);
  // Nothing to look at is no clean bill.
  const isNothing = techniques.length + environments.length === 0;
  if (flags.json) face.out(jsonText(document));
  else if (!isNothing) face.out(textOf(document, styleFor(face, flags.color)));
  if (failed || isNothing) return EXIT.input;
  return findings.length > 0 ? EXIT.found : EXIT.done;
}

function textOf({ findings, counts }: DesignLintDocument, style: Style): string {
  // How to mend a kind is said once.
  const said = new Set<string>();
  const lines = findings.flatMap(({ kind, file, line, column, dossier, about, message, mend }) => {
    const isFirst = !said.has(kind);
    said.add(kind);
    return [
      `${plain(file)}:${line}:${column}  ${style.doubt(kind)}  ${plain(dossier)}${about === dossier ? '' : `  ${plain(about)}`}`,
      `    ${brief(message)}`,
      ...(isFirst ? [style.weak(`    ${mend}`)] : []),
    ];
  });
  const dossiers = counts.techniques + counts.environments;
  return `${[...lines, `${count(findings.length, 'finding')} in ${count(dossiers, 'dossier')}`].join('\n')}\n`;
}

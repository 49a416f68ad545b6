// `winnow design new`: the dossier of a technique to begin with, from what ATT&CK says of it.

import type { Command } from 'commander';
import { ATTACK_VERSIONS, attackFactsFor, NEWEST_ATTACK } from '../../design/attack/attack-facts.ts';
import { factsDocument, scaffold, techniqueNamed } from '../../design/scaffold.ts';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { isFile, writeTextFile } from '../files.ts';
import { type Face, jsonText, plain } from '../print.ts';

export const name = 'new';
export const summary = 'the dossier of a technique to begin with, from ATT&CK';

interface NewFlags {
  readonly platform?: string;
  readonly attack: string;
  readonly write?: string;
  readonly json?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<TECHNIQUE>', 'ATT&CK\'s id, or the name: T1003.001, "LSASS Memory"')
    .option('--platform <NAME>', 'only what ATT&CK says of this platform: Windows, Linux, macOS ...')
    .option('--attack <VERSION>', `the version of ATT&CK: ${ATTACK_VERSIONS.join(', ')}`, NEWEST_ATTACK)
    .option('--write <FILE>', 'write it into this file, which is not there yet, instead of printing it')
    .option(
      '--json',
      'print the document, schema winnow.design-new/1: what ATT&CK says of the technique, and the dossier',
    )
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A primitive for each data component of the technique's analytics, an observable for each log source, and a TODO wherever a person has to decide.
It can be read as it is; 'winnow design lint' names what is left to do.

Examples:
  winnow design new T1003.001 --platform Windows
  winnow design new "Scheduled Task" --write dossiers/T1053.005.yaml`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [words] = command.processedArgs as [string];
  const flags = command.opts<NewFlags>();
  const facts = attackFactsFor(flags.attack);
  const technique = techniqueNamed(facts, words);
  const text = scaffold(facts, technique, flags.platform);
  if (flags.json) face.out(jsonText(factsDocument(facts, technique, flags.platform)));
  else if (flags.write === undefined) face.out(text);
  if (flags.write !== undefined) {
    if (isFile(flags.write)) throw new UsageError(`${flags.write} is there already; a dossier is not written over`);
    writeTextFile(flags.write, text);
    face.err(`winnow: wrote ${plain(flags.write)}; see 'winnow design lint' for what is left to do\n`);
  }
  return EXIT.done;
}

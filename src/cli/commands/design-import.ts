// `winnow design import`: dossiers out of data models of Technique Research Reports and administration files of DeTT&CT.

import type { Command } from 'commander';
import { ATTACK_VERSIONS, type AttackFacts, attackFactsFor, NEWEST_ATTACK } from '../../design/attack/attack-facts.ts';
import { dettectEnvironment, dettectKind } from '../../design/import/dettect-environment.ts';
import { type ReportModel, reportDossier } from '../../design/import/report-dossier.ts';
import { isReportModel, readReportModel } from '../../design/import/report-model.ts';
import { techniqueNamed } from '../../design/scaffold.ts';
import { FormatError, InputError, UsageError, WinnowError } from '../../errors.ts';
import { RuleError } from '../../rule/read/rule-error.ts';
import { yamlNodes } from '../../rule/read/yaml-node.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { fileName, isFile, readWholeFile, writeTextFile } from '../files.ts';
import { type Face, jsonText, plain } from '../print.ts';

export const name = 'import';
export const summary = "dossiers out of Technique Research Reports' data models and DeTT&CT's files";

/** The largest file, in bytes. */
const LARGEST = 1 << 22;

export const IMPORT_SCHEMA = 'winnow.design-import/1';

interface ImportFlags {
  readonly technique?: string;
  readonly attack: string;
  readonly write?: string;
  readonly json?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument(
      '<FILE...>',
      "a report's data models (JSON, one for each procedure), or a data source administration of DeTT&CT (YAML)",
    )
    .option('--technique <TECHNIQUE>', "ATT&CK's id or name of the technique that the data models are of")
    .option('--attack <VERSION>', `the version of ATT&CK: ${ATTACK_VERSIONS.join(', ')}`, NEWEST_ATTACK)
    .option('--write <FILE>', 'write the dossiers into this file, which is not there yet, instead of printing them')
    .option('--json', `print the document, schema ${IMPORT_SCHEMA}`)
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
All data models that are given make one dossier: each is a procedure, and an operation of the same name and properties is one primitive in all of them.
An administration file makes an environment. What cannot be known is a TODO. The files' own licences hold for what is made of them.

Examples:
  winnow design import ddms/trr0030_win_a.json ddms/trr0030_win_b.json --technique T1003.002
  winnow design import data-sources.yaml --write company.yaml`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [paths] = command.processedArgs as [readonly string[]];
  const flags = command.opts<ImportFlags>();
  const facts = attackFactsFor(flags.attack);
  const technique = flags.technique === undefined ? undefined : techniqueNamed(facts, flags.technique);
  const models: ReportModel[] = [];
  const dossiers: { readonly from: readonly string[]; readonly dossier: string }[] = [];
  const modelled: string[] = [];
  let failed = false;
  for (const path of new Set(paths)) {
    try {
      const read = readOne(path, facts);
      if (typeof read === 'string') dossiers.push({ from: [path], dossier: read });
      else {
        models.push(read);
        modelled.push(path);
      }
    } catch (error) {
      if (!(error instanceof RuleError) && !(error instanceof WinnowError)) throw error;
      failed = true;
      const at = error instanceof RuleError && error.at ? `:${error.at.line}:${error.at.column}` : '';
      const place = error instanceof InputError ? '' : `${plain(path)}${at}: `;
      face.err(`winnow: ${place}${plain(error.message)}\n`);
    }
  }
  if (models.length > 0) dossiers.unshift({ from: modelled, dossier: reportDossier(models, facts, technique) });
  const text = dossiers.map(({ dossier }) => dossier).join('---\n');
  if (flags.json) face.out(jsonText({ schema: IMPORT_SCHEMA, dossiers }));
  else if (flags.write === undefined) face.out(text);
  if (flags.write !== undefined && dossiers.length > 0) {
    if (isFile(flags.write)) throw new UsageError(`${flags.write} is there already; a dossier is not written over`);
    writeTextFile(flags.write, text);
    face.err(`winnow: wrote ${plain(flags.write)}; see 'winnow design lint' for what is left to do\n`);
  }
  return failed ? EXIT.input : EXIT.done;
}

/** A data model, or the text of an environment. Throws RuleError, FormatError or InputError. */
function readOne(path: string, facts: AttackFacts): ReportModel | string {
  const text = new TextDecoder('utf-8').decode(readWholeFile(path, LARGEST));
  // DeTT&CT's YAML begins with a key.
  if (/^\s*[{[]/.test(text)) {
    const json = parsed(text);
    if (!isReportModel(json)) throw new FormatError(NEITHER);
    return { name: fileName(path).replace(/\.[^.]*$/, ''), procedures: readReportModel(json) };
  }
  const environments = yamlNodes(text).flatMap((node) => {
    if (node instanceof RuleError) throw node;
    return dettectKind(node) === undefined ? [] : [dettectEnvironment(node, facts)];
  });
  if (environments.length > 0) return environments.join('---\n');
  throw new FormatError(NEITHER);
}

const NEITHER =
  'neither a data model of a Technique Research Report ("nodes" and "relationships") nor a file of DeTT&CT (file_type: ...)';

/** Throws FormatError with what is wrong. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`no JSON: ${(error as Error).message}`);
  }
}

// `winnow design funnel`: what of a technique is left for a detection in an environment, step by step.

import { type Command, Option } from 'commander';
import { FUNNEL_SCHEMA, type FunnelDocument, STEPS, type StepId } from '../../design/document.ts';
import { funnelsOf } from '../design-funnels.ts';
import { loadDossiers } from '../dossier-files.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { type Face, jsonText, plain } from '../print.ts';

export const name = 'funnel';
export const summary = 'what of a technique is left for a detection in an environment, step by step';

interface FunnelFlags {
  readonly environment?: string;
  readonly step?: StepId;
  readonly fixtures?: boolean;
  readonly sessions?: string;
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<DOSSIER...>', 'a YAML file of dossiers, or a folder of them')
    .option('--environment <ENV>', 'the file with the environment; without, the one among the dossiers')
    .addOption(new Option('--step <STEP>', 'this step alone').choices(STEPS))
    .option('--fixtures', "take the environment's 'baseline_results' for a history: for tests and examples")
    .option('--sessions <DIR>', 'the folder with the labelled sessions; without, that of each dossier')
    .option('--json', `print the document, schema ${FUNNEL_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A all primitives; B those that every procedure needs; C who controls each; D those that a collected data source shows;
E those that are rare enough; F what each costs, shares and needs beside it.

Examples:
  winnow design funnel T1003.001.yaml --environment company.yaml
  winnow design funnel dossiers --environment company.yaml --json
  winnow design funnel example.yaml --fixtures --step D`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<FunnelFlags>();
  const loaded = loadDossiers(given, flags.environment, flags.fixtures === true, face);
  if (!loaded) return EXIT.input;
  const { documents: all, code } = await funnelsOf(loaded, flags, face);
  const documents = all.map((document) => withStep(document, flags.step));
  if (flags.json) face.out(jsonText(documents.length === 1 ? documents[0] : severalOf(documents)));
  else for (const document of documents) face.out(textOf(document));
  return code;
}

function withStep(document: FunnelDocument, step: StepId | undefined): FunnelDocument {
  return step === undefined ? document : { ...document, steps: document.steps.filter(({ id }) => id === step) };
}

function severalOf(documents: readonly FunnelDocument[]): object {
  return { schema: FUNNEL_SCHEMA, dossiers: documents.map(({ schema: _, ...rest }) => rest) };
}

function textOf({ id, steps, scope, primitives }: FunnelDocument): string {
  const lines = steps.flatMap((step) => [
    `  ${step.id}  ${step.kept.length}  ${step.kept.map((one) => plain(one)).join(', ')}`,
    ...step.dropped.map((one) => `       without ${plain(one.id)}: ${plain(one.reason)}`),
  ]);
  const kept = new Set(scope.map(({ primitive }) => primitive));
  return `${plain(id)}: scope ${kept.size}/${primitives.length}\n${lines.join('\n')}\n`;
}

// `winnow design funnel`: what of a technique is left for a detection in an environment, step by step.

import { type Command, Option } from 'commander';
import { FUNNEL_SCHEMA, type FunnelDocument, type FunnelDocuments, STEPS, type StepId } from '../../design/document.ts';
import { funnelGrammar, runFunnels } from '../design-run.ts';
import { funnelText } from '../design-text.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { type Face, jsonText, styleFor } from '../print.ts';

export const name = 'funnel';
export const summary = 'what of a technique is left for a detection in an environment, step by step';

interface FunnelFlags {
  readonly step?: StepId;
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return funnelGrammar(command)
    .addOption(new Option('--step <STEP>', 'this step alone').choices(STEPS))
    .option('--json', `print the document, schema ${FUNNEL_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A all primitives; B those that every procedure needs; C who controls each; D those that a collected data source shows;
E those that are rare enough; F what each costs, shares and needs beside it.

Examples:
  winnow design funnel T1003.001.yaml --environment company.yaml
  winnow design funnel dossiers --environment company.yaml --history logs/*.parquet --sessions captures --json
  winnow design funnel dossiers --environment company.yaml --history logs/*.parquet --acceptances accepted.yaml --measure-cost
  winnow design funnel T1003.001.yaml --environment company.yaml --result O3=counts.csv
  winnow design funnel example.yaml --fixtures --step D`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<FunnelFlags>();
  const ran = await runFunnels(command, face);
  if (!ran) return EXIT.input;
  const documents = ran.documents.map((document) => withStep(document, flags.step));
  if (flags.json) face.out(jsonText(documents.length === 1 ? documents[0] : severalOf(documents)));
  else face.out(funnelText(severalOf(documents), { style: styleFor(face, flags.color) }));
  return ran.code;
}

function withStep(document: FunnelDocument, step: StepId | undefined): FunnelDocument {
  return step === undefined ? document : { ...document, steps: document.steps.filter(({ id }) => id === step) };
}

function severalOf(documents: readonly FunnelDocument[]): FunnelDocuments {
  return { schema: FUNNEL_SCHEMA, dossiers: documents.map(({ schema: _, ...rest }) => rest) };
}

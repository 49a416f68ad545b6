// `winnow design diagram`: the funnel as a picture, on stdout or in a file.

import { type Command, Option } from 'commander';
import { funnelDiagram } from '../../design/diagram.ts';
import { funnelGrammar, runFunnels } from '../design-run.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { writeTextFile } from '../files.ts';
import { type Face, jsonText, plain } from '../print.ts';

export const name = 'diagram';
export const summary = 'the funnel as a picture (SVG)';

const DIAGRAM_SCHEMA = 'winnow.design-diagram/1';

interface DiagramFlags {
  readonly json?: boolean;
  readonly out?: string;
}

export function grammar(command: Command): Command {
  return funnelGrammar(command)
    .option('--out <FILE>', 'write the picture into this file (.svg); without, on stdout')
    .addOption(
      new Option(
        '--json',
        `print the picture with the documents that it was made of, schema ${DIAGRAM_SCHEMA}`,
      ).conflicts('out'),
    )
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Each primitive stands once, beside the step at which it leaves the funnel, or at its end. Colours have a letter and a pattern each, so that it reads in black and white:
G necessary, fixed, visible; D attacker-controlled; P a gap; A over budget or not measured; O optional; R refuted.
Several dossiers stand one below the other.

Examples:
  winnow design diagram T1003.001.yaml --environment company.yaml --out funnel.svg
  winnow design diagram example.yaml --fixtures > funnel.svg`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const { out, json } = command.opts<DiagramFlags>();
  const ran = await runFunnels(command, face);
  if (!ran) return EXIT.input;
  const picture = funnelDiagram(ran.documents);
  if (json)
    face.out(
      jsonText({
        schema: DIAGRAM_SCHEMA,
        svg: picture,
        dossiers: ran.documents.map((funnel) => ({ dossier: funnel.id, funnel })),
      }),
    );
  else if (out === undefined) face.out(picture);
  else {
    writeTextFile(out, picture);
    face.out(`${plain(out)}\n`);
  }
  return ran.code;
}

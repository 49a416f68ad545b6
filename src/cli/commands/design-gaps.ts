// `winnow design gaps`: what each data source that is not collected would make seen, over all dossiers.

import { type Command, InvalidArgumentError } from 'commander';
import { gapLogSources, gapsOf } from '../../design/funnel/gaps.ts';
import { GAPS_SCHEMA } from '../../design/gaps-document.ts';
import { type CountOptions, gather } from '../design-funnels.ts';
import { funnelGrammar } from '../design-run.ts';
import { loadDossiers } from '../dossier-files.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { gapsText } from '../gaps-text.ts';
import { type Face, jsonText, styleFor } from '../print.ts';

export const name = 'gaps';
export const summary = 'what each data source that is not collected would make seen, over all dossiers';

/** "Medium to high number of techniques": what justifies a data source unless told otherwise. */
const FLOOR = 5;

interface GapsFlags extends CountOptions {
  readonly environment?: string;
  readonly floor: number;
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return funnelGrammar(command)
    .option('--floor <N>', 'dossiers that a component has to help for it to be justified', wholeNumber, FLOOR)
    .option('--json', `print the document, schema ${GAPS_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A component satisfies a dossier when every necessary primitive is then seen; it unlocks one whose scope was empty and no longer is.
The best sets of one, two and three components are exact: all sets are looked at.
Of each component it tells the log sources, what switches them on, and their volume: counted where a history has them, else what the environment or the publisher says.

Examples:
  winnow design gaps dossiers --environment company.yaml
  winnow design gaps dossiers --environment company.yaml --floor 3 --json
  winnow design gaps dossiers --environment company.yaml --history events/*.parquet`;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.');
  return Number(text);
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<GapsFlags>();
  const loaded = loadDossiers(given, flags.environment, flags, face);
  if (!loaded) return EXIT.input;
  const { techniques, environment } = loaded;
  const { figures, judged, counted, failed } = await gather(
    loaded,
    flags,
    face,
    gapLogSources(techniques, environment),
  );
  const document = gapsOf({
    techniques,
    environment,
    figures,
    sessions: ({ id }) => judged.get(id)?.judge.evidence() ?? new Map(),
    floor: flags.floor,
    ...(counted === undefined ? {} : { counts: counted.logSources }),
  });
  face.out(flags.json ? jsonText(document) : gapsText(document, { style: styleFor(face, flags.color) }));
  return failed ? EXIT.input : loaded.code;
}

// What the commands that show funnels share: the words that name dossiers and environment, and the funnels that come of them.

import { type Command, Option } from 'commander';
import type { FunnelDocument } from '../design/document.ts';
import type { Environment } from '../design/environment.ts';
import type { Technique } from '../design/technique.ts';
import { type CountOptions, funnelsOf } from './design-funnels.ts';
import { historyGrammar } from './design-history.ts';
import { resultGrammar } from './design-results.ts';
import { loadDossiers } from './dossier-files.ts';
import type { ExitCode } from './exit.ts';
import type { Face } from './print.ts';

export interface FunnelFlags extends CountOptions {
  readonly acceptances?: readonly string[];
  readonly environment?: string;
}

/** Of the same run, in one order. */
export interface FunnelRun {
  readonly techniques: readonly Technique[];
  readonly environment: Environment;
  readonly documents: readonly FunnelDocument[];
  readonly code: ExitCode;
}

export function funnelGrammar(command: Command): Command {
  return resultGrammar(
    historyGrammar(
      command
        .argument('<DOSSIER...>', 'a YAML file of dossiers, a folder of them, or - for standard input')
        .option('--environment <ENV>', 'the file with the environment; without, the one among the dossiers')
        .option('--fixtures', "take the environment's 'baseline_results' for a history: for tests and examples")
        .addOption(
          new Option(
            '--acceptances <FILE...>',
            'YAML with the exclusions that somebody reviewed and answers for: design.acceptances/1',
          ).conflicts('fixtures'),
        )
        .option('--sessions <DIR>', 'the folder with the labelled sessions; without, that of each dossier'),
    ),
  );
}

/** Undefined where nothing can be answered: why has been told on stderr, and the exit code is 3. */
export async function runFunnels(command: Command, face: Face): Promise<FunnelRun | undefined> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<FunnelFlags>();
  const loaded = loadDossiers(given, flags.environment, flags, face);
  if (!loaded) return undefined;
  const { documents, code } = await funnelsOf(loaded, flags, face);
  return { techniques: loaded.techniques, environment: loaded.environment, documents, code };
}

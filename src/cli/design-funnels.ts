// From dossiers and an environment to funnels: the figures are counted or, for examples, written down; sessions are read where there are any.

import type { FunnelDocument } from '../design/document.ts';
import type { Environment } from '../design/environment.ts';
import { type Figures, fixtureFigures, NO_FIGURES } from '../design/funnel/baseline.ts';
import { funnelOf } from '../design/funnel/funnel.ts';
import { judgeSessions } from './design-sessions.ts';
import { inputsSha256, type LoadedDossiers } from './dossier-files.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Face } from './print.ts';

export interface CountOptions {
  /** Figures stand in the environment. */
  readonly fixtures?: boolean;
  /** Where the labelled sessions are; without, beside each dossier. */
  readonly sessions?: string;
}

export interface Funnels {
  /** One for each dossier, in their order. */
  readonly documents: readonly FunnelDocument[];
  readonly code: ExitCode;
}

export async function funnelsOf(loaded: LoadedDossiers, options: CountOptions, face: Face): Promise<Funnels> {
  const { techniques, environment } = loaded;
  const figures = figuresOf(environment, options);
  let { code } = loaded;
  const documents: FunnelDocument[] = [];
  for (const technique of techniques) {
    const { judge, notes, failed } = await judgeSessions(technique, options.sessions, face);
    if (failed) code = EXIT.input;
    documents.push(
      funnelOf({
        technique,
        together: techniques,
        environment,
        figures,
        sessions: judge.evidence(),
        exclusions: [],
        resilience: () => null,
        engine: options.fixtures ? 'fixtures' : 'none',
        window: null,
        inputsSha256: inputsSha256(technique, environment),
        notes,
      }),
    );
  }
  return { documents, code };
}

/** By observable. */
export function figuresOf(environment: Environment, { fixtures }: CountOptions): Figures {
  return fixtures ? fixtureFigures(environment) : NO_FIGURES;
}

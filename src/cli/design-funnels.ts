// From dossiers and an environment to funnels: the figures are counted or, for examples, written down.

import type { FunnelDocument } from '../design/document.ts';
import type { Environment } from '../design/environment.ts';
import { type Figures, fixtureFigures, NO_FIGURES } from '../design/funnel/baseline.ts';
import { funnelOf } from '../design/funnel/funnel.ts';
import { inputsSha256, type LoadedDossiers } from './dossier-files.ts';

export interface CountOptions {
  /** Figures stand in the environment. */
  readonly fixtures?: boolean;
}

/** One funnel for each dossier, in their order. */
export function funnelsOf(
  { techniques, environment }: LoadedDossiers,
  options: CountOptions,
): readonly FunnelDocument[] {
  const figures = figuresOf(environment, options);
  return techniques.map((technique) =>
    funnelOf({
      technique,
      together: techniques,
      environment,
      figures,
      sessions: new Map(),
      exclusions: [],
      resilience: () => null,
      engine: options.fixtures ? 'fixtures' : 'none',
      window: null,
      inputsSha256: inputsSha256(technique, environment),
      notes: [],
    }),
  );
}

/** By observable. */
export function figuresOf(environment: Environment, { fixtures }: CountOptions): Figures {
  return fixtures ? fixtureFigures(environment) : NO_FIGURES;
}

// Step E: what the history says of each seen observable, against the budget.

import type { QuestionTime } from '../../history/question.ts';
import type { BaselineEntry, PerDay, Verdict } from '../document.ts';
import type { Environment, FixtureFigure } from '../environment.ts';

/** What is known of an observable's hits; nothing where there is no figure. */
export interface Figure {
  readonly hitsPerDay: PerDay | undefined;
  /** Once the accepted exclusions are applied. */
  readonly afterExclusions: PerDay | undefined;
  /** Why there is no figure, or why it says nothing: half the hosts have no telemetry. */
  readonly reason: string | undefined;
  /** As `winnow baseline` tells it. */
  readonly measured: unknown;
  /** What its query took, where that was measured. */
  readonly time?: QuestionTime;
}

/** By observable. */
export type Figures = ReadonlyMap<string, Figure>;

export const NO_FIGURES: Figures = new Map();

/** Figures that an environment has written down, for tests and examples. */
export function fixtureFigures({ baselineResults }: Environment): Figures {
  return new Map([...(baselineResults ?? [])].map(([id, figure]) => [id, figureOf(figure)] as const));
}

function figureOf({ hitsPerDay, afterExclusions }: FixtureFigure): Figure {
  return {
    hitsPerDay: perDay(hitsPerDay),
    afterExclusions: perDay(afterExclusions),
    reason: undefined,
    measured: null,
  };
}

/** A number that is written down stands for p50 and p90. */
function perDay(number: number | undefined): PerDay | undefined {
  return number === undefined ? undefined : { p50: number, p90: number };
}

/** By p90: few at or below the budget, above it tunable where exclusions bring it there, else flood; unknown without a figure. */
export function verdictOf(figure: Figure | undefined, budget: number): Verdict {
  const hits = figure?.hitsPerDay;
  if (hits === undefined) return 'unknown';
  if (hits.p90 <= budget) return 'few';
  const after = figure?.afterExclusions;
  return after !== undefined && after.p90 <= budget ? 'tunable' : 'flood';
}

/** Why there is no figure where no history was asked, or none could be read. */
export const NOTHING_COUNTED = 'nothing was counted';

export function baselineEntry(
  observable: string,
  primitive: string,
  figure: Figure | undefined,
  { budget }: Environment,
): BaselineEntry {
  return {
    observable,
    primitive,
    verdict: verdictOf(figure, budget.maxHitsPerDay),
    hits_per_day: figure?.hitsPerDay ?? null,
    after_exclusions: figure?.afterExclusions ?? null,
    reason: figure?.reason ?? (figure?.hitsPerDay === undefined ? NOTHING_COUNTED : null),
    measured: figure?.measured ?? null,
  };
}

/** Whether a detection can be made of it. */
export function isKept(verdict: Verdict): boolean {
  return verdict === 'few' || verdict === 'tunable';
}

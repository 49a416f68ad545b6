// Figures and places that are read off a funnel: how many each step kept, by kind, and at which step a primitive leaves.

import {
  type BaselineEntry,
  type FunnelDocument,
  type PerDay,
  type PrimitiveState,
  STEPS,
  type Step,
  type StepId,
} from './document.ts';
import { counted, figure } from './shown-text.ts';

export type Funnel = Omit<FunnelDocument, 'schema'>;

export interface StepFigures {
  readonly id: StepId;
  readonly kept: readonly string[];
  /** "8", "3/2", "2/8". */
  readonly count: string;
  /** What the count is of, behind it; and the same in full. */
  readonly label: string;
  readonly about: string;
}

/** Of the steps that the document has, in their order. */
export function stepFigures(funnel: Funnel): readonly StepFigures[] {
  return STEPS.flatMap((id) => funnel.steps.filter((step) => step.id === id)).map((step) => ({
    id: step.id,
    kept: step.kept,
    ...countOf(step, funnel),
  }));
}

function countOf(step: Step, { primitives }: Funnel): Omit<StepFigures, 'id' | 'kept'> {
  const total = primitives.length;
  const kept = step.kept.length;
  switch (step.id) {
    case 'A':
      return { count: String(kept), label: kept === 1 ? 'primitive' : 'primitives', about: counted(kept, 'primitive') };
    case 'B':
      return { count: String(kept), label: `of ${total} are necessary`, about: `${kept} of ${total} are necessary` };
    case 'C': {
      const ids = new Set(step.kept);
      const fixed = primitives.filter(({ id, control }) => control === 'fixed' && ids.has(id)).length;
      return {
        count: `${fixed}/${kept - fixed}`,
        label: 'fixed / attacker-controlled',
        about: `${fixed} fixed, ${kept - fixed} attacker-controlled`,
      };
    }
    case 'D': {
      const gaps = step.dropped.length;
      return { count: `${kept}/${gaps}`, label: 'visible / gaps', about: `${kept} visible, ${counted(gaps, 'gap')}` };
    }
    case 'E':
      return { count: String(kept), label: 'left after the baseline', about: `${kept} left after the baseline` };
    case 'F':
      return { count: `${kept}/${total}`, label: 'of all primitives', about: `the scope is ${kept} of ${total}` };
  }
}

/** At which step a primitive leaves the funnel, and why; null for one that stays, or of which no step says it. */
export function leavesAt(funnel: Funnel, id: string): { readonly step: StepId; readonly reason: string } | null {
  for (const step of funnel.steps) {
    const found = step.dropped.find((one) => one.id === id);
    if (found) return { step: step.id, reason: found.reason };
  }
  return null;
}

/** Primitives with an observable in the scope, in the document's order. */
export function scopePrimitives(funnel: Funnel): readonly PrimitiveState[] {
  const ids = new Set(funnel.scope.map(({ primitive }) => primitive));
  return funnel.primitives.filter(({ id }) => ids.has(id));
}

/** "2/8": primitives in the scope, of all. */
export function scopeCount(funnel: Funnel): string {
  return `${scopePrimitives(funnel).length}/${funnel.primitives.length}`;
}

/** "1 hit", "0.3 hits". */
export function hitsText(hits: number): string {
  return `${figure(hits)} ${hits === 1 ? 'hit' : 'hits'}`;
}

/** How the figures of a funnel were come by: "counted by duckdb 1.4". */
export function countedBy({ engine }: Funnel): string {
  if (engine === 'none') return 'nothing was counted';
  return engine === 'fixtures' ? 'figures of an example, nothing counted' : `counted by ${engine}`;
}

/** "0.3 hits a day", "about 2 hits a day, 9 on one day of ten". */
export function perDayWords(perDay: PerDay | null): string {
  if (!perDay) return 'hits a day are not known';
  const { p50, p90 } = perDay;
  if (p50 === p90) return `${hitsText(p50)} a day`;
  return `${hitsText(p50)} on a usual day, at most ${figure(p90)} on nine days of ten`;
}

/** Hits of an observable, and what the accepted exclusions leave of them. */
export function hitsWords(funnel: Funnel, observable: string, hits: PerDay | null): string {
  const after = baselineOf(funnel, observable)?.after_exclusions ?? null;
  return after ? `${perDayWords(after)} after exclusions, ${perDayWords(hits)} before` : perDayWords(hits);
}

export function baselineOf(funnel: Funnel, observable: string): BaselineEntry | undefined {
  return funnel.baseline.find((entry) => entry.observable === observable);
}

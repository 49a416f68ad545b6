// Gaps ranked over dossiers: what each data component that is not collected would make seen, and the best sets of up to three, exactly.

import { compareTexts } from '../../bytes/text-order.ts';
import { type BestSet, type ComponentGap, GAPS_SCHEMA, type GapsDocument } from '../document.ts';
import type { Environment } from '../environment.ts';
import type { Primitive, Technique } from '../technique.ts';
import { type Figures, isKept, verdictOf } from './baseline.ts';
import { bestSets, type Wanting } from './best-sets.ts';
import { necessityOf, type SessionEvidence } from './necessity.ts';
import { isPrimitiveSeen, isSeen } from './visibility.ts';

/** A dossier as the ranking sees it; components by their number among the candidates. */
interface Dossier {
  readonly technique: Technique;
  /** Necessary primitives that nothing shows. */
  readonly gaps: readonly Primitive[];
  readonly isSatisfied: boolean;
  readonly hasScope: boolean;
  /** For each gap, the components that would show it; undefined where a gap has none, and the dossier can never be satisfied. */
  readonly needs: readonly ReadonlySet<string>[] | undefined;
  /** Components that would show an observable of a necessary primitive which nothing shows now. */
  readonly adds: ReadonlySet<string>;
}

export interface GapsInput {
  readonly techniques: readonly Technique[];
  readonly environment: Environment;
  readonly figures: Figures;
  readonly sessions: (technique: Technique) => SessionEvidence;
  /** Dossiers with a gap that a component has to show, for it to be justified. */
  readonly floor: number;
}

export function gapsOf({ techniques, environment, figures, sessions, floor }: GapsInput): GapsDocument {
  const dossiers = techniques.map((one) => dossierOf(one, environment, figures, sessions(one)));
  const candidates = componentsOf(dossiers);
  const components = candidates.map((component): ComponentGap => {
    const blocked = dossiers.flatMap(({ technique, gaps }) =>
      gaps
        .filter(({ observables }) => observables.some((one) => one.dataComponent === component))
        .map(({ id }) => ({ technique: technique.id, primitive: id })),
    );
    const blockedTechniques = [...new Set(blocked.map(({ technique }) => technique))];
    const set = new Set([component]);
    return {
      data_component: component,
      blocked_primitives: blocked,
      blocked_techniques: blockedTechniques,
      justified: blockedTechniques.length >= floor,
      satisfies: dossiers.filter((one) => satisfies(one, set)).map(idOf),
      unlocks: dossiers.filter((one) => unlocks(one, set)).map(idOf),
    };
  });
  const { sets, leftOut } = bestSets(candidates, dossiers.map(wantingOf));
  return {
    schema: GAPS_SCHEMA,
    floor,
    satisfied_now: dossiers.filter(({ isSatisfied }) => isSatisfied).map(idOf),
    scope_now: dossiers.filter(({ hasScope }) => hasScope).map(idOf),
    components: [...components].sort(
      (one, other) =>
        other.satisfies.length - one.satisfies.length ||
        other.unlocks.length - one.unlocks.length ||
        compareTexts(one.data_component, other.data_component),
    ),
    best: sets.map(({ size, components: own }): BestSet => {
      const set = new Set(own);
      return {
        size,
        components: own,
        satisfies: dossiers.filter((one) => satisfies(one, set)).map(idOf),
        unlocks: dossiers.filter((one) => unlocks(one, set)).map(idOf),
      };
    }),
    ...(leftOut === 0
      ? {}
      : { notes: [`too many components to look at every set: ${leftOut} that would show least are in none`] }),
  };
}

/** Components that would show a necessary primitive which nothing shows, the best first. */
export function gapComponents(techniques: readonly Technique[], environment: Environment): readonly string[] {
  const input = { techniques, environment, figures: new Map(), sessions: () => new Map(), floor: 1 };
  return gapsOf(input).components.map(({ data_component }) => data_component);
}

function dossierOf(
  technique: Technique,
  environment: Environment,
  figures: Figures,
  sessions: SessionEvidence,
): Dossier {
  const necessary = technique.primitives.filter((one) => {
    const { isNecessary, isRefuted } = necessityOf(one, technique, sessions);
    return isNecessary && !isRefuted;
  });
  const gaps = necessary.filter((one) => !isPrimitiveSeen(one, environment));
  const observables = necessary.flatMap((one) => one.observables);
  const budget = environment.budget.maxHitsPerDay;
  const needs = gaps.map((one) => new Set(one.observables.map(({ dataComponent }) => dataComponent)));
  return {
    technique,
    gaps,
    isSatisfied: gaps.length === 0,
    hasScope: observables.some((one) => isSeen(one, environment) && isKept(verdictOf(figures.get(one.id), budget))),
    needs: needs.some(({ size }) => size === 0) ? undefined : needs,
    adds: new Set(observables.filter((one) => !isSeen(one, environment)).map((one) => one.dataComponent)),
  };
}

function componentsOf(dossiers: readonly Dossier[]): readonly string[] {
  const all = dossiers.flatMap(({ gaps }) =>
    gaps.flatMap(({ observables }) => observables.map((one) => one.dataComponent)),
  );
  return [...new Set(all)].sort(compareTexts);
}

/** Every necessary primitive becomes seen. */
function satisfies({ isSatisfied, needs }: Dossier, set: ReadonlySet<string>): boolean {
  if (isSatisfied || needs === undefined) return false;
  return needs.every((need) => [...set].some((one) => need.has(one)));
}

/** The scope is empty now, and no longer with what becomes seen: that counts as within the budget. */
function unlocks({ hasScope, adds }: Dossier, set: ReadonlySet<string>): boolean {
  return !hasScope && [...set].some((one) => adds.has(one));
}

/** What the ranking of sets asks of a dossier. */
function wantingOf({ isSatisfied, needs, hasScope, adds }: Dossier): Wanting {
  return { needs: isSatisfied ? undefined : needs, adds: hasScope ? NOTHING : adds };
}

const NOTHING: ReadonlySet<string> = new Set();

function idOf({ technique }: Dossier): string {
  return technique.id;
}

// Gaps ranked over dossiers: what each data component that is not collected would make seen, and the best sets of up to three, exactly.

import { compareTexts } from '../../bytes/text-order.ts';
import { type LogSourceCounts, NO_LOG_SOURCE_COUNTS } from '../counting/log-source-counts.ts';
import type { Environment } from '../environment.ts';
import { GAPS_SCHEMA, type GapsDocument, type RankedComponent, type RankedSet } from '../gaps-document.ts';
import type { Primitive, SourceName, Technique } from '../technique.ts';
import { type Figures, isKept, verdictOf } from './baseline.ts';
import { bestSets, type Wanting } from './best-sets.ts';
import { askedSources, type Blocked, sourcesOfComponent, sumOfVolumes, textOf } from './gap-sources.ts';
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
  /** What the history has of the log sources that {@link gapLogSources} names. */
  readonly counts?: LogSourceCounts;
}

export function gapsOf(input: GapsInput): GapsDocument {
  const { environment, floor, counts = NO_LOG_SOURCE_COUNTS } = input;
  const dossiers = dossiersOf(input);
  const { components, sets, leftOut } = rank(dossiers, floor);
  const described = new Map(
    [...blockedOf(dossiers)].map(([component, blocked]) => [
      component,
      sourcesOfComponent(component, blocked, environment, counts),
    ]),
  );
  return {
    schema: GAPS_SCHEMA,
    floor,
    satisfied_now: dossiers.filter(({ isSatisfied }) => isSatisfied).map(idOf),
    scope_now: dossiers.filter(({ hasScope }) => hasScope).map(idOf),
    components: components.map((one) => ({ ...one, ...described.get(one.data_component)!.told })),
    best: sets.map((one) => {
      const members = one.components.map((component) => described.get(component)!);
      const enough = members.flatMap((member) => member.enough);
      return {
        ...one,
        names: members.map(({ told }) => told.name),
        enough: [...new Set(enough.map(textOf))],
        enable: [...new Set(enough.flatMap(({ enable }) => enable.map(({ name }) => name)))],
        volume: sumOfVolumes(enough),
      };
    }),
    ...(leftOut === 0
      ? {}
      : { notes: [`too many components to look at every set: ${leftOut} that would show least are in none`] }),
  };
}

/** Log sources of all gaps, for a history to count; without sessions, which only take gaps away. */
export function gapLogSources(techniques: readonly Technique[], environment: Environment): readonly SourceName[] {
  const blocked = blockedOf(dossiersOf({ ...WITHOUT_EVIDENCE, techniques, environment }));
  return askedSources(
    [...blocked].flatMap(
      ([component, own]) => sourcesOfComponent(component, own, environment, NO_LOG_SOURCE_COUNTS).told.log_sources,
    ),
  );
}

/** Components that would show a necessary primitive which nothing shows, the best first. */
export function gapComponents(techniques: readonly Technique[], environment: Environment): readonly string[] {
  const { components } = rank(dossiersOf({ ...WITHOUT_EVIDENCE, techniques, environment }), 1);
  return components.map(({ data_component }) => data_component);
}

const WITHOUT_EVIDENCE = { figures: new Map(), sessions: () => new Map(), floor: 1 } as const;

function dossiersOf({ techniques, environment, figures, sessions }: GapsInput): readonly Dossier[] {
  return techniques.map((one) => dossierOf(one, environment, figures, sessions(one)));
}

interface Ranking {
  /** The best first. */
  readonly components: readonly RankedComponent[];
  readonly sets: readonly RankedSet[];
  readonly leftOut: number;
}

function rank(dossiers: readonly Dossier[], floor: number): Ranking {
  const candidates = componentsOf(dossiers);
  const gainOf = (components: readonly string[]) => {
    const set = new Set(components);
    return {
      satisfies: dossiers.filter((one) => satisfies(one, set)).map(idOf),
      unlocks: dossiers.filter((one) => unlocks(one, set)).map(idOf),
    };
  };
  const components = candidates.map((component): RankedComponent => {
    const blocked = dossiers.flatMap(({ technique, gaps }) =>
      gaps
        .filter(({ observables }) => observables.some((one) => one.dataComponent === component))
        .map(({ id }) => ({ technique: technique.id, primitive: id })),
    );
    const blockedTechniques = [...new Set(blocked.map(({ technique }) => technique))];
    return {
      data_component: component,
      blocked_primitives: blocked,
      blocked_techniques: blockedTechniques,
      justified: blockedTechniques.length >= floor,
      ...gainOf([component]),
    };
  });
  const { sets, leftOut } = bestSets(candidates, dossiers.map(wantingOf));
  return {
    components: [...components].sort(
      (one, other) =>
        other.satisfies.length - one.satisfies.length ||
        other.unlocks.length - one.unlocks.length ||
        compareTexts(one.data_component, other.data_component),
    ),
    sets: sets.map(({ size, components: own }) => ({ size, components: own, ...gainOf(own) })),
    leftOut,
  };
}

/** By component, the observables that it would show of primitives that nothing shows. */
function blockedOf(dossiers: readonly Dossier[]): ReadonlyMap<string, readonly Blocked[]> {
  const found = new Map<string, Blocked[]>();
  for (const { technique, gaps } of dossiers)
    for (const primitive of gaps)
      for (const observable of primitive.observables) {
        const own = found.get(observable.dataComponent) ?? [];
        own.push({ technique, primitive, observable });
        found.set(observable.dataComponent, own);
      }
  return found;
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

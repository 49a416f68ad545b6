// The funnel of one technique in one environment: from all its primitives to what a detection can be made of.

import type {
  BaselineEntry,
  ExclusionEntry,
  FunnelDocument,
  PrimitiveState,
  Resilience,
  State,
  Step,
  StepId,
  Window,
} from '../document.ts';
import { FUNNEL_SCHEMA } from '../document.ts';
import type { Environment } from '../environment.ts';
import { counted } from '../shown-text.ts';
import type { Primitive, Technique } from '../technique.ts';
import { baselineEntry, type Figures, isKept } from './baseline.ts';
import { emptyScope } from './empty-scope.ts';
import { gapsOfDossier } from './gaps-of-dossier.ts';
import { type Necessity, necessityOf, type SessionEvidence } from './necessity.ts';
import { colourOf, LETTERS } from './primitive-state.ts';
import { scopeEntry } from './scope.ts';
import { sideRulesOf } from './side-rules.ts';
import { isPrimitiveSeen, isSeen, whyUnseen } from './visibility.ts';

/** What the funnel is computed from, beside the dossier and the environment. */
export interface FunnelInput {
  readonly technique: Technique;
  /** All dossiers that are run together. */
  readonly together: readonly Technique[];
  readonly environment: Environment;
  readonly figures: Figures;
  readonly sessions: SessionEvidence;
  readonly exclusions: readonly ExclusionEntry[];
  /** How hard the scope is to evade; told once the scope is known. */
  readonly resilience: (scope: FunnelDocument['scope']) => Resilience | null;
  readonly engine: string;
  readonly window: Window | null;
  readonly inputsSha256: string;
  readonly notes: readonly string[];
}

/** A primitive on its way. */
interface Passing {
  readonly primitive: Primitive;
  readonly necessity: Necessity;
  readonly isSeen: boolean;
  readonly baseline: readonly BaselineEntry[];
  readonly state: State;
}

export function funnelOf(input: FunnelInput): FunnelDocument {
  const { technique, environment, together, figures } = input;
  const all = technique.primitives.map((primitive) => passing(primitive, input));
  const scope = all.flatMap(({ primitive, baseline, state }) =>
    state !== 'scope'
      ? []
      : primitive.observables.flatMap((observable) => {
          const entry = baseline.find((one) => one.observable === observable.id);
          return entry && isKept(entry.verdict)
            ? [
                scopeEntry(
                  observable,
                  primitive,
                  entry,
                  technique,
                  together,
                  environment,
                  figures.get(observable.id)?.time,
                ),
              ]
            : [];
        }),
  );
  const steps = stepsOf(all, environment);
  return {
    schema: FUNNEL_SCHEMA,
    id: technique.id,
    name: technique.name ?? null,
    technique: technique.attack?.technique ?? null,
    attack_version: technique.attack?.version ?? null,
    environment: environment.id,
    inputs_sha256: input.inputsSha256,
    engine: input.engine,
    window: input.window,
    steps,
    primitives: all.map(primitiveState),
    baseline: all.flatMap(({ baseline }) => baseline),
    exclusions: input.exclusions,
    scope,
    resilience: scope.length === 0 ? null : input.resilience(scope),
    gaps: gapsOfDossier(
      technique,
      all.filter(({ state }) => state === 'gap').map(({ primitive }) => primitive),
    ),
    side_rules: sideRulesOf(technique),
    empty: scope.length > 0 ? null : emptyScope(steps, technique, environment),
    notes: input.notes,
  };
}

function passing(primitive: Primitive, { technique, environment, figures, sessions }: FunnelInput): Passing {
  const necessity = necessityOf(primitive, technique, sessions);
  const seen = isPrimitiveSeen(primitive, environment);
  const isOn = necessity.isNecessary && !necessity.isRefuted && seen;
  const baseline = isOn
    ? primitive.observables
        .filter((one) => isSeen(one, environment))
        .map((one) => baselineEntry(one.id, primitive.id, figures.get(one.id), environment))
    : [];
  return { primitive, necessity, isSeen: seen, baseline, state: stateOf(necessity, seen, baseline) };
}

function stateOf(
  { isNecessary, isRefuted }: Necessity,
  isSeenAtAll: boolean,
  baseline: readonly BaselineEntry[],
): State {
  if (isRefuted) return 'refuted';
  if (!isNecessary) return 'optional';
  if (!isSeenAtAll) return 'gap';
  if (baseline.some(({ verdict }) => isKept(verdict))) return 'scope';
  return baseline.some(({ verdict }) => verdict === 'flood') ? 'over_budget' : 'unknown';
}

function primitiveState({ primitive, necessity, state }: Passing): PrimitiveState {
  const { id, name, control, varies } = primitive;
  const colour = colourOf(state, control);
  const known = varies?.knownValues;
  return {
    id,
    name: name ?? null,
    necessity: necessity.isNecessary ? 'necessary' : 'optional',
    evidence: necessity.evidence,
    control,
    varies: varies
      ? {
          field: varies.field ?? null,
          known_values: known === undefined ? null : typeof known === 'number' ? known : known.length,
          open_ended: varies.openEnded,
        }
      : null,
    state,
    colour,
    letter: LETTERS[colour],
  };
}

/** In each step, what came through it, and what it took away. */
function stepsOf(all: readonly Passing[], environment: Environment): readonly Step[] {
  const drop: Readonly<Record<StepId, (one: Passing) => string | undefined>> = {
    A: () => undefined,
    B: ({ state, necessity }) => (state === 'optional' || state === 'refuted' ? whyNotNecessary(necessity) : undefined),
    C: () => undefined,
    D: ({ state, primitive }) => (state === 'gap' ? whyGap(primitive, environment) : undefined),
    E: ({ state, baseline }) =>
      state === 'over_budget' || state === 'unknown' ? whyNotKept(baseline, environment) : undefined,
    F: () => undefined,
  };
  let left = all;
  return (Object.keys(drop) as StepId[]).map((id) => {
    const dropped = left.flatMap((one) => {
      const reason = drop[id](one);
      return reason === undefined ? [] : [{ id: one.primitive.id, reason }];
    });
    left = left.filter((one) => drop[id](one) === undefined);
    return { id, kept: left.map(({ primitive }) => primitive.id), dropped };
  });
}

function whyNotNecessary({ isRefuted, evidence }: Necessity): string {
  if (isRefuted)
    return `refuted: ${evidence.broken_by.join(', ')} ${evidence.broken_by.length === 1 ? 'is an attack' : 'are attacks'} with telemetry for it and without it`;
  return evidence.procedures.length === 0
    ? 'optional: no procedure uses it'
    : `optional: only ${evidence.procedures.join(', ')} ${evidence.procedures.length === 1 ? 'uses' : 'use'} it`;
}

function whyGap({ observables }: Primitive, environment: Environment): string {
  if (observables.length === 0) return 'gap: the dossier names nothing that would show it';
  return `gap: ${[...new Set(observables.map((one) => whyUnseen(one, environment)))].join('; ')}`;
}

function whyNotKept(baseline: readonly BaselineEntry[], { budget }: Environment): string {
  const floods = baseline.filter(({ verdict }) => verdict === 'flood');
  if (floods.length === 0) {
    const reasons = new Set(baseline.map(({ reason }) => reason));
    const [only] = reasons;
    if (reasons.size === 1) return `unknown: ${only}`;
    return `unknown: ${baseline.map(({ observable, reason }) => `${observable}: ${reason}`).join('; ')}`;
  }
  const texts = floods.map(({ observable, hits_per_day, after_exclusions: after }) => {
    const left = after === null ? '' : `, ${after.p90} once the exclusions are applied`;
    return `${observable} has ${counted(hits_per_day?.p90 ?? 0, 'hit')} a day${left}`;
  });
  return `over budget: ${texts.join(', ')}, and ${budget.maxHitsPerDay} ${budget.maxHitsPerDay === 1 ? 'is' : 'are'} bearable`;
}

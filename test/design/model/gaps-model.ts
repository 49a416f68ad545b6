// The gap ranking by brute force, written from the definitions alone and apart from the code: every set of one, two and three components is tried.
//
// What the definitions leave open, and what is decided here:
//
// 1. A candidate is a component of a gap: each `data_component` of an observable of a necessary primitive of which none is seen. One that
//    is collected already, but under another log source or without a required field, is a candidate too: the issue knows only one gap
//    "under no component", that of a primitive without observables.
// 2. A component that is added shows every observable of it, whatever the log source and the fields: that is what enabling it means.
// 3. An unseen observable of a primitive that is seen (over budget, or without a figure) makes its component no candidate, since
//    nothing is blocked; but where that component is a candidate by another gap, the observable is newly seen with it, and unlocks.
// 4. "Becomes seen": a dossier that is satisfied already is in no `satisfies`, as one with a scope is in no `unlocks`.
// 5. A dossier in which nothing is necessary is satisfied (every one of none is seen) and has no scope; nothing unlocks it.
// 6. A newly seen observable counts as within budget whatever figure a fixture has for it.
// 7. Of each size the best of the sets of exactly so many components; no entry where there are fewer candidates. A set is filled with
//    components that add nothing rather than left smaller.
// 8. "Then names": sets as sorted lists of ids, compared one by one by code unit. `components` is in the same order: how many it
//    satisfies, how many it unlocks, name.
// 9. A technique in this document is a dossier, by its id; `justified` counts dossiers.

import { componentOf, list, maps, modelFunnel, type Plain, visible } from './funnel-model.ts';

export interface ModelGaps {
  readonly schema: 'winnow.gaps/1';
  readonly floor: number;
  readonly satisfied_now: readonly string[];
  readonly scope_now: readonly string[];
  readonly components: readonly {
    readonly data_component: string;
    readonly blocked_primitives: readonly { readonly technique: string; readonly primitive: string }[];
    readonly blocked_techniques: readonly string[];
    readonly justified: boolean;
    readonly satisfies: readonly string[];
    readonly unlocks: readonly string[];
  }[];
  readonly best: readonly Gain[];
}

interface Gain {
  readonly size: number;
  readonly components: readonly string[];
  readonly satisfies: readonly string[];
  readonly unlocks: readonly string[];
}

export function modelGaps(techniques: readonly Plain[], environment: Plain, floor = 5): ModelGaps {
  const funnels = techniques.map((one) => modelFunnel(one, environment));
  const blocked = funnels.flatMap(({ id, gaps }) =>
    gaps.flatMap((gap) => gap.blocked_primitives.map((primitive) => ({ ...gap, technique: id, primitive }))),
  );
  const candidates = [...new Set(blocked.map(({ data_component }) => data_component))].sort();
  const gainOf = (components: readonly string[]): Gain => ({
    size: components.length,
    components,
    satisfies: techniques
      .filter((one) => !satisfied(one, environment, []) && satisfied(one, environment, components))
      .map((one) => String(one.id)),
    unlocks: techniques
      .filter((one, i) => funnels[i].scope.length === 0 && newlySeen(one, environment, components))
      .map((one) => String(one.id)),
  });
  return {
    schema: 'winnow.gaps/1',
    floor,
    satisfied_now: techniques.filter((one) => satisfied(one, environment, [])).map((one) => String(one.id)),
    scope_now: funnels.filter(({ scope }) => scope.length > 0).map(({ id }) => id),
    components: candidates
      .map((component) => gainOf([component]))
      .sort(better)
      .map(({ components: [component], satisfies, unlocks }) => {
        const here = blocked.filter(({ data_component }) => data_component === component);
        const dossiers = [...new Set(here.map(({ technique }) => technique))];
        return {
          data_component: component,
          blocked_primitives: here.map(({ technique, primitive }) => ({ technique, primitive })),
          blocked_techniques: dossiers,
          justified: dossiers.length >= floor,
          satisfies,
          unlocks,
        };
      }),
    best: [1, 2, 3].flatMap((size) => setsOf(candidates, size).map(gainOf).sort(better).slice(0, 1)),
  };
}

/** Sets that a choice of one component after the other comes to: what the exact ranking must do better than. */
export function greedySets(techniques: readonly Plain[], environment: Plain): readonly Gain[] {
  const { components } = modelGaps(techniques, environment);
  const taken: string[] = [];
  const sets: Gain[] = [];
  for (let size = 1; size <= Math.min(3, components.length); size++) {
    const tried = components
      .map(({ data_component }) => data_component)
      .filter((one) => !taken.includes(one))
      .map((one) => {
        const set = [...taken, one];
        const satisfies = techniques
          .filter((each) => !satisfied(each, environment, []) && satisfied(each, environment, set))
          .map((each) => String(each.id));
        return { size, components: set, satisfies, unlocks: [] };
      })
      .sort(better);
    taken.push(tried[0].components[size - 1]);
    sets.push(tried[0]);
  }
  return sets;
}

function necessaryOf(technique: Plain): readonly Plain[] {
  const procedures = maps(technique.procedures);
  return maps(technique.primitives).filter((primitive) =>
    procedures.every((one) => list(one.primitives).includes(primitive.id)),
  );
}

function satisfied(technique: Plain, environment: Plain, added: readonly string[]): boolean {
  return necessaryOf(technique).every((primitive) =>
    maps(primitive.observables).some((one) => visible(one, environment) || added.includes(componentOf(one))),
  );
}

function newlySeen(technique: Plain, environment: Plain, added: readonly string[]): boolean {
  return necessaryOf(technique).some((primitive) =>
    maps(primitive.observables).some((one) => !visible(one, environment) && added.includes(componentOf(one))),
  );
}

function better(a: Gain, b: Gain): number {
  const order = b.satisfies.length - a.satisfies.length || b.unlocks.length - a.unlocks.length;
  if (order !== 0) return order;
  const [left, right] = [[...a.components].sort(), [...b.components].sort()];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  return 0;
}

function setsOf(candidates: readonly string[], size: number): readonly (readonly string[])[] {
  if (size === 0) return [[]];
  return candidates.flatMap((first, i) => setsOf(candidates.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

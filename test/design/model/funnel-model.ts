// A second, simple funnel, written from the definitions alone and apart from the code: what a dossier in an environment with fixtures must give.
//
// What the definitions leave open, and what is decided here:
//
// 1. One data source alone must do all that makes an observable visible: collect its component, agree on the log source, fill the
//    required fields. A component of one source and the fields of another show no event that has both.
// 2. "Where both name a log source": the name and the channel are compared each where both sides give it. A source that only names
//    "WinEventLog:Sysmon" collects any event of it; `log_source: {}` and null name nothing. Of a channel that lists numbers of events
//    ("EventCode=13, 14") the log source is collected where one of its numbers is: a source that collects 13 has events of it.
// 3. "Where fields are given": a required field that a source with `fields` does not list is not filled; without `fields` nothing is known
//    against it. `fields: {}` is not drawn: it may be read as either.
// 4. A null is an absent key, where the key may be absent (the issue's own examples write `detection_strategy: null`).
// 5. The baseline asks of what step D kept: the seen observables of necessary primitives. Whether those of optional primitives are told
//    too is open; where they are, their verdict must be the one of `verdicts`. Unseen observables have no verdict.
// 6. A figure of `baseline_results` for an observable that is not in the run, or not seen, is no error and does nothing: one environment
//    serves many dossiers.
// 7. Two procedures that share no primitive make none necessary: step B keeps none and the scope is empty by B. That is no error.
// 8. The step that emptied the scope is the first that keeps nothing.
// 9. No session is at hand in these cases, so nothing is refuted: a session that cannot be read cannot tell.
// 10. The order of lists in the document is left open but for what is ranked; ids are compared as sets.

/** A map of a YAML text, as the package `yaml` gives it. */
export type Plain = Readonly<Record<string, unknown>>;

export interface ModelFunnel {
  readonly id: string;
  readonly steps: Readonly<Record<string, { readonly kept: readonly string[]; readonly dropped: readonly string[] }>>;
  readonly primitives: readonly ModelPrimitive[];
  readonly baseline: readonly ModelVerdict[];
  /** Of every seen observable, those of optional primitives too. */
  readonly verdicts: readonly ModelVerdict[];
  readonly scope: readonly ModelScope[];
  readonly gaps: readonly {
    readonly data_component: string;
    readonly blocked_primitives: readonly string[];
    readonly blocked_techniques: readonly string[];
  }[];
  /** Null where there is a scope. */
  readonly emptiedBy: string | null;
}

export interface ModelPrimitive {
  readonly id: string;
  readonly necessity: string;
  readonly procedures: readonly string[];
  readonly control: string;
  readonly state: string;
  readonly colour: string;
  readonly letter: string;
}

export interface ModelVerdict {
  readonly observable: string;
  readonly primitive: string;
  readonly verdict: string;
  readonly hits: number | null;
}

export interface ModelScope {
  readonly observable: string;
  readonly primitive: string;
  readonly level: unknown;
  readonly column: unknown;
  readonly verdict: string;
}

export function modelFunnel(technique: Plain, environment: Plain): ModelFunnel {
  const id = String(technique.id);
  const primitives = maps(technique.primitives);
  const procedures = maps(technique.procedures);
  const ids = primitives.map((one) => String(one.id));

  const usedBy = (primitive: Plain) => procedures.filter((one) => list(one.primitives).includes(primitive.id));
  const necessary = (primitive: Plain) => usedBy(primitive).length === procedures.length;
  const seen = (primitive: Plain) => maps(primitive.observables).filter((one) => visible(one, environment));
  const kept = (primitive: Plain) =>
    seen(primitive).filter((one) => ['few', 'tunable'].includes(verdictOf(one, environment)));
  const floods = (primitive: Plain) => seen(primitive).some((one) => verdictOf(one, environment) === 'flood');

  const stateOf = (primitive: Plain): string => {
    if (!necessary(primitive)) return 'optional';
    if (seen(primitive).length === 0) return 'gap';
    if (kept(primitive).length > 0) return 'scope';
    return floods(primitive) ? 'over_budget' : 'unknown';
  };
  const verdicts = primitives.flatMap((primitive) =>
    seen(primitive).map((one) => ({
      observable: String(one.id),
      primitive: String(primitive.id),
      verdict: verdictOf(one, environment),
      hits: figureOf(one, environment)?.hits ?? null,
    })),
  );

  const idsWhere = (holds: (primitive: Plain) => boolean) => primitives.filter(holds).map((one) => String(one.id));
  const B = idsWhere(necessary);
  const D = idsWhere((one) => necessary(one) && seen(one).length > 0);
  const E = idsWhere((one) => necessary(one) && kept(one).length > 0);
  const without = (from: readonly string[], these: readonly string[]) => from.filter((one) => !these.includes(one));
  const steps = {
    A: { kept: ids, dropped: [] },
    B: { kept: B, dropped: without(ids, B) },
    C: { kept: B, dropped: [] },
    D: { kept: D, dropped: without(B, D) },
    E: { kept: E, dropped: without(D, E) },
    F: { kept: E, dropped: [] },
  };

  const gapPrimitives = primitives.filter((one) => stateOf(one) === 'gap');
  const components = [...new Set(gapPrimitives.flatMap((one) => maps(one.observables).map(componentOf)))].sort();
  return {
    id,
    steps,
    primitives: primitives.map((one) => {
      const state = stateOf(one);
      const colour = colourOf(state, String(one.control));
      return {
        id: String(one.id),
        necessity: necessary(one) ? 'necessary' : 'optional',
        procedures: usedBy(one).map((procedure) => String(procedure.id)),
        control: String(one.control),
        state,
        colour,
        letter: LETTERS[colour],
      };
    }),
    baseline: verdicts.filter(({ primitive }) => D.includes(primitive)),
    verdicts,
    scope: primitives.filter(necessary).flatMap((primitive) =>
      kept(primitive).map((one) => ({
        observable: String(one.id),
        primitive: String(primitive.id),
        level: one.level ?? null,
        column: one.column ?? null,
        verdict: verdictOf(one, environment),
      })),
    ),
    gaps: components.map((component) => ({
      data_component: component,
      blocked_primitives: gapPrimitives
        .filter((one) => maps(one.observables).map(componentOf).includes(component))
        .map((one) => String(one.id)),
      blocked_techniques: [id],
    })),
    emptiedBy: Object.entries(steps).find(([, step]) => step.kept.length === 0)?.[0] ?? null,
  };
}

/** Whether one of the environment's data sources shows the observable. */
export function visible(observable: Plain, environment: Plain): boolean {
  return maps(environment.data_sources).some((source) => {
    if (!list(source.data_components).includes(observable.data_component)) return false;
    const asked = (observable.log_source ?? {}) as Plain;
    const has = (source.log_source ?? {}) as Plain;
    for (const part of ['name', 'channel'])
      if (asked[part] != null && has[part] != null && !meet(String(asked[part]), String(has[part]))) return false;
    if (source.fields == null) return true;
    const rates = source.fields as Readonly<Record<string, number>>;
    return list(observable.requires_fields).every(
      (field) => Object.hasOwn(rates, String(field)) && rates[String(field)] > 0,
    );
  });
}

/** The same text, or lists of numbers with one in both. */
function meet(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => /^EventCode=([\d, ]+)$/.exec(text)?.[1].split(', '));
  return one === other || (left?.some((number) => right?.includes(number)) ?? false);
}

/** few, tunable, flood or unknown, of an observable that is seen. */
export function verdictOf(observable: Plain, environment: Plain): string {
  const figure = figureOf(observable, environment);
  if (!figure) return 'unknown';
  const budget = Number((environment.budget as Plain).max_hits_per_day);
  if (figure.hits <= budget) return 'few';
  return figure.after !== undefined && figure.after <= budget ? 'tunable' : 'flood';
}

function figureOf(observable: Plain, environment: Plain): { hits: number; after: number | undefined } | undefined {
  const figures = (environment.baseline_results ?? {}) as Readonly<Record<string, Plain>>;
  const id = String(observable.id);
  if (!Object.hasOwn(figures, id)) return undefined;
  const { hits_per_day, after_exclusions } = figures[id];
  return { hits: Number(hits_per_day), after: after_exclusions == null ? undefined : Number(after_exclusions) };
}

function colourOf(state: string, control: string): keyof typeof LETTERS {
  if (state === 'optional') return 'grey';
  if (state === 'gap') return 'purple';
  if (state === 'scope') return control === 'fixed' ? 'green' : 'dark_green';
  return 'amber';
}

const LETTERS = { red: 'R', grey: 'O', purple: 'P', amber: 'A', green: 'G', dark_green: 'D' } as const;

export function componentOf(observable: Plain): string {
  return String(observable.data_component);
}

export function maps(value: unknown): readonly Plain[] {
  return (value ?? []) as readonly Plain[];
}

export function list(value: unknown): readonly unknown[] {
  return (value ?? []) as readonly unknown[];
}

// Step E on a real history: every seen observable is counted, what floods is mined for exclusions, and counted again without them.

import type { Answer, AskOptions, HistoryStore, Question, Row } from '../../history/question.ts';
import type { BaselineSummary } from '../../history/statistics/baseline-summary.ts';
import { summarize } from '../../history/statistics/summarize.ts';
import { unfilledFields, unfilledReason } from '../../history/unfilled-fields.ts';
import { fieldsOf } from '../../rule/condition.ts';
import type { PerDay, Window } from '../document.ts';
import type { Environment } from '../environment.ts';
import { labelRows } from '../exclusions/labels.ts';
import { mineExclusions, withExclusions } from '../exclusions/mine-exclusions.ts';
import type { AttackRow, Mined } from '../exclusions/mining.ts';
import { miningFields } from '../exclusions/mining-fields.ts';
import type { Figure, Figures } from '../funnel/baseline.ts';
import { necessityOf, type SessionEvidence } from '../funnel/necessity.ts';
import { isSeen } from '../funnel/visibility.ts';
import { fieldsOfObservable, observableCondition } from '../observable-condition.ts';
import type { Observable, Technique } from '../technique.ts';

/** Values of a field that are told. */
const VALUES = 20;
/** Hits that differ, which exclusions are mined from. */
const MOST_ROWS = 100_000;

export interface CountingInput {
  readonly store: HistoryStore;
  readonly techniques: readonly Technique[];
  readonly environment: Environment;
  /** What the labelled sessions of a technique say. */
  readonly sessions: (technique: Technique) => TechniqueSessions;
  readonly from?: string;
  readonly to?: string;
  readonly excludedDays: readonly string[];
  /** Who answers for free exclusions, and until when. */
  readonly answers?: { readonly owner: string; readonly expiry: string };
  /** "2026-11-28": what ended before it does not hold. */
  readonly today: string;
}

export interface TechniqueSessions {
  readonly evidence: SessionEvidence;
  readonly attackRows: (observable: string) => readonly AttackRow[];
  /** Hits of attack sessions in which nothing is labelled. */
  readonly unmarkedRows?: (observable: string) => readonly AttackRow[];
}

export interface Counted {
  readonly figures: Figures;
  /** By observable. */
  readonly exclusions: ReadonlyMap<string, Mined>;
  readonly window: Window | null;
  readonly notes: readonly string[];
}

/** An observable and what is asked of the history. */
interface Asked {
  readonly technique: Technique;
  readonly observable: Observable;
  readonly question: Question;
}

export async function countObservables(input: CountingInput): Promise<Counted> {
  const { store } = input;
  const figures = new Map<string, Figure>();
  const asked: Asked[] = [];
  for (const { technique, observable, condition } of seenObservables(input)) {
    const { id } = observable;
    if (condition)
      asked.push({
        technique,
        observable,
        question: {
          id,
          condition: condition.hit,
          telemetry: condition.telemetry,
          fields: fieldsOfObservable(observable),
        },
      });
    else
      figures.set(id, nothingKnown(`${technique.id} gives it neither a predicate nor a log source that can be asked`));
  }
  const options = askOptions(input);
  store.expect?.(asked.flatMap(({ technique, observable }) => fieldsToMine(technique, observable)));
  const answers = await store.ask(
    asked.map(({ question }) => question),
    options,
  );
  const unfilled = await unfilledFields(
    store,
    asked.map(({ question }, i) => ({ question, answer: answers[i] })),
    options,
  );
  const exclusions = new Map<string, Mined>();
  const notes: string[] = [];
  let window: BaselineSummary['window'] = null;
  for (const [i, one] of asked.entries()) {
    const first = summaryOf(answers[i], input);
    window ??= first.window;
    const missing = unfilled.get(one.observable.id);
    if (missing) {
      figures.set(one.observable.id, {
        ...nothingKnown(unfilledReason(missing)),
        measured: first,
      });
      continue;
    }
    const tuned = first.verdict === 'flood' ? await tune(one, first, answers[i], input) : undefined;
    if (tuned) {
      exclusions.set(one.observable.id, tuned.mined);
      notes.push(...tuned.mined.notes.map((note) => `${one.observable.id}: ${note}`));
    }
    figures.set(one.observable.id, figureOf(tuned?.summary ?? first));
  }
  return {
    figures,
    exclusions,
    window: window && { from: window.from, to: window.to, excluded_days: window.excluded_days },
    notes: [...new Set([...notes, ...(store.notes ?? []).map(({ about, text }) => `${about}: ${text}`)])],
  };
}

function askOptions({ from, to, excludedDays }: CountingInput): AskOptions {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    exceptDays: excludedDays,
    values: VALUES,
  };
}

/** Seen observables of primitives that are still on their way at step E. */
function seenObservables({ techniques, environment, sessions }: CountingInput) {
  return techniques.flatMap((technique) => {
    const { evidence } = sessions(technique);
    return technique.primitives
      .filter((primitive) => {
        const { isNecessary, isRefuted } = necessityOf(primitive, technique, evidence);
        return isNecessary && !isRefuted;
      })
      .flatMap(({ observables }) => observables)
      .filter((observable) => isSeen(observable, environment))
      .map((observable) => ({ technique, observable, condition: observableCondition(observable) }));
  });
}

function summaryOf(
  answer: Answer,
  { environment, excludedDays, from, to }: CountingInput,
  after?: Answer,
): BaselineSummary {
  const totals = environment.dataSources.flatMap(({ hosts }) => hosts?.total ?? []);
  return summarize(answer, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    excludedDays,
    budget: environment.budget.maxHitsPerDay,
    ...(totals.length === 0 ? {} : { hostsTotal: Math.max(...totals) }),
    ...(after === undefined ? {} : { afterExclusions: after.days }),
    values: VALUES,
  });
}

/** By which hits differ, and attacks are told from noise. */
function fieldsToMine({ sessions }: Technique, observable: Observable): readonly string[] {
  const labels = sessions.flatMap(({ attackEvents }) => (attackEvents ? fieldsOf(attackEvents.condition) : []));
  return [...new Set([...miningFields(observable), ...labels])];
}

/** What is left may be within the budget on the mean and not on nine days of ten: then more is let pass. */
const SHARES_OF_BUDGET = [1, 0.25, 0] as const;

/** Exclusions with which the verdict is no flood any more; where there are none, those that leave least. */
async function tune(
  one: Asked,
  first: BaselineSummary,
  answer: Answer,
  input: CountingInput,
): Promise<{ readonly mined: Mined; readonly summary: BaselineSummary }> {
  const hits = await hitsOf(one, input);
  let best: { readonly mined: Mined; readonly summary: BaselineSummary } | undefined;
  for (const share of SHARES_OF_BUDGET) {
    const mined = mine(one, hits, first, input, share);
    if (best && mined.entries.length === best.mined.entries.length) continue;
    const summary = mined.condition ? await without(one, mined, answer, input) : first;
    best = { mined, summary };
    if (summary.verdict !== 'flood') break;
  }
  return best!;
}

/** Hits of an observable, the attack's apart from the noise. */
interface Hits {
  readonly benign: readonly Row[];
  readonly attacks: readonly AttackRow[];
}

async function hitsOf({ technique, observable, question }: Asked, { store, sessions }: CountingInput): Promise<Hits> {
  const rows = await store.rows(question, fieldsToMine(technique, observable), MOST_ROWS);
  const { others, attacks } = labelRows(rows, technique.sessions);
  // What a label alone is told by is nothing that an exclusion may speak of.
  const own = miningFields(observable);
  const withOwn = <R extends Row>(row: R): R => ({
    ...row,
    values: Object.fromEntries(own.map((name) => [name, row.values[name] ?? null])),
  });
  const recorded = sessions(technique).attackRows(observable.id);
  return { benign: others.map(withOwn), attacks: recorded.length > 0 ? recorded : attacks.map(withOwn) };
}

function mine(
  { technique, observable }: Asked,
  { benign, attacks }: Hits,
  { window }: BaselineSummary,
  input: CountingInput,
  share: number,
): Mined {
  const days = window?.counted_days ?? 0;
  return mineExclusions({
    observable,
    benign,
    attacks,
    unmarked: input.sessions(technique).unmarkedRows?.(observable.id) ?? [],
    sessions: technique.sessions,
    attackerRights: technique.attackerRights,
    budget: input.environment.budget.maxHitsPerDay * days * share,
    acceptances: [],
    ...(input.answers === undefined ? {} : { answers: input.answers }),
    today: input.today,
    days,
  });
}

/** The same question once the exclusions are applied. */
async function without(
  { question }: Asked,
  mined: Mined,
  answer: Answer,
  input: CountingInput,
): Promise<BaselineSummary> {
  const [after] = await input.store.ask(
    [{ ...question, condition: withExclusions(question.condition, mined), fields: [] }],
    askOptions(input),
  );
  return summaryOf(answer, input, after);
}

function figureOf(summary: BaselineSummary): Figure {
  if (summary.verdict === 'unknown')
    return { hitsPerDay: undefined, afterExclusions: undefined, reason: summary.reason, measured: summary };
  return {
    hitsPerDay: perDay(summary.hits_per_day),
    afterExclusions: perDay(summary.after_exclusions),
    reason: summary.reason,
    measured: summary,
  };
}

function perDay(rate: BaselineSummary['hits_per_day']): PerDay | undefined {
  return rate === null ? undefined : { p50: rate.p50, p90: rate.p90, max: rate.max };
}

function nothingKnown(reason: string): Figure {
  return { hitsPerDay: undefined, afterExclusions: undefined, reason, measured: null };
}

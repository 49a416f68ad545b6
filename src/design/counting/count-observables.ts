// Step E on a real history: every seen observable is counted, what floods is mined for exclusions, and counted again without them.

import { cheaperQuery } from '../../history/query-cost/cheaper-query.ts';
import { queryShape } from '../../history/query-cost/query-shape.ts';
import type { Answer, AskOptions, HistoryStore, Question, Row } from '../../history/question.ts';
import type { BaselineSummary } from '../../history/statistics/baseline-summary.ts';
import { unfilledFields } from '../../history/unfilled-fields.ts';
import { fieldsOf } from '../../rule/condition.ts';
import type { Window } from '../document.ts';
import { labelRows } from '../exclusions/labels.ts';
import { mineExclusions, withExclusions } from '../exclusions/mine-exclusions.ts';
import type { AttackRow, Mined } from '../exclusions/mining.ts';
import { miningFields } from '../exclusions/mining-fields.ts';
import { type Figure, type Figures, isKept, verdictOf } from '../funnel/baseline.ts';
import { necessityOf, type SessionEvidence } from '../funnel/necessity.ts';
import { isSeen } from '../funnel/visibility.ts';
import { observableCondition } from '../observable-condition.ts';
import type { ReviewedAcceptance } from '../reviewed-acceptance.ts';
import type { Observable, SourceName, Technique } from '../technique.ts';
import { acceptanceNotes, acceptancesFor } from './accepted.ts';
import { type CountedWindow, figureOf, nothingKnown, questionOf, summaryOf, VALUES } from './counted-figure.ts';
import { type LogSourceCounts, logSourceCount, logSourceQuestion } from './log-source-counts.ts';

/** Hits that differ, which exclusions are mined from. */
const MOST_ROWS = 100_000;

export interface CountingInput extends CountedWindow {
  readonly store: HistoryStore;
  readonly techniques: readonly Technique[];
  /** Observables that a store elsewhere has answered: they are not asked again. */
  readonly answered?: ReadonlySet<string>;
  /** What the labelled sessions of a technique say. */
  readonly sessions: (technique: Technique) => TechniqueSessions;
  /** Who answers for free exclusions, and until when. */
  readonly answers?: { readonly owner: string; readonly expiry: string };
  /** Exclusions that were reviewed, of any observables. */
  readonly acceptances?: readonly ReviewedAcceptance[];
  /** "2026-11-28": what ended before it does not hold. */
  readonly today: string;
  /** Log sources whose events are counted in the same pass. */
  readonly logSources?: readonly SourceName[];
  /** Hits that differ, which exclusions are mined from: {@link MOST_ROWS} without. */
  readonly mostRows?: number;
  /** Events of a log source on which the queries of the scope are timed; without, none is. */
  readonly timedEvents?: number;
}

export interface TechniqueSessions {
  readonly evidence: SessionEvidence;
  readonly attackRows: (observable: string) => readonly AttackRow[];
}

export interface Counted {
  readonly figures: Figures;
  /** By observable. */
  readonly exclusions: ReadonlyMap<string, Mined>;
  readonly window: Window | null;
  readonly logSources: LogSourceCounts;
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
    if (input.answered?.has(id)) continue;
    if (condition)
      asked.push({
        technique,
        observable,
        question: questionOf(observable, condition),
      });
    else
      figures.set(id, nothingKnown(`${technique.id} gives it neither a predicate nor a log source that can be asked`));
  }
  const options = askOptions(input);
  store.expect?.(asked.flatMap(({ technique, observable }) => fieldsToMine(technique, observable)));
  const ofSources = (input.logSources ?? []).flatMap((source) => logSourceQuestion(source) ?? []);
  const answers = await store.ask([...asked.map(({ question }) => question), ...ofSources], options);
  const sourceAnswers = answers.slice(asked.length);
  const unfilled = await unfilledFields(
    store,
    asked.map(({ question }, i) => ({ question, answer: answers[i] })),
    options,
  );
  const exclusions = new Map<string, Mined>();
  const notes: string[] = [];
  let window: BaselineSummary['window'] = null;
  for (const [i, one] of asked.entries()) {
    const first = summaryOf(answers[i], input, { unfilled: unfilled.get(one.observable.id) ?? [] });
    window ??= first.window;
    const tuned = first.verdict === 'flood' ? await tune(one, first, answers[i], input) : undefined;
    if (tuned) {
      exclusions.set(one.observable.id, tuned.mined);
      notes.push(...tuned.mined.notes.map((note) => `${one.observable.id}: ${note}`));
    }
    figures.set(one.observable.id, figureOf(tuned?.summary ?? first));
  }
  const observables = input.techniques.flatMap(({ primitives }) => primitives.flatMap((one) => one.observables));
  const accepted = acceptanceNotes(input.acceptances ?? [], observables, exclusions, input.today);
  return {
    figures: await withTimes(figures, asked, input),
    exclusions,
    logSources: new Map(sourceAnswers.map((answer) => [answer.id, logSourceCount(answer)])),
    window: window && { from: window.from, to: window.to, excluded_days: window.excluded_days },
    notes: [...new Set([...notes, ...accepted, ...(store.notes ?? []).map(({ about, text }) => `${about}: ${text}`)])],
  };
}

/** Figures of what is kept with what their queries take, where that is asked for and the store can tell. */
async function withTimes(
  figures: ReadonlyMap<string, Figure>,
  asked: readonly Asked[],
  { store, environment, timedEvents }: CountingInput,
): Promise<Figures> {
  if (timedEvents === undefined || !store.time) return figures;
  const { maxHitsPerDay } = environment.budget;
  const engines = environment.stores.map(({ engine }) => engine);
  const kept = asked.filter(({ observable }) => isKept(verdictOf(figures.get(observable.id), maxHitsPerDay)));
  const times = await store.time(
    kept.map(({ question, observable: { predicate } }) => ({
      question,
      cheaper: cheaperQuery(question.condition, queryShape(predicate?.condition).part, engines),
    })),
    timedEvents,
  );
  const own = kept.map(({ observable: { id } }, i): readonly [string, Figure] => [
    id,
    { ...figures.get(id)!, time: times[i] },
  ]);
  return new Map([...figures, ...own]);
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
  const told = hits.isCut
    ? [
        `more than ${input.mostRows ?? MOST_ROWS} hits differ: exclusions are mined from the most frequent, the others count as left over`,
      ]
    : [];
  let best: { readonly mined: Mined; readonly summary: BaselineSummary } | undefined;
  for (const share of SHARES_OF_BUDGET) {
    const mined = mine(one, hits, first, input, share);
    if (best && mined.entries.length === best.mined.entries.length) continue;
    const summary = mined.condition ? await without(one, mined, answer, input) : first;
    best = { mined: { ...mined, notes: [...told, ...mined.notes] }, summary };
    if (summary.verdict !== 'flood' || !mined.condition) break;
  }
  return best!;
}

/** Hits of an observable, the attack's apart from the noise. */
interface Hits {
  readonly benign: readonly Row[];
  readonly attacks: readonly AttackRow[];
  /** There are more that differ than are asked for. */
  readonly isCut: boolean;
}

async function hitsOf(
  { technique, observable, question }: Asked,
  { store, sessions, mostRows = MOST_ROWS }: CountingInput,
): Promise<Hits> {
  const rows = await store.rows(question, fieldsToMine(technique, observable), mostRows + 1);
  const { others, attacks } = labelRows(rows.slice(0, mostRows), technique.sessions);
  // What a label alone is told by is nothing that an exclusion may speak of.
  const own = miningFields(observable);
  const withOwn = <R extends Row>(row: R): R => ({
    ...row,
    values: Object.fromEntries(own.map((name) => [name, row.values[name] ?? null])),
  });
  const recorded = sessions(technique).attackRows(observable.id);
  return {
    benign: others.map(withOwn),
    attacks: recorded.length > 0 ? recorded : attacks.map(withOwn),
    isCut: rows.length > mostRows,
  };
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
    sessions: technique.sessions,
    attackerRights: technique.attackerRights,
    budget: input.environment.budget.maxHitsPerDay * days * share,
    acceptances: acceptancesFor(observable, input.acceptances ?? [], input.today),
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
  return summaryOf(answer, input, { afterExclusions: after.days });
}

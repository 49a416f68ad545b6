// How hard a detection scope is to get round: levels and columns of Summiting the Pyramid, sets of observables that span all procedures, and the sessions that bear it out.

import type { Resilience } from './document.ts';
import type { Column, Observable, Technique } from './technique.ts';

/** A level from 0 (nothing is asked) to 5, and a column where one is given. */
export interface Score {
  readonly level: number;
  readonly column: Column | undefined;
}

/** An observable of the scope, with what its exclusions and the sessions say of it. */
export interface ScopeEvidence {
  /** Its id. */
  readonly observable: string;
  /** Levels of the exclusions that apply to it; null of a forced one, which takes nothing away. */
  readonly exclusionLevels: readonly (number | null)[];
  /** Ids of labelled sessions that it hits once its exclusions apply, and of those that have telemetry for it. */
  readonly sessionsHit: readonly string[];
  readonly sessionsAble: readonly string[];
}

/** From what is easiest to get round: application, user mode, kernel mode; payload, header. */
const COLUMN_ORDER: readonly (readonly Column[])[] = [
  ['A', 'U', 'K'],
  ['P', 'H'],
];

/** Of alternatives: the attacker has to get round the strongest. */
export function scoreOfAny(scores: readonly Score[]): Score | undefined {
  return scores.length === 0
    ? undefined
    : scores.reduce((one, other) => (compareScores(one, other) >= 0 ? one : other));
}

/** Above 0 where the first is harder to get round; of equal levels by the column, where one is given. */
export function compareScores(one: Score, other: Score): number {
  if (one.level !== other.level) return one.level - other.level;
  return columnRank(one.column) - columnRank(other.column);
}

function columnRank(column: Column | undefined): number {
  return column === undefined ? -1 : Math.max(...COLUMN_ORDER.map((columns) => columns.indexOf(column)));
}

/** "4U"; "4" without a column. */
export function scoreText({ level, column }: Score): string {
  return `${level}${column ?? ''}`;
}

/** An observable with its exclusions: each counts by its weakest way to be satisfied, in the same column. */
export function scoreOfObservable(
  { level, column }: Pick<Observable, 'level' | 'column'>,
  exclusionLevels: readonly (number | null)[],
): Score | undefined {
  if (level === undefined) return undefined;
  const levels = exclusionLevels.filter((own) => own !== null);
  return { level: Math.min(level, ...levels), column };
}

/** Sets are looked for among so many observables; among more, one is found that may not be the smallest. */
const MOST_EXACT = 24;
const MOST_SETS = 20;

export interface SpanningSets {
  /** Each smallest set, in the order of ids; none where even all together miss a procedure. */
  readonly sets: readonly (readonly string[])[];
  /** Procedures that none of the observables hits. */
  readonly missed: readonly string[];
  readonly isExact: boolean;
}

/** The smallest sets of these observables that together hit every procedure. An observable hits the procedures that use its primitive. */
export function spanningSets(
  technique: Pick<Technique, 'procedures' | 'primitives'>,
  observables: readonly string[],
): SpanningSets {
  const primitiveOf = new Map(
    technique.primitives.flatMap(({ id, observables: own }) => own.map((one) => [one.id, id] as const)),
  );
  const hits = new Map(
    [...new Set(observables)]
      .sort()
      .map(
        (id) =>
          [
            id,
            new Set(
              technique.procedures
                .filter(({ primitives }) => primitives.includes(primitiveOf.get(id) ?? ''))
                .map((one) => one.id),
            ),
          ] as const,
      ),
  );
  const all = technique.procedures.map(({ id }) => id);
  const missed = all.filter((id) => ![...hits.values()].some((own) => own.has(id)));
  if (missed.length > 0 || all.length === 0) return { sets: [], missed, isExact: true };
  const useful = [...hits].filter(([, own]) => own.size > 0);
  if (useful.length > MOST_EXACT) return { sets: [greedySet(useful, all)], missed, isExact: false };
  for (let size = 1; size <= useful.length; size++) {
    const sets: string[][] = [];
    collectSets(useful, all, size, 0, [], sets);
    if (sets.length > 0) return { sets, missed, isExact: true };
  }
  return { sets: [], missed, isExact: true };
}

type Hits = readonly (readonly [string, ReadonlySet<string>])[];

/** Sets of just that size, each built on its first procedure that is not hit yet, so that few are tried in vain. */
function collectSets(
  hits: Hits,
  missing: readonly string[],
  size: number,
  from: number,
  chosen: readonly string[],
  sets: string[][],
): void {
  if (sets.length >= MOST_SETS) return;
  if (missing.length === 0) {
    if (chosen.length === size) sets.push([...chosen]);
    return;
  }
  const most = Math.max(0, ...hits.slice(from).map(([, own]) => own.size));
  if (chosen.length + Math.ceil(missing.length / Math.max(1, most)) > size) return;
  for (let at = from; at < hits.length; at++) {
    const [id, own] = hits[at];
    const rest = missing.filter((procedure) => !own.has(procedure));
    if (rest.length < missing.length) collectSets(hits, rest, size, at + 1, [...chosen, id], sets);
  }
}

function greedySet(hits: Hits, all: readonly string[]): readonly string[] {
  const chosen: string[] = [];
  let missing = all;
  while (missing.length > 0) {
    const gain = ([, own]: Hits[number]): number => missing.filter((procedure) => own.has(procedure)).length;
    const best = hits.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    chosen.push(best[0]);
    missing = missing.filter((procedure) => !best[1].has(procedure));
  }
  return chosen.sort();
}

/** Null where nothing is in the scope. */
export function resilienceOf(
  technique: Pick<Technique, 'procedures' | 'primitives'>,
  scope: readonly ScopeEvidence[],
): Resilience | null {
  if (scope.length === 0) return null;
  const notes: string[] = [];
  const observables = new Map(
    technique.primitives.flatMap(({ id, observables: own }) =>
      own.map((one) => [one.id, { ...one, primitive: id }] as const),
    ),
  );
  const scores = new Map<string, Score>();
  for (const { observable, exclusionLevels } of scope) {
    const own = observables.get(observable);
    const score = own && scoreOfObservable(own, exclusionLevels);
    if (!own || !score) {
      notes.push(`${observable} has no level: it is not in the score`);
      continue;
    }
    scores.set(observable, score);
    if (score.level < (own.level ?? 0))
      notes.push(`${observable} is of level ${own.level}; what is let pass can be satisfied at level ${score.level}`);
  }
  // The attacker takes the procedure that is seen least; of what sees it he has to get round the strongest.
  const ofProcedures = technique.procedures.flatMap(({ primitives }) => {
    const own = [...scores]
      .filter(([id]) => primitives.includes(observables.get(id)?.primitive ?? ''))
      .map(([, score]) => score);
    return scoreOfAny(own) ?? [];
  });
  const score =
    ofProcedures.length === 0
      ? scoreOfAny([...scores.values()])
      : ofProcedures.reduce((one, other) => (compareScores(one, other) <= 0 ? one : other));
  const spanning = spanningSets(
    technique,
    scope.map(({ observable }) => observable),
  );
  if (spanning.missed.length > 0) notes.push(`no observable of the scope hits ${spanning.missed.join(', ')}`);
  if (spanning.sets.length > 1)
    notes.push(
      `as small: ${spanning.sets
        .slice(1)
        .map((set) => set.join(' + '))
        .join('; ')}${spanning.sets.length >= MOST_SETS ? ' ...' : ''}`,
    );
  if (!spanning.isExact) notes.push(`there are more than ${MOST_EXACT} observables: a smaller spanning set may exist`);
  const able = new Set(scope.flatMap(({ sessionsAble }) => sessionsAble));
  const hit = [...new Set(scope.flatMap(({ sessionsHit }) => sessionsHit))].filter((id) => able.has(id));
  const silent = [...able].filter((id) => !hit.includes(id)).sort();
  if (silent.length > 0) notes.push(`labelled sessions that the scope does not hit: ${silent.join(', ')}`);
  return {
    score: score ? scoreText(score) : null,
    spanning_set: spanning.sets[0] ?? [],
    sessions: `${hit.length}/${able.size}`,
    notes,
  };
}

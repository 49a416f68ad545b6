// Step E where the history is elsewhere: what a user's own store answered about an observable is its baseline, as a count here would be.

import type { Answer, AskOptions, Question } from '../../history/question.ts';
import type { Window } from '../document.ts';
import type { Figure, Figures } from '../funnel/baseline.ts';
import { isSeen } from '../funnel/visibility.ts';
import { observableCondition } from '../observable-condition.ts';
import type { Observable, Technique } from '../technique.ts';
import { type CountedWindow, figureOf, nothingKnown, questionOf, summaryOf } from './counted-figure.ts';

/** What counted, as a document tells it. */
export const ELSEWHERE = 'a store elsewhere';

export interface AnsweredInput extends CountedWindow {
  readonly techniques: readonly Technique[];
  /** Ids of the observables that a store elsewhere was asked about. */
  readonly observables: readonly string[];
  /** Reads the answer to one of them. Throws InputError. */
  readonly read: (question: Question, window: Pick<AskOptions, 'from' | 'to' | 'exceptDays'>) => Answer;
}

export interface AnsweredFigures {
  readonly figures: Figures;
  /** Of the first that has one. */
  readonly window: Window | null;
  readonly notes: readonly string[];
}

export function answeredFigures(input: AnsweredInput): AnsweredFigures {
  const { techniques, observables, environment, from, to, excludedDays, read } = input;
  const figures = new Map<string, Figure>();
  const notes: string[] = [];
  let window: Window | null = null;
  for (const observable of observables.flatMap((id) => observableOf(id, techniques))) {
    const { id } = observable;
    if (!isSeen(observable, environment))
      notes.push(`${id}: a store elsewhere answered about it, and no data source of the environment shows it`);
    const condition = observableCondition(observable);
    if (!condition) {
      figures.set(id, nothingKnown('it has neither a predicate nor a log source that a store can be asked for'));
      continue;
    }
    const days = {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      exceptDays: excludedDays,
    };
    const summary = summaryOf(read(questionOf(observable, condition), days), input);
    figures.set(id, figureOf(summary));
    if (summary.window)
      window ??= { from: summary.window.from, to: summary.window.to, excluded_days: summary.window.excluded_days };
  }
  return { figures, window, notes };
}

function observableOf(id: string, techniques: readonly Technique[]): readonly Observable[] {
  return techniques.flatMap(({ primitives }) =>
    primitives.flatMap(({ observables }) => observables.filter((one) => one.id === id)),
  );
}

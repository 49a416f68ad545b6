// Joins and samples: events in any order that share their keys.

import type { Value } from '../rule/value-match.ts';
import { type Found, NOTHING, type Stage } from './found.ts';
import type { StepRun } from './sequence-run.ts';

const MOST_KEYS = 200_000;

/** The first dialect's join: each step keeps its first event; when all have one it is found, and all begin anew. */
export class JoinRun<E> implements Stage<E, E> {
  readonly #steps: readonly StepRun<E>[];
  readonly #until: StepRun<E> | null;
  readonly #slots = new Map<string, (E | undefined)[]>();

  constructor(steps: readonly StepRun<E>[], until: StepRun<E> | null) {
    this.#steps = steps;
    this.#until = until;
  }

  push = (event: E): readonly Found<E>[] => {
    const found: Found<E>[] = [];
    for (const [index, step] of this.#steps.entries()) {
      if (!step.matches(event)) continue;
      for (const { text, values } of step.keys(event)) {
        const slots = kept(this.#slots, text, (): (E | undefined)[] => []);
        slots[index] ??= event;
        const events = this.#steps.flatMap((_, at) => (slots[at] === undefined ? [] : [slots[at]]));
        if (events.length < this.#steps.length) continue;
        this.#slots.delete(text);
        found.push({ events, key: values });
      }
    }
    if (this.#until?.matches(event)) for (const { text } of this.#until.keys(event)) this.#slots.delete(text);
    return found.length === 0 ? NOTHING : found;
  };

  end = (): readonly Found<E>[] => NOTHING;
}

interface Sampled<E> {
  /** The first events of each step, as many as there are steps: enough to give each step its own. */
  readonly candidates: E[][];
  isFound: boolean;
}

/** One sample a key: an event for each step, none for two of them, each as early as can be. */
export class SampleRun<E> implements Stage<E, E> {
  readonly #steps: readonly StepRun<E>[];
  readonly #keys = new Map<string, Sampled<E>>();

  constructor(steps: readonly StepRun<E>[]) {
    this.#steps = steps;
  }

  push = (event: E): readonly Found<E>[] => {
    const touched = new Map<string, readonly (Value | null)[]>();
    for (const [index, step] of this.#steps.entries()) {
      if (!step.matches(event)) continue;
      for (const { text, values } of step.keys(event)) {
        const sampled = kept(this.#keys, text, () => ({ candidates: this.#steps.map(() => []), isFound: false }));
        const own = sampled.candidates[index];
        if (sampled.isFound || own.length >= this.#steps.length) continue;
        own.push(event);
        touched.set(text, values);
      }
    }
    const found: Found<E>[] = [];
    for (const [text, key] of touched) {
      const sampled = this.#keys.get(text);
      const events = sampled && eachItsOwn(sampled.candidates);
      if (!sampled || !events) continue;
      sampled.isFound = true;
      for (const own of sampled.candidates) own.length = 0;
      found.push({ events, key });
    }
    return found.length === 0 ? NOTHING : found;
  };

  end = (): readonly Found<E>[] => NOTHING;
}

/** An event for each step, none twice; undefined where there are not enough (augmenting paths). */
function eachItsOwn<E>(candidates: readonly (readonly E[])[]): readonly E[] | undefined {
  if (candidates.some((own) => own.length === 0)) return undefined;
  const takenBy = new Map<E, number>();
  const give = (step: number, tried: Set<E>): boolean => {
    for (const event of candidates[step]) {
      if (tried.has(event)) continue;
      tried.add(event);
      const holder = takenBy.get(event);
      if (holder !== undefined && !give(holder, tried)) continue;
      takenBy.set(event, step);
      return true;
    }
    return false;
  };
  for (const step of candidates.keys()) if (!give(step, new Set())) return undefined;
  const events: E[] = [];
  for (const [event, step] of takenBy) events[step] = event;
  return events;
}

/** What a map has under a key, made where it has none; beyond the bound the oldest is given up. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
    if (map.size > MOST_KEYS)
      for (const oldest of map.keys()) {
        map.delete(oldest);
        break;
      }
  }
  return value;
}

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
  readonly values: readonly (Value | null)[];
  /** The first events of each step, as many as there are steps: enough to give each step its own. */
  readonly candidates: E[][];
}

/** One sample a key, once all events were there: an event for each step, none for two of them, the first that can be for the first step, then for the next. */
export class SampleRun<E> implements Stage<E, E> {
  readonly #steps: readonly StepRun<E>[];
  readonly #keys = new Map<string, Sampled<E>>();

  constructor(steps: readonly StepRun<E>[]) {
    this.#steps = steps;
  }

  push = (event: E): readonly Found<E>[] => {
    for (const [index, step] of this.#steps.entries()) {
      if (!step.matches(event)) continue;
      for (const { text, values } of step.keys(event)) {
        const { candidates } = kept(this.#keys, text, () => ({ values, candidates: this.#steps.map(() => []) }));
        if (candidates[index].length < this.#steps.length) candidates[index].push(event);
      }
    }
    return NOTHING;
  };

  end = (): readonly Found<E>[] => {
    const found: Found<E>[] = [];
    for (const { candidates, values } of this.#keys.values()) {
      const events = eachItsOwn(candidates);
      if (events) found.push({ events, key: values });
    }
    this.#keys.clear();
    return found;
  };
}

/** An event for each step, none twice, the first step's as early as can be, then the next one's; undefined where there are not enough. */
function eachItsOwn<E>(candidates: readonly (readonly E[])[]): readonly E[] | undefined {
  const chosen: E[] = [];
  for (const [index, own] of candidates.entries()) {
    const behind = candidates.slice(index + 1);
    const first = own.find((event) => !chosen.includes(event) && canAll(behind, [...chosen, event]));
    if (first === undefined) return undefined;
    chosen.push(first);
  }
  return chosen;
}

/** Whether each step can have an event of its own that is not taken (augmenting paths). */
function canAll<E>(candidates: readonly (readonly E[])[], taken: readonly E[]): boolean {
  const holders = new Map<E, number>();
  const give = (step: number, tried: Set<E>): boolean => {
    for (const event of candidates[step]) {
      if (tried.has(event)) continue;
      tried.add(event);
      const holder = holders.get(event);
      if (holder !== undefined && !give(holder, tried)) continue;
      holders.set(event, step);
      return true;
    }
    return false;
  };
  for (const step of candidates.keys()) if (!give(step, new Set(taken))) return false;
  return true;
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

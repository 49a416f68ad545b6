// Sequences over a stream of events: one machine a key, in each of whose states one pending sequence may be, the newest.

import type { Value } from '../rule/value-match.ts';
import { type Found, NOTHING, type Stage } from './found.ts';
import type { Key } from './join-keys.ts';

/** A step of a query, compiled. */
export interface StepRun<E> {
  readonly matches: (event: E) => boolean;
  readonly keys: (event: E) => readonly Key[];
  readonly fork: boolean;
}

export interface SequencePlan<E> {
  /** The steps that have an event, runs written out; one at least. */
  readonly steps: readonly StepRun<E>[];
  /** What must be absent in front of each step, and at last what must be absent behind the last: one more than steps. */
  readonly missing: readonly (readonly StepRun<E>[])[];
  readonly until: StepRun<E> | null;
  /** Milliseconds. */
  readonly maxspan: number | null;
  readonly timeOf: (event: E) => number;
}

interface Pending<E> {
  readonly events: readonly E[];
  readonly start: number;
  /** When an event that must be absent in front was last seen before the first event. */
  readonly leading: number | undefined;
}

/** A whole sequence that waits whether what must be absent behind it comes. */
interface Waiting<E> {
  readonly found: Found<E>;
  readonly deadline: number;
  isBroken: boolean;
}

interface Machine<E> {
  readonly values: readonly (Value | null)[];
  /** By the step that was last taken. */
  readonly pending: (Pending<E> | undefined)[];
  waiting: Waiting<E>[];
}

/** Keys that are followed at once; the one that was begun first is given up beyond. */
const MOST_KEYS = 200_000;

export class SequenceRun<E> implements Stage<E, E> {
  readonly #plan: SequencePlan<E>;
  readonly #last: number;
  readonly #machines = new Map<string, Machine<E>>();
  readonly #leading = new Map<string, number>();
  /** In the order of their deadlines. */
  readonly #waiting: Waiting<E>[] = [];
  #swept = 1024;
  #found: Found<E>[] = [];

  constructor(plan: SequencePlan<E>) {
    this.#plan = plan;
    this.#last = plan.steps.length - 1;
  }

  push = (event: E): readonly Found<E>[] => {
    const { steps, missing, until, timeOf, maxspan } = this.#plan;
    const time = timeOf(event);
    this.#found = [];
    this.#release(time);
    for (let index = this.#last; index >= 0; index--) {
      // An event breaks what was there before it, then it continues or begins what is there after it.
      for (const absent of missing[index + 1]) if (absent.matches(event)) this.#break(index, absent.keys(event));
      if (index === 0 && until?.matches(event)) this.#expire(until.keys(event));
      const step = steps[index];
      if (!step.matches(event)) continue;
      for (const key of step.keys(event)) this.#take(index, key, event, time, step.fork);
    }
    for (const absent of missing[0])
      if (absent.matches(event)) for (const { text } of absent.keys(event)) this.#leading.set(text, time);
    if (this.#machines.size + this.#leading.size > this.#swept) this.#sweep(time, maxspan);
    return this.#found.length === 0 ? NOTHING : this.#found;
  };

  end = (): readonly Found<E>[] => {
    this.#found = [];
    this.#release(Number.POSITIVE_INFINITY);
    this.#machines.clear();
    this.#leading.clear();
    return this.#found;
  };

  #take(index: number, { text, values }: Key, event: E, time: number, fork: boolean): void {
    let machine = this.#machines.get(text);
    let next: Pending<E>;
    if (index === 0) {
      next = { events: [event], start: time, leading: this.#leading.get(text) };
    } else {
      const before = machine?.pending[index - 1];
      if (!machine || !before) return;
      const { maxspan } = this.#plan;
      const isLate = maxspan !== null && time - before.start > maxspan;
      if (isLate || !fork) machine.pending[index - 1] = undefined;
      if (isLate) {
        this.#drop(text, machine);
        return;
      }
      next = { ...before, events: [...before.events, event] };
    }
    if (!machine) {
      machine = { values, pending: [], waiting: [] };
      this.#machines.set(text, machine);
    }
    if (index === this.#last) this.#complete(next, machine, time);
    else machine.pending[index] = next;
    this.#drop(text, machine);
  }

  #complete({ events, start, leading }: Pending<E>, machine: Machine<E>, time: number): void {
    const { maxspan, missing } = this.#plan;
    if (leading !== undefined && maxspan !== null && leading >= time - maxspan) return;
    const found: Found<E> = { events, key: machine.values };
    if (missing[this.#last + 1].length === 0 || maxspan === null) {
      this.#found.push(found);
      return;
    }
    const waiting: Waiting<E> = { found, deadline: start + maxspan, isBroken: false };
    machine.waiting.push(waiting);
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#waiting[middle].deadline <= waiting.deadline) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiting);
  }

  /** What waited long enough is found. */
  #release(time: number): void {
    let count = 0;
    while (count < this.#waiting.length && this.#waiting[count].deadline < time) {
      const waiting = this.#waiting[count++];
      if (!waiting.isBroken) this.#found.push(waiting.found);
      waiting.isBroken = true;
    }
    if (count > 0) this.#waiting.splice(0, count);
  }

  /** An event that must be absent behind a step has come. */
  #break(index: number, keys: readonly Key[]): void {
    for (const { text } of keys) {
      const machine = this.#machines.get(text);
      if (!machine) continue;
      if (index < this.#last) machine.pending[index] = undefined;
      else {
        for (const waiting of machine.waiting) waiting.isBroken = true;
        machine.waiting = [];
      }
      this.#drop(text, machine);
    }
  }

  #expire(keys: readonly Key[]): void {
    for (const { text } of keys) {
      const machine = this.#machines.get(text);
      if (!machine) continue;
      machine.pending.length = 0;
      this.#drop(text, machine);
    }
  }

  /** Forgets a machine in which nothing is pending. */
  #drop(text: string, machine: Machine<E>): void {
    if (machine.waiting.length > 64) machine.waiting = machine.waiting.filter((waiting) => !waiting.isBroken);
    if (machine.waiting.length === 0 && machine.pending.every((one) => one === undefined)) this.#machines.delete(text);
  }

  /** Forgets what is too old to go on, and beyond the bound what is oldest. */
  #sweep(time: number, maxspan: number | null): void {
    if (maxspan !== null) {
      for (const [text, machine] of this.#machines) {
        for (const [index, one] of machine.pending.entries())
          if (one && time - one.start > maxspan) machine.pending[index] = undefined;
        machine.waiting = machine.waiting.filter((waiting) => !waiting.isBroken);
        this.#drop(text, machine);
      }
      for (const [text, seen] of this.#leading) if (time - seen > 2 * maxspan) this.#leading.delete(text);
    }
    for (const map of [this.#machines, this.#leading])
      for (const text of map.keys()) {
        if (map.size <= MOST_KEYS) break;
        map.delete(text);
      }
    this.#swept = Math.max(1024, 2 * (this.#machines.size + this.#leading.size));
  }
}

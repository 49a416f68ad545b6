// Runs a query over a stream of events: single events, sequences, joins, samples, and the pipes behind them.

import { UnsupportedError } from '../errors.ts';
import type { Binding } from '../rule/binding.ts';
import { compileCondition } from '../rule/evaluate.ts';
import type { EventQuery, Query, SampleQuery, SequenceQuery, Step } from '../rule/query.ts';
import { type Found, NOTHING, type Stage } from './found.ts';
import { compileKeys } from './join-keys.ts';
import { pipeStage } from './pipes.ts';
import { RelatedProcesses } from './related-processes.ts';
import { SequenceRun, type StepRun } from './sequence-run.ts';
import { JoinRun, SampleRun } from './unordered-run.ts';

export interface EventAccess<E> {
  readonly binding: Binding<E>;
  /** Milliseconds since 1970. */
  readonly timeOf: (event: E) => number;
  /** `event.category`, else `event_type`; there may be several. */
  readonly categoryOf: (event: E) => string | readonly string[] | undefined;
}

/** One run of one query. Events are pushed in the order of time; memory is bounded, whatever the log says. */
export class QueryRun<E> {
  readonly #access: EventAccess<E>;
  readonly #binding: Binding<E>;
  readonly #processes: RelatedProcesses<E>;
  readonly #source: Stage<E, E>;
  readonly #pipes: readonly Stage<Found<E>, E>[];

  /** Throws UnsupportedError for what is not run: correlations, functions and expressions that nothing evaluates. */
  constructor(query: Query, access: EventAccess<E>) {
    this.#access = access;
    this.#processes = new RelatedProcesses(access.binding);
    this.#binding = {
      ...access.binding,
      related: (related) => {
        const { category, of } = related;
        return this.#processes.relation(related, this.#matches({ kind: 'event', category, condition: of }));
      },
    };
    if (query.kind === 'correlation') throw new UnsupportedError('a correlation is no query over events');
    this.#source = this.#stage(query.kind === 'piped' ? query.of : query);
    this.#pipes = query.kind === 'piped' ? query.pipes.map((pipe) => pipeStage(pipe, this.#binding)) : [];
  }

  /** What is found with this event. */
  push(event: E): readonly Found<E>[] {
    this.#processes.observe(event);
    const found = this.#source.push(event);
    return found.length === 0 || this.#pipes.length === 0 ? found : this.#piped(found, 0);
  }

  /** What is found by the log being at its end. */
  end(): readonly Found<E>[] {
    const found = [...this.#piped(this.#source.end(), 0)];
    for (const [index, pipe] of this.#pipes.entries()) found.push(...this.#piped(pipe.end(), index + 1));
    return found;
  }

  #piped(given: readonly Found<E>[], from: number): readonly Found<E>[] {
    let found = given;
    for (const pipe of this.#pipes.slice(from)) {
      if (found.length === 0) return NOTHING;
      found = found.flatMap(pipe.push);
    }
    return found;
  }

  #stage(query: EventQuery | SequenceQuery | SampleQuery): Stage<E, E> {
    if (query.kind === 'event') {
      const matches = this.#matches(query);
      return { push: (event) => (matches(event) ? [{ events: [event], key: [] }] : NOTHING), end: () => NOTHING };
    }
    const step = (one: Step): StepRun<E> => ({
      matches: this.#matches(one.event),
      keys: compileKeys([...query.by, ...one.by], this.#binding),
      fork: one.fork === true,
    });
    if (query.kind === 'sample') return new SampleRun(query.steps.map(step));
    const until = query.until && step(query.until);
    if (query.kind === 'join') return new JoinRun(query.steps.map(step), until);
    const steps: StepRun<E>[] = [];
    const missing: StepRun<E>[][] = [[]];
    for (const one of query.steps) {
      const run = step(one);
      if (one.missing) missing[missing.length - 1].push(run);
      else
        for (let count = 0; count < one.runs; count++) {
          steps.push(run);
          missing.push([]);
        }
    }
    return new SequenceRun({ steps, missing, until, maxspan: query.maxspan, timeOf: this.#access.timeOf });
  }

  #matches({ category, condition }: EventQuery): (event: E) => boolean {
    const holds = compileCondition(condition, this.#binding);
    if (category === null) return (event) => holds(event) === true;
    const { categoryOf } = this.#access;
    return (event) => {
      const own = categoryOf(event);
      const isOwn = typeof own === 'string' ? own === category : own?.includes(category) === true;
      return isOwn && holds(event) === true;
    };
  }
}

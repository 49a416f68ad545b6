// Rules whose query is over events in an order, or by ECS names: each event is offered to those whose categories it has.

import type { LogEvent } from '../logs/event.ts';
import type { Binding } from '../rule/binding.ts';
import type { Condition } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { type EventQuery, eventsIn, type Query } from '../rule/query.ts';
import type { Hit } from './document.ts';
import { ECS_ACCESS, EcsEvent } from './ecs-event.ts';
import type { Found } from './found.ts';
import { type HuntRule, nameOf } from './hunt-rule.ts';
import { hitEventOf } from './log-event-view.ts';
import { matchedValues } from './matched.ts';
import { QueryRun } from './query-run.ts';
import { Untimed } from './untimed.ts';

/** Events that wait for the end at most: of a query in an order, only those that one of its steps may take. */
const MOST_WAITING = 1 << 20;

interface RuleRun {
  readonly rule: HuntRule;
  readonly run: QueryRun<EcsEvent>;
  /** Null: events of any category. */
  readonly categories: ReadonlySet<string> | null;
  /** Whether a step may take the event. */
  readonly takes: (event: EcsEvent) => boolean;
  /** `none`: single events, told as they come. `log`: those of a sample, which need no time. `time`: those of an order. */
  readonly order: 'none' | 'log' | 'time';
  /** What has no time is nothing to it. */
  readonly needsTime: boolean;
}

interface Waiting {
  readonly event: EcsEvent;
  readonly runs: readonly RuleRun[];
  readonly time: number;
}

export class QueryRules {
  readonly #runs: readonly RuleRun[];
  readonly #seen = new Set<string>();
  readonly #untimed: Untimed;
  #waiting: Waiting[] = [];
  /** Events that were left out, since too many wait. */
  left = 0;

  /** Rules of other kinds are passed over. Throws UnsupportedError. */
  constructor(rules: readonly HuntRule[], untimed = new Untimed()) {
    this.#untimed = untimed;
    this.#runs = rules.filter(({ rule }) => isQueryRule(rule)).map(runOf);
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  push(event: LogEvent): readonly Hit[] {
    const own = new EcsEvent(event);
    const { categories } = own;
    for (const category of categories) this.#seen.add(category);
    const runs: RuleRun[] = [];
    const hits: Hit[] = [];
    for (const one of this.#runs) {
      if (one.categories !== null && !categories.some((category) => one.categories!.has(category))) continue;
      if (one.order === 'none') for (const found of one.run.push(own)) hits.push(hitOf(one.rule, found));
      else if (!one.takes(own)) continue;
      else if (one.needsTime && own.time === undefined) this.#untimed.note(event.place);
      else runs.push(one);
    }
    if (runs.length > 0) {
      const time = own.time ?? Number.MAX_VALUE;
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ event: own, time, runs });
      else this.left++;
    }
    return hits;
  }

  /** What is found in the order of time, once all events were there. */
  finish(): readonly Hit[] {
    const hits: Hit[] = [];
    const tell = (one: RuleRun, all: readonly Found<EcsEvent>[]): void => {
      for (const found of all) hits.push(hitOf(one.rule, found));
    };
    const push = (order: RuleRun['order']): void => {
      for (const { event, runs } of this.#waiting)
        for (const one of runs) if (one.order === order) tell(one, one.run.push(event));
    };
    push('log');
    this.#waiting.sort(inTime);
    push('time');
    this.#waiting = [];
    for (const one of this.#runs) tell(one, one.run.end());
    return hits;
  }

  neverMatch(): readonly { readonly rule: HuntRule; readonly reason: string }[] {
    return this.#runs.flatMap(({ rule, categories }) => {
      if (categories === null || [...categories].some((category) => this.#seen.has(category))) return [];
      return [{ rule, reason: `no event of the category ${[...categories].join(', ')} is in these logs` }];
    });
  }
}

/** What has no time stands last. */
function inTime(one: Waiting, other: Waiting): number {
  if (one.time !== other.time) return one.time - other.time;
  const [first, second] = [one.event.tiebreaker, other.event.tiebreaker];
  return first === second ? 0 : first - second;
}

/** Whether a rule is one that is run here. */
export function isQueryRule({ taxonomy, query }: HuntRule['rule']): boolean {
  return query.kind !== 'correlation' && (query.kind !== 'event' || taxonomy === 'ecs');
}

function runOf(rule: HuntRule): RuleRun {
  const { query } = rule.rule;
  const events = eventsIn(query);
  const categories = events.some(({ category }) => category === null)
    ? null
    : new Set(events.map((one) => one.category!));
  const { takes, isRelated } = takesOf(events);
  return {
    rule,
    run: new QueryRun(query, ECS_ACCESS),
    categories: isRelated ? null : categories,
    takes,
    order: query.kind === 'event' ? 'none' : query.kind === 'sample' ? 'log' : 'time',
    needsTime: (query.kind === 'piped' ? query.of : query).kind === 'sequence',
  };
}

/** What each event of a hit is asked for, in their order; the last of it for all behind. */
function takenBy(query: Query): readonly EventQuery[] {
  if (query.kind === 'piped') return takenBy(query.of);
  if (query.kind !== 'sequence' && query.kind !== 'join') return eventsIn(query);
  return query.steps
    .filter(({ missing }) => !missing)
    .flatMap(({ event, runs }) => Array.from({ length: runs }, () => event));
}

/** Whether one of the events that a query asks for may be this one. */
function takesOf(events: readonly EventQuery[]): {
  readonly takes: (event: EcsEvent) => boolean;
  readonly isRelated: boolean;
} {
  let isRelated = false;
  // How processes are related only the run knows, which has to see each event.
  const binding: Binding<EcsEvent> = {
    ...ECS_ACCESS.binding,
    related: () => {
      isRelated = true;
      return () => null;
    },
  };
  const each = events.map(({ category, condition }) => ({ category, holds: compileCondition(condition, binding) }));
  const takes = (event: EcsEvent): boolean =>
    each.some(
      ({ category, holds }) => (category === null || event.categories.includes(category)) && holds(event) === true,
    );
  return { takes: isRelated ? () => true : takes, isRelated };
}

function hitOf(rule: HuntRule, { events, key }: Found<EcsEvent>): Hit {
  const conditions = takenBy(rule.rule.query).map(({ condition }) => condition);
  const matched = events.flatMap((event, index) => {
    const condition: Condition | undefined = conditions[Math.min(index, conditions.length - 1)];
    return condition
      ? matchedValues(
          condition,
          (name) => event.values(name),
          (name) => name,
        )
      : [];
  });
  return {
    rule: nameOf(rule),
    events: events.map(({ event }) => hitEventOf(event)),
    ...(key.length > 0 ? { key } : {}),
    matched: [...new Map(matched.map((one) => [`${one.field}\0${one.value}`, one])).values()],
  };
}

// The pipes of a query: what is found goes through them in turn.

import { UnsupportedError } from '../errors.ts';
import type { Binding } from '../rule/binding.ts';
import type { Expression } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { compileExpression } from '../rule/evaluate-expression.ts';
import type { Result } from '../rule/functions.ts';
import type { Pipe } from '../rule/query.ts';
import type { Value } from '../rule/value-match.ts';
import { type Found, NOTHING, type Stage } from './found.ts';
import { plainValues } from './join-keys.ts';

/** What a pipe that needs all before it can tell anything keeps at most. */
const MOST_KEPT = 1 << 20;

export function pipeStage<E>(pipe: Pipe, binding: Binding<E>): Stage<Found<E>, E> {
  const own = bindingOf(binding);
  switch (pipe.name) {
    case 'head':
      return head(pipe.count);
    case 'tail':
      return tail(pipe.count);
    case 'filter': {
      const condition = compileCondition(pipe.condition, own);
      return { push: (found) => (condition(found) === true ? [found] : NOTHING), end: () => NOTHING };
    }
    case 'sort':
      return sort(pipe.of.map((one) => pipedValue(one, own)));
    case 'unique':
      return unique(pipe.of.map((one) => pipedValue(one, own)));
    case 'count':
    case 'unique_count':
      return counted(
        pipe.of.map((one) => pipedValue(one, own)),
        pipe.name === 'unique_count',
      );
  }
}

/** Fields of what is found: of its first event, or `events[1].name` of another; `count` and `percent` where they were counted. */
function bindingOf<E>(binding: Binding<E>): Binding<Found<E>> {
  return {
    field: (name) => {
      const values = binding.field(name);
      const counted = name === 'count' || name === 'percent' ? name : undefined;
      return (found) => {
        const own = counted && found[counted];
        if (own !== undefined) return [own];
        return found.events.length === 0 ? [] : values(found.events[0]);
      };
    },
    all: ({ events }) => (events.length === 0 ? [] : binding.all(events[0])),
    part: (name, path) => {
      const [index, ...rest] = path;
      if (name === 'events' && typeof index === 'number') {
        const end = rest.findIndex((step) => typeof step === 'number');
        const field = rest.slice(0, end < 0 ? undefined : end).join('.');
        const expression: Expression =
          end < 0
            ? { kind: 'field', name: field, optional: true }
            : { kind: 'member', name: field, path: rest.slice(end) };
        const value = compileExpression(expression, binding, compileCondition);
        return ({ events }) => (index < events.length ? value(events[index]) : null);
      }
      const value = binding.part?.(name, path);
      return ({ events }) => (events.length === 0 || !value ? null : value(events[0]));
    },
  };
}

type PipedValue<E> = (found: Found<E>) => Value | null;

function pipedValue<E>(expression: Expression, binding: Binding<Found<E>>): PipedValue<E> {
  const value: (found: Found<E>) => Result = compileExpression(expression, binding, compileCondition);
  return (found) => plainValues(value(found))[0] ?? null;
}

function head<E>(count: number): Stage<Found<E>, E> {
  let seen = 0;
  return { push: (found) => (seen++ < count ? [found] : NOTHING), end: () => NOTHING };
}

function tail<E>(count: number): Stage<Found<E>, E> {
  if (count > MOST_KEPT) throw new UnsupportedError(`the pipe "tail ${count}": ${MOST_KEPT} are kept at most`);
  const kept: Found<E>[] = [];
  let next = 0;
  return {
    push: (found) => {
      if (kept.length < count) kept.push(found);
      else if (count > 0) {
        kept[next] = found;
        next = (next + 1) % count;
      }
      return NOTHING;
    },
    end: () => [...kept.slice(next), ...kept.slice(0, next)],
  };
}

function keep<E>(kept: Found<E>[], found: Found<E>, name: string): void {
  if (kept.length >= MOST_KEPT) throw new UnsupportedError(`the pipe "${name}" over more than ${MOST_KEPT} finds`);
  kept.push(found);
}

function sort<E>(by: readonly PipedValue<E>[]): Stage<Found<E>, E> {
  const kept: Found<E>[] = [];
  return {
    push: (found) => {
      keep(kept, found, 'sort');
      return NOTHING;
    },
    end: () => {
      const keyed = kept.map((found) => ({ found, key: by.map((value) => folded(value(found))) }));
      keyed.sort((left, right) => {
        for (const [index, one] of left.key.entries()) {
          const order = inSortOrder(one, right.key[index]);
          if (order !== 0) return order;
        }
        return 0;
      });
      return keyed.map(({ found }) => found);
    },
  };
}

/** What is not there comes first; numbers before texts. */
function inSortOrder(left: Value | null, right: Value | null): number {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? -1 : 1;
  if ((typeof left === 'string') !== (typeof right === 'string')) return typeof left === 'string' ? 1 : -1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function folded(value: Value | null): Value | null {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function keyText<E>(by: readonly PipedValue<E>[], found: Found<E>): string {
  return JSON.stringify(by.map((value) => folded(value(found))));
}

function unique<E>(by: readonly PipedValue<E>[]): Stage<Found<E>, E> {
  const seen = new Set<string>();
  return {
    push: (found) => {
      const key = keyText(by, found);
      if (seen.has(key)) return NOTHING;
      if (seen.size >= MOST_KEPT) throw new UnsupportedError(`the pipe "unique" over more than ${MOST_KEPT} values`);
      seen.add(key);
      return [found];
    },
    end: () => NOTHING,
  };
}

/** How often each combination of values occurs: with the first that has it, or only the numbers. */
function counted<E>(by: readonly PipedValue<E>[], withEvents: boolean): Stage<Found<E>, E> {
  const counts = new Map<
    string,
    { readonly first: Found<E>; readonly key: readonly (Value | null)[]; count: number }
  >();
  let total = 0;
  return {
    push: (found) => {
      total++;
      const key = keyText(by, found);
      const known = counts.get(key);
      if (known) known.count++;
      else {
        if (counts.size >= MOST_KEPT)
          throw new UnsupportedError(`a pipe that counts over more than ${MOST_KEPT} values`);
        counts.set(key, { first: found, key: by.map((value) => value(found)), count: 1 });
      }
      return NOTHING;
    },
    end: () => {
      const all = [...counts.values()].map(({ first, key, count }) => ({
        events: withEvents ? first.events : [],
        key: withEvents ? first.key : key,
        count,
        percent: count / total,
      }));
      return withEvents ? all : all.sort((left, right) => left.count - right.count);
    },
  };
}

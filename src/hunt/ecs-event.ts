// An event under the names of the Elastic Common Schema: those that its own JSON has, else those that its kind of event has there.

import type { LogEvent } from '../logs/event.ts';
import { systemNameOf, valuesOf } from '../logs/event.ts';
import { ticksOf } from '../logs/log-time.ts';
import { ECS_SYSTEM_NAMES } from '../logs/winlog-names.ts';
import type { Binding } from '../rule/binding.ts';
import { partOf } from '../rule/evaluate-expression.ts';
import type { Result } from '../rule/functions.ts';
import type { Value } from '../rule/value-match.ts';
import { type EcsKind, ecsKindOf } from './ecs-kinds.ts';
import type { EventAccess } from './query-run.ts';

export class EcsEvent {
  readonly event: LogEvent;
  readonly #kind: EcsKind | undefined;
  /** By name, what was asked before: many rules ask the same. */
  readonly #known = new Map<string, readonly Value[]>();
  #categories: readonly string[] | undefined;
  #isScattered: boolean | undefined;

  constructor(event: LogEvent) {
    this.event = event;
    this.#kind = ecsKindOf(event);
  }

  values(name: string): readonly Value[] {
    let values = this.#known.get(name);
    if (!values) {
      values = this.#find(name);
      this.#known.set(name, values);
    }
    return values;
  }

  #find(name: string): readonly Value[] {
    const { object } = this.event;
    if (object) {
      const own = valuesIn(wholeOf(object as Members, name, this.#scattered(object as Members)));
      if (own.length > 0) return own;
    }
    const known = this.#kind?.valuesOf(this.event, name);
    if (known) return known;
    const system = Object.hasOwn(ECS_SYSTEM_NAMES, name) ? this.event.system[ECS_SYSTEM_NAMES[name]] : undefined;
    if (system !== undefined) return [system];
    // Elastic's agents keep an event's own data there; exports do not tell which element held it.
    const [, data] = /^winlog\.(?:event|user)_data\.(.+)$/.exec(name) ?? [];
    return data === undefined && systemNameOf(name) !== undefined ? [] : valuesOf(this.event, data ?? name);
  }

  #scattered(object: Members): boolean {
    this.#isScattered ??= hasScattered(object);
    return this.#isScattered;
  }

  /** The whole of a field, or a part of it. */
  part(name: string, path: readonly (string | number)[]): Result {
    const { object } = this.event;
    if (object) return partOf(wholeOf(object as Members, name, this.#scattered(object as Members)), path);
    const values = this.values(name);
    return partOf(values.length === 1 ? values[0] : values.length === 0 ? null : values, path);
  }

  /** `event.category`, else `event_type`. */
  get categories(): readonly string[] {
    if (!this.#categories) {
      const own = this.values('event.category');
      this.#categories = (own.length > 0 ? own : this.values('event_type')).map(String);
    }
    return this.#categories;
  }

  all(): readonly Value[] {
    return [...this.event.data.map(([, text]) => text), ...Object.values(this.event.system)];
  }

  /** Milliseconds since 1970; undefined where it has no time that can be read. */
  get time(): number | undefined {
    for (const told of [...this.values('@timestamp'), this.event.system.timeCreated, ...this.values('timestamp')]) {
      const time = told === undefined ? undefined : timeOf(told);
      if (time !== undefined) return time;
    }
    return undefined;
  }

  /** By what events of one time are sorted; without, they stand behind those that have it. */
  get tiebreaker(): number {
    const value = Number(this.values('event.sequence')[0] ?? Number.NaN);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }
}

/** A text, or a number of 100 ns since 1601, of milliseconds or of seconds since 1970, as its size tells. */
function timeOf(told: Value): number | undefined {
  const ticks = ticksOf(String(told));
  if (ticks !== undefined) return Number(ticks - BigInt(FILETIME_1970)) / 1e4;
  const number = Number(told);
  if (Number.isNaN(number) || typeof told === 'boolean') return undefined;
  return number > 1e16 ? (number - FILETIME_1970) / 1e4 : number > 1e11 ? number : number * 1000;
}

/** 1970 in 100 ns since 1601. */
const FILETIME_1970 = 116_444_736_000_000_000;

const ECS_BINDING: Binding<EcsEvent> = {
  field: (name) => (event) => event.values(name),
  all: (event) => event.all(),
  part: (name, path) => (event) => event.part(name, path),
};

export const ECS_ACCESS: EventAccess<EcsEvent> = {
  binding: ECS_BINDING,
  timeOf: (event) => event.time ?? Number.NaN,
  categoryOf: (event) => event.categories,
};

function valuesIn(result: Result): readonly Value[] {
  if (result === null || result === undefined) return [];
  if (typeof result !== 'object') return [result];
  return Array.isArray(result) ? result.flatMap(valuesIn) : [JSON.stringify(result)];
}

type Members = { readonly [name: string]: Result };

/** By the name as it stands, else by its parts; where these may be elsewhere, `isScattered`, by any of their ways. */
function wholeOf(object: Members, name: string, isScattered: boolean): Result {
  if (Object.hasOwn(object, name)) return object[name];
  const parts = name.split('.');
  const plain = partOf(object, parts);
  if (plain !== null || !isScattered) return plain;
  const found: Result[] = [];
  collect(object, parts, found);
  return found.length > 1 ? found : (found[0] ?? null);
}

/** Whether parts of a name are written together in front of others, or a list has objects. */
function hasScattered(node: Result, depth = 0): boolean {
  if (node === null || typeof node !== 'object') return false;
  if (Array.isArray(node)) return node.some((member) => typeof member === 'object' && member !== null);
  return Object.entries(node).some(
    ([name, value]) =>
      (name.includes('.') && (depth > 0 || (typeof value === 'object' && value !== null))) ||
      hasScattered(value, depth + 1),
  );
}

/** An object is come to in one way only, so that the work is that of the object's size. */
function collect(node: Result, parts: readonly string[], found: Result[]): void {
  if (parts.length === 0) found.push(node);
  else if (Array.isArray(node)) for (const member of node as readonly Result[]) collect(member, parts, found);
  else if (node !== null && typeof node === 'object')
    for (let count = 1, name = ''; count <= parts.length; count++) {
      name = count === 1 ? parts[0] : `${name}.${parts[count - 1]}`;
      if (Object.hasOwn(node, name)) collect((node as Members)[name], parts.slice(count), found);
    }
}

// Sigma correlations over hits: counts, distinct values, sums and rules that come together, within a time and for each group.

import type { CorrelationQuery } from '../rule/query.ts';
import { inOrder, numberOf } from '../rule/value-match.ts';

/** A hit of a rule that a correlation is made of. */
export interface Member<T> {
  /** The place of the rule in `rules` of the correlation. */
  readonly rule: number;
  /** Milliseconds, from any point on. */
  readonly time: number;
  /** Of each field to group by, the event's value; null where it has none. */
  readonly group: readonly (string | null)[];
  /** Values of the fields that are counted or summed. */
  readonly values: readonly string[];
  readonly hit: T;
}

/** Hits that fulfil a correlation, in the order of time. */
export interface Correlated<T> {
  readonly key: readonly (string | null)[];
  readonly hits: readonly T[];
}

/**
 * Every time a correlation is fulfilled: at the event that does so, with those that count; what was counted is not counted again.
 * Members in any order. A group in which a field has no value counts as none.
 */
export function correlate<T>(query: CorrelationQuery, members: readonly Member<T>[]): readonly Correlated<T>[] {
  const groups = new Map<string, Member<T>[]>();
  for (const member of [...members].sort((one, other) => one.time - other.time)) {
    if (member.group.includes(null)) continue;
    const key = JSON.stringify(member.group);
    const others = groups.get(key);
    if (others) others.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()].flatMap((all) => inGroup(query, all));
}

function inGroup<T>(query: CorrelationQuery, members: readonly Member<T>[]): readonly Correlated<T>[] {
  const found: Correlated<T>[] = [];
  const window = new Window(query);
  let first = 0;
  for (const [index, member] of members.entries()) {
    while (members[first].time < member.time - query.timespan) window.remove(members[first++]);
    window.add(member);
    if (!window.isFulfilled(members, first, index)) continue;
    found.push({ key: member.group, hits: [...new Set(members.slice(first, index + 1).map(({ hit }) => hit))] });
    window.clear();
    first = index + 1;
  }
  return found;
}

/** The members within the time, counted as they come and go. */
class Window {
  readonly #query: CorrelationQuery;
  readonly #rules: number[];
  /** How often each rule is named: so many events it is asked for. */
  readonly #asked: readonly number[];
  readonly #values = new Map<string, number>();
  #count = 0;

  constructor(query: CorrelationQuery) {
    this.#query = query;
    this.#rules = query.rules.map(() => 0);
    this.#asked = query.rules.map((name) => query.rules.filter((other) => other === name).length);
  }

  add({ rule, values }: Member<unknown>): void {
    this.#count++;
    this.#rules[rule]++;
    for (const value of values) this.#values.set(value, (this.#values.get(value) ?? 0) + 1);
  }

  remove({ rule, values }: Member<unknown>): void {
    this.#count--;
    this.#rules[rule]--;
    for (const value of values) {
      const left = this.#values.get(value)! - 1;
      if (left === 0) this.#values.delete(value);
      else this.#values.set(value, left);
    }
  }

  clear(): void {
    this.#count = 0;
    this.#rules.fill(0);
    this.#values.clear();
  }

  isFulfilled(members: readonly Member<unknown>[], first: number, last: number): boolean {
    const { type, thresholds, rules } = this.#query;
    switch (type) {
      case 'event_count':
        return this.#meets(this.#count);
      case 'value_count':
        return this.#meets(this.#values.size);
      case 'value_sum':
        return this.#meets(sum(this.#numbers()));
      case 'value_avg': {
        const numbers = this.#numbers();
        return numbers.length > 0 && this.#meets(sum(numbers) / numbers.length);
      }
      case 'value_percentile': {
        const numbers = this.#numbers().sort((one, other) => one - other);
        const rank = Math.ceil(((this.#query.percentile ?? 0) / 100) * numbers.length);
        return numbers.length > 0 && this.#meets(numbers[Math.max(rank, 1) - 1]);
      }
      case 'temporal': {
        if (thresholds.length === 0) return this.#rules.every((count, rule) => count >= this.#asked[rule]);
        // Sigma counts the rules that are different.
        return this.#meets(new Set(rules.filter((_, rule) => this.#rules[rule] > 0)).size);
      }
      case 'temporal_ordered': {
        if (this.#rules.includes(0)) return false;
        // A rule that is named twice asks for two hits.
        let next = 0;
        let taken: unknown;
        for (let i = first; i <= last && next < rules.length; i++) {
          const { rule, hit } = members[i];
          if (rule !== next || hit === taken) continue;
          next++;
          taken = hit;
        }
        return next === rules.length;
      }
    }
  }

  #numbers(): number[] {
    return [...this.#values].flatMap(([text, count]) => {
      const number = numberOf(text);
      return Number.isNaN(number) ? [] : Array<number>(count).fill(number);
    });
  }

  #meets(value: number): boolean {
    return this.#query.thresholds.every(({ op, than }) => inOrder(value, op, than));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

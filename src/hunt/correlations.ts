// The correlation rules of a hunt: what they are made of is kept as it is found, and brought together when all was.

import { ticksOf } from '../logs/log-time.ts';
import type { CorrelationQuery } from '../rule/query.ts';
import type { Value } from '../rule/value-match.ts';
import { correlate, type Member } from './correlate.ts';
import type { Hit } from './document.ts';
import { type HuntRule, nameOf } from './hunt-rule.ts';
import { Untimed } from './untimed.ts';

interface Correlation {
  readonly rule: HuntRule;
  readonly query: CorrelationQuery;
  /** Its rules, in their order. */
  readonly of: readonly HuntRule[];
  readonly members: Member<Hit>[];
}

export class Correlations {
  /** Correlations that name a rule that is not there. */
  readonly broken: { readonly rule: HuntRule; readonly reason: string }[] = [];
  /** Rules that only serve a correlation: what they find alone is not told. */
  readonly silent = new Set<HuntRule>();
  readonly #all: Correlation[] = [];
  readonly #byRule = new Map<HuntRule, Correlation[]>();

  readonly #untimed: Untimed;

  constructor(rules: readonly HuntRule[], untimed = new Untimed()) {
    this.#untimed = untimed;
    const waiting: Correlation[] = [];
    for (const rule of rules) {
      const { query } = rule.rule;
      if (query.kind !== 'correlation') continue;
      const of = query.rules.map((name) => calledBy(rules, name, rule.file));
      const lacking = query.rules.filter((_, i) => of[i] === undefined);
      if (lacking.length > 0) {
        this.broken.push({ rule, reason: `no rule that was loaded is called ${lacking.join(', ')}` });
        continue;
      }
      // One rule may be named twice, also by its id and by its name.
      const named = of.map((one) => String(of.indexOf(one)));
      waiting.push({ rule, query: { ...query, rules: named }, of: of as HuntRule[], members: [] });
      if (!query.generate) for (const one of of) this.silent.add(one!);
    }
    this.#order(waiting);
  }

  /** Correlations of correlations behind those that they are made of. */
  #order(waiting: Correlation[]): void {
    let left = waiting;
    while (left.length > 0) {
      const open = new Set(left.map(({ rule }) => rule));
      const ready = left.filter(({ of }) => !of.some((one) => open.has(one)));
      if (ready.length === 0) {
        for (const { rule } of left) this.broken.push({ rule, reason: 'its rules are made of one another' });
        return;
      }
      for (const one of ready) {
        this.#all.push(one);
        for (const rule of new Set(one.of)) this.#byRule.set(rule, [...(this.#byRule.get(rule) ?? []), one]);
      }
      left = left.filter((one) => !ready.includes(one));
    }
  }

  /** Correlations that need a rule which can find nothing, with why; `isNever` says which can. */
  neverMatch(isNever: ReadonlySet<HuntRule>): readonly { readonly rule: HuntRule; readonly reason: string }[] {
    const never = new Set(isNever);
    return this.#all.flatMap(({ rule, query, of }) => {
      const silent = of.filter((one) => never.has(one));
      const needsAll =
        query.type === 'temporal_ordered' || (query.type === 'temporal' && query.thresholds.length === 0);
      if (silent.length === 0 || (!needsAll && silent.length < of.length)) return [];
      never.add(rule);
      return [{ rule, reason: `nothing in these logs can fulfil ${silent.map((one) => one.rule.title).join(', ')}` }];
    });
  }

  /** Fields that events are grouped or counted by. */
  get fields(): readonly string[] {
    return this.#all.flatMap(({ query: { groupBy, fields, aliases } }) => [
      ...groupBy,
      ...fields,
      ...Object.values(aliases).flatMap((one) => Object.values(one)),
    ]);
  }

  /** Takes note of what a rule found. */
  add(rule: HuntRule, hit: Hit, valuesOf: (name: string) => readonly Value[]): void {
    for (const { query, of, members } of this.#byRule.get(rule) ?? []) {
      const last = hit.events.at(-1);
      const ticks = ticksOf(last?.time ?? '');
      if (ticks === undefined) {
        if (last) this.#untimed.note({ log: last.source, record: String(last.record) });
        continue;
      }
      const time = Number(ticks) / 1e4;
      const own = (name: string): readonly string[] => {
        const aliases = Object.hasOwn(query.aliases, name) ? query.aliases[name] : undefined;
        const field =
          aliases && [rule.rule.name, rule.rule.id].find((key) => key !== null && Object.hasOwn(aliases, key));
        return valuesOf(field ? aliases![field] : name).map(String);
      };
      const group = query.groupBy.map((name) => own(name).at(0) ?? null);
      const values = query.fields.length === 1 ? own(query.fields[0]) : [JSON.stringify(query.fields.map(own))];
      const isTemporal = query.type === 'temporal' || query.type === 'temporal_ordered';
      // An event counts once, also where several of the rules find it.
      const before = members.at(-1)?.hit.events;
      if (!isTemporal && before && isSame(before, hit.events)) continue;
      for (const [index, one] of of.entries()) {
        if (one !== rule) continue;
        members.push({ rule: index, time, group, values: query.fields.length === 0 ? [] : values, hit });
        if (!isTemporal) break;
      }
    }
  }

  /** What the correlations found, once. */
  finish(): readonly Hit[] {
    const all: Hit[] = [];
    for (const { rule, query, members } of this.#all) {
      for (const { key, hits } of correlate(query, members)) {
        const hit: Hit = {
          rule: nameOf(rule),
          events: hits.flatMap(({ events }) => events),
          ...(query.groupBy.length > 0 ? { key } : {}),
          matched: query.groupBy.flatMap((field, i) => (key[i] === null ? [] : [{ field, value: key[i] }])),
        };
        if (!this.silent.has(rule)) all.push(hit);
        const byName = new Map(query.groupBy.map((name, i) => [name.toLowerCase(), key[i]]));
        this.add(rule, hit, (name) => {
          const value = byName.get(name.toLowerCase());
          return value === null || value === undefined ? [] : [value];
        });
      }
    }
    return all;
  }
}

function isSame(one: Hit['events'], other: Hit['events']): boolean {
  return (
    one.length === other.length &&
    one.every(({ source, record }, i) => source === other[i].source && record === other[i].record)
  );
}

/** By its id or name; a rule of the same file goes before one of another. */
function calledBy(rules: readonly HuntRule[], name: string, file: string): HuntRule | undefined {
  const called = rules.filter(({ rule }) => rule.id === name || rule.name === name);
  return called.find((one) => one.file === file) ?? called.at(0);
}

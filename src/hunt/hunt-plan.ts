// All rules of a hunt, by the kinds of events that each is about: what an event is asked for is decided by its channel and number.

import { systemNameOf } from '../logs/event.ts';
import { and, type Condition, conjuncts, like, or, unnamed } from '../rule/condition.ts';
import { logSourceText } from '../rule/log-source.ts';
import { literal } from '../rule/pattern.ts';
import { type EventKind, kindsOf } from '../rule/sources.ts';
import { meets } from '../rule/value-match.ts';
import { Slots } from './event-view.ts';
import type { HuntRule } from './hunt-rule.ts';
import { isQueryRule } from './query-rules.ts';
import { RuleGroup } from './rule-group.ts';

/** A rule for one kind of events. */
interface Planned {
  readonly rule: HuntRule;
  readonly condition: Condition;
  readonly kind: EventKind;
  readonly channels: ReadonlySet<string>;
  readonly provider: string;
  /** Numbers that the kind has and the rule asks for; undefined for any. */
  readonly eventIds: ReadonlySet<number> | undefined;
}

/** Groups that are kept: hostile logs have no end of channels and numbers. */
const MOST_GROUPS = 4096;

export class HuntPlan {
  readonly slots = new Slots();
  /** Why rules cannot match in Windows logs at all. */
  readonly #never: { readonly rule: HuntRule; readonly reason: string }[] = [];
  readonly #planned: Planned[] = [];
  /** By number, and by channel or, where there is none, provider; null: no rules. Once there are many, those used last are last. */
  readonly #groups = new Map<string, RuleGroup<HuntRule> | null>();
  /** Groups of the channel that was asked for last, by number, while none has to go: events of one come together. */
  #channel = '';
  readonly #ofChannel = new Map<number, RuleGroup<HuntRule> | null>();
  /** Of rules that were asked: the fields that no event had without which they cannot hold; null where one could. */
  readonly #lacking = new Map<HuntRule, ReadonlySet<string> | null>();

  constructor(rules: readonly HuntRule[]) {
    for (const one of rules) this.#plan(one);
  }

  /** Has views look for a field that no condition asks for. */
  ask(name: string): void {
    this.slots.numberOf(name);
    for (const { kind } of this.#planned) this.slots.numberOf(renamed(kind, name));
  }

  #plan(one: HuntRule): void {
    const { query, logSource } = one.rule;
    if (query.kind !== 'event' || isQueryRule(one.rule)) return;
    const kinds = kindsOf(logSource);
    if (typeof kinds === 'string') {
      this.#never.push({ rule: one, reason: kinds });
      return;
    }
    const wanted = eventIdsOf(query.condition);
    let isAny = false;
    for (const kind of kinds) {
      const eventIds = both(kind.eventIds && new Set(kind.eventIds), wanted);
      if (eventIds?.size === 0) continue;
      isAny = true;
      const where = Object.entries(kind.where ?? {}).map(([field, values]) => like(field, ...values.map(literal)));
      this.#planned.push({
        rule: one,
        condition: where.length === 0 ? query.condition : and(...where, query.condition),
        kind,
        channels: new Set(kind.channels.map((channel) => channel.toLowerCase())),
        provider: kind.provider.toLowerCase(),
        eventIds,
      });
    }
    if (!isAny) this.#never.push({ rule: one, reason: 'it asks for event ids that its log source has not' });
  }

  /** Rules that no event that was there could fulfil, with why; asked for when all events were there. */
  neverMatch(): readonly { readonly rule: HuntRule; readonly reason: string }[] {
    for (const group of this.#groups.values()) this.#settle(group);
    const fromEvents = [...new Set(this.#planned.map(({ rule }) => rule))].flatMap((rule) => {
      const fields = this.#lacking.get(rule);
      if (fields === null) return [];
      const reason = fields
        ? `no event of its log source has ${namesText([...fields])}`
        : `no event of its log source (${logSourceText(rule.rule.logSource)}) is in these logs`;
      return [{ rule, reason }];
    });
    return [...this.#never, ...fromEvents];
  }

  /** Takes note of what the events of a group lacked. */
  #settle(group: RuleGroup<HuntRule> | null): void {
    for (const { rule, condition, rename } of group?.rules ?? []) {
      const before = this.#lacking.get(rule);
      if (before === null) continue;
      const isThere = (name: string): boolean => {
        const own = rename(name);
        const slot = this.slots.find(own);
        return systemNameOf(own) !== undefined || (slot !== undefined && group!.seen.has(slot));
      };
      const fields = missing(condition, isThere);
      this.#lacking.set(rule, fields.length === 0 ? null : new Set([...(before ?? []), ...fields]));
    }
  }

  /** The rules that events of a channel and number may be of; undefined where there are none. The provider counts where there is no channel. */
  groupOf(channel: string, provider: string, eventId: number): RuleGroup<HuntRule> | undefined {
    if (channel === '' || this.#groups.size >= MOST_GROUPS) return this.#look(channel, provider, eventId) ?? undefined;
    if (channel !== this.#channel) {
      this.#channel = channel;
      this.#ofChannel.clear();
    }
    let group = this.#ofChannel.get(eventId);
    if (group === undefined) {
      group = this.#look(channel, provider, eventId);
      this.#ofChannel.set(eventId, group);
    }
    return group ?? undefined;
  }

  #look(channel: string, provider: string, eventId: number): RuleGroup<HuntRule> | null {
    const key = `${eventId} ${channel === '' ? `\0${provider}` : channel}`;
    let group = this.#groups.get(key);
    if (group !== undefined && this.#groups.size < MOST_GROUPS) return group;
    if (group === undefined) group = this.#makeGroup(channel.toLowerCase(), provider.toLowerCase(), eventId);
    this.#groups.delete(key);
    this.#groups.set(key, group);
    if (this.#groups.size > MOST_GROUPS) {
      const [[oldest, dropped]] = this.#groups;
      this.#settle(dropped);
      this.#groups.delete(oldest);
    }
    return group;
  }

  #makeGroup(channel: string, provider: string, eventId: number): RuleGroup<HuntRule> | null {
    const own = this.#planned.filter(
      (one) =>
        (one.eventIds === undefined || one.eventIds.has(eventId)) &&
        (one.channels.size === 0 ||
          one.channels.has(channel) ||
          (channel === '' && one.provider !== '' && one.provider === provider)),
    );
    if (own.length === 0) return null;
    const rules = own.map(({ rule, condition, kind }) => ({
      rule,
      condition: ofEventId(condition, eventId),
      rename: (name: string) => renamed(kind, name),
    }));
    return new RuleGroup(rules, this.slots);
  }
}

/** Fields without a value in these events that the condition cannot hold without; none where it can. */
function missing(condition: Condition, isThere: (name: string) => boolean): readonly string[] {
  switch (condition.kind) {
    case 'named':
      return missing(condition.of, isThere);
    case 'and':
      return condition.of.flatMap((part) => missing(part, isThere));
    case 'or': {
      const each = condition.of.map((part) => missing(part, isThere));
      return each.every((one) => one.length > 0) ? each.flat() : [];
    }
    case 'match': {
      const isForNone = condition.values.some(
        (test) => test.kind === 'null' || (test.kind === 'exists' && !test.wanted),
      );
      return isForNone || isThere(condition.field) ? [] : [condition.field];
    }
    default:
      return [];
  }
}

/** Names that are told at most. */
const MOST_TOLD = 16;

function namesText(names: readonly string[]): string {
  const more = names.length > MOST_TOLD ? ` and ${names.length - MOST_TOLD} more` : '';
  return `${names.slice(0, MOST_TOLD).join(', ')}${more}`;
}

/** How events of a kind call a field. */
function renamed({ names }: EventKind, name: string): string {
  const key = name.toLowerCase();
  return names && Object.hasOwn(names, key) ? names[key] : name;
}

const ID_NAMES: ReadonlySet<string> = new Set(['eventid', 'event_id', 'eventcode']);

/** The numbers of events that a condition asks for; undefined where it does not say. */
export function eventIdsOf(condition: Condition): ReadonlySet<number> | undefined {
  let ids: ReadonlySet<number> | undefined;
  for (const part of conjuncts(condition)) {
    const node = unnamed(part);
    if (node.kind === 'or') {
      const each = node.of.map(eventIdsOf);
      if (each.every((one) => one !== undefined)) ids = both(ids, new Set(each.flatMap((one) => [...one!])));
    }
    if (node.kind !== 'match' || !ID_NAMES.has(node.field.toLowerCase())) continue;
    const numbers = node.values.map((test) => {
      if (test.kind === 'number' && test.op === 'eq') return test.than;
      const [only] = test.kind === 'like' ? test.pattern : [];
      return test.kind === 'like' && test.pattern.length === 1 && typeof only === 'string' && /^\d{1,5}$/.test(only)
        ? Number(only)
        : undefined;
    });
    if (numbers.every((one) => one !== undefined)) ids = both(ids, new Set(numbers as number[]));
  }
  return ids;
}

/** The condition for events of one number, of which it is known which comparisons of the number hold. */
function ofEventId(condition: Condition, eventId: number): Condition {
  switch (condition.kind) {
    case 'named':
      return { ...condition, of: ofEventId(condition.of, eventId) };
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map((part) => ofEventId(part, eventId)) };
    case 'not':
      return { kind: 'not', of: ofEventId(condition.of, eventId) };
    case 'match': {
      if (!ID_NAMES.has(condition.field.toLowerCase()) || !Number.isInteger(eventId)) return condition;
      if (condition.values.some((test) => test.kind === 'field')) return condition;
      const holds = condition.values.some((test) => test.kind !== 'field' && meets(test)([String(eventId)]));
      return holds ? and() : or();
    }
    default:
      return condition;
  }
}

function both(
  one: ReadonlySet<number> | undefined,
  other: ReadonlySet<number> | undefined,
): ReadonlySet<number> | undefined {
  if (!one || !other) return one ?? other;
  return new Set([...one].filter((id) => other.has(id)));
}

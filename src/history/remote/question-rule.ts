// A question's condition as a rule, so that the emitters of rules say it: its channel becomes the log source that they know tables for.

import { UnsupportedError } from '../../errors.ts';
import { and, type Condition, conjuncts, type Match } from '../../rule/condition.ts';
import { ANY_SOURCE, type LogSource } from '../../rule/log-source.ts';
import { literalsOf } from '../../rule/pattern.ts';
import { NOTHING_SAID, type Rule } from '../../rule/rule.ts';
import { CATEGORIES, SERVICES } from '../../rule/sources.ts';

/** The channels that a condition asks for by name; none where it does not. */
export function channelsIn(condition: Condition): readonly string[] {
  return (partOn('Channel', condition)?.values ?? []).map((test) =>
    test.kind === 'like' ? literalsOf(test.pattern).join('') : '',
  );
}

/** The numbers of events that a condition asks for; none where it does not, or not by single numbers. */
export function eventIdsIn(condition: Condition): readonly number[] {
  const ids = (partOn('EventID', condition)?.values ?? []).map((test) =>
    test.kind === 'number' && test.op === 'eq' ? test.than : Number.NaN,
  );
  return ids.some(Number.isNaN) ? [] : ids;
}

/** The condition without the part that asks for one value of the field. */
export function withoutPartOn(field: string, condition: Condition): Condition {
  const said = partOn(field, condition);
  return and(...conjuncts(condition).filter((part) => part !== said));
}

/** It asks for nothing: every event meets it. */
export function isEverything(condition: Condition): boolean {
  return condition.kind === 'and' && condition.of.every(isEverything);
}

function partOn(field: string, condition: Condition): Match | undefined {
  return conjuncts(condition).find((part): part is Match => part.kind === 'match' && part.field === field);
}

/**
 * What `emit` makes of the condition: as a rule of the category that means just these events, where `withCategory`; else of the
 * channel's service, else of all events of Windows with the channel as a condition. Throws the first UnsupportedError where it says none.
 */
export function emitted<T>(condition: Condition, id: string, emit: (rule: Rule) => T, withCategory = false): T {
  let refused: UnsupportedError | undefined;
  for (const rule of rulesOf(condition, id, withCategory))
    try {
      return emit(rule);
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      refused ??= error;
    }
  throw refused!;
}

function rulesOf(condition: Condition, id: string, withCategory: boolean): readonly Rule[] {
  const channels = channelsIn(condition);
  const windows = (source: Partial<LogSource>, of: Condition): Rule =>
    ruleOf(id, { ...ANY_SOURCE, product: 'windows', ...source }, of);
  const rest = withoutPartOn('Channel', condition);
  const rules = [windows({}, condition)];
  // The emitters have no words for a rule without a condition.
  const service = Object.keys(SERVICES).find((name) => areSame(SERVICES[name].flatMap(channelsOf), channels));
  if (service !== undefined && !isEverything(rest)) rules.unshift(windows({ service }, rest));
  const category = withCategory ? categoryOf(channels, eventIdsIn(condition)) : undefined;
  const own = withoutPartOn('EventID', rest);
  if (category !== undefined && !isEverything(own)) rules.unshift(windows({ category }, own));
  return rules;
}

/** The category of these events and no others, with the fields as the events themselves have them. */
function categoryOf(channels: readonly string[], ids: readonly number[]): string | undefined {
  return Object.keys(CATEGORIES).find((name) => {
    const [kind, ...others] = CATEGORIES[name];
    if (others.length > 0 || kind.where !== undefined || kind.names !== undefined) return false;
    return areSame(kind.channels, channels) && areSame(kind.eventIds ?? [], ids);
  });
}

function channelsOf(kind: { readonly channels: readonly string[] }): readonly string[] {
  return kind.channels;
}

function areSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((each) => other.includes(each));
}

function ruleOf(title: string, logSource: LogSource, condition: Condition): Rule {
  return { ...NOTHING_SAID, title, logSource, taxonomy: 'sysmon', query: { kind: 'event', category: null, condition } };
}

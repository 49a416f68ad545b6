// Whether Sysmon logs an event under a configuration, and which rule decides it: FilterEventRules and MatchFilterGroup of Sysmon's rules.c.

import { holds } from './conditions.ts';
import type { Entry, FieldRule, RuleList, SubRule } from './config.ts';
import { type EventId, type EventName, FIELDS, LOGGED_BY_DEFAULT } from './schema.ts';

/** An event as Sysmon would write it, with all of its fields. */
export interface SysmonEvent {
  readonly name: EventName;
  readonly id: EventId;
  readonly fields: Readonly<Record<string, string>>;
}

export type Decision =
  /** A list holds; `entry` is the rule that is enough for that, absent where all of the list must hold. */
  | {
      readonly kind: 'included' | 'excluded';
      readonly list: RuleList;
      readonly entry: Entry | undefined;
      readonly first: Entry;
    }
  /** No list names the event: Sysmon's default, or no rule holds of the only list it has. */
  | { readonly kind: 'logged-by-default' | 'off-by-default' | 'not-excluded' | 'not-included' }
  /** Several lists that exclude and none that includes: with two lists Sysmon logs only what a rule includes. */
  | { readonly kind: 'two-exclude-lists' };

export function decide(lists: readonly RuleList[], event: SysmonEvent): Decision {
  const own = lists.filter((list) => list.event === event.name);
  if (own.length === 0) return { kind: LOGGED_BY_DEFAULT[event.name] ? 'logged-by-default' : 'off-by-default' };
  // Sysmon goes through the lists from the last to the first, those that exclude before all others.
  const ordered = [...own].reverse().sort((a, b) => (a.onmatch < b.onmatch ? -1 : a.onmatch > b.onmatch ? 1 : 0));
  for (const list of ordered) {
    const match = matchOf(list, event);
    if (match) return { kind: list.onmatch === 'exclude' ? 'excluded' : 'included', list, ...match };
  }
  const includes = own.some(({ onmatch }) => onmatch === 'include');
  if (includes) return { kind: 'not-included' };
  return { kind: own.length === 1 ? 'not-excluded' : 'two-exclude-lists' };
}

export function isLogged({ kind }: Decision): boolean {
  return kind === 'included' || kind === 'logged-by-default' || kind === 'not-excluded';
}

/** Whether one rule of a list is enough: also where they are joined by "and", if all are for the same field. */
export function isOneEnough({ relation, entries }: RuleList): boolean {
  return (
    relation === 'or' ||
    entries.length < 2 ||
    entries.every((entry) => entry.kind === 'field' && entry.field === (entries[0] as FieldRule).field)
  );
}

/** `first` is the first rule that holds. undefined where the list does not hold; a list without rules never does. */
function matchOf(
  list: RuleList,
  event: SysmonEvent,
): { readonly entry: Entry | undefined; readonly first: Entry } | undefined {
  const isTrue = (rule: FieldRule): boolean => ruleHolds(list, rule, event);
  const entryHolds = (entry: Entry): boolean => (entry.kind === 'field' ? isTrue(entry) : subRuleHolds(entry, isTrue));
  const entries = list.entries.filter((entry) => entry.kind === 'field' || entry.fields.length > 0);
  if (entries.length === 0) return undefined;
  if (list.relation === 'or') {
    const entry = entries.find(entryHolds);
    return entry && { entry, first: entry };
  }
  // Rules on the same field are joined by "or" within a list, though not within a <Rule>.
  const fields = new Set(entries.flatMap((entry) => (entry.kind === 'field' ? [entry.field] : [])));
  const all =
    [...fields].every((field) => entries.some((one) => one.kind === 'field' && one.field === field && isTrue(one))) &&
    entries.every((entry) => entry.kind === 'field' || entryHolds(entry));
  return all ? { entry: undefined, first: entries.find(entryHolds)! } : undefined;
}

function subRuleHolds({ relation, fields }: SubRule, isTrue: (rule: FieldRule) => boolean): boolean {
  return relation === 'or' ? fields.some(isTrue) : fields.every(isTrue);
}

/** A field is found by its number in the event that the list is read as, and is none where the event has another there. */
function ruleHolds({ readAs }: RuleList, { field, condition, wanted }: FieldRule, event: SysmonEvent): boolean {
  const at = FIELDS[readAs].indexOf(field);
  return FIELDS[event.id][at] === field && holds(condition, wanted, event.fields[field] ?? '');
}

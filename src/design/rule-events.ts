// Made-up events that a rule of the scope must match, and for each of its exclusions one that it must not, as lines of Winlogbeat's JSON.

import { alternativesOf, type Part } from '../rule/alternatives.ts';
import { BY_NAME } from '../rule/binding.ts';
import { and, type Condition, fieldsOf } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { exampleValue } from '../rule/example-value.ts';
import { exclusionsOf } from '../rule/exclusions.ts';
import { controlOf, type Nature } from '../rule/field-control.ts';
import { networkText } from '../rule/network.ts';
import type { TextPattern } from '../rule/pattern.ts';
import { conditionOf, type Rule } from '../rule/rule.ts';
import type { ValueTest } from '../rule/value-test.ts';
import { escapedJson } from '../rule/visible-text.ts';
import type { RuleSource } from './rule-source.ts';

/** By field's name, in the order of the rule. */
type Values = ReadonlyMap<string, string>;

export interface RuleEvents {
  /** Empty where no event could be made up: a regular expression has no example. */
  readonly match: readonly object[];
  readonly noMatch: readonly object[];
}

/** Alternatives that are tried for one event. */
const MOST_TRIES = 64;

/** Each event is checked by evaluating the rule; what does not do as it should is left out. */
export function ruleEvents(rule: Rule, source: RuleSource): RuleEvents {
  const condition = conditionOf(rule, 'a test');
  const holds = evaluated(condition, source);
  const filler = fillerOf(fieldsOf(condition));
  const found = valuesFor(condition, filler).find(holds);
  const noMatch = exclusionsOf(rule.query).flatMap(({ clause, name, selection }) => {
    const isExcluded = evaluated(and(...source.conditions, clause), source);
    const isLetPass = (values: Values): boolean => isExcluded(values) && !holds(values);
    const wanted = [and(...selection.filter((part) => part.kind !== 'not'), clause), clause];
    const values = wanted.flatMap((one) => valuesFor(one, filler)).find(isLetPass);
    return values === undefined ? [] : [{ values, about: name === '' ? 'an exclusion' : name }];
  });
  return {
    match: found === undefined ? [] : [eventOf(found, source, 'the scope', 0)],
    noMatch: noMatch.map(({ values, about }, index) => eventOf(values, source, about, index)),
  };
}

/** Lines of JSON; "" for none. */
export function eventLines(events: readonly object[]): string {
  return events.map((event) => `${escapedJson(JSON.stringify(event))}\n`).join('');
}

function evaluated(condition: Condition, source: RuleSource): (values: Values) => boolean {
  const compiled = compileCondition(condition, BY_NAME);
  const system = new Map<string, string>([
    ['channel', source.channel],
    ...(source.eventId === null ? [] : [['eventid', String(source.eventId)] as const]),
    ...(source.provider === null ? [] : [['provider_name', source.provider] as const]),
  ]);
  return (values) => {
    const folded = new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
    return (
      compiled((name) => {
        const value = system.get(name.toLowerCase()) ?? folded.get(name.toLowerCase());
        return value === undefined ? [] : [value];
      }) === true
    );
  };
}

/** Values for fields that nothing is asked of: those of something unknown, which no exclusion is made for. */
function fillerOf(fields: readonly string[]): Values {
  return new Map(
    fields
      .filter((field) => !SYSTEM.has(field.toLowerCase()))
      .map((field) => [field, isPath(field) ? 'C:\\Users\\Public\\unlisted.exe' : 'unlisted']),
  );
}

const SYSTEM: ReadonlySet<string> = new Set(['eventid', 'channel', 'provider_name']);
const PATHS: ReadonlySet<Nature> = new Set(['program', 'parent-program', 'file', 'object']);

function isPath(field: string): boolean {
  const nature = controlOf(field)?.nature;
  return nature !== undefined && PATHS.has(nature);
}

/** Values that may fulfil the condition, with the filler behind them and without. */
function valuesFor(condition: Condition, filler: Values): readonly Values[] {
  return (alternativesOf(condition) ?? []).slice(0, MOST_TRIES).flatMap((parts) => {
    const own = assigned(parts);
    return own === undefined ? [] : [new Map([...filler, ...own]), own];
  });
}

/** A value for each field that something is asked of; undefined where none was found. */
function assigned(parts: readonly Part[]): Values | undefined {
  const tests = new Map<string, (readonly ValueTest[])[]>();
  for (const { of, negated } of parts) {
    if (of.kind !== 'match') return undefined;
    if (SYSTEM.has(of.field.toLowerCase())) continue;
    const own = tests.get(of.field) ?? [];
    tests.set(of.field, negated ? own : [...own, of.values]);
  }
  const values = new Map<string, string>();
  for (const [field, asked] of tests) {
    // What is only asked not to be something may be a number without any bit.
    const value = asked.length === 0 ? '0x0' : valueFor(asked, isPath(field));
    if (value === undefined) return undefined;
    values.set(field, value);
  }
  return values;
}

/** A value that meets one test of each list. */
function valueFor(asked: readonly (readonly ValueTest[])[], isPathField: boolean): string | undefined {
  const patterns: (readonly TextPattern[])[] = [];
  let mask = 0n;
  for (const tests of asked) {
    const own = tests.flatMap((test) => (test.kind === 'like' ? [test.pattern] : []));
    const [first] = tests;
    if (own.length > 0) patterns.push(own);
    else if (first?.kind === 'bits') mask |= first.wanted === 'all' ? first.mask : first.mask & -first.mask;
    else if (first !== undefined && asked.length === 1) return exampleOf(first);
    else return undefined;
  }
  if (mask !== 0n) return patterns.length === 0 ? `0x${mask.toString(16)}` : undefined;
  return exampleValue(patterns, isPathField);
}

function exampleOf(test: ValueTest): string | undefined {
  switch (test.kind) {
    case 'number':
      return String(test.than + { eq: 0, lte: 0, gte: 0, lt: -1, gt: 1 }[test.op]);
    case 'boolean':
      return String(test.wanted);
    case 'cidr':
      return networkText(test.network).replace(/\/\d+$/, '');
    case 'exists':
      return test.wanted ? 'unlisted' : undefined;
    case 'null':
      return '';
    default:
      return undefined;
  }
}

const HOST = 'ws1.example';
/** 1 January 2024, 10:00 UTC: nothing in an event comes from the clock. */
const FIRST_TIME = Date.UTC(2024, 0, 1, 10);

/** `about` is kept as a label; a second passes between two events. */
function eventOf(values: Values, { channel, provider, eventId }: RuleSource, about: string, index: number): object {
  const time = new Date(FIRST_TIME + index * 1000).toISOString();
  return {
    '@timestamp': time,
    agent: { type: 'winlogbeat' },
    event: {
      kind: 'event',
      ...(eventId === null ? {} : { code: String(eventId) }),
      ...(provider === null ? {} : { provider }),
    },
    host: { hostname: 'ws1', name: HOST, os: { family: 'windows', type: 'windows' } },
    labels: { test: about },
    winlog: {
      channel,
      computer_name: HOST,
      event_data: Object.fromEntries(values),
      ...(eventId === null ? {} : { event_id: String(eventId) }),
      ...(provider === null ? {} : { provider_name: provider }),
      record_id: String(index + 1),
    },
  };
}

// The smallest changes of a Sysmon configuration after which it collects what is needed, each tried on the configuration before it is told.

import { comparable } from './conditions.ts';
import type { Entry, FieldRule, RuleList, SubRule, SysmonConfig } from './config.ts';
import type { Place } from './config-xml.ts';
import type { Mend } from './document.ts';
import { type Decision, decide, isLogged, isOneEnough } from './filter.ts';
import type { Need, RulePart } from './need.ts';
import { fieldXml, listWords, listXml, ruleWords, ruleXml } from './rule-xml.ts';
import { EVENT_IDS, RULE_SINCE } from './schema.ts';

/** Changes that are tried for one need, and fields of a <Rule> that is taken apart. */
const MOST_CHANGES = 16;
const MOST_FIELDS = 64;

/** A configuration that is being changed; changes of the same rule become one. */
export class Mender {
  #lists: readonly RuleList[];
  #version: number;
  readonly #mends = new Map<string, Mend>();

  constructor({ lists, version }: SysmonConfig) {
    this.#lists = lists;
    this.#version = version;
  }

  get lists(): readonly RuleList[] {
    return this.#lists;
  }

  /** In the order of the file; what goes to its end last. */
  get mends(): readonly Mend[] {
    const at = ({ line }: Mend) => line ?? Number.POSITIVE_INFINITY;
    return [...this.#mends.values()].sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
  }

  /** Changes the lists until every example is seen, or of noise none; false where that is not reached. */
  mend(need: Need): boolean {
    const isNoise = need.weight === 'noise';
    for (let changes = 0; changes <= MOST_CHANGES; changes++) {
      const wrong = this.#firstWrong(need, isNoise);
      if (!wrong) return true;
      if (!(isNoise ? this.#exclude(need) : this.#letThrough(need, wrong))) return false;
    }
    return false;
  }

  #firstWrong(need: Need, isNoise: boolean): Decision | undefined {
    for (const event of need.examples) {
      const decision = decide(this.#lists, event);
      if (isLogged(decision) === isNoise) return decision;
    }
    return undefined;
  }

  #tell(key: string, mend: Mend): true {
    this.#mends.set(key, mend);
    return true;
  }

  #replaceList(list: RuleList, ...fresh: readonly RuleList[]): void {
    this.#lists = this.#lists.flatMap((one) => (one === list ? fresh : [one]));
  }

  #replaceEntry(list: RuleList, entry: Entry, ...fresh: readonly Entry[]): void {
    const entries = list.entries.flatMap((one) => (one === entry ? fresh : [one]));
    this.#replaceList(list, { ...list, entries });
  }

  /** <Rule> and <RuleGroup> need a newer schema than some files say. */
  #raiseSchema(): void {
    if (this.#version >= RULE_SINCE) return;
    this.#tell('schema', {
      kind: 'raise-schema',
      line: 1,
      what: 'in <Sysmon>; put each list that stands in no group into <RuleGroup groupRelation="or">, for older schemas join by "or" and newer ones by "and"',
      xml: `schemaversion="${RULE_SINCE.toFixed(2)}"`,
    });
    this.#version = RULE_SINCE;
  }

  #letThrough(need: Need, decision: Decision): boolean {
    switch (decision.kind) {
      case 'excluded':
        return this.#narrow(need, decision.list, decision.entry);
      case 'two-exclude-lists':
        return this.#joinExcludes(need) || this.#include(need);
      default:
        return this.#include(need);
    }
  }

  /** The need's rules, into the first list that takes one of its rules to be enough, or into a new one. */
  #include(need: Need): boolean {
    const list = this.#lists.find(
      ({ event, onmatch, relation, line }) =>
        event === need.event && onmatch === 'include' && relation === 'or' && line > 0,
    );
    if (need.rules.some((parts) => parts.length > 1) || !list) this.#raiseSchema();
    const entries = need.rules.map(entryOf);
    const rules = need.rules.map(ruleXml);
    if (list) {
      this.#replaceList(list, { ...list, entries: [...list.entries, ...entries] });
      for (const xml of rules)
        this.#tell(`include ${list.line} ${xml}`, {
          kind: 'add-include',
          line: list.line,
          what: `into ${listWords(list)}`,
          xml,
        });
      return true;
    }
    const { event } = need;
    const fresh: RuleList = { event, readAs: EVENT_IDS[event][0], onmatch: 'include', relation: 'or', entries, ...NEW };
    const before = this.#lists.find((one) => one.event === event && one.onmatch === 'include' && one.line === 0);
    if (before) this.#replaceList(before, { ...before, entries: [...before.entries, ...entries] });
    else this.#lists = [...this.#lists, fresh];
    const key = `new include ${event}`;
    const all = [...new Set([...(this.#newRules.get(key) ?? []), ...rules])];
    this.#newRules.set(key, all);
    return this.#tell(key, {
      kind: 'add-include',
      line: null,
      what: 'at the end of <EventFiltering>',
      xml: listXml(event, 'include', all),
    });
  }

  /** Rules of lists that are new. */
  readonly #newRules = new Map<string, readonly string[]>();

  /** What excludes too much, with the guard beside it. */
  #narrow(need: Need, list: RuleList, entry: Entry | undefined): boolean {
    const told = `${ruleWords(entry)} excludes it`;
    if (!entry && isOneEnough(list)) return this.#joinByOr(list);
    if (this.#version < RULE_SINCE) {
      if (!entry) return false;
      this.#replaceEntry(list, entry);
      return this.#tell(`remove ${keyOf(entry)}`, {
        kind: 'remove-exclude',
        line: entry.line,
        what: `take it out: ${told}; to keep it for all else needs <Rule>, which came with schemaversion ${RULE_SINCE.toFixed(2)}`,
        xml: '',
      });
    }
    const guard = need.guard.map((part) => fieldOf(part, entry ?? list));
    if (!entry) {
      const rule: SubRule = { kind: 'rule', relation: 'and', fields: guard, ...placeOf(list) };
      this.#replaceList(list, { ...list, entries: [...list.entries, rule] });
      const xml = ['<Rule groupRelation="and">', ...need.guard.map((part) => `  ${fieldXml(part)}`), '</Rule>'].join(
        '\n',
      );
      return this.#tell(`narrow ${list.line} ${xml}`, {
        kind: 'narrow-exclude',
        line: list.line,
        what: `into ${listWords(list)}, all of which must hold`,
        xml,
      });
    }
    if (entry.kind === 'rule' && entry.relation === 'or') return this.#takeApart(list, entry, guard);
    const fields = [...(entry.kind === 'rule' ? entry.fields : [entry]), ...guard];
    this.#replaceEntry(list, entry, { kind: 'rule', relation: 'and', fields, ...placeOf(entry) });
    const key = keyOf(entry);
    const apart = this.#apart.get(key);
    if (apart) return this.#tellApart(apart);
    if (entry.kind === 'rule' && !this.#mends.has(`narrow ${key}`)) {
      const xml = need.guard.map(fieldXml).join('\n');
      return this.#tell(`inside ${key} ${xml}`, {
        kind: 'narrow-exclude',
        line: entry.line,
        what: `into this <Rule>: ${told}`,
        xml,
      });
    }
    return this.#tell(`narrow ${key}`, {
      kind: 'narrow-exclude',
      line: entry.line,
      what: `in place of: ${ruleWords(entry.kind === 'rule' ? entry.fields[0] : entry)}`,
      xml: ruleXml(fields),
    });
  }

  /** A <Rule> of which one field is enough becomes a rule for each, with the guard. */
  #takeApart(list: RuleList, entry: SubRule, guard: readonly FieldRule[]): boolean {
    if (entry.fields.length > MOST_FIELDS) return false;
    const rules = entry.fields.map(
      (field): SubRule => ({ kind: 'rule', relation: 'and', fields: [field, ...guard], ...placeOf(field) }),
    );
    this.#replaceEntry(list, entry, ...rules);
    const taken = { line: entry.line, key: keyOf(entry) };
    for (const rule of rules) this.#apart.set(keyOf(rule), taken);
    return this.#tellApart(taken);
  }

  /** Of rules that were one, by place. */
  readonly #apart = new Map<string, { readonly line: number; readonly key: string }>();

  #tellApart(taken: { readonly line: number; readonly key: string }): boolean {
    const rules = this.#lists.flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.kind === 'rule' && this.#apart.get(keyOf(entry)) === taken ? [entry.fields] : [],
      ),
    );
    return this.#tell(`narrow ${taken.key}`, {
      kind: 'narrow-exclude',
      line: taken.line,
      what: 'in place of this <Rule>',
      xml: rules.map(ruleXml).join('\n'),
    });
  }

  /** A list of rules for one field means the same under "or", and then takes others. */
  #joinByOr(list: RuleList): boolean {
    this.#raiseSchema();
    this.#replaceList(list, { ...list, relation: 'or' });
    return this.#tell(`or ${keyOf(list)}`, {
      kind: 'set-relation',
      line: list.line,
      what: `put ${listWords(list)} into a group of this relation: its rules are joined by "and" otherwise, which for those it has means the same`,
      xml: '<RuleGroup name="" groupRelation="or">',
    });
  }

  /** All lists that exclude into the first; only where each is one of which a single rule is enough. */
  #joinExcludes({ event }: Need): boolean {
    const own = this.#lists.filter((one) => one.event === event);
    const [first, ...others] = own;
    if (others.length === 0 || !own.every(isOneEnough) || new Set(own.map(({ readAs }) => readAs)).size > 1)
      return false;
    this.#replaceList(first, { ...first, relation: 'or', entries: own.flatMap(({ entries }) => entries) });
    this.#lists = this.#lists.filter((one) => !others.includes(one));
    return this.#tell(`join ${event}`, {
      kind: 'join-excludes',
      line: first.line,
      what: `put the rules of ${others.map(({ line }) => `line ${line}`).join(', ')} into ${listWords(first)}, under groupRelation="or", and take the empty lists out: with two lists Sysmon logs only what a rule includes`,
      xml: '',
    });
  }

  /** Noise, into a list that excludes; a second one beside a first alone would switch the event off. */
  #exclude(need: Need): boolean {
    const excluding = this.#lists.filter(({ event, onmatch }) => event === need.event && onmatch === 'exclude');
    const list = excluding.find(({ relation }) => relation === 'or');
    if (!list && excluding.length > 0) {
      const other = excluding.find(isOneEnough);
      return other !== undefined && this.#joinByOr(other);
    }
    this.#raiseSchema();
    const entry = entryOf(need.guard);
    const xml = ruleXml(need.guard);
    if (list && list.line > 0) {
      this.#replaceList(list, { ...list, entries: [...list.entries, entry] });
      return this.#tell(`exclude ${list.line} ${xml}`, {
        kind: 'add-exclude',
        line: list.line,
        what: `into ${listWords(list)}`,
        xml,
      });
    }
    const { event } = need;
    if (list) this.#replaceList(list, { ...list, entries: [...list.entries, entry] });
    else {
      const fresh: RuleList = {
        event,
        readAs: EVENT_IDS[event][0],
        onmatch: 'exclude',
        relation: 'or',
        entries: [entry],
        ...NEW,
      };
      this.#lists = [...this.#lists, fresh];
    }
    const key = `new exclude ${event}`;
    const all = [...(this.#newRules.get(key) ?? []), xml];
    this.#newRules.set(key, all);
    return this.#tell(key, {
      kind: 'add-exclude',
      line: null,
      what: 'at the end of <EventFiltering>',
      xml: listXml(event, 'exclude', all),
    });
  }
}

/** The place of what is not in the file. */
const NEW = { line: 0, column: 0 } as const;

function keyOf({ line, column }: Place): string {
  return `${line}:${column}`;
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}

function fieldOf({ field, condition, value }: RulePart, place: Place): FieldRule {
  return { kind: 'field', field, condition, value, wanted: comparable(value), name: '', ...placeOf(place) };
}

function entryOf(parts: readonly RulePart[]): Entry {
  const fields = parts.map((part) => fieldOf(part, NEW));
  return fields.length === 1 ? fields[0] : { kind: 'rule', relation: 'and', fields, ...NEW };
}

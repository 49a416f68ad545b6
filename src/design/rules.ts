// The scope of a funnel as detection rules: an observable a rule, without what its exclusions let pass; and default names as signatures beside them.

import { UsageError } from '../errors.ts';
import { and, type Condition, named, not, or } from '../rule/condition.ts';
import { eventQuery } from '../rule/query.ts';
import { readSelection } from '../rule/read/selection.ts';
import { NOTHING_SAID, type Rule, type RuleNotes } from '../rule/rule.ts';
import { uuidV5 } from '../rule/uuid-v5.ts';
import { defaultTest, sourceOfDefault } from './default-value.ts';
import type { ExclusionEntry, ScopeEntry, SideRule } from './document.ts';
import type { Environment } from './environment.ts';
import { baselineOf, countedBy, type Funnel, hitsWords, perDayWords } from './figures.ts';
import { type Priority, priorityOf } from './priority.ts';
import { attackPage, distinctAddresses } from './references.ts';
import { type RuleSource, ruleSourceOf } from './rule-source.ts';
import { counted, enumerated, figure } from './shown-text.ts';
import type { Observable, Primitive, Technique } from './technique.ts';

/** Of the identifiers of these rules; the names within it are those of the dossier and the observable. */
const NAMESPACE = '4d0f6a55-9c38-5a7e-8d8b-1f7c2f7a6b10';

export interface DesignRule {
  /** Of a file: letters, digits, "-" and "_"; the same for the same observable. */
  readonly name: string;
  /** `scope`: it counts; `signature`: of a default name, and never counted. */
  readonly kind: 'scope' | 'signature';
  readonly primitive: string;
  readonly observable: string | null;
  /** Null where `refused` says why there is none. */
  readonly rule: Rule | null;
  readonly refused: string | null;
  readonly source: RuleSource | null;
  readonly notes: readonly string[];
}

/**
 * Rules of the scope in its order, then those of default names. `funnel` was computed from the technique and the environment; `taken` has the
 * names of rules of other dossiers, and gets those of these.
 */
export function designRules(
  funnel: Funnel,
  technique: Technique,
  environment: Environment,
  taken: Set<string> = new Set(),
): readonly DesignRule[] {
  const rules = [
    ...funnel.scope.map((entry) => scopeRule(entry, funnel, technique, environment)),
    ...funnel.side_rules.map((side) => sideRule(side, technique)),
  ];
  return rules.map((one) => ({ ...one, name: freeName(one.name, taken) }));
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  taken.add(free);
  return free;
}

/** Characters of an id in a file's name. */
const LONGEST_NAME = 60;

/** A name that any file system takes, which no other of `taken` has; it is then among them. */
export function fileNameOf(id: string, taken: Set<string>): string {
  return freeName(nameOf(id), taken);
}

function nameOf(...ids: readonly string[]): string {
  return ids
    .map((id) => {
      const plain = id
        .toLowerCase()
        .replace(/[^a-z0-9_]+/g, '-')
        .replace(/^-+|-+$/g, '');
      return plain.slice(0, LONGEST_NAME) || '_';
    })
    .join('-');
}

function placeOf(
  technique: Technique,
  observable: string,
): { primitive: Primitive; observable: Observable } | undefined {
  for (const primitive of technique.primitives)
    for (const one of primitive.observables) if (one.id === observable) return { primitive, observable: one };
  return undefined;
}

function scopeRule(entry: ScopeEntry, funnel: Funnel, technique: Technique, environment: Environment): DesignRule {
  const found = placeOf(technique, entry.observable);
  const base = {
    name: nameOf(technique.id, entry.observable),
    kind: 'scope' as const,
    primitive: entry.primitive,
    observable: entry.observable,
  };
  const refuse = (why: string): DesignRule => ({ ...base, rule: null, refused: why, source: null, notes: [] });
  if (!found) return refuse('the dossier has no observable of this id');
  const { primitive, observable } = found;
  if (!observable.predicate) return refuse('the observable has no predicate: nothing says which events are meant');
  const source = ruleSourceOf(observable.logSource);
  if (!source) return refuse(sourceless(observable));
  const exclusions = funnel.exclusions.filter((one) => one.observable === entry.observable);
  const { filters, unread } = filtersOf(exclusions);
  const selected = named(
    'selection',
    'what the attacker has to do',
    [],
    allOf(...source.conditions, observable.predicate.condition),
  );
  const priority = priorityOf(entry);
  const rule: Rule = {
    ...NOTHING_SAID,
    id: uuidV5(NAMESPACE, `${technique.id}/${entry.observable}`),
    title: `${technique.name ?? technique.id}: ${primitive.name ?? primitive.id}`,
    description: aboutScope(entry, funnel, primitive),
    status: 'experimental',
    severity: priority.severity,
    references: referencesOf(technique, primitive),
    falsePositives: falsePositivesOf(entry, funnel),
    tags: tagsOf(technique),
    logSource: source.logSource,
    taxonomy: 'sysmon',
    query: eventQuery(filters.length === 0 ? selected : and(selected, not(or(...filters)))),
    notes: notesOf(entry, funnel, observable, priority, unread, environment),
    triage: triageOf(entry, funnel, technique, observable),
  };
  return { ...base, rule, refused: null, source, notes: unread };
}

/** One alone stands for itself. */
function allOf(...parts: readonly Condition[]): Condition {
  return parts.length === 1 ? parts[0] : and(...parts);
}

function sourceless({ logSource }: Observable): string {
  if (!logSource) return 'the observable names no log source';
  const name = [logSource.name, logSource.channel].filter((part) => part !== undefined).join(', ');
  return `${name} is no event log of Windows, and rules are written for those alone`;
}

/** One filter an exclusion; one that cannot be read is left out, so that the rule tells more, and said. */
function filtersOf(exclusions: readonly ExclusionEntry[]): {
  filters: readonly Condition[];
  unread: readonly string[];
} {
  const filters: Condition[] = [];
  const unread: string[] = [];
  for (const [index, one] of exclusions.entries()) {
    try {
      const condition = readSelection(one.predicate, { bits: true });
      filters.push(
        named(`filter_main_${one.class}_${index + 1}`, `${one.class}: ${one.predicate}`, proofLines(one), condition),
      );
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unread.push(`the exclusion ${one.predicate} is not in the rule: ${error.message}`);
    }
  }
  return { filters, unread };
}

/** Why an exclusion may stand. */
export function proofLines({ class: kind, covers, proof, owner, expiry, abuse }: ExclusionEntry): readonly string[] {
  const { attack_events, attack_events_hidden, evadable, why } = proof;
  return [
    `covers ${counted(covers, 'event')} of the history that nothing before it covers`,
    `hides ${attack_events_hidden} of ${counted(attack_events, 'labelled attack event')}; ${evadable} of them could be rewritten to satisfy it`,
    why,
    ...(kind === 'free'
      ? [`owner: ${owner ?? 'none'}; expires: ${expiry ?? 'never'}; how to abuse it: ${abuse ?? 'not said'}`]
      : []),
  ];
}

function aboutScope(entry: ScopeEntry, funnel: Funnel, primitive: Primitive): string {
  const state = funnel.primitives.find(({ id }) => id === primitive.id);
  const procedures = state?.evidence.procedures ?? [];
  const every = `which ${procedures.length === 1 ? 'the only known procedure needs' : `${procedures.length === 2 ? 'both' : `all ${procedures.length}`} known procedures need`}`;
  const control = primitive.control === 'fixed' ? 'the attacker cannot do it otherwise' : 'the attacker chooses how';
  return `Shows ${entry.primitive} (${primitive.name ?? 'no name is given'}), ${every}; ${control}.`;
}

function referencesOf({ attack, references, procedures }: Technique, { id }: Primitive): readonly string[] {
  const page = attackPage(attack?.technique);
  const ofProcedures = procedures.filter(({ primitives }) => primitives.includes(id)).flatMap((one) => one.references);
  return distinctAddresses([...(page === undefined ? [] : [page]), ...references, ...ofProcedures]);
}

function tagsOf({ attack }: Technique): readonly string[] {
  return attackPage(attack?.technique) === undefined ? [] : [`attack.${attack!.technique!.toLowerCase()}`];
}

function falsePositivesOf(
  { hits_per_day, verdict, observable, context }: ScopeEntry,
  funnel: Funnel,
): readonly string[] {
  const after = baselineOf(funnel, observable)?.after_exclusions ?? null;
  const own = funnel.exclusions.filter((one) => one.observable === observable).length;
  const left = verdict === 'tunable' && after ? perDayWords(after) : null;
  const measured =
    left === null
      ? perDayWords(hits_per_day)
      : own > 0
        ? `${left} once the exclusions are applied`
        : `${perDayWords(hits_per_day)}; ${left} with exclusions that were accepted and are not part of this rule`;
  return [
    `${hits_per_day ? 'Expected' : 'Unknown'}: ${measured}`,
    ...(context.techniques.length === 0
      ? []
      : [`Other techniques that show the same: ${enumerated(context.techniques)}`]),
  ];
}

function notesOf(
  entry: ScopeEntry,
  funnel: Funnel,
  { forced, free }: Observable,
  { act, why }: Priority,
  unread: readonly string[],
  { budget }: Environment,
): readonly RuleNotes[] {
  const { level, column, observable, primitive } = entry;
  const sessions = funnel.resilience?.sessions;
  const score =
    level === null
      ? 'no level is given'
      : `level ${level}${column ?? ''}${sessions === undefined ? '' : `, of the whole scope ${funnel.resilience?.score ?? 'unknown'} (sessions ${sessions})`}`;
  const section = (heading: string, lines: readonly string[]): readonly RuleNotes[] =>
    lines.length === 0 ? [] : [{ heading, lines }];
  return [
    ...section('Funnel', [
      `${funnel.id} in ${funnel.environment}: ${observable} of ${primitive} is part of the scope`,
      `${hitsWords(funnel, observable, entry.hits_per_day)} (${countedBy(funnel)}); the budget is ${figure(budget.maxHitsPerDay)} a day`,
      `advice: ${act} (${why})`,
    ]),
    ...section('Resilience', [`Summiting the Pyramid: ${score}`]),
    ...section(
      'Forced',
      forced.map(({ field, text }) => `${field}: ${text}`),
    ),
    ...section('Set by the attacker at will', free),
    ...section('Not in the rule', unread),
  ];
}

/** What to look at when it fires: what decides, what else the technique does, and what not to trust. */
function triageOf(entry: ScopeEntry, funnel: Funnel, technique: Technique, { free }: Observable): readonly string[] {
  const others = technique.primitives
    .filter(({ id }) => id !== entry.primitive)
    .map(({ id, name }) => (name === undefined ? id : `${name} (${id})`));
  return [
    ...entry.enrichment.map((one) => `Look at ${one}: it decides between this and what is harmless.`),
    ...(others.length === 0
      ? []
      : [`On the same host, look for what the technique does besides: ${enumerated(others.slice(0, 8))}.`]),
    ...(free.length === 0
      ? []
      : [`Do not close it for the value of ${enumerated(free)} alone: the attacker sets that.`]),
    ...(entry.context.techniques.length === 0
      ? []
      : [`It may as well be ${enumerated(entry.context.techniques, 'or')}, which show the same.`]),
    ...(funnel.exclusions.some(({ observable }) => observable === entry.observable)
      ? [
          'Before you add an exclusion, read the proofs of those that are there: one that an attacker can satisfy hides the attack.',
        ]
      : []),
  ];
}

/** Of a default name. */
function sideRule(side: SideRule, technique: Technique): DesignRule {
  const base = {
    name: nameOf(technique.id, side.primitive, 'default'),
    kind: 'signature' as const,
    primitive: side.primitive,
    observable: null,
  };
  const primitive = technique.primitives.find(({ id }) => id === side.primitive);
  const source = primitive && sourceOfDefault(primitive);
  if (!primitive || !source)
    return {
      ...base,
      rule: null,
      refused: 'no observable of the primitive names an event log of Windows',
      source: null,
      notes: [],
    };
  const test = defaultTest(side.field, side.value, source.logSource);
  const rule: Rule = {
    ...NOTHING_SAID,
    id: uuidV5(NAMESPACE, `${technique.id}/${side.primitive}/default`),
    title: `${technique.name ?? technique.id}: default name ${side.value} (${primitive.name ?? primitive.id})`,
    description: `A signature: ${side.value} is what the published tool uses unless it is told otherwise. It finds the careless, is changed at no cost (level 1), and is no part of the detection's scope.`,
    status: 'experimental',
    severity: 'medium',
    references: referencesOf(technique, primitive),
    falsePositives: ['Not known: no history was asked about a signature'],
    tags: tagsOf(technique),
    logSource: source.logSource,
    taxonomy: 'sysmon',
    query: eventQuery(allOf(...source.conditions, test)),
    notes: [
      {
        heading: 'Signature',
        lines: [`${side.field} is ${side.value}: level 1 of Summiting the Pyramid, never counted in the scope`],
      },
    ],
  };
  return { ...base, rule, refused: null, source, notes: [] };
}

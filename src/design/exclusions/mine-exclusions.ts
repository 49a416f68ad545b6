// Exclusions of an observable's noise, each with its proof: mined from hits, classed by what an attacker can do about them, chosen by a greedy cover.

import { InputError } from '../../errors.ts';
import type { Row } from '../../history/question.ts';
import type { Part } from '../../rule/alternatives.ts';
import { and, type Condition, fieldsOf, not, or } from '../../rule/condition.ts';
import { keyOf as fieldKeyOf } from '../../rule/part-facts.ts';
import { testText } from '../../rule/test-text.ts';
import type { ExclusionClass } from '../document.ts';
import type { Observable } from '../technique.ts';
import { coveredBy, growthOf, needsAnswer, problemOfAcceptance } from './acceptances.ts';
import { addTo, type BitSet, both, emptySet, has, isEmpty, weightOf } from './bit-set.ts';
import { type Ground, groundOf, rightsOf, strengthOf, strengthOfParts } from './classify.ts';
import { coverOf } from './cover.ts';
import { provenParts } from './forced-evidence.ts';
import { forcedText, readForced } from './forced-parts.ts';
import { type Candidate, candidatesOf } from './item-sets.ts';
import { type ItemRows, itemTable } from './item-table.ts';
import { circularLabels } from './labels.ts';
import { type AttackRow, CLASS_RANK, type HeldBack, type Mined, type MiningInput } from './mining.ts';
import { abuseOf, type Choice, type Hits, type Listed, listOf, type Said } from './proofs.ts';
import { eventsIn, rowTest } from './row-values.ts';
import { selectionLine } from './selection-line.ts';

const LAMBDA = 3;
const MOST_EXCLUSIONS = 20;
const MOST_HELD_BACK = 10;
/** Those with the most events, among which they are looked for. */
const MOST_WEIGHED = 500;
/** Rounds in which guards that do not hold are taken for none, one by one; then all that are left. */
const MOST_ROUNDS = 4;
/** Rows that are combined, the most frequent ones; events of the others count as left over. */
const MOST_ROWS = 250_000;

/** Throws InputError for labels that are derived from the predicate under test. */
export function mineExclusions(input: MiningInput): Mined {
  const { observable, budget, answers, today } = input;
  refuseCircularLabels(input);
  const notes: string[] = [];
  const flags: { predicate: string; problem: string }[] = [];
  const read = readForced(observable);
  const proven = provenParts(read.parts, input.attacks);
  notes.push(...read.notes, ...proven.notes, ...rightsNotes(input));
  const ground = groundOf(observable, proven.parts, input.attackerRights);
  const rows = byCount(input.benign, notes);
  const total = eventsIn(input.benign);
  const weights = Float64Array.from(rows, ({ count }) => count);
  const attacks = [...proven.primitive, ...proven.beside];
  const primitive = emptySet(attacks.length);
  for (const index of proven.primitive.keys()) addTo(primitive, index);

  const support = Math.max(2, Math.min(5, Math.ceil(total / 100)));
  const table = itemTable(rows, attacks, {
    support,
    named: namedFields(observable),
    masks: maskFields(observable),
    forced: proven.parts,
  });
  const answerProblem = answers ? problemOfAcceptance(answers, today) : undefined;
  const mined = candidatesOf({
    items: table.items,
    weights,
    support,
    primitive,
    isFreeWanted: answers !== undefined && !answerProblem,
    classOf: classifier(ground),
  });
  notes.push(...table.notes, ...mined.notes);
  if (answerProblem) notes.push(`no free exclusion is proposed: ${answerProblem}`);
  const answered = answers && !answerProblem ? answers : {};
  let choices: readonly Choice[] = [
    ...acceptedChoices(input, rows, attacks, primitive, ground, flags),
    ...mined.candidates.map((candidate) => minedChoice(candidate, ground, answered)),
  ];
  const hits = { observable, rows, primitive: proven.primitive, beside: proven.beside, ground };
  const lambda = input.options?.lambda ?? LAMBDA;
  const most = input.options?.most ?? MOST_EXCLUSIONS;
  const listed = (): Listed => {
    const allowed = choices.filter((one) => !needsAnswer(one.class) || one.owner !== undefined);
    allowed.sort((one, other) => other.weight - one.weight);
    return listOf(coverOf({ candidates: allowed, weights, total, budget, lambda, most }), hits);
  };
  let list = listed();
  for (let round = 0; list.unguarded.length > 0; round++) {
    // An attack event that has already what guards an exclusion shows that it guards nothing.
    const { unguarded } = list;
    const isWeaker = (one: Choice): boolean =>
      round < MOST_ROUNDS ? unguarded.includes(one) : one.class === 'guarded';
    choices = choices.map((one) => (isWeaker(one) ? { ...one, class: 'free', ...(one.owner ? {} : answered) } : one));
    list = listed();
  }
  notes.push(...list.notes);
  const left = total - list.excluded;
  return {
    entries: list.exclusions.map(({ entry }) => entry),
    exclusions: list.exclusions,
    condition: list.exclusions.length === 0 ? undefined : or(...list.exclusions.map(({ condition }) => condition)),
    residual: { benign: total, excluded: list.excluded, left, isWithinBudget: left <= budget },
    replay: { evadable: list.evadable, attack_events: eventsIn(proven.primitive) },
    attack: {
      events: eventsIn(proven.primitive),
      sessions: [...new Set(proven.primitive.map(({ session }) => session))].sort(),
      beside: eventsIn(proven.beside),
    },
    forced: proven.parts.map(forcedText),
    flags,
    heldBack: left <= budget ? [] : heldBack(choices, list, hits, { total: left, budget, lambda }),
    notes,
  };
}

/** A rule's condition with what is let pass taken from it. */
export function withExclusions(condition: Condition, { condition: excluded }: Pick<Mined, 'condition'>): Condition {
  return excluded === undefined ? condition : and(condition, not(excluded));
}

function refuseCircularLabels({ observable, sessions = [], attacks }: MiningInput): void {
  const used = new Set(attacks.map(({ session }) => session));
  for (const session of sessions) {
    const problem =
      used.has(session.id) && session.attackEvents ? circularLabels(observable, session.attackEvents) : undefined;
    if (problem && session.attackEvents) {
      const { line, column } = session.attackEvents.at;
      throw new InputError(`session ${session.id} (${line}:${column}): ${problem}`);
    }
  }
}

function rightsNotes({ attackerRights, attacks }: MiningInput): readonly string[] {
  const notes: string[] = [];
  if (attackerRights === undefined)
    notes.push('the dossier does not state attacker_rights: no exclusion is called guarded');
  else if (rightsOf(attackerRights) === undefined)
    notes.push('attacker_rights is none of user, administrator, system: no exclusion is called guarded');
  if (attacks.length === 0)
    notes.push('no labelled attack event is at hand: what an exclusion would hide is not tested');
  return notes;
}

function byCount(given: readonly Row[], notes: string[]): readonly Row[] {
  const groups = new Map<string, Row>();
  for (const row of given) {
    const key = JSON.stringify(row.values);
    const known = groups.get(key);
    groups.set(key, known ? { ...known, count: known.count + row.count } : row);
  }
  const rows = [...groups.values()];
  if (rows.length <= MOST_ROWS) return rows;
  notes.push(
    `of ${rows.length} different hits the ${MOST_ROWS} most frequent are combined; the others count as left over`,
  );
  return rows.sort((one, other) => other.count - one.count).slice(0, MOST_ROWS);
}

function namedFields({ predicate, forced, free, requiresFields }: Observable): readonly string[] {
  const bare = (text: string): string => text.trim().split(/[\s|]/)[0];
  return [
    ...new Set([
      ...forced.map(({ field }) => bare(field)),
      ...free.map(bare),
      ...requiresFields,
      ...(predicate ? fieldsOf(predicate.condition) : []),
    ]),
  ];
}

/** Fields of whose bits the dossier speaks, in lower case. */
function maskFields({ forced, free }: Observable): ReadonlySet<string> {
  const fields = [
    ...forced.flatMap(({ field, text }) => (/\bbits?\b/i.test(`${field} ${text}`) ? [field] : [])),
    ...free.filter((text) => /\s.*\bbits?\b/i.test(text)),
  ];
  return new Set(fields.map((text) => text.trim().split(/[\s|]/)[0].toLowerCase()));
}

/** Classes of sets of items. What an attack event has already of all that is guarded guards nothing. */
function classifier(ground: Ground): (items: readonly ItemRows[]) => ExclusionClass {
  const known = new Map<ItemRows, ExclusionClass>();
  const classOfItem = (item: ItemRows): ExclusionClass => {
    let own = known.get(item);
    if (own === undefined) {
      own = strengthOfParts(item.parts, ground).class;
      known.set(item, own);
    }
    return own;
  };
  return (items) => {
    const keys = new Set(items.map(({ field }) => fieldKeyOf(field)));
    // Tests of one thing are judged together: a name within a folder is more than either.
    const own =
      keys.size === items.length
        ? items.map(classOfItem).reduce((one, other) => (CLASS_RANK[other] > CLASS_RANK[one] ? other : one))
        : strengthOfParts(
            items.flatMap(({ parts }) => parts),
            ground,
          ).class;
    if (own !== 'guarded') return own;
    const single = items.filter((item) => classOfItem(item) === 'guarded');
    const guards = single.length > 0 ? single : items;
    return isEmpty(guards.map(({ attacks }) => attacks).reduce(both)) ? 'guarded' : 'free';
  };
}

function conditionOf(parts: readonly Part[]): Condition {
  const all = parts.map(({ of, negated }): Condition => (negated ? not(of) : of));
  return all.length === 1 ? all[0] : and(...all);
}

function minedChoice(
  { items, class: own, benign, weight }: Candidate,
  ground: Ground,
  answered: { readonly owner?: string; readonly expiry?: string },
): Choice {
  const said = (): Said => {
    const parts = distinctParts(items.flatMap(({ parts: some }) => some));
    return { condition: conditionOf(parts), text: selectionLine(parts), strength: strengthOfParts(parts, ground) };
  };
  return { parts: items.length, class: own, benign, weight, said, ...(own === 'free' ? answered : {}) };
}

/** Each once, with the bits of one field that are clear in one comparison. */
function distinctParts(parts: readonly Part[]): readonly Part[] {
  const found = new Map<string, Part>();
  for (const { of, negated } of parts) {
    if (of.kind !== 'match') continue;
    const isClear = negated && of.values.every(({ kind }) => kind === 'bits');
    const name = of.field.toLowerCase();
    const key = isClear ? `clear ${name}` : `${negated} ${name} ${of.values.map(testText).join()}`;
    const known = found.get(key);
    const values = known?.of.kind === 'match' && isClear ? [...known.of.values, ...of.values] : of.values;
    found.set(key, { of: { ...of, values }, negated });
  }
  return [...found.values()];
}

/** Acceptances that may be taken; of the others it is said why not. */
function acceptedChoices(
  { acceptances, today, days }: MiningInput,
  rows: readonly Row[],
  attacks: readonly AttackRow[],
  primitive: BitSet,
  ground: Ground,
  flags: { predicate: string; problem: string }[],
): readonly Choice[] {
  const choices: Choice[] = [];
  for (const acceptance of acceptances) {
    const { predicate, owner, expiry, reason, ticket } = acceptance;
    const flag = (problem: string): void => void flags.push({ predicate: predicate.text, problem });
    const problem = problemOfAcceptance(acceptance, today);
    if (problem) {
      flag(`not taken: ${problem}`);
      continue;
    }
    const strength = strengthOf(predicate.condition, ground);
    const holds = rowTest(predicate.condition);
    const hidden = attacks.filter(
      (attack, index) => holds(attack) && (strength.class !== 'forced' || has(primitive, index)),
    );
    if (hidden.length > 0) {
      flag(
        `not taken: it hides ${eventsIn(hidden)} labelled attack events, of ${[...new Set(hidden.map(({ session }) => session))].sort().join(', ')}`,
      );
      continue;
    }
    const { benign, weight } = coveredBy(acceptance, rows);
    const growth = growthOf(acceptance, weight, days);
    if (growth) {
      flag(`not taken: ${growth}; review it again`);
      continue;
    }
    choices.push({
      parts: 1,
      class: strength.class,
      benign,
      weight,
      said: () => ({ condition: predicate.condition, text: predicate.text, strength }),
      owner,
      expiry,
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
    });
  }
  return choices;
}

/** Free exclusions that would cover what is left, had they somebody who answers for them. */
function heldBack(
  choices: readonly Choice[],
  { covered }: Listed,
  hits: Hits,
  { total, budget, lambda }: { readonly total: number; readonly budget: number; readonly lambda: number },
): readonly HeldBack[] {
  const left = Float64Array.from(hits.rows, ({ count }, row) => (has(covered, row) ? 0 : count));
  const open = choices
    .filter((one) => needsAnswer(one.class) && one.owner === undefined)
    .slice(0, MOST_WEIGHED)
    .map((one) => ({ ...one, weight: weightOf(one.benign, left) }))
    .sort((one, other) => other.weight - one.weight);
  return coverOf({ candidates: open, weights: left, total, budget, lambda, most: MOST_HELD_BACK }).map((one) => ({
    predicate: one.said().text,
    covers: one.weight,
    abuse: abuseOf(one, hits),
  }));
}

// The list of exclusions as it stands in the document: each tested once more on all hits, with its attack replay and how it is abused.

import type { Row } from '../../history/question.ts';
import type { Condition } from '../../rule/condition.ts';
import type { ExclusionClass, ExclusionEntry } from '../document.ts';
import type { Observable } from '../technique.ts';
import { addTo, type BitSet, emptySet, has } from './bit-set.ts';
import type { Ground, Strength } from './classify.ts';
import type { Coverable } from './cover.ts';
import type { AttackRow, MinedExclusion } from './mining.ts';
import { type Replayed, replay } from './replay.ts';
import { eventsIn, rowTest } from './row-values.ts';

/** A candidate of the cover, mined or accepted. */
export interface Choice extends Coverable {
  /** In words and as a condition: made for those that are chosen. */
  readonly said: () => Said;
  readonly owner?: string;
  readonly expiry?: string;
  /** Of one that somebody reviewed. */
  readonly reason?: string;
  readonly ticket?: string;
}

export interface Said {
  readonly condition: Condition;
  readonly text: string;
  readonly strength: Strength;
}

export interface Listed {
  readonly exclusions: readonly MinedExclusion[];
  /** Benign rows that one of them covers, and their events. */
  readonly covered: BitSet;
  readonly excluded: number;
  /** Labelled attack events that could be rewritten so that one of them holds. */
  readonly evadable: number;
  /** Guarded ones that an attack event could use all the same. */
  readonly unguarded: readonly Choice[];
  readonly notes: readonly string[];
}

/** Hits whose values a replay tries, of each exclusion. */
const MOST_TRIED = 20_000;

export interface Hits {
  readonly observable: Observable;
  readonly rows: readonly Row[];
  readonly primitive: readonly AttackRow[];
  readonly beside: readonly AttackRow[];
  readonly ground: Ground;
}

export function listOf(chosen: readonly Choice[], hits: Hits): Listed {
  const { observable, rows, primitive, beside, ground } = hits;
  const exclusions: MinedExclusion[] = [];
  const unguarded: Choice[] = [];
  const notes: string[] = [];
  const covered = emptySet(rows.length);
  const evading = new Set<AttackRow>();
  let excluded = 0;
  for (const choice of chosen) {
    const { condition, text, strength } = choice.said();
    const holds = rowTest(condition);
    const hidden = primitive.filter(holds);
    const besideHidden = beside.filter(holds);
    // The sets of rows have decided this already; a condition that says otherwise is not let through.
    if (hidden.length > 0 || (choice.class !== 'forced' && besideHidden.length > 0)) {
      notes.push(`${text} is left out: it would hide a labelled attack event`);
      continue;
    }
    const passed = passedBy(holds, rows, covered);
    if (passed.covers === 0) continue;
    const replayed = replay(condition, passed.some, primitive, ground);
    if (choice.class === 'guarded' && replayed.evading.size > 0) unguarded.push(choice);
    excluded += passed.covers;
    for (const attack of replayed.evading) evading.add(attack);
    const entry: ExclusionEntry = {
      observable: observable.id,
      predicate: text,
      class: choice.class,
      covers: passed.covers,
      proof: {
        attack_events_hidden: eventsIn(hidden),
        evadable: eventsIn([...replayed.evading]),
        attack_events: eventsIn(primitive),
        why: whyOf(choice.class, strength, besideHidden),
      },
      ...(choice.owner === undefined ? {} : { owner: choice.owner, expiry: choice.expiry }),
      ...(choice.reason === undefined ? {} : { reason: choice.reason }),
      ...(choice.ticket === undefined ? {} : { ticket: choice.ticket }),
      ...(choice.class === 'free' ? { abuse: abuseText(strength, replayed) } : {}),
    };
    const level = choice.class === 'forced' ? null : strength.level;
    exclusions.push({ entry, condition, hits: passed.hits, level });
  }
  return { exclusions, unguarded, covered, excluded, evadable: eventsIn([...evading]), notes };
}

/** The benign events that an exclusion lets pass, those that none before it did, and some of the hits. */
function passedBy(holds: (row: Row) => boolean, rows: readonly Row[], covered: BitSet) {
  let hits = 0;
  let covers = 0;
  const some: Row[] = [];
  for (const [number, row] of rows.entries()) {
    if (!holds(row)) continue;
    hits += row.count;
    if (some.length < MOST_TRIED) some.push(row);
    if (has(covered, number)) continue;
    addTo(covered, number);
    covers += row.count;
  }
  return { hits, covers, some };
}

/** How somebody would use an exclusion that is not in the list. */
export function abuseOf({ said, benign }: Choice, { rows, ground }: Hits): string {
  const { condition, strength } = said();
  const some = rows.filter((_, row) => has(benign, row)).slice(0, MOST_TRIED);
  return abuseText(strength, replay(condition, some, [{ values: {}, count: 1, session: '' }], ground));
}

const LONGEST_SHOWN = 120;

function abuseText({ why }: Strength, { example }: Replayed): string {
  const values = example.map(
    ({ field, value }) => `${field} = ${value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}...` : value}`,
  );
  return values.length > 0 ? `${why}; for example ${values.join(', ')}` : why;
}

function whyOf(own: ExclusionClass, { why }: Strength, beside: readonly AttackRow[]): string {
  if (own !== 'forced' || beside.length === 0) return why;
  const events = eventsIn(beside);
  const sessions = new Set(beside.map(({ session }) => session)).size;
  return `${why}; ${events} of the labelled events, in ${sessions} of the sessions, ${events === 1 ? 'is' : 'are'} not so: there the tool does something else, and each session keeps an event that is`;
}

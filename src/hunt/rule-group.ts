// The rules that events of one kind may be of, and which of them an event can fulfil at all: told by one scan of its values.

import type { Truth } from '../rule/binding.ts';
import { and, type Condition, fieldsOf } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { Automaton, type Finder, type Sought } from './automaton.ts';
import { ANY_SLOT, type EventView, type Slots, viewBinding } from './event-view.ts';
import { clausesOf } from './literals.ts';

/** A rule for events of one kind. */
export interface KindRule<R> {
  readonly rule: R;
  readonly condition: Condition;
  /** How the events call a field. */
  readonly rename: (name: string) => string;
}

export class RuleGroup<R> implements Finder {
  readonly rules: readonly KindRule<R>[];
  readonly #slots: Slots;
  /** Compiled when an event may fulfil them for the first time: most never are. */
  readonly #holds: (((view: EventView) => Truth) | undefined)[] = [];
  /** Rules that no text rules out. */
  readonly #always: readonly number[];
  readonly #automata: readonly { readonly slot: number; readonly automaton: Automaton }[];
  /** Of each literal: the rules and the bits of their clauses. */
  readonly #rulesOf: readonly Int32Array[];
  readonly #bitsOf: readonly Int32Array[];
  /** Of each rule: the bits of all its clauses, those that were met, and in which event. */
  readonly #full: Int32Array;
  readonly #met: Int32Array;
  readonly #event: Int32Array;
  #now = 0;
  readonly #candidates: number[] = [];

  constructor(rules: readonly KindRule<R>[], slots: Slots) {
    this.rules = rules;
    this.#slots = slots;
    this.#full = new Int32Array(rules.length);
    this.#met = new Int32Array(rules.length);
    this.#event = new Int32Array(rules.length);
    const always: number[] = [];
    /** By slot, anchor and text: the literal's number. */
    const numbers = new Map<string, number>();
    const bySlot = new Map<number, Sought[]>();
    const owners: { readonly rules: number[]; readonly bits: number[] }[] = [];
    for (const [index, { condition, rename }] of rules.entries()) {
      // A view looks for the fields that have a number when it is set.
      for (const field of fieldsOf(condition)) slots.numberOf(rename(field));
      const clauses = clausesOf(condition);
      if (clauses.length === 0) always.push(index);
      this.#full[index] = (1 << clauses.length) - 1;
      for (const [bit, clause] of clauses.entries())
        for (const { field, text, anchor } of clause) {
          const slot = field === null ? ANY_SLOT : slots.numberOf(rename(field));
          const key = `${slot} ${anchor} ${text}`;
          let id = numbers.get(key);
          if (id === undefined) {
            id = owners.push({ rules: [], bits: [] }) - 1;
            numbers.set(key, id);
            const sought = { text, anchor, id };
            const others = bySlot.get(slot);
            if (others) others.push(sought);
            else bySlot.set(slot, [sought]);
          }
          owners[id].rules.push(index);
          owners[id].bits.push(1 << bit);
        }
    }
    this.#always = always;
    this.#rulesOf = owners.map((one) => Int32Array.from(one.rules));
    this.#bitsOf = owners.map((one) => Int32Array.from(one.bits));
    this.#automata = [...bySlot].map(([slot, texts]) => ({ slot, automaton: new Automaton(texts) }));
  }

  /** Told by an automaton. */
  found(id: number): void {
    const rules = this.#rulesOf[id];
    const bits = this.#bitsOf[id];
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      if (this.#event[rule] !== this.#now) {
        this.#event[rule] = this.#now;
        this.#met[rule] = 0;
      }
      const before = this.#met[rule];
      const met = before | bits[i];
      if (met === before) continue;
      this.#met[rule] = met;
      if (met === this.#full[rule]) this.#candidates.push(rule);
    }
  }

  /** The rules that the event fulfils, in their order. */
  hits(view: EventView): readonly KindRule<R>[] {
    if (this.#now === 0x7fffffff) {
      this.#now = 0;
      this.#event.fill(0);
    }
    this.#now++;
    this.#candidates.length = 0;
    for (const { slot, automaton } of this.#automata) view.scan(slot, automaton, this);
    if (this.#candidates.length === 0 && this.#always.length === 0) return NONE;
    const found: number[] = [];
    for (const index of this.#always) if (this.#holdsOf(index)(view) === true) found.push(index);
    for (const index of this.#candidates) if (this.#holdsOf(index)(view) === true) found.push(index);
    return found.sort((one, other) => one - other).map((index) => this.rules[index]);
  }

  #holdsOf(index: number): (view: EventView) => Truth {
    const known = this.#holds[index];
    if (known) return known;
    const { condition, rename } = this.rules[index];
    const holds = compileCondition(condition, viewBinding(this.#slots, rename));
    this.#holds[index] = holds;
    return holds;
  }

  /** Fields that events of the group had, by their slots. */
  readonly seen = new Set<number>();
  readonly #shapes = new WeakSet<object>();

  /** Takes note of the fields that an event has; `shape` is the same for events that have the same ones. */
  note(view: EventView): void {
    const { shape } = view;
    if (shape !== undefined) {
      if (this.#shapes.has(shape)) return;
      this.#shapes.add(shape);
    }
    for (const slot of view.present()) this.seen.add(slot);
  }
}

const NONE: readonly never[] = [];

/** A rule's condition with what its kind of event asks for. */
export function withWhere(condition: Condition, where: readonly Condition[]): Condition {
  return where.length === 0 ? condition : and(...where, condition);
}

// The rules that events of one kind may be of, and those of them that an event fulfils: told by one scan of its values for all.

import type { Truth } from '../rule/binding.ts';
import { type Condition, fieldsOf, type Keyword, type Match, match } from '../rule/condition.ts';
import { compileCondition, kleene, opposite } from '../rule/evaluate.ts';
import { Atoms } from './atoms.ts';
import { ANY_SLOT, type EventView, type Slots, viewBinding } from './event-view.ts';
import { type Literal, literalsOfTest } from './literals.ts';

/** A rule for events of one kind. */
export interface KindRule<R> {
  readonly rule: R;
  readonly condition: Condition;
  /** How the events call a field. */
  readonly rename: (name: string) => string;
}

type Holds = (view: EventView) => Truth;

/** Clauses of one rule at most: a bit each. */
const MOST_CLAUSES = 16;

export class RuleGroup<R> {
  readonly rules: readonly KindRule<R>[];
  /** Fields that events of the group had, by their slots. */
  readonly seen = new Set<number>();
  readonly #shapes = new WeakSet<object>();
  readonly #slots: Slots;
  readonly #atoms = new Atoms();
  readonly #holds: readonly Holds[];
  /** Rules that no text rules out. */
  readonly #always: readonly number[];
  /** Of each atom, the rules and the bits of their clauses. */
  readonly #rulesOf: (number[] | undefined)[] = [];
  readonly #bitsOf: (number[] | undefined)[] = [];
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
    this.#holds = rules.map(({ condition, rename }, index) => {
      // A view looks for the fields that have a number when it is set.
      for (const field of fieldsOf(condition)) slots.numberOf(rename(field));
      const { holds, clauses } = this.#compile(condition, rename);
      const wanted = [...clauses].sort((one, other) => other.shortest - one.shortest).slice(0, MOST_CLAUSES);
      if (wanted.length === 0) always.push(index);
      this.#full[index] = (1 << wanted.length) - 1;
      for (const [bit, { atoms }] of wanted.entries())
        for (const atom of atoms) {
          const [ofRules, ofBits] = [this.#rulesOf[atom] ?? [], this.#bitsOf[atom] ?? []];
          ofRules.push(index);
          ofBits.push(1 << bit);
          this.#rulesOf[atom] = ofRules;
          this.#bitsOf[atom] = ofBits;
        }
      return holds;
    });
    this.#always = always;
  }

  readonly #isTrue = (atom: number): void => {
    const rules = this.#rulesOf[atom];
    if (!rules) return;
    const bits = this.#bitsOf[atom]!;
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
  };

  /** The rules that the event fulfils, in their order. */
  hits(view: EventView): readonly KindRule<R>[] {
    if (this.#now === 0x7fffffff) {
      this.#now = 0;
      this.#event.fill(0);
    }
    this.#now++;
    this.#candidates.length = 0;
    this.#atoms.scan(view, this.#isTrue);
    if (this.#candidates.length === 0 && this.#always.length === 0) return NONE;
    const found: number[] = [];
    for (const index of this.#always) if (this.#holds[index](view) === true) found.push(index);
    for (const index of this.#candidates) if (this.#holds[index](view) === true) found.push(index);
    return found.sort((one, other) => one - other).map((index) => this.rules[index]);
  }

  /** Takes note of the fields that an event has; `shape` is the same for events that have the same ones. */
  note(view: EventView): void {
    const { shape } = view;
    if (shape !== undefined) {
      if (this.#shapes.has(shape)) return;
      this.#shapes.add(shape);
    }
    for (const slot of view.present()) this.seen.add(slot);
  }

  #compile(condition: Condition, rename: (name: string) => string): Compiled {
    switch (condition.kind) {
      case 'named':
        return this.#compile(condition.of, rename);
      case 'and': {
        const parts = condition.of.map((part) => this.#compile(part, rename));
        return {
          holds: kleene(
            parts.map(({ holds }) => holds),
            false,
          ),
          clauses: parts.flatMap(({ clauses }) => clauses),
        };
      }
      case 'or': {
        const parts = condition.of.map((part) => this.#compile(part, rename));
        const best = parts.map(({ clauses }) => bestOf(clauses));
        const isSure = best.length > 0 && best.every((clause) => clause !== undefined);
        return {
          holds: kleene(
            parts.map(({ holds }) => holds),
            true,
          ),
          clauses: isSure ? [together(best as Clause[])] : [],
        };
      }
      case 'not': {
        return { holds: opposite(this.#compile(condition.of, rename).holds), clauses: [] };
      }
      case 'match':
      case 'keyword':
        return this.#compileTests(condition, rename);
      case 'compare':
      case 'holds':
        return { holds: compileCondition(condition, viewBinding(this.#slots, rename)), clauses: [] };
    }
  }

  /** Texts that say it all become one atom; of the other tests each is asked only where its text was found. */
  #compileTests(condition: Match | Keyword, rename: (name: string) => string): Compiled {
    const slot = condition.kind === 'match' ? this.#slots.numberOf(rename(condition.field)) : ANY_SLOT;
    const exact: Literal[] = [];
    const others: { readonly gate: number; readonly holds: Holds }[] = [];
    const clause: number[] = [];
    let shortest = Number.POSITIVE_INFINITY;
    let isSure = true;
    for (const test of condition.values) {
      const literals = literalsOfTest(test);
      for (const { text, anchor } of literals?.of ?? [])
        shortest = Math.min(shortest, text.length + (anchor === 'anywhere' ? 0 : 4));
      if (literals?.exact) {
        exact.push(...literals.of);
        continue;
      }
      const gate = literals ? this.#atoms.add(slot, literals.of) : -1;
      if (gate < 0) isSure = false;
      else clause.push(gate);
      const one: Match | Keyword =
        condition.kind === 'match' ? match(condition.field, test) : { kind: 'keyword', values: [test] };
      others.push({ gate, holds: compileCondition(one, viewBinding(this.#slots, rename)) });
    }
    const atoms = this.#atoms;
    const own = exact.length > 0 ? atoms.add(slot, exact) : -1;
    if (own >= 0) clause.push(own);
    const clauses = isSure && clause.length > 0 ? [{ atoms: clause, shortest }] : [];
    if (others.length === 0) return { holds: () => atoms.isTrue(own), clauses };
    return {
      holds: (view) => {
        if (own >= 0 && atoms.isTrue(own)) return true;
        for (const { gate, holds } of others) if ((gate < 0 || atoms.isTrue(gate)) && holds(view) === true) return true;
        return false;
      },
      clauses,
    };
  }
}

const NONE: readonly never[] = [];

/** Atoms of which one must be true. */
interface Clause {
  readonly atoms: readonly number[];
  /** Characters of the shortest text: what it is worth. */
  readonly shortest: number;
}

interface Compiled {
  readonly holds: Holds;
  /** All must be met where it holds. */
  readonly clauses: readonly Clause[];
}

function bestOf(clauses: readonly Clause[]): Clause | undefined {
  return clauses.reduce<Clause | undefined>(
    (best, one) => (best && best.shortest >= one.shortest ? best : one),
    undefined,
  );
}

function together(clauses: readonly Clause[]): Clause {
  return {
    atoms: [...new Set(clauses.flatMap(({ atoms }) => atoms))],
    shortest: clauses.reduce((least, { shortest }) => Math.min(least, shortest), Number.POSITIVE_INFINITY),
  };
}

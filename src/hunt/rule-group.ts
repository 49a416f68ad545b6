// The rules that events of one kind may be of, and those of them that an event fulfils: told by one scan of its values for all.

import type { Truth } from '../rule/binding.ts';
import { type Condition, fieldsOf, type Keyword, type Match, match } from '../rule/condition.ts';
import { compileCondition, kleene, opposite } from '../rule/evaluate.ts';
import type { ValueTest } from '../rule/value-test.ts';
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
  /** Made when a rule is asked first: most never are. */
  readonly #holds: (Holds | undefined)[] = [];
  /** What the tests of a field come to, by the field's slot: the same ones are asked of the fields of several kinds. */
  readonly #tests = new Map<number, Map<Match | Keyword, Tests>>();
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
    for (const [index, { condition, rename }] of rules.entries()) {
      // A view looks for the fields that have a number when it is set.
      for (const field of fieldsOf(condition)) slots.numberOf(rename(field));
      const wanted = [...this.#clauses(condition, rename)]
        .sort((one, other) => other.shortest - one.shortest)
        .slice(0, MOST_CLAUSES);
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
    }
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
    for (const index of this.#always) if (this.#isMet(index, view)) found.push(index);
    for (const index of this.#candidates) if (this.#isMet(index, view)) found.push(index);
    return found.sort((one, other) => one - other).map((index) => this.rules[index]);
  }

  #isMet(index: number, view: EventView): boolean {
    let holds = this.#holds[index];
    if (!holds) {
      const { condition, rename } = this.rules[index];
      holds = this.#compile(condition, rename);
      this.#holds[index] = holds;
    }
    return holds(view) === true;
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

  /** What must be met where the condition holds. */
  #clauses(condition: Condition, rename: (name: string) => string): readonly Clause[] {
    switch (condition.kind) {
      case 'named':
        return this.#clauses(condition.of, rename);
      case 'and':
        return condition.of.flatMap((part) => this.#clauses(part, rename));
      case 'or': {
        const best = condition.of.map((part) => bestOf(this.#clauses(part, rename)));
        const isSure = best.length > 0 && best.every((clause) => clause !== undefined);
        return isSure ? [together(best as Clause[])] : [];
      }
      case 'not':
        // Its texts count as well: nothing is added to what is looked for later.
        this.#clauses(condition.of, rename);
        return [];
      case 'match':
      case 'keyword':
        return this.#testsOf(condition, rename).clauses;
      case 'compare':
      case 'holds':
        return [];
    }
  }

  #compile(condition: Condition, rename: (name: string) => string): Holds {
    switch (condition.kind) {
      case 'named':
        return this.#compile(condition.of, rename);
      case 'and':
      case 'or':
        return kleene(
          condition.of.map((part) => this.#compile(part, rename)),
          condition.kind === 'or',
        );
      case 'not':
        return opposite(this.#compile(condition.of, rename));
      case 'match':
      case 'keyword':
        return this.#compileTests(condition, rename);
      case 'compare':
      case 'holds':
        return compileCondition(condition, viewBinding(this.#slots, rename));
    }
  }

  /** Texts that say it all become one atom; each of the other tests has one of its own, or none. */
  #testsOf(condition: Match | Keyword, rename: (name: string) => string): Tests {
    const slot = condition.kind === 'match' ? this.#slots.numberOf(rename(condition.field)) : ANY_SLOT;
    const known = this.#tests.get(slot) ?? new Map<Match | Keyword, Tests>();
    const before = known.get(condition);
    if (before) return before;
    const exact: Literal[] = [];
    const others: { readonly gate: number; readonly test: ValueTest }[] = [];
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
      others.push({ gate, test });
    }
    const own = exact.length > 0 ? this.#atoms.add(slot, exact) : -1;
    if (own >= 0) clause.push(own);
    const clauses = isSure && clause.length > 0 ? [{ atoms: clause, shortest }] : [];
    const tests = { own, others, clauses };
    known.set(condition, tests);
    this.#tests.set(slot, known);
    return tests;
  }

  /** Of the tests that a text does not say it all of, each is asked only where its text was found. */
  #compileTests(condition: Match | Keyword, rename: (name: string) => string): Holds {
    const atoms = this.#atoms;
    const { own, others } = this.#testsOf(condition, rename);
    if (others.length === 0) return () => atoms.isTrue(own);
    const binding = viewBinding(this.#slots, rename);
    const gated = others.map(({ gate, test }) => {
      const one: Match | Keyword =
        condition.kind === 'match' ? match(condition.field, test) : { kind: 'keyword', values: [test] };
      return { gate, holds: compileCondition(one, binding) };
    });
    return (view) => {
      if (own >= 0 && atoms.isTrue(own)) return true;
      for (const { gate, holds } of gated) if ((gate < 0 || atoms.isTrue(gate)) && holds(view) === true) return true;
      return false;
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

/** What the tests of a field come to. */
interface Tests {
  /** The atom of those that a text says it all of; -1 where there are none. */
  readonly own: number;
  /** The other ones; `gate` is the atom of a text without which it is not met, or -1. */
  readonly others: readonly { readonly gate: number; readonly test: ValueTest }[];
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

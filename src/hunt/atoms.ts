// Atoms of conditions: "this field has one of these texts", numbered, shared by all rules that ask it, and true or not by one scan.

import { Automaton } from './automaton.ts';
import type { EventView } from './event-view.ts';
import type { Anchor, Literal } from './literals.ts';
import { RememberedSearch } from './remembered-search.ts';
import { SHORTEST_SKIP, SkipSearch } from './skip-search.ts';
import type { Finder, Sought, TextSearch } from './text-search.ts';

/** Texts of one comparison that is not looked up among others. */
const LONG = 64;

interface SlotSearch {
  readonly slot: number;
  readonly search: TextSearch;
}

export class Atoms implements Finder {
  readonly #numbers = new Map<string, number>();
  /** By slot and anchor: the numbers of texts. */
  readonly #literals = new Map<string, Map<string, number>>();
  readonly #bySlot = new Map<number, Sought[]>();
  /** Of each literal, the atoms that it makes true. */
  readonly #atomsOf: number[][] = [];
  /** Of each atom, the event it was true in last. */
  #event = new Int32Array(64);
  #count = 0;
  #now = 0;
  #searches: readonly SlotSearch[] | undefined;
  /** Those for fields that events of a shape may have. */
  readonly #ofShape = new WeakMap<object, readonly SlotSearch[]>();
  /** Is told of an atom when it becomes true in an event. */
  #isTrue: (atom: number) => void = () => {};

  /** The atom of a field that has one of the texts. */
  add(slot: number, literals: readonly Literal[]): number {
    const ids = [...new Set(literals.map((one) => this.#literal(slot, one)))];
    // Long lists are hardly ever those of another rule.
    const key = ids.length > LONG ? undefined : ids.sort((one, other) => one - other).join(' ');
    let atom = key === undefined ? undefined : this.#numbers.get(key);
    if (atom === undefined) {
      atom = this.#count++;
      if (key !== undefined) this.#numbers.set(key, atom);
      for (const id of ids) this.#atomsOf[id].push(atom);
    }
    return atom;
  }

  #literal(slot: number, { text, anchor }: Literal): number {
    const known = this.#literalsOf(slot, anchor);
    let id = known.get(text);
    if (id === undefined) {
      id = this.#atomsOf.push([]) - 1;
      known.set(text, id);
      const sought: Sought = { text, anchor, id };
      const others = this.#bySlot.get(slot);
      if (others) others.push(sought);
      else this.#bySlot.set(slot, [sought]);
    }
    return id;
  }

  #literalsOf(slot: number, anchor: Anchor): Map<string, number> {
    const key = `${slot} ${anchor}`;
    let known = this.#literals.get(key);
    if (!known) {
      known = new Map();
      this.#literals.set(key, known);
    }
    return known;
  }

  /** Whether the atom is true in the event that was scanned last. */
  isTrue(atom: number): boolean {
    return this.#event[atom] === this.#now;
  }

  /** Scans an event; `isTrue` is told of each atom that is true in it, once. No atom is added afterwards. */
  scan(view: EventView, isTrue: (atom: number) => void): void {
    if (this.#now === 0x7fffffff) {
      this.#now = 0;
      this.#event.fill(0);
    }
    this.#now++;
    this.#isTrue = isTrue;
    for (const { slot, search } of this.#searchesFor(view)) view.scan(slot, search, this);
  }

  #searchesFor(view: EventView): readonly SlotSearch[] {
    this.#searches ??= this.#build();
    const { shape } = view;
    if (shape === undefined) return this.#searches;
    let own = this.#ofShape.get(shape);
    if (!own) {
      own = this.#searches.filter(({ slot }) => view.mayHave(slot));
      this.#ofShape.set(shape, own);
    }
    return own;
  }

  #build(): readonly SlotSearch[] {
    this.#event = new Int32Array(this.#count);
    return [...this.#bySlot].map(([slot, texts]) => ({ slot, search: searchFor(texts) }));
  }

  /** Told by a search. */
  found(id: number): void {
    for (const atom of this.#atomsOf[id]) {
      if (this.#event[atom] === this.#now) continue;
      this.#event[atom] = this.#now;
      this.#isTrue(atom);
    }
  }
}

function searchFor(texts: readonly Sought[]): TextSearch {
  const canSkip = texts.every(({ text, anchor }) => anchor === 'anywhere' && text.length >= SHORTEST_SKIP);
  // What skips is done sooner than a value is looked up.
  return canSkip ? new SkipSearch(texts) : new RememberedSearch(new Automaton(texts));
}

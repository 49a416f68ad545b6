// A regular expression as an automaton that reads each character of a text once: what a search by tries could take for ever on.

import { UnsupportedError } from '../errors.ts';
import type { CharacterRange, RegexNode } from './regex-tree.ts';

/** Steps of one expression, and states that are kept at once, at most. */
const MOST_STEPS = 1 << 12;
const MOST_STATES = 2048;
/** Entries of states that are kept at once, over all of them. */
const MOST_ENTRIES = 1 << 20;

type Step =
  | { readonly op: 'take'; readonly set: number; next: number }
  | { readonly op: 'split'; readonly to: number[] }
  | { readonly op: 'at'; readonly at: Anchor; next: number }
  | { readonly op: 'match' };
type Anchor = (RegexNode & { readonly kind: 'anchor' })['at'];

/** Units of UTF-16, as bits. */
type Units = Uint32Array;

/** What stands beside a place: nothing, a line's end, a letter of a word, anything else. */
type Beside = 0 | 1 | 2 | 3;

interface State {
  /** Steps that wait for the next character, in order. */
  readonly steps: readonly number[];
  readonly before: Beside;
  /** By the class of a unit: where it leads; `true` where a match is found. */
  readonly to: (State | true | undefined)[];
}

/** Throws UnsupportedError for a tree of which there is no automaton, for its size. */
export function checkSize(tree: RegexNode): void {
  if (stepsOf(tree) > MOST_STEPS) throw new UnsupportedError(`a regular expression of more than ${MOST_STEPS} steps`);
}

function stepsOf(node: RegexNode): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'text':
      return node.text.length;
    case 'any':
    case 'class':
    case 'anchor':
      return 1;
    case 'group':
      return stepsOf(node.of);
    case 'sequence':
    case 'alternatives':
      return node.of.reduce((all, one) => all + stepsOf(one), 1);
    case 'repeat': {
      const own = stepsOf(node.of) + 1;
      return own * Math.max(1, node.most ?? node.least + 1);
    }
  }
}

/** Says whether a text has a match, as a JavaScript expression of the same tree would: units of UTF-16, letter case by upper case. */
export class RegexAutomaton {
  readonly #steps: Step[] = [];
  readonly #sets: Units[] = [];
  readonly #setNumbers = new Map<string, number>();
  readonly #start: number;
  readonly #whole: boolean;
  /** Classes of units: those that are in the same sets. Class 0 is the end of the text. */
  readonly #classOf = new Uint16Array(65_536);
  readonly #classes = new Map<string, number>();
  #states = new Map<string, State>();
  #entries = 0;

  /** Of a tree that {@link checkSize} lets pass; `whole`: a match is of the whole text. */
  constructor(tree: RegexNode, whole = false) {
    this.#whole = whole;
    const end = this.#add({ op: 'match' });
    this.#start = this.#build(tree, true, whole ? this.#add({ op: 'at', at: 'end', next: end }) : end);
  }

  test(text: string): boolean {
    let state = this.#state([this.#start], 0);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const to = this.#lead(state, this.#classOf[unit] || this.#class(unit), unit);
      if (to === true) return true;
      if (to.steps.length === 0) return false;
      state = to;
    }
    return this.#lead(state, 0, -1) === true;
  }

  #lead(state: State, c: number, unit: number): State | true {
    let to = state.to[c];
    if (to === undefined) {
      to = this.#next(state, unit);
      state.to[c] = to;
    }
    return to;
  }

  #next({ steps, before }: State, unit: number): State | true {
    const after = besideOf(unit);
    const seen = new Set<number>();
    const open = [...steps].reverse();
    const next = new Set<number>();
    while (open.length > 0) {
      const at = open.pop()!;
      if (seen.has(at)) continue;
      seen.add(at);
      const step = this.#steps[at];
      if (step.op === 'match') return true;
      if (step.op === 'split') open.push(...step.to);
      else if (step.op === 'at') {
        if (holds(step.at, before, after)) open.push(step.next);
      } else if (unit >= 0 && has(this.#sets[step.set], unit)) next.add(step.next);
    }
    if (!this.#whole) next.add(this.#start);
    return this.#state(
      [...next].sort((one, other) => one - other),
      after,
    );
  }

  #state(steps: readonly number[], before: Beside): State {
    const key = `${before} ${steps.join(' ')}`;
    let state = this.#states.get(key);
    if (!state) {
      this.#entries += steps.length + this.#classes.size;
      if (this.#states.size >= MOST_STATES || this.#entries > MOST_ENTRIES) {
        this.#states = new Map();
        this.#entries = 0;
      }
      state = { steps, before, to: [] };
      this.#states.set(key, state);
    }
    return state;
  }

  /** The class of a unit that was not met before. */
  #class(unit: number): number {
    const key = `${besideOf(unit)}${this.#sets.map((set) => (has(set, unit) ? '1' : '0')).join('')}`;
    let c = this.#classes.get(key);
    if (c === undefined) {
      c = this.#classes.size + 1;
      this.#classes.set(key, c);
    }
    this.#classOf[unit] = c;
    return c;
  }

  #add(step: Step): number {
    return this.#steps.push(step) - 1;
  }

  /** The step that a node begins with; `next` is what follows it. */
  #build(node: RegexNode, cased: boolean, next: number): number {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'text': {
        let first = next;
        for (let i = node.text.length - 1; i >= 0; i--) {
          const unit = node.text.charCodeAt(i);
          first = this.#take([[unit, unit]], false, cased, first);
        }
        return first;
      }
      case 'any':
        return this.#take(node.dotAll ? [] : LINE_ENDS, true, true, next);
      case 'class':
        return this.#take(node.ranges, node.negated, cased, next);
      case 'anchor':
        return this.#add({ op: 'at', at: node.at, next });
      case 'group':
        return this.#build(node.of, node.cased, next);
      case 'sequence':
        return node.of.reduceRight((after, part) => this.#build(part, cased, after), next);
      case 'alternatives':
        return this.#add({ op: 'split', to: node.of.map((part) => this.#build(part, cased, next)) });
      case 'repeat': {
        const { of, least, most } = node;
        let first = next;
        if (most === null) {
          const to = [next];
          first = this.#add({ op: 'split', to });
          to.push(this.#build(of, cased, first));
        } else
          for (let i = least; i < most; i++)
            first = this.#add({ op: 'split', to: [this.#build(of, cased, first), next] });
        for (let i = 0; i < least; i++) {
          const before = first;
          first = this.#build(of, cased, first);
          // What takes no character at all need not be repeated.
          if (first === before) break;
        }
        return first;
      }
    }
  }

  #take(ranges: readonly CharacterRange[], negated: boolean, cased: boolean, next: number): number {
    const key = `${cased} ${negated} ${ranges.join(' ')}`;
    let set = this.#setNumbers.get(key);
    if (set === undefined) {
      set = this.#sets.push(unitsOf(ranges, negated, cased)) - 1;
      this.#setNumbers.set(key, set);
    }
    return this.#add({ op: 'take', set, next });
  }
}

const LINE_ENDS: readonly CharacterRange[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

function besideOf(unit: number): Beside {
  if (unit < 0) return 0;
  if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) return 1;
  const isWord = (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122);
  return isWord ? 2 : 3;
}

function holds(at: Anchor, before: Beside, after: Beside): boolean {
  switch (at) {
    case 'start':
      return before === 0;
    case 'end':
      return after === 0;
    case 'line-start':
      return before <= 1;
    case 'line-end':
      return after <= 1;
    case 'word':
      return (before === 2) !== (after === 2);
    case 'no-word':
      return (before === 2) === (after === 2);
  }
}

function has(units: Units, unit: number): boolean {
  return ((units[unit >> 5] >> (unit & 31)) & 1) === 1;
}

function unitsOf(ranges: readonly CharacterRange[], negated: boolean, cased: boolean): Units {
  const units = new Uint32Array(2048);
  const set = (unit: number): void => {
    units[unit >> 5] |= 1 << (unit & 31);
  };
  for (const [from, to] of ranges) for (let unit = from; unit <= Math.min(to, 0xffff); unit++) set(unit);
  if (!cased) for (const alike of unitsByUpper()) if (alike.some((unit) => has(units, unit))) alike.forEach(set);
  return negated ? units.map((word) => ~word) : units;
}

let alikeUnits: readonly (readonly number[])[] | undefined;

/** Units of one upper case, where there are several: as far as that is one unit, and none of ASCII for one outside of it. */
function unitsByUpper(): readonly (readonly number[])[] {
  if (!alikeUnits) {
    const all = new Map<number, number[]>();
    for (let unit = 0; unit < 65_536; unit++) {
      const upper = String.fromCharCode(unit).toUpperCase();
      const code = upper.charCodeAt(0);
      const own = upper.length === 1 && !(unit >= 128 && code < 128) ? code : unit;
      const others = all.get(own);
      if (others) others.push(unit);
      else all.set(own, [unit]);
    }
    alikeUnits = [...all.values()].filter((units) => units.length > 1);
  }
  return alikeUnits;
}

// Many literal texts looked for in one pass over a value (Aho and Corasick 1975), in UTF-16 bytes as they stand in a chunk or in a string.

import { type Finder, hasSymbols, type Sought, type TextSearch, UnitClasses } from './text-search.ts';

/** Entries of the table of states near the root: a row each. */
const ROW_ENTRIES = 1 << 16;

export class Automaton implements TextSearch {
  readonly hasSymbols: boolean;
  readonly #classes: UnitClasses;
  /** Of a state near the root, where its row of next states by class of ASCII begins; -1 of the others. */
  readonly #rowOf: Int32Array;
  readonly #rows: Int32Array;
  /** Of a state: its parent, and the class that leads to it. The first child of a state is the state behind it. */
  readonly #parent: Int32Array;
  readonly #own: Uint16Array;
  /** Children other than the first, and of states with rows those by other than ASCII. */
  readonly #others: EdgeTable;
  /** The state of the longest suffix. */
  readonly #suffix: Int32Array;
  readonly #depth: Int32Array;
  readonly #inside: Endings;
  readonly #atEnd: Endings;

  constructor(texts: readonly Sought[]) {
    this.hasSymbols = hasSymbols(texts);
    this.#classes = new UnitClasses(texts);
    const { parent, own, depth, order, inside, atEnd } = trieOf(texts, this.#classes);
    const states = order.length;
    const { asciiWidth: width } = this.#classes;
    this.#parent = parent;
    this.#own = own;
    this.#depth = depth;
    this.#suffix = new Int32Array(states);
    this.#others = new EdgeTable(order.filter((state) => state !== parent[state] + 1).length);
    const rows = Math.min(states, Math.max(1, Math.floor(ROW_ENTRIES / width)));
    this.#rows = new Int32Array(rows * width);
    this.#rowOf = new Int32Array(states).fill(-1);
    for (let i = 0; i < rows; i++) this.#rowOf[order[i]] = i * width;
    for (let state = 1; state < states; state++) {
      const row = this.#rowOf[parent[state]];
      if (row >= 0 && own[state] < width) this.#rows[row + own[state]] = state;
      else if (state !== parent[state] + 1) this.#others.add(parent[state], own[state], state);
    }
    this.#inside = new Endings(states, inside);
    this.#atEnd = new Endings(states, atEnd);
    this.#connect(order);
  }

  /** Breadth first: each state's suffix, and in its row what it has no edge of its own for. */
  #connect(order: Int32Array): void {
    const { asciiWidth: width } = this.#classes;
    for (const state of order) {
      const parent = this.#parent[state];
      if (parent > 0) this.#suffix[state] = this.#step(this.#suffix[parent], this.#own[state]);
      const suffix = this.#suffix[state];
      if (state === 0) continue;
      this.#inside.link(state, suffix);
      this.#atEnd.link(state, suffix);
      const row = this.#rowOf[state];
      const shorter = this.#rowOf[suffix];
      if (row < 0) continue;
      for (let c = 1; c < width; c++) if (this.#rows[row + c] === 0) this.#rows[row + c] = this.#rows[shorter + c];
    }
  }

  #step(from: number, c: number): number {
    const isAscii = c < this.#classes.asciiWidth;
    for (let state = from; ; state = this.#suffix[state]) {
      const row = this.#rowOf[state];
      if (row >= 0 && isAscii) return this.#rows[row + c];
      if (this.#parent[state + 1] === state) {
        if (this.#own[state + 1] === c) return state + 1;
        const next = this.#others.find(state, c);
        if (next !== 0) return next;
      }
      if (state === 0) return 0;
    }
  }

  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void {
    const { ascii, asciiWidth: width } = this.#classes;
    const firsts = this.#inside.first;
    const rows = this.#rows;
    const rowOf = this.#rowOf;
    const end = from + (size & ~1);
    let state = 0;
    let at = from;
    for (; at < end; at += 2) {
      const unit = bytes[at] | (bytes[at + 1] << 8);
      if (unit === 0) break;
      const c = unit < 128 ? ascii[unit] : this.#classes.of(unit);
      if (c === 0) {
        state = 0;
        continue;
      }
      const row = rowOf[state];
      state = row >= 0 && c < width ? rows[row + c] : this.#step(state, c);
      if (firsts[state] !== 0) this.#tell(firsts[state], ((at - from) >> 1) + 1, finder);
    }
    if (this.#atEnd.first[state] !== 0) this.#tellEnd(state, (at - from) >> 1, finder);
  }

  scanText(text: string, finder: Finder): void {
    const { ascii, asciiWidth: width } = this.#classes;
    const firsts = this.#inside.first;
    const rows = this.#rows;
    const rowOf = this.#rowOf;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const c = unit < 128 ? ascii[unit] : this.#classes.of(unit);
      if (c === 0) {
        state = 0;
        continue;
      }
      const row = rowOf[state];
      state = row >= 0 && c < width ? rows[row + c] : this.#step(state, c);
      if (firsts[state] !== 0) this.#tell(firsts[state], at + 1, finder);
    }
    if (this.#atEnd.first[state] !== 0) this.#tellEnd(state, text.length, finder);
  }

  /** `length`: units that were looked through. */
  #tell(first: number, length: number, finder: Finder): void {
    const { next, starts, ids, isBound } = this.#inside;
    for (let state = first; state !== 0; state = next[state])
      for (let i = starts[state]; i < starts[state + 1]; i++)
        if (isBound[i] === 0 || this.#depth[state] === length) finder.found(ids[i]);
  }

  #tellEnd(last: number, length: number, finder: Finder): void {
    const { first, next, starts, ids, isBound } = this.#atEnd;
    for (let state = first[last]; state !== 0; state = next[state])
      for (let i = starts[state]; i < starts[state + 1]; i++)
        if (isBound[i] === 0 || this.#depth[state] === length) finder.found(ids[i]);
  }
}

/** A text and the state that it ends in. */
interface Ending {
  readonly state: number;
  readonly id: number;
  /** It begins with the value. */
  readonly isBound: boolean;
}

/** Texts by the states that they end in, and by each state the chain of its suffixes that have any. */
class Endings {
  /** Of a state, the first of its chain; 0 for none. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** Texts of a state: from its place here to that of the next. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  readonly isBound: Uint8Array;

  constructor(states: number, endings: readonly Ending[]) {
    this.first = new Int32Array(states);
    this.next = new Int32Array(states);
    this.starts = new Int32Array(states + 1);
    for (const { state } of endings) this.starts[state + 1]++;
    for (let i = 0; i < states; i++) this.starts[i + 1] += this.starts[i];
    this.ids = new Int32Array(endings.length);
    this.isBound = new Uint8Array(endings.length);
    const filled = this.starts.slice();
    for (const { state, id, isBound } of endings) {
      const place = filled[state]++;
      this.ids[place] = id;
      this.isBound[place] = isBound ? 1 : 0;
    }
  }

  /** `suffix` is linked already. */
  link(state: number, suffix: number): void {
    this.next[state] = this.first[suffix];
    this.first[state] = this.starts[state + 1] > this.starts[state] ? state : this.first[suffix];
  }
}

/** The tree of the texts, in the order of the texts, so that a state's first child is behind it. State 0 is the root. */
function trieOf(texts: readonly Sought[], classes: UnitClasses) {
  const sorted = [...texts].sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0));
  const parents: number[] = [-1];
  const owns: number[] = [0];
  const depths: number[] = [0];
  const inside: Ending[] = [];
  const atEnd: Ending[] = [];
  /** States along the text before. */
  const path: number[] = [0];
  let before = '';
  for (const { text, anchor, id } of sorted) {
    let same = 0;
    while (same < text.length && same < before.length && text.charCodeAt(same) === before.charCodeAt(same)) same++;
    path.length = same + 1;
    for (let i = same; i < text.length; i++) {
      depths.push(i + 1);
      owns.push(classes.of(text.charCodeAt(i)));
      path.push(parents.push(path[i]) - 1);
    }
    const ending = { state: path[text.length], id, isBound: anchor === 'start' || anchor === 'whole' };
    if (anchor === 'end' || anchor === 'whole') atEnd.push(ending);
    else inside.push(ending);
    before = text;
  }
  // One more, so that the last state can be asked for the one behind it.
  parents.push(-1);
  owns.push(0);
  return {
    parent: Int32Array.from(parents),
    own: Uint16Array.from(owns),
    depth: Int32Array.from(depths),
    order: orderOf(depths),
    inside,
    atEnd,
  };
}

/** The states in the order of their depth. */
function orderOf(depths: readonly number[]): Int32Array {
  const counts: number[] = [];
  for (const depth of depths) counts[depth] = (counts[depth] ?? 0) + 1;
  let next = 0;
  const starts = counts.map((count) => {
    next += count;
    return next - count;
  });
  const order = new Int32Array(depths.length);
  for (const [state, depth] of depths.entries()) order[starts[depth]++] = state;
  return order;
}

/** Edges by state and class. */
class EdgeTable {
  readonly #mask: number;
  /** State, class and next state of each entry. */
  readonly #entries: Int32Array;

  constructor(edges: number) {
    let size = 16;
    while (size < edges * 2) size *= 2;
    this.#mask = size - 1;
    this.#entries = new Int32Array(size * 4);
  }

  add(state: number, c: number, next: number): void {
    let at = this.#placeOf(state, c);
    while (this.#entries[at * 4 + 2] !== 0) at = (at + 1) & this.#mask;
    this.#entries.set([state, c, next], at * 4);
  }

  /** 0 where there is none. */
  find(state: number, c: number): number {
    const entries = this.#entries;
    let at = this.#placeOf(state, c);
    while (entries[at * 4 + 2] !== 0) {
      if (entries[at * 4] === state && entries[at * 4 + 1] === c) return entries[at * 4 + 2];
      at = (at + 1) & this.#mask;
    }
    return 0;
  }

  #placeOf(state: number, c: number): number {
    return ((Math.imul(state, 0x9e3779b1) + Math.imul(c, 0x85ebca6b)) >>> 7) & this.#mask;
  }
}

// Many literal texts looked for in one pass over a value (Aho and Corasick 1975), in UTF-16 bytes as they stand in a chunk or in a string.

import { foldedInto } from '../rule/fold.ts';
import type { Anchor } from './literals.ts';

export interface Sought {
  /** Folded, without NUL, not empty. */
  readonly text: string;
  readonly anchor: Anchor;
  /** What is told when it is found. */
  readonly id: number;
}

/** Is told what was found; the same may be told more than once. */
export interface Finder {
  found(id: number): void;
}

/** Entries of the table of states near the root: a row each. */
const DENSE_ENTRIES = 1 << 18;

/** Of what a number, a time, a GUID, a SID or bytes are written. */
const SYMBOLS = /^[\da-fxtzs{}:.,-]+$/;

export class Automaton {
  /** Whether a text could be found in what is no text: numbers, times, GUIDs, SIDs, bytes. */
  readonly hasSymbols: boolean;
  readonly #classes: Classes;
  readonly #width: number;
  /** States in the order of their depth; the first ones have the next state by class in a table. */
  readonly #dense: number;
  readonly #rows: Int32Array;
  /** Of the others: edges by state and class, in a hash table of three columns. */
  readonly #edges: EdgeTable;
  /** The state of the longest suffix. */
  readonly #suffix: Int32Array;
  readonly #depth: Int32Array;
  /** By state: the first of the chain of states with texts that end there, 0 for none; and the next of the chain. */
  readonly #inside: Int32Array;
  readonly #insideLink: Int32Array;
  readonly #atEnd: Int32Array;
  readonly #endLink: Int32Array;
  readonly #insideTexts: TextsOf;
  readonly #endTexts: TextsOf;

  constructor(texts: readonly Sought[]) {
    this.hasSymbols = texts.some(({ text }) => SYMBOLS.test(text));
    const classes = new Classes(texts);
    const { width } = classes;
    const { parent, own, depth, insideTexts, endTexts } = trieOf(texts, classes);
    const states = parent.length;
    this.#classes = classes;
    this.#width = width;
    this.#depth = depth;
    this.#insideTexts = insideTexts;
    this.#endTexts = endTexts;
    this.#dense = Math.min(states, Math.max(1, Math.floor(DENSE_ENTRIES / width)));
    this.#rows = new Int32Array(this.#dense * width);
    this.#edges = new EdgeTable(states);
    for (let state = 1; state < states; state++) {
      if (parent[state] < this.#dense) this.#rows[parent[state] * width + own[state]] = state;
      else this.#edges.add(parent[state], own[state], state);
    }
    this.#suffix = new Int32Array(states);
    this.#inside = new Int32Array(states);
    this.#insideLink = new Int32Array(states);
    this.#atEnd = new Int32Array(states);
    this.#endLink = new Int32Array(states);
    this.#connect(parent, own);
  }

  /** Breadth first: each state's suffix, and in the table what it has no edge of its own for. */
  #connect(parent: Int32Array, own: Uint16Array): void {
    const width = this.#width;
    for (let state = 0; state < parent.length; state++) {
      if (state > 0 && parent[state] > 0) this.#suffix[state] = this.#step(this.#suffix[parent[state]], own[state]);
      const suffix = this.#suffix[state];
      this.#insideLink[state] = this.#inside[suffix];
      this.#endLink[state] = this.#atEnd[suffix];
      this.#inside[state] = this.#insideTexts[state] ? state : this.#inside[suffix];
      this.#atEnd[state] = this.#endTexts[state] ? state : this.#atEnd[suffix];
      if (state === 0 || state >= this.#dense) continue;
      for (let c = 1; c < width; c++)
        if (this.#rows[state * width + c] === 0) this.#rows[state * width + c] = this.#rows[suffix * width + c];
    }
  }

  #step(from: number, c: number): number {
    let state = from;
    while (state >= this.#dense) {
      const next = this.#edges.find(state, c);
      if (next !== 0) return next;
      state = this.#suffix[state];
    }
    return this.#rows[state * this.#width + c];
  }

  /** Looks through UTF-16 (little-endian) bytes, up to the first zero. */
  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void {
    const { ascii } = this.#classes;
    const inside = this.#inside;
    const rows = this.#rows;
    const width = this.#width;
    const dense = this.#dense;
    const end = from + (size & ~1);
    let state = 0;
    let at = from;
    for (; at < end; at += 2) {
      const unit = bytes[at] | (bytes[at + 1] << 8);
      if (unit === 0) break;
      const c = unit < 128 ? ascii[unit] : this.#classes.of(unit);
      state = c === 0 ? 0 : state < dense ? rows[state * width + c] : this.#step(state, c);
      if (inside[state] !== 0) this.#tell(inside[state], ((at - from) >> 1) + 1, finder);
    }
    if (this.#atEnd[state] !== 0) this.#tellEnd(state, (at - from) >> 1, finder);
  }

  scanText(text: string, finder: Finder): void {
    const { ascii } = this.#classes;
    const inside = this.#inside;
    const rows = this.#rows;
    const width = this.#width;
    const dense = this.#dense;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const c = unit < 128 ? ascii[unit] : this.#classes.of(unit);
      state = c === 0 ? 0 : state < dense ? rows[state * width + c] : this.#step(state, c);
      if (inside[state] !== 0) this.#tell(inside[state], at + 1, finder);
    }
    if (this.#atEnd[state] !== 0) this.#tellEnd(state, text.length, finder);
  }

  /** `length`: units that were looked through. */
  #tell(first: number, length: number, finder: Finder): void {
    for (let state = first; state !== 0; state = this.#insideLink[state])
      for (const { anchor, id } of this.#insideTexts[state]!)
        if (anchor === 'anywhere' || this.#depth[state] === length) finder.found(id);
  }

  #tellEnd(last: number, length: number, finder: Finder): void {
    for (let state = this.#atEnd[last]; state !== 0; state = this.#endLink[state])
      for (const { anchor, id } of this.#endTexts[state]!)
        if (anchor === 'end' || this.#depth[state] === length) finder.found(id);
  }
}

type TextsOf = readonly (readonly Sought[] | undefined)[];

/** Classes of UTF-16 units: those that texts have get one each, and what is folded into one has the same. */
class Classes {
  width = 1;
  readonly ascii = new Uint16Array(128);
  readonly #others = new Map<number, number>();

  constructor(texts: readonly Sought[]) {
    for (const { text } of texts)
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (this.of(unit) !== 0) continue;
        this.#set(unit, this.width);
        for (const other of foldedInto(unit)) this.#set(other, this.width);
        this.width++;
      }
  }

  #set(unit: number, value: number): void {
    if (unit < 128) this.ascii[unit] = value;
    else this.#others.set(unit, value);
  }

  of(unit: number): number {
    return unit < 128 ? this.ascii[unit] : (this.#others.get(unit) ?? 0);
  }
}

/** The tree of the texts: of each state, in the order of depth, its parent and the class that leads to it. State 0 is the root. */
function trieOf(texts: readonly Sought[], classes: Classes) {
  const sorted = [...texts].sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0));
  const parents: number[] = [0];
  const owns: number[] = [0];
  const depths: number[] = [0];
  const ends: number[] = [];
  /** States along the text before. */
  const path: number[] = [0];
  let before = '';
  for (const { text } of sorted) {
    let same = 0;
    while (same < text.length && same < before.length && text.charCodeAt(same) === before.charCodeAt(same)) same++;
    path.length = same + 1;
    for (let i = same; i < text.length; i++) {
      depths.push(i + 1);
      owns.push(classes.of(text.charCodeAt(i)));
      path.push(parents.push(path[i]) - 1);
    }
    ends.push(path[text.length]);
    before = text;
  }
  const number = numbersByDepth(depths);
  const count = parents.length;
  const [parent, own, depth] = [new Int32Array(count), new Uint16Array(count), new Int32Array(count)];
  for (let i = 0; i < count; i++) {
    parent[number[i]] = number[parents[i]];
    own[number[i]] = owns[i];
    depth[number[i]] = depths[i];
  }
  const insideTexts = Array.from<Sought[] | undefined>({ length: count });
  const endTexts = Array.from<Sought[] | undefined>({ length: count });
  for (const [i, one] of sorted.entries()) {
    const of = one.anchor === 'end' || one.anchor === 'whole' ? endTexts : insideTexts;
    const state = number[ends[i]];
    const others = of[state];
    if (others) others.push(one);
    else of[state] = [one];
  }
  return { parent, own, depth, insideTexts, endTexts };
}

/** Of each state its place in the order of depth. */
function numbersByDepth(depths: readonly number[]): Int32Array {
  const counts: number[] = [];
  for (const depth of depths) counts[depth] = (counts[depth] ?? 0) + 1;
  let next = 0;
  const starts = counts.map((count) => {
    next += count;
    return next - count;
  });
  return Int32Array.from(depths, (depth) => starts[depth]++);
}

/** Edges by state and class. */
class EdgeTable {
  readonly #mask: number;
  readonly #states: Int32Array;
  readonly #classes: Uint16Array;
  readonly #next: Int32Array;

  constructor(edges: number) {
    let size = 16;
    while (size < edges * 2) size *= 2;
    this.#mask = size - 1;
    this.#states = new Int32Array(size);
    this.#classes = new Uint16Array(size);
    this.#next = new Int32Array(size);
  }

  add(state: number, c: number, next: number): void {
    let at = this.#placeOf(state, c);
    while (this.#next[at] !== 0) at = (at + 1) & this.#mask;
    this.#states[at] = state;
    this.#classes[at] = c;
    this.#next[at] = next;
  }

  /** 0 where there is none. */
  find(state: number, c: number): number {
    let at = this.#placeOf(state, c);
    while (this.#next[at] !== 0) {
      if (this.#states[at] === state && this.#classes[at] === c) return this.#next[at];
      at = (at + 1) & this.#mask;
    }
    return 0;
  }

  #placeOf(state: number, c: number): number {
    return ((Math.imul(state, 0x9e3779b1) + Math.imul(c, 0x85ebca6b)) >>> 7) & this.#mask;
  }
}

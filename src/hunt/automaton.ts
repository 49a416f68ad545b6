// Many literal texts looked for in one pass over a value (Aho and Corasick 1975), in UTF-16 bytes as they stand in a chunk or in a string.

import type { Anchor } from './literals.ts';

export interface Sought {
  /** In lower case, ASCII without NUL. */
  readonly text: string;
  readonly anchor: Anchor;
  /** What is told when it is found. */
  readonly id: number;
}

/** Is told what was found; the same may be told more than once. */
export interface Finder {
  found(id: number): void;
}

/** By a UTF-16 unit, the ASCII letter that it is without regard to case; others that become ASCII in lower case are such letters, too. */
const FOLDED = foldedUnits();

function foldedUnits(): Uint8Array {
  const folded = new Uint8Array(65_536);
  for (let unit = 1; unit < 128; unit++) folded[unit] = String.fromCharCode(unit).toLowerCase().charCodeAt(0);
  // The Kelvin sign is "k"; a capital I with a dot above is "i" and a combining dot.
  folded[0x212a] = 0x6b;
  folded[0x130] = 0x69;
  return folded;
}

export class Automaton {
  /** By a UTF-16 unit, its class: 0 for what no text has. */
  readonly #classes: Uint8Array;
  readonly #width: number;
  /** The next state by state and class, times the width. */
  readonly #next: Int32Array;
  /** By state: the first of the chain of those with texts that end there, 0 for none. */
  readonly #inside: Int32Array;
  readonly #atEnd: Int32Array;
  /** By state: the next shorter state of its chain. */
  readonly #insideLink: Int32Array;
  readonly #endLink: Int32Array;
  readonly #depth: Int32Array;
  /** Texts of each state. */
  readonly #insideTexts: readonly (readonly Sought[] | undefined)[];
  readonly #endTexts: readonly (readonly Sought[] | undefined)[];

  constructor(texts: readonly Sought[]) {
    const used = new Uint8Array(128);
    for (const { text } of texts) for (let i = 0; i < text.length; i++) used[text.charCodeAt(i)] = 1;
    let width = 1;
    const classOf = Array.from(used, (isUsed) => (isUsed ? width++ : 0));
    this.#width = width;
    this.#classes = FOLDED.map((unit) => classOf[unit]);
    const { next, states, inside, atEnd } = trieOf(texts, classOf, width);
    this.#insideTexts = inside;
    this.#endTexts = atEnd;
    this.#next = next.slice(0, states * width);
    this.#inside = new Int32Array(states);
    this.#atEnd = new Int32Array(states);
    this.#insideLink = new Int32Array(states);
    this.#endLink = new Int32Array(states);
    this.#depth = new Int32Array(states);
    this.#connect(states);
  }

  /** Bytes that it takes. */
  get size(): number {
    return this.#next.byteLength;
  }

  /** Breadth first: where a state has no next one of its own, that of its longest suffix. */
  #connect(states: number): void {
    const width = this.#width;
    const next = this.#next;
    const suffix = new Int32Array(states);
    const queue = new Int32Array(states);
    let end = 0;
    const see = (state: number, of: number, depth: number): void => {
      suffix[state] = of;
      this.#depth[state] = depth;
      this.#insideLink[state] = this.#inside[of];
      this.#endLink[state] = this.#atEnd[of];
      this.#inside[state] = this.#insideTexts[state] ? state : this.#inside[of];
      this.#atEnd[state] = this.#endTexts[state] ? state : this.#atEnd[of];
      queue[end++] = state;
    };
    for (let c = 1; c < width; c++) if (next[c] !== 0) see(next[c], 0, 1);
    for (let at = 0; at < end; at++) {
      const state = queue[at];
      const own = state * width;
      const other = suffix[state] * width;
      for (let c = 1; c < width; c++) {
        if (next[own + c] === 0) next[own + c] = next[other + c];
        else see(next[own + c], next[other + c], this.#depth[state] + 1);
      }
    }
    for (let i = 0; i < next.length; i++) next[i] *= width;
  }

  /** Looks through UTF-16 (little-endian) bytes, up to the first zero. */
  scanBytes(bytes: Uint8Array, from: number, size: number, finder: Finder): void {
    const classes = this.#classes;
    const next = this.#next;
    const inside = this.#inside;
    const width = this.#width;
    const end = from + (size & ~1);
    let row = 0;
    let at = from;
    for (; at < end; at += 2) {
      const unit = bytes[at] | (bytes[at + 1] << 8);
      if (unit === 0) break;
      row = next[row + classes[unit]];
      if (row === 0) continue;
      const state = row / width;
      if (inside[state] !== 0) this.#tell(inside[state], ((at - from) >> 1) + 1, finder);
    }
    this.#tellEnd(row / width, (at - from) >> 1, finder);
  }

  scanText(text: string, finder: Finder): void {
    const classes = this.#classes;
    const next = this.#next;
    const inside = this.#inside;
    const width = this.#width;
    let row = 0;
    for (let at = 0; at < text.length; at++) {
      row = next[row + classes[text.charCodeAt(at)]];
      if (row === 0) continue;
      const state = row / width;
      if (inside[state] !== 0) this.#tell(inside[state], at + 1, finder);
    }
    this.#tellEnd(row / width, text.length, finder);
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

/** The tree of the texts; state 0 is its root. */
function trieOf(texts: readonly Sought[], classOf: readonly number[], width: number) {
  const most = texts.reduce((sum, { text }) => sum + text.length, 1);
  const next = new Int32Array(most * width);
  const inside: (Sought[] | undefined)[] = [undefined];
  const atEnd: (Sought[] | undefined)[] = [undefined];
  let states = 1;
  for (const one of texts) {
    let state = 0;
    for (let i = 0; i < one.text.length; i++) {
      const place = state * width + classOf[one.text.charCodeAt(i)];
      if (next[place] === 0) {
        next[place] = states++;
        inside.push(undefined);
        atEnd.push(undefined);
      }
      state = next[place];
    }
    const of = one.anchor === 'end' || one.anchor === 'whole' ? atEnd : inside;
    const others = of[state];
    if (others) others.push(one);
    else of[state] = [one];
  }
  return { next, states, inside, atEnd };
}

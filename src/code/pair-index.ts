// A table from three small integers to one, kept in typed arrays: what interning asks most often must make no garbage.

/** What a pair of numbers names: the kinds of the index. */
export const Pair = {
  result: 1,
  allocation: 2,
  load: 3,
  text: 4,
  difference: 5,
  vector: 6,
  pointer: 7,
  within: 8,
  found: 9,
  either: 10,
  chain: 11,
  assumed: 12,
  frame: 13,
  add: 14,
  small: 15,
  cycle: 16,
} as const;

/** Maps (kind, a, b) to a positive number; open addressing, doubled at half full. */
export class PairIndex {
  #slots = new Int32Array(4 * 8192);
  #mask = 8191;
  #count = 0;

  /** The number kept for the three, or 0. */
  get(kind: number, a: number, b: number): number {
    const slots = this.#slots;
    for (let at = hash(kind, a, b) & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = at * 4;
      if (slots[slot + 3] === 0) return 0;
      if (slots[slot + 1] === a && slots[slot + 2] === b && slots[slot] === kind) return slots[slot + 3];
    }
  }

  /** Keeps a positive number for the three, which must not be there yet. */
  set(kind: number, a: number, b: number, value: number): void {
    if (2 * ++this.#count > this.#mask) this.#grow();
    this.#put(kind, a, b, value);
  }

  #put(kind: number, a: number, b: number, value: number): void {
    const slots = this.#slots;
    let at = hash(kind, a, b) & this.#mask;
    while (slots[at * 4 + 3] !== 0) at = (at + 1) & this.#mask;
    slots[at * 4] = kind;
    slots[at * 4 + 1] = a;
    slots[at * 4 + 2] = b;
    slots[at * 4 + 3] = value;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let slot = 0; slot < old.length; slot += 4) {
      if (old[slot + 3] !== 0) this.#put(old[slot], old[slot + 1], old[slot + 2], old[slot + 3]);
    }
  }
}

function hash(kind: number, a: number, b: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + kind * 0x1f123bb5, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

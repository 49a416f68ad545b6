// A set of RVAs that is filled once from a list and asked often: an open hash table, several times faster to fill than a Set.

/** Knuth's multiplicative hash: 2^32 by the golden ratio. */
const GOLDEN = 0x9e3779b1;

/** The RVAs of a list; negative members (no RVA) are left out. */
export class RvaSet {
  /** Each RVA plus one, at the place of its hash or behind it; 0 is a free place. */
  readonly #places: Uint32Array;
  readonly #shift: number;

  constructor(rvas: ArrayLike<number>) {
    const bits = Math.max(4, 33 - Math.clz32(rvas.length));
    this.#places = new Uint32Array(1 << bits);
    this.#shift = 32 - bits;
    for (let i = 0; i < rvas.length; i++) if (rvas[i] >= 0) this.#add(rvas[i]);
  }

  #add(rva: number): void {
    const kept = (rva + 1) >>> 0;
    const places = this.#places;
    const mask = places.length - 1;
    let at = Math.imul(kept, GOLDEN) >>> this.#shift;
    while (places[at] !== 0 && places[at] !== kept) at = (at + 1) & mask;
    places[at] = kept;
  }

  has(rva: number): boolean {
    const kept = (rva + 1) >>> 0;
    const places = this.#places;
    const mask = places.length - 1;
    let at = Math.imul(kept, GOLDEN) >>> this.#shift;
    while (places[at] !== 0) {
      if (places[at] === kept) return true;
      at = (at + 1) & mask;
    }
    return false;
  }
}

// The tables of function pointers in data that a function stands in, with the class where run-time type information names it.
import type { VirtualTable } from '../pe/rtti.ts';
import type { ModuleFlow } from './flow.ts';

/** A function's place in the table of a class. */
export interface ClassPlace {
  readonly className: string;
  /** Counted from 0. */
  readonly index: number;
  /** RVA of the table. */
  readonly table: number;
}

export interface MethodTable {
  readonly rva: number;
  readonly methods: readonly number[];
}

/** Functions of one table, and pointers to one function, that are looked at. */
const MOST_METHODS = 256;
const MOST_TABLES = 8;
/** Places of one function among virtual functions: identical functions are folded into one. */
const MOST_PLACES = 64;

export class MethodTables {
  readonly #flow: ModuleFlow;
  #classes: ReadonlyMap<number, readonly ClassPlace[]> | undefined;
  #pointers: ReadonlyMap<number, number> | undefined;
  #slots: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
  }

  /** The classes among whose virtual functions a function is, by name; the first place in each. */
  classesOf(start: number): readonly ClassPlace[] {
    this.#classes ??= placesIn(this.#flow.image.virtualTables);
    const places = (this.#classes.get(start) ?? []).filter((place) => this.#isOneTable(place));
    return places.filter(({ className }, i) => places.findIndex((one) => one.className === className) === i);
  }

  /** Whether nothing between a table's beginning and a place in it begins another table: not every table has a name before it. */
  #isOneTable({ table, index }: ClassPlace): boolean {
    for (let i = 1; i <= index; i++) if (this.#isTaken(table + i * this.#flow.image.pointerSize)) return false;
    return true;
  }

  /** Whether a pointer in data names a function. */
  isPointedTo(start: number): boolean {
    return this.#slotsOf(start).length > 0;
  }

  /** The tables that hold a function and whose beginning code takes the address of. */
  tablesWith(start: number): readonly MethodTable[] {
    const slots = this.#slotsOf(start);
    if (slots.length > MOST_TABLES) return [];
    return slots.flatMap((slot) => {
      const table = this.#tableAround(slot);
      return table === undefined ? [] : [table];
    });
  }

  #slotsOf(start: number): readonly number[] {
    this.#slots ??= this.#readSlots();
    return this.#slots.get(start) ?? [];
  }

  /** By function, the pointers to it; and by pointer, the function. */
  #readSlots(): ReadonlyMap<number, readonly number[]> {
    const { image } = this.#flow;
    const slots = new Map<number, number[]>();
    const pointers = new Map<number, number>();
    for (let i = 0; i < image.relocations.length; i++) {
      const at = image.relocations[i];
      const to = image.pointers[i];
      if (to < 0 || !image.isCode(to) || image.isCode(at)) continue;
      pointers.set(at, to);
      const list = slots.get(to);
      if (list) list.push(at);
      else slots.set(to, [at]);
    }
    this.#pointers = pointers;
    return slots;
  }

  /** Pointers to code next to one another, from one whose address code takes up to the next such. */
  #tableAround(slot: number): MethodTable | undefined {
    const pointers = this.#pointers as ReadonlyMap<number, number>;
    const size = this.#flow.image.pointerSize;
    let first = slot;
    while (!this.#isTaken(first)) {
      first -= size;
      if (!pointers.has(first) || slot - first > MOST_METHODS * size) return undefined;
    }
    const methods: number[] = [];
    for (let at = first; methods.length < MOST_METHODS; at += size) {
      const to = pointers.get(at);
      if (to === undefined || (at > first && this.#isTaken(at))) break;
      methods.push(to);
    }
    return { rva: first, methods };
  }

  #isTaken(rva: number): boolean {
    const { image, references } = this.#flow;
    return (image.is64 ? references.addresses : references.data).to(rva).length > 0;
  }
}

function placesIn(tables: readonly VirtualTable[]): ReadonlyMap<number, readonly ClassPlace[]> {
  const places = new Map<number, ClassPlace[]>();
  for (const { rva, className, methods } of tables) {
    methods.forEach((method, index) => {
      const place = { className, index, table: rva };
      const list = places.get(method);
      if (!list) places.set(method, [place]);
      else if (list.length < MOST_PLACES) list.push(place);
    });
  }
  return places;
}

// How a program can come to a function of a module: from the exports it imports, by direct calls, then by vtables, then by callbacks.

import { firstAtLeast } from '../code/ascending.ts';
import type { ModuleFlow } from '../code/flow.ts';
import type { Reach } from './document.ts';

/** Where execution can enter: an export that the program imports. */
export interface Root {
  readonly name: string;
  readonly rva: number;
}

/** Words of an object or table that are followed from one reference. */
const TABLE_LIMIT = 512;
/** Words without a pointer between two pointers of one object. */
const GAP_LIMIT = 2;
/** Objects that point to objects: an object map, an object, its table of methods. */
const DATA_DEPTH = 3;

/** Tells the reach of the functions of one module, spreading from the roots only as far as the questions need. */
export class ModuleReach {
  readonly #flow: ModuleFlow;
  readonly #labels = new Map<number, Reach>();
  /** What is still to be spread, least far-fetched first: direct calls from each root, then tables of methods, then callbacks. */
  readonly #stages: (() => void)[];
  #edges: EdgeReader | undefined;

  constructor(flow: ModuleFlow, roots: readonly Root[]) {
    this.#flow = flow;
    const { entryPoint } = flow.image;
    // Objects that the module's start makes are there for the exports to use: their methods count as reached by vtable.
    const start = roots.length > 0 && entryPoint > 0 ? [entryPoint] : [];
    this.#stages = [
      () => {
        for (const root of roots) {
          if (this.#labels.has(root.rva)) continue;
          this.#labels.set(root.rva, `export:${root.name}`);
          this.#spread([root.rva], `export:${root.name}`, false, false);
        }
      },
      () => this.#spread([...this.#labels.keys(), ...start], 'vtable', true, false),
      () => this.#spread([...this.#labels.keys(), ...start], 'callback', true, true),
    ];
  }

  /** The reach of the function that starts at `start`; no further stage is spread than its answer needs. */
  of(start: number): Reach {
    for (let label = this.#labels.get(start); ; label = this.#labels.get(start)) {
      if (label !== undefined) return label;
      const stage = this.#stages.shift();
      if (!stage) return 'module-only';
      stage();
    }
  }

  #spread(from: readonly number[], label: Reach, tables: boolean, callbacks: boolean): void {
    this.#edges ??= new EdgeReader(this.#flow);
    const edges = this.#edges;
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const named = tables ? edges.names(at) : undefined;
      for (const to of [...edges.calls(at), ...(named?.tables ?? []), ...(callbacks ? (named?.callbacks ?? []) : [])]) {
        if (this.#labels.has(to)) continue;
        this.#labels.set(to, label);
        open.push(to);
      }
    }
  }
}

/** Functions whose addresses a function can come by: through tables of methods, and directly. */
interface Names {
  readonly tables: readonly number[];
  readonly callbacks: readonly number[];
}

/** Reads what a function refers to: from its bytes, each displacement that leads to a function's start or to a table of code pointers. */
class EdgeReader {
  readonly #flow: ModuleFlow;
  readonly #calls = new Map<number, readonly number[]>();
  readonly #names = new Map<number, Names>();
  /** The function that holds each target of a call. */
  readonly #owners = new Map<number, number>();
  readonly #pointers: Ascending;
  /** Addresses that a pointer in data names. */
  readonly #named: Ascending;
  readonly #objects = new Map<number, readonly number[]>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
    const { image } = flow;
    this.#pointers = new Ascending(() => image.relocations);
    this.#named = new Ascending(() =>
      image.relocations.map((at) => Math.max(0, image.rvaOf(image.readPointer(at)))).sort(),
    );
  }

  /** Functions that a function calls or jumps to. */
  calls(start: number): readonly number[] {
    let calls = this.#calls.get(start);
    if (calls) return calls;
    const { code } = this.#flow;
    const found = new Set<number>();
    for (const { begin, end } of code.parts(start)) {
      for (const target of this.#flow.calls.from(begin, end)) {
        let owner = this.#owners.get(target);
        if (owner === undefined) {
          owner = code.functionAt(target);
          this.#owners.set(target, owner);
        }
        if (target !== start && (owner === target || owner < 0)) found.add(target);
        else if (owner >= 0 && owner !== start) found.add(owner);
      }
    }
    calls = [...found];
    this.#calls.set(start, calls);
    return calls;
  }

  /**
   * What a function takes the addresses of. Looks at bytes, not at instructions: a displacement that leads to code, or to an object with
   * pointers, is hardly ever anything else, and whole modules are read this way.
   */
  names(start: number): Names {
    const known = this.#names.get(start);
    if (known) return known;
    const { image, code } = this.#flow;
    const tables = new Set<number>();
    const callbacks = new Set<number>();
    const { references } = this.#flow;
    for (const { begin, end } of code.parts(start)) {
      for (const target of references.addresses.from(begin, end)) {
        if (image.isCode(target)) callbacks.add(target);
        else for (const method of this.#methodsFrom(target, DATA_DEPTH)) tables.add(method);
      }
    }
    const names = { tables: [...tables], callbacks: [...callbacks] };
    this.#names.set(start, names);
    return names;
  }

  /** Code that a data object leads to: its own code pointers, and those of the tables and objects it points to. */
  #methodsFrom(rva: number, depth: number): readonly number[] {
    const known = this.#objects.get(rva);
    if (known) return known;
    this.#objects.set(rva, []);
    // Most addresses that code takes are of strings and variables.
    if (!this.#pointers.has(rva)) {
      let near = false;
      for (let i = 1; i <= GAP_LIMIT && !near; i++) near = this.#pointers.has(rva + i * this.#flow.image.pointerSize);
      if (!near) return [];
    }
    const { image } = this.#flow;
    const size = image.pointerSize;
    const methods = new Set<number>();
    let gap = 0;
    for (let i = 0; i < TABLE_LIMIT && gap <= GAP_LIMIT; i++) {
      const at = rva + i * size;
      // The next object that something else points to is not this one's.
      if (i > 0 && this.#named.has(at)) break;
      if (!this.#pointers.has(at)) {
        gap++;
        continue;
      }
      gap = 0;
      const to = image.rvaOf(image.readPointer(at));
      if (to < 0) continue;
      if (image.isCode(to)) methods.add(to);
      else if (depth > 0) for (const method of this.#methodsFrom(to, depth - 1)) methods.add(method);
    }
    const all = [...methods];
    this.#objects.set(rva, all);
    return all;
  }
}

/** A set of RVAs as a sorted array, made when first asked. */
class Ascending {
  readonly #make: () => Uint32Array;
  #values: Uint32Array | undefined;

  constructor(make: () => Uint32Array) {
    this.#make = make;
  }

  has(rva: number): boolean {
    this.#values ??= this.#make();
    return this.#values[firstAtLeast(this.#values, rva)] === rva;
  }
}

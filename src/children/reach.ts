// How a program can come to a function of a module: from the exports it imports, by direct calls, then by vtables, then by callbacks; or who else does.

import { firstAtLeast } from '../code/ascending.ts';
import type { ModuleFlow } from '../code/flow.ts';
import type { ExportedSymbol } from '../pe/exports.ts';
import type { Reach } from './document.ts';
import type { Root } from './exported.ts';
import type { OtherExports } from './other-exports.ts';

/** Words of an object or table that are followed from one reference. */
const TABLE_LIMIT = 512;
/** Words without a pointer between two pointers of one object. */
const GAP_LIMIT = 2;
/** Objects that point to objects: an object map, an object, its table of methods. */
const DATA_DEPTH = 3;
/** ModRM and SIB bytes of an operand [index*4 + displacement]. */
const MODE_AND_RM = 0xc7;
const BY_SIB = 0x04;
const SIB_WITHOUT_INDEX = 0xc7;
const SCALE_4_NO_BASE = 0x85;
/** Functions looked at on the way back from one to the exports that lead to it. */
const BACK_LIMIT = 4000;

/** Tells the reach of the functions of one module, spreading from the roots only as far as the questions need. */
export class ModuleReach {
  readonly #flow: ModuleFlow;
  readonly #labels = new Map<number, Reach>();
  /** What is still to be spread, least far-fetched first: direct calls from each root, then tables of methods, then callbacks. */
  readonly #stages: (() => void)[];
  #edges: EdgeReader | undefined;
  readonly #askOthers: () => OtherExports | undefined;
  #others: OtherExports | undefined;
  readonly #foreign = new Map<number, readonly ExportedSymbol[]>();

  /** `others` are the module's exports that are no roots; asked only where the roots do not lead to a function. */
  constructor(flow: ModuleFlow, roots: readonly Root[], others: () => OtherExports | undefined = () => undefined) {
    this.#flow = flow;
    this.#askOthers = others;
    const { entryPoint } = flow.image;
    // Objects that the module's start makes are there for the exports to use: their methods count as reached by vtable.
    const start = roots.length > 0 && entryPoint > 0 ? [entryPoint] : [];
    this.#stages = [
      () => {
        for (const root of roots) {
          if (this.#labels.has(root.rva)) continue;
          this.#labels.set(root.rva, root.reach);
          this.#spread([root.rva], root.reach, false, false);
        }
      },
      () => this.#spread([...this.#labels.keys(), ...start], 'vtable', true, false),
      () => this.#spread([...this.#labels.keys(), ...start], 'callback', true, true),
      // What may be called in this process, by ways that are not followed, is not said to run in another.
      () => {
        this.#others = this.#askOthers();
        const entered = [entryPoint, ...(this.#others?.entered ?? [])].filter((rva) => rva > 0);
        this.#spread(entered, 'module-only', true, true);
      },
    ];
  }

  /** The reach of the function that starts at `start`; no further stage is spread than its answer needs. */
  of(start: number): Reach {
    for (let label = this.#labels.get(start); ; label = this.#labels.get(start)) {
      if (label !== undefined) return label;
      const stage = this.#stages.shift();
      if (!stage) return this.foreignExports(start).length > 0 ? 'other-process' : 'module-only';
      stage();
    }
  }

  /** For a function that no root leads to: the exports that do, by direct calls, where none of them is seen to be called in this process. */
  foreignExports(start: number): readonly ExportedSymbol[] {
    let exports = this.#foreign.get(start);
    if (!exports) {
      const others = this.#others;
      exports = others ? this.#exportsBefore(start, others.foreign) : [];
      if (exports.some((symbol) => others?.isNamed(symbol))) exports = [];
      this.#foreign.set(start, exports);
    }
    return exports;
  }

  /** The exports from which direct calls lead to a function. */
  #exportsBefore(start: number, exports: ReadonlyMap<number, ExportedSymbol>): readonly ExportedSymbol[] {
    const found: ExportedSymbol[] = [];
    const seen = new Set([start]);
    for (const at of seen) {
      const symbol = exports.get(at);
      if (symbol) found.push(symbol);
      for (const caller of this.#flow.callersOf(at)) seen.add(caller.function);
      if (seen.size > BACK_LIMIT) return [];
    }
    return found;
  }

  #spread(from: readonly number[], label: Reach, tables: boolean, callbacks: boolean): void {
    this.#edges ??= new EdgeReader(this.#flow);
    const edges = this.#edges;
    const labels = this.#labels;
    const open = [...from];
    const add = (all: readonly number[]): void => {
      for (let i = 0; i < all.length; i++) {
        if (labels.has(all[i])) continue;
        labels.set(all[i], label);
        open.push(all[i]);
      }
    };
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      add(edges.calls(at));
      if (!tables) continue;
      const names = edges.names(at);
      add(names.tables);
      if (callbacks) add(names.callbacks);
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
  /** RVAs of the pointers in data; made when first asked. */
  #pointers: ReadonlySet<number> | undefined;
  /** Addresses that code takes; made when first asked. */
  #named: ReadonlySet<number> | undefined;
  readonly #objects = new Map<number, readonly number[]>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
  }

  /** Functions that a function calls or jumps to; one for each call. */
  calls(start: number): readonly number[] {
    let calls = this.#calls.get(start);
    if (calls) return calls;
    const { code } = this.#flow;
    const found: number[] = [];
    for (const { begin, end } of code.parts(start)) {
      const targets = this.#flow.calls.from(begin, end);
      for (let i = 0; i < targets.length; i++) {
        const target = targets[i];
        let owner = this.#owners.get(target);
        if (owner === undefined) {
          owner = code.functionAt(target);
          this.#owners.set(target, owner);
        }
        if (target !== start && (owner === target || owner < 0)) found.push(target);
        else if (owner >= 0 && owner !== start) found.push(owner);
      }
    }
    calls = found;
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
    const { code } = this.#flow;
    const tables = new Set<number>();
    const callbacks: number[] = [];
    const { references } = this.#flow;
    for (const { begin, end } of code.parts(start)) {
      const targets = references.addresses.from(begin, end);
      for (let i = 0; i < targets.length; i++) {
        if (this.#isFunction(targets[i])) callbacks.push(targets[i]);
        else for (const method of this.#methodsFrom(targets[i], DATA_DEPTH)) tables.add(method);
      }
      for (const table of this.#indexedTables(begin, end))
        for (const method of this.#methodsFrom(table, DATA_DEPTH)) tables.add(method);
    }
    const names = { tables: [...tables], callbacks };
    this.#names.set(start, names);
    return names;
  }

  /** The tables whose address is the displacement of an operand that an index selects from (x86: [index*4 + table]). */
  #indexedTables(begin: number, end: number): readonly number[] {
    const { image, references } = this.#flow;
    if (image.is64) return [];
    const { places, targets } = references.data;
    const found: number[] = [];
    for (let i = firstAtLeast(places, begin); i < places.length && places[i] < end; i++) {
      const at = places[i];
      if (
        (image.readU8(at - 1) & SIB_WITHOUT_INDEX) === SCALE_4_NO_BASE &&
        (image.readU8(at - 2) & MODE_AND_RM) === BY_SIB
      )
        found.push(targets[i]);
    }
    return found;
  }

  /** Code that a data object leads to: its own code pointers, and those of the tables and objects it points to. */
  #methodsFrom(rva: number, depth: number): readonly number[] {
    const known = this.#objects.get(rva);
    if (known) return known;
    const { image } = this.#flow;
    const size = image.pointerSize;
    this.#pointers ??= new Set(image.relocations);
    const pointers = this.#pointers;
    // Constant tables lie one behind the other, and code names each; in a variable it may name a member.
    this.#named ??= new Set(this.#flow.references.addresses.targets);
    const named = this.#named;
    const isConstant = !image.isWritable(rva);
    const methods = new Set<number>();
    this.#objects.set(rva, []);
    let gap = 0;
    for (let i = 0; i < TABLE_LIMIT && gap <= GAP_LIMIT; i++) {
      const at = rva + i * size;
      // The next object that something else points to is not this one's.
      if (i > 0 && (image.pointedTo.has(at) || (isConstant && named.has(at)))) break;
      if (!pointers.has(at)) {
        gap++;
        continue;
      }
      gap = 0;
      const to = image.rvaOf(image.readPointer(at));
      if (to < 0) continue;
      if (this.#isFunction(to)) methods.add(to);
      else if (depth > 0) for (const method of this.#methodsFrom(to, depth - 1)) methods.add(method);
    }
    if (methods.size === 0) return [];
    const all = [...methods];
    this.#objects.set(rva, all);
    return all;
  }

  /** Whether an address that is named is code; x86 images keep objects among their code. */
  #isFunction(rva: number): boolean {
    const { image, code } = this.#flow;
    return image.isCode(rva) && (image.is64 || code.entries.certain.has(rva));
  }
}

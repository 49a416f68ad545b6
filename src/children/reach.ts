// How a program can come to a function of a module: from the exports it imports, by direct calls, then by vtables, then by callbacks; or who else does.

import { firstAtLeast } from '../code/ascending.ts';
import type { ModuleFlow } from '../code/flow.ts';
import { instructionAt } from '../code/functions.ts';
import type { ExportedSymbol } from '../pe/exports.ts';
import { RvaSet } from '../pe/rva-set.ts';
import type { Reach } from './document.ts';
import type { Root } from './exported.ts';
import type { OtherExports } from './other-exports.ts';

/** Ways of spreading: direct calls, tables of methods, callbacks, other exports. */
const STAGES = 4;
/** Words of an object or table that are followed from one reference. */
const TABLE_LIMIT = 512;
/** Words without a pointer between two pointers of one object. */
const GAP_LIMIT = 2;
/** Objects that point to objects: an object map, an object, its table of methods. */
const DATA_DEPTH = 3;
/** ModRM and SIB bytes of an operand [index*4 + displacement]. */
const MODE_AND_RM = 0xc7;
const BY_SIB = 0x04;
/** ModRM of mode 0 and base 5: relative to the next instruction (x64), an absolute address (x86). */
const RIP_RELATIVE = 5;
const JMP = 0xe9;
/** `mov r, r/m` */
const MOV_LOAD = 0x8b;
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

  readonly #fromVariables: boolean;

  /**
   * `others` are the module's exports that are no roots; asked only where the roots do not lead to a function. `fromVariables` says to follow
   * the pointers that variables begin with, too, where code reads them: ATL's map of a module's classes is come to that way.
   */
  constructor(
    flow: ModuleFlow,
    roots: readonly Root[],
    others: () => OtherExports | undefined = () => undefined,
    fromVariables = false,
  ) {
    this.#flow = flow;
    this.#fromVariables = fromVariables;
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

  /** The reach of a function as far as the answers to other questions tell it: nothing is spread for it. */
  known(start: number): Reach | undefined {
    return this.#labels.get(start);
  }

  /** The same, with the direct calls from the roots looked at first. */
  direct(start: number): Reach | undefined {
    if (this.#stages.length === STAGES) this.#stages.shift()?.();
    return this.known(start);
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
    this.#edges ??= new EdgeReader(this.#flow, this.#fromVariables);
    const edges = this.#edges;
    const labels = this.#labels;
    const open = [...from];
    const add = (start: number): void => {
      if (labels.has(start)) return;
      labels.set(start, label);
      open.push(start);
    };
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      edges.addCalls(at, add);
      if (tables) edges.addMethods(at, add);
      if (callbacks) edges.addCallbacks(at, add);
    }
  }
}

/** Told of each function that an edge leads to; of one more than once. */
type AddFunction = (start: number) => void;

/**
 * Reads what a function refers to: from its bytes, each displacement that leads to a function's start or to a table of code pointers. What a
 * function or an object leads to is told once: of who asks again, all of it has been told.
 */
class EdgeReader {
  readonly #flow: ModuleFlow;
  readonly #called = new Set<number>();
  readonly #read = new Set<number>();
  /** Functions whose addresses are taken, of those whose methods were told and whose callbacks were not. */
  readonly #callbacks = new Map<number, readonly number[]>();
  /** Addresses that code takes; made when first asked. */
  #named: RvaSet | undefined;
  /** How deep the objects that were read were followed. */
  readonly #depths = new Map<number, number>();

  readonly #fromVariables: boolean;

  constructor(flow: ModuleFlow, fromVariables: boolean) {
    this.#flow = flow;
    this.#fromVariables = fromVariables;
  }

  /** Functions that a function calls or jumps to. */
  addCalls(start: number, add: AddFunction): void {
    if (this.#called.has(start)) return;
    this.#called.add(start);
    const { code, calls } = this.#flow;
    for (const { begin, end } of code.parts(start)) {
      calls.eachFrom(begin, end, (target, place) => {
        const owner = code.functionAt(target);
        if (owner === start) return;
        if (owner >= 0 && owner !== target && !this.#goesInto(owner, target, start, place)) return;
        if (owner >= 0) add(owner);
        else if (target !== start) add(target);
      });
      if (this.#flow.image.is64 && code.functionAt(start) < 0) this.#addLeafJumps(begin, end, add);
    }
  }

  /**
   * Whether what leads past the start of another function does so: to a part of it that lies away, or by an instruction. The bytes of an
   * instruction and the next can look like a jump to anywhere.
   */
  #goesInto(owner: number, target: number, start: number, place: number): boolean {
    const { code, image } = this.#flow;
    if (code.listedParts(owner).some(({ begin }) => begin === target)) return true;
    const body = image.readU8(place) === JMP ? code.body(start) : undefined;
    return body !== undefined && instructionAt(body.listing, place) >= 0;
  }

  /** Functions that a leaf without .pdata goes on to by a conditional jump: `test rcx, rcx; je Create`, as class factories of ATL do. */
  #addLeafJumps(begin: number, end: number, add: AddFunction): void {
    const { image, code } = this.#flow;
    for (let at = begin; at + 6 <= end; at++) {
      if (image.readU8(at) !== 0x0f || (image.readU8(at + 1) & 0xf0) !== 0x80) continue;
      const target = (at + 6 + image.readU32(at + 2)) >>> 0;
      if (target !== begin && code.functionAt(target) === target) add(target);
    }
  }

  /**
   * The methods of the tables that a function takes the address of. Looks at bytes, not at instructions: a displacement that leads to code,
   * or to an object with pointers, is hardly ever anything else, and whole modules are read this way.
   */
  addMethods(start: number, add: AddFunction): void {
    if (this.#read.has(start)) return;
    this.#read.add(start);
    const { code, references } = this.#flow;
    const callbacks: number[] = [];
    for (const { begin, end } of code.parts(start)) {
      references.addresses.eachFrom(begin, end, (target) => {
        if (this.#isFunction(target)) callbacks.push(target);
        else this.#addMethodsOf(target, DATA_DEPTH, add);
      });
      if (this.#fromVariables) this.#addFromVariables(begin, end, add);
      for (const table of this.#indexedTables(begin, end)) this.#addMethodsOf(table, DATA_DEPTH, add);
    }
    if (callbacks.length > 0) this.#callbacks.set(start, callbacks);
  }

  /** What the pointers lead to that code reads out of variables, as the file has them: `mov reg, [variable]`. */
  #addFromVariables(begin: number, end: number, add: AddFunction): void {
    const { image, references } = this.#flow;
    const { relocations, pointers } = image;
    references.data.eachFrom(begin, end, (variable, at) => {
      if (image.readU8(at - 2) !== MOV_LOAD || (image.readU8(at - 1) & MODE_AND_RM) !== RIP_RELATIVE) return;
      const i = firstAtLeast(relocations, variable);
      if (relocations[i] !== variable) return;
      const to = pointers[i];
      if (to < 0) return;
      if (this.#isFunction(to)) add(to);
      else this.#addMethodsOf(to, DATA_DEPTH, add);
    });
  }

  /** The functions that a function takes the address of; its methods are to be asked for before. */
  addCallbacks(start: number, add: AddFunction): void {
    this.#callbacks.get(start)?.forEach(add);
    this.#callbacks.delete(start);
  }

  /** The tables whose address is the displacement of an operand that an index selects from (x86: [index*4 + table]). */
  #indexedTables(begin: number, end: number): readonly number[] {
    const { image, references } = this.#flow;
    if (image.is64) return [];
    const found: number[] = [];
    references.data.eachFrom(begin, end, (target, at) => {
      if (
        (image.readU8(at - 1) & SIB_WITHOUT_INDEX) === SCALE_4_NO_BASE &&
        (image.readU8(at - 2) & MODE_AND_RM) === BY_SIB
      )
        found.push(target);
    });
    return found;
  }

  /** Code that a data object leads to: its own code pointers, and those of the tables and objects it points to. */
  #addMethodsOf(rva: number, depth: number, add: AddFunction): void {
    if ((this.#depths.get(rva) ?? -1) >= depth) return;
    this.#depths.set(rva, depth);
    const { image } = this.#flow;
    const { relocations, pointers, pointerSize } = image;
    // Constant tables lie one behind the other, and code names each; in a variable it may name a member.
    this.#named ??= new RvaSet(this.#flow.references.addresses.targets);
    const named = image.isWritable(rva) ? undefined : this.#named;
    let gap = 0;
    let next = firstAtLeast(relocations, rva);
    for (let i = 0; i < TABLE_LIMIT && gap <= GAP_LIMIT; i++) {
      const at = rva + i * pointerSize;
      // The next object that something else points to is not this one's.
      if (i > 0 && (image.pointedTo.has(at) || named?.has(at))) break;
      while (next < relocations.length && relocations[next] < at) next++;
      if (relocations[next] !== at) {
        gap++;
        continue;
      }
      gap = 0;
      const to = pointers[next];
      if (to < 0) continue;
      if (this.#isFunction(to)) add(to);
      else if (depth > 0) this.#addMethodsOf(to, depth - 1, add);
    }
  }

  /** Whether an address that is named is code; x86 images keep objects among their code. */
  #isFunction(rva: number): boolean {
    const { image, code } = this.#flow;
    return image.isCode(rva) && (image.is64 || code.entries.certain.has(rva));
  }
}

// How a program can come to a function of a module: from the exports it imports, by direct calls, then by vtables, then by callbacks.
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

/** Tells the reach of each function of one module; everything is computed at the first question. */
export class ModuleReach {
  readonly #flow: ModuleFlow;
  readonly #roots: readonly Root[];
  #labels: Map<number, Reach> | undefined;

  constructor(flow: ModuleFlow, roots: readonly Root[]) {
    this.#flow = flow;
    this.#roots = roots;
  }

  /** The reach of the function that starts at `start`. */
  of(start: number): Reach {
    this.#labels ??= this.#spread();
    return this.#labels.get(start) ?? 'module-only';
  }

  #spread(): Map<number, Reach> {
    const { image } = this.#flow;
    const labels = new Map<number, Reach>();
    const edges = new EdgeReader(this.#flow);
    const spread = (from: readonly number[], label: Reach, tables: boolean, callbacks: boolean): void => {
      const open = [...from];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        const out = edges.of(at);
        const next = [...out.calls, ...(tables ? out.tables : []), ...(callbacks ? out.callbacks : [])];
        for (const to of next) {
          if (labels.has(to)) continue;
          labels.set(to, label);
          open.push(to);
        }
      }
    };
    for (const root of this.#roots) {
      if (labels.has(root.rva)) continue;
      labels.set(root.rva, `export:${root.name}`);
      spread([root.rva], `export:${root.name}`, false, false);
    }
    // Objects that the module's start makes are there for the exports to use: their methods count as reached by vtable.
    const before = [...labels.keys()];
    if (this.#roots.length > 0 && image.entryPoint > 0) before.push(image.entryPoint);
    spread(before, 'vtable', true, false);
    spread(
      [...labels.keys(), ...(this.#roots.length > 0 && image.entryPoint > 0 ? [image.entryPoint] : [])],
      'callback',
      true,
      true,
    );
    return labels;
  }
}

interface Edges {
  readonly calls: readonly number[];
  readonly tables: readonly number[];
  readonly callbacks: readonly number[];
}

/** Reads what a function refers to: from its bytes, each displacement that leads to a function's start or to a table of code pointers. */
class EdgeReader {
  readonly #flow: ModuleFlow;
  readonly #view: DataView;
  readonly #known = new Map<number, Edges>();
  readonly #pointers: ReadonlySet<number>;
  /** Addresses that a pointer in data names. */
  readonly #named: ReadonlySet<number>;
  readonly #objects = new Map<number, readonly number[]>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
    const { image } = flow;
    this.#view = new DataView(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength);
    this.#pointers = new Set(image.relocations);
    this.#named = new Set([...image.relocations].map((at) => image.rvaOf(image.readPointer(at))));
  }

  of(start: number): Edges {
    let edges = this.#known.get(start);
    if (!edges) {
      edges = this.#read(start);
      this.#known.set(start, edges);
    }
    return edges;
  }

  /**
   * Looks at the bytes, not at instructions: a displacement that leads to the start of a known function, or to an object with pointers,
   * is hardly ever anything else, and whole modules are read this way.
   */
  #read(start: number): Edges {
    const { image, code } = this.#flow;
    const calls = new Set<number>();
    const tables = new Set<number>();
    const callbacks = new Set<number>();
    for (const { begin, end } of code.parts(start)) {
      for (const target of this.#flow.calls.targetsWithin(begin, end)) {
        const owner = code.functionAt(target);
        if (target !== start && (owner === target || owner < 0)) calls.add(target);
        else if (owner >= 0 && owner !== start) calls.add(owner);
      }
      const from = image.offsetOf(begin);
      if (from < 0) continue;
      const to = Math.min(image.bytes.length, from + end - begin) - 5;
      for (let at = image.bytes.indexOf(0x8d, from); at >= 0 && at < to; at = image.bytes.indexOf(0x8d, at + 1)) {
        if ((image.bytes[at + 1] & 0xc7) !== 0x05) continue;
        const target = begin + at - from + 6 + this.#view.getInt32(at + 2, true);
        if (image.isCode(target)) callbacks.add(target);
        else if (target > 0) for (const method of this.#methodsFrom(target, DATA_DEPTH)) tables.add(method);
      }
    }
    return { calls: [...calls], tables: [...tables], callbacks: [...callbacks] };
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

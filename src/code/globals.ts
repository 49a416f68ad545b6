// What a module keeps in global variables: initial contents, and what its functions write there.
import { stored } from './definitions.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import { BASE_RVA, Op, Operand } from './instruction.ts';
import { TEXT } from './query.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Functions looked at for one variable. */
const WRITER_LIMIT = 24;
/** Variables looked at in one module. */
const VARIABLE_LIMIT = 200;
const TABLE_LIMIT = 128;
const TABLE_BYTES = 4096;

/** A value written to a variable, in the terms of the function that writes it. */
export interface GlobalWrite {
  readonly function: number;
  /** RVA of the instruction that writes it, where that matters. */
  readonly at?: number;
  readonly value: ValueId;
}

export class Globals {
  readonly #flow: ModuleFlow;
  readonly #writers = new Map<number, readonly number[]>();
  readonly #tables = new Map<string, readonly ValueId[]>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
  }

  /** The pointer or number that stands at `va` in the file, or UNSET where it is zero. */
  initialWord(va: number, width: number): ValueId {
    const { image, table } = this.#flow;
    const rva = image.rvaOf(va);
    if (rva < 0) return UNSET;
    const value =
      width === 8 || width === image.pointerSize
        ? image.readPointer(rva)
        : width === 4
          ? image.readU32(rva)
          : width === 2
            ? image.readU16(rva)
            : image.readU8(rva);
    return value > 0 ? table.constant(value) : UNSET;
  }

  /** Every value that a function of the module was seen to write to the word (or, with TEXT, the text) at `va`. */
  writes(va: number, width: number): readonly GlobalWrite[] {
    const found: GlobalWrite[] = [];
    for (const start of this.#functionsNaming(va)) {
      for (const value of new Set(this.#writesOf(start, va, width)))
        if (value !== UNKNOWN && value !== UNSET) found.push({ function: start, value });
    }
    return found;
  }

  /**
   * Every pointer that a function of the module was seen to write into the field at `offset` of what the variable at `va` points to: through the
   * variable, or through a pointer that it puts there. Of an array, any element's.
   */
  fieldWrites(va: number, offset: number): readonly GlobalWrite[] {
    const found: GlobalWrite[] = [];
    for (const start of this.#functionsNaming(va))
      for (const value of new Set(this.#fieldWritesOf(start, va, offset)))
        if (value !== UNKNOWN && value !== UNSET) found.push({ function: start, value });
    return found;
  }

  #fieldWritesOf(start: number, va: number, offset: number): readonly ValueId[] {
    const { image, table } = this.#flow;
    const values = this.#flow.values(start);
    if (!values || values.questions.busy) return [];
    const size = image.pointerSize;
    const { code } = values;
    const into: number[] = [];
    for (let i = 0; i < code.count; i++)
      if (
        code.op[i] === Op.mov &&
        code.dst[i] === Operand.memory &&
        code.size[i] === size &&
        code.disp[i] === offset &&
        code.base[i] !== BASE_RVA
      )
        into.push(i);
    if (into.length === 0) return [];
    const bases = new Set<ValueId>([table.load(table.constant(va), size)]);
    const rva = image.rvaOf(va);
    for (let i = 0; i < code.count; i++)
      if (
        code.base[i] === BASE_RVA &&
        code.disp[i] >>> 0 === rva &&
        code.dst[i] === Operand.memory &&
        values.comesTo(i)
      )
        for (const one of table.alternatives(stored(values, i))) bases.add(one);
    return into.flatMap((i) => {
      if (!values.comesTo(i)) return [];
      const places = table.alternatives(values.address(i)).map((one) => table.address(one));
      const there = places.some(
        (place) => place && bases.has(place.base) && (place.somewhere || place.offset === offset),
      );
      return there ? this.#told(values, i) : [];
    });
  }

  /** What instruction `i` stores: of a pointer to memory that the function has filled, the text there. */
  #told(values: FunctionValues, i: number): readonly ValueId[] {
    const { table } = this.#flow;
    return table.alternatives(stored(values, i)).map((one) => {
      const { kind } = table.node(one);
      let text = UNSET;
      if (kind === 'frame' || kind === 'allocation') text = values.text(one, undefined, i);
      else if (kind === 'result') text = values.writtenText(one, i);
      return text !== UNSET && text !== UNKNOWN ? table.pointer(text) : one;
    });
  }

  #writesOf(start: number, va: number, width: number): readonly ValueId[] {
    const { image, table } = this.#flow;
    const values = this.#flow.values(start);
    if (!values || values.questions.busy) return [];
    const rva = image.rvaOf(va);
    const { code } = values;
    const found: ValueId[] = [];
    let passed = width === TEXT;
    for (let i = 0; i < code.count; i++) {
      if (code.base[i] !== BASE_RVA || code.disp[i] >>> 0 !== rva) {
        // In 32-bit code an address is a number.
        passed ||= !image.is64 && code.src[i] === Operand.immediate && code.immLo[i] >>> 0 === va;
        continue;
      }
      if (code.dst[i] !== Operand.memory) passed ||= code.src[i] === Operand.none || code.src[i] === Operand.memory;
      else if (code.size[i] === width && values.comesTo(i)) found.push(...this.#told(values, i));
    }
    if (found.length === 0 && passed) {
      const address = table.constant(va);
      const query = { address, base: ABSOLUTE, offset: va, width, wide: undefined, asText: width === TEXT };
      found.push(...table.alternatives(values.wrote(query)));
    }
    return found;
  }

  #functionsNaming(va: number): readonly number[] {
    const { image } = this.#flow;
    const rva = image.rvaOf(va);
    let functions = this.#writers.get(rva);
    if (functions) return functions;
    functions = [];
    if (rva >= 0 && this.#writers.size < VARIABLE_LIMIT) {
      const starts = new Set<number>();
      for (const at of this.#flow.references.data.to(rva)) {
        const start = this.#flow.functionHolding(at);
        if (start >= 0) starts.add(start);
        if (starts.size >= WRITER_LIMIT) break;
      }
      functions = [...starts];
    }
    this.#writers.set(rva, functions);
    return functions;
  }

  /**
   * The pointers in a table that starts at `va`, up to the next address that code names, a run of numbers, or the table limit; of elements of
   * `stride` bytes, those at their beginning.
   */
  table(va: number, stride = 0): readonly ValueId[] {
    const { image, table } = this.#flow;
    const key = `${va}:${stride}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const start = image.rvaOf(va);
    const values: ValueId[] = [];
    if (start >= 0 && (!image.is64 || !image.isCode(start))) {
      const next = this.#flow.references.data.firstTargetBetween(start, start + TABLE_BYTES);
      const size = stride % image.pointerSize === 0 ? Math.max(stride, image.pointerSize) : image.pointerSize;
      let gap = 0;
      for (let at = start; at < next && gap < 4 && values.length < TABLE_LIMIT; at += size) {
        const pointer = image.readPointer(at);
        const to = pointer > 0 ? image.rvaOf(pointer) : -1;
        if (to >= 0) {
          values.push(table.constant(pointer));
          gap = 0;
        } else gap++;
      }
    }
    this.#tables.set(key, values);
    return values;
  }
}

// What a function stores in the variables of its frame, and which of them something else may write, through a pointer.
import { firstAtLeast } from './ascending.ts';
import { isPadding } from './dominators.ts';
import { OBJECT_LIMIT } from './extents.ts';
import type { FunctionValues } from './function-values.ts';
import { NONE, Op, Operand, Reg } from './instruction.ts';
import { FRAME, type ValueId } from './values.ts';

/** A store; offsets are from the stack pointer on entry. */
export interface FrameStore {
  /** Index of the instruction. */
  readonly at: number;
  /** Bytes [from, to) that it may write; all of them where it `isExact`, else some. */
  readonly from: number;
  readonly to: number;
  readonly isExact: boolean;
}

/** Operations that do not write the operand `dst`. */
export const READS: ReadonlySet<number> = new Set([Op.cmp, Op.test, Op.push, Op.call, Op.jmp]);

/** Registers that no function gets an argument in: what they hold stays in the function, as long as it only leads to operands. */
const BASES_64: readonly number[] = [Reg.rax, Reg.rbp, Reg.r10, Reg.r11, Reg.r13];
const BASES_32: readonly number[] = [Reg.rbp, Reg.rbx];
/** Operations whose `dst` is no operand that is read. */
const WRITES_ONLY: ReadonlySet<number> = new Set([
  ...[Op.mov, Op.movzx, Op.movsx, Op.lea, Op.zero, Op.setcc, Op.pop, Op.cmp, Op.test],
]);

/** Whether the memory operand of instruction `i` is known by the stack pointer, or by a register that was set up beside it. */
export function isFramePointer(values: FunctionValues, i: number): boolean {
  const base = values.code.base[i];
  return base >= 0 && base < 16 && leadsToFrame(values, i, base, base === Reg.rsp ? 0 : values.reaching.at(base, i));
}

/** Whether a register that holds what definition `name` gave it holds an address of the frame before instruction `i`. */
function leadsToFrame({ code, stack }: FunctionValues, i: number, register: number, name: number): boolean {
  if (register === Reg.rsp) return true;
  if (register === Reg.rbp && stack !== undefined) return stack.frame(i) !== undefined;
  if (name < 0) return false;
  return (
    (code.op[name] === Op.lea && code.base[name] === Reg.rsp) ||
    (code.op[name] === Op.mov && code.src[name] === Reg.rsp)
  );
}

/** The stores of one function in its frame, and the places of it whose address something else may have. */
export class FrameStores {
  readonly stores: readonly FrameStore[];
  /** Ascending: offsets that a pointer leads to. */
  readonly #taken: readonly number[];
  /** Whether every store in the frame, and every pointer to it, is one of these. */
  readonly isWhole: boolean;

  constructor(values: FunctionValues) {
    const reader = new FrameReader(values);
    this.isWhole = reader.read();
    this.stores = reader.stores;
    this.#taken = [...reader.taken].sort((a, b) => a - b);
  }

  /** Whether something else may write some of `size` bytes at an offset: through a pointer to them, or to an object that they may be a part of. */
  mayBeWritten(offset: number, size: number): boolean {
    const i = firstAtLeast(this.#taken, offset - OBJECT_LIMIT + 1);
    return !this.isWhole || (i < this.#taken.length && this.#taken[i] < offset + size);
  }
}

/** Goes once through the instructions of a function. */
class FrameReader {
  readonly stores: FrameStore[] = [];
  readonly taken = new Set<number>();
  readonly #values: FunctionValues;
  readonly #bases: readonly number[];
  /** Definitions of such registers by an address of the frame, each with its value. */
  readonly #definitions = new Map<number, ValueId>();
  /** Names of what such registers hold where more is done with it than to lead to an operand. */
  readonly #used = new Set<number>();
  #isWhole = true;

  constructor(values: FunctionValues) {
    this.#values = values;
    this.#bases = values.initial.pointerSize === 8 ? BASES_64 : BASES_32;
  }

  read(): boolean {
    const { reaching } = this.#values;
    const { blocks, reached } = reaching.body;
    const names = new Int32Array(16);
    for (let b = 0; b < blocks.length && this.#isWhole; b++) {
      const { first, end } = blocks[b];
      if (b >= reached) {
        this.#readUnseen(b);
        continue;
      }
      for (let r = 0; r < 16; r++) names[r] = reaching.at(r, first);
      for (let i = first; i < end; i++) {
        this.#readOne(i, names);
        for (let r = 0; r < 16; r++) if (reaching.writes(i, r)) names[r] = i;
      }
    }
    const isMerged = [...this.#used].some((name) => name < -1);
    for (const [definition, value] of this.#definitions) if (isMerged || this.#used.has(definition)) this.#take(value);
    return this.#isWhole;
  }

  /** A block that nothing is seen to come to, as the handler of an exception. */
  #readUnseen(b: number): void {
    const { code, reaching } = this.#values;
    if (isPadding(this.#values, b)) return;
    const { first, end } = reaching.body.blocks[b];
    for (let i = first; i < end; i++) {
      const isStore = code.dst[i] === Operand.memory && !READS.has(code.op[i]);
      if (isStore || code.op[i] === Op.lea || STRING_STORES.has(code.op[i])) this.#isWhole = false;
    }
  }

  #readOne(i: number, names: Int32Array): void {
    const values = this.#values;
    const { op, dst, src, base, index } = values.code;
    const isStore = dst[i] === Operand.memory && !READS.has(op[i]);
    const leads = (r: number): boolean => r >= 0 && r < 16 && leadsToFrame(values, i, r, names[r]);
    if (index[i] !== NONE && index[i] !== Reg.rsp) this.#use(i, index[i], names);
    if (src[i] < 16 && dst[i] !== Reg.rsp && op[i] !== Op.lea) this.#use(i, src[i], names);
    if (dst[i] < 16 && !WRITES_ONLY.has(op[i])) this.#use(i, dst[i], names);
    if (op[i] === Op.mov && src[i] === Reg.rsp && dst[i] < 16) this.#define(i, values.register(Reg.rsp, i));
    else if (op[i] === Op.lea && dst[i] !== Reg.rsp && leads(base[i]) && values.comesTo(i))
      this.#define(i, values.address(i));
    else if (isStore && leads(base[i]) && values.comesTo(i)) this.#store(i);
  }

  /** What is done with a register beside leading to an operand. */
  #use(i: number, r: number, names: Int32Array): void {
    const { code, stack } = this.#values;
    if (code.op[i] === Op.cmp || code.op[i] === Op.test || code.op[i] === Op.xchg) return;
    if (r === Reg.rsp) {
      if (code.src[i] === Reg.rsp && !(code.op[i] === Op.mov && code.dst[i] < 16))
        this.#take(this.#values.register(Reg.rsp, i));
    } else if (r === Reg.rbp && stack?.frame(i) !== undefined) this.#take(this.#values.register(Reg.rbp, i));
    else if (this.#bases.includes(r)) this.#used.add(names[r]);
  }

  #define(i: number, value: ValueId): void {
    if (this.#bases.includes(this.#values.code.dst[i])) this.#definitions.set(i, value);
    else this.#take(value);
  }

  #take(value: ValueId): void {
    const place = this.#values.table.address(value);
    if (place?.base === FRAME) this.taken.add(place.offset);
    else this.#isWhole = false;
  }

  #store(i: number): void {
    const { code, table } = this.#values;
    const place = table.address(this.#values.address(i));
    if (place?.base !== FRAME) {
      this.#isWhole = false;
      return;
    }
    const { offset: from, somewhere } = place;
    this.stores.push({ at: i, from, to: from + (somewhere ? OBJECT_LIMIT : code.size[i]), isExact: !somewhere });
  }
}

const STRING_STORES: ReadonlySet<number> = new Set([Op.movs, Op.stos]);

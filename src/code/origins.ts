// Where a register's value can come from, told by the instructions alone: it says which calls and stores can touch a place at all.
import type { Frame } from './frame.ts';
import { BASE_RVA, type Listing, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';
import { waysInto } from './merges.ts';
import { ENTRY, MEMORY, Memory, mergeName, type Reaching } from './reaching.ts';
import type { StackDepth } from './stack-depth.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, type ValueId } from './values.ts';

/** Definitions that one is traced back through; past it it can be anything. */
const DEPTH_LIMIT = 100;
/** Definitions and merges that are worked out for one answer. */
const WORK_LIMIT = 20_000;

/** Kinds of address, as bits. */
export const Origin = { frame: 1, image: 2, entry: 4, loaded: 8, made: 16, any: 31 } as const;
/** What is no address. */
const NUMBER = 0;

/** The memory that addresses with that base lead to. */
export function memoryOf(table: ValueTable, base: ValueId): number {
  if (base === FRAME) return Memory.frame;
  if (base === ABSOLUTE) return Memory.image;
  const { kind } = table.node(base);
  return kind === 'parameter' || kind === 'entry' ? Memory.entry : kind === 'load' ? Memory.loaded : Memory.made;
}

/** Tells the origins of one function's registers. */
export class Origins {
  readonly #reaching: Reaching;
  readonly #code: Listing;
  readonly #pointerSize: number;
  readonly #stack: () => StackDepth | undefined;
  readonly #goes: (from: number, to: number) => boolean;
  readonly #returned: (i: number) => number;
  readonly #known = new Map<number, number>();
  /** Those that are being worked out, with how deep they are. */
  readonly #open = new Map<number, number>();
  /** The outermost of them that was met. */
  #lowest = Number.POSITIVE_INFINITY;
  #worked = 0;
  #depth = 0;

  /** `returned` says which kinds of address the call of an instruction can return. */
  constructor(
    code: Pick<Frame, 'initial' | 'reaching' | 'stack'>,
    goes: (from: number, to: number) => boolean,
    returned: (i: number) => number,
  ) {
    this.#pointerSize = code.initial.pointerSize;
    this.#stack = () => code.stack;
    this.#returned = returned;
    this.#reaching = code.reaching;
    this.#code = code.reaching.body.listing;
    this.#goes = goes;
  }

  /** The kinds of address that register `r` can hold before instruction `i`. */
  of(r: number, i: number): number {
    if (this.#pointerSize === 4 && (r === Reg.rsp || (r === Reg.rbp && this.#stack()?.frame(i) !== undefined)))
      return Origin.frame;
    return this.#named(r, this.#reaching.at(r, i));
  }

  /** The kinds of address that the memory operand of instruction `i` can have. */
  ofOperand(i: number): number {
    const { base, index, segment } = this.#code;
    if (segment[i] !== 0) return 0;
    if (base[i] === BASE_RVA) return Origin.image;
    if (base[i] === NONE) return index[i] === NONE ? Origin.image : Origin.any;
    const origins = this.of(base[i], i);
    return index[i] === NONE ? origins : origins | this.of(index[i], i);
  }

  #named(r: number, name: number): number {
    if (name === ENTRY) return r === Reg.rsp ? Origin.frame : Origin.entry;
    const key = name * MEMORY + r;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const open = this.#open.get(key);
    if (open !== undefined) {
      this.#lowest = Math.min(this.#lowest, open);
      return 0;
    }
    if (this.#depth === 0) this.#worked = 0;
    if (this.#depth >= DEPTH_LIMIT || ++this.#worked > WORK_LIMIT) return Origin.any;
    const before = this.#lowest;
    const depth = this.#depth++;
    this.#lowest = depth;
    this.#open.set(key, depth);
    const origins = name >= 0 ? this.#defined(r, name) : this.#merged(r, name);
    this.#open.delete(key);
    this.#depth--;
    // What was made of one that is still open lacks what that one has from elsewhere: it is not kept.
    if (this.#lowest >= depth) this.#known.set(key, origins);
    this.#lowest = Math.min(before, this.#lowest);
    return origins;
  }

  #merged(r: number, root: number): number {
    const names = new Set<number>();
    const { visited } = waysInto<never>(this.#reaching, root, this.#goes, (from) => {
      const name = this.#reaching.atEnd(r, from);
      if (name < ENTRY) return { merge: name };
      names.add(name);
      return {};
    });
    let origins = visited.has(mergeName(0)) ? this.#named(r, ENTRY) : 0;
    for (const name of names) origins |= this.#named(r, name);
    return origins;
  }

  #defined(r: number, i: number): number {
    const { op, dst, src, size, target } = this.#code;
    switch (op[i]) {
      case Op.mov:
      case Op.cmov:
      case Op.add:
      case Op.sub:
      case Op.and:
      case Op.inc:
      case Op.dec: {
        if (dst[i] !== r) return Origin.any;
        // Half a pointer is a number; where images lie low, one of theirs.
        if (size[i] < this.#pointerSize) return Origin.image;
        const moved = this.operand(i, src[i]);
        return op[i] === Op.mov ? moved : moved | this.of(r, i);
      }
      case Op.lea:
        return this.ofOperand(i);
      case Op.push:
      case Op.movs:
      case Op.stos:
      case Op.scan:
        return this.of(r, i);
      case Op.pop:
        return r === Reg.rsp && dst[i] !== r ? this.of(r, i) : Origin.any;
      case Op.leave:
        return r === Reg.rsp ? this.of(Reg.rbp, i) : Origin.any;
      case Op.xor:
      case Op.zero:
        return NUMBER;
      case Op.call:
      case Op.jmp:
        // A function of the module may keep a register that it need not keep, and its callers rely on it.
        return r === Reg.rax ? this.#returned(i) : Origin.made | (target[i] === NO_TARGET ? 0 : this.of(r, i));
      case Op.movzx:
      case Op.movsx:
      case Op.imul:
      case Op.shl:
      case Op.shr:
      case Op.sar:
      case Op.setcc:
      case Op.borrow:
      case Op.muldiv:
        return NUMBER;
      default:
        return Origin.any;
    }
  }

  /** The kinds of address that an operand of instruction `i` can be. */
  operand(i: number, which: number): number {
    if (which < 16) return this.of(which, i);
    if (which === Operand.immediate) return Origin.image;
    if (which !== Operand.memory) return Origin.any;
    // What was put aside in the frame can be anything; what stands elsewhere is no address of this function's own frame.
    return (this.ofOperand(i) & Origin.frame) !== 0 ? Origin.any : Origin.image | Origin.loaded | Origin.made;
  }
}

// Which instruction gave a register, or a kind of memory, what it holds at a point of a function: names of definitions, no values yet.
import type { FunctionBody } from './functions.ts';
import { type Listing, NO_TARGET, Op, Operand, Reg } from './instruction.ts';

/** The first location number that is memory; below it are 16 general and 16 vector registers. */
export const MEMORY = 32;
/** Memory by the kind of address that leads to it: what is written through one kind of address is not read through another. */
export const Memory = {
  frame: MEMORY,
  image: MEMORY + 1,
  /** Behind what registers held on entry. */
  entry: MEMORY + 2,
  /** Behind pointers that stood in memory. */
  loaded: MEMORY + 3,
  /** Behind what calls gave. */
  made: MEMORY + 4,
} as const;
const LOCATIONS = MEMORY + 5;

/** The name of what a location held when the function was entered. Names from 0 on are indices of the instructions that defined it. */
export const ENTRY = -1;

/** The name of what comes together in a location at the start of block `b`. */
export function mergeName(b: number): number {
  return -2 - b;
}

/** The block whose start a name below ENTRY stands for. */
export function mergeBlock(name: number): number {
  return -2 - name;
}

const bit = (location: number): number => 1 << (location & 31);
const RAX = bit(Reg.rax);
const RCX = bit(Reg.rcx);
const RDX = bit(Reg.rdx);
const RSP = bit(Reg.rsp);
const RSI = bit(Reg.rsi);
const RDI = bit(Reg.rdi);
/** xmm0 to xmm5 */
const VOLATILE_VECTORS = 0x3f << 16;
/** Registers that a callee may change (Microsoft x64: rax rcx rdx r8-r11; x86: eax ecx edx). */
const VOLATILE_64 = RAX | RCX | RDX | (0xf << Reg.r8) | VOLATILE_VECTORS;
const VOLATILE_32 = RAX | RCX | RDX | VOLATILE_VECTORS;

/** What each operation writes besides `dst`: bits of registers; -1 where `dst` is only read. */
const BESIDES = new Int32Array(64);
for (const op of [Op.nop, Op.cmp, Op.test, Op.jmp, Op.jcc, Op.ret, Op.trap, Op.loop]) BESIDES[op] = -1;
BESIDES[Op.pop] = RSP;
BESIDES[Op.push] = RSP;
BESIDES[Op.leave] = RSP | bit(Reg.rbp);
BESIDES[Op.muldiv] = RAX | RDX;
BESIDES[Op.scan] = RCX | RSI | RDI;
BESIDES[Op.movs] = RSI | RDI;
BESIDES[Op.stos] = RDI;
BESIDES[Op.clobberAll] = 0xffff & ~RSP;
BESIDES[Op.exchange] = RAX;

/** Operations whose `dst` is not written (push and call only read their operand). */
const KEEPS_DST = new Uint8Array(64);
for (const op of [Op.push, Op.call, Op.movs, Op.stos, Op.muldiv, Op.scan]) KEEPS_DST[op] = 1;

interface Names {
  /** By block: the name at its start, and the last definition in it or -1. */
  readonly start: Int32Array;
  readonly last: Int32Array;
}

/** The reaching definitions of one function, found for each location when it is first asked for. */
export class Reaching {
  readonly body: FunctionBody;
  readonly #code: Listing;
  /** The block of each instruction. */
  readonly blockOf: Int32Array;
  /** Blocks that lead to block b: before[beforeAt[b]] to before[beforeAt[b + 1] - 1]; only blocks that the entry reaches. */
  readonly beforeAt: Int32Array;
  readonly before: Int32Array;
  readonly #volatile: number;
  /** By instruction: bits of the registers that it writes. */
  readonly #writes: Int32Array;
  /** By block: bits of the registers that its instructions write. */
  readonly #writtenIn: Int32Array;
  /** By instruction: bits of the kinds of memory that it may write. */
  readonly #touches: Uint8Array;
  readonly #kindsOf: (i: number) => number;
  #classified = false;
  #heads: { readonly outermost: Int32Array; readonly innermost: Int32Array } | undefined;
  /** By kind of memory: the name of what it holds before each instruction. */
  readonly #memory: (Int32Array | undefined)[] = [];
  readonly #names: (Names | undefined)[] = new Array(LOCATIONS).fill(undefined);

  /** `kindsOf` says of an instruction that may write memory which kinds: a bit for each of {@link Memory}. */
  constructor(body: FunctionBody, pointerSize: number, kindsOf: (i: number) => number) {
    this.#kindsOf = kindsOf;
    this.body = body;
    this.#code = body.listing;
    this.#volatile = pointerSize === 8 ? VOLATILE_64 : VOLATILE_32;
    const { blocks, reached } = body;
    this.blockOf = new Int32Array(body.listing.count);
    this.beforeAt = new Int32Array(blocks.length + 1);
    let edges = 0;
    for (let b = 0; b < blocks.length; b++) {
      this.blockOf.fill(b, blocks[b].first, blocks[b].end);
      if (b >= reached) continue;
      for (const next of blocks[b].next) {
        this.beforeAt[next + 1]++;
        edges++;
      }
    }
    for (let b = 0; b < blocks.length; b++) this.beforeAt[b + 1] += this.beforeAt[b];
    this.before = new Int32Array(edges);
    const filled = this.beforeAt.slice();
    for (let b = 0; b < reached; b++) for (const next of blocks[b].next) this.before[filled[next]++] = b;
    this.#writes = new Int32Array(body.listing.count);
    this.#touches = new Uint8Array(body.listing.count);
    for (let i = 0; i < body.listing.count; i++) this.#read(i);
    this.#writtenIn = new Int32Array(blocks.length);
    for (let b = 0; b < blocks.length; b++) {
      const { first, end } = blocks[b];
      let written = 0;
      for (let i = first; i < end; i++) written |= this.#writes[i];
      this.#writtenIn[b] = written;
    }
  }

  #read(i: number): void {
    const { dst, src, clobber, rep } = this.#code;
    const op = this.#code.op[i];
    let written = BESIDES[op];
    if (written < 0) {
      if (op !== Op.jmp || !this.leaves(i)) {
        if (clobber[i] < 16) this.#writes[i] = bit(clobber[i]);
        return;
      }
      written = this.#volatile;
      this.#touches[i] = 1;
    }
    if (op === Op.call) {
      written = this.#volatile;
      this.#touches[i] = 1;
    } else if (op === Op.push || op === Op.movs || op === Op.stos) this.#touches[i] = 1;
    if (rep[i] !== 0 && (op === Op.movs || op === Op.stos)) written |= RCX;
    if (KEEPS_DST[op] === 0) {
      if (dst[i] < 32) written |= bit(dst[i]);
      else if (dst[i] === Operand.memory) this.#touches[i] = 1;
    }
    if (op === Op.xchg || op === Op.exchange) {
      if (src[i] < 32) written |= bit(src[i]);
      else if (src[i] === Operand.memory) this.#touches[i] = 1;
    }
    if (clobber[i] < 16) written |= bit(clobber[i]);
    this.#writes[i] = written;
  }

  /** The lowest block of the outermost loop around block `b`, or `b`: what lies below it is left behind for good. */
  outermostHead(b: number): number {
    return this.#loops().outermost[b];
  }

  /** The head of the innermost loop around block `b`, or `b`. */
  innermostHead(b: number): number {
    return this.#loops().innermost[b];
  }

  /** Blocks are in reverse post-order; a loop reaches from its head to the last block that goes back there. */
  #loops(): { readonly outermost: Int32Array; readonly innermost: Int32Array } {
    if (this.#heads) return this.#heads;
    const { blocks, reached, loopHeads } = this.body;
    const outermost = Int32Array.from(blocks, (_, i) => i);
    const innermost = outermost.slice();
    const ends = new Map<number, number>();
    for (let b = 0; b < reached; b++) for (const next of blocks[b].next) if (next <= b) ends.set(next, b);
    const heads = [...loopHeads].sort((x, y) => x - y);
    for (const head of heads) innermost.fill(head, head, (ends.get(head) ?? head) + 1);
    for (const head of heads.reverse()) outermost.fill(head, head, (ends.get(head) ?? head) + 1);
    for (let b = 0; b < reached; b++) outermost[b] = Math.min(outermost[b], outermost[outermost[b]]);
    this.#heads = { outermost, innermost };
    return this.#heads;
  }

  /** Whether the jump of instruction `i` leaves the function (a tail call). */
  leaves(i: number): boolean {
    const { target, src } = this.#code;
    if (target[i] !== NO_TARGET) {
      for (const part of this.body.parts) if (target[i] >= part.begin && target[i] < part.end) return false;
      return true;
    }
    return src[i] !== Operand.none && this.body.blocks[this.blockOf[i]].next.length === 0;
  }

  /** Whether instruction `i` may write the register. */
  writes(i: number, register: number): boolean {
    return (this.#writes[i] & bit(register)) !== 0;
  }

  /** What each instruction may write: bits of registers, or of kinds of memory. */
  #written(location: number): ArrayLike<number> {
    if (location < MEMORY) return this.#writes;
    if (!this.#classified) {
      this.#classified = true;
      for (let i = 0; i < this.#touches.length; i++) if (this.#touches[i] !== 0) this.#touches[i] = this.#kindsOf(i);
    }
    return this.#touches;
  }

  /** The names of what a kind of memory holds before each instruction. */
  namesOf(memory: number): Int32Array {
    return this.#memory[memory - MEMORY] ?? this.#nameAll(memory);
  }

  /** The name of what a location holds before instruction `i`. */
  at(location: number, i: number): number {
    if (location >= MEMORY) return this.namesOf(location)[i];
    const b = this.blockOf[i];
    const mask = bit(location);
    if ((this.#writtenIn[b] & mask) !== 0) {
      const { first } = this.body.blocks[b];
      const written = this.#writes;
      for (let k = i - 1; k >= first; k--) if ((written[k] & mask) !== 0) return k;
    }
    return b === 0 && this.beforeAt[1] === 0 ? ENTRY : this.#of(location).start[b];
  }

  #nameAll(location: number): Int32Array {
    const { blocks } = this.body;
    const { start } = this.#of(location);
    const written = this.#written(location);
    const mask = bit(location);
    const before = new Int32Array(this.#code.count);
    for (let b = 0; b < blocks.length; b++) {
      let name = start[b];
      const { first, end } = blocks[b];
      for (let i = first; i < end; i++) {
        before[i] = name;
        if ((written[i] & mask) !== 0) name = i;
      }
    }
    this.#memory[location - MEMORY] = before;
    return before;
  }

  /** The name of what a location holds at the end of block `b`. */
  atEnd(location: number, b: number): number {
    const { start, last } = this.#of(location);
    return last[b] >= 0 ? last[b] : start[b];
  }

  #of(location: number): Names {
    const known = this.#names[location];
    if (known) return known;
    const { blocks, reached, loopHeads } = this.body;
    const start = new Int32Array(blocks.length).fill(ENTRY);
    const last = new Int32Array(blocks.length).fill(-1);
    const written = this.#written(location);
    const mask = bit(location);
    const isRegister = location < MEMORY;
    for (let b = 0; b < reached; b++) {
      if (isRegister && (this.#writtenIn[b] & mask) === 0) continue;
      const { first } = blocks[b];
      let k = blocks[b].end - 1;
      while (k >= first && (written[k] & mask) === 0) k--;
      if (k >= first) last[b] = k;
    }
    const UNSEEN = -0x7fffffff;
    start.fill(UNSEEN, 0, reached);
    if (reached > 0) start[0] = this.beforeAt[1] > this.beforeAt[0] ? mergeName(0) : ENTRY;
    for (let changed = true; changed; ) {
      changed = false;
      for (let b = 1; b < reached; b++) {
        if (start[b] === mergeName(b)) continue;
        let name = UNSEEN;
        for (let e = this.beforeAt[b]; e < this.beforeAt[b + 1]; e++) {
          const p = this.before[e];
          const one = last[p] >= 0 ? last[p] : start[p];
          if (one === UNSEEN || one === name) continue;
          if (name !== UNSEEN) {
            name = mergeName(b);
            break;
          }
          name = one;
        }
        if (name === start[b]) continue;
        start[b] = name;
        changed = true;
      }
      if (loopHeads.size === 0) break;
    }
    const names = { start, last };
    this.#names[location] = names;
    return names;
  }
}

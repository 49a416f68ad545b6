// Where the stack pointer and the frame pointer of an x86 function stand before each instruction, told by the instructions and by what the called functions take off.
import type { FunctionBody } from './functions.ts';
import { type Listing, NONE, Op, Operand, Reg } from './instruction.ts';
import type { StackEffect } from './stack-effect.ts';

/** An offset that is not known. */
const LOST = 0x7fffffff;
const WORD = 4;
/** Instructions before a use in which the constant of a register is looked for. */
const CONSTANT_REACH = 8;
/** Times that a block is gone through again with a better guess. */
const GUESSES = 6;
/** Registers that a function keeps for its caller: their first push puts them aside, and is no argument. */
const KEPT = (1 << Reg.rbx) | (1 << Reg.rsi) | (1 << Reg.rdi) | (1 << Reg.rbp);

/** What is known of the calls of the function. */
export interface StackHost {
  /** What the call of instruction `i` does to the stack; undefined when that is not known. */
  stackEffect(i: number): StackEffect | undefined;
  /** Whether the function may have written a register on the way to instruction `i`. */
  isWrittenBefore(register: number, i: number): boolean;
}

interface Stand {
  readonly top: number;
  readonly frame: number;
  /** How many calls on the way here were guessed. */
  readonly guessed: number;
}

/** Offsets of the stack and frame pointers of one function from the stack pointer on entry. */
export class StackDepth {
  readonly #code: Listing;
  readonly #host: StackHost;
  readonly #top: Int32Array;
  readonly #frame: Int32Array;

  constructor(body: FunctionBody, host: StackHost) {
    this.#code = body.listing;
    this.#host = host;
    this.#top = new Int32Array(body.listing.count).fill(LOST);
    this.#frame = new Int32Array(body.listing.count).fill(LOST);
    const { blocks, reached } = body;
    const into: (Stand | undefined)[] = new Array(blocks.length).fill(undefined);
    if (reached > 0) into[0] = { top: 0, frame: LOST, guessed: 0 };
    for (let b = 0; b < reached; b++) {
      const from = into[b] ?? { top: LOST, frame: LOST, guessed: 0 };
      const { first, end, next } = blocks[b];
      const out = this.#follow(first, end, from);
      for (const to of next) {
        const other = into[to];
        if (other === undefined || (to > b && isBetter(out, other))) into[to] = out;
      }
    }
  }

  /** Offset of the stack pointer before instruction `i`; undefined when it is not known. */
  top(i: number): number | undefined {
    return this.#top[i] === LOST ? undefined : this.#top[i];
  }

  /** Offset of the frame pointer before instruction `i`; undefined where ebp is none, or not known. */
  frame(i: number): number | undefined {
    return this.#frame[i] === LOST ? undefined : this.#frame[i];
  }

  /** Follows a block, with better guesses as long as a call with known arguments finds fewer than it takes off. */
  #follow(first: number, end: number, from: Stand): Stand {
    const fewer = new Map<number, number>();
    for (let round = 0; ; round++) {
      const walk = new BlockWalk(this.#code, this.#host, from, fewer);
      for (let i = first; i < end; i++) {
        this.#top[i] = walk.top;
        this.#frame[i] = walk.frame;
        walk.step(i, first, end);
      }
      if (walk.overdrawn === undefined || round >= GUESSES) return walk.stand;
      const { call, bytes } = walk.overdrawn;
      fewer.set(call, (fewer.get(call) ?? 0) + bytes);
    }
  }
}

function isBetter(one: Stand, other: Stand): boolean {
  if (one.top === LOST || other.top === LOST) return one.top !== LOST;
  return one.guessed < other.guessed;
}

/** The first instruction behind `i` that moves the stack pointer or calls; `end` when there is none. */
export function nextStackMove({ op, dst }: Listing, i: number, end: number): number {
  let k = i + 1;
  while (k < end && op[k] !== Op.push && op[k] !== Op.pop && op[k] !== Op.call && op[k] !== Op.leave) {
    if (dst[k] === Reg.rsp) break;
    k++;
  }
  return k;
}

/** One way through a block. */
class BlockWalk {
  readonly #code: Listing;
  readonly #host: StackHost;
  /** By call: bytes that it is taken to leave of what a guess would take off. */
  readonly #fewer: ReadonlyMap<number, number>;
  readonly #start: number;
  top: number;
  frame: number;
  #guessed: number;
  /** Where the arguments for the next call begin: the top behind the last call, and what was put aside since. */
  #mark: number;
  /** The last call whose effect was guessed, with what it took off. */
  #guess: { readonly call: number; readonly bytes: number } | undefined;
  overdrawn: { readonly call: number; readonly bytes: number } | undefined;

  constructor(code: Listing, host: StackHost, from: Stand, fewer: ReadonlyMap<number, number>) {
    this.#code = code;
    this.#host = host;
    this.#fewer = fewer;
    this.top = from.top;
    this.frame = from.frame;
    this.#start = from.top;
    this.#mark = from.top;
    this.#guessed = from.guessed;
  }

  get stand(): Stand {
    return { top: this.top, frame: this.frame, guessed: this.#guessed };
  }

  /** Goes over instruction `i` of the block [first, end). */
  step(i: number, first: number, end: number): void {
    const { op, dst, src, size, immLo, hasImm, base, index, disp } = this.#code;
    const code = op[i];
    switch (code) {
      case Op.push:
        this.#move(-(size[i] === 2 ? 2 : WORD));
        if (this.#putsAside(i)) this.#mark = this.top;
        return;
      case Op.pop:
        this.#move(size[i] === 2 ? 2 : WORD);
        this.#lower();
        break;
      case Op.leave:
        this.top = this.frame === LOST ? LOST : this.frame + WORD;
        this.frame = LOST;
        this.#lower();
        return;
      case Op.call:
        this.#call(i, first, end);
        return;
      case Op.add:
      case Op.sub:
        if (dst[i] === Reg.rsp) {
          const amount = src[i] === Operand.immediate ? immLo[i] : this.#constant(src[i], i, first);
          if (amount === undefined) this.top = LOST;
          else this.#move(code === Op.add ? amount : -amount);
          this.#lower();
          if (code === Op.sub) this.#mark = this.top;
          return;
        }
        break;
      case Op.and:
        if (dst[i] === Reg.rsp && hasImm[i] === 1 && immLo[i] < 0 && this.top !== LOST) {
          const unit = -immLo[i];
          this.top -= ((this.top % unit) + unit) % unit;
          this.#mark = this.top;
          return;
        }
        break;
      case Op.mov:
        if (dst[i] === Reg.rbp && src[i] === Reg.rsp) {
          this.frame = this.top;
          return;
        }
        if (dst[i] === Reg.rsp && src[i] === Reg.rbp) {
          this.top = this.frame;
          this.#lower();
          return;
        }
        break;
      case Op.lea:
        if ((dst[i] === Reg.rsp || dst[i] === Reg.rbp) && index[i] === NONE) {
          const from = base[i] === Reg.rsp ? this.top : base[i] === Reg.rbp ? this.frame : LOST;
          const to = from === LOST ? LOST : from + disp[i];
          if (dst[i] === Reg.rbp) this.frame = to;
          else {
            this.top = to;
            this.#mark = to;
          }
          return;
        }
        break;
    }
    if (code === Op.cmp || code === Op.test || code === Op.nop) return;
    if (dst[i] === Reg.rsp || (code === Op.xchg && src[i] === Reg.rsp)) this.top = LOST;
    if (dst[i] === Reg.rbp || (code === Op.xchg && src[i] === Reg.rbp)) this.frame = LOST;
  }

  #move(by: number): void {
    if (this.top !== LOST) this.top += by;
  }

  /** What lies above the top is no argument for the next call. */
  #lower(): void {
    if (this.#mark === LOST || (this.top !== LOST && this.top > this.#mark)) this.#mark = this.top;
  }

  /** Whether a push puts a register of the caller's aside. */
  #putsAside(i: number): boolean {
    const r = this.#code.src[i];
    return r < 16 && ((KEPT >> r) & 1) === 1 && !this.#host.isWrittenBefore(r, i);
  }

  #call(i: number, first: number, end: number): void {
    const effect = this.#host.stackEffect(i);
    if (effect === undefined) this.#guessCall(i, end);
    else if (effect.frame !== undefined) this.#takeFrame(effect, i, first);
    else if (effect.byAccumulator) {
      const amount = this.#constant(Reg.rax, i, first);
      if (amount === undefined) this.top = LOST;
      else this.#move(-amount);
    } else {
      this.#draw(effect.popped);
      this.#move(effect.popped);
    }
    if (effect === undefined || effect.frame !== undefined) this.#mark = this.top;
    else this.#lower();
  }

  /** A call that takes off more than was put there since the block began: a guess before it took too much. */
  #draw(bytes: number): void {
    const guess = this.#guess;
    if (guess === undefined || this.top === LOST || this.#start === LOST || this.overdrawn) return;
    const missing = this.top + bytes - this.#start;
    if (missing > 0 && missing <= guess.bytes) this.overdrawn = { call: guess.call, bytes: missing };
  }

  #guessCall(i: number, end: number): void {
    this.#guessed++;
    if (this.top === LOST || this.#mark === LOST || this.#isCleanedUp(i, end)) return;
    const bytes = this.#putBack(i, end) ?? Math.max(0, this.#mark - this.top - (this.#fewer.get(i) ?? 0));
    this.#guess = { call: i, bytes };
    this.top += bytes;
  }

  /** Whether the arguments of a call are taken off behind it (cdecl). */
  #isCleanedUp(i: number, end: number): boolean {
    const { op, dst, src } = this.#code;
    const k = nextStackMove(this.#code, i, end);
    if (k >= end) return false;
    if (op[k] === Op.pop) return dst[k] === Reg.rcx || dst[k] === Reg.rdx;
    return op[k] === Op.add && src[k] === Operand.immediate;
  }

  /** What is taken from the stack pointer behind a call, to have the room for arguments again that the callee took off (GCC). */
  #putBack(i: number, end: number): number | undefined {
    const { op, dst, src, immLo } = this.#code;
    const next = nextStackMove(this.#code, i, end);
    const isRoom = next < end && op[next] === Op.sub && dst[next] === Reg.rsp && src[next] === Operand.immediate;
    return isRoom ? immLo[next] : undefined;
  }

  #takeFrame({ popped, frame = 0, sizeAt }: StackEffect, i: number, first: number): void {
    if (this.top === LOST) return;
    this.frame = this.top + frame;
    const size = sizeAt === undefined ? 0 : this.#pushed(this.top + sizeAt, i, first);
    this.top = size === undefined ? LOST : this.top + popped - size;
  }

  /** The constant that was pushed to a place of the stack before instruction `i`. */
  #pushed(place: number, i: number, first: number): number | undefined {
    const { op, src, immLo } = this.#code;
    let top = this.top;
    for (let k = i - 1; k >= first; k--) {
      if (op[k] !== Op.push) continue;
      if (top === place) return src[k] === Operand.immediate ? immLo[k] : undefined;
      top += WORD;
    }
    return undefined;
  }

  /** The constant that a register got shortly before instruction `i`. */
  #constant(r: number, i: number, first: number): number | undefined {
    const { op, dst, src, immLo } = this.#code;
    for (let k = i - 1; k >= first && k >= i - CONSTANT_REACH; k--) {
      if (dst[k] !== r || op[k] === Op.cmp || op[k] === Op.test || op[k] === Op.push) continue;
      return op[k] === Op.mov && src[k] === Operand.immediate ? immLo[k] : undefined;
    }
    return undefined;
  }
}

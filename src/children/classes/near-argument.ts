// What the instructions near a call tell of its arguments, without a value being worked out: numbers, addresses of constants, places of the frame.

import { argumentSource } from '../../code/call-instruction.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { BASE_RVA, NONE, Op, Operand, Reg } from '../../code/instruction.ts';
import { ENTRY, type Reaching } from '../../code/reaching.ts';

/** A place of the function's own frame: by its distance from where the stack pointer stood on entry, or from a register where that is not known. */
export interface FramePlace {
  readonly base: number;
  readonly offset: number;
}

export type Near =
  | { readonly kind: 'number'; readonly value: number }
  /** An address of the image: its RVA. */
  | { readonly kind: 'address'; readonly rva: number }
  /** The address of a place of the frame. */
  | { readonly kind: 'frame'; readonly place: FramePlace }
  /** What stands at a place of the frame before instruction `at`. */
  | { readonly kind: 'in-frame'; readonly place: FramePlace; readonly at: number };

/** Moves that an argument is traced back through. */
const HOPS = 8;

/** What is told near by of an argument of the call of instruction `i`; undefined where no instruction near by tells. */
export function nearArgument(values: FunctionValues, argument: number, i: number): Near | undefined {
  const source = argumentSource(values, argument, i);
  if (source === undefined) return undefined;
  const { which, at } = source;
  if (which < 16) return nearRegister(values, which, at);
  if (which === Operand.immediate) return numberOrAddress(values, values.code.immLo[at]);
  return which === Operand.memory ? nearMemory(values, at) : undefined;
}

/** What register `r` holds before instruction `i`. */
export function nearRegister(values: FunctionValues, r: number, i: number): Near | undefined {
  const { code, reaching } = values;
  const { op, src, dst, base, index, disp, immLo } = code;
  let register = r;
  let added = 0;
  let at = i;
  for (let hops = 0; hops < HOPS; hops++) {
    at = reaching.at(register, at);
    if (at < 0) return undefined;
    const number = constantOf(values, at);
    if (number !== undefined) return numberOrAddress(values, number + added);
    if (op[at] === Op.lea && index[at] === NONE) {
      if (base[at] === BASE_RVA) return { kind: 'address', rva: (disp[at] >>> 0) + added };
      if (isFrameRegister(values, base[at], at))
        return { kind: 'frame', place: framePlace(values, base[at], disp[at] + added, at) };
      if (base[at] < 0) return undefined;
      register = base[at];
      added += disp[at];
    } else if (op[at] === Op.mov && src[at] < 16) {
      if (isFrameRegister(values, src[at], at)) return { kind: 'frame', place: framePlace(values, src[at], added, at) };
      register = src[at];
    } else if (op[at] === Op.mov && src[at] === Operand.memory) {
      return added === 0 ? nearMemory(values, at) : undefined;
    } else if ((op[at] === Op.add || op[at] === Op.or) && src[at] === Operand.immediate && dst[at] < 16) {
      // `or` of bits that are not set, as compilers make a number of a zero.
      added += immLo[at];
      register = dst[at];
      if (op[at] === Op.or && !isZeroBefore(values, register, at)) return undefined;
    } else return undefined;
  }
  return undefined;
}

/** The number that an instruction puts into its register, by itself or by the `push` before it. */
function constantOf({ code }: FunctionValues, at: number): number | undefined {
  const { op, dst, src, immLo } = code;
  if (op[at] === Op.mov && src[at] === Operand.immediate) return immLo[at];
  if (op[at] === Op.zero || (op[at] === Op.xor && dst[at] === src[at])) return 0;
  if (op[at] === Op.and && src[at] === Operand.immediate && immLo[at] === 0) return 0;
  if (op[at] === Op.or && src[at] === Operand.immediate && immLo[at] === -1) return -1;
  const pushed = at > 0 && op[at] === Op.pop && op[at - 1] === Op.push && src[at - 1] === Operand.immediate;
  return pushed ? immLo[at - 1] : undefined;
}

function isZeroBefore(values: FunctionValues, register: number, at: number): boolean {
  const before = values.reaching.at(register, at);
  return before >= 0 && constantOf(values, before) === 0;
}

/** In x86 code an address of the image is a number like any other. */
function numberOrAddress({ initial }: FunctionValues, number: number): Near {
  const { image, pointerSize } = initial;
  if (pointerSize === 4 && number >>> 0 >= image.imageBase + 0x1000) {
    const rva = image.rvaOf(number >>> 0);
    if (rva > 0) return { kind: 'address', rva };
  }
  return { kind: 'number', value: number };
}

/** What the memory operand of instruction `at` holds: a pointer that the image keeps for good, or whatever is in a place of the frame. */
function nearMemory(values: FunctionValues, at: number): Near | undefined {
  const { code, initial } = values;
  const { base, index, disp } = code;
  if (index[at] !== NONE) return undefined;
  if (base[at] === BASE_RVA) {
    const { image } = initial;
    const rva = disp[at] >>> 0;
    if (image.isWritable(rva)) return undefined;
    const to = image.rvaOf(image.readPointer(rva));
    return to > 0 ? { kind: 'address', rva: to } : undefined;
  }
  return isFrameRegister(values, base[at], at)
    ? { kind: 'in-frame', place: framePlace(values, base[at], disp[at], at), at }
    : undefined;
}

/** The stack pointer, and a register that is set from it (rbp, and in prologues r11 or rax). */
function isFrameRegister(values: FunctionValues, r: number, at: number): boolean {
  if (r < 0 || r >= 16) return false;
  return r === Reg.rsp || fromStackPointer(values, r, at) >= 0;
}

/** The instruction that sets a register from the stack pointer, as the register stands before instruction `at`; -1 where none does. */
function fromStackPointer({ code, reaching }: FunctionValues, r: number, at: number): number {
  const { op, src, base, index } = code;
  const set = reaching.at(r, at);
  if (set < 0) return -1;
  const isCopy = op[set] === Op.mov && src[set] === Reg.rsp;
  return isCopy || (op[set] === Op.lea && base[set] === Reg.rsp && index[set] === NONE) ? set : -1;
}

/** In place of a register: the place is told from where the stack pointer stood on entry. */
const ENTERED = -1;

function framePlace(values: FunctionValues, base: number, offset: number, at: number): FramePlace {
  const { code } = values;
  if (base === Reg.rsp) {
    const top = stackTop(values, at);
    return top === undefined
      ? { base, offset: is64(values) ? offset : Number.NaN }
      : { base: ENTERED, offset: top + offset };
  }
  const set = fromStackPointer(values, base, at);
  const top = set < 0 ? undefined : stackTop(values, set);
  if (top === undefined) return { base, offset };
  return { base: ENTERED, offset: top + offset + (code.op[set] === Op.lea ? code.disp[set] : 0) };
}

function is64({ initial }: FunctionValues): boolean {
  return initial.pointerSize === 8;
}

/** Instructions that move the stack pointer in a prologue. */
const MOST_MOVES = 24;

/** Where the stack pointer stands before instruction `at`, from where it stood on entry; undefined where that is not told. */
function stackTop(values: FunctionValues, at: number): number | undefined {
  if (!is64(values)) return values.stack?.top(at);
  const { op, dst, src, immLo } = values.code;
  let top = 0;
  let k = at;
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    k = values.reaching.at(Reg.rsp, k);
    if (k === ENTRY) return top;
    if (k < 0) return undefined;
    if (op[k] === Op.push) top -= 8;
    else if (op[k] === Op.sub && dst[k] === Reg.rsp && src[k] === Operand.immediate) top -= immLo[k];
    else return undefined;
  }
  return undefined;
}

const GUID_SIZE = 16;
/** Blocks that are gone back through, each the only one that leads to the next. */
const BLOCKS = 8;

/**
 * Goes back over the instructions that were surely executed before instruction `i`, nearest first, until `tell` returns something. `whole`: what stands on
 * a way that is not always gone (a branch that comes back) ends it; without, such ways are passed over.
 */
export function before<Answer>(
  { reaching }: FunctionValues,
  i: number,
  whole: boolean,
  tell: (k: number) => Answer | undefined,
): Answer | undefined {
  const { blocks: all } = reaching.body;
  let b = reaching.blockOf[i];
  let k = i - 1;
  for (let blocks = 0; blocks < BLOCKS; blocks++) {
    for (; k >= all[b].first; k--) {
      const answer = tell(k);
      if (answer !== undefined) return answer;
    }
    const next = b === 0 ? -1 : whole ? onlyBefore(reaching, b) : passedBefore(reaching, b);
    if (next < 0) return undefined;
    b = next;
    k = all[b].end - 1;
  }
  return undefined;
}

/** The one block that leads to `b`; -1 where several do. */
function onlyBefore({ before: from, beforeAt }: Reaching, b: number): number {
  return beforeAt[b + 1] - beforeAt[b] === 1 ? from[beforeAt[b]] : -1;
}

/** Blocks in a branch that comes back. */
const BRANCH = 3;

/** A block that every way to `b` goes through: the one before it, or the one where a short branch left that comes back to `b`; -1 where none is found. */
function passedBefore(reaching: Reaching, b: number): number {
  const ways: number[][] = [];
  for (let e = reaching.beforeAt[b]; e < reaching.beforeAt[b + 1]; e++) {
    const way = [reaching.before[e]];
    for (let at = way[0]; way.length <= BRANCH && at > 0; ) {
      at = onlyBefore(reaching, at);
      if (at < 0) break;
      way.push(at);
    }
    ways.push(way);
  }
  return ways[0]?.find((one) => one !== b && ways.every((way) => way.includes(one))) ?? -1;
}

/** The RVA of the 16 bytes that were copied to a place of the frame before instruction `i`; undefined where no instruction surely did. */
export function copiedTo(values: FunctionValues, place: FramePlace, i: number): number | undefined {
  const { op, dst, src, base, index, disp, size } = values.code;
  const found = before(values, i, true, (k) => {
    if (op[k] === Op.call) return -1;
    if (dst[k] !== Operand.memory || base[k] < 0 || index[k] !== NONE || !isFrameRegister(values, base[k], k))
      return undefined;
    const written = framePlace(values, base[k], disp[k], k);
    if (written.base !== place.base || Math.abs(written.offset - place.offset) >= GUID_SIZE) return undefined;
    const isCopy = op[k] === Op.mov && size[k] === GUID_SIZE && src[k] >= Operand.xmm && src[k] < Operand.xmm + 16;
    if (!isCopy || written.offset !== place.offset) return -1;
    const loaded = values.reaching.at(src[k], k);
    return loaded >= 0 && op[loaded] === Op.mov && src[loaded] === Operand.memory && base[loaded] === BASE_RVA
      ? disp[loaded] >>> 0
      : -1;
  });
  return found === undefined || found < 0 ? undefined : found;
}

export function isSamePlace(one: FramePlace, other: FramePlace): boolean {
  return one.base === other.base && one.offset === other.offset;
}

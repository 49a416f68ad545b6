// What the instructions near a call tell of its arguments, without a value being worked out: numbers, addresses of constants, places of the frame.

import { argumentSource } from '../../code/call-instruction.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { BASE_RVA, NONE, Op, Operand, Reg } from '../../code/instruction.ts';

/** A place of the function's own frame, by the register that leads to it. */
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
  /** What stands at a place of the frame. */
  | { readonly kind: 'in-frame'; readonly place: FramePlace };

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
    ? { kind: 'in-frame', place: framePlace(values, base[at], disp[at], at) }
    : undefined;
}

/** The stack pointer, and rbp where it is set once, from it. */
function isFrameRegister(values: FunctionValues, r: number, at: number): boolean {
  if (r === Reg.rsp) return true;
  if (r !== Reg.rbp) return false;
  const { code, reaching } = values;
  const set = reaching.at(Reg.rbp, at);
  if (set < 0) return false;
  const fromStack = code.op[set] === Op.mov ? code.src[set] : code.op[set] === Op.lea ? code.base[set] : NONE;
  return fromStack === Reg.rsp;
}

/** In x86 code, where pushes move the stack pointer, a place is told by where it stands from the function's start. */
function framePlace(values: FunctionValues, base: number, offset: number, at: number): FramePlace {
  if (base !== Reg.rsp || values.initial.pointerSize === 8) return { base, offset };
  const top = values.stack?.top(at);
  return { base, offset: top === undefined ? Number.NaN : top + offset };
}

const GUID_SIZE = 16;
/** Blocks that are gone back through, each the only one that leads to the next. */
const BLOCKS = 8;

/** Goes back over the instructions that were surely executed before instruction `i`, nearest first, until `tell` returns something. */
export function before<Answer>(
  { reaching }: FunctionValues,
  i: number,
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
    if (b === 0 || reaching.beforeAt[b + 1] - reaching.beforeAt[b] !== 1) return undefined;
    b = reaching.before[reaching.beforeAt[b]];
    k = all[b].end - 1;
  }
  return undefined;
}

/** The RVA of the 16 bytes that were copied to a place of the frame before instruction `i`; undefined where no instruction surely did. */
export function copiedTo(values: FunctionValues, place: FramePlace, i: number): number | undefined {
  const { op, dst, src, base, index, disp, size } = values.code;
  const found = before(values, i, (k) => {
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

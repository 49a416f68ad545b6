// What an x86 function does to its caller's stack and frame pointer: how many bytes it takes off, or which frame it sets up on the caller's behalf.
import { type Listing, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';

/** Offsets are from the caller's stack pointer at the call instruction, before it pushes the return address. */
export interface StackEffect {
  /** Bytes that the stack pointer is moved up by behind the call. */
  readonly popped: number;
  /** Where the frame pointer is left, by a helper that sets up the caller's frame (__SEH_prolog4, __EH_prolog3); undefined where it is kept. */
  readonly frame?: number;
  /** Offset of the argument with the bytes that the helper takes off for local variables. */
  readonly sizeAt?: number;
  /** Whether the stack pointer is moved down by what eax holds (__chkstk). */
  readonly byAccumulator?: true;
}

/** The return address. */
const WORD = 4;
/** Instructions of a helper. */
const HELPER_LIMIT = 48;

type Held = { readonly kind: 'frame' | 'argument'; readonly offset: number } | undefined;

/** What a function does to the stack by its instructions; undefined where they do not tell, `otherwise` for one that ends in a jump out. */
export function stackEffectOf(listing: Listing, otherwise: (target: number) => StackEffect | undefined) {
  const { count, op, hasImm, immLo, target } = listing;
  const helper = helperEffect(listing);
  if (helper) return helper;
  for (let i = 0; i < count; i++) if (op[i] === Op.ret) return { popped: hasImm[i] ? immLo[i] & 0xffff : 0 };
  for (let i = count - 1; i >= 0; i--)
    if (op[i] === Op.jmp && target[i] !== NO_TARGET) {
      const effect = otherwise(target[i]);
      if (effect) return effect;
    }
  return undefined;
}

/** Follows a short function without calls to its return, for one that leaves another frame than it found. */
function helperEffect(listing: Listing): StackEffect | undefined {
  const { count, op, dst, src, base, index, disp, hasImm, immLo } = listing;
  if (count > HELPER_LIMIT) return undefined;
  const held: Held[] = [];
  let top = 0;
  let sizeAt: number | undefined;
  const operand = (i: number): Held => {
    const which = src[i];
    if (which < 16) return held[which];
    if (which !== Operand.memory || base[i] !== Reg.rsp || index[i] !== NONE) return undefined;
    const offset = top + disp[i];
    return offset > 0 ? { kind: 'argument', offset } : undefined;
  };
  for (let i = 0; i < count; i++) {
    const code = op[i];
    if (code === Op.call || code === Op.jcc || code === Op.jmp) break;
    if (code === Op.ret) {
      const frame = held[Reg.rbp];
      if (frame?.kind !== 'frame') return undefined;
      return { popped: top, frame: frame.offset - WORD, ...(sizeAt === undefined ? {} : { sizeAt: sizeAt - WORD }) };
    }
    if (code === Op.push) top -= WORD;
    else if (code === Op.pop) {
      top += WORD;
      if (dst[i] < 16) held[dst[i]] = undefined;
    } else if (code === Op.sub && dst[i] === Reg.rsp) {
      const by = operand(i);
      if (by?.kind === 'argument') sizeAt = by.offset;
      else if (hasImm[i] && src[i] === Operand.immediate) top -= immLo[i];
      else return undefined;
    } else if (code === Op.lea && base[i] === Reg.rsp && index[i] === NONE)
      held[dst[i]] = { kind: 'frame', offset: top + disp[i] };
    else if (code === Op.mov && dst[i] < 16) held[dst[i]] = dst[i] === Reg.rsp ? undefined : operand(i);
    else if (dst[i] === Reg.rsp) break;
    else if (dst[i] < 16 && code !== Op.cmp && code !== Op.test) held[dst[i]] = undefined;
  }
  return movesByAccumulator(listing) ? { popped: 0, byAccumulator: true } : undefined;
}

/** Whether a short function ends with the stack pointer taken from another register: a probe of the stack. */
function movesByAccumulator({ count, op, dst, src }: Listing): boolean {
  for (let i = 0; i < count; i++) if (op[i] === Op.xchg && (dst[i] === Reg.rsp || src[i] === Reg.rsp)) return true;
  return false;
}

// What one opcode of the x86 tables says, packed into an integer: operation, operand form, operand size, immediate.
import { Op } from './instruction.ts';

/** Which operands an opcode has and where its encoding keeps them. The first ones are no instruction yet. */
export const Form = {
  invalid: 0,
  /** 66, 67, F0, F2, F3 and the segment overrides. */
  prefix: 1,
  rex: 2,
  /** 0F: two more tables behind 38 and 3A. */
  escape: 3,
  /** C5, C4, 62 and 8F; in 32-bit mode, and 8F in both, also an old instruction when the next byte says so. */
  vex2: 4,
  vex3: 5,
  evex: 6,
  xop: 7,
  /** The operation hangs on ModRM.reg: see the groups. */
  group: 8,
  /** No operand (but an immediate). */
  none: 9,
  /** dst = r/m, src = reg. */
  rmReg: 10,
  /** dst = reg, src = r/m. */
  regRm: 11,
  /** lea, les, lds, lss, lfs, lgs: dst = reg, src = r/m, which must be memory. */
  regMem: 12,
  /** dst = r/m, src = the immediate if there is one. */
  rm: 13,
  /** src = r/m. */
  rmRead: 14,
  /** dst = register in the opcode. */
  low: 15,
  /** src = register in the opcode. */
  lowRead: 16,
  /** dst = vector reg, src = vector r/m. */
  vecRm: 17,
  /** dst = vector r/m, src = vector reg. */
  rmVec: 18,
  // From here on the decoder does more than the entry's selectors say.
  /** rmReg and regRm of sbb: of a register with itself it tells only the carry. */
  rmRegBorrow: 19,
  regRmBorrow: 20,
  /** movs, stos, scas, cmps, lods, outs: may be repeated. */
  string: 21,
  /** dst = al, ax, eax, rax. */
  acc: 22,
  /** src = al, ax, eax. */
  accRead: 23,
  /** movzx, movsx: dst of the operand size, src of `size`. */
  extend: 24,
  /** dst = r/m, src = the immediate 1. */
  rmOne: 25,
  /** dst = r/m, src = cl. */
  rmCl: 26,
  /** movss, movsd, movlps...: dst = vector reg; a move when r/m is memory, else a merge. */
  vecScalar: 27,
  /** The same as a store: a move when r/m is memory. */
  scalarVec: 28,
  /** pxor and its like: zero when both sources are one register. */
  vecXor: 29,
  /** mov between the accumulator and an absolute address. */
  load: 30,
  store: 31,
  // From here on: finished by rare-operands.ts.
  /** 0F 01 with a register: the whole ModRM byte is the opcode. */
  system: 32,
  /** dst = register in the opcode, src = accumulator. */
  lowAcc: 33,
  /** dst = r/m and src = reg, both written. */
  swap: 34,
  /** cbw, cwde, cdqe. */
  extendAcc: 35,
  /** r/m is a control or debug register's partner: never memory. dst = r/m. */
  fromControl: 36,
  toControl: 37,
  /** dst = vector reg, src = general r/m. */
  vecGen: 38,
  /** dst = general r/m, src = vector reg. */
  genVec: 39,
  /** dst = general reg, src = vector r/m. */
  regVec: 40,
  /** src = vector r/m, nothing written that is followed. */
  vecRead: 41,
  /** movhps and its like as a store: src is a part that is not followed. */
  highVec: 42,
  /** Operands in mmx, mask, bound or x87 registers; only a memory operand is followed: as a source, */
  mmxRm: 43,
  /** or as the destination. */
  rmMmx: 44,
  /** dst = vvvv as a general register, src = r/m (blsr, blsi, blsmsk). */
  vvvvRm: 45,
  /** mulx: dst = reg, clobber = vvvv. */
  mulx: 46,
  /** mov r/m, segment register: a memory operand has 2 bytes. */
  fromSegment: 47,
  /** int n: a trap for 3 and 29h. */
  interrupt: 48,
  /** dst = vector reg, src in an mmx or mask register unless it is memory. */
  vecMmx: 49,
  /** dst = reg, src not followed. */
  reg: 50,
  /** pcmpestrm, pcmpistrm: xmm0. */
  vecToFirst: 51,
  /** dst = vector r/m. */
  vec: 52,
  /** dst = vvvv as a vector register, src = r/m (the shifts by an immediate). */
  vvvvVec: 53,
  /** pcmpestri, pcmpistri: ecx. */
  vecToCount: 54,
  /** maskmovq, maskmovdqu: memory at rdi. */
  maskStore: 55,
  /** A memory operand whose index is a vector register: not followed. */
  gather: 56,
  scatter: 57,
  /** enter, pusha, popa, ins: as the decoder says. */
  enter: 58,
  pusha: 59,
  ins: 60,
  /** loop, loope, loopne count in rcx. */
  loop: 61,
  /** cmpxchg8b, cmpxchg16b: memory and rdx:rax. */
  rmPair: 62,
  /** xbegin: a branch to where an abort ends, with its reason in eax. */
  xbegin: 63,
  /** lahf: writes ah. */
  ah: 64,
  /** cmpxchg: dst = r/m, src = reg, and rax. */
  compareSwap: 65,
  /** movdir64b, enqcmd: reg is an address that is written to. */
  regTo: 66,
} as const;

/** The first of the forms that are more than their selectors, and of those that rare-operands.ts finishes. */
export const SPECIAL: number = Form.rmRegBorrow;
export const RARE: number = Form.system;

/** How wide the operand is; the decoder's table turns it into bytes with REX.W, 66 and the mode. */
export const Size = {
  /** 2, 4 or 8. */
  v: 0,
  b: 1,
  w: 2,
  d: 3,
  q: 4,
  /** The length of the vector: 16, 32, 64. */
  vec: 5,
  /** 4 or 8: only REX.W counts. */
  y: 6,
  /** push and pop: 8 in 64-bit mode (2 with 66). */
  stack: 7,
  /** Near branches: 8 in 64-bit mode whatever the prefix. */
  branch: 8,
  /** 16, 32 and 64 bytes; what is wider counts as 64. */
  o16: 9,
  o32: 10,
  o64: 11,
  /** pinsrb and its like: general register of 4, memory of 1 or 2. */
  db: 12,
  dw: 13,
  /** kmovw/kmovq and kmovb/kmovd: 2 or 8, 1 or 4 by REX.W. */
  maskWord: 14,
  maskByte: 15,
} as const;

/** The immediate, displacement or address behind the other bytes. */
export const Imm = {
  none: 0,
  /** One byte, sign-extended to the operand size. */
  ib: 1,
  /** One byte as it is. */
  ub: 2,
  /** 2 or 4 bytes, sign-extended. */
  iz: 3,
  /** 2, 4 or 8 bytes (mov). */
  iv: 4,
  iw: 5,
  /** enter: two bytes and one. */
  iwib: 6,
  /** extrq, insertq. */
  ibib: 7,
  id: 8,
  /** Relative branch targets. */
  rel8: 9,
  relz: 10,
  /** segment:offset */
  far: 11,
  /** An absolute address of the address size. */
  moffs: 12,
} as const;

export type FormCode = (typeof Form)[keyof typeof Form];
export type SizeCode = (typeof Size)[keyof typeof Size];
export type ImmCode = (typeof Imm)[keyof typeof Imm];

/**
 * An entry's fields. The selectors name the byte of (r/m, reg, register in the opcode, none) that dst and src are; the vector
 * bits make r/m and reg vector registers.
 */
export const OP_MASK = 63;
export const FORM_SHIFT = 6;
export const FORM_MASK = 127;
export const SIZE_SHIFT = 13;
export const IMM_SHIFT = 17;
export const MODRM = 1 << 21;
export const DST_SHIFT = 22;
export const SRC_SHIFT = 24;
export const RM_VECTOR_SHIFT = 26;
export const REG_VECTOR_SHIFT = 27;
/** Set where the selectors, the size and the immediate say all of it: see decodeCommon. */
export const FAST = 1 << 28;
/** Of `group` entries, in the bits of size and immediate. */
export const GROUP_SHIFT = 13;

const RM = 0;
const REG = 1;
const LOW = 2;
const NONE = 3;
/** dst, src, whether r/m and reg are vector registers; by default neither operand. */
const SELECTORS = new Map<number, readonly [number, number, number, number]>([
  [Form.rmReg, [RM, REG, 0, 0]],
  [Form.regRm, [REG, RM, 0, 0]],
  [Form.regMem, [REG, RM, 0, 0]],
  [Form.rm, [RM, NONE, 0, 0]],
  [Form.rmRead, [NONE, RM, 0, 0]],
  [Form.low, [LOW, NONE, 0, 0]],
  [Form.lowRead, [NONE, LOW, 0, 0]],
  [Form.vecRm, [REG, RM, 1, 1]],
  [Form.rmVec, [RM, REG, 1, 1]],
  [Form.rmRegBorrow, [RM, REG, 0, 0]],
  [Form.regRmBorrow, [REG, RM, 0, 0]],
  // Without ModRM, reg is 0.
  [Form.acc, [REG, NONE, 0, 0]],
  [Form.accRead, [NONE, REG, 0, 0]],
  [Form.extend, [REG, RM, 0, 0]],
  [Form.rmOne, [RM, NONE, 0, 0]],
  [Form.rmCl, [RM, NONE, 0, 0]],
  [Form.vecScalar, [REG, RM, 1, 1]],
  [Form.scalarVec, [RM, REG, 1, 1]],
  [Form.vecXor, [REG, RM, 1, 1]],
]);

function isFast(op: number, form: FormCode, imm: ImmCode): boolean {
  if (op === Op.cmov || op === Op.setcc) return false;
  const common = form === Form.group || (form >= Form.none && form < SPECIAL) || form === Form.extend;
  return (
    (common || form === Form.acc || form === Form.accRead) && (imm <= Imm.iv || imm === Imm.rel8 || imm === Imm.relz)
  );
}

/** An entry without a ModRM byte. */
export function plain(op: number, form: FormCode, size: SizeCode = Size.v, imm: ImmCode = Imm.none): number {
  const [dst, src, rmVector, regVector] = SELECTORS.get(form) ?? [NONE, NONE, 0, 0];
  const selectors =
    (dst << DST_SHIFT) | (src << SRC_SHIFT) | (rmVector << RM_VECTOR_SHIFT) | (regVector << REG_VECTOR_SHIFT);
  return (
    op |
    (form << FORM_SHIFT) |
    (size << SIZE_SHIFT) |
    (imm << IMM_SHIFT) |
    selectors |
    (isFast(op, form, imm) ? FAST : 0)
  );
}

/** An entry with a ModRM byte. */
export function modrm(op: number, form: FormCode, size: SizeCode = Size.v, imm: ImmCode = Imm.none): number {
  const entry = plain(op, form, size, imm) | MODRM;
  return form === Form.acc || form === Form.accRead ? entry & ~FAST : entry;
}

/** An entry that sends to group `number` (0-255). */
export function group(number: number): number {
  return plain(0, Form.group) | (number << GROUP_SHIFT) | MODRM;
}

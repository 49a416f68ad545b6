// What one opcode of the x86 tables says, packed into an integer: operation, operand form, operand size, immediate.

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
  /** dst = r/m, src = the immediate if there is one. */
  rm: 12,
  /** src = r/m. */
  rmRead: 13,
  /** dst = register in the opcode. */
  low: 14,
  /** src = register in the opcode. */
  lowRead: 15,
  /** dst = al, ax, eax, rax. */
  acc: 16,
  /** src = al, ax, eax. */
  accRead: 17,
  /** movzx, movsx: dst of the operand size, src of `size`. */
  extend: 18,
  /** dst = r/m, src = the immediate 1. */
  rmOne: 19,
  /** dst = r/m, src = cl. */
  rmCl: 20,
  /** les, lds, lss, lfs, lgs, bound, lea: memory only. dst = reg. */
  regMem: 21,
  /** dst = vector reg, src = vector r/m. */
  vecRm: 22,
  /** dst = vector r/m, src = vector reg. */
  rmVec: 23,
  /** movss, movsd, movlps...: dst = vector reg; a move when r/m is memory, else a merge. */
  vecScalar: 24,
  /** The same as a store: a move when r/m is memory. */
  scalarVec: 25,
  /** pxor and its like: zero when both sources are one register. */
  vecXor: 26,
  // From here on: finished by rare-operands.ts.
  /** 0F 01 with a register: the whole ModRM byte is the opcode. */
  system: 27,
  /** dst = register in the opcode, src = accumulator. */
  lowAcc: 28,
  /** dst = r/m and src = reg, both written. */
  swap: 29,
  /** cbw, cwde, cdqe. */
  extendAcc: 30,
  /** mov between the accumulator and an absolute address. */
  load: 31,
  store: 32,
  /** r/m is a control or debug register's partner: never memory. dst = r/m. */
  fromControl: 33,
  toControl: 34,
  /** dst = vector reg, src = general r/m. */
  vecGen: 35,
  /** dst = general r/m, src = vector reg. */
  genVec: 36,
  /** dst = general reg, src = vector r/m. */
  regVec: 37,
  /** src = vector r/m, nothing written that is followed. */
  vecRead: 38,
  /** movhps and its like as a store: src is a part that is not followed. */
  highVec: 39,
  /** Operands in mmx, mask, bound or x87 registers; only a memory operand is followed: as a source, */
  mmxRm: 40,
  /** or as the destination. */
  rmMmx: 41,
  /** dst = vvvv as a general register, src = r/m (blsr, blsi, blsmsk). */
  vvvvRm: 42,
  /** mulx: dst = reg, clobber = vvvv. */
  mulx: 43,
  /** mov r/m, segment register: a memory operand has 2 bytes. */
  fromSegment: 44,
  /** int n: a trap for 3 and 29h. */
  interrupt: 45,
  /** dst = vector reg, src in an mmx or mask register unless it is memory. */
  vecMmx: 46,
  /** dst = reg, src not followed. */
  reg: 47,
  /** pcmpestrm, pcmpistrm: xmm0. */
  vecToFirst: 48,
  /** dst = vector r/m. */
  vec: 49,
  /** dst = vvvv as a vector register, src = r/m (the shifts by an immediate). */
  vvvvVec: 50,
  /** pcmpestri, pcmpistri: ecx. */
  vecToCount: 51,
  /** maskmovq, maskmovdqu: memory at rdi. */
  maskStore: 52,
  /** A memory operand whose index is a vector register: not followed. */
  gather: 53,
  scatter: 54,
  /** enter, pusha, popa, ins: as the decoder says. */
  enter: 55,
  pusha: 56,
  ins: 57,
  /** loop, loope, loopne count in rcx. */
  loop: 58,
  /** cmpxchg8b, cmpxchg16b: memory and rdx:rax. */
  rmPair: 59,
  /** xbegin: a branch to where an abort ends, with its reason in eax. */
  xbegin: 60,
  /** lahf: writes ah. */
  ah: 61,
  /** cmpxchg: dst = r/m, src = reg, and rax. */
  compareSwap: 62,
  /** movdir64b, enqcmd: reg is an address that is written to. */
  regTo: 63,
} as const;

/** The first of the forms that rare-operands.ts finishes. */
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

/** Bits of an entry: 0-5 operation, 6-11 form, 12-15 size, 16-19 immediate, 20 ModRM, 21 group number (of `group` forms, in the bits of size and immediate). */
export const MODRM = 1 << 20;

/** An entry without a ModRM byte. */
export function plain(op: number, form: FormCode, size: SizeCode = Size.v, imm: ImmCode = Imm.none): number {
  return op | (form << 6) | (size << 12) | (imm << 16);
}

/** An entry with a ModRM byte. */
export function modrm(op: number, form: FormCode, size: SizeCode = Size.v, imm: ImmCode = Imm.none): number {
  return plain(op, form, size, imm) | MODRM;
}

/** An entry that sends to group `number` (0-255), in the bits 12-19. */
export function group(number: number): number {
  return (Form.group << 6) | (number << 12) | MODRM;
}

// The one small form that every architecture's machine code is decoded into, a column per property, and what its numbers mean.

/** What an instruction does, as far as following a value needs to know. Several opcodes share one. */
export const Op = {
  /** Anything else: writes `dst` (if a register) with something unknown. */
  other: 0,
  /** No effect on a register or on memory (nop, prefetch, fences, endbr64, bt, ...). */
  nop: 1,
  /** dst := src, zero-extended to the full register for 4-byte operands (x64). Also every vector load and store that keeps the bytes (movups, movdqa, movaps, movq, movd, lddqu, vmov...). */
  mov: 2,
  /** dst := zero-extended src; `size` is that of the source, `dstSize` that of the destination. */
  movzx: 3,
  /** dst := sign-extended src (movsx, movsxd); sizes as for movzx. Also cdqe, cwde and cbw (dst = src = rax). */
  movsx: 4,
  /** dst := address of the memory operand. */
  lea: 5,
  add: 6,
  sub: 7,
  and: 8,
  or: 9,
  xor: 10,
  /** dst := dst + 1 / - 1 */
  inc: 11,
  dec: 12,
  neg: 13,
  not: 14,
  /** dst := dst * src; three-operand form: dst := src * imm, with `hasImm`. One-operand forms are `muldiv`. */
  imul: 15,
  shl: 16,
  shr: 17,
  sar: 18,
  /** Swaps dst and src. */
  xchg: 19,
  /** Sets the flags only. */
  cmp: 20,
  test: 21,
  /** dst := src when condition `cc` holds. */
  cmov: 22,
  /** dst := 0 or 1. */
  setcc: 23,
  push: 24,
  pop: 25,
  call: 26,
  jmp: 27,
  jcc: 28,
  ret: 29,
  /** rep movs* (with `rep` set) or a single movs*: [rdi] := [rsi]; `size` is the element's. */
  movs: 30,
  /** stos*: [rdi] := rax; `rep` as above. */
  stos: 31,
  /** leave: rsp := rbp; pop rbp. */
  leave: 32,
  /** int3, ud2, int 29h, hlt: control does not go on behind it. */
  trap: 33,
  /** One-operand mul, imul, div, idiv, and cdq/cqo: rax and rdx become unknown. */
  muldiv: 34,
  /** scas*, cmps*, lods* (with or without rep): rax, rcx, rsi, rdi become unknown as fits; nothing is written to memory. */
  scan: 35,
  /** adc, sbb: dst := unknown (`sbb r, r` is `borrow`). Sets flags. */
  carry: 36,
  /** cmpxchg, xadd: memory (or dst) and src/rax become unknown. */
  exchange: 37,
  /** pxor/xorps/vpxor x,x with one and the same register: dst := 0 (a vector zero). */
  zero: 38,
  /** loop, loope, jcxz, jecxz, jrcxz: like jcc with a condition nobody follows. */
  loop: 39,
  /** popad, cpuid, syscall, sysenter, int n, ins*: every general register but rsp becomes unknown (and `dst` if it is memory). */
  clobberAll: 40,
  /** punpcklqdq, unpcklpd, movlhps, movhps/movhpd loads: dst := its own low 8 bytes, then the low 8 bytes of src. */
  pair: 41,
  /** sbb r, r of one register: dst := all ones or zero, by the carry. */
  borrow: 42,
} as const;
export type OpCode = (typeof Op)[keyof typeof Op];

/** Operand kinds of the columns `dst` and `src`: 0-15 general registers in encoding order (rax rcx rdx rbx rsp rbp rsi rdi r8...), 16-31 vector registers, else one of these. */
export const Operand = {
  /** First vector register; xmm0..xmm15 are 16..31 (ymm and zmm share the number; xmm16-31 are `none`). */
  xmm: 16,
  /** The memory operand in base/index/scale/disp/segment. */
  memory: 64,
  /** The immediate in immLo/immHi, sign-extended to 64 bits where the instruction does so. */
  immediate: 65,
  /** No operand, or one that is not followed (segment, mmx, x87, mask, control registers). */
  none: 255,
} as const;

/** The names of the general registers' numbers. */
export const Reg = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

/** No base or index register, and no branch target. */
export const NONE = -1;
/** `base` of a memory operand whose `disp` already is an RVA (x64 rip-relative; x86 absolute minus the image base). */
export const BASE_RVA = -2;

/**
 * A run of decoded instructions, struct of arrays; instruction `i` is the i-th entry of every column, in address order.
 * `count` entries are valid; columns grow by doubling. RVAs are unsigned 32-bit numbers (in Float64-safe range) kept in Uint32Array.
 * At most one operand of an instruction is memory. 8-bit high registers (ah, ch, dh, bh) are decoded as `none` with op `other`
 * when written and as `none` when read, so they never pass for al, cl, dl, bl... (the containing register becomes unknown: `clobber`).
 */
export interface Listing {
  count: number;
  /** Entries below this number may hold something else than an empty entry's values; the decoder keeps it (set `count` to 0 to use a listing again). */
  written: number;
  rva: Uint32Array;
  /** Bytes of the encoding, 1..15. */
  length: Uint8Array;
  op: Uint8Array;
  /** Operand size in bytes (1, 2, 4, 8, 16, 32, 64); for movzx/movsx that of the source. */
  size: Uint8Array;
  /** movzx/movsx: the destination's size; else equal to `size`. */
  dstSize: Uint8Array;
  dst: Uint8Array;
  src: Uint8Array;
  /** General register number, NONE or BASE_RVA. */
  base: Int8Array;
  /** General register number or NONE. */
  index: Int8Array;
  /** 1, 2, 4 or 8. */
  scale: Uint8Array;
  disp: Int32Array;
  /** 0 none, 1 fs, 2 gs. */
  segment: Uint8Array;
  immLo: Int32Array;
  immHi: Int32Array;
  /** 1 where an immediate is present (also beside a memory source: imul r, [m], imm; mov [m], imm). */
  hasImm: Uint8Array;
  /** call, jmp, jcc, loop with a relative target: its RVA; else 0xffffffff. */
  target: Uint32Array;
  /** Condition code 0..15 (as in 0F 8x) of jcc, cmov, setcc. */
  cc: Uint8Array;
  /** 1 where a rep/repe/repne prefix applies (movs, stos, scan). */
  rep: Uint8Array;
  /** A general register (0-15) beyond dst that becomes unknown (`div`, `mulx`, xchg's second, an 8-bit high register's container), or 255. rax and rdx of muldiv are implied. */
  clobber: Uint8Array;
}

/** `target` where there is none. */
export const NO_TARGET = 0xffffffff;

/**
 * An empty listing with room for `capacity` instructions. The columns lie in one buffer: setting up nineteen of their own takes
 * longer than decoding a function.
 */
export function emptyListing(capacity = 64): Listing {
  const words = capacity * 4;
  const buffer = new ArrayBuffer(words * 5 + capacity * 14);
  const bytes = words * 5;
  return {
    count: 0,
    written: 0,
    rva: new Uint32Array(buffer, 0, capacity),
    length: new Uint8Array(buffer, bytes, capacity),
    op: new Uint8Array(buffer, bytes + capacity, capacity),
    size: new Uint8Array(buffer, bytes + capacity * 2, capacity),
    dstSize: new Uint8Array(buffer, bytes + capacity * 3, capacity),
    dst: new Uint8Array(buffer, bytes + capacity * 4, capacity),
    src: new Uint8Array(buffer, bytes + capacity * 5, capacity),
    base: new Int8Array(buffer, bytes + capacity * 6, capacity).fill(NONE),
    index: new Int8Array(buffer, bytes + capacity * 7, capacity).fill(NONE),
    scale: new Uint8Array(buffer, bytes + capacity * 8, capacity).fill(1),
    disp: new Int32Array(buffer, words, capacity),
    segment: new Uint8Array(buffer, bytes + capacity * 9, capacity),
    immLo: new Int32Array(buffer, words * 2, capacity),
    immHi: new Int32Array(buffer, words * 3, capacity),
    hasImm: new Uint8Array(buffer, bytes + capacity * 10, capacity),
    target: new Uint32Array(buffer, words * 4, capacity).fill(NO_TARGET),
    cc: new Uint8Array(buffer, bytes + capacity * 11, capacity),
    rep: new Uint8Array(buffer, bytes + capacity * 12, capacity),
    clobber: new Uint8Array(buffer, bytes + capacity * 13, capacity).fill(Operand.none),
  };
}

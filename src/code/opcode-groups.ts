// Opcodes whose operation hangs on ModRM: the groups of the integer set and the x87 instructions.
import { Op } from './instruction.ts';
import { Form, type FormCode, group, Imm, type ImmCode, modrm, Size, type SizeCode } from './opcode-entry.ts';

const rows: number[] = [];

/** Adds a group and answers its entry: eight entries by ModRM.reg for a memory operand, eight for a register (the same ones when left out). */
function defineGroup(memory: readonly number[], register: readonly number[] = memory): number {
  const number = rows.length / 16;
  rows.push(...memory, ...register);
  return group(number);
}

const bad = Form.invalid;
const read = (size: SizeCode = Size.v, op: number = Op.other) => modrm(op, Form.rmRead, size);
const write = (size: SizeCode = Size.v, imm: ImmCode = Imm.none) => modrm(Op.other, Form.rm, size, imm);
const nop = modrm(Op.nop, Form.none);
const only = (entry: number) => [entry, bad, bad, bad, bad, bad, bad, bad];

/** Operations of 00-3F by bits 3-5 of the opcode, and of group 1. */
export const ARITHMETIC = [Op.add, Op.or, Op.carry, Op.carry, Op.and, Op.sub, Op.xor, Op.cmp] as const;
const SHIFTS = [Op.other, Op.other, Op.other, Op.other, Op.shl, Op.shr, Op.shl, Op.sar] as const;

const arithmetic = (size: SizeCode, imm: ImmCode) => defineGroup(ARITHMETIC.map((op) => modrm(op, Form.rm, size, imm)));
const shifts = (form: FormCode, size: SizeCode, imm: ImmCode = Imm.none) =>
  defineGroup(SHIFTS.map((op) => modrm(op, form, size, imm)));
function unary(size: SizeCode, imm: ImmCode): number {
  const test = modrm(Op.test, Form.rm, size, imm);
  const wide = modrm(Op.muldiv, Form.rmRead, size);
  return defineGroup([test, test, modrm(Op.not, Form.rm, size), modrm(Op.neg, Form.rm, size), wide, wide, wide, wide]);
}
const increments = (size: SizeCode) => [modrm(Op.inc, Form.rm, size), modrm(Op.dec, Form.rm, size)];
const branches = [modrm(Op.call, Form.rmRead, Size.branch), modrm(Op.jmp, Form.rmRead, Size.branch)];
const farCall = modrm(Op.call, Form.none, Size.branch);
const farJump = modrm(Op.jmp, Form.none, Size.branch);
const pushOne = modrm(Op.push, Form.rmRead, Size.stack);

export const GROUP_1B = arithmetic(Size.b, Imm.ib);
export const GROUP_1Z = arithmetic(Size.v, Imm.iz);
export const GROUP_1S = arithmetic(Size.v, Imm.ib);
export const GROUP_1A = defineGroup(only(modrm(Op.pop, Form.rm, Size.stack)));
export const GROUP_2B = shifts(Form.rm, Size.b, Imm.ub);
export const GROUP_2V = shifts(Form.rm, Size.v, Imm.ub);
export const GROUP_2B_ONE = shifts(Form.rmOne, Size.b);
export const GROUP_2V_ONE = shifts(Form.rmOne, Size.v);
export const GROUP_2B_CL = shifts(Form.rmCl, Size.b);
export const GROUP_2V_CL = shifts(Form.rmCl, Size.v);
export const GROUP_3B = unary(Size.b, Imm.ib);
export const GROUP_3V = unary(Size.v, Imm.iz);
export const GROUP_4 = defineGroup([...increments(Size.b), bad, bad, bad, bad, bad, bad]);
export const GROUP_5 = defineGroup(
  [...increments(Size.v), branches[0], farCall, branches[1], farJump, pushOne, bad],
  [...increments(Size.v), branches[0], bad, branches[1], bad, pushOne, bad],
);
const movImm = (size: SizeCode, imm: ImmCode) => modrm(Op.mov, Form.rm, size, imm);
export const GROUP_11B = defineGroup(only(movImm(Size.b, Imm.ib)), [
  ...only(movImm(Size.b, Imm.ib)).slice(0, 7),
  modrm(Op.nop, Form.none, Size.b, Imm.ub), // xabort
]);
export const GROUP_11V = defineGroup(only(movImm(Size.v, Imm.iz)), [
  ...only(movImm(Size.v, Imm.iz)).slice(0, 7),
  modrm(Op.loop, Form.xbegin, Size.branch, Imm.relz),
]);
/** sldt, str, lldt, ltr, verr, verw. */
export const GROUP_6 = defineGroup(
  [write(Size.w), write(Size.w), read(Size.w), read(Size.w), read(Size.w), read(Size.w), bad, bad],
  [write(), write(), read(Size.w), read(Size.w), read(Size.w), read(Size.w), bad, bad],
);
/** The same behind F2: lkgs with /6. */
export const GROUP_6_F2 = defineGroup(
  [write(Size.w), write(Size.w), read(Size.w), read(Size.w), read(Size.w), read(Size.w), read(Size.w), bad],
  [write(), write(), read(Size.w), read(Size.w), read(Size.w), read(Size.w), read(Size.w), bad],
);
/** sgdt, sidt, lgdt, lidt, smsw, rstorssp, lmsw, invlpg; with a register the whole ModRM byte counts. */
const system = modrm(Op.other, Form.system);
export const GROUP_7 = defineGroup(
  [
    write(Size.o16),
    write(Size.o16),
    read(),
    read(),
    write(Size.w),
    modrm(Op.other, Form.rm, Size.q),
    read(Size.w),
    nop,
  ],
  [system, system, system, system, write(), system, read(Size.w), system],
);
const bitTest = modrm(Op.nop, Form.none, Size.v, Imm.ub);
const bitWrite = write(Size.v, Imm.ub);
export const GROUP_8 = defineGroup([bad, bad, bad, bad, bitTest, bitWrite, bitWrite, bitWrite]);
const pair = modrm(Op.exchange, Form.rmPair);
const big = write(Size.o64);
export const GROUP_9 = defineGroup(
  [bad, pair, bad, read(Size.o64), big, big, read(Size.q), write(Size.q)],
  [bad, bad, bad, bad, bad, bad, write(), write()],
);
export const GROUP_9_F3 = defineGroup(
  [bad, pair, bad, read(Size.o64), big, big, read(Size.q), write(Size.q)],
  [bad, bad, bad, bad, bad, bad, nop, write(Size.stack)], // senduipi, rdpid
);
/** fxsave, fxrstor, ldmxcsr, stmxcsr, xsave, xrstor, xsaveopt, clflush; lfence, mfence, sfence. */
export const GROUP_15 = defineGroup(
  [big, read(Size.o64), read(Size.d), write(Size.d), big, read(Size.o64), big, nop],
  [nop, nop, nop, nop, nop, nop, nop, nop],
);
/** The same behind 66: clwb, clflushopt, tpause. */
export const GROUP_15_66 = defineGroup(
  [bad, bad, bad, bad, bad, bad, nop, nop],
  [bad, bad, bad, bad, bad, bad, nop, bad],
);
/** The VIA PadLock instructions (0F A6, 0F A7) count in rcx and move rsi and rdi. */
export const GROUP_PADLOCK = defineGroup(Array(8).fill(bad), Array(8).fill(modrm(Op.clobberAll, Form.none)));
/** ptwrite, clrssbsy; rdfsbase, rdgsbase, wrfsbase, wrgsbase, ptwrite, incssp, umonitor. */
export const GROUP_15_F3 = defineGroup(
  [bad, bad, bad, bad, read(Size.y), bad, write(Size.q), bad],
  [write(Size.y), write(Size.y), read(Size.y), read(Size.y), read(Size.y), nop, nop, nop],
);
/** 0F 18 to 0F 1F: prefetch and the reserved no-operations. */
export const HINT = modrm(Op.nop, Form.none);
/** F3 0F 1E: rdssp with /1, endbr32 and endbr64 with /7. */
export const GROUP_RDSSP = defineGroup(Array(8).fill(nop), [nop, write(Size.y), nop, nop, nop, nop, nop, nop]);
/** VEX: vldmxcsr, vstmxcsr. */
export const GROUP_VEX_15 = defineGroup(
  [bad, bad, read(Size.d), write(Size.d), bad, bad, bad, bad],
  Array(8).fill(bad),
);
/** VEX: blsr, blsmsk, blsi. */
const lowBit = modrm(Op.other, Form.vvvvRm, Size.y);
export const GROUP_VEX_17 = defineGroup([bad, lowBit, lowBit, lowBit, bad, bad, bad, bad]);

/** What C5, C4, 62 and 8F are when they do not begin a VEX, EVEX or XOP prefix: lds, les, bound, pop. */
export const UNPREFIXED = [
  modrm(Op.other, Form.regMem),
  modrm(Op.other, Form.regMem),
  modrm(Op.nop, Form.none),
  GROUP_1A,
] as const;

/** x87 by the second byte: l loads, s stores, . no memory form; then the widths in bytes. */
const X87_MEMORY = [
  ['l4', 'l4', 'l4', 'l4', 'l4', 'l4', 'l4', 'l4'],
  ['l4', '..', 's4', 's4', 'l64', 'l2', 's32', 's2'],
  ['l4', 'l4', 'l4', 'l4', 'l4', 'l4', 'l4', 'l4'],
  ['l4', 's4', 's4', 's4', '..', 'l16', '..', 's16'],
  ['l8', 'l8', 'l8', 'l8', 'l8', 'l8', 'l8', 'l8'],
  ['l8', 's8', 's8', 's8', 'l64', '..', 's64', 's2'],
  ['l2', 'l2', 'l2', 'l2', 'l2', 'l2', 'l2', 'l2'],
  ['l2', 's2', 's2', 's2', 'l16', 'l8', 's16', 's8'],
] as const;
const X87_SIZE: Readonly<Record<string, SizeCode>> = {
  2: Size.w,
  4: Size.d,
  8: Size.q,
  16: Size.o16,
  32: Size.o32,
  64: Size.o64,
};
const onStack = modrm(Op.other, Form.none);
/** D8 to DF. */
export const X87 = X87_MEMORY.map((row, k) =>
  defineGroup(
    row.map((cell) => {
      if (cell === '..') return bad;
      return modrm(Op.other, cell[0] === 's' ? Form.rm : Form.rmRead, X87_SIZE[cell.slice(1)]);
    }),
    row.map((_, reg) => (k === 7 && reg === 4 ? modrm(Op.other, Form.acc, Size.w) : onStack)),
  ),
);

/** The groups' entries: sixteen a group, by (register operand ? 8 : 0) + ModRM.reg. */
export const GROUPS: Int32Array = Int32Array.from(rows);

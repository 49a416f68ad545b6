// The one-byte opcodes of both modes and the two-byte opcodes (0F) of the integer set.
import { Op } from './instruction.ts';
import { Form, Imm, type ImmCode, modrm, plain, Size, type SizeCode } from './opcode-entry.ts';
import * as groups from './opcode-groups.ts';

/** Sets one entry or a run of them. */
function fill(table: Int32Array, from: number, to: number, entry: number): void {
  table.fill(entry, from, to + 1);
}

function oneByte(x64: boolean): Int32Array {
  const t = new Int32Array(256);
  groups.ARITHMETIC.forEach((op, k) => {
    const at = k * 8;
    t[at] = modrm(op, Form.rmReg, Size.b);
    t[at + 1] = modrm(op, Form.rmReg);
    t[at + 2] = modrm(op, Form.regRm, Size.b);
    t[at + 3] = modrm(op, Form.regRm);
    t[at + 4] = plain(op, Form.acc, Size.b, Imm.ib);
    t[at + 5] = plain(op, Form.acc, Size.v, Imm.iz);
  });
  // sbb
  t[0x18] = modrm(Op.carry, Form.rmRegBorrow, Size.b);
  t[0x19] = modrm(Op.carry, Form.rmRegBorrow);
  t[0x1a] = modrm(Op.carry, Form.regRmBorrow, Size.b);
  t[0x1b] = modrm(Op.carry, Form.regRmBorrow);
  t[0x0f] = plain(0, Form.escape);
  for (const prefix of [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3])
    t[prefix] = plain(0, Form.prefix);
  fill(t, 0x50, 0x57, plain(Op.push, Form.lowRead, Size.stack));
  fill(t, 0x58, 0x5f, plain(Op.pop, Form.low, Size.stack));
  t[0x62] = plain(0, Form.evex);
  t[0x63] = x64 ? modrm(Op.movsx, Form.extend, Size.d) : modrm(Op.other, Form.rm, Size.w);
  t[0x68] = plain(Op.push, Form.none, Size.stack, Imm.iz);
  t[0x69] = modrm(Op.imul, Form.regRm, Size.v, Imm.iz);
  t[0x6a] = plain(Op.push, Form.none, Size.stack, Imm.ib);
  t[0x6b] = modrm(Op.imul, Form.regRm, Size.v, Imm.ib);
  t[0x6c] = plain(Op.clobberAll, Form.ins, Size.b);
  t[0x6d] = plain(Op.clobberAll, Form.ins, Size.d);
  t[0x6e] = plain(Op.scan, Form.string, Size.b);
  t[0x6f] = plain(Op.scan, Form.string, Size.d);
  fill(t, 0x70, 0x7f, plain(Op.jcc, Form.none, Size.branch, Imm.rel8));
  t[0x80] = groups.GROUP_1B;
  t[0x81] = groups.GROUP_1Z;
  t[0x82] = x64 ? Form.invalid : groups.GROUP_1B;
  t[0x83] = groups.GROUP_1S;
  pair(t, 0x84, Op.test, Form.rmReg);
  pair(t, 0x86, Op.xchg, Form.swap);
  pair(t, 0x88, Op.mov, Form.rmReg);
  pair(t, 0x8a, Op.mov, Form.regRm);
  t[0x8c] = modrm(Op.other, Form.fromSegment);
  t[0x8d] = modrm(Op.lea, Form.regMem);
  t[0x8e] = modrm(Op.nop, Form.rmRead, Size.w);
  t[0x8f] = plain(0, Form.xop);
  fill(t, 0x90, 0x97, plain(Op.xchg, Form.lowAcc));
  t[0x98] = plain(Op.movsx, Form.extendAcc);
  t[0x99] = plain(Op.muldiv, Form.none);
  t[0x9b] = plain(Op.nop, Form.none);
  t[0x9c] = plain(Op.push, Form.none, Size.stack);
  t[0x9d] = plain(Op.pop, Form.none, Size.stack);
  t[0x9e] = plain(Op.nop, Form.none, Size.b);
  t[0x9f] = plain(Op.other, Form.ah, Size.b);
  t[0xa0] = plain(Op.mov, Form.load, Size.b, Imm.moffs);
  t[0xa1] = plain(Op.mov, Form.load, Size.v, Imm.moffs);
  t[0xa2] = plain(Op.mov, Form.store, Size.b, Imm.moffs);
  t[0xa3] = plain(Op.mov, Form.store, Size.v, Imm.moffs);
  t[0xa8] = plain(Op.test, Form.acc, Size.b, Imm.ib);
  t[0xa9] = plain(Op.test, Form.acc, Size.v, Imm.iz);
  const strings = [Op.movs, Op.scan, Op.nop, Op.stos, Op.scan, Op.scan];
  strings.forEach((op, k) => {
    if (k === 2) return;
    t[0xa4 + k * 2] = plain(op, Form.string, Size.b);
    t[0xa5 + k * 2] = plain(op, Form.string);
  });
  fill(t, 0xb0, 0xb7, plain(Op.mov, Form.low, Size.b, Imm.ib));
  fill(t, 0xb8, 0xbf, plain(Op.mov, Form.low, Size.v, Imm.iv));
  t[0xc0] = groups.GROUP_2B;
  t[0xc1] = groups.GROUP_2V;
  t[0xc2] = plain(Op.ret, Form.none, Size.branch, Imm.iw);
  t[0xc3] = plain(Op.ret, Form.none, Size.branch);
  t[0xc4] = plain(0, Form.vex3);
  t[0xc5] = plain(0, Form.vex2);
  t[0xc6] = groups.GROUP_11B;
  t[0xc7] = groups.GROUP_11V;
  t[0xc8] = plain(Op.other, Form.enter, Size.stack, Imm.iwib);
  t[0xc9] = plain(Op.leave, Form.none, Size.stack);
  t[0xca] = plain(Op.ret, Form.none, Size.v, Imm.iw);
  t[0xcb] = plain(Op.ret, Form.none);
  t[0xcc] = plain(Op.trap, Form.none);
  t[0xcd] = plain(Op.clobberAll, Form.interrupt, Size.b, Imm.ub);
  t[0xcf] = plain(Op.ret, Form.none);
  t[0xd0] = groups.GROUP_2B_ONE;
  t[0xd1] = groups.GROUP_2V_ONE;
  t[0xd2] = groups.GROUP_2B_CL;
  t[0xd3] = groups.GROUP_2V_CL;
  t[0xd7] = plain(Op.other, Form.acc, Size.b);
  groups.X87.forEach((entry, k) => {
    t[0xd8 + k] = entry;
  });
  fill(t, 0xe0, 0xe2, plain(Op.loop, Form.loop, Size.branch, Imm.rel8));
  t[0xe3] = plain(Op.loop, Form.none, Size.branch, Imm.rel8);
  t[0xe4] = plain(Op.other, Form.acc, Size.b, Imm.ub);
  t[0xe5] = plain(Op.other, Form.acc, Size.d, Imm.ub);
  t[0xe6] = plain(Op.nop, Form.accRead, Size.b, Imm.ub);
  t[0xe7] = plain(Op.nop, Form.accRead, Size.d, Imm.ub);
  t[0xe8] = plain(Op.call, Form.none, Size.branch, Imm.relz);
  t[0xe9] = plain(Op.jmp, Form.none, Size.branch, Imm.relz);
  t[0xeb] = plain(Op.jmp, Form.none, Size.branch, Imm.rel8);
  t[0xec] = plain(Op.other, Form.acc, Size.b);
  t[0xed] = plain(Op.other, Form.acc, Size.d);
  t[0xee] = plain(Op.nop, Form.accRead, Size.b);
  t[0xef] = plain(Op.nop, Form.accRead, Size.d);
  t[0xf1] = plain(Op.trap, Form.none);
  t[0xf4] = plain(Op.trap, Form.none);
  t[0xf5] = plain(Op.nop, Form.none);
  t[0xf6] = groups.GROUP_3B;
  t[0xf7] = groups.GROUP_3V;
  fill(t, 0xf8, 0xfd, plain(Op.nop, Form.none));
  t[0xfe] = groups.GROUP_4;
  t[0xff] = groups.GROUP_5;
  if (x64) fill(t, 0x40, 0x4f, plain(0, Form.rex));
  else oldOpcodes(t);
  return t;
}

/** The opcodes that 64-bit mode took away. */
function oldOpcodes(t: Int32Array): void {
  fill(t, 0x40, 0x47, plain(Op.inc, Form.low));
  fill(t, 0x48, 0x4f, plain(Op.dec, Form.low));
  for (const at of [0x06, 0x0e, 0x16, 0x1e]) t[at] = plain(Op.push, Form.none, Size.stack);
  for (const at of [0x07, 0x17, 0x1f]) t[at] = plain(Op.pop, Form.none, Size.stack);
  for (const at of [0x27, 0x2f]) t[at] = plain(Op.other, Form.acc, Size.b);
  for (const at of [0x37, 0x3f]) t[at] = plain(Op.other, Form.acc, Size.w);
  t[0x60] = plain(Op.other, Form.pusha);
  t[0x61] = plain(Op.clobberAll, Form.pusha);
  t[0x9a] = plain(Op.call, Form.none, Size.branch, Imm.far);
  t[0xce] = plain(Op.nop, Form.none);
  t[0xd4] = plain(Op.other, Form.acc, Size.w, Imm.ub);
  t[0xd5] = plain(Op.other, Form.acc, Size.w, Imm.ub);
  t[0xd6] = plain(Op.other, Form.acc, Size.b);
  t[0xea] = plain(Op.jmp, Form.none, Size.branch, Imm.far);
}

/** Two neighbours, for bytes and for words. */
function pair(t: Int32Array, at: number, op: number, form: Parameters<typeof modrm>[1]): void {
  t[at] = modrm(op, form, Size.b);
  t[at + 1] = modrm(op, form);
}

/** Fills the 0F map of the integer instructions for one mandatory prefix (0 none, 1 66, 2 F3, 3 F2). */
export function integerOpcodes(t: Int32Array, prefix: number): void {
  const regRm = (op: number, size: SizeCode = Size.v) => modrm(op, Form.regRm, size);
  const rmReg = (op: number, imm: ImmCode = Imm.none) => modrm(op, Form.rmReg, Size.v, imm);
  t[0x00] = prefix === 3 ? groups.GROUP_6_F2 : groups.GROUP_6;
  t[0x01] = groups.GROUP_7;
  fill(t, 0x02, 0x03, regRm(Op.other));
  t[0x05] = plain(Op.clobberAll, Form.none);
  t[0x06] = plain(Op.nop, Form.none);
  t[0x07] = plain(Op.ret, Form.none);
  fill(t, 0x08, 0x09, plain(Op.nop, Form.none));
  t[0x0b] = plain(Op.trap, Form.none);
  t[0x0d] = groups.HINT;
  t[0x0e] = plain(Op.nop, Form.none);
  t[0x0f] = modrm(Op.other, Form.mmxRm, Size.q, Imm.ub);
  fill(t, 0x18, 0x1f, groups.HINT);
  if (prefix === 1) t[0x1b] = modrm(Op.other, Form.rmMmx, Size.q);
  if (prefix === 2) t[0x1e] = groups.GROUP_RDSSP;
  fill(t, 0x20, 0x21, modrm(Op.other, Form.fromControl, Size.stack));
  fill(t, 0x22, 0x23, modrm(Op.nop, Form.toControl, Size.stack));
  t[0x30] = plain(Op.nop, Form.none);
  fill(t, 0x31, 0x33, plain(Op.muldiv, Form.none));
  t[0x34] = plain(Op.clobberAll, Form.none);
  t[0x35] = plain(Op.ret, Form.none);
  t[0x37] = plain(Op.clobberAll, Form.none);
  fill(t, 0x40, 0x4f, regRm(Op.cmov));
  t[0x77] = plain(Op.nop, Form.none);
  t[0x78] = modrm(Op.other, Form.rm, Size.stack);
  t[0x79] = modrm(Op.nop, Form.rmRead, Size.stack);
  fill(t, 0x80, 0x8f, plain(Op.jcc, Form.none, Size.branch, Imm.relz));
  fill(t, 0x90, 0x9f, modrm(Op.setcc, Form.rm, Size.b));
  for (const at of [0xa0, 0xa8]) t[at] = plain(Op.push, Form.none, Size.stack);
  for (const at of [0xa1, 0xa9]) t[at] = plain(Op.pop, Form.none, Size.stack);
  t[0xa2] = plain(Op.clobberAll, Form.none);
  t[0xa3] = modrm(Op.nop, Form.none);
  for (const at of [0xa4, 0xac]) t[at] = rmReg(Op.other, Imm.ub);
  for (const at of [0xa5, 0xab, 0xad, 0xb3, 0xbb]) t[at] = rmReg(Op.other);
  t[0xaa] = plain(Op.ret, Form.none);
  t[0xae] = [groups.GROUP_15, groups.GROUP_15_66, groups.GROUP_15_F3, groups.GROUP_15][prefix];
  fill(t, 0xa6, 0xa7, groups.GROUP_PADLOCK);
  t[0xaf] = regRm(Op.imul);
  t[0xb0] = modrm(Op.exchange, Form.compareSwap, Size.b);
  t[0xb1] = modrm(Op.exchange, Form.compareSwap);
  for (const at of [0xb2, 0xb4, 0xb5]) t[at] = modrm(Op.other, Form.regMem);
  t[0xb6] = modrm(Op.movzx, Form.extend, Size.b);
  t[0xb7] = modrm(Op.movzx, Form.extend, Size.w);
  if (prefix === 2) t[0xb8] = regRm(Op.other);
  t[0xb9] = modrm(Op.trap, Form.none);
  t[0xba] = groups.GROUP_8;
  fill(t, 0xbc, 0xbd, regRm(Op.other));
  t[0xbe] = modrm(Op.movsx, Form.extend, Size.b);
  t[0xbf] = modrm(Op.movsx, Form.extend, Size.w);
  pair(t, 0xc0, Op.exchange, Form.swap);
  t[0xc3] = modrm(Op.mov, Form.rmReg, Size.y);
  t[0xc7] = prefix === 2 ? groups.GROUP_9_F3 : groups.GROUP_9;
  fill(t, 0xc8, 0xcf, plain(Op.other, Form.low));
  t[0xff] = modrm(Op.trap, Form.none);
}

/** One-byte opcodes of 32-bit and of 64-bit mode. */
export const ONE_BYTE_32 = oneByte(false);
export const ONE_BYTE_64 = oneByte(true);

// The opcodes of the vector registers: mmx and SSE (0F, 0F 38, 0F 3A behind 66, F2, F3), VEX, EVEX and XOP.
import { Op } from './instruction.ts';
import { Form, type FormCode, Imm, type ImmCode, modrm, plain, Size, type SizeCode } from './opcode-entry.ts';
import { GROUP_VEX_15, GROUP_VEX_17 } from './opcode-groups.ts';
import { integerOpcodes } from './opcode-table.ts';

const other = (form: FormCode, size: SizeCode = Size.vec, imm: ImmCode = Imm.none) => modrm(Op.other, form, size, imm);
const move = (form: FormCode, size: SizeCode = Size.vec) => modrm(Op.mov, form, size);
const vec = other(Form.vecRm);
const pair = modrm(Op.pair, Form.vecRm, Size.vec);
const vecImm = other(Form.vecRm, Size.vec, Imm.ub);
const mmx = other(Form.mmxRm, Size.q);
const mmxImm = other(Form.mmxRm, Size.q, Imm.ub);
const mask = other(Form.mmxRm);
const maskImm = other(Form.mmxRm, Size.vec, Imm.ub);
const integer = other(Form.regRm, Size.y);

/** Mandatory prefixes, in VEX order. */
const NONE = 0;
const P66 = 1;
const PF3 = 2;
const PF2 = 3;

/** Sets a run of opcodes of one map (256 entries). */
function fill(t: Int32Array, from: number, to: number, entry: number): void {
  t.fill(entry, from, to + 1);
}

/** The loads, stores and conversions of map 0F that are the same in SSE, VEX and EVEX. */
function vectorMoves(t: Int32Array, prefix: number): void {
  const scalar = prefix >= PF3;
  const width = prefix === PF2 ? Size.q : Size.d;
  if (scalar) {
    t[0x10] = move(Form.vecScalar, width);
    t[0x11] = move(Form.scalarVec, width);
    t[0x2a] = other(Form.vecGen, Size.y);
    fill(t, 0x2c, 0x2d, other(Form.regVec, Size.y));
  } else {
    t[0x10] = move(Form.vecRm);
    t[0x11] = move(Form.rmVec);
    t[0x12] = other(Form.vecRm, Size.q);
    t[0x13] = move(Form.scalarVec, Size.q);
    t[0x16] = other(Form.vecRm, Size.q);
    t[0x17] = move(Form.highVec, Size.q);
    t[0x28] = move(Form.vecRm);
    t[0x29] = move(Form.rmVec);
    t[0x2b] = move(Form.rmVec);
    fill(t, 0x2e, 0x2f, other(Form.vecRead, prefix === P66 ? Size.q : Size.d));
    t[0x50] = other(Form.regVec, Size.y);
    t[0x57] = other(Form.vecXor);
  }
  if (prefix === P66) {
    t[0x6e] = move(Form.vecGen, Size.y);
    t[0x7e] = move(Form.genVec, Size.y);
    t[0xc4] = other(Form.vecGen, Size.dw, Imm.ub);
    t[0xc5] = other(Form.regVec, Size.d, Imm.ub);
    t[0xd6] = move(Form.rmVec, Size.q);
    t[0xd7] = other(Form.regVec, Size.d);
    t[0xe7] = move(Form.rmVec);
    t[0xef] = other(Form.vecXor);
    t[0xf7] = other(Form.maskStore);
  }
  if (prefix === PF3) t[0x7e] = move(Form.vecRm, Size.q);
  if (prefix === P66 || prefix === PF3) {
    t[0x6f] = move(Form.vecRm);
    t[0x7f] = move(Form.rmVec);
  }
  if (prefix === PF2) t[0xf0] = move(Form.vecRm);
  t[0x70] = vecImm;
  t[0xc2] = vecImm;
  t[0xc6] = vecImm;
}

/** Map 0F of mmx and SSE. */
function sse0F(t: Int32Array, prefix: number): void {
  if (prefix <= P66) for (const at of [0x14, 0x15]) t[at] = vec;
  else for (const at of [0x12, 0x16]) t[at] = vec;
  fill(t, 0x51, 0x5f, vec);
  fill(t, 0xd0, 0xfe, prefix === NONE ? mmx : vec);
  if (prefix === NONE) {
    for (const [from, to] of [
      [0x60, 0x6f],
      [0x74, 0x76],
    ] as const)
      fill(t, from, to, mmx);
    vectorMoves(t, prefix);
    t[0x16] = modrm(Op.pair, Form.vecRm, Size.q);
    fill(t, 0x2c, 0x2d, other(Form.mmxRm, Size.q));
    t[0x2a] = other(Form.vecMmx, Size.q);
    fill(t, 0x70, 0x73, mmxImm);
    t[0x7e] = other(Form.rm, Size.y);
    t[0x7f] = other(Form.rmMmx, Size.q);
    t[0xc4] = mmxImm;
    t[0xc5] = other(Form.reg, Size.d, Imm.ub);
    t[0xd7] = other(Form.reg, Size.d);
    t[0xe7] = other(Form.rmMmx, Size.q);
    t[0xf7] = other(Form.maskStore, Size.q);
    return;
  }
  if (prefix === P66) {
    fill(t, 0x60, 0x6d, vec);
    fill(t, 0x74, 0x76, vec);
    fill(t, 0x71, 0x73, other(Form.vec, Size.vec, Imm.ub));
    t[0x78] = other(Form.vec, Size.vec, Imm.ibib);
    t[0x14] = pair;
    t[0x6c] = pair;
  }
  fill(t, 0x7c, 0x7d, vec);
  vectorMoves(t, prefix);
  if (prefix === P66) t[0x16] = modrm(Op.pair, Form.vecRm, Size.q);
  if (prefix === P66) {
    fill(t, 0x2c, 0x2d, other(Form.mmxRm, Size.vec));
    t[0x2a] = other(Form.vecMmx, Size.q);
    t[0x79] = vec;
  }
  if (prefix === PF2) {
    t[0x78] = other(Form.vecRm, Size.vec, Imm.ibib);
    t[0x79] = vec;
    t[0xd6] = other(Form.mmxRm, Size.q);
  }
  if (prefix >= PF3) t[0x2b] = move(Form.scalarVec, prefix === PF2 ? Size.q : Size.d);
  if (prefix === PF3) t[0xd6] = other(Form.vecMmx, Size.q);
}

/** Map 0F 38. */
function sse0F38(t: Int32Array, prefix: number): void {
  if (prefix <= P66) {
    fill(t, 0x00, 0x0b, prefix === NONE ? mmx : vec);
    fill(t, 0x1c, 0x1e, prefix === NONE ? mmx : vec);
  }
  if (prefix === P66) {
    for (const at of [0x10, 0x14, 0x15, 0x28, 0x29, 0x2b, 0xcf]) t[at] = vec;
    t[0x17] = other(Form.vecRead);
    fill(t, 0x20, 0x25, vec);
    t[0x2a] = move(Form.vecRm);
    fill(t, 0x30, 0x41, vec);
    fill(t, 0x80, 0x82, modrm(Op.nop, Form.none));
    fill(t, 0xdb, 0xdf, vec);
    t[0xf5] = other(Form.rm, Size.y);
    t[0xf6] = modrm(Op.carry, Form.regRm, Size.y);
  }
  if (prefix === NONE) {
    fill(t, 0xc8, 0xcd, vec);
    t[0xf6] = other(Form.rm, Size.y);
    t[0xf9] = modrm(Op.mov, Form.rmReg, Size.y);
  }
  if (prefix === PF3) {
    t[0xd8] = other(Form.vecRead, Size.o64);
    fill(t, 0xdc, 0xdf, other(Form.vecRm, Size.o64));
    t[0xf6] = modrm(Op.carry, Form.regRm, Size.y);
    fill(t, 0xfa, 0xfb, modrm(Op.other, Form.reg, Size.d));
  }
  if (prefix === PF2) {
    t[0xf0] = modrm(Op.other, Form.extend, Size.b);
    t[0xf1] = modrm(Op.other, Form.regRm);
  } else {
    t[0xf0] = modrm(Op.other, Form.regRm);
    t[0xf1] = modrm(Op.other, Form.rmReg);
  }
  if (prefix !== NONE) t[0xf8] = other(Form.regTo, Size.o64);
  t[0xfc] = other(Form.rmReg, Size.y);
}

/** What map 0F 3A has in SSE, VEX and EVEX alike, behind 66. */
function elementMoves(t: Int32Array): void {
  t[0x14] = other(Form.genVec, Size.db, Imm.ub);
  t[0x15] = other(Form.genVec, Size.dw, Imm.ub);
  t[0x16] = other(Form.genVec, Size.y, Imm.ub);
  t[0x17] = other(Form.genVec, Size.d, Imm.ub);
  t[0x20] = other(Form.vecGen, Size.db, Imm.ub);
  t[0x22] = other(Form.vecGen, Size.y, Imm.ub);
  for (const at of [0x60, 0x62]) t[at] = other(Form.vecToFirst, Size.vec, Imm.ub);
  for (const at of [0x61, 0x63]) t[at] = other(Form.vecToCount, Size.vec, Imm.ub);
}

/** Map 0F 3A. */
function sse0F3A(t: Int32Array, prefix: number): void {
  if (prefix === NONE) {
    t[0x0f] = mmxImm;
    t[0xcc] = vecImm;
  } else if (prefix === P66) {
    fill(t, 0x08, 0x0f, vecImm);
    fill(t, 0x40, 0x44, vecImm);
    for (const at of [0x21, 0xce, 0xcf, 0xdf]) t[at] = vecImm;
    elementMoves(t);
  } else if (prefix === PF3) {
    t[0xf0] = modrm(Op.nop, Form.none, Size.d, Imm.ub);
  }
}

/** The maps 1 to 3 of VEX. */
function vexMap(t: Int32Array, map: number, prefix: number): void {
  t.fill(map === 3 ? vecImm : vec);
  if (map === 1) {
    vectorMoves(t, prefix);
    fill(t, 0x41, 0x4b, other(Form.none));
    t[0x77] = plain(Op.nop, Form.none);
    fill(t, 0x71, 0x73, other(Form.vvvvVec, Size.vec, Imm.ub));
    const maskSize = prefix === NONE ? Size.maskWord : Size.maskByte;
    t[0x90] = other(Form.mmxRm, maskSize);
    t[0x91] = other(Form.rmMmx, maskSize);
    t[0x92] = other(Form.none);
    t[0x93] = other(Form.reg, Size.y);
    fill(t, 0x98, 0x99, other(Form.none));
    t[0xae] = GROUP_VEX_15;
  } else if (map === 2) {
    for (const at of [0x0e, 0x0f, 0x17]) t[at] = other(Form.vecRead);
    t[0x2a] = move(Form.vecRm);
    for (const at of [0x2e, 0x2f, 0x8e]) t[at] = other(Form.rmVec);
    for (const at of [0x49, 0x4b, 0x5c, 0x5e, 0x6c]) t[at] = other(Form.none);
    fill(t, 0x90, 0x93, other(Form.gather));
    fill(t, 0xe0, 0xef, modrm(Op.exchange, Form.rmReg, Size.y));
    t[0xf2] = integer;
    t[0xf3] = GROUP_VEX_17;
    fill(t, 0xf5, 0xf7, integer);
    if (prefix === PF2) t[0xf6] = other(Form.mulx, Size.y);
  } else {
    elementMoves(t);
    for (const at of [0x19, 0x39, 0x1d]) t[at] = other(Form.rmVec, Size.vec, Imm.ub);
    fill(t, 0x30, 0x33, other(Form.none, Size.vec, Imm.ub));
    t[0xf0] = other(Form.regRm, Size.y, Imm.ub);
  }
}

/** The maps 1 to 6 of EVEX (4 is empty): what differs from VEX. */
function evexMap(t: Int32Array, map: number, prefix: number): void {
  if (map === 4) return;
  if (map > 4) t.fill(vec);
  else vexMap(t, map, prefix);
  if (map === 1) {
    fill(t, 0x64, 0x66, mask);
    fill(t, 0x74, 0x76, mask);
    if (prefix === PF2) {
      t[0x6f] = move(Form.vecRm);
      t[0x7f] = move(Form.rmVec);
    }
    fill(t, 0x41, 0x4b, vec);
    fill(t, 0x90, 0x99, vec);
    t[0xc2] = maskImm;
    if (prefix >= PF3) unsignedConversions(t);
    else fill(t, 0x78, 0x79, vec);
  } else if (map === 2) {
    evexMap2(t, prefix);
  } else if (map === 3) {
    for (const at of [0x1b, 0x3b]) t[at] = other(Form.rmVec, Size.vec, Imm.ub);
    for (const at of [0x1e, 0x1f, 0x3e, 0x3f, 0x66, 0x67, 0xc2]) t[at] = maskImm;
  } else if (map === 5) {
    if (prefix === PF3) {
      t[0x10] = move(Form.vecScalar, Size.w);
      t[0x11] = move(Form.scalarVec, Size.w);
      t[0x2a] = other(Form.vecGen, Size.y);
      fill(t, 0x2c, 0x2d, other(Form.regVec, Size.y));
      unsignedConversions(t);
    }
    if (prefix === NONE) fill(t, 0x2e, 0x2f, other(Form.vecRead, Size.w));
    if (prefix === P66) {
      t[0x6e] = other(Form.vecGen, Size.dw);
      t[0x7e] = other(Form.genVec, Size.dw);
    }
  }
}

function unsignedConversions(t: Int32Array): void {
  fill(t, 0x78, 0x79, other(Form.regVec, Size.y));
  t[0x7b] = other(Form.vecGen, Size.y);
}

function evexMap2(t: Int32Array, prefix: number): void {
  fill(t, 0x49, 0x5e, vec);
  fill(t, 0xe0, 0xff, vec);
  for (const at of [0x0e, 0x0f, 0x17, 0x2e, 0x2f, 0x6c, 0x8e]) t[at] = vec;
  fill(t, 0x26, 0x27, mask);
  if (prefix === P66) for (const at of [0x29, 0x37, 0x8f]) t[at] = mask;
  if (prefix === PF2) t[0x68] = mask;
  if (prefix === PF3) {
    for (const row of [0x10, 0x20, 0x30]) fill(t, row, row + 5, other(Form.rmVec));
    for (const at of [0x28, 0x38, 0x2a, 0x3a]) t[at] = other(Form.vecMmx);
    for (const at of [0x29, 0x39]) t[at] = mask;
  }
  for (const at of [0x63, 0x8a, 0x8b]) t[at] = other(Form.rmVec);
  if (prefix === P66) fill(t, 0x7a, 0x7c, other(Form.vecGen, Size.y));
  fill(t, 0xa0, 0xa3, other(Form.scatter));
  fill(t, 0xc6, 0xc7, other(Form.scatter));
}

/** XOP: maps 8, 9 and 10. */
function xopMap(t: Int32Array, map: number): void {
  if (map === 0) t.fill(vecImm);
  else if (map === 1) {
    t.fill(vec);
    fill(t, 0x01, 0x02, other(Form.vvvvRm, Size.y));
    t[0x12] = other(Form.rm, Size.y);
  } else {
    t[0x10] = other(Form.regRm, Size.y, Imm.id);
    t[0x12] = other(Form.rmRead, Size.d, Imm.id);
  }
}

function maps(count: number, set: (t: Int32Array, map: number, prefix: number) => void): Int32Array {
  const all = new Int32Array(count * 1024);
  for (let row = 0; row < count * 4; row++) set(all.subarray(row * 256, row * 256 + 256), row >> 2, row & 3);
  return all;
}

/** By ((map 0F, 0F 38, 0F 3A) << 10) + (mandatory prefix: none, 66, F3, F2) << 8 + opcode. */
export const LEGACY = maps(3, (t, map, prefix) => {
  if (map === 0) {
    integerOpcodes(t, prefix);
    sse0F(t, prefix);
  } else if (map === 1) sse0F38(t, prefix);
  else sse0F3A(t, prefix);
});
/** VEX maps 1 to 3, EVEX maps 1 to 6, XOP maps 8 to 10, likewise. */
export const VEX = maps(3, (t, map, prefix) => vexMap(t, map + 1, prefix));
export const EVEX = maps(6, (t, map, prefix) => evexMap(t, map + 1, prefix));
export const XOP = maps(3, xopMap);

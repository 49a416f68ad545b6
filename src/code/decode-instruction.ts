// Decodes one x86 or x64 instruction of any kind: prefixes, every opcode map, ModRM, immediate, operands.

import { disp8Scale, EVEX_TUPLES } from './evex-tuples.ts';
import { BASE_RVA, type Listing, NONE, Op, Operand, Reg } from './instruction.ts';
import { nextEntry } from './listing.ts';
import {
  DST_SHIFT,
  FORM_MASK,
  FORM_SHIFT,
  Form,
  GROUP_SHIFT,
  IMM_SHIFT,
  Imm,
  MODRM,
  OP_MASK,
  RARE,
  REG_VECTOR_SHIFT,
  RM_VECTOR_SHIFT,
  SIZE_SHIFT,
  Size,
  SPECIAL,
  SRC_SHIFT,
} from './opcode-entry.ts';
import { GROUPS, UNPREFIXED } from './opcode-groups.ts';
import { ONE_BYTE_32, ONE_BYTE_64 } from './opcode-table.ts';
import { EVEX, LEGACY, VEX, XOP } from './opcode-vector.ts';
import { SIZES, wrap16 } from './operand-size.ts';
import { rareOperands } from './rare-operands.ts';

/** The longest instruction the processor takes. */
const LONGEST = 15;
/** Bytes the decoder may look at behind the start of an instruction, wherever it ends. */
export const ROOM = 48;
const MEMORY = Operand.memory;
const ABSENT = Operand.none;

/** Base and index registers of 16-bit addresses. */
const BASE_16 = [Reg.rbx, Reg.rbx, Reg.rbp, Reg.rbp, Reg.rsi, Reg.rdi, Reg.rbp, Reg.rbx] as const;
const INDEX_16 = [Reg.rsi, Reg.rdi, Reg.rsi, Reg.rdi, NONE, NONE, NONE, NONE] as const;

/**
 * Appends the instruction at offset `at` to `out` and answers its length, or 0 when it is none. `b` has at least ROOM bytes from
 * `at` on, and the instruction may take `room` of them.
 */
export function decodeInstruction(
  b: Uint8Array,
  at: number,
  room: number,
  rva: number,
  x64: boolean,
  imageBase: number,
  out: Listing,
): number {
  const oneByte = x64 ? ONE_BYTE_64 : ONE_BYTE_32;
  let p = at + 1;
  let opcode = b[at];
  let entry = oneByte[opcode];
  let form = (entry >> FORM_SHIFT) & FORM_MASK;
  let rex = 0;
  let prefix66 = 0;
  let repeat = 0;
  let segment = 0;
  let narrow = false;
  let vectorSize = 16;
  // VEX, EVEX, XOP: the further source register.
  let vvvv = -1;
  // EVEX: its third byte, and whether reg (16) and r/m (32) are beyond register 15.
  let evex = 0;
  let high = 0;
  let tuple = 0;

  while (form === Form.rex || form === Form.prefix) {
    if (form === Form.rex) rex = opcode;
    else {
      rex = 0;
      if (opcode === 0x66) prefix66 = 1;
      else if (opcode >= 0xf2) repeat = opcode === 0xf3 ? 2 : 3;
      else if (opcode === 0x67) narrow = true;
      else if (opcode === 0x64) segment = 1;
      else if (opcode === 0x65) segment = 2;
      else if (opcode !== 0xf0 && !x64) segment = 0;
    }
    if (p - at >= LONGEST) return 0;
    opcode = b[p++];
    entry = oneByte[opcode];
    form = (entry >> FORM_SHIFT) & FORM_MASK;
  }
  if (form <= Form.xop) {
    if (form === Form.escape) {
      let map = 0;
      opcode = b[p++];
      if (opcode === 0x38 || opcode === 0x3a) {
        map = opcode === 0x38 ? 0x400 : 0x800;
        opcode = b[p++];
      }
      entry = LEGACY[map | ((repeat !== 0 ? repeat : prefix66) << 8) | opcode];
    } else if (form === Form.invalid) {
      return 0;
    } else if (form === Form.xop ? (b[p] & 0x1f) < 8 : !x64 && b[p] < 0xc0) {
      entry = UNPREFIXED[form - Form.vex2];
    } else {
      const b0 = b[p++];
      if (rex !== 0 || repeat !== 0 || prefix66 !== 0) return 0;
      rex = x64 ? 0x40 | ((~b0 >> 5) & 7) : 0x40;
      if (form === Form.vex2) {
        rex &= 0x44;
        vvvv = (~b0 >> 3) & 15;
        if ((b0 & 4) !== 0) vectorSize = 32;
        opcode = b[p++];
        entry = VEX[((b0 & 3) << 8) | opcode];
      } else {
        const b1 = b[p++];
        if ((b1 & 0x80) !== 0) rex |= 8;
        vvvv = (~b1 >> 3) & 15;
        if (form === Form.evex) {
          const map = b0 & 7;
          evex = b[p++] | 0x100;
          if ((b0 & 8) !== 0 || (b1 & 4) === 0 || map === 0 || map > 6) return 0;
          if (x64) {
            high = (~b0 & 0x10) | ((~b0 & 0x40) >> 1);
            vvvv |= (~evex & 8) << 1;
          }
          vectorSize = (evex & 0x40) !== 0 ? 64 : 16 << ((evex >> 5) & 3);
          opcode = b[p++];
          tuple = ((map - 1) << 10) | ((b1 & 3) << 8) | opcode;
          entry = EVEX[tuple];
        } else {
          if ((b1 & 4) !== 0) vectorSize = 32;
          const map = b0 & 31;
          opcode = b[p++];
          if (form === Form.xop) {
            if (map > 10) return 0;
            entry = XOP[((map - 8) << 10) | ((b1 & 3) << 8) | opcode];
          } else {
            if (map === 0 || map > 3) return 0;
            entry = VEX[((map - 1) << 10) | ((b1 & 3) << 8) | opcode];
          }
        }
        if (!x64) {
          rex &= 0x48;
          vvvv &= 7;
        }
      }
    }
    form = (entry >> FORM_SHIFT) & FORM_MASK;
  }

  let base: number = NONE;
  let index: number = NONE;
  let scale = 1;
  let disp = 0;
  let reg = 0;
  let rm: number = ABSENT;
  let m = 0;
  if ((entry & MODRM) !== 0) {
    m = b[p++];
    reg = ((m >> 3) & 7) | ((rex & 4) << 1);
    if (m >= 0xc0) {
      if (form === Form.regMem) return 0;
      rm = (m & 7) | ((rex & 1) << 3);
    } else if (form === Form.fromControl || form === Form.toControl) {
      rm = (m & 7) | ((rex & 1) << 3);
    } else if (!narrow || x64) {
      rm = MEMORY;
      let low = m & 7;
      if (low === 4) {
        const sib = b[p++];
        const i = ((sib >> 3) & 7) | ((rex & 2) << 2);
        if (i !== 4) {
          index = i;
          scale = 1 << (sib >> 6);
        }
        low = sib & 7;
        if (low !== 5 || m >= 0x40) base = low | ((rex & 1) << 3);
        else {
          disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
          p += 4;
          if (index === NONE && !x64 && segment === 0) {
            base = BASE_RVA;
            disp = (disp - imageBase) | 0;
          }
        }
      } else if (low === 5 && m < 0x40) {
        disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
        if (x64) base = BASE_RVA;
        else if (segment === 0) {
          base = BASE_RVA;
          disp = (disp - imageBase) | 0;
        }
      } else base = low | ((rex & 1) << 3);
      if (m >= 0x80) {
        disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
      } else if (m >= 0x40) disp = (b[p++] << 24) >> 24;
    } else {
      rm = MEMORY;
      const low = m & 7;
      if (low === 6 && m < 0x40) {
        disp = b[p] | (b[p + 1] << 8);
        p += 2;
        if (segment === 0) {
          base = BASE_RVA;
          disp = (disp - imageBase) | 0;
        }
      } else {
        base = BASE_16[low];
        index = INDEX_16[low];
      }
      if (m >= 0x80) {
        disp = ((b[p] | (b[p + 1] << 8)) << 16) >> 16;
        p += 2;
      } else if (m >= 0x40) disp = (b[p++] << 24) >> 24;
    }
    if (form === Form.group) {
      entry = GROUPS[(((entry >> GROUP_SHIFT) & 0xff) << 4) | (m >= 0xc0 ? 8 : 0) | ((m >> 3) & 7)];
      form = (entry >> FORM_SHIFT) & FORM_MASK;
    }
  }

  let op = entry & OP_MASK;
  const sizeKind = (entry >> SIZE_SHIFT) & 15;
  const immKind = (entry >> IMM_SHIFT) & 15;
  const wide = ((rex & 8) >> 1) | (prefix66 << 1) | (x64 ? 1 : 0);
  let size = sizeKind === Size.vec ? vectorSize : SIZES[(sizeKind << 3) | wide];
  let dstSize = size;
  if (evex !== 0) {
    if ((evex & 7) !== 0 && op !== Op.nop) op = Op.other; // A masked move leaves parts of its destination.
    if (m >= 0x40 && m < 0x80) {
      const w = sizeKind === Size.y ? size === 8 : (rex & 8) !== 0;
      disp *= disp8Scale(EVEX_TUPLES[tuple], w, (evex & 16) !== 0, vectorSize);
    }
  }
  // dst and src are bytes of this word.
  const operands =
    (rm + (rm < 16 ? (entry >> (RM_VECTOR_SHIFT - 4)) & 16 : 0)) |
    ((reg + ((entry >> (REG_VECTOR_SHIFT - 4)) & 16)) << 8) |
    (((opcode & 7) | ((rex & 1) << 3)) << 16) |
    0xff000000;
  let dst = (operands >>> (((entry >> DST_SHIFT) & 3) << 3)) & 0xff;
  let src = (operands >>> (((entry >> SRC_SHIFT) & 3) << 3)) & 0xff;
  if (high !== 0 && (entry & (1 << REG_VECTOR_SHIFT)) !== 0) {
    // zmm16 to zmm31 are not followed.
    const far = form === Form.rmVec || form === Form.scalarVec ? high : ((high & 16) << 1) | ((high & 32) >> 1);
    if ((far & 32) !== 0 && dst !== MEMORY) dst = ABSENT;
    if ((far & 16) !== 0 && src !== MEMORY) src = ABSENT;
  }

  const i = nextEntry(out);
  if (form >= SPECIAL) {
    switch (form) {
      case Form.rmRegBorrow:
      case Form.regRmBorrow:
        if (rm === reg) op = Op.borrow;
        break;
      case Form.string:
        if (repeat !== 0) out.rep[i] = 1;
        break;
      case Form.extend:
        dstSize = SIZES[wide];
        if (size > dstSize) size = dstSize;
        break;
      case Form.acc:
      case Form.load:
        dst = Reg.rax;
        break;
      case Form.accRead:
      case Form.store:
        src = Reg.rax;
        break;
      case Form.rmOne:
        src = Operand.immediate;
        out.immLo[i] = 1;
        out.hasImm[i] = 1;
        break;
      case Form.rmCl:
        src = Reg.rcx;
        break;
      case Form.vecScalar:
      case Form.scalarVec:
        if (rm !== MEMORY) op = Op.other;
        break;
      case Form.vecXor:
        if (src < MEMORY && (vvvv < 0 ? reg : vvvv) === rm && (high & 32) === 0) op = Op.zero;
        break;
      default:
        break;
    }
  } else if (form === Form.invalid) return 0;

  if (immKind !== Imm.none) {
    if (immKind <= Imm.iv) {
      let low: number;
      if (immKind === Imm.ub) low = b[p++];
      else if (immKind === Imm.ib) {
        low = (b[p++] << 24) >> 24;
        if (size <= 2) low &= size === 1 ? 0xff : 0xffff;
        else if (size === 8 && low < 0) out.immHi[i] = -1;
      } else if (size === 2) {
        low = b[p] | (b[p + 1] << 8);
        p += 2;
      } else {
        low = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
        if (size === 8) {
          if (immKind === Imm.iv) {
            out.immHi[i] = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
            p += 4;
          } else out.immHi[i] = low >> 31;
        }
      }
      out.immLo[i] = low;
      out.hasImm[i] = 1;
      if (src === ABSENT) src = Operand.immediate;
    } else if (immKind === Imm.rel8) {
      const relative = (b[p++] << 24) >> 24;
      const target = rva + (p - at) + relative;
      out.target[i] = size === 2 ? wrap16(target, imageBase) : target;
    } else if (immKind === Imm.relz) {
      if (size === 2) {
        const relative = ((b[p] | (b[p + 1] << 8)) << 16) >> 16;
        p += 2;
        out.target[i] = wrap16(rva + (p - at) + relative, imageBase);
      } else {
        const relative = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
        out.target[i] = rva + (p - at) + relative;
      }
    } else if (immKind === Imm.moffs) {
      rm = MEMORY;
      if (x64 && !narrow) {
        disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        const upper = b[p + 4] | (b[p + 5] << 8) | (b[p + 6] << 16) | (b[p + 7] << 24);
        p += 8;
        const inImage = upper * 0x100000000 + (disp >>> 0) - imageBase;
        if (segment === 0 && inImage >= 0 && inImage < 0x80000000) {
          // Below, a base of BASE_RVA adds the address behind the instruction.
          base = BASE_RVA;
          disp = (inImage - rva - (p - at)) | 0;
        } else if (upper !== disp >> 31) rm = ABSENT;
      } else if (x64 || !narrow) {
        disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
      } else {
        disp = b[p] | (b[p + 1] << 8);
        p += 2;
      }
      if (!x64 && segment === 0) {
        base = BASE_RVA;
        disp = (disp - imageBase) | 0;
      }
      if (form === Form.load) src = rm;
      else dst = rm;
    } else if (immKind === Imm.far) p += prefix66 !== 0 ? 4 : 6;
    else {
      let low = b[p] | (b[p + 1] << 8);
      if (immKind === Imm.ibib) low &= 0xff;
      else if (immKind === Imm.id) low |= (b[p + 2] << 16) | (b[p + 3] << 24);
      p += immKind === Imm.id ? 4 : immKind === Imm.iwib ? 3 : 2;
      out.immLo[i] = low;
      out.hasImm[i] = 1;
      if (src === ABSENT) src = Operand.immediate;
    }
  }

  const length = p - at;
  if (length > room || length > LONGEST) return 0;
  if (base !== NONE) {
    if (base === BASE_RVA && x64) disp = (disp + rva + length) | 0;
    out.base[i] = base;
  }
  if (index !== NONE) {
    out.index[i] = index;
    out.scale[i] = scale;
  }
  if (disp !== 0) out.disp[i] = disp;
  if (segment !== 0) out.segment[i] = segment;
  if (size === 1 && rex === 0) {
    // ah, ch, dh, bh
    if (src >= 4 && src < 8) src = ABSENT;
    if (dst >= 4 && dst < 8 && dstSize === 1) {
      if (op !== Op.cmp && op !== Op.test) {
        out.clobber[i] = dst & 3;
        op = Op.other;
      }
      dst = ABSENT;
    }
  }
  if (op === Op.jcc || op === Op.cmov || op === Op.setcc) out.cc[i] = opcode & 15;
  out.rva[i] = rva;
  out.length[i] = length;
  out.op[i] = op;
  out.size[i] = size;
  out.dstSize[i] = dstSize;
  out.dst[i] = dst;
  out.src[i] = src;
  if (form >= RARE && !rareOperands(out, i, entry, opcode, m, reg, rm, vvvv, high, rex, repeat)) return 0;
  out.count = i + 1;
  return length;
}

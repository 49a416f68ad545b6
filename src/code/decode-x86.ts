// Decodes x86 and x64 machine code into a listing, one table look-up and one switch an instruction.
import { BASE_RVA, type Listing, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';
import { grow } from './listing.ts';
import { Form, Imm, MODRM, modrm, RARE, Size } from './opcode-entry.ts';
import { GROUP_1A, GROUPS } from './opcode-groups.ts';
import { ONE_BYTE_32, ONE_BYTE_64 } from './opcode-table.ts';
import { EVEX, LEGACY, VEX, XOP } from './opcode-vector.ts';
import { rareOperands } from './rare-operands.ts';

/** The longest instruction the processor takes. */
const LONGEST = 15;
/** Bytes the decoder may look at behind the start of an instruction, wherever it ends. */
const ROOM = 48;
const MEMORY = Operand.memory;
const ABSENT = Operand.none;

/** Operand bytes by size << 3 | REX.W << 2 | 66 << 1 | 64-bit mode. */
const SIZES = operandSizes();
/** What C4, C5, 62 and 8F are when no VEX, EVEX or XOP prefix: lds, les, bound, pop. */
const OLD = [modrm(Op.other, Form.regMem), modrm(Op.other, Form.regMem), modrm(Op.nop, Form.none), GROUP_1A] as const;
/** Base and index registers of 16-bit addresses. */
const BASE_16 = [Reg.rbx, Reg.rbx, Reg.rbp, Reg.rbp, Reg.rsi, Reg.rdi, Reg.rbp, Reg.rbx] as const;
const INDEX_16 = [Reg.rsi, Reg.rdi, Reg.rsi, Reg.rdi, NONE, NONE, NONE, NONE] as const;
/** The bytes of the last instructions of a file, with zeros behind them. */
const nearEnd = new Uint8Array(ROOM);

/**
 * Decodes one instruction at file offset `at` (its RVA is `rva`), appending it to `out`. Returns its length, or 0 when the bytes
 * are no instruction or run past `end`.
 *
 * An immediate has the operand's own bits: sign-extended to the operand size (8-byte operands: to 64 bits), zero above it.
 * `call`, `jmp`, `push` and `muldiv` read `src`; one-operand arithmetic, `pop` and `setcc` write `dst`.
 * (Intel SDM volume 2, chapter 2 and appendix A; AMD APM volume 3 for XOP and 3DNow!.)
 */
export function decodeOne(
  bytes: Uint8Array,
  at: number,
  end: number,
  rva: number,
  mode: 32 | 64,
  imageBase: number,
  out: Listing,
): number {
  if (at + ROOM <= bytes.length) return decode(bytes, at, end - at, rva, mode === 64, imageBase, out);
  const last = end < bytes.length ? end : bytes.length;
  if (!(at < last)) return 0;
  nearEnd.fill(0);
  nearEnd.set(bytes.subarray(at, last));
  return decode(nearEnd, 0, last - at, rva, mode === 64, imageBase, out);
}

/** Decodes linearly from offset `from` up to `to`; an undecodable byte is appended as Op.trap with length 1. */
export function decodeRange(
  bytes: Uint8Array,
  from: number,
  to: number,
  rva: number,
  mode: 32 | 64,
  imageBase: number,
  out: Listing,
): void {
  const end = Math.min(to, bytes.length);
  let at = from;
  while (at < end) {
    const length = decodeOne(bytes, at, end, rva + at - from, mode, imageBase, out);
    if (length === 0) appendUndecodable(out, rva + at - from);
    at += length === 0 ? 1 : length;
  }
}

function appendUndecodable(out: Listing, rva: number): void {
  if (out.count === out.rva.length) grow(out);
  const i = out.count++;
  out.rva[i] = rva;
  out.length[i] = 1;
  out.op[i] = Op.trap;
  out.size[i] = 1;
  out.dstSize[i] = 1;
  out.dst[i] = ABSENT;
  out.src[i] = ABSENT;
  out.base[i] = NONE;
  out.index[i] = NONE;
  out.scale[i] = 1;
  out.disp[i] = 0;
  out.segment[i] = 0;
  out.immLo[i] = 0;
  out.immHi[i] = 0;
  out.hasImm[i] = 0;
  out.target[i] = NO_TARGET;
  out.cc[i] = 0;
  out.rep[i] = 0;
  out.clobber[i] = ABSENT;
}

/** The decoder itself; `b` has at least ROOM bytes from `at` on, and the instruction may take `room` of them. */
function decode(
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
  let form = (entry >> 6) & 63;
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
    form = (entry >> 6) & 63;
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
      entry = OLD[form - Form.vex2];
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
          entry = EVEX[((map - 1) << 10) | ((b1 & 3) << 8) | opcode];
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
    form = (entry >> 6) & 63;
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
    if (m >= 0xc0) rm = (m & 7) | ((rex & 1) << 3);
    else if (form === Form.fromControl || form === Form.toControl) {
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
      entry = GROUPS[(((entry >> 12) & 0xff) << 4) | (m >= 0xc0 ? 8 : 0) | ((m >> 3) & 7)];
      form = (entry >> 6) & 63;
    }
  }

  let op = entry & 63;
  const sizeKind = (entry >> 12) & 15;
  const immKind = (entry >> 16) & 15;
  const wide = ((rex & 8) >> 1) | (prefix66 << 1) | (x64 ? 1 : 0);
  let size = sizeKind === Size.vec ? vectorSize : SIZES[(sizeKind << 3) | wide];
  let dstSize = size;
  let dst: number = ABSENT;
  let src: number = ABSENT;
  let clobber: number = ABSENT;
  let rep = 0;
  let immLo = 0;
  let immHi = 0;
  let hasImm = 0;
  let target = NO_TARGET;

  switch (form) {
    case Form.rmReg:
      dst = rm;
      src = reg;
      if (op === Op.carry && rm === reg && (opcode & 0xfc) === 0x18) op = Op.other; // sbb r,r
      break;
    case Form.regRm:
      dst = reg;
      src = rm;
      if (op === Op.carry && rm === reg && (opcode & 0xfc) === 0x18) op = Op.other;
      break;
    case Form.none:
      if (repeat !== 0 && (op === Op.movs || op === Op.stos || op === Op.scan)) rep = 1;
      break;
    case Form.rm:
      dst = rm;
      break;
    case Form.rmRead:
      src = rm;
      break;
    case Form.low:
      dst = (opcode & 7) | ((rex & 1) << 3);
      break;
    case Form.lowRead:
      src = (opcode & 7) | ((rex & 1) << 3);
      break;
    case Form.regMem:
      if (rm !== MEMORY) return 0;
      dst = reg;
      src = rm;
      break;
    case Form.extend:
      dst = reg;
      src = rm;
      dstSize = SIZES[wide];
      if (size > dstSize) size = dstSize;
      break;
    case Form.acc:
      dst = Reg.rax;
      break;
    case Form.accRead:
      src = Reg.rax;
      break;
    case Form.rmOne:
      dst = rm;
      src = Operand.immediate;
      immLo = 1;
      hasImm = 1;
      break;
    case Form.rmCl:
      dst = rm;
      src = Reg.rcx;
      break;
    case Form.vecRm:
      dst = (high & 16) !== 0 ? ABSENT : reg + 16;
      src = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + 16;
      break;
    case Form.rmVec:
      dst = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + 16;
      src = (high & 16) !== 0 ? ABSENT : reg + 16;
      break;
    case Form.vecScalar:
      dst = (high & 16) !== 0 ? ABSENT : reg + 16;
      src = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + 16;
      if (rm !== MEMORY) op = Op.other;
      break;
    case Form.scalarVec:
      dst = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + 16;
      src = (high & 16) !== 0 ? ABSENT : reg + 16;
      if (rm !== MEMORY) op = Op.other;
      break;
    case Form.vecXor:
      dst = (high & 16) !== 0 ? ABSENT : reg + 16;
      src = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + 16;
      if (src === (vvvv < 0 ? dst : vvvv + 16) && src < MEMORY) op = Op.zero;
      break;
    case Form.invalid:
      return 0;
    default:
      break;
  }

  if (immKind !== Imm.none) {
    if (immKind <= Imm.iv) {
      hasImm = 1;
      if (immKind === Imm.ub) immLo = b[p++];
      else {
        if (immKind === Imm.ib) immLo = (b[p++] << 24) >> 24;
        else if (size === 2) {
          immLo = b[p] | (b[p + 1] << 8);
          p += 2;
        } else {
          immLo = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
          p += 4;
          if (immKind === Imm.iv && size === 8) {
            immHi = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
            p += 4;
          }
        }
        if (size === 8) {
          if (immKind !== Imm.iv) immHi = immLo >> 31;
        } else if (size === 1) immLo &= 0xff;
        else if (size === 2) immLo &= 0xffff;
      }
      if (src === ABSENT) src = Operand.immediate;
    } else if (immKind === Imm.rel8) {
      const relative = (b[p++] << 24) >> 24;
      target = (rva + (p - at) + relative) >>> 0;
      if (size === 2) target = wrap16(target, imageBase);
    } else if (immKind === Imm.relz) {
      if (size === 2) {
        const relative = ((b[p] | (b[p + 1] << 8)) << 16) >> 16;
        p += 2;
        target = wrap16(rva + (p - at) + relative, imageBase);
      } else {
        const relative = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
        target = (rva + (p - at) + relative) >>> 0;
      }
    } else if (immKind === Imm.moffs) {
      dst = form === Form.load ? Reg.rax : MEMORY;
      src = form === Form.load ? MEMORY : Reg.rax;
      if (x64 && !narrow) {
        disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        const upper = b[p + 4] | (b[p + 5] << 8) | (b[p + 6] << 16) | (b[p + 7] << 24);
        p += 8;
        const inImage = upper * 0x100000000 + (disp >>> 0) - imageBase;
        if (segment === 0 && inImage >= 0 && inImage < 0x80000000) {
          // Below, a base of BASE_RVA adds the address behind the instruction.
          base = BASE_RVA;
          disp = (inImage - rva - (p - at)) | 0;
        } else if (upper !== disp >> 31) {
          if (dst === MEMORY) dst = ABSENT;
          else src = ABSENT;
        }
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
    } else if (immKind === Imm.far) p += prefix66 !== 0 ? 4 : 6;
    else {
      hasImm = 1;
      if (immKind === Imm.id) {
        immLo = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
      } else {
        immLo = immKind === Imm.ibib ? b[p++] : b[p] | (b[p + 1] << 8);
        p += immKind === Imm.iw || immKind === Imm.iwib ? 2 : 0;
        if (immKind !== Imm.iw) p++;
      }
      if (src === ABSENT) src = Operand.immediate;
    }
  }

  const length = p - at;
  if (length > room || length > LONGEST) return 0;
  if (base === BASE_RVA && x64) disp = (disp + rva + length) | 0;
  if (evex !== 0) {
    // A masked move leaves parts of its destination.
    if ((evex & 7) !== 0 && op !== Op.nop) op = Op.other;
    if (m >= 0x40 && m < 0x80) disp *= disp8Scale(entry, wide, evex, vectorSize);
  }
  if (size === 1 && rex === 0) {
    if (src >= 4 && src < 8) src = ABSENT;
    if (dst >= 4 && dst < 8 && dstSize === 1) {
      if (op !== Op.cmp && op !== Op.test) {
        clobber = dst & 3;
        op = Op.other;
      }
      dst = ABSENT;
    }
  }

  const i = out.count;
  if (i === out.rva.length) grow(out);
  out.rva[i] = rva;
  out.length[i] = length;
  out.op[i] = op;
  out.size[i] = size;
  out.dstSize[i] = dstSize;
  out.dst[i] = dst;
  out.src[i] = src;
  out.base[i] = base;
  out.index[i] = index;
  out.scale[i] = scale;
  out.disp[i] = disp;
  out.segment[i] = segment;
  out.immLo[i] = immLo;
  out.immHi[i] = immHi;
  out.hasImm[i] = hasImm;
  out.target[i] = target;
  out.cc[i] = op === Op.jcc || op === Op.cmov || op === Op.setcc ? opcode & 15 : 0;
  out.rep[i] = rep;
  out.clobber[i] = clobber;
  if (form >= RARE && !rareOperands(out, i, entry, opcode, m, reg, rm, vvvv, high, rex, repeat)) return 0;
  out.count = i + 1;
  return length;
}

/** A branch with operand size 16 stays in the first 64 KiB of the address space. */
function wrap16(target: number, imageBase: number): number {
  return ((((target + imageBase) & 0xffff) >>> 0) - imageBase) >>> 0;
}

function disp8Scale(_entry: number, _wide: number, _evex: number, vectorSize: number): number {
  return vectorSize;
}

function operandSizes(): Uint8Array {
  const sizes = new Uint8Array(16 * 8);
  for (let k = 0; k < 8; k++) {
    const w = (k & 4) !== 0;
    const small = (k & 2) !== 0 && !w;
    const x64 = (k & 1) !== 0;
    const set = (kind: number, size: number) => {
      sizes[(kind << 3) | k] = size;
    };
    set(Size.v, w ? 8 : small ? 2 : 4);
    set(Size.b, 1);
    set(Size.w, 2);
    set(Size.d, 4);
    set(Size.q, 8);
    set(Size.y, w && x64 ? 8 : 4);
    set(Size.stack, small ? 2 : x64 ? 8 : 4);
    set(Size.branch, x64 ? 8 : small ? 2 : 4);
    set(Size.o16, 16);
    set(Size.o32, 32);
    set(Size.o64, 64);
    set(Size.db, 4);
    set(Size.dw, 4);
    set(Size.maskWord, w ? 8 : 2);
    set(Size.maskByte, w ? 4 : 1);
  }
  return sizes;
}

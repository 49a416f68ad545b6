// Decodes x86 and x64 machine code into a listing: the common instructions in one short loop, the others one by one.
import { decodeInstruction, ROOM } from './decode-instruction.ts';
import { BASE_RVA, type Listing, Op, Operand } from './instruction.ts';
import { nextEntry } from './listing.ts';
import {
  DST_SHIFT,
  FAST,
  FORM_MASK,
  FORM_SHIFT,
  Form,
  GROUP_SHIFT,
  IMM_SHIFT,
  Imm,
  MODRM,
  OP_MASK,
  plain,
  REG_VECTOR_SHIFT,
  RM_VECTOR_SHIFT,
  SIZE_SHIFT,
  SRC_SHIFT,
} from './opcode-entry.ts';
import { GROUPS } from './opcode-groups.ts';
import { ONE_BYTE_32, ONE_BYTE_64 } from './opcode-table.ts';
import { LEGACY } from './opcode-vector.ts';
import { SIZES } from './operand-size.ts';

const MEMORY = Operand.memory;
const ABSENT = Operand.none;
/** A common instruction is shorter than this: REX, two opcode bytes, ModRM, SIB, displacement and immediate of four bytes. */
const COMMON_ROOM = 16;
const REX_ENTRY = plain(0, Form.rex);
/** The bytes of the last instructions of a file, with zeros behind them. */
const nearEnd = new Uint8Array(ROOM);

/**
 * Decodes one instruction at file offset `at` (its RVA is `rva`), appending it to `out`. Returns its length, or 0 when the bytes
 * are no instruction or run past `end`.
 *
 * An immediate has the operand's own bits: sign-extended to the operand size (8-byte operands: to 64 bits), zero above it.
 * `call`, `jmp`, `push` and `muldiv` read `src`; one-operand arithmetic, `pop` and `setcc` write `dst`.
 * Bytes that no processor takes are not all told: an unassigned VEX, EVEX or 0F 0F opcode, a lock prefix where there may be none
 * or a forbidden combination of operands still has a length. (Intel SDM volume 2, chapter 2 and appendix A; AMD APM volume 3 for XOP and 3DNow!.)
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
  if (at + ROOM <= bytes.length) return decodeInstruction(bytes, at, end - at, rva, mode === 64, imageBase, out);
  const last = Math.min(end, bytes.length);
  if (!(at < last)) return 0;
  nearEnd.fill(0);
  nearEnd.set(bytes.subarray(at, last));
  return decodeInstruction(nearEnd, 0, last - at, rva, mode === 64, imageBase, out);
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
  const run: Run = {
    bytes,
    oneByte: mode === 64 ? ONE_BYTE_64 : ONE_BYTE_32,
    x64: mode === 64 ? 1 : 0,
    rvaOfOffset0: (rva - from) | 0,
    imageBase: imageBase | 0,
    out,
  };
  const common = bytes.length - COMMON_ROOM;
  let at = from;
  while (at < end) {
    const next = at <= common ? decodeCommon(run, at) : at;
    if (next > at && next <= end) at = next;
    else {
      if (next > end) out.count--;
      const here = rva + at - from;
      const length = decodeOne(bytes, at, end, here, mode, imageBase, out);
      if (length === 0) appendUndecodable(out, here);
      at += length === 0 ? 1 : length;
    }
  }
}

function appendUndecodable(out: Listing, rva: number): void {
  const i = nextEntry(out);
  out.rva[i] = rva;
  out.length[i] = 1;
  out.op[i] = Op.trap;
  out.size[i] = 1;
  out.dstSize[i] = 1;
  out.dst[i] = ABSENT;
  out.src[i] = ABSENT;
  out.count = i + 1;
}

/** The code that is being decoded. */
interface Run {
  readonly bytes: Uint8Array;
  readonly oneByte: Int32Array;
  readonly x64: 0 | 1;
  readonly rvaOfOffset0: number;
  readonly imageBase: number;
  readonly out: Listing;
}

/**
 * Appends the instruction at offset `at` if it is of the common kind, and answers the offset behind it, else `at`. Such a one has
 * no prefix but REX, one of the forms that the entry's selectors say all of, and no register ah, ch, dh, bh. Says the same as
 * decodeInstruction, in half the time. (It has no loop of its own: V8 would enter the optimized code in the middle each time.)
 */
function decodeCommon(run: Run, at: number): number {
  const { bytes: b, oneByte, x64, rvaOfOffset0, out } = run;
  let p = at + 1;
  let opcode = b[at];
  let entry = oneByte[opcode];
  let rex = 0;
  if (entry === REX_ENTRY) {
    rex = opcode;
    opcode = b[p++];
    entry = oneByte[opcode];
  }
  if (opcode === 0x0f) {
    opcode = b[p++];
    entry = LEGACY[opcode];
  }
  if ((entry & FAST) === 0) return at;

  let m = 0;
  if ((entry & MODRM) !== 0) {
    m = b[p++];
    if (((entry >> FORM_SHIFT) & FORM_MASK) === Form.group) {
      entry = GROUPS[(((entry >> GROUP_SHIFT) & 0xff) << 4) | ((m & 0xc0) === 0xc0 ? 8 : 0) | ((m >> 3) & 7)];
      if ((entry & FAST) === 0) return at;
    } else if (m >= 0xc0 && ((entry >> FORM_SHIFT) & FORM_MASK) === Form.regMem) return at;
  }

  const i = nextEntry(out);
  let ripDisp = 0;
  let ripRelative = false;
  let reg = 0;
  let rm: number = ABSENT;
  if ((entry & MODRM) !== 0) {
    reg = ((m >> 3) & 7) | ((rex & 4) << 1);
    if (m >= 0xc0) rm = (m & 7) | ((rex & 1) << 3) | ((entry >> (RM_VECTOR_SHIFT - 4)) & 16);
    else {
      rm = MEMORY;
      let low = m & 7;
      let noIndex = true;
      if (low === 4) {
        const sib = b[p++];
        const k = ((sib >> 3) & 7) | ((rex & 2) << 2);
        if (k !== 4) {
          noIndex = false;
          out.index[i] = k;
          out.scale[i] = 1 << (sib >> 6);
        }
        low = sib & 7;
      }
      if (low !== 5 || m >= 0x40) {
        out.base[i] = low | ((rex & 1) << 3);
        if (m >= 0x40) {
          if (m < 0x80) out.disp[i] = (b[p++] << 24) >> 24;
          else {
            out.disp[i] = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
            p += 4;
          }
        }
      } else {
        const disp = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
        if (x64 !== 0 && (m & 7) === 5) {
          ripRelative = true;
          ripDisp = disp;
          out.base[i] = BASE_RVA;
        } else if (x64 === 0 && noIndex) {
          out.base[i] = BASE_RVA;
          out.disp[i] = disp - run.imageBase;
        } else out.disp[i] = disp;
      }
    }
  }

  let op = entry & OP_MASK;
  const immKind = (entry >> IMM_SHIFT) & 15;
  const wide = ((rex & 8) >> 1) | x64;
  const size = SIZES[(((entry >> SIZE_SHIFT) & 15) << 3) | wide];
  const operands =
    rm |
    ((reg + ((entry >> (REG_VECTOR_SHIFT - 4)) & 16)) << 8) |
    (((opcode & 7) | ((rex & 1) << 3)) << 16) |
    0xff000000;
  let dst = (operands >>> (((entry >> DST_SHIFT) & 3) << 3)) & 0xff;
  let src = (operands >>> (((entry >> SRC_SHIFT) & 3) << 3)) & 0xff;
  const dstSize = ((entry >> FORM_SHIFT) & FORM_MASK) === Form.extend ? SIZES[wide] : size;
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

  if (immKind !== Imm.none) {
    if (immKind >= Imm.rel8) {
      let relative: number;
      if (immKind === Imm.rel8) relative = (b[p++] << 24) >> 24;
      else {
        relative = b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
        p += 4;
      }
      out.target[i] = rvaOfOffset0 + p + relative;
      out.cc[i] = op === Op.jcc ? opcode & 15 : 0;
    } else {
      let low: number;
      if (immKind === Imm.ib) {
        low = (b[p++] << 24) >> 24;
        if (size === 1) low &= 0xff;
        else if (size === 8 && low < 0) out.immHi[i] = -1;
      } else if (immKind === Imm.ub) low = b[p++];
      else {
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
    }
  }

  if (ripRelative) out.disp[i] = ripDisp + rvaOfOffset0 + p;
  out.rva[i] = rvaOfOffset0 + at;
  out.length[i] = p - at;
  out.op[i] = op;
  out.size[i] = size;
  out.dstSize[i] = dstSize;
  out.dst[i] = dst;
  out.src[i] = src;
  out.count = i + 1;
  return p;
}

// The operands of the seldom opcodes: corrects the columns of an instruction that the x86 decoder has appended.
import { type Listing, NONE, Op, Operand, Reg } from './instruction.ts';
import { FORM_MASK, FORM_SHIFT, Form, SIZE_SHIFT, Size } from './opcode-entry.ts';

const MEMORY = Operand.memory;
const ABSENT = Operand.none;

/**
 * Sets the operands of instruction `i` of `out`, whose opcode has one of the forms from RARE on. `m` is the ModRM byte, `reg` and
 * `rm` what it names, `repeat` 2 behind F3 and 3 behind F2, `high` 16 and 32 where these are vector registers beyond 15. Answers false when the bytes are no instruction.
 */
export function rareOperands(
  out: Listing,
  i: number,
  entry: number,
  opcode: number,
  m: number,
  reg: number,
  rm: number,
  vvvv: number,
  high: number,
  rex: number,
  repeat: number,
): boolean {
  const form = (entry >> FORM_SHIFT) & FORM_MASK;
  const vectorReg = (high & 16) !== 0 ? ABSENT : reg + Operand.xmm;
  const vectorRm = rm === MEMORY ? MEMORY : (high & 32) !== 0 ? ABSENT : rm + Operand.xmm;
  const memory = rm === MEMORY ? MEMORY : ABSENT;
  const low = (opcode & 7) | ((rex & 1) << 3);
  switch (form) {
    case Form.system:
      systemOpcode(out, i, m, repeat);
      return true;
    case Form.lowAcc:
      // 90 is nop, F3 90 pause whatever REX says.
      if (low === Reg.rax || (opcode === 0x90 && repeat === 2)) out.op[i] = Op.nop;
      else setOperands(out, i, low, Reg.rax, Reg.rax);
      return true;
    case Form.swap:
      exchangeOperands(out, i, rm, reg, rex, false);
      return true;
    case Form.compareSwap:
      exchangeOperands(out, i, rm, reg, rex, true);
      return true;
    case Form.extendAcc:
      out.size[i] = out.dstSize[i] >> 1;
      setOperands(out, i, Reg.rax, Reg.rax, ABSENT);
      return true;
    case Form.fromControl:
      out.dst[i] = rm;
      return true;
    case Form.toControl:
      out.src[i] = rm;
      return true;
    case Form.vecGen:
      narrowElement(out, i, entry, rm);
      setOperands(out, i, vectorReg, rm, ABSENT);
      return true;
    case Form.genVec:
      narrowElement(out, i, entry, rm);
      setOperands(out, i, rm, vectorReg, ABSENT);
      return true;
    case Form.regVec:
      setOperands(out, i, reg, vectorRm, ABSENT);
      return true;
    case Form.vecRead:
      out.src[i] = vectorRm;
      return true;
    case Form.highVec:
      setOperands(out, i, memory, ABSENT, ABSENT);
      return rm === MEMORY;
    case Form.mmxRm:
      if (rm === MEMORY) out.src[i] = MEMORY;
      return true;
    case Form.rmMmx:
      out.dst[i] = memory;
      return true;
    case Form.vvvvRm:
      setOperands(out, i, vvvv, rm, ABSENT);
      return true;
    case Form.mulx:
      setOperands(out, i, reg, rm, vvvv);
      return true;
    case Form.fromSegment: {
      const size = rm === MEMORY ? 2 : out.size[i];
      out.size[i] = size;
      out.dstSize[i] = size;
      out.dst[i] = rm;
      return true;
    }
    case Form.interrupt:
      if (out.immLo[i] === 3 || out.immLo[i] === 0x29) out.op[i] = Op.trap;
      return true;
    case Form.vecMmx:
      setOperands(out, i, vectorReg, memory, ABSENT);
      return true;
    case Form.reg:
      out.dst[i] = reg;
      return true;
    case Form.vecToFirst:
      setOperands(out, i, Operand.xmm, vectorRm, ABSENT);
      return true;
    case Form.vecToCount:
      setOperands(out, i, Reg.rcx, vectorRm, ABSENT);
      return true;
    case Form.vec:
      out.dst[i] = vectorRm;
      return true;
    case Form.vvvvVec:
      setOperands(out, i, vvvv > 15 ? ABSENT : vvvv + Operand.xmm, vectorRm, ABSENT);
      return true;
    case Form.maskStore:
      out.dst[i] = MEMORY;
      out.base[i] = Reg.rdi;
      return true;
    case Form.gather:
      forgetMemory(out, i);
      out.dst[i] = vectorReg;
      return rm === MEMORY;
    case Form.scatter:
      forgetMemory(out, i);
      return rm === MEMORY;
    case Form.enter:
      out.dst[i] = Reg.rbp;
      out.clobber[i] = Reg.rsp;
      return true;
    case Form.pusha:
      out.clobber[i] = Reg.rsp;
      return true;
    case Form.ins:
      out.dst[i] = MEMORY;
      out.base[i] = Reg.rdi;
      out.segment[i] = 0;
      return true;
    case Form.loop:
      out.clobber[i] = Reg.rcx;
      return true;
    case Form.rmPair:
      out.dst[i] = memory;
      out.size[i] = (rex & 8) !== 0 ? 16 : 8;
      out.dstSize[i] = out.size[i];
      out.clobber[i] = Reg.rdx;
      return rm === MEMORY;
    case Form.xbegin:
      out.clobber[i] = Reg.rax;
      return rm === 0;
    case Form.ah:
      out.clobber[i] = Reg.rax;
      return true;
    case Form.regTo:
      out.src[i] = memory;
      return rm === MEMORY;
    default:
      return true;
  }
}

function setOperands(out: Listing, i: number, dst: number, src: number, clobber: number): void {
  out.dst[i] = dst;
  out.src[i] = src;
  out.clobber[i] = clobber;
}

/** pinsrb, pextrb, pinsrw, pextrw: a general register has four bytes, memory one or two. */
function narrowElement(out: Listing, i: number, entry: number, rm: number): void {
  const kind = (entry >> SIZE_SHIFT) & 15;
  if (rm !== MEMORY || kind < Size.db) return;
  out.size[i] = kind === Size.db ? 1 : 2;
  out.dstSize[i] = out.size[i];
}

/** A memory operand with a vector register for its index has no one address. */
function forgetMemory(out: Listing, i: number): void {
  out.base[i] = NONE;
  out.index[i] = NONE;
  out.scale[i] = 1;
  out.disp[i] = 0;
}

/**
 * xchg, xadd (both operands are written) and cmpxchg (dst and rax are). An 8-bit high register makes it `other`: the one register
 * that may keep a known upper part is dst, the container of the high one is clobbered.
 */
function exchangeOperands(out: Listing, i: number, rm: number, reg: number, rex: number, compare: boolean): void {
  const bytes = out.size[i] === 1 && rex === 0;
  const rmHigh = bytes && rm >= 4 && rm < 8;
  const regHigh = bytes && reg >= 4 && reg < 8;
  if (compare) {
    if (rmHigh) {
      out.op[i] = Op.other;
      setOperands(out, i, Reg.rax, regHigh ? ABSENT : reg, rm & 3);
    } else setOperands(out, i, rm, regHigh ? ABSENT : reg, Reg.rax);
    return;
  }
  if (!rmHigh && !regHigh) {
    setOperands(out, i, rm, reg, rm === MEMORY || rm !== reg ? reg : ABSENT);
    return;
  }
  out.op[i] = Op.other;
  if (!rmHigh) setOperands(out, i, rm, ABSENT, reg & 3);
  else if (!regHigh) setOperands(out, i, reg, ABSENT, rm & 3);
  else {
    out.size[i] = 4;
    out.dstSize[i] = 4;
    setOperands(out, i, rm & 3, ABSENT, reg & 3);
  }
}

/** 0F 01 with a register, by the ModRM byte. */
function systemOpcode(out: Listing, i: number, m: number, repeat: number): void {
  switch (m) {
    case 0xf9: // rdtscp
      out.op[i] = Op.muldiv;
      out.clobber[i] = Reg.rcx;
      return;
    case 0xd0: // xgetbv
      out.op[i] = Op.muldiv;
      return;
    case 0xee: // rdpkru; stui with F3
    case 0xfd: // rdpru; rmpquery with F3
      if (repeat === 0) out.op[i] = Op.muldiv;
      else if (m === 0xfd) out.op[i] = Op.clobberAll;
      return;
    case 0xc0: // enclv
    case 0xc1: // vmcall
    case 0xc5: // pconfig
    case 0xc6: // rdmsrlist, wrmsrlist
    case 0xc7: // pbndkb
    case 0xcf: // encls
    case 0xd4: // vmfunc
    case 0xd7: // enclu
    case 0xd9: // vmmcall, vmgexit
    case 0xde: // skinit
      out.op[i] = Op.clobberAll;
      return;
    case 0xca: // clac; erets, eretu
    case 0xec: // uiret
      if (repeat !== 0) out.op[i] = Op.ret;
      return;
    case 0xfe: // invlpgb; rmpadjust
    case 0xff: // tlbsync; psmash, pvalidate
      if (repeat !== 0) out.dst[i] = Reg.rax;
      return;
    default:
      return;
  }
}

// Compares an instruction of our listing with what iced-x86 says of the same bytes: an independent reading of the contract.
import {
  type Instruction,
  InstructionInfoFactory,
  MemorySizeExt,
  Mnemonic,
  OpAccess,
  OpKind,
  Register,
  RegisterExt,
} from 'iced-x86';
import { BASE_RVA, type Listing, NO_TARGET, NONE, Op, Operand } from '../../src/code/instruction.ts';

const OP_NAMES = Object.entries(Op);
export const opName = (op: number) => OP_NAMES.find(([, code]) => code === op)?.[0] ?? `op ${op}`;

const M = Mnemonic as unknown as Record<string, number>;
const expectedOps = new Map<number, number>();
function expectOp(op: number, names: string): void {
  for (const name of names.trim().split(/\s+/)) {
    if (M[name] === undefined) throw new Error(`iced has no mnemonic ${name}`);
    expectedOps.set(M[name], op);
  }
}
expectOp(
  Op.mov,
  'Mov Movups Movupd Movaps Movapd Movdqu Movdqa Movntdq Movntps Movntpd Movntdqa Lddqu Movnti Movd Movq',
);
expectOp(
  Op.mov,
  'Vmovups Vmovupd Vmovaps Vmovapd Vmovdqu Vmovdqa Vmovntdq Vmovntps Vmovntpd Vmovntdqa Vlddqu Vmovd Vmovq',
);
expectOp(Op.mov, 'Vmovdqu8 Vmovdqu16 Vmovdqu32 Vmovdqu64 Vmovdqa32 Vmovdqa64 Movdiri Movntss Movntsd');
expectOp(Op.mov, 'Movss Movsd Vmovss Vmovsd Movlps Movlpd Movhps Movhpd Vmovlps Vmovlpd Vmovhps Vmovhpd Vmovsh');
expectOp(Op.movzx, 'Movzx');
expectOp(Op.movsx, 'Movsx Movsxd Cbw Cwde Cdqe');
expectOp(Op.lea, 'Lea');
for (const [name, op] of OP_NAMES) {
  if (/^(add|sub|and|or|xor|inc|dec|neg|not|imul|shl|shr|sar|xchg|cmp|test|push|pop|call|jmp|ret|leave)$/.test(name)) {
    expectOp(op, name[0].toUpperCase() + name.slice(1));
  }
}
expectOp(Op.shl, 'Sal');
expectOp(
  Op.cmov,
  'Cmova Cmovae Cmovb Cmovbe Cmove Cmovg Cmovge Cmovl Cmovle Cmovne Cmovno Cmovnp Cmovns Cmovo Cmovp Cmovs',
);
expectOp(Op.setcc, 'Seta Setae Setb Setbe Sete Setg Setge Setl Setle Setne Setno Setnp Setns Seto Setp Sets');
expectOp(Op.jcc, 'Ja Jae Jb Jbe Je Jg Jge Jl Jle Jne Jno Jnp Jns Jo Jp Js');
expectOp(Op.push, 'Pushf Pushfd Pushfq');
expectOp(Op.pop, 'Popf Popfd Popfq');
expectOp(Op.ret, 'Retf Iret Iretd Iretq Sysret Sysretq Sysexit Sysexitq Rsm Eretu Erets Uiret');
expectOp(Op.movs, 'Movsb Movsw Movsq');
expectOp(Op.stos, 'Stosb Stosw Stosd Stosq');
expectOp(Op.scan, 'Scasb Scasw Scasd Scasq Cmpsb Cmpsw Cmpsq Lodsb Lodsw Lodsd Lodsq Outsb Outsw Outsd');
expectOp(Op.trap, 'Int3 Int1 Ud0 Ud1 Ud2 Hlt');
expectOp(Op.muldiv, 'Mul Div Idiv Cwd Cdq Cqo Rdtsc Rdtscp Rdmsr Rdpmc Xgetbv Rdpkru Rdpru');
expectOp(Op.carry, 'Adc Sbb Adcx Adox');
expectOp(Op.exchange, 'Cmpxchg Xadd Cmpxchg8b Cmpxchg16b');
expectOp(Op.exchange, 'Cmpoxadd Cmpnoxadd Cmpbxadd Cmpnbxadd Cmpzxadd Cmpnzxadd Cmpbexadd Cmpnbexadd');
expectOp(Op.exchange, 'Cmpsxadd Cmpnsxadd Cmppxadd Cmpnpxadd Cmplxadd Cmpnlxadd Cmplexadd Cmpnlexadd');
expectOp(Op.loop, 'Loop Loope Loopne Jcxz Jecxz Jrcxz Xbegin');
expectOp(
  Op.clobberAll,
  'Popa Popad Cpuid Syscall Sysenter Int Insb Insw Insd Getsec Getsecq Skinit Wrmsrlist Rdmsrlist Pbndkb Rmpquery Vmgexit Wrmsrns Seamcall Seamops Seamret Tdcall',
);
expectOp(Op.clobberAll, 'Enclv Vmcall Pconfig Encls Enclu Vmfunc Vmmcall');
expectOp(Op.clobberAll, 'Xstore Xstore_alt Undoc Xsha1 Xsha256 Xsha512 Xsha512_alt Xcryptecb Xcryptcbc Xcryptctr');
expectOp(Op.clobberAll, 'Xcryptcfb Xcryptofb Ccs_hash Ccs_encrypt Montmul');
/** Stores of these read a part of the register that the listing does not name. */
const HIGH_HALF = new Set([M.Movhps, M.Movhpd, M.Vmovhps, M.Vmovhpd]);
const SCALAR = new Set(
  'Movss Movsd Vmovss Vmovsd Movlps Movlpd Movhps Movhpd Vmovlps Vmovlpd Vmovhps Vmovhpd Vmovsh'
    .split(' ')
    .map((n) => M[n]),
);
const XORS = new Set('Pxor Xorps Xorpd Vpxor Vxorps Vxorpd Vpxord Vpxorq'.split(' ').map((n) => M[n]));
const PAIRS = new Set('Punpcklqdq Unpcklpd Movlhps Movhps Movhpd'.split(' ').map((n) => M[n]));
/** Ops whose two columns are iced's first two operands, both followed. */
const TWO_OPERANDS = new Set<number>([
  Op.mov,
  Op.movzx,
  Op.movsx,
  Op.lea,
  Op.add,
  Op.sub,
  Op.and,
  Op.or,
  Op.xor,
  Op.inc,
  Op.dec,
  Op.neg,
  Op.not,
  Op.imul,
  Op.shl,
  Op.shr,
  Op.sar,
  Op.xchg,
  Op.cmp,
  Op.test,
  Op.cmov,
  Op.setcc,
]);
const READS_FIRST = new Set<number>([Op.push, Op.call, Op.jmp, Op.muldiv]);
/** General registers that change without being named by the listing. */
const IMPLIED: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [Op.push, [4]],
  [Op.pop, [4]],
  [Op.call, [4]],
  [Op.ret, [4]],
  [Op.leave, [4, 5]],
  [Op.movs, [1, 6, 7]],
  [Op.stos, [1, 7]],
  [Op.scan, [0, 1, 6, 7]],
  [Op.muldiv, [0, 2]],
  [Op.exchange, [0]],
]);

/** What each iced register is to the listing. */
interface Place {
  readonly general: boolean;
  readonly high: boolean;
  readonly number: number;
  readonly operand: number;
  readonly size: number;
}
const places: Place[] = [];
for (const value of Object.values(Register)) {
  if (typeof value !== 'number') continue;
  const general = RegisterExt.isGPR(value);
  const vector = RegisterExt.isVectorRegister(value);
  const high = value >= Register.AH && value <= Register.BH;
  const full = general ? RegisterExt.number(RegisterExt.fullRegister(value)) : RegisterExt.number(value);
  let operand: number = Operand.none;
  if (general && !high) operand = full;
  if (vector && full < 16) operand = full + Operand.xmm;
  places[value] = { general, high, number: full, operand, size: RegisterExt.size(value) };
}
const place = (register: number): Place => places[register];

const isImmediate = (kind: number) => kind >= OpKind.Immediate8 && kind <= OpKind.Immediate32to64;
const writes = (access: number) =>
  access === OpAccess.Write ||
  access === OpAccess.CondWrite ||
  access === OpAccess.ReadWrite ||
  access === OpAccess.ReadCondWrite;

function operandOf(instruction: Instruction, k: number): number {
  if (k >= instruction.opCount) return Operand.none;
  const kind = instruction.opKind(k);
  if (kind === OpKind.Register) return place(instruction.opRegister(k)).operand;
  if (kind === OpKind.Memory) return Operand.memory;
  return isImmediate(kind) ? Operand.immediate : Operand.none;
}

function isHigh(instruction: Instruction, k: number): boolean {
  return k < instruction.opCount && instruction.opKind(k) === OpKind.Register && place(instruction.opRegister(k)).high;
}

function sizeOf(instruction: Instruction, k: number): number {
  const kind = instruction.opKind(k);
  if (kind === OpKind.Register) return place(instruction.opRegister(k)).size;
  return MemorySizeExt.size(instruction.memorySize);
}

/** The op that the contract asks for, by the mnemonic and the operands. */
function expectedOp(instruction: Instruction): number {
  const mnemonic = instruction.mnemonic;
  let op = expectedOps.get(mnemonic) ?? Op.other;
  const registers = [0, 1, 2].map((k) =>
    k < instruction.opCount && instruction.opKind(k) === OpKind.Register ? instruction.opRegister(k) : -1,
  );
  const memoryOperand = [0, 1, 2].findIndex((k) => k < instruction.opCount && instruction.opKind(k) === OpKind.Memory);
  if (mnemonic === M.Movsd && instruction.isStringInstruction) return Op.movs;
  if (mnemonic === M.Cmpsd && instruction.isStringInstruction) return Op.scan;
  if (XORS.has(mnemonic)) {
    const last = instruction.opCount - 1;
    const same = registers[last] === registers[last - 1] && place(Math.max(registers[last], 0)).operand < 32;
    return same && place(registers[last]).operand >= 16 && instruction.opMask === Register.None ? Op.zero : Op.other;
  }
  if (SCALAR.has(mnemonic)) {
    const partial =
      mnemonic !== M.Movss &&
      mnemonic !== M.Movsd &&
      mnemonic !== M.Vmovss &&
      mnemonic !== M.Vmovsd &&
      mnemonic !== M.Vmovsh;
    if (memoryOperand < 0 || (memoryOperand > 0 && partial)) op = Op.other;
  }
  if (op === Op.mov && instruction.hasOpMask) op = Op.other;
  if (op === Op.mov) {
    // Segment, control, debug and mmx registers are not followed.
    for (const k of [0, 1]) {
      const register = registers[k] as Register;
      if (register < 0) continue;
      if (RegisterExt.isMM(register)) op = Op.other;
      if (RegisterExt.isSegmentRegister(register) || RegisterExt.isCR(register) || RegisterExt.isDR(register)) {
        op = k === 0 ? Op.nop : Op.other;
      }
    }
  }
  if (op === Op.imul && instruction.opCount === 1) op = Op.muldiv;
  if (mnemonic === M.Sbb && registers[0] >= 0 && registers[0] === registers[1]) op = Op.borrow;
  if (PAIRS.has(mnemonic)) op = memoryOperand === 0 ? op : Op.pair;
  if (mnemonic === M.Int && (instruction.immediate8 === 3 || instruction.immediate8 === 0x29)) op = Op.trap;
  if (mnemonic === M.Xchg && registers[0] === registers[1] && instruction.length === 1) op = Op.nop;
  return op;
}

/** Reads iced's instructions against the entries of one listing. */
export class Comparison {
  readonly #info = new InstructionInfoFactory();
  readonly #imageBase: number;

  constructor(imageBase: number) {
    this.#imageBase = imageBase;
  }

  /** Undefined when entry `i` says what iced says; else the first difference. */
  difference(instruction: Instruction, out: Listing, i: number): string | undefined {
    const complain = (what: string, ours: unknown, theirs: unknown) => `${what} ${ours}, iced ${theirs}`;
    if (out.length[i] !== instruction.length) return complain('length', out.length[i], instruction.length);
    // Reserved no-operations that share a bound or key instruction's bytes.
    if (instruction.mnemonic === M.Reservednop || instruction.mnemonic === M.Loadiwkey) return undefined;
    const op = out.op[i];
    let expected = expectedOp(instruction);
    const writtenHigh = isHigh(instruction, 0) && writes(this.#access(instruction, 0));
    const secondHigh = (expected === Op.xchg || expected === Op.exchange) && isHigh(instruction, 1);
    const spoilt = writtenHigh || (secondHigh && instruction.mnemonic !== M.Cmpxchg);
    if (spoilt && expected !== Op.other) expected = Op.other;
    if (op !== expected && !(expected === Op.other && op === Op.nop))
      return complain('op', opName(op), opName(expected));
    if (TWO_OPERANDS.has(op) && !spoilt) {
      const first = operandOf(instruction, 0);
      let second = operandOf(instruction, 1);
      const third = instruction.opCount > 2 ? operandOf(instruction, 2) : Operand.none;
      if (HIGH_HALF.has(instruction.mnemonic)) second = Operand.none;
      const acc = instruction.opCount === 0; // cbw and its like
      if (instruction.memoryDisplSize === 8 && (out.dst[i] === Operand.none || out.src[i] === Operand.none))
        return undefined;
      if (out.dst[i] !== (acc ? 0 : first)) return complain('dst', out.dst[i], first);
      if (out.src[i] !== (acc ? 0 : second)) return complain('src', out.src[i], second);
      if (third === Operand.immediate && out.hasImm[i] !== 1) return 'no immediate';
      if (!acc) {
        const dstSize = sizeOf(instruction, 0);
        if (op !== Op.lea && out.dstSize[i] !== dstSize) {
          const scalar = op === Op.mov && instruction.opKind(1) === OpKind.Memory ? sizeOf(instruction, 1) : -1;
          const word = first < 16 || second < 16 ? -1 : 8; // movq xmm, xmm
          if (out.dstSize[i] !== scalar && out.dstSize[i] !== word && !this.#movd(instruction, out.dstSize[i])) {
            return complain('dstSize', out.dstSize[i], dstSize);
          }
        }
        if ((op === Op.movzx || op === Op.movsx) && out.size[i] !== sizeOf(instruction, 1)) {
          return complain('size', out.size[i], sizeOf(instruction, 1));
        }
      }
    }
    if (READS_FIRST.has(op) && instruction.opCount > 0) {
      const far = instruction.isCallFarIndirect || instruction.isJmpFarIndirect;
      const first = far ? Operand.none : operandOf(instruction, 0);
      if (out.src[i] !== first) return complain('src', out.src[i], first);
    }
    if (op === Op.pop && instruction.opCount > 0 && out.dst[i] !== operandOf(instruction, 0)) {
      return complain('dst', out.dst[i], operandOf(instruction, 0));
    }
    if (op === Op.push || op === Op.pop) {
      const size = Math.abs(instruction.stackPointerIncrement);
      if (out.size[i] !== size) return complain('size', out.size[i], size);
    }
    return (
      this.#immediate(instruction, out, i) ??
      this.#target(instruction, out, i) ??
      this.#memory(instruction, out, i) ??
      this.#effects(instruction, out, i)
    );
  }

  /** movd and movq between a general and a vector register count the bytes moved. */
  #movd(instruction: Instruction, size: number): boolean {
    return [0, 1].some((k) => {
      const kind = instruction.opKind(k);
      const bytes = kind === OpKind.Register || kind === OpKind.Memory ? sizeOf(instruction, k) : 0;
      return bytes === size && (kind === OpKind.Memory || place(instruction.opRegister(k)).general);
    });
  }

  #access(instruction: Instruction, k: number): number {
    const info = this.#info.info(instruction);
    const access = info.opAccess(k);
    info.free();
    return access;
  }

  #immediate(instruction: Instruction, out: Listing, i: number): string | undefined {
    for (let k = 0; k < instruction.opCount; k++) {
      if (!isImmediate(instruction.opKind(k))) continue;
      const bits = out.size[i] >= 8 || out.op[i] === Op.other || out.op[i] === Op.ret ? 64 : out.size[i] * 8;
      const theirs = BigInt.asUintN(bits, instruction.immediate(k));
      // The upper half of this byte is a register.
      if (instruction.mnemonic === M.Vpermil2ps || instruction.mnemonic === M.Vpermil2pd) continue;
      const ours = BigInt.asUintN(64, (BigInt(out.immHi[i]) << 32n) | BigInt(out.immLo[i] >>> 0));
      if (out.hasImm[i] !== 1) return 'no immediate';
      if (ours !== theirs) return `immediate ${ours.toString(16)}, iced ${theirs.toString(16)}`;
      return undefined;
    }
    return out.hasImm[i] === 0 || expectedOps.get(instruction.mnemonic) === undefined
      ? undefined
      : 'an immediate too many';
  }

  #target(instruction: Instruction, out: Listing, i: number): string | undefined {
    const kind = instruction.opCount > 0 ? instruction.opKind(0) : OpKind.Register;
    const near = kind === OpKind.NearBranch16 || kind === OpKind.NearBranch32 || kind === OpKind.NearBranch64;
    const theirs = near
      ? Number(BigInt.asUintN(32, instruction.nearBranchTarget - BigInt(this.#imageBase)))
      : NO_TARGET;
    return out.target[i] === theirs ? undefined : `target ${out.target[i].toString(16)}, iced ${theirs.toString(16)}`;
  }

  #memory(instruction: Instruction, out: Listing, i: number): string | undefined {
    let at = -1;
    for (let k = 0; k < instruction.opCount; k++) if (instruction.opKind(k) === OpKind.Memory) at = k;
    const ours = out.dst[i] === Operand.memory || out.src[i] === Operand.memory;
    if (at < 0) {
      const implied = instruction.isStringInstruction || /^V?Maskmov/i.test(Mnemonic[instruction.mnemonic]);
      return ours && !implied ? 'a memory operand too many' : undefined;
    }
    if (instruction.isVsib) return undefined;
    if (!ours) {
      const wide = instruction.memoryDisplSize === 8;
      const followed =
        out.op[i] !== Op.nop &&
        out.op[i] !== Op.trap &&
        !instruction.isCallFarIndirect &&
        !instruction.isJmpFarIndirect;
      if (followed && !wide && instruction.memorySize !== 0 && out.op[i] !== Op.other) return 'no memory operand';
      return undefined;
    }
    const image = BigInt(this.#imageBase);
    const segment = instruction.memorySegment === Register.FS ? 1 : instruction.memorySegment === Register.GS ? 2 : 0;
    if (out.segment[i] !== segment) return `segment ${out.segment[i]}, iced ${segment}`;
    if (instruction.isIpRelMemoryOperand) {
      const disp = Number(BigInt.asIntN(32, instruction.ipRelMemoryAddress - image));
      if (out.base[i] !== BASE_RVA || out.disp[i] !== disp) return `rip-relative ${out.disp[i]}, iced ${disp}`;
      return undefined;
    }
    const base = instruction.memoryBase === Register.None ? NONE : place(instruction.memoryBase).number;
    const index = instruction.memoryIndex === Register.None ? NONE : place(instruction.memoryIndex).number;
    const absolute = base === NONE && index === NONE;
    const raw = instruction.memoryDisplacement;
    const x64 = instruction.codeSize === 3;
    if (
      absolute &&
      segment === 0 &&
      (!x64 || (instruction.memoryDisplSize === 8 && raw - image >= 0n && raw - image < 1n << 31n))
    ) {
      const disp = Number(BigInt.asIntN(32, raw - image));
      if (out.base[i] !== BASE_RVA || out.disp[i] !== disp)
        return `absolute ${out.base[i]} ${out.disp[i]}, iced ${disp}`;
      return undefined;
    }
    const bits = instruction.memoryBase !== Register.None && place(instruction.memoryBase).size === 2 ? 16 : 32;
    const disp = Number(BigInt.asIntN(bits, raw));
    const scale = index === NONE ? 1 : instruction.memoryIndexScale;
    if (out.base[i] !== base) return `base ${out.base[i]}, iced ${base}`;
    if (out.index[i] !== index) return `index ${out.index[i]}, iced ${index}`;
    if (out.scale[i] !== scale) return `scale ${out.scale[i]}, iced ${scale}`;
    if (out.disp[i] !== disp) return `disp ${out.disp[i]}, iced ${disp}`;
    return undefined;
  }

  /** Every register and every memory operand that iced has written is named by the listing, and no other is as `dst`. */
  #effects(instruction: Instruction, out: Listing, i: number): string | undefined {
    const op = out.op[i];
    if (op === Op.nop && out.dst[i] !== Operand.none) return `a no-operation has dst ${out.dst[i]}`;
    if (op === Op.clobberAll || op === Op.trap) return undefined;
    const info = this.#info.info(instruction);
    try {
      let dstWritten = false;
      for (const used of info.usedRegisters()) {
        const { register, access } = used;
        used.free();
        const { general, number, high, operand } = place(register);
        if (!writes(access)) continue;
        if (operand === out.dst[i] || (high && number === out.dst[i])) dstWritten = true;
        if (general) {
          if (out.dst[i] === number && (!high || out.dstSize[i] >= 2)) continue;
          if (out.clobber[i] === number || IMPLIED.get(op)?.includes(number)) continue;
          if (op === Op.exchange && out.src[i] === number) continue;
          return `register ${number} is written, dst ${out.dst[i]} clobber ${out.clobber[i]}`;
        }
        if (
          operand !== Operand.none &&
          operand !== out.dst[i] &&
          !/^Vp?gather|^Vzero|^Encodekey|^Aes(enc|dec)wide/i.test(Mnemonic[instruction.mnemonic])
        ) {
          return `vector register ${number} is written, dst ${out.dst[i]}`;
        }
      }
      if (op === Op.other && out.dst[i] < Operand.memory && !dstWritten) return `dst ${out.dst[i]} is not written`;
      const memory = [];
      for (const used of info.usedMemory()) {
        if (writes(used.access)) memory.push(MemorySizeExt.size(used.memorySize));
        used.free();
      }
      const quiet = [Op.push, Op.call, Op.movs, Op.stos, Op.leave, Op.ret].some((one) => one === op);
      if (
        memory.length > 0 &&
        !quiet &&
        out.dst[i] !== Operand.memory &&
        !instruction.isVsib &&
        instruction.memoryDisplSize !== 8 &&
        !/^(Enter|Pusha|Movdir64b|Enqcmd|Bndstx|Insb|Insw|Insd|Tilestored)/.test(Mnemonic[instruction.mnemonic])
      ) {
        return `memory is written, dst ${out.dst[i]}`;
      }
      if (out.dst[i] === Operand.memory && memory.length > 0 && !quiet) {
        const bytes = Math.max(...memory);
        if (out.size[i] < Math.min(bytes, 64)) return `size ${out.size[i]}, iced writes ${bytes}`;
      }
      if (op === Op.other && out.dst[i] === Operand.memory && memory.length === 0) return 'memory is not written';
      return undefined;
    } finally {
      info.free();
    }
  }
}

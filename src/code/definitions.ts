// What an instruction puts into a register or into memory, in values in place of numbers.
import { and, combine, fold, minus, selected, signExtend, sum, truncate } from './arithmetic.ts';
import { decide, type Flags } from './condition.ts';
import type { Frame } from './frame.ts';
import { extract } from './initial-memory.ts';
import { BASE_RVA, NONE, Op, Operand, Reg } from './instruction.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** What register `r` holds after instruction `i`, which writes it. */
export function define(frame: Frame, i: number, r: number): ValueId {
  const value = defined(frame, i, r);
  return value === UNSET ? UNKNOWN : value;
}

function defined(frame: Frame, i: number, r: number): ValueId {
  const { code, table } = frame;
  const op = code.op[i];
  const pointer = frame.initial.pointerSize;
  if (op === Op.call || op === Op.jmp) return r === Reg.rax ? frame.returned(i) : frame.left(i, r);
  if (r === code.clobber[i] && r !== code.dst[i] && op !== Op.xchg) return UNKNOWN;
  switch (op) {
    case Op.push:
      return table.add(frame.register(Reg.rsp, i), -pointer);
    case Op.pop: {
      const top = frame.register(Reg.rsp, i);
      return r === code.dst[i] ? frame.word(top, pointer, i) : table.add(top, pointer);
    }
    case Op.leave: {
      const top = frame.register(Reg.rbp, i);
      return r === Reg.rbp ? frame.word(top, pointer, i) : table.add(top, pointer);
    }
    case Op.movs:
    case Op.stos:
      if (r === Reg.rcx) return table.constant(0);
      return moved(frame, i, r);
    case Op.scan:
      return table.within(frame.register(r, i));
    case Op.muldiv:
    case Op.clobberAll:
      return UNKNOWN;
    case Op.xchg: {
      const { dst, src, size } = code;
      if (dst[i] === r) return inRegister(frame, operand(frame, i, src[i], size[i]), size[i]);
      return inRegister(frame, operand(frame, i, dst[i], size[i]), size[i]);
    }
    case Op.exchange:
      return UNKNOWN;
    default: {
      const size = code.op[i] === Op.movzx || op === Op.movsx ? code.dstSize[i] : code.size[i];
      return r < 16 ? inRegister(frame, result(frame, i), size) : result(frame, i);
    }
  }
}

/** A value as a register of at least 4 bytes keeps it: of a narrow write, only a number or a character on its way from one text to another. */
function inRegister(frame: Frame, value: ValueId, size: number): ValueId {
  if (size >= 4) return value;
  const { table } = frame;
  if (table.number(value) !== undefined) return value;
  return table.alternatives(value).some((one) => table.node(one).kind === 'load') ? value : UNKNOWN;
}

/** rsi or rdi behind a string operation. */
function moved(frame: Frame, i: number, r: number): ValueId {
  const { table } = frame;
  const bytes = stringBytes(frame, i);
  const value = frame.register(r, i);
  return bytes === undefined ? table.within(value) : table.add(value, bytes);
}

/** Bytes that a string operation moves; undefined where the count is not known. */
export function stringBytes(frame: Frame, i: number): number | undefined {
  const { size, rep } = frame.code;
  const count = rep[i] ? frame.table.number(frame.register(Reg.rcx, i)) : 1;
  return count === undefined ? undefined : count * size[i];
}

/** What instruction `i` puts into its memory operand (or, push, on the stack). */
export function stored(frame: Frame, i: number): ValueId {
  const { code } = frame;
  const size = code.size[i];
  switch (code.op[i]) {
    case Op.push:
      return operand(frame, i, code.src[i], size);
    case Op.pop:
      return frame.word(frame.register(Reg.rsp, i), frame.initial.pointerSize, i);
    case Op.xchg: {
      const other = code.dst[i] === Operand.memory ? code.src[i] : code.dst[i];
      return operand(frame, i, other, size);
    }
    case Op.exchange:
      return UNKNOWN;
    default:
      return result(frame, i);
  }
}

/** What an instruction makes of its operands. */
function result(frame: Frame, i: number): ValueId {
  const { code, table } = frame;
  const { dst, src } = code;
  const size = code.size[i];
  const op = code.op[i];
  const right = (): ValueId => operand(frame, i, src[i], size);
  const left = (): ValueId => operand(frame, i, dst[i], size);
  const arithmetic = (operation: (a: ValueId, b: ValueId) => ValueId): ValueId =>
    truncate(table, combine(table, left(), right(), operation), size);
  switch (op) {
    case Op.mov:
      return right();
    case Op.movzx:
    case Op.movsx: {
      const value = right();
      const number = table.number(value);
      if (number === undefined) return value;
      const extended = op === Op.movzx ? number : table.number(signExtend(table, number, size));
      return table.constant(extended ?? 0);
    }
    case Op.lea:
      return frame.address(i);
    case Op.zero:
      return table.constant(0);
    case Op.add:
      return arithmetic((a, b) => sum(table, a, b));
    case Op.sub:
      return arithmetic((a, b) => minus(table, a, b));
    case Op.inc:
      return table.add(left(), 1);
    case Op.dec:
      return table.add(left(), -1);
    case Op.and:
      return selected(table, left(), right()) ?? arithmetic((a, b) => and(table, a, b, size));
    case Op.or:
      return arithmetic((a, b) => (a === b ? a : fold(table, a, b, size, (x, y) => x | y)));
    case Op.xor:
      if (dst[i] === src[i] && dst[i] < 16) return table.constant(0);
      return arithmetic((a, b) => fold(table, a, b, size, (x, y) => x ^ y));
    case Op.shl:
      return arithmetic((a, b) => fold(table, a, b, size, (x, y) => (y < 32 ? x << y : 0)));
    case Op.shr:
      return arithmetic((a, b) => fold(table, a, b, size, (x, y) => (y < 32 ? x >>> y : 0)));
    case Op.sar:
      // The sign alone: no bits or all, as a mask.
      if (table.number(right()) === size * 8 - 1 && table.number(left()) === undefined)
        return table.choice([table.constant(0), table.constant(-1)]);
      return arithmetic((a, b) => fold(table, a, b, size, (x, y) => x >> Math.min(y, 31)));
    case Op.imul: {
      const a = table.number(code.hasImm[i] ? right() : left());
      const b = table.number(code.hasImm[i] ? immediate(frame, i, size) : right());
      const product = a !== undefined && b !== undefined ? a * b : Number.NaN;
      return Number.isSafeInteger(product) ? table.constant(product) : UNKNOWN;
    }
    case Op.cmov: {
      const holds = condition(frame, i, code.cc[i]);
      if (holds === undefined) return table.choice([left(), right()]);
      return holds ? right() : left();
    }
    case Op.setcc: {
      const holds = condition(frame, i, code.cc[i]);
      return holds === undefined ? UNKNOWN : table.constant(holds ? 1 : 0);
    }
    case Op.borrow:
      return table.choice([table.constant(0), table.constant(-1)]);
    case Op.not:
      // Of a mask the other one: all for nothing, nothing for all.
      return table.choice(table.alternatives(left()).map((one) => inverse(table, one)));
    case Op.pair:
      return table.pair(low(frame, left()), low(frame, operand(frame, i, src[i], 8)));
    default:
      // other, carry, neg: not followed.
      return UNKNOWN;
  }
}

/** All ones for zero and zero for all ones; unknown of anything else. */
function inverse(table: ValueTable, value: ValueId): ValueId {
  const number = table.number(value);
  return number === 0 || number === -1 ? table.constant(-1 - number) : UNKNOWN;
}

/** The low 8 bytes of a vector value. */
function low(frame: Frame, value: ValueId): ValueId {
  const node = frame.table.node(value);
  if (node.kind === 'pair') return node.low;
  return node.kind === 'bytes' ? extract(frame.table, frame.initial.image, value, 0, 8) : value;
}

/** The value of an operand before instruction `i`. */
export function operand(frame: Frame, i: number, which: number, size: number): ValueId {
  if (which < 32) return frame.register(which, i);
  if (which === Operand.memory) return frame.word(walked(frame, i), size, i);
  return which === Operand.immediate ? immediate(frame, i, size) : UNKNOWN;
}

/** Bytes by which a loop may move a pointer before its first access. */
const HEAD_LIMIT = 64;

/** An address that walks, told from where this instruction began: a loop may have moved the pointer before its first access. */
function walked(frame: Frame, i: number): ValueId {
  const { table } = frame;
  const address = frame.address(i);
  const now = table.node(address);
  if (now.kind !== 'within') return address;
  const began = frame.firstAddress(i);
  const from = table.address(began);
  const root = table.address(now.base);
  if (!from || !root || from.somewhere || from.base !== root.base) return address;
  const head = from.offset - root.offset;
  return head >= 0 && head <= HEAD_LIMIT ? table.within(began) : address;
}

function immediate(frame: Frame, i: number, size: number): ValueId {
  const lo = frame.code.immLo[i];
  if (size === 8) return frame.table.constant64(lo, frame.code.immHi[i]);
  return frame.table.constant(size === 4 ? lo >>> 0 : size === 2 ? lo & 0xffff : lo & 0xff);
}

/** The address of instruction `i`'s memory operand, with what `register` says of its registers. */
export function effective(frame: Frame, i: number, register: (r: number) => ValueId): ValueId {
  const { code, table, initial } = frame;
  if (code.segment[i] !== 0) return UNKNOWN;
  const base = code.base[i];
  const index = code.index[i];
  const disp = code.disp[i];
  if (base === BASE_RVA) return table.constant(initial.image.imageBase + (disp >>> 0));
  if (index === NONE) return base === NONE ? table.constant(disp >>> 0) : displaced(frame, i, register(base), disp);
  const scaled = register(index);
  const amount = table.number(scaled);
  const left = base === NONE ? table.constant(initial.pointerSize === 4 ? disp >>> 0 : disp) : register(base);
  const offset = base === NONE ? 0 : disp;
  if (amount !== undefined) return table.add(left, amount * code.scale[i] + offset);
  if (code.scale[i] === 1) return displaced(frame, i, sum(table, left, scaled), offset);
  return table.within(table.add(left, offset), elementSize(frame, i));
}

/** Bytes of an element where an instruction makes the index three, five or nine times a number: as many times the scale; 0 where none does. */
function elementSize({ code, reaching }: Frame, i: number): number {
  const index = code.index[i];
  const k = reaching.at(index, i);
  if (k < 0 || k >= code.count || code.dst[k] !== index) return 0;
  const isTimes = code.op[k] === Op.lea && code.base[k] >= 0 && code.base[k] === code.index[k] && code.disp[k] === 0;
  return isTimes ? code.scale[i] * (code.scale[k] + 1) : 0;
}

/** `address` moved by the displacement of instruction `i`; within a table that a pointer in memory leads to, a pointer is in a field of an element. */
function displaced({ code, table, initial }: Frame, i: number, address: ValueId, disp: number): ValueId {
  const { kind } = table.node(address);
  if (disp === 0 || (kind !== 'within' && kind !== 'choice')) return table.add(address, disp);
  if (code.op[i] !== Op.mov || code.size[i] !== initial.pointerSize) return table.add(address, disp);
  const moved = table.alternatives(address).map((one) => {
    const node = table.node(one);
    const ofTable = node.kind === 'within' && table.node(node.base).kind === 'load';
    return ofTable ? table.within(table.add(node.base, disp)) : table.add(one, disp);
  });
  return table.choice(moved);
}

/** Operations that leave the flags as they were. */
const KEEPS_FLAGS = new Uint8Array(64);
for (const op of [Op.nop, Op.mov, Op.movzx, Op.movsx, Op.lea, Op.push, Op.pop, Op.xchg, Op.cmov, Op.leave, Op.zero])
  KEEPS_FLAGS[op] = 1;
for (const op of [Op.setcc, Op.not, Op.loop, Op.movs, Op.stos, Op.pair, Op.jcc]) KEEPS_FLAGS[op] = 1;

/** The instruction of the same block that set the flags before `i`, where it compares; -1 where none does. */
export function comparison(frame: Frame, i: number): number {
  const { code, reaching } = frame;
  const { first } = reaching.body.blocks[reaching.blockOf[i]];
  for (let k = i - 1; k >= first; k--) {
    const op = code.op[k];
    if (op === Op.cmp || op === Op.test || op === Op.sub || op === Op.and) return k;
    if (KEEPS_FLAGS[op] === 0) return -1;
  }
  return -1;
}

/** Whether condition `cc` holds before instruction `i`; undefined when that is not known. */
export function condition(frame: Frame, i: number, cc: number): boolean | undefined {
  const k = comparison(frame, i);
  if (k < 0) return undefined;
  const { code } = frame;
  const op = code.op[k] === Op.cmp || code.op[k] === Op.sub ? Op.cmp : Op.test;
  const size = code.size[k];
  const flags: Flags = {
    op,
    size,
    left: operand(frame, k, code.dst[k], size),
    right: operand(frame, k, code.src[k], size),
  };
  const { table } = frame;
  // One of several: told where it does not matter which.
  const [first, ...others] = table.alternatives(flags.left).map((left) => {
    const right = flags.right === flags.left ? left : flags.right;
    return decide(table, { ...flags, left, right }, cc);
  });
  return others.every((holds) => holds === first) ? first : undefined;
}

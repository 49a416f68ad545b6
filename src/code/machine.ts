// What instructions do to a state: one step at a time, values in place of numbers.
import { and, combine, fold, minus, signExtend, sum, truncate } from './arithmetic.ts';
import { decide, type Flags } from './condition.ts';
import { type Listing, Op, Operand, Reg } from './instruction.ts';
import type { Memory } from './memory.ts';
import { Operands } from './operands.ts';
import type { State } from './state.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** What the machine leaves to the one who runs it. */
export interface Calls {
  /** Makes the call (or tail jump) of instruction `i`. */
  call(i: number, tail: boolean): void;
  /** Whether the jump of instruction `i` leaves the function. */
  leavesFunction(i: number): boolean;
}

export class Machine extends Operands {
  readonly flags: Flags = { op: 0, size: 0, left: UNSET, right: UNSET };
  /** Whether a branch depended on an argument. */
  testsParameters = false;
  readonly #calls: Calls;

  constructor(code: Listing, memory: Memory, state: State, calls: Calls) {
    super(code, memory, state);
    this.#calls = calls;
  }

  /** Does to the state what instruction `i` does. */
  step(i: number): void {
    const code = this.code;
    const op = code.op[i];
    const dst = code.dst[i];
    const src = code.src[i];
    const size = code.size[i];
    const table = this.table;
    switch (op) {
      case Op.nop:
      case Op.jcc:
      case Op.trap:
      case Op.ret:
        break;
      case Op.mov:
        this.write(i, dst, size, this.read(i, src, size));
        break;
      case Op.movzx:
      case Op.movsx: {
        const value = this.read(i, src, size);
        const number = table.number(value);
        const extended =
          number === undefined ? value : op === Op.movzx ? number : table.number(signExtend(this.table, number, size));
        this.write(i, dst, code.dstSize[i], number === undefined ? value : table.constant(extended ?? 0));
        break;
      }
      case Op.lea:
        this.write(i, dst, size, this.effective(i));
        break;
      case Op.zero:
        this.setRegister(dst, table.constant(0));
        break;
      case Op.add:
        this.#arithmetic(i, (a, b) => sum(this.table, a, b));
        break;
      case Op.sub:
        this.#compare(Op.cmp, i);
        this.#arithmetic(i, (a, b) => minus(this.table, a, b));
        break;
      case Op.inc:
        this.flags.op = 0;
        this.write(i, dst, size, table.add(this.read(i, dst, size), 1));
        break;
      case Op.dec:
        this.flags.op = 0;
        this.write(i, dst, size, table.add(this.read(i, dst, size), -1));
        break;
      case Op.and:
        this.#compare(Op.test, i);
        this.#arithmetic(i, (a, b) => and(this.table, a, b, size));
        break;
      case Op.or:
        this.#arithmetic(i, (a, b) => (a === b ? a : fold(this.table, a, b, size, (x, y) => x | y)));
        break;
      case Op.xor:
        if (dst === src && dst < 16) this.setRegister(dst, table.constant(0));
        else this.#arithmetic(i, (a, b) => fold(this.table, a, b, size, (x, y) => x ^ y));
        this.flags.op = 0;
        break;
      case Op.shl:
        this.#arithmetic(i, (a, b) => fold(this.table, a, b, size, (x, y) => (y < 32 ? x << y : 0)));
        break;
      case Op.shr:
        this.#arithmetic(i, (a, b) => fold(this.table, a, b, size, (x, y) => (y < 32 ? x >>> y : 0)));
        break;
      case Op.sar:
        this.#arithmetic(i, (a, b) => fold(this.table, a, b, size, (x, y) => x >> Math.min(y, 31)));
        break;
      case Op.imul: {
        const left = table.number(code.hasImm[i] ? this.read(i, src, size) : this.read(i, dst, size));
        const right = table.number(code.hasImm[i] ? this.immediate(i, size) : this.read(i, src, size));
        const product = left !== undefined && right !== undefined ? left * right : Number.NaN;
        this.write(i, dst, size, Number.isSafeInteger(product) ? table.constant(product) : UNKNOWN);
        this.flags.op = 0;
        break;
      }
      case Op.xchg: {
        const a = this.read(i, dst, size);
        const b = this.read(i, src, size);
        this.write(i, dst, size, b);
        this.write(i, src, size, a);
        break;
      }
      case Op.cmp:
      case Op.test:
        this.#compare(op, i);
        break;
      case Op.cmov: {
        const holds = this.condition(code.cc[i]);
        const moved = this.read(i, src, size);
        if (holds === undefined) this.write(i, dst, size, table.choice([this.read(i, dst, size), moved]));
        else if (holds) this.write(i, dst, size, moved);
        break;
      }
      case Op.push: {
        const value = this.read(i, src, size);
        const top = table.add(this.register(Reg.rsp), -this.pointer);
        this.setRegister(Reg.rsp, top);
        this.memory.writeWord(this.state, top, this.pointer, value);
        break;
      }
      case Op.pop: {
        const top = this.register(Reg.rsp);
        const value = this.memory.readWord(this.state, top, this.pointer);
        this.setRegister(Reg.rsp, table.add(top, this.pointer));
        this.write(i, dst, size, value);
        break;
      }
      case Op.leave: {
        const frame = this.register(Reg.rbp);
        this.setRegister(Reg.rbp, this.memory.readWord(this.state, frame, this.pointer));
        this.setRegister(Reg.rsp, table.add(frame, this.pointer));
        break;
      }
      case Op.call:
        this.#calls.call(i, false);
        break;
      case Op.jmp:
        if (this.#calls.leavesFunction(i)) this.#calls.call(i, true);
        break;
      case Op.movs:
        this.#moveString(i);
        break;
      case Op.stos:
        this.#fillString(i);
        break;
      case Op.muldiv:
        this.setRegister(Reg.rax, UNKNOWN);
        this.setRegister(Reg.rdx, UNKNOWN);
        this.flags.op = 0;
        break;
      case Op.scan:
        for (const r of [Reg.rcx, Reg.rsi, Reg.rdi]) this.setRegister(r, table.within(this.register(r)));
        this.setRegister(Reg.rax, this.register(Reg.rax));
        this.flags.op = 0;
        break;
      case Op.clobberAll:
        for (let r = 0; r < 16; r++) if (r !== Reg.rsp) this.setRegister(r, UNKNOWN);
        break;
      case Op.borrow:
        this.flags.op = 0;
        this.write(i, dst, size, table.choice([table.constant(0), table.constant(-1)]));
        break;
      case Op.pair:
        this.setRegister(dst, table.pair(this.#low(this.register(dst)), this.#low(this.read(i, src, 8))));
        break;
      default:
        // other, carry, exchange, setcc, neg, not, loop: the destination is not followed.
        this.flags.op = op === Op.setcc || op === Op.not || op === Op.loop ? this.flags.op : 0;
        if (dst < 32) this.setRegister(dst, UNKNOWN);
        else if (dst === Operand.memory) this.memory.writeWord(this.state, this.effective(i), size, UNKNOWN);
        if (op === Op.exchange && src < 16) this.setRegister(src, UNKNOWN);
        if (op === Op.exchange) this.setRegister(Reg.rax, UNKNOWN);
    }
    const also = code.clobber[i];
    if (also < 16 && op !== Op.xchg) this.setRegister(also, UNKNOWN);
  }

  /** The low 8 bytes of a vector value. */
  #low(value: ValueId): ValueId {
    const node = this.table.node(value);
    if (node.kind === 'pair') return node.low;
    return node.kind === 'bytes' ? this.memory.extract(value, 0, 8) : value;
  }

  #arithmetic(i: number, operation: (left: ValueId, right: ValueId) => ValueId): void {
    const { op, dst, src, size } = this.code;
    if (op[i] !== Op.sub && op[i] !== Op.and) this.flags.op = 0;
    const left = this.read(i, dst[i], size[i]);
    const right = this.read(i, src[i], size[i]);
    const result = combine(this.table, left, right, operation);
    this.write(i, dst[i], size[i], truncate(this.table, result, size[i]));
  }

  #compare(op: number, i: number): void {
    const { dst, src, size } = this.code;
    this.flags.op = op;
    this.flags.size = size[i];
    this.flags.left = this.read(i, dst[i], size[i]);
    this.flags.right = this.read(i, src[i], size[i]);
  }

  /** Whether a condition holds; notes when an argument would decide it. */
  condition(cc: number): boolean | undefined {
    const holds = decide(this.table, this.flags, cc);
    if (
      holds === undefined &&
      this.flags.op !== 0 &&
      (this.#isParameter(this.flags.left) || this.#isParameter(this.flags.right))
    )
      this.testsParameters = true;
    return holds;
  }

  #isParameter(value: ValueId): boolean {
    return this.table.node(value).kind === 'parameter';
  }

  #moveString(i: number): void {
    const { size, rep } = this.code;
    const table = this.table;
    const from = this.register(Reg.rsi);
    const to = this.register(Reg.rdi);
    const count = rep[i] ? table.number(this.register(Reg.rcx)) : 1;
    const bytes = count === undefined ? undefined : count * size[i];
    const text = this.memory.readText(this.state, from, undefined);
    const isText = text !== UNSET && text !== UNKNOWN && (rep[i] !== 0 || size[i] > 4);
    if (bytes !== undefined && bytes <= 256 && !(isText && table.node(text).kind !== 'text-at')) {
      for (let at = 0; at + size[i] <= bytes; at += size[i]) {
        this.memory.writeWord(
          this.state,
          table.add(to, at),
          size[i],
          this.memory.readWord(this.state, table.add(from, at), size[i]),
        );
      }
    }
    if (isText) this.memory.writeText(this.state, to, text);
    const moved = (value: ValueId): ValueId => (bytes === undefined ? table.within(value) : table.add(value, bytes));
    this.setRegister(Reg.rsi, moved(from));
    this.setRegister(Reg.rdi, moved(to));
    if (rep[i]) this.setRegister(Reg.rcx, table.constant(0));
  }

  #fillString(i: number): void {
    const { size, rep } = this.code;
    const table = this.table;
    const to = this.register(Reg.rdi);
    const count = rep[i] ? table.number(this.register(Reg.rcx)) : 1;
    const value = this.register(Reg.rax);
    if (rep[i] && table.number(value) === 0) {
      this.memory.zero(this.state, to, (count ?? 0) * size[i]);
      if (this.memory.writtenText(this.state, to) !== UNSET)
        this.memory.writeText(this.state, to, table.literal('', 0, true));
    } else if (!rep[i]) this.memory.writeWord(this.state, to, size[i], value);
    this.setRegister(Reg.rdi, count === undefined ? table.within(to) : table.add(to, count * size[i]));
    if (rep[i]) this.setRegister(Reg.rcx, table.constant(0));
  }
}

// The abstract interpreter: runs a function over sets of possible values until nothing changes, and shows its caller every call on the way.
import { applyImport, applyOpaque, type Call, type CallTarget, ends, writeTextAt } from './call.ts';
import type { FunctionBody } from './functions.ts';
import { BASE_RVA, type Listing, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';
import { equalStates, type InitialMemory, join, Memory, REGISTER_COUNT, State } from './memory.ts';
import { applySummary, locationAddress, type Summary, type SummaryWrite } from './summary.ts';
import { UNKNOWN, UNSET, type ValueId, type ValueTable } from './values.ts';

/** What the interpreter needs of the module around the function. */
export interface Surroundings {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  /** What a function of this module does; undefined when that is not known (recursion, too large). */
  summaryOf(rva: number): Summary | undefined;
  /** The import behind a thunk at `rva` (`jmp [slot]`), or UNSET. */
  thunk(rva: number): ValueId;
  /** RVAs of slots that hold the control-flow-guard dispatch function (target in rax). */
  readonly guardDispatch: ReadonlySet<number>;
  /** RVAs of slots that hold the control-flow-guard check function. */
  readonly guardCheck: ReadonlySet<number>;
}

export interface RunOptions {
  /** Calls to keep with their state; the last look at a call is the fullest. */
  readonly observe?: (target: CallTarget, site: number) => boolean;
  /** Only follow blocks from which one of these instruction indices can be reached. */
  readonly towards?: readonly number[];
  /** Values of parameters that are known beforehand (from one caller). */
  readonly bindings?: ReadonlyMap<number, ValueId>;
  /** Instructions to run at most. */
  readonly stepLimit: number;
}

export interface Run {
  readonly calls: ReadonlyMap<number, Call>;
  readonly summary: Summary;
  readonly memory: Memory;
  readonly steps: number;
  /** Whether a branch depends on an argument: a caller's constants may then decide it. */
  readonly testsParameters: boolean;
  /** True when the step limit ended the run: what it says may be incomplete. */
  readonly limited: boolean;
}

/** Registers that a callee may change (Microsoft x64: rax rcx rdx r8-r11; x86: eax ecx edx). */
const VOLATILE_64 = [Reg.rax, Reg.rcx, Reg.rdx, Reg.r8, Reg.r9, Reg.r10, Reg.r11];
const VOLATILE_32 = [Reg.rax, Reg.rcx, Reg.rdx];
const REGISTER_ARGUMENTS = [Reg.rcx, Reg.rdx, Reg.r8, Reg.r9];
const BLOCK_VISIT_LIMIT = 40;
/** Pairs of alternatives that an operation looks at. */
const COMBINATION_LIMIT = 16;

/** Runs `body` from its entry with symbolic arguments. */
export function interpret(body: FunctionBody, around: Surroundings, options: RunOptions): Run {
  return new Interpreter(body, around, options).run();
}

class Interpreter {
  readonly #body: FunctionBody;
  readonly #code: Listing;
  readonly #around: Surroundings;
  readonly #options: RunOptions;
  readonly #table: ValueTable;
  readonly #memory: Memory;
  readonly #pointer: 4 | 8;
  readonly #calls = new Map<number, Call>();
  /** Where each store wrote when it ran first: a copy loop starts at the front of its buffer, an appending one within. */
  readonly #firstStore = new Map<number, ValueId>();
  readonly #firstLoad = new Map<number, ValueId>();
  #exit: State | undefined;
  #state: State;
  #steps = 0;
  #limited = false;
  /** The instruction just run does not come back. */
  #ended = false;
  #testsParameters = false;
  #flagLeft: ValueId = UNSET;
  #flagRight: ValueId = UNSET;
  #flagOp = 0;
  #flagSize = 0;

  constructor(body: FunctionBody, around: Surroundings, options: RunOptions) {
    this.#body = body;
    this.#code = body.listing;
    this.#around = around;
    this.#options = options;
    this.#table = around.table;
    this.#memory = new Memory(around.table, around.initial);
    this.#pointer = around.initial.pointerSize;
    this.#state = this.#entryState();
  }

  #entryState(): State {
    const cells = new Int32Array(REGISTER_COUNT + 32);
    for (let r = 0; r < 16; r++) cells[r] = this.#table.entry(r);
    for (let r = 16; r < REGISTER_COUNT; r++) cells[r] = UNKNOWN;
    const bound = this.#options.bindings;
    if (this.#pointer === 8) {
      REGISTER_ARGUMENTS.forEach((register, i) => {
        cells[register] = bound?.get(i) ?? this.#table.parameter(i);
      });
    }
    cells[Reg.rsp] = this.#table.frame(0);
    const state = new State(cells);
    const { offset, index } = this.#around.initial.firstStackArgument;
    for (const [i, value] of bound ?? []) {
      if (i >= index)
        this.#memory.writeWord(state, this.#table.frame(offset + (i - index) * this.#pointer), this.#pointer, value);
    }
    return state;
  }

  run(): Run {
    const { blocks, reached, loopHeads } = this.#body;
    const wanted = this.#options.towards ? this.#leadingTo(this.#options.towards) : undefined;
    const entryStates: (State | undefined)[] = new Array(blocks.length);
    const visits = new Uint16Array(blocks.length);
    const pending = new Uint8Array(blocks.length);
    const onlyFrom = onlyPredecessors(this.#body);
    entryStates[0] = this.#state;
    pending[0] = 1;
    let lowest = 0;
    while (lowest < reached) {
      if (!pending[lowest]) {
        lowest++;
        continue;
      }
      const b = lowest;
      pending[b] = 0;
      if (visits[b]++ >= BLOCK_VISIT_LIMIT || this.#steps > this.#options.stepLimit) {
        this.#limited = true;
        continue;
      }
      const start = entryStates[b];
      if (!start) continue;
      this.#state = start.clone();
      const taken = this.#runBlock(b);
      if (this.#ended) continue;
      for (const next of blocks[b].next) {
        if (wanted && !wanted[next]) continue;
        if (taken !== undefined && taken !== next) continue;
        const known = entryStates[next];
        if (!known || (onlyFrom[next] === b && !equalStates(known, this.#state))) {
          entryStates[next] = this.#state.clone();
          pending[next] = 1;
        } else if (onlyFrom[next] === b) continue;
        else if (join(this.#table, known, this.#state, loopHeads.has(next) ? visits[next] : 0)) pending[next] = 1;
        if (pending[next] && next < lowest) lowest = next;
      }
    }
    return {
      calls: this.#calls,
      summary: this.#summary(),
      memory: this.#memory,
      steps: this.#steps,
      testsParameters: this.#testsParameters,
      limited: this.#limited,
    };
  }

  /** Blocks from which one of the instructions can be reached. */
  #leadingTo(indices: readonly number[]): Uint8Array {
    const { blocks } = this.#body;
    const before: number[][] = blocks.map(() => []);
    blocks.forEach((block, b) => {
      for (const next of block.next) before[next].push(b);
    });
    const wanted = new Uint8Array(blocks.length);
    const open: number[] = [];
    for (const index of indices) {
      const b = blocks.findIndex((block) => index >= block.first && index < block.end);
      if (b >= 0 && !wanted[b]) {
        wanted[b] = 1;
        open.push(b);
      }
    }
    for (let b = open.pop(); b !== undefined; b = open.pop()) {
      for (const previous of before[b]) {
        if (wanted[previous]) continue;
        wanted[previous] = 1;
        open.push(previous);
      }
    }
    return wanted;
  }

  #summary(): Summary {
    if (!this.#exit)
      return { returns: UNKNOWN, writes: [], registers: new Map(), comesBack: this.#options.towards !== undefined };
    const writes: SummaryWrite[] = [];
    for (const { base, offset, width, value } of this.#memory.outside(this.#exit)) {
      writes.push({ address: locationAddress(this.#table, base, offset), width, value });
    }
    const exit = this.#exit;
    const registers = new Map(
      this.#volatile()
        .filter((r) => r !== Reg.rax)
        .map((r) => [r, exit.get(r)]),
    );
    return { returns: exit.get(Reg.rax), writes, registers, comesBack: true };
  }

  #leave(): void {
    if (!this.#exit) this.#exit = this.#state.clone();
    else join(this.#table, this.#exit, this.#state, 0);
  }

  /** Runs a block; returns the only successor when a condition is decided, else undefined. */
  #runBlock(b: number): number | undefined {
    const { first, end, next } = this.#body.blocks[b];
    this.#flagOp = 0;
    this.#ended = false;
    for (let i = first; i < end; i++) {
      this.#steps++;
      this.#step(i);
      if (this.#ended) return undefined;
    }
    const last = end - 1;
    const op = this.#code.op[last];
    if (op === Op.ret) this.#leave();
    else if (op === Op.jmp && next.length === 0) this.#leave();
    else if (op === Op.jcc && next.length === 2) {
      const holds = this.#condition(this.#code.cc[last]);
      if (holds === undefined) return undefined;
      const target = this.#code.target[last];
      const jumped = next.find((n) => this.#code.rva[this.#body.blocks[n].first] === target);
      const fallen = next.find((n) => this.#code.rva[this.#body.blocks[n].first] !== target);
      return holds ? jumped : fallen;
    }
    return undefined;
  }

  // Operands

  #register(r: number): ValueId {
    return this.#state.cells[r];
  }

  #setRegister(r: number, value: ValueId): void {
    this.#state.cells[r] = value === UNSET ? UNKNOWN : value;
  }

  #effective(i: number): ValueId {
    const code = this.#code;
    if (code.segment[i] !== 0) return UNKNOWN;
    const base = code.base[i];
    const index = code.index[i];
    const disp = code.disp[i];
    const table = this.#table;
    if (base === BASE_RVA) return table.constant(this.#around.initial.image.imageBase + (disp >>> 0));
    if (index === NONE) return base === NONE ? table.constant(disp >>> 0) : table.add(this.#register(base), disp);
    const scaled = this.#register(index);
    const amount = table.number(scaled);
    const left = base === NONE ? table.constant(this.#pointer === 4 ? disp >>> 0 : disp) : this.#register(base);
    const offset = base === NONE ? 0 : disp;
    if (amount !== undefined) return table.add(left, amount * code.scale[i] + offset);
    if (code.scale[i] === 1) return table.add(this.#sum(left, scaled), offset);
    return table.within(table.add(left, offset));
  }

  /** left + right over their alternatives. */
  #sum(left: ValueId, right: ValueId): ValueId {
    return this.#combine(left, right, (a, b) => this.#sumOne(a, b));
  }

  #combine(left: ValueId, right: ValueId, combine: (a: ValueId, b: ValueId) => ValueId): ValueId {
    const table = this.#table;
    const a = table.alternatives(left);
    const b = table.alternatives(right);
    if (a.length === 1 && b.length === 1) return combine(left, right);
    if (a.length * b.length > COMBINATION_LIMIT) return UNKNOWN;
    return table.choice(a.flatMap((x) => b.map((y) => combine(x, y))));
  }

  /** left + right, one of them perhaps a pointer, or a difference of pointers that leads from one buffer to another. */
  #sumOne(left: ValueId, right: ValueId): ValueId {
    const table = this.#table;
    const a = table.number(left);
    const b = table.number(right);
    if (b !== undefined && Number.isSafeInteger(b)) return table.add(left, b);
    if (a !== undefined && Number.isSafeInteger(a) && a < 0x10000) return table.add(right, a);
    const across = this.#across(left, right) ?? this.#across(right, left);
    if (across !== undefined) return across;
    if (table.node(left).kind === 'difference' || table.node(right).kind === 'difference') return UNKNOWN;
    if (table.address(left)) return table.within(left);
    if (table.address(right)) return table.within(right);
    return UNKNOWN;
  }

  /** (p moved) + (q - p) = q moved. */
  #across(pointer: ValueId, difference: ValueId): ValueId | undefined {
    const table = this.#table;
    const node = table.node(difference);
    if (node.kind !== 'difference') return undefined;
    const at = table.address(pointer);
    const from = table.address(node.right);
    if (!at || !from || at.base !== from.base) return undefined;
    return at.somewhere ? table.within(node.left) : table.add(node.left, at.offset - from.offset);
  }

  #read(i: number, operand: number, size: number): ValueId {
    if (operand < 32) return this.#register(operand);
    if (operand === Operand.memory)
      return this.#memory.readWord(this.#state, this.#walked(this.#firstLoad, i, this.#effective(i)), size);
    if (operand === Operand.immediate) return this.#immediate(i, size);
    return UNKNOWN;
  }

  /** An address that walks, told from where this instruction began: a loop may have moved the pointer before its first access. */
  #walked(first: Map<number, ValueId>, i: number, address: ValueId): ValueId {
    const table = this.#table;
    const began = first.get(i);
    if (began === undefined) {
      first.set(i, address);
      return address;
    }
    const now = table.node(address);
    if (now.kind !== 'within' || table.node(began).kind === 'choice') return address;
    const from = table.address(began);
    const root = table.address(now.base);
    return from &&
      root &&
      !from.somewhere &&
      from.base === root.base &&
      from.offset >= root.offset &&
      from.offset - root.offset <= 64
      ? table.within(began)
      : address;
  }

  #immediate(i: number, size: number): ValueId {
    const lo = this.#code.immLo[i];
    if (size === 8) return this.#table.constant64(lo, this.#code.immHi[i]);
    return this.#table.constant(size === 4 ? lo >>> 0 : size === 2 ? lo & 0xffff : lo & 0xff);
  }

  #write(i: number, operand: number, size: number, value: ValueId): void {
    if (operand < 16)
      this.#setRegister(
        operand,
        size < 4 && !this.#isNumber(value) ? (this.#isCharacter(value) ? value : UNKNOWN) : value,
      );
    else if (operand < 32) this.#setRegister(operand, value);
    else if (operand === Operand.memory) this.#store(i, this.#effective(i), size, value);
  }

  #isNumber(value: ValueId): boolean {
    return this.#table.node(value).kind === 'constant';
  }

  /** A character on its way from one text to another. */
  #isCharacter(value: ValueId): boolean {
    return this.#table.alternatives(value).some((one) => this.#table.node(one).kind === 'load');
  }

  #store(i: number, place: ValueId, size: number, value: ValueId): void {
    const table = this.#table;
    const first = this.#firstStore.get(i);
    const address = this.#walked(this.#firstStore, i, place);
    const walked = table.alternatives(address).filter((one) => table.address(one)?.somewhere === true);
    if (walked.length > 0) {
      const from: ValueId[] = [];
      for (const one of table.alternatives(value)) {
        const node = table.node(one);
        if (node.kind !== 'load' || node.width !== size) continue;
        const start = table.node(node.address);
        if (start.kind === 'within' || start.kind === 'found') from.push(start.base);
      }
      if (from.length > 0) {
        const append =
          first === undefined || table.alternatives(first).some((one) => table.address(one)?.somewhere === true);
        for (const one of walked) {
          const to = table.node(one);
          if (to.kind === 'within' || to.kind === 'found')
            this.#copyLoop(one, to.base, table.choice(from), size, append);
        }
        return;
      }
    }
    this.#memory.writeWord(this.#state, address, size, value);
  }

  /** A loop that moves characters from one text to another: a copy, or an append when it began within the text. */
  #copyLoop(pointer: ValueId, to: ValueId, from: ValueId, size: number, append: boolean): void {
    const wide = size === 2 ? true : undefined;
    const text = this.#memory.readText(this.#state, from, wide);
    if (text === UNSET) return;
    if (!append) this.#memory.writeText(this.#state, to, text);
    else if (!this.#endsIn(this.#memory.writtenText(this.#state, to), text)) {
      writeTextAt({ memory: this.#memory, state: this.#state, site: this.#code.rva[0] }, pointer, text, 'a loop');
    }
  }

  #endsIn(text: ValueId, tail: ValueId): boolean {
    return this.#table.alternatives(text).some((one) => {
      const node = this.#table.node(one);
      return node.kind === 'concat' && node.parts[node.parts.length - 1] === tail;
    });
  }

  // Instructions

  #step(i: number): void {
    const code = this.#code;
    const op = code.op[i];
    const dst = code.dst[i];
    const src = code.src[i];
    const size = code.size[i];
    const table = this.#table;
    switch (op) {
      case Op.nop:
      case Op.jcc:
      case Op.trap:
      case Op.ret:
        break;
      case Op.mov:
        this.#write(i, dst, size, this.#read(i, src, size));
        break;
      case Op.movzx:
      case Op.movsx: {
        const value = this.#read(i, src, size);
        const number = table.number(value);
        const extended =
          number === undefined ? value : op === Op.movzx ? number : table.number(this.#signExtend(number, size));
        this.#write(i, dst, code.dstSize[i], number === undefined ? value : table.constant(extended ?? 0));
        break;
      }
      case Op.lea:
        this.#write(i, dst, size, this.#effective(i));
        break;
      case Op.zero:
        this.#setRegister(dst, table.constant(0));
        break;
      case Op.add:
        this.#arithmetic(i, (a, b) => this.#sum(a, b));
        break;
      case Op.sub:
        this.#flags(Op.cmp, i);
        this.#arithmetic(i, (a, b) => this.#minus(a, b));
        break;
      case Op.inc:
        this.#flagOp = 0;
        this.#write(i, dst, size, table.add(this.#read(i, dst, size), 1));
        break;
      case Op.dec:
        this.#flagOp = 0;
        this.#write(i, dst, size, table.add(this.#read(i, dst, size), -1));
        break;
      case Op.and:
        this.#flags(Op.test, i);
        this.#arithmetic(i, (a, b) => this.#and(a, b, size));
        break;
      case Op.or:
        this.#arithmetic(i, (a, b) => (a === b ? a : this.#fold(a, b, size, (x, y) => x | y)));
        break;
      case Op.xor:
        if (dst === src && dst < 16) this.#setRegister(dst, table.constant(0));
        else this.#arithmetic(i, (a, b) => this.#fold(a, b, size, (x, y) => x ^ y));
        this.#flagOp = 0;
        break;
      case Op.shl:
        this.#arithmetic(i, (a, b) => this.#fold(a, b, size, (x, y) => (y < 32 ? x << y : 0)));
        break;
      case Op.shr:
        this.#arithmetic(i, (a, b) => this.#fold(a, b, size, (x, y) => (y < 32 ? x >>> y : 0)));
        break;
      case Op.sar:
        this.#arithmetic(i, (a, b) => this.#fold(a, b, size, (x, y) => x >> Math.min(y, 31)));
        break;
      case Op.imul: {
        const left = table.number(code.hasImm[i] ? this.#read(i, src, size) : this.#read(i, dst, size));
        const right = table.number(code.hasImm[i] ? this.#immediate(i, size) : this.#read(i, src, size));
        const product = left !== undefined && right !== undefined ? left * right : Number.NaN;
        this.#write(i, dst, size, Number.isSafeInteger(product) ? table.constant(product) : UNKNOWN);
        this.#flagOp = 0;
        break;
      }
      case Op.xchg: {
        const a = this.#read(i, dst, size);
        const b = this.#read(i, src, size);
        this.#write(i, dst, size, b);
        this.#write(i, src, size, a);
        break;
      }
      case Op.cmp:
      case Op.test:
        this.#flags(op, i);
        break;
      case Op.cmov: {
        const holds = this.#condition(code.cc[i]);
        const moved = this.#read(i, src, size);
        if (holds === undefined) this.#write(i, dst, size, table.choice([this.#read(i, dst, size), moved]));
        else if (holds) this.#write(i, dst, size, moved);
        break;
      }
      case Op.push: {
        const value = this.#read(i, src, size);
        const top = table.add(this.#register(Reg.rsp), -this.#pointer);
        this.#setRegister(Reg.rsp, top);
        this.#memory.writeWord(this.#state, top, this.#pointer, value);
        break;
      }
      case Op.pop: {
        const top = this.#register(Reg.rsp);
        const value = this.#memory.readWord(this.#state, top, this.#pointer);
        this.#setRegister(Reg.rsp, table.add(top, this.#pointer));
        this.#write(i, dst, size, value);
        break;
      }
      case Op.leave: {
        const frame = this.#register(Reg.rbp);
        this.#setRegister(Reg.rbp, this.#memory.readWord(this.#state, frame, this.#pointer));
        this.#setRegister(Reg.rsp, table.add(frame, this.#pointer));
        break;
      }
      case Op.call:
        this.#call(i, false);
        break;
      case Op.jmp:
        if (this.#leavesFunction(i)) this.#call(i, true);
        break;
      case Op.movs:
        this.#moveString(i);
        break;
      case Op.stos:
        this.#fillString(i);
        break;
      case Op.muldiv:
        this.#setRegister(Reg.rax, UNKNOWN);
        this.#setRegister(Reg.rdx, UNKNOWN);
        this.#flagOp = 0;
        break;
      case Op.scan:
        for (const r of [Reg.rcx, Reg.rsi, Reg.rdi]) this.#setRegister(r, table.within(this.#register(r)));
        this.#setRegister(Reg.rax, this.#register(Reg.rax));
        this.#flagOp = 0;
        break;
      case Op.clobberAll:
        for (let r = 0; r < 16; r++) if (r !== Reg.rsp) this.#setRegister(r, UNKNOWN);
        break;
      case Op.borrow:
        this.#flagOp = 0;
        this.#write(i, dst, size, table.choice([table.constant(0), table.constant(-1)]));
        break;
      case Op.pair:
        this.#setRegister(dst, table.pair(this.#low(this.#register(dst)), this.#low(this.#read(i, src, 8))));
        break;
      default:
        // other, carry, exchange, setcc, neg, not, loop: the destination is not followed.
        this.#flagOp = op === Op.setcc || op === Op.not || op === Op.loop ? this.#flagOp : 0;
        if (dst < 32) this.#setRegister(dst, UNKNOWN);
        else if (dst === Operand.memory) this.#memory.writeWord(this.#state, this.#effective(i), size, UNKNOWN);
        if (op === Op.exchange && src < 16) this.#setRegister(src, UNKNOWN);
        if (op === Op.exchange) this.#setRegister(Reg.rax, UNKNOWN);
    }
    const also = code.clobber[i];
    if (also < 16 && op !== Op.xchg) this.#setRegister(also, UNKNOWN);
  }

  /** The low 8 bytes of a vector value. */
  #low(value: ValueId): ValueId {
    const node = this.#table.node(value);
    if (node.kind === 'pair') return node.low;
    return node.kind === 'bytes' ? this.#memory.extract(value, 0, 8) : value;
  }

  #signExtend(number: number, size: number): ValueId {
    const bits = size * 8;
    const wrapped = bits === 8 ? (number << 24) >> 24 : bits === 16 ? (number << 16) >> 16 : number | 0;
    return this.#table.constant(wrapped);
  }

  #arithmetic(i: number, combine: (left: ValueId, right: ValueId) => ValueId): void {
    const { op, dst, src, size } = this.#code;
    if (op[i] !== Op.sub && op[i] !== Op.and) this.#flagOp = 0;
    const left = this.#read(i, dst[i], size[i]);
    const right = this.#read(i, src[i], size[i]);
    const result = this.#combine(left, right, combine);
    this.#write(i, dst[i], size[i], this.#truncate(result, size[i]));
  }

  #truncate(value: ValueId, size: number): ValueId {
    const number = this.#table.number(value);
    if (number === undefined || size > 4) return value;
    return this.#table.constant(size === 4 ? number >>> 0 : number & (size === 2 ? 0xffff : 0xff));
  }

  #minus(left: ValueId, right: ValueId): ValueId {
    const table = this.#table;
    const b = table.number(right);
    if (b !== undefined && Number.isSafeInteger(b) && (b < 0x10000 || table.number(left) !== undefined))
      return table.add(left, -b);
    const from = table.address(left);
    const to = table.address(right);
    if (!from || !to) return table.address(left) && b === undefined ? table.within(left) : UNKNOWN;
    if (from.base === to.base)
      return from.somewhere || to.somewhere ? UNKNOWN : table.constant(from.offset - to.offset);
    return table.difference(left, right);
  }

  #and(left: ValueId, right: ValueId, size: number): ValueId {
    if (left === right) return left;
    const mask = this.#table.number(right);
    // A mask of all ones or none, as branchless selection makes it.
    if (mask === -1) return left;
    if (this.#table.number(left) === -1) return right;
    if (mask === 0) return right;
    if (this.#table.number(left) === 0) return left;
    // Aligning a stack pointer keeps it where it was, for our purpose.
    if (mask !== undefined && this.#table.node(left).kind === 'frame') return left;
    return this.#fold(left, right, size, (x, y) => x & y);
  }

  #fold(left: ValueId, right: ValueId, size: number, combine: (a: number, b: number) => number): ValueId {
    const a = this.#table.number(left);
    const b = this.#table.number(right);
    if (a === undefined || b === undefined) return UNKNOWN;
    if (size === 8 && (Math.abs(a) > 0x7fffffff || Math.abs(b) > 0x7fffffff)) return UNKNOWN;
    const result = combine(a, b);
    return this.#table.constant(size === 8 ? result : result >>> 0);
  }

  // Conditions

  #flags(op: number, i: number): void {
    const { dst, src, size } = this.#code;
    this.#flagOp = op;
    this.#flagSize = size[i];
    this.#flagLeft = this.#read(i, dst[i], size[i]);
    this.#flagRight = this.#read(i, src[i], size[i]);
  }

  /** Whether condition code `cc` holds, when both sides of the last comparison are numbers (or an address is compared with zero). */
  #condition(cc: number): boolean | undefined {
    if (this.#flagOp === 0 || this.#flagSize < 4) return undefined;
    const table = this.#table;
    const equality = cc === 4 || cc === 5;
    if (this.#flagOp === Op.test && this.#flagLeft === this.#flagRight && equality) {
      const kind = table.node(this.#flagLeft).kind;
      if (kind === 'frame') return cc === 5;
    }
    const a = table.number(this.#flagLeft);
    const b = table.number(this.#flagRight);
    if (a === undefined || b === undefined) {
      if (this.#isParameter(this.#flagLeft) || this.#isParameter(this.#flagRight)) this.#testsParameters = true;
      return undefined;
    }
    if (this.#flagOp === Op.test) {
      if (Math.abs(a) > 0x7fffffff * 2 || Math.abs(b) > 0x7fffffff * 2)
        return a === b && equality ? (cc === 4) === (a === 0) : undefined;
      const both = (a & b) >>> 0;
      if (cc === 4) return both === 0;
      if (cc === 5) return both !== 0;
      if (cc === 8 || cc === 12) return (both | 0) < 0;
      if (cc === 9 || cc === 13) return (both | 0) >= 0;
      return undefined;
    }
    const signed = (n: number): number => (this.#flagSize === 4 ? n | 0 : n);
    const unsigned = (n: number): number => (this.#flagSize === 4 ? n >>> 0 : n < 0 ? n + 18446744073709551616 : n);
    switch (cc) {
      case 2:
        return unsigned(a) < unsigned(b);
      case 3:
        return unsigned(a) >= unsigned(b);
      case 4:
        return signed(a) === signed(b);
      case 5:
        return signed(a) !== signed(b);
      case 6:
        return unsigned(a) <= unsigned(b);
      case 7:
        return unsigned(a) > unsigned(b);
      case 12:
        return signed(a) < signed(b);
      case 13:
        return signed(a) >= signed(b);
      case 14:
        return signed(a) <= signed(b);
      case 15:
        return signed(a) > signed(b);
      default:
        return undefined;
    }
  }

  #volatile(): readonly number[] {
    return this.#pointer === 8 ? VOLATILE_64 : VOLATILE_32;
  }

  #isParameter(value: ValueId): boolean {
    return this.#table.node(value).kind === 'parameter';
  }

  // Strings and calls

  #moveString(i: number): void {
    const { size, rep } = this.#code;
    const table = this.#table;
    const from = this.#register(Reg.rsi);
    const to = this.#register(Reg.rdi);
    const count = rep[i] ? table.number(this.#register(Reg.rcx)) : 1;
    const bytes = count === undefined ? undefined : count * size[i];
    const text = this.#memory.readText(this.#state, from, undefined);
    const isText = text !== UNSET && text !== UNKNOWN && (rep[i] !== 0 || size[i] > 4);
    if (bytes !== undefined && bytes <= 256 && !(isText && table.node(text).kind !== 'text-at')) {
      for (let at = 0; at + size[i] <= bytes; at += size[i]) {
        this.#memory.writeWord(
          this.#state,
          table.add(to, at),
          size[i],
          this.#memory.readWord(this.#state, table.add(from, at), size[i]),
        );
      }
    }
    if (isText) this.#memory.writeText(this.#state, to, text);
    const moved = (value: ValueId): ValueId => (bytes === undefined ? table.within(value) : table.add(value, bytes));
    this.#setRegister(Reg.rsi, moved(from));
    this.#setRegister(Reg.rdi, moved(to));
    if (rep[i]) this.#setRegister(Reg.rcx, table.constant(0));
  }

  #fillString(i: number): void {
    const { size, rep } = this.#code;
    const table = this.#table;
    const to = this.#register(Reg.rdi);
    const count = rep[i] ? table.number(this.#register(Reg.rcx)) : 1;
    const value = this.#register(Reg.rax);
    if (rep[i] && table.number(value) === 0) {
      this.#memory.zero(this.#state, to, (count ?? 0) * size[i]);
      if (this.#memory.writtenText(this.#state, to) !== UNSET)
        this.#memory.writeText(this.#state, to, table.literal('', 0, true));
    } else if (!rep[i]) this.#memory.writeWord(this.#state, to, size[i], value);
    this.#setRegister(Reg.rdi, count === undefined ? table.within(to) : table.add(to, count * size[i]));
    if (rep[i]) this.#setRegister(Reg.rcx, table.constant(0));
  }

  #leavesFunction(i: number): boolean {
    const { target, src } = this.#code;
    if (target[i] !== NO_TARGET)
      return !this.#body.parts.some((part) => target[i] >= part.begin && target[i] < part.end);
    const block = this.#body.blocks.find((one) => i >= one.first && i < one.end);
    return block !== undefined && block.next.length === 0 && src[i] !== Operand.none;
  }

  #target(i: number): CallTarget {
    const { target, src, base, disp } = this.#code;
    const table = this.#table;
    let value: ValueId;
    if (target[i] !== NO_TARGET) {
      const thunk = this.#around.thunk(target[i]);
      if (thunk === UNSET) return { kind: 'function', rva: target[i] };
      value = thunk;
    } else {
      const throughSlot = src[i] === Operand.memory && base[i] === BASE_RVA ? disp[i] >>> 0 : -1;
      value = this.#around.guardDispatch.has(throughSlot)
        ? this.#register(Reg.rax)
        : this.#read(i, src[i], this.#pointer);
    }
    const node = table.node(value);
    if (node.kind === 'import') return { kind: 'import', symbol: node.symbol, lookup: node.lookup };
    if (node.kind === 'constant') {
      const rva = this.#around.initial.image.rvaOf(node.value);
      if (rva >= 0 && this.#around.initial.image.isCode(rva)) return { kind: 'function', rva };
    }
    return { kind: 'unknown', value };
  }

  #call(i: number, tail: boolean): void {
    const site = this.#code.rva[i];
    const { base, disp, src } = this.#code;
    // The guard's check function returns to the caller with all registers as they were.
    if (src[i] === Operand.memory && base[i] === BASE_RVA && this.#around.guardCheck.has(disp[i] >>> 0)) return;
    const state = this.#state;
    const memory = this.#memory;
    const target = this.#target(i);
    const bias = tail ? this.#pointer : 0;
    const call = callAt(site, target, memory, state, bias);
    if (this.#options.observe?.(target, site)) this.#calls.set(i, callAt(site, target, memory, state.clone(), bias));
    let returned: ValueId;
    let followed = false;
    if (target.kind === 'import') {
      returned = applyImport(call, target.symbol);
      this.#ended = ends(call, target.symbol);
    } else if (target.kind === 'function') {
      const summary = this.#around.summaryOf(target.rva);
      returned = summary ? applySummary(call, summary) : applyOpaque(call, false);
      followed = summary !== undefined;
      this.#ended = summary?.comesBack === false;
    } else returned = applyOpaque(call, false);
    if (!followed) for (const r of this.#volatile()) this.#setRegister(r, UNKNOWN);
    for (let r = 16; r < 22; r++) this.#setRegister(r, UNKNOWN);
    this.#setRegister(Reg.rax, returned);
    this.#flagOp = 0;
  }
}

/** For each block the only block that leads to it, or -1: its entry state is that block's last state, not all it ever had. */
function onlyPredecessors(body: FunctionBody): Int32Array {
  const only = new Int32Array(body.blocks.length).fill(-2);
  body.blocks.forEach((block, b) => {
    if (b >= body.reached) return;
    for (const next of block.next) only[next] = only[next] === -2 ? b : -1;
  });
  if (only.length > 0) only[0] = -1;
  return only;
}

/** A call in `state`; `bias` is what stands on the stack before the first argument's place (a return address, for a tail jump). */
function callAt(site: number, target: CallTarget, memory: Memory, state: State, bias: number): Call {
  const { table } = memory;
  const pointer = memory.initial.pointerSize;
  const stack = state.cells[Reg.rsp];
  const registers = REGISTER_ARGUMENTS.map((register) => state.cells[register]);
  return {
    site,
    target,
    memory,
    state,
    pushed: pointer - bias,
    argument(index) {
      if (pointer === 8 && index < 4) return registers[index];
      const place = table.add(stack, bias + index * pointer);
      const value = memory.readWord(state, place, pointer);
      // A 4-byte argument leaves the upper half of its place as it was.
      return value === UNKNOWN && pointer === 8 ? memory.readWord(state, place, 4) : value;
    },
  };
}

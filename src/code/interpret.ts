// The abstract interpreter: runs a function over sets of possible values until nothing changes, and shows its caller every call on the way.
import { applyImport, applyOpaque, type Call, type CallTarget, ends } from './call.ts';
import type { FunctionBody } from './functions.ts';
import { BASE_RVA, type Listing, NO_TARGET, Op, Operand, Reg } from './instruction.ts';
import { Machine } from './machine.ts';
import { type InitialMemory, Memory } from './memory.ts';
import { equalStates, join, REGISTER_COUNT, State } from './state.ts';
import { applySummary, assumeObjectText, locationAddress, type Summary, type SummaryWrite } from './summary.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId } from './values.ts';

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
  #exit: State | undefined;
  readonly #machine: Machine;
  #steps = 0;
  #limited = false;
  /** The instruction just run does not come back. */
  #ended = false;

  constructor(body: FunctionBody, around: Surroundings, options: RunOptions) {
    this.#body = body;
    this.#code = body.listing;
    this.#around = around;
    this.#options = options;
    this.#table = around.table;
    this.#memory = new Memory(around.table, around.initial);
    this.#pointer = around.initial.pointerSize;
    this.#machine = new Machine(body.listing, this.#memory, this.#entryState(), {
      call: (i, tail) => this.#call(i, tail),
      leavesFunction: (i) => this.#leavesFunction(i),
    });
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
    entryStates[0] = this.#machine.state;
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
      this.#machine.state = start.clone();
      const taken = this.#runBlock(b);
      if (this.#ended) continue;
      const ways = blocks[b].next.filter(
        (next) => (!wanted || wanted[next]) && (taken === undefined || taken === next),
      );
      for (const next of ways) {
        const known = entryStates[next];
        if (!known || (onlyFrom[next] === b && !equalStates(known, this.#machine.state))) {
          // The last way may have the state itself: nothing else needs it.
          entryStates[next] = next === ways[ways.length - 1] ? this.#machine.state : this.#machine.state.clone();
          pending[next] = 1;
        } else if (onlyFrom[next] === b) continue;
        else if (join(this.#table, known, this.#machine.state, loopHeads.has(next) ? visits[next] : 0))
          pending[next] = 1;
        if (pending[next] && next < lowest) lowest = next;
      }
    }
    return {
      calls: this.#calls,
      summary: this.#summary(),
      memory: this.#memory,
      steps: this.#steps,
      testsParameters: this.#machine.testsParameters,
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
      // What a module keeps in global variables is found where it is asked for (globals.ts).
      if (base === ABSOLUTE) continue;
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
    if (!this.#exit) this.#exit = this.#machine.state.clone();
    else join(this.#table, this.#exit, this.#machine.state, 0);
  }

  /** Runs a block; returns the only successor when a condition is decided, else undefined. */
  #runBlock(b: number): number | undefined {
    const { first, end, next } = this.#body.blocks[b];
    this.#machine.flags.op = 0;
    this.#ended = false;
    for (let i = first; i < end; i++) {
      this.#steps++;
      this.#machine.step(i);
      if (this.#ended) return undefined;
    }
    const last = end - 1;
    const op = this.#code.op[last];
    if (op === Op.ret) this.#leave();
    else if (op === Op.jmp && next.length === 0) this.#leave();
    else if (op === Op.jcc && next.length === 2) {
      const holds = this.#machine.condition(this.#code.cc[last]);
      if (holds === undefined) return undefined;
      const target = this.#code.target[last];
      const jumped = next.find((n) => this.#code.rva[this.#body.blocks[n].first] === target);
      const fallen = next.find((n) => this.#code.rva[this.#body.blocks[n].first] !== target);
      return holds ? jumped : fallen;
    }
    return undefined;
  }

  #volatile(): readonly number[] {
    return this.#pointer === 8 ? VOLATILE_64 : VOLATILE_32;
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
        ? this.#machine.register(Reg.rax)
        : this.#machine.read(i, src[i], this.#pointer);
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
    const state = this.#machine.state;
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
      returned = summary ? applySummary(call, summary) : applyOpaque(call);
      assumeObjectText(call);
      followed = summary !== undefined;
      this.#ended = summary?.comesBack === false;
    } else returned = applyOpaque(call);
    if (!followed) for (const r of this.#volatile()) this.#machine.setRegister(r, UNKNOWN);
    for (let r = 16; r < 22; r++) this.#machine.setRegister(r, UNKNOWN);
    this.#machine.setRegister(Reg.rax, returned);
    this.#machine.flags.op = 0;
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

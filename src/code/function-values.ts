// One function asked for values: of registers and memory before any of its instructions, of its calls, and of what it leaves behind.
import type { Call, CallTarget, Moment } from './call.ts';
import { isCall, stackEffectOfCall } from './call-instruction.ts';
import type { Callee } from './callee.ts';
import type { Extents } from './extents.ts';
import { FunctionCalls } from './function-calls.ts';
import { FunctionMemory } from './function-memory.ts';
import type { FunctionBody } from './functions.ts';
import type { InitialMemory } from './initial-memory.ts';
import { type Listing, NO_TARGET } from './instruction.ts';
import { KindsWritten } from './kinds-written.ts';
import { MomentAt } from './moment.ts';
import { type Query, queryKey } from './query.ts';
import { Questions } from './questions.ts';
import { ENTRY, Reaching } from './reaching.ts';
import { type Found, type RecallHost, withoutTerminators } from './recall.ts';
import { Registers } from './registers.ts';
import { StackDepth } from './stack-depth.ts';
import type { Surroundings } from './surroundings.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';
import { Ways } from './ways.ts';
import type { Write } from './writes.ts';

/** One function, with all that can be asked of it; each question is about the moment before instruction `i`. */
export class FunctionValues implements RecallHost, Callee {
  readonly code: Listing;
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly reaching: Reaching;
  readonly questions: Questions;
  readonly #body: FunctionBody;
  #stack: StackDepth | undefined;
  readonly #around: Surroundings;
  readonly #registers: Registers;
  readonly #memory: FunctionMemory;
  readonly #ways: Ways;
  readonly #calls: FunctionCalls;
  readonly #written: KindsWritten;
  readonly #exits = new Map<string, ValueId>();

  /** `bound` has values of parameters that are known beforehand (from one caller); `limit` is the number of values found at most. */
  constructor(body: FunctionBody, around: Surroundings, limit: number, bound?: ReadonlyMap<number, ValueId>) {
    this.#body = body;
    this.code = body.listing;
    this.table = around.table;
    this.initial = around.initial;
    this.reaching = new Reaching(body, around.initial.pointerSize, (i) => this.#written.by(i));
    this.questions = new Questions(around.table, limit, around.effort.question, around.budget);
    this.#around = around;
    this.#registers = new Registers(this, bound);
    this.#memory = new FunctionMemory(this, bound);
    this.#ways = new Ways(this, around, bound !== undefined);
    this.#calls = new FunctionCalls(this, around, (index, i) => this.#written.argument(index, i), bound !== undefined);
    this.#written = new KindsWritten(this, around, (from, to) => this.#ways.goes(from, to));
  }

  get stack(): StackDepth | undefined {
    if (this.initial.pointerSize === 8) return undefined;
    this.#stack ??= new StackDepth(this.#body, {
      stackEffect: (i) => stackEffectOfCall(this, this.#around, i),
      isWrittenBefore: (register, i) => this.reaching.at(register, i) !== ENTRY,
    });
    return this.#stack;
  }

  get limited(): boolean {
    return this.questions.limited;
  }

  // Registers

  register(r: number, i: number): ValueId {
    return this.#registers.at(r, i);
  }

  address(i: number): ValueId {
    return this.#registers.address(i);
  }

  firstAddress(i: number): ValueId {
    return this.#registers.firstAddress(i);
  }

  // Memory

  word(address: ValueId, width: number, i: number): ValueId {
    return this.#memory.word(address, width, i);
  }

  text(address: ValueId, wide: boolean | undefined, i: number): ValueId {
    return this.#memory.text(address, wide, i);
  }

  writtenText(address: ValueId, i: number): ValueId {
    return this.#memory.writtenText(address, i);
  }

  onEntry(query: Query): ValueId {
    return this.#memory.onEntry(query);
  }

  gather(query: Query, name: number): ValueId {
    return this.#memory.gather(query, name);
  }

  // Calls

  moment(i: number): Moment {
    return new MomentAt(this, i);
  }

  /** Whether instruction `i` is a call, or a jump that leaves the function. */
  isCall(i: number): boolean {
    return isCall(this, i);
  }

  call(i: number): Call {
    return this.#calls.at(i);
  }

  target(i: number): CallTarget {
    return this.#calls.target(i);
  }

  returned(i: number): ValueId {
    return this.#calls.returned(i);
  }

  left(i: number, r: number): ValueId {
    return this.#calls.left(i, r);
  }

  callExtents(i: number, kinds: number): Extents {
    return this.#calls.extents(i, kinds);
  }

  afterCall(i: number, query: Query, kinds: number): { readonly writes: readonly Write[]; readonly value?: Found } {
    return this.#calls.afterCall(i, query, kinds);
  }

  // Which ways control can go

  goes(from: number, to: number): boolean {
    return this.#ways.goes(from, to);
  }

  /** Whether the function's entry comes to instruction `i`. */
  comesTo(i: number): boolean {
    return this.#ways.comesTo(i);
  }

  /** The parameters that a branch depends on: what a caller gives there may decide it. */
  testedParameters(): ReadonlySet<number> {
    return this.#ways.testedParameters();
  }

  /** The constant texts that each parameter is compared with: addresses, by parameter. */
  comparedTexts(): ReadonlyMap<number, ReadonlySet<ValueId>> {
    return this.#ways.comparedTexts();
  }

  // The function's end, for its callers

  get writes(): boolean {
    return this.#written.outside;
  }

  /** Blocks that end in a return or a jump out of the function, as far as control comes to them. */
  exits(): readonly number[] {
    return this.#ways.exits();
  }

  leaves(register: number): ValueId {
    return this.#atExits(`r${register}`, (b) => this.#registers.atEnd(register, b));
  }

  keeps(register: number): boolean {
    for (let i = 0; i < this.code.count; i++) {
      if (!this.reaching.writes(i, register)) continue;
      const { target } = this.code;
      if (!this.isCall(i) || target[i] === NO_TARGET || !this.#around.keeps(target[i], register)) return false;
    }
    return true;
  }

  wrote(query: Query): ValueId {
    const wrote = this.#atExits(queryKey(query), (b) => this.#memory.atEnd(query, b));
    return query.width > 0 ? wrote : withoutTerminators(this.table, wrote);
  }

  /** Whether control comes to any of the function's ends. */
  get comesBack(): boolean {
    return this.#ways.exits().length > 0;
  }

  #atExits(key: string, read: (b: number) => ValueId): ValueId {
    const known = this.#exits.get(key);
    if (known !== undefined) return known;
    const value = this.table.choice(this.#ways.exits().map(read));
    if (this.#around.budget.effort >= 0) this.#exits.set(key, value);
    return value;
  }
}

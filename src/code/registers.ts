// What the registers of one function hold: by the definitions and merges that name it, on entry, and in the first round of a loop.
import { indexOfRegister } from './arguments.ts';
import { countedValues } from './counted-loops.ts';
import { define, effective } from './definitions.ts';
import type { Frame } from './frame.ts';
import type { InitialMemory } from './initial-memory.ts';
import { type Listing, Reg } from './instruction.ts';
import { waysInto } from './merges.ts';
import { Answers, type Meeting, type Questions } from './questions.ts';
import { ENTRY, MEMORY, mergeBlock, mergeName, type Reaching } from './reaching.ts';
import type { StackDepth } from './stack-depth.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** What the registers ask of their function. */
export interface RegistersHost extends Frame {
  readonly questions: Questions;
  /** Whether control can go from block `from` to block `to`. */
  goes(from: number, to: number): boolean;
}

/** Definitions that a register is traced back through to where it began. */
const BEGAN_LIMIT = 40;

/** The registers of one function, and the addresses that its instructions make of them. */
export class Registers {
  readonly #host: RegistersHost;
  readonly #bound: ReadonlyMap<number, ValueId> | undefined;
  readonly #registers = new Answers();
  readonly #addresses = new Answers();
  readonly #began = new Map<string, ValueId>();
  #hops = 0;

  /** `bound` has values of parameters that are known beforehand. */
  constructor(host: RegistersHost, bound: ReadonlyMap<number, ValueId> | undefined) {
    this.#host = host;
    this.#bound = bound;
  }

  /** What register `r` holds before instruction `i`. */
  at(r: number, i: number): ValueId {
    return this.#inFrame(r, i) ?? this.#named(r, this.#host.reaching.at(r, i));
  }

  /** The address that the stack or frame pointer holds before instruction `i`, where both are followed apart from the other registers. */
  #inFrame(r: number, i: number): ValueId | undefined {
    const { stack, table } = this.#host;
    if (stack === undefined || (r !== Reg.rsp && r !== Reg.rbp)) return undefined;
    const offset = r === Reg.rsp ? stack.top(i) : stack.frame(i);
    return offset !== undefined ? table.frame(offset) : r === Reg.rsp ? UNKNOWN : undefined;
  }

  /** What register `r` holds at the end of block `b`. */
  atEnd(r: number, b: number): ValueId {
    return this.#named(r, this.#host.reaching.atEnd(r, b));
  }

  #named(r: number, name: number): ValueId {
    if (name === ENTRY) return this.#onEntry(r);
    const host = this.#host;
    const key = name * MEMORY + r;
    const known = this.#registers.final.get(key);
    if (known !== undefined) return known;
    if (name >= 0) return host.questions.ask(this.#registers, key, () => define(host, name, r));
    return host.questions.merge(this.#registers, key, () => this.#meeting(r, name));
  }

  #onEntry(r: number): ValueId {
    const { table, initial } = this.#host;
    if (r >= 16) return UNKNOWN;
    if (r === Reg.rsp) return table.frame(0);
    const index = indexOfRegister(r, initial.pointerSize);
    return index < 0 ? table.entry(r) : (this.#bound?.get(index) ?? table.parameter(index));
  }

  /** What comes together in a register at a merge. */
  #meeting(r: number, root: number): Meeting {
    const host = this.#host;
    const counted = countedValues(host, r, root, (one, name) => this.#named(one, name));
    if (counted !== UNSET) return { parts: [() => counted], same: [], otherwise: () => UNKNOWN };
    const names = new Set<number>();
    const answers = this.#registers;
    const { same, visited } = waysInto<never>(
      host.reaching,
      root,
      (from, to) => host.goes(from, to),
      (from) => {
        const name = host.reaching.atEnd(r, from);
        const key = name * MEMORY + r;
        if (name < ENTRY && !answers.final.has(key) && !answers.passing.has(key)) {
          if (name === root || !answers.open.has(key)) return { merge: name };
        }
        names.add(name);
        return {};
      },
    );
    if (visited.has(mergeName(0))) names.add(ENTRY);
    return {
      parts: [...names].map((name) => () => this.#named(r, name)),
      same: same.map((name) => name * MEMORY + r),
      otherwise: () => UNKNOWN,
    };
  }

  /** What register `r` holds before instruction `i` in the first round of the loops from block `head` on. */
  began(r: number, i: number, head: number): ValueId {
    return this.#inFrame(r, i) ?? this.#beganAs(r, this.#host.reaching.at(r, i), head);
  }

  #beganAs(r: number, name: number, head: number): ValueId {
    const host = this.#host;
    const { reaching } = host;
    const b = name < ENTRY ? mergeBlock(name) : name >= 0 ? reaching.blockOf[name] : 0;
    if (name === ENTRY || b < head) return this.#named(r, name);
    const key = `${head}:${name}:${r}`;
    const known = this.#began.get(key);
    if (known !== undefined) return known;
    if (this.#hops >= BEGAN_LIMIT) return UNKNOWN;
    this.#began.set(key, UNKNOWN);
    this.#hops++;
    let value: ValueId;
    if (name >= 0) value = define(new FirstRound(host, this, head), name, r);
    else {
      const parts: ValueId[] = [];
      for (let e = reaching.beforeAt[b]; e < reaching.beforeAt[b + 1]; e++) {
        const from = reaching.before[e];
        if (from < b && host.goes(from, b)) parts.push(this.#beganAs(r, reaching.atEnd(r, from), head));
      }
      value = host.table.choice(parts);
    }
    this.#hops--;
    this.#began.set(key, value);
    return value;
  }

  /** The address of instruction `i`'s memory operand. */
  address(i: number): ValueId {
    const known = this.#addresses.final.get(i);
    if (known !== undefined) return known;
    const host = this.#host;
    return host.questions.ask(this.#addresses, i, () => effective(host, i, (r) => this.at(r, i)));
  }

  /** The address as it is in the first round of the innermost loop. */
  firstAddress(i: number): ValueId {
    const { reaching } = this.#host;
    const head = reaching.innermostHead(reaching.blockOf[i]);
    if (!reaching.body.loopHeads.has(head)) return this.address(i);
    return effective(this.#host, i, (r) => this.began(r, i, head));
  }
}

/** The function as it is in the first round of the loops from one block on: registers as they began. */
class FirstRound implements Frame {
  readonly #frame: Frame;
  readonly #registers: Registers;
  readonly #head: number;

  constructor(frame: Frame, registers: Registers, head: number) {
    this.#frame = frame;
    this.#registers = registers;
    this.#head = head;
  }

  get code(): Listing {
    return this.#frame.code;
  }
  get table(): ValueTable {
    return this.#frame.table;
  }
  get initial(): InitialMemory {
    return this.#frame.initial;
  }
  get reaching(): Reaching {
    return this.#frame.reaching;
  }
  get stack(): StackDepth | undefined {
    return this.#frame.stack;
  }
  register(r: number, i: number): ValueId {
    return this.#registers.began(r, i, this.#head);
  }
  address(i: number): ValueId {
    return effective(this, i, (r) => this.register(r, i));
  }
  firstAddress(i: number): ValueId {
    return this.address(i);
  }
  word(address: ValueId, width: number, i: number): ValueId {
    return this.#frame.word(address, width, i);
  }
  returned(i: number): ValueId {
    return this.#frame.returned(i);
  }
  left(i: number, r: number): ValueId {
    return this.#frame.left(i, r);
  }
}

// Operands of instructions in a state: registers, addresses, memory, and the loops that copy text character by character.
import { sum } from './arithmetic.ts';
import { writeTextAt } from './call.ts';
import { BASE_RVA, type Listing, NONE, Operand } from './instruction.ts';
import type { Memory } from './memory.ts';
import type { State } from './state.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Reads and writes operands of one function's instructions in the current state. */
export class Operands {
  readonly code: Listing;
  readonly memory: Memory;
  readonly table: ValueTable;
  readonly pointer: 4 | 8;
  state: State;
  /** Where each instruction wrote and read when it ran first: a copy loop starts at the front of its buffer, an appending one within. */
  readonly #firstStore = new Map<number, ValueId>();
  readonly #firstLoad = new Map<number, ValueId>();

  constructor(code: Listing, memory: Memory, state: State) {
    this.code = code;
    this.memory = memory;
    this.table = memory.table;
    this.pointer = memory.initial.pointerSize;
    this.state = state;
  }

  register(r: number): ValueId {
    return this.state.cells[r];
  }

  setRegister(r: number, value: ValueId): void {
    this.state.cells[r] = value === UNSET ? UNKNOWN : value;
  }

  effective(i: number): ValueId {
    const code = this.code;
    if (code.segment[i] !== 0) return UNKNOWN;
    const base = code.base[i];
    const index = code.index[i];
    const disp = code.disp[i];
    const table = this.table;
    if (base === BASE_RVA) return table.constant(this.memory.initial.image.imageBase + (disp >>> 0));
    if (index === NONE) return base === NONE ? table.constant(disp >>> 0) : table.add(this.register(base), disp);
    const scaled = this.register(index);
    const amount = table.number(scaled);
    const left = base === NONE ? table.constant(this.pointer === 4 ? disp >>> 0 : disp) : this.register(base);
    const offset = base === NONE ? 0 : disp;
    if (amount !== undefined) return table.add(left, amount * code.scale[i] + offset);
    if (code.scale[i] === 1) return table.add(sum(this.table, left, scaled), offset);
    return table.within(table.add(left, offset));
  }

  read(i: number, operand: number, size: number): ValueId {
    if (operand < 32) return this.register(operand);
    if (operand === Operand.memory)
      return this.memory.readWord(this.state, this.#walked(this.#firstLoad, i, this.effective(i)), size);
    if (operand === Operand.immediate) return this.immediate(i, size);
    return UNKNOWN;
  }

  /** An address that walks, told from where this instruction began: a loop may have moved the pointer before its first access. */
  #walked(first: Map<number, ValueId>, i: number, address: ValueId): ValueId {
    const table = this.table;
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

  immediate(i: number, size: number): ValueId {
    const lo = this.code.immLo[i];
    if (size === 8) return this.table.constant64(lo, this.code.immHi[i]);
    return this.table.constant(size === 4 ? lo >>> 0 : size === 2 ? lo & 0xffff : lo & 0xff);
  }

  write(i: number, operand: number, size: number, value: ValueId): void {
    if (operand < 16)
      this.setRegister(
        operand,
        size < 4 && !this.#isNumber(value) ? (this.#isCharacter(value) ? value : UNKNOWN) : value,
      );
    else if (operand < 32) this.setRegister(operand, value);
    else if (operand === Operand.memory) this.#store(i, this.effective(i), size, value);
  }

  #isNumber(value: ValueId): boolean {
    return this.table.node(value).kind === 'constant';
  }

  /** A character on its way from one text to another. */
  #isCharacter(value: ValueId): boolean {
    return this.table.alternatives(value).some((one) => this.table.node(one).kind === 'load');
  }

  #store(i: number, place: ValueId, size: number, value: ValueId): void {
    const table = this.table;
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
    this.memory.writeWord(this.state, address, size, value);
  }

  /** A loop that moves characters from one text to another: a copy, or an append when it began within the text. */
  #copyLoop(pointer: ValueId, to: ValueId, from: ValueId, size: number, append: boolean): void {
    const wide = size === 2 ? true : undefined;
    const text = this.memory.readText(this.state, from, wide);
    if (text === UNSET) return;
    if (!append) this.memory.writeText(this.state, to, text);
    else if (!this.#endsIn(this.memory.writtenText(this.state, to), text)) {
      writeTextAt({ memory: this.memory, state: this.state, site: this.code.rva[0] }, pointer, text, 'a loop');
    }
  }

  #endsIn(text: ValueId, tail: ValueId): boolean {
    return this.table.alternatives(text).some((one) => {
      const node = this.table.node(one);
      return node.kind === 'concat' && node.parts[node.parts.length - 1] === tail;
    });
  }
}

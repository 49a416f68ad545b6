// Which kinds of memory the instructions of one function may write, told by the instructions alone.
import type { ImportedSymbol } from '../pe/imports.ts';
import { roleOfSymbol } from './call.ts';
import {
  argumentsGiven,
  type FunctionCode,
  importedBy,
  isCall,
  onlyChecks,
  REGISTER_ARGUMENTS,
} from './call-instruction.ts';
import { writesMemory } from './effects.ts';
import { NO_TARGET, Op, Operand, Reg } from './instruction.ts';
import { Origin, Origins } from './origins.ts';
import type { Surroundings } from './surroundings.ts';

/** The kinds of memory that one function writes. */
export class KindsWritten {
  readonly #function: FunctionCode;
  readonly #around: Surroundings;
  readonly #origins: Origins;

  /** `goes` says whether control can go from one block to another. */
  constructor(code: FunctionCode, around: Surroundings, goes: (from: number, to: number) => boolean) {
    this.#function = code;
    this.#around = around;
    this.#origins = new Origins(code.reaching, goes);
  }

  /** The kinds of memory that instruction `i` may write, by the addresses that it has: bits of {@link Origin}. */
  by(i: number): number {
    const { code, initial } = this.#function;
    const { op, target } = code;
    const origins = this.#origins;
    if (op[i] === Op.push) return Origin.frame;
    if (op[i] === Op.movs || op[i] === Op.stos) return origins.of(Reg.rdi, i);
    if (op[i] !== Op.call && op[i] !== Op.jmp) return origins.ofOperand(i);
    const imported = importedBy(this.#function, this.#around, i);
    if (onlyChecks(this.#function, this.#around, i) || (imported && !writesMemory(imported.symbol))) return 0;
    const callee = !imported && target[i] !== NO_TARGET ? this.#around.callee(target[i]) : undefined;
    if (callee && !callee.writes) return 0;
    if (initial.pointerSize === 4 || argumentsGiven(this.#function, i) > REGISTER_ARGUMENTS.length) return Origin.any;
    let kinds: number = imported ? 0 : Origin.made;
    for (const r of REGISTER_ARGUMENTS) kinds |= origins.of(r, i);
    // A callee may follow a pointer that stands in an object.
    if ((kinds & Origin.frame) !== 0) kinds |= Origin.loaded | Origin.made;
    return (kinds & (Origin.entry | Origin.made)) !== 0 ? kinds | Origin.loaded : kinds;
  }

  /** Whether the function may write memory that is not its own, or make an object. */
  get outside(): boolean {
    const { code } = this.#function;
    const { op, dst, src } = code;
    for (let i = 0; i < code.count; i++) {
      const stores = dst[i] === Operand.memory && op[i] !== Op.cmp && op[i] !== Op.test && op[i] !== Op.nop;
      if (stores || (op[i] === Op.xchg && src[i] === Operand.memory) || op[i] === Op.movs || op[i] === Op.stos) {
        if ((this.by(i) & ~(Origin.frame | Origin.image)) !== 0) return true;
      } else if (isCall(this.#function, i)) {
        const imported = importedBy(this.#function, this.#around, i);
        if (imported ? writesOrMakes(imported.symbol) : this.#calleeWrites(i)) return true;
      }
    }
    return false;
  }

  /** Whether the function that a call names may write; one that is only known when it runs is taken not to. */
  #calleeWrites(i: number): boolean {
    const { target } = this.#function.code;
    if (target[i] === NO_TARGET) return false;
    return this.#around.callee(target[i])?.writes ?? true;
  }
}

function writesOrMakes(symbol: ImportedSymbol): boolean {
  const role = roleOfSymbol(symbol);
  return role !== undefined && (writesMemory(symbol) || role.kind === 'allocate' || role.kind === 'duplicate');
}

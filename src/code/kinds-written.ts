// Which kinds of memory the instructions of one function may write, told by the instructions alone.
import type { ImportedSymbol } from '../pe/imports.ts';
import { argumentIndices, REGISTER_ARGUMENTS } from './arguments.ts';
import { roleOfSymbol } from './call.ts';
import {
  argumentSource,
  argumentsGiven,
  type FunctionCode,
  importedBy,
  isCall,
  onlyChecks,
} from './call-instruction.ts';
import { argumentReturned, importWrites, writesMemory } from './effects.ts';
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
    this.#origins = new Origins(code, goes, (i) => this.#returnedBy(i));
  }

  /** The kinds of memory that instruction `i` may write, by the addresses that it has: bits of {@link Origin}. */
  by(i: number): number {
    const { code, initial } = this.#function;
    const { op, target } = code;
    const origins = this.#origins;
    if (op[i] === Op.push) return Origin.frame;
    if (op[i] === Op.movs || op[i] === Op.stos) return origins.of(Reg.rdi, i);
    if (op[i] !== Op.call && op[i] !== Op.jmp) return origins.ofOperand(i);
    if (onlyChecks(this.#function, this.#around, i)) return 0;
    const imported = importedBy(this.#function, this.#around, i);
    if (imported) return this.#byImport(imported.symbol, i);
    if (target[i] !== NO_TARGET && !this.#around.writes(target[i])) return 0;
    const given = argumentsGiven(this.#function, this.#around, i);
    if (initial.pointerSize === 8 && given > REGISTER_ARGUMENTS.length) return Origin.any;
    // It may make objects, and follow pointers that stand in those that it is given.
    let kinds: number = Origin.made | Origin.loaded;
    for (const index of argumentIndices(given, initial.pointerSize)) kinds |= this.argument(index, i);
    return kinds;
  }

  #byImport(symbol: ImportedSymbol, i: number): number {
    const { named, others, own } = importWrites(symbol, this.#function.initial.pointerSize);
    let kinds: number = own ? Origin.made : 0;
    for (const argument of named) kinds |= this.argument(argument, i);
    if (!others) return kinds;
    // Of what its role does not name it fills only pointers into the frame and into fresh memory.
    const given = argumentsGiven(this.#function, this.#around, i);
    for (let argument = 0; argument < given; argument++)
      kinds |= this.argument(argument, i) & (Origin.frame | Origin.made);
    return kinds;
  }

  /** The kinds of address that an argument can be. */
  argument(index: number, i: number): number {
    const source = argumentSource(this.#function, index, i);
    return source === undefined ? Origin.any : this.#origins.operand(source.at, source.which);
  }

  /** The kinds of address that the call of instruction `i` can return. */
  #returnedBy(i: number): number {
    if (onlyChecks(this.#function, this.#around, i)) return this.#origins.of(Reg.rax, i);
    const imported = importedBy(this.#function, this.#around, i);
    if (!imported) return Origin.any;
    const argument = argumentReturned(imported.symbol);
    return argument === undefined ? Origin.made : this.argument(argument, i);
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
    return target[i] !== NO_TARGET && this.#around.writes(target[i]);
  }
}

function writesOrMakes(symbol: ImportedSymbol): boolean {
  const role = roleOfSymbol(symbol);
  return role !== undefined && (writesMemory(symbol) || role.kind === 'allocate' || role.kind === 'duplicate');
}

// What the values of one function depend on in the module around it.
import type { Callee } from './callee.ts';
import type { Effort } from './effort.ts';
import type { InitialMemory } from './initial-memory.ts';
import type { Budget } from './questions.ts';
import type { StackEffect } from './stack-effect.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';

/** What a function's values depend on in the module around it. */
export interface Surroundings {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  /** A function of this module to ask; undefined when it cannot be followed from here (recursion, depth, size). */
  callee(rva: number): Callee | undefined;
  /** Whether a function of this module may write memory that is not its own, or make an object. */
  writes(rva: number): boolean;
  /** Whether a register that a function of this module may change holds on return what it held before (compilers rely on it within a module). */
  keeps(rva: number, register: number): boolean;
  /** The import behind a thunk at `rva` (`jmp [slot]`), or UNSET. */
  thunk(rva: number): ValueId;
  readonly budget: Budget;
  readonly effort: Effort;
  /** Whether a function of this module is the compiler's check of the security cookie (__security_check_cookie). */
  checksCookie(rva: number): boolean;
  /** What a function of this module does to its caller's stack (x86); undefined when its code does not tell. */
  stackEffect(rva: number): StackEffect | undefined;
  /** Whether control comes back from a function of this module. */
  comesBack(rva: number): boolean;
  /** RVAs of slots that hold the control-flow-guard dispatch function (target in rax). */
  readonly guardDispatch: ReadonlySet<number>;
  /** RVAs of slots that hold the control-flow-guard check function. */
  readonly guardCheck: ReadonlySet<number>;
}

// What the meaning of one instruction may ask of the function around it.
import type { InitialMemory } from './initial-memory.ts';
import type { Listing } from './instruction.ts';
import type { Reaching } from './reaching.ts';
import type { StackDepth } from './stack-depth.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';

/** One function, asked at its instructions: each question is about the moment before instruction `i`. */
export interface Frame {
  readonly code: Listing;
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly reaching: Reaching;
  /** Where the stack and frame pointers stand; undefined where their values are followed like others' (x64). */
  readonly stack: StackDepth | undefined;
  register(r: number, i: number): ValueId;
  /** The address of instruction `i`'s memory operand. */
  address(i: number): ValueId;
  /** The address as it is in the first round of a loop. */
  firstAddress(i: number): ValueId;
  word(address: ValueId, width: number, i: number): ValueId;
  /** What the call of instruction `i` returns, and what it leaves in a register that it may change. */
  returned(i: number): ValueId;
  left(i: number, r: number): ValueId;
}

// A call as it is met: what is called, with which arguments, and what registers and memory hold at that moment.
import type { ImportedSymbol } from '../pe/imports.ts';
import type { InitialMemory } from './initial-memory.ts';
import { nameOfOrdinal, roleOf } from './roles/index.ts';
import type { Role } from './roles/role.ts';
import { concatenate, joinPath } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

export type CallTarget =
  | { readonly kind: 'import'; readonly symbol: ImportedSymbol; readonly lookup?: number }
  | { readonly kind: 'function'; readonly rva: number }
  | { readonly kind: 'unknown'; readonly value: ValueId };

/** One point of a function, before one of its instructions: what can be asked of registers and memory there. */
export interface Moment {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  /** RVA of the instruction. */
  readonly site: number;
  register(r: number): ValueId;
  /** The word of `width` bytes at `address`. */
  word(address: ValueId, width: number): ValueId;
  /** The text at `address`; `wide` undefined when it may be of either width. */
  text(address: ValueId, wide: boolean | undefined): ValueId;
  /** The text that was written as such at `address`, or UNSET when none was. */
  writtenText(address: ValueId): ValueId;
}

/** A call (or tail jump) with everything that is known when it is made. */
export interface Call extends Moment {
  readonly target: CallTarget;
  /** Bytes that the call itself pushes: a pointer, or nothing for a tail jump. */
  readonly pushed: number;
  /** How many arguments are looked at where the callee does not say: those in registers, and on the stack as far as they were put there for this call. */
  readonly given: number;
  /** The indices of the arguments that a function of the module may take: by position those on the stack (x86) or the first ones, and those in registers. */
  readonly indices: readonly number[];
  /** Whether the call stands in a loop. */
  readonly repeats: boolean;
  /** The i-th argument by the calling convention, or one of {@link indices}. */
  argument(index: number): ValueId;
}

/** The export name by which an imported symbol is known, ordinals resolved where a table knows them. */
export function symbolName(symbol: ImportedSymbol): string | undefined {
  return symbol.name ?? (symbol.ordinal === undefined ? undefined : nameOfOrdinal(symbol.module, symbol.ordinal));
}

/** The role that an imported function plays in code of that pointer size, or undefined when none is known. */
export function roleOfSymbol(symbol: ImportedSymbol, pointerSize: 4 | 8 = 8): Role | undefined {
  const name = symbolName(symbol);
  return name === undefined ? undefined : roleOf(name, pointerSize);
}

/**
 * What a buffer holds after a text is written through a pointer into it: at its start the text; at a place that a search found, the text
 * in place of what follows; at the end of a walk, the text added.
 */
export function textWrittenAt(
  moment: Pick<Moment, 'table' | 'text' | 'site'>,
  pointer: ValueId,
  text: ValueId,
  by: string,
): ValueId {
  const { table, site } = moment;
  const node = table.node(pointer);
  if (node.kind !== 'within' && node.kind !== 'found') return text;
  const before = moment.text(node.base, undefined);
  const kept = before === UNSET ? UNKNOWN : before;
  return node.kind === 'found'
    ? joinPath(table, table.folderOf(kept, site), text, false, site, by)
    : concatenate(table, [kept, text], site, by);
}

// Arithmetic on values: numbers are folded, pointers moved, differences of pointers lead from one buffer to another; the rest is unknown.
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, type ValueId } from './values.ts';

/** Pairs of alternatives that an operation looks at. */
const COMBINATION_LIMIT = 16;

/** left + right over their alternatives. */
export function sum(table: ValueTable, left: ValueId, right: ValueId): ValueId {
  return combine(table, left, right, (a, b) => sumOne(table, a, b));
}

/** The operation over all pairs of alternatives; unknown when there are too many. */
export function combine(
  table: ValueTable,
  left: ValueId,
  right: ValueId,
  combine: (a: ValueId, b: ValueId) => ValueId,
): ValueId {
  const a = table.alternatives(left);
  const b = table.alternatives(right);
  if (a.length === 1 && b.length === 1) return combine(left, right);
  if (a.length * b.length > COMBINATION_LIMIT) return UNKNOWN;
  return table.choice(a.flatMap((x) => b.map((y) => combine(x, y))));
}

/** How far a number moves a pointer: in x86 code one of the upper half moves it back. */
function distance(table: ValueTable, number: number): number {
  return table.pointerSize === 4 && number > 0x7fffffff && number <= 0xffffffff ? number - 0x100000000 : number;
}

/** left + right, one of them perhaps a pointer, or a difference of pointers that leads from one buffer to another. */
function sumOne(table: ValueTable, left: ValueId, right: ValueId): ValueId {
  const a = table.number(left);
  const b = table.number(right);
  if (b !== undefined && Number.isSafeInteger(b)) return table.add(left, a === undefined ? distance(table, b) : b);
  if (a !== undefined && Number.isSafeInteger(a) && a < 0x10000) return table.add(right, a);
  const other = across(table, left, right) ?? across(table, right, left);
  if (other !== undefined) return other;
  if (table.node(left).kind === 'difference' || table.node(right).kind === 'difference') return UNKNOWN;
  if (table.address(left)) return table.within(left);
  if (table.address(right)) return table.within(right);
  return UNKNOWN;
}

/** (p moved) + (q - p) = q moved. */
function across(table: ValueTable, pointer: ValueId, difference: ValueId): ValueId | undefined {
  const node = table.node(difference);
  if (node.kind !== 'difference') return undefined;
  const at = table.address(pointer);
  const from = table.address(node.right);
  if (!at || !from || at.base !== from.base) return undefined;
  return at.somewhere ? table.within(node.left) : table.add(node.left, at.offset - from.offset);
}

/** left - right: numbers folded, pointers moved back; two buffers give their difference. */
export function minus(table: ValueTable, left: ValueId, right: ValueId): ValueId {
  const number = table.number(right);
  const isMoved = table.number(left) === undefined;
  const b = number !== undefined && isMoved ? distance(table, number) : number;
  if (b !== undefined && Number.isSafeInteger(b) && (b < 0x10000 || !isMoved)) return table.add(left, -b);
  const from = table.address(left);
  const to = table.address(right);
  if (!from || !to) return table.address(left) && b === undefined ? table.within(left) : UNKNOWN;
  if (from.base === to.base) return from.somewhere || to.somewhere ? UNKNOWN : table.constant(from.offset - to.offset);
  return table.difference(left, right);
}

/** left & right; a mask that aligns a stack pointer, or that selects all or nothing, keeps what it selects. */
export function and(table: ValueTable, left: ValueId, right: ValueId, size: number): ValueId {
  if (left === right) return left;
  const mask = table.number(right);
  // A mask of all ones or none, as branchless selection makes it.
  if (mask === -1) return left;
  if (table.number(left) === -1) return right;
  if (mask === 0) return right;
  if (table.number(left) === 0) return left;
  // Aligning a stack pointer keeps it where it was, for our purpose.
  if (mask !== undefined && table.node(left).kind === 'frame') return left;
  return fold(table, left, right, size, (x, y) => x & y);
}

/**
 * All or nothing of a number that is not known, by a mask: not known either, where a choice with 0 would take the beginning of a buffer for a
 * place in it (StringCchCat of a text whose length was counted).
 */
export function selected(table: ValueTable, left: ValueId, right: ValueId): ValueId | undefined {
  const isMask = (value: ValueId): boolean => {
    const numbers = table.alternatives(value).map((one) => table.number(one));
    return numbers.length === 2 && numbers.includes(0) && numbers.includes(-1);
  };
  const isOpen = (value: ValueId): boolean => {
    const all = table.alternatives(value);
    return all.includes(UNKNOWN) && all.every((one) => table.address(one) === undefined);
  };
  return (isMask(left) && isOpen(right)) || (isMask(right) && isOpen(left)) ? UNKNOWN : undefined;
}

/** The operation on two numbers of `size` bytes, or unknown. */
export function fold(
  table: ValueTable,
  left: ValueId,
  right: ValueId,
  size: number,
  combine: (a: number, b: number) => number,
): ValueId {
  const a = table.number(left);
  const b = table.number(right);
  if (a === undefined || b === undefined) return UNKNOWN;
  if (size === 8 && (Math.abs(a) > 0x7fffffff || Math.abs(b) > 0x7fffffff)) return UNKNOWN;
  const result = combine(a, b);
  return table.constant(size === 8 ? result : result >>> 0);
}

/** The low `size` bytes of a number; other values as they are. */
export function truncate(table: ValueTable, value: ValueId, size: number): ValueId {
  const number = table.number(value);
  if (number === undefined || size > 4) return value;
  return table.constant(size === 4 ? number >>> 0 : number & (size === 2 ? 0xffff : 0xff));
}

/** A number of `size` bytes read as signed. */
export function signExtend(table: ValueTable, number: number, size: number): ValueId {
  const bits = size * 8;
  const wrapped = bits === 8 ? (number << 24) >> 24 : bits === 16 ? (number << 16) >> 16 : number | 0;
  return table.constant(wrapped);
}

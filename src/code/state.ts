// The values of registers and locations at one point of a function, and how the states of several ways come together.
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Registers come first in a state: 16 general, then 16 vector registers. */
export const REGISTER_COUNT = 32;

/** Values by register and location number; grows as locations are met. */
export class State {
  cells: Int32Array;

  constructor(cells: Int32Array) {
    this.cells = cells;
  }

  get(index: number): ValueId {
    return index < this.cells.length ? this.cells[index] : UNSET;
  }

  set(index: number, value: ValueId): void {
    if (index >= this.cells.length) this.reach(index + 1 + (index >> 2));
    this.cells[index] = value;
  }

  /** Makes room for `length` cells. */
  reach(length: number): void {
    if (length <= this.cells.length) return;
    const wider = new Int32Array(length);
    wider.set(this.cells);
    this.cells = wider;
  }

  clone(): State {
    return new State(this.cells.slice());
  }
}

/** Whether two states hold the same. */
export function equalStates(a: State, b: State): boolean {
  const n = Math.max(a.cells.length, b.cells.length);
  for (let i = 0; i < n; i++) if (a.get(i) !== b.get(i)) return false;
  return true;
}

/** Joins `from` into `into`; true when `into` changed. `widen` merges what a loop moves step by step (see {@link widen}). */
export function join(table: ValueTable, into: State, from: State, visits: number): boolean {
  let changed = false;
  const n = from.cells.length;
  into.reach(n);
  const a = into.cells;
  const b = from.cells;
  for (let i = 0; i < n; i++) {
    const y = b[i];
    const x = a[i];
    if (x === y || y === UNSET) continue;
    const merged = x === UNSET ? y : visits > 0 ? widen(table, x, y, visits) : absorb(table, table.either(x, y));
    if (merged !== x) {
      a[i] = merged;
      changed = true;
    }
  }
  return changed;
}

/** The join at the head of a loop: pointers that step through memory become "within", counters become unknown after a few rounds. */
function widen(table: ValueTable, before: ValueId, after: ValueId, visits: number): ValueId {
  if (before === UNKNOWN || after === UNKNOWN) return visits > 2 ? UNKNOWN : table.either(before, after);
  const old = table.node(before);
  const now = table.node(after);
  if (old.kind !== 'choice' && now.kind !== 'choice') {
    const a = table.address(before);
    const b = table.address(after);
    if (a && b && a.base === b.base) {
      if (a.somewhere) return before;
      const step = b.offset - a.offset;
      if (b.somewhere) return now.kind === 'found' ? table.found(before) : table.within(before);
      // Backwards from the end is a search (for the last backslash), forwards a walk.
      if (step !== 0 && Math.abs(step) <= stepLimit(a.base))
        return step < 0 ? table.found(before) : table.within(before);
    }
  }
  if (old.kind === 'choice' && old.of.includes(after)) return before;
  if (visits > 6) return UNKNOWN;
  if (visits > 2 && (isCounter(table, before) || isCounter(table, after))) return UNKNOWN;
  return absorb(table, table.either(before, after));
}

/** How far apart two places of one base are at most, to be steps of one walk: the frame holds many buffers side by side, an image many tables. */
function stepLimit(base: ValueId): number {
  return base === FRAME ? 8 : base === ABSOLUTE ? 128 : 256;
}

/** Without the exact places in a buffer that another alternative is somewhere within. */
function absorb(table: ValueTable, value: ValueId): ValueId {
  const node = table.node(value);
  if (node.kind !== 'choice') return value;
  const walked = new Set<ValueId>();
  for (const one of node.of) {
    const place = table.address(one);
    if (place?.somewhere) walked.add(place.base);
  }
  if (walked.size === 0) return value;
  return table.choice(
    node.of.filter((one) => {
      const place = table.address(one);
      return !place || place.somewhere || !walked.has(place.base) || place.base === ABSOLUTE || place.base === FRAME;
    }),
  );
}

function isCounter(table: ValueTable, id: ValueId): boolean {
  return table.alternatives(id).every((one) => {
    const node = table.node(one);
    return node.kind === 'constant' && node.value < 0x10000;
  });
}

// What a function does as its callers see it: the value it returns and the memory it writes, in terms of its arguments.
import { type Call, textWrittenAt } from './call.ts';
import { Reg } from './instruction.ts';
import { TEXT } from './memory.ts';
import { rewriter } from './rewrite.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId } from './values.ts';

export interface SummaryWrite {
  readonly address: ValueId;
  /** Bytes, or TEXT for a text. */
  readonly width: number;
  readonly value: ValueId;
}

export interface Summary {
  /** In terms of parameters, entry registers and memory on entry; UNKNOWN when nothing is known. */
  readonly returns: ValueId;
  readonly writes: readonly SummaryWrite[];
  /** What the registers that a callee may change hold on return (compilers rely on it within a module), by register number. */
  readonly registers: ReadonlyMap<number, ValueId>;
  /** False when every path ends in something that does not come back. */
  readonly comesBack: boolean;
}

/** Address of a location as a value. */
export function locationAddress(table: ValueTable, base: ValueId, offset: number): ValueId {
  return base === ABSOLUTE ? table.constant(offset) : table.add(base, offset);
}

/** Does to the caller's state what the summary says, and returns the returned value in the caller's terms. */
export function applySummary(call: Call, summary: Summary): ValueId {
  const substitute = substitution(call);
  const writes = summary.writes.map(({ address, width, value }) => ({
    address: substitute(address),
    width,
    value: substitute(value),
  }));
  const returned = substitute(summary.returns);
  const registers = [...summary.registers].map(([register, value]) => [register, substitute(value)] as const);
  const { memory, state } = call;
  const { table } = memory;
  for (const { address, width, value } of writes) {
    if (width !== TEXT) {
      const place = table.address(address);
      if (place && !place.somewhere && memory.writtenText(state, address) === UNSET)
        memory.writeWord(state, address, width, value === UNSET ? UNKNOWN : value);
    }
  }
  // Several ways to one buffer (by its start, by a pointer to its end) are one write: each text is built from what stood there before.
  const texts = new Map<ValueId, ValueId[]>();
  for (const { address, width, value } of writes) {
    if (width !== TEXT) continue;
    for (const one of table.alternatives(address)) {
      const { buffer, text } = textWrittenAt(call, one, value, 'copy');
      const known = texts.get(buffer);
      if (known) known.push(text);
      else texts.set(buffer, [text]);
    }
  }
  for (const [buffer, all] of texts) memory.writeText(state, buffer, table.choice(all));
  for (const [register, value] of registers) state.set(register, value === UNSET ? UNKNOWN : value);
  return returned;
}

/** Rewrites a callee's values in the caller's terms, as of the caller's state at the call. */
export function substitution(call: Call): (id: ValueId) => ValueId {
  const { memory, state } = call;
  const { table } = memory;
  const known = (text: ValueId): ValueId => (text === UNSET ? UNKNOWN : text);
  return rewriter(table, {
    entry: (register) => state.get(register),
    parameter: (index) => call.argument(index),
    frame: (offset) => (offset > 0 ? table.add(state.get(Reg.rsp), offset - call.pushed) : UNKNOWN),
    load: (address, width) => memory.readWord(state, address, width),
    textAt: (address, wide) => known(memory.readText(state, address, wide)),
    made: (id) => table.inCall(id, call.site),
    textOf: (pointer, wide) => memory.readText(state, pointer, wide),
  });
}

/** Arguments beside the object in which a text is looked for. */
const TEXT_ARGUMENTS = 4;

/**
 * After a call of an internal function that was given an object of the caller's frame first and one text beside it, and that left the
 * object's pointer unknown: the object is assumed to hold that text now (a string's constructor, an expansion through a callback).
 */
export function assumeObjectText(call: Call): void {
  const { memory, state } = call;
  const { table } = memory;
  const object = call.argument(0);
  if (table.node(object).kind !== 'frame' || memory.writtenText(state, object) !== UNSET) return;
  const size = memory.initial.pointerSize;
  const held = table.node(memory.readWord(state, object, size)).kind;
  if (held !== 'unknown' && held !== 'output') return;
  let text: ValueId | undefined;
  for (let i = 1; i < TEXT_ARGUMENTS; i++) {
    const argument = call.argument(i);
    const one = memory.readText(state, argument, true);
    if (!table.alternatives(one).some((each) => namesFile(table, each))) continue;
    if (text !== undefined) return;
    text = one;
  }
  if (text !== undefined) memory.writeWord(state, object, size, table.pointer(table.assumed(text, call.site)));
}

/** Whether a text is a literal that could name a file to start: wide, with an extension's dot or a folder. */
function namesFile(table: ValueTable, text: ValueId): boolean {
  const node = table.node(text);
  return node.kind === 'literal' && node.wide && /[\\.]\w{2,}/.test(node.text);
}

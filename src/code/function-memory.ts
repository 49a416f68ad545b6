// The words and texts in the memory of one function: as it wrote them, else as they were on entry.

import type { ImportedSymbol } from '../pe/imports.ts';
import { roleOfSymbol, symbolName } from './call.ts';
import { commandValue } from './command-value.ts';
import { gatherText } from './gather.ts';
import { literalAt } from './image-text.ts';
import { byteOf, initialWord } from './initial-memory.ts';
import { memoryOf } from './origins.ts';
import { LOWEST_ADDRESS } from './place.ts';
import { type Query, REST, TEXT } from './query.ts';
import { Recall, type RecallHost } from './recall.ts';
import { partOf } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Bytes that are copied at once through vector registers. */
const VECTOR_WIDTHS = [16, 32];

/** The name of a kind of memory at the moment that is asked about. */
type Names = (memory: number) => number;

/** The memory of one function. */
export class FunctionMemory {
  readonly #host: RecallHost;
  readonly #bound: ReadonlyMap<number, ValueId> | undefined;
  readonly #recall: Recall;

  /** `bound` has values of parameters that are known beforehand. */
  constructor(host: RecallHost, bound: ReadonlyMap<number, ValueId> | undefined) {
    this.#host = host;
    this.#bound = bound;
    this.#recall = new Recall(host);
  }

  /** The word of `width` bytes at `address` before instruction `i`. */
  word(address: ValueId, width: number, i: number): ValueId {
    return this.#wordIn(address, width, (memory) => this.#host.reaching.at(memory, i));
  }

  #wordIn(address: ValueId, width: number, name: Names): ValueId {
    const { table, initial } = this.#host;
    const node = table.node(address);
    if (node.kind === 'choice')
      return table.choice(readable(table, node.of).map((one) => this.#wordIn(one, width, name)));
    if (node.kind === 'import') return this.#variable(node.symbol);
    const place = table.address(address);
    if (!place) return UNKNOWN;
    if (place.somewhere || table.isOpen(address)) return table.load(address, width);
    const { base, offset } = place;
    const fixed = base === ABSOLUTE && !initial.image.isWritable(initial.image.rvaOf(offset));
    if (!fixed) {
      const query: Query = { address, base, offset, width, wide: undefined, asText: false };
      const found = this.#recall.find(query, name(memoryOf(table, base)));
      if (found !== UNSET) return found;
    }
    return this.#wordOnEntry(address, base, offset, width);
  }

  /** What an imported variable holds. */
  #variable(symbol: ImportedSymbol): ValueId {
    const { table } = this.#host;
    const role = roleOfSymbol(symbol);
    return role?.kind === 'variable' ? commandValue(table, role.holds, symbolName(symbol) ?? '', symbol.slot) : UNKNOWN;
  }

  #wordOnEntry(address: ValueId, base: ValueId, offset: number, width: number): ValueId {
    const { table, initial } = this.#host;
    const index = (offset - initial.firstStackArgument.offset) / initial.pointerSize;
    if (base === FRAME && this.#bound && index >= 0) {
      const bound = this.#bound.get(initial.firstStackArgument.index + index);
      if (bound !== undefined) return bound;
    }
    return initialWord(table, initial, address, base, offset, width);
  }

  /** What the function found on entry where the query looks. */
  onEntry(query: Query): ValueId {
    const { address, base, offset, width, wide } = query;
    return width > 0 ? this.#wordOnEntry(address, base, offset, width) : this.#textOnEntry(address, base, offset, wide);
  }

  /** The text that was written as such at `address` before instruction `i`, or UNSET when none was. */
  writtenText(address: ValueId, i: number): ValueId {
    return this.#writtenIn(address, (memory) => this.#host.reaching.at(memory, i));
  }

  #writtenIn(address: ValueId, name: Names): ValueId {
    const { table } = this.#host;
    const place = table.address(address);
    if (!place || table.isOpen(address)) return UNSET;
    const { base, offset } = place;
    const start = table.buffer(address);
    const query: Query = { address: start, base, offset, width: TEXT, wide: undefined, asText: true };
    return this.#recall.find(query, name(memoryOf(table, base)));
  }

  /** The text at `address` before instruction `i`. */
  text(address: ValueId, wide: boolean | undefined, i: number): ValueId {
    return this.#textIn(address, wide, (memory) => this.#host.reaching.at(memory, i));
  }

  /** The text at `address`: written as a text, gathered from words, or standing in the image; else what `address` names on entry. */
  #textIn(address: ValueId, wide: boolean | undefined, name: Names): ValueId {
    const { table, initial } = this.#host;
    const node = table.node(address);
    if (node.kind === 'choice')
      return table.choice(readable(table, node.of).map((one) => this.#textIn(one, wide, name)));
    const place = table.address(address);
    if (!place) return UNKNOWN;
    if (table.isOpen(address)) return table.textAt(address, wide);
    const { base, offset } = place;
    if (place.somewhere && node.kind !== 'pointer') {
      const written = this.#writtenIn(address, name);
      const whole =
        written !== UNSET ? written : base === FRAME ? UNKNOWN : this.#textIn(table.buffer(address), wide, name);
      return partOf(table, whole === UNSET ? UNKNOWN : whole, address, wide);
    }
    const { image } = initial;
    const fixed = base === ABSOLUTE && !image.isWritable(image.rvaOf(offset));
    if (!fixed) {
      const query: Query = { address, base, offset, width: TEXT, wide, asText: false };
      const from = name(memoryOf(table, base));
      const found = this.#recall.find(query, from);
      if (found !== UNSET) return found;
      const rest = base === FRAME || offset !== 0 ? this.#recall.find({ ...query, width: REST }, from) : UNSET;
      if (rest !== UNSET) return rest;
    }
    if (node.kind === 'pointer') return node.text;
    const within = table.node(base);
    if (base >= 0 && within.kind === 'pointer' && table.node(within.text).kind === 'source') return within.text;
    if (base === FRAME) {
      const held = table.node(this.#wordIn(address, initial.pointerSize, name));
      if (held.kind === 'pointer' && table.node(held.text).kind === 'assumed') return held.text;
    }
    return this.#textOnEntry(address, base, offset, wide);
  }

  #textOnEntry(address: ValueId, base: ValueId, offset: number, wide: boolean | undefined): ValueId {
    const { table, initial } = this.#host;
    if (base === ABSOLUTE) {
      const literal = literalAt(table, initial.image, offset, wide);
      if (literal !== UNSET) return literal;
    }
    if (base === FRAME && offset < 0) return UNKNOWN;
    // Fresh memory that only appending functions touch begins empty.
    const node = table.node(address);
    if (node.kind !== 'allocation') return table.textAt(address, wide);
    // What a callee allocates deep within has been filled there.
    const inner = node.within === undefined ? [] : table.alternatives(node.within).map((one) => table.node(one));
    const filled = inner.some((one) => one.kind === 'allocation' && one.within !== undefined);
    return filled ? UNKNOWN : table.literal('', 0, true);
  }

  /** What was written last where the query looks, at the end of block `b`; UNSET when nothing was. */
  atEnd(query: Query, b: number): ValueId {
    const { table, reaching } = this.#host;
    return this.#recall.find(query, reaching.atEnd(memoryOf(table, query.base), b));
  }

  /** The text laid down as numbers from the query's place on, in the memory of that name; UNSET when there is none. */
  gather(query: Query, name: number): ValueId {
    const { table, initial } = this.#host;
    const at = (index: number): ValueId => table.add(query.address, index);
    return gatherText(
      table,
      query.wide,
      (index) => {
        const place = table.address(at(index));
        if (!place) return undefined;
        const { base, offset } = place;
        const one: Query = { address: at(index), base, offset, width: 1, wide: undefined, asText: false };
        const value = this.#recall.find(one, name);
        const byte = value === UNSET ? -1 : byteOf(table, initial.image, value, 0);
        return byte < 0 ? undefined : { byte, rva: index === 0 ? this.#copiedFrom(one, name) : 0 };
      },
      (index) => {
        const written = this.#writtenIn(at(index), () => name);
        const from = query.from;
        return written !== UNSET || from === undefined ? written : this.#writtenIn(at(index), () => from);
      },
    );
  }

  /** The RVA in the image of the bytes that were copied to a place; 0 when they stand in an instruction. */
  #copiedFrom(query: Query, name: number): number {
    for (const width of VECTOR_WIDTHS) {
      const node = this.#host.table.node(this.#recall.find({ ...query, width }, name));
      if (node.kind === 'bytes') return node.rva;
    }
    return 0;
  }
}

/** Of several addresses those that can be read: a program that reads at NULL, or a little behind it, does not go on. */
export function readable(table: ValueTable, addresses: readonly ValueId[]): readonly ValueId[] {
  return addresses.filter((one) => {
    const number = table.number(one);
    return number === undefined || number < 0 || number >= LOWEST_ADDRESS;
  });
}

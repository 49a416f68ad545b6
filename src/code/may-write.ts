// Whether an instruction may write where a query looks, told by its addresses: worked out once for each, and passed over after that.
import { define } from './definitions.ts';
import { type Extents, extentsOfStore, extentsOfStringOperation, lieOn } from './extents.ts';
import type { Frame } from './frame.ts';
import { Op, Reg } from './instruction.ts';
import { memoryOf, Origin } from './origins.ts';
import { type Query, REST, REST_LIMIT } from './query.ts';
import { type Kept, keptForGood, type Questions } from './questions.ts';
import { MEMORY } from './reaching.ts';
import type { ValueTable } from './value-table.ts';
import { FRAME, UNSET } from './values.ts';

/** No offset is further than this. */
const OFFSET_LIMIT = 0x7fffffff;

/** What is asked of the function. */
export interface MayWriteHost extends Frame {
  readonly questions: Questions;
  /** Where the call of instruction `i` may write, as far as memory of those kinds goes. */
  callExtents(i: number, kinds: number): Extents;
}

/**
 * The kinds of address, as bits of {@link Origin}, that can lead where a query looks: for a word those of its own base; a text may also be
 * come by through pointers that stand elsewhere.
 */
export function kindsLeadingTo(table: ValueTable, { base, width }: Query): number {
  return width > 0 ? 1 << (memoryOf(table, base) - MEMORY) : Origin.any;
}

/** Tells which instructions of one function may write where a query looks. */
export class MayWrite {
  readonly #host: MayWriteHost;
  /** By instruction and kind of memory. */
  readonly #extents = new Map<number, Kept<Extents>>();
  /** By instruction: the first and last offset of the frame that it may write; everything where that is not known for good. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;

  constructor(host: MayWriteHost) {
    this.#host = host;
    this.#from = new Int32Array(host.code.count).fill(-OFFSET_LIMIT);
    this.#to = new Int32Array(host.code.count).fill(OFFSET_LIMIT);
  }

  /** Of the names of the frame's memory, from `start` on, the first that is not known to lie beside the word that the query looks for. */
  beside(start: number, { offset, width }: Query, names: Int32Array): number {
    const from = this.#from;
    const to = this.#to;
    const last = offset + width - 1;
    let name = start;
    let passed = 0;
    for (; name >= 0 && (from[name] > last || to[name] < offset); passed++) name = names[name];
    this.#host.questions.work(passed);
    return name;
  }

  /** Whether instruction `i` may write where the query looks; `kinds` lead there ({@link kindsLeadingTo}). */
  at(i: number, { base, offset, width }: Query, kinds: number): boolean {
    const { questions, table } = this.#host;
    questions.work(1);
    const key = i * 32 + kinds;
    let extents = keptForGood(this.#extents, key);
    if (!extents) {
      extents = questions.keep(this.#extents, key, () => this.#extentsOf(i, kinds));
      if (base === FRAME && keptForGood(this.#extents, key)) this.#setFrame(i, extents);
    }
    if (width <= 0 && !extents.tellsTexts) return true;
    if (extents.makes >= 0 && table.madeIn(base, extents.makes) !== UNSET) return true;
    return lieOn(extents, base, width === REST ? offset - REST_LIMIT : offset, offset + Math.max(width, 1) - 1);
  }

  #setFrame(i: number, { stretches }: Extents): void {
    let from = OFFSET_LIMIT;
    let to = -OFFSET_LIMIT;
    for (let k = 0; k < stretches.length; k += 3) {
      if (stretches[k] !== FRAME) continue;
      from = Math.min(from, Math.max(stretches[k + 1], -OFFSET_LIMIT));
      to = Math.max(to, Math.min(stretches[k + 2], OFFSET_LIMIT));
    }
    this.#from[i] = from;
    this.#to[i] = to;
  }

  #extentsOf(i: number, kinds: number): Extents {
    const host = this.#host;
    const { code, table } = host;
    const op = code.op[i];
    if (op === Op.call || op === Op.jmp) return host.callExtents(i, kinds);
    if (op === Op.movs || op === Op.stos) return extentsOfStringOperation(table, host.register(Reg.rdi, i));
    if (op === Op.push) return extentsOfStore(table, define(host, i, Reg.rsp), host.initial.pointerSize);
    return extentsOfStore(table, host.address(i), code.size[i]);
  }
}

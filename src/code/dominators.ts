// Which blocks of a function control must have come by before it comes to another, and where each is entered from.
import type { FunctionValues } from './function-values.ts';
import { NO_TARGET, NONE, Op } from './instruction.ts';

/** The blocks of one function as control goes through them. */
export class Dominators {
  /** By block: the nearest other block that every way to it goes through; -1 for the entry, and for what no way leads to. */
  readonly #nearest: Int32Array;
  readonly #before: (readonly number[])[];

  /** Whether control comes to some blocks in ways that are not seen. */
  readonly hasUnseen: boolean;
  readonly #reached: number;

  /** `entered` are blocks that control may come to from anywhere in the function: behind an exception. */
  constructor(values: FunctionValues, entered: ReadonlySet<number>) {
    const { blocks, reached } = values.reaching.body;
    this.#reached = reached;
    const before: number[][] = Array.from({ length: reached }, () => []);
    for (let b = 0; b < reached; b++) for (const to of blocks[b].next) if (values.goes(b, to)) before[to].push(b);
    // Blocks that nothing is seen to come to (handlers of exceptions) may still be run.
    for (let b = reached; b < blocks.length; b++)
      if (entered.has(b) || !isPadding(values, b))
        for (const to of blocks[b].next) if (to < reached) before[to].push(b);
    for (const b of entered) if (b < reached) before[b].push(blocks.length);
    this.#before = before;
    this.hasUnseen = before.some((_, b) => this.comesUnseen(b));
    this.#nearest = nearestDominators(before);
  }

  /** Blocks that control goes to this one from; those from `reached` on are such that nothing is seen to come to. */
  before(b: number): readonly number[] {
    return this.#before[b] ?? [];
  }

  /** Whether control may come to a block from where nothing is seen to come to. */
  comesUnseen(b: number): boolean {
    return this.before(b).some((p) => p >= this.#reached);
  }

  /** The nearest other block that every way to `b` goes through; -1 where there is none. */
  nearest(b: number): number {
    return this.#nearest[b] ?? -1;
  }

  /** The blocks of the innermost loop around `b`; none where there is none. */
  loopAround(b: number): ReadonlySet<number> {
    for (let head = b; head >= 0; head = this.nearest(head)) {
      const backs = this.before(head).filter((p) => p >= head && this.dominates(head, p));
      if (backs.length === 0) continue;
      const loop = new Set([head, ...backs]);
      for (const at of loop) if (at !== head) for (const p of this.before(at)) loop.add(p);
      if (loop.has(b)) return loop;
    }
    return new Set();
  }

  /** Whether every way to `b` goes through `a`. */
  dominates(a: number, b: number): boolean {
    let at = b;
    while (at > a) at = this.nearest(at);
    return at === a;
  }
}

/** Whether a block does nothing, as what fills the room before a jump's target. */
export function isPadding({ code, reaching: { body } }: FunctionValues, b: number): boolean {
  const { op, dst, src, base, index, disp } = code;
  for (let i = body.blocks[b].first; i < body.blocks[b].end; i++) {
    const keeps = op[i] === Op.lea && base[i] === dst[i] && index[i] === NONE && disp[i] === 0;
    if (op[i] !== Op.nop && !keeps && !(op[i] === Op.mov && dst[i] === src[i])) return false;
  }
  return true;
}

/** Blocks come in reverse post-order: a block's dominators have lower numbers. */
function nearestDominators(before: readonly (readonly number[])[]): Int32Array {
  const nearest = new Int32Array(before.length).fill(-1);
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      if (x > y) x = nearest[x];
      else y = nearest[y];
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let b = 1; b < before.length; b++) {
      let common = -1;
      for (const p of before[b]) {
        // What is entered from a place that nothing is seen to come to is as good as an entry.
        const from = p >= before.length ? 0 : p;
        if (from !== 0 && nearest[from] < 0) continue;
        common = common < 0 ? from : meet(common, from);
      }
      if (common === nearest[b]) continue;
      nearest[b] = common;
      changed = true;
    }
  }
  return nearest;
}

/** Whether a jump of the function goes where its instructions do not tell: any block may follow it. */
export function jumpsAnywhere({ reaching: { body }, code }: FunctionValues): boolean {
  for (let b = 0; b < body.reached; b++) {
    const { end, next } = body.blocks[b];
    const last = end - 1;
    if (code.op[last] === Op.jmp && code.target[last] === NO_TARGET && next.length === 0 && code.src[last] < 16)
      return true;
  }
  return false;
}

// Which comparisons of texts must have found them the same before control comes to an instruction: in its function, and in those that call it.
import type { Call } from './call.ts';
import { caughtIn } from './caught.ts';
import { Dominators, jumpsAnywhere } from './dominators.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import { instructionAt } from './functions.ts';
import { Op } from './instruction.ts';
import { common, distinct, type Needed, without } from './needed.ts';
import type { Fact } from './text-comparison.ts';
import { isTarget, type TextWalk, textWalkAround } from './text-walk.ts';
import { ValueConditions, type WaysThrough } from './value-conditions.ts';

/** Blocks of a function that is looked at. */
const MOST_BLOCKS = 4000;
/** What is told of one place at most. */
const MOST_NEEDED = 32;
/** Callers of callers that are asked. */
const MOST_LEVELS = 12;
/** Joins within one another that are followed. */
const MOST_JOINS = 32;
/**
 * How often what is known is used to learn more: first only conditions that test what a comparison returned; then those that test what was
 * stored behind such a condition, and so on.
 */
const ROUNDS = 3;

export interface NeededOptions {
  /** Whether a function may have such a text at hand. */
  readonly mayKnow: (start: number) => boolean;
  /** Every call of a function that there is; undefined where others may be. */
  readonly callsTo: (start: number) => readonly Call[] | undefined;
  /** Whether a fact is of a text that is asked for. */
  readonly isWanted: (fact: Fact) => boolean;
}

interface BlocksOf extends WaysThrough {
  readonly values: FunctionValues;
  /** By round, by block: all of these are needed. */
  readonly needed: readonly Map<number, readonly Needed[]>[];
  /** By block: the walk over two texts that it is in. */
  readonly walks: Map<number, TextWalk | undefined>;
}

/** What one module needs to have compared. */
export class NeededComparisons {
  readonly #flow: ModuleFlow;
  readonly #options: NeededOptions;
  readonly #functions = new Map<number, BlocksOf | undefined>();
  /** By round: the conditions, which see what the round before has found. */
  readonly #conditions: readonly ValueConditions[];
  readonly #edges = new Map<string, Needed | undefined>();
  readonly #onEntry = new Map<string, readonly Needed[]>();
  #joins = 0;
  #levels = 0;

  constructor(flow: ModuleFlow, options: NeededOptions) {
    this.#flow = flow;
    this.#options = options;
    this.#conditions = Array.from({ length: ROUNDS }, (_, round) => this.#conditionsOf(round));
  }

  #conditionsOf(round: number): ValueConditions {
    const before = round - 1;
    return new ValueConditions(this.#flow, {
      mayKnow: this.#options.mayKnow,
      waysThrough: (start) => this.#blocksOf(start),
      walkAround: (start, i) => this.#walkAround(start, i),
      onWay: (start, from, to) => this.#edge(before, start, from, to) ?? this.#inBlock(before, start, from)[0],
      within: (start, i) => this.#withinAt(before, start, i)[0],
      before: (start, i) => this.#before(before, start, i)[0],
    });
  }

  /** All that is needed before the instruction at an RVA, from its function's entry on. */
  within(rva: number): readonly Needed[] {
    const start = this.#flow.functionHolding(rva);
    const values = this.#flow.values(start);
    return values ? this.#withinAt(ROUNDS - 1, start, instructionAt(values.code, rva)) : [];
  }

  /** What is needed before a function is called: what all its callers have in common. */
  onEntry(start: number): readonly Needed[] {
    return this.#entered(ROUNDS - 1, start);
  }

  #withinAt(round: number, start: number, i: number): readonly Needed[] {
    const values = round < 0 || i < 0 ? undefined : this.#flow.values(start);
    return values ? this.#inBlock(round, start, values.reaching.blockOf[i]) : [];
  }

  #before(round: number, start: number, i: number): readonly Needed[] {
    return round < 0 ? [] : distinct([...this.#entered(round, start), ...this.#withinAt(round, start, i)]);
  }

  #entered(round: number, start: number): readonly Needed[] {
    const key = `${round}:${start}`;
    const known = this.#onEntry.get(key);
    if (known || this.#levels >= MOST_LEVELS) return known ?? [];
    // A function that calls itself finds nothing there.
    this.#onEntry.set(key, []);
    this.#levels++;
    const ways = (this.#options.callsTo(start) ?? []).map(({ site }) => {
      const caller = this.#flow.functionHolding(site);
      const values = this.#flow.values(caller);
      return values ? this.#before(round, caller, instructionAt(values.code, site)) : [];
    });
    this.#levels--;
    const needed = common(ways);
    this.#onEntry.set(key, needed);
    return needed;
  }

  #blocksOf(start: number): BlocksOf | undefined {
    if (this.#functions.has(start)) return this.#functions.get(start);
    const values = this.#flow.values(start);
    const isFollowed = values && values.reaching.body.blocks.length <= MOST_BLOCKS && !jumpsAnywhere(values);
    const caught = isFollowed ? caughtIn(this.#flow, values) : undefined;
    const blocks =
      isFollowed && caught
        ? {
            values,
            dominators: new Dominators(values, caught.blocks),
            writesFrame: caught.writesFrame,
            needed: Array.from({ length: ROUNDS }, () => new Map()),
            walks: new Map(),
          }
        : undefined;
    this.#functions.set(start, blocks);
    return blocks;
  }

  #inBlock(round: number, start: number, b: number): readonly Needed[] {
    const blocks = round < 0 ? undefined : this.#blocksOf(start);
    if (!blocks || b >= blocks.values.reaching.body.reached) return [];
    const { dominators } = blocks;
    const needed = blocks.needed[round];
    const chain: number[] = [];
    let at = b;
    for (; at >= 0 && !needed.has(at); at = dominators.nearest(at)) chain.push(at);
    let above = needed.get(at) ?? [];
    for (const block of chain.reverse()) {
      if (above.length < MOST_NEEDED)
        above = distinct([...above, ...this.#onEntering(round, start, blocks, block, above)]);
      needed.set(block, above);
    }
    return above;
  }

  #walkAround(start: number, i: number): TextWalk | undefined {
    const blocks = this.#blocksOf(start);
    if (!blocks) return undefined;
    const b = blocks.values.reaching.blockOf[i];
    if (!blocks.walks.has(b)) blocks.walks.set(b, textWalkAround(blocks.values, blocks.dominators, b));
    return blocks.walks.get(b);
  }

  /** What is needed to enter block `b`, beside what is needed before the block that dominates it. */
  #onEntering(
    round: number,
    start: number,
    { dominators, values }: BlocksOf,
    b: number,
    above: readonly Needed[],
  ): readonly Needed[] {
    const { reached } = values.reaching.body;
    const into = dominators.before(b).filter((p) => p >= reached || !dominators.dominates(b, p));
    const dominator = dominators.nearest(b);
    if (into.length === 0 || dominator < 0 || into.some((p) => p >= reached)) return [];
    if (this.#joins >= MOST_JOINS) return [];
    // The way that comes straight from there has nothing but its own condition: it is asked first.
    const ways = [...into].sort((p, q) => Number(q === dominator) - Number(p === dominator));
    const parts: (readonly Needed[])[] = [];
    this.#joins++;
    for (const p of ways) {
      const own = this.#edge(round, start, p, b);
      const before = p === dominator ? [] : without(this.#inBlock(round, start, p), above);
      const way = own ? [...before, own] : before;
      if (way.length === 0) break;
      parts.push(way);
    }
    this.#joins--;
    return parts.length === ways.length ? common(parts) : [];
  }

  /** What the condition at the end of block `from` needs for control to go to block `to`. */
  #edge(round: number, start: number, from: number, to: number): Needed | undefined {
    if (round < 0) return undefined;
    const key = `${round}:${start}:${from}:${to}`;
    if (this.#edges.has(key)) return this.#edges.get(key);
    const values = this.#blocksOf(start)?.values;
    const needed = this.#edge(round - 1, start, from, to) ?? (values && this.#findEdge(round, start, values, from, to));
    const wanted =
      needed && needed.length > 0 && needed.every((facts) => facts.every(this.#options.isWanted)) ? needed : undefined;
    this.#edges.set(key, wanted);
    return wanted;
  }

  #findEdge(round: number, start: number, values: FunctionValues, from: number, to: number): Needed | undefined {
    const { code, reaching } = values;
    const { body } = reaching;
    const { end, next } = body.blocks[from];
    const last = end - 1;
    if (from >= body.reached || code.op[last] !== Op.jcc || next.length !== 2) return undefined;
    const jumps = isTarget(values, last, to);
    return this.#conditions[round].condition(start, last, code.cc[last], jumps);
  }
}

// Which ways control can go through one function: past conditions that are decided, and not behind calls that do not come back.
import { type Call, roleOfSymbol } from './call.ts';
import { importedBy, isCall, isToldNear } from './call-instruction.ts';
import { comparison, condition } from './definitions.ts';
import { ends } from './effects.ts';
import type { Frame } from './frame.ts';
import { NO_TARGET, Op, Operand, Reg } from './instruction.ts';
import { ENTRY } from './reaching.ts';
import type { Role } from './roles/role.ts';
import type { Surroundings } from './surroundings.ts';
import { FRAME, type ValueId } from './values.ts';

/** What the ways ask of their function. */
export interface WaysHost extends Frame {
  call(i: number): Call;
}

/** The ways through one function. */
export class Ways {
  readonly #frame: WaysHost;
  readonly #around: Surroundings;
  readonly #isBound: boolean;
  /** By block: whether the entry comes to it; made when first asked. */
  #live: Uint8Array | undefined;
  /** By block: the only successor that its condition allows, -1 for all, -2 for none. */
  #taken: Int32Array | undefined;
  #tested: ReadonlySet<number> | undefined;
  #compared: ReadonlyMap<number, ReadonlySet<ValueId>> | undefined;

  /** `isBound` says whether values of parameters are known beforehand. */
  constructor(frame: WaysHost, around: Surroundings, isBound: boolean) {
    this.#frame = frame;
    this.#around = around;
    this.#isBound = isBound;
  }

  /** Whether control can go from block `from` to block `to`. */
  goes(from: number, to: number): boolean {
    if (!this.#live || !this.#taken) {
      const { length } = this.#frame.reaching.body.blocks;
      this.#taken = new Int32Array(length).fill(-1);
      this.#live = new Uint8Array(length).fill(1);
      this.#findWays(this.#taken);
    }
    if (this.#live[from] === 0) return false;
    const taken = this.#taken[from];
    return taken === -1 || taken === to;
  }

  /** Whether the function's entry comes to instruction `i`. */
  comesTo(i: number): boolean {
    const { reaching } = this.#frame;
    const b = reaching.blockOf[i];
    if (b >= reaching.body.reached) return false;
    this.goes(b, b);
    return this.#live?.[b] === 1;
  }

  /** Decides conditions as far as that is cheap, then sees which blocks are left. */
  #findWays(taken: Int32Array): void {
    const { blocks, reached } = this.#frame.reaching.body;
    for (let b = 0; b < reached; b++) taken[b] = this.#onlyWay(b);
    const live = new Uint8Array(blocks.length);
    live[0] = 1;
    const open = [0];
    for (let b = open.pop(); b !== undefined; b = open.pop()) {
      for (const next of blocks[b].next) {
        if (live[next] === 1 || (taken[b] !== -1 && taken[b] !== next)) continue;
        live[next] = 1;
        open.push(next);
      }
    }
    this.#live = live;
  }

  #onlyWay(b: number): number {
    const frame = this.#frame;
    const { code } = frame;
    const { blocks } = frame.reaching.body;
    const { first, end, next } = blocks[b];
    for (let i = first; i < end; i++) if (isCall(frame, i) && this.#endsAt(i)) return -2;
    const last = end - 1;
    if (code.op[last] !== Op.jcc || next.length !== 2) return -1;
    const k = comparison(frame, last);
    if (k < 0 || !this.#isCheap(code.dst[k], k, 4) || !this.#isCheap(code.src[k], k, 4)) return -1;
    const holds = condition(frame, last, code.cc[last]);
    if (holds === undefined) return -1;
    const target = code.target[last];
    const jumps = (to: number): boolean => code.rva[blocks[to].first] === target;
    return next.find((to) => jumps(to) === holds) ?? -1;
  }

  /** Whether control does not come back from a call, by its import or its target alone. */
  #endsAt(i: number): boolean {
    const frame = this.#frame;
    const imported = importedBy(frame, this.#around, i);
    const { target } = frame.code;
    if (!imported) return target[i] !== NO_TARGET && !this.#around.comesBack(target[i]);
    // A handle out of memory is not worth the way there.
    return ends(imported.symbol, (index) =>
      isToldNear(frame, this.#around, index, i) ? frame.table.number(frame.call(i).argument(index)) : undefined,
    );
  }

  /** Whether an operand is found at little cost: numbers, arguments that a caller bound, what is moved from those, and what a comparison with such a one returns. */
  #isCheap(which: number, i: number, hops: number): boolean {
    const { code, reaching } = this.#frame;
    if (which === Operand.immediate) return true;
    if (which === Operand.memory) return this.#isBound && this.#isInFrame(i);
    if (which >= 16 || hops === 0) return false;
    const name = reaching.at(which, i);
    if (name === ENTRY) return this.#isBound;
    if (name < ENTRY) return false;
    const op = code.op[name];
    if (op === Op.call) return this.#isBound && which === Reg.rax && this.#roleAt(name)?.kind === 'compare';
    if (op === Op.zero || (op === Op.xor && code.dst[name] === code.src[name])) return true;
    // A row of tests for one number after the other, each less what came before.
    const less = op === Op.dec || ((op === Op.sub || op === Op.add) && code.src[name] === Operand.immediate);
    if (less && this.#isBound && code.dst[name] === which) return this.#isCheap(which, name, hops);
    return (
      (op === Op.mov || op === Op.movzx) && code.dst[name] === which && this.#isCheap(code.src[name], name, hops - 1)
    );
  }

  /** The parameters that a branch depends on: what a caller gives there may decide it. */
  testedParameters(): ReadonlySet<number> {
    this.#tested ??= this.#findTested();
    return this.#tested;
  }

  #findTested(): ReadonlySet<number> {
    const frame = this.#frame;
    const { code, reaching } = frame;
    const { blocks, reached } = reaching.body;
    const tested = new Set<number>();
    for (let b = 0; b < reached; b++) {
      const last = blocks[b].end - 1;
      if (code.op[last] !== Op.jcc && code.op[last] !== Op.cmov) continue;
      const k = comparison(frame, last);
      if (k < 0) continue;
      for (const which of [code.dst[k], code.src[k]]) {
        const index = this.#parameterIn(which, k);
        if (index >= 0) tested.add(index);
      }
    }
    return tested;
  }

  /** The constant texts that each parameter is compared with: addresses, by parameter. */
  comparedTexts(): ReadonlyMap<number, ReadonlySet<ValueId>> {
    this.#compared ??= this.#findCompared();
    return this.#compared;
  }

  #findCompared(): ReadonlyMap<number, ReadonlySet<ValueId>> {
    const frame = this.#frame;
    const { table, code } = frame;
    const compared = new Map<number, Set<ValueId>>();
    for (let i = 0; i < code.count; i++) {
      const role = isCall(frame, i) ? this.#roleAt(i) : undefined;
      if (role?.kind !== 'compare') continue;
      const sides = [role.left, role.right].map((argument) => frame.call(i).argument(argument));
      for (const [one, other] of [sides, [...sides].reverse()]) {
        const node = table.node(one);
        if (node.kind !== 'parameter' || table.node(other).kind !== 'constant') continue;
        compared.set(node.index, (compared.get(node.index) ?? new Set()).add(other));
      }
    }
    return compared;
  }

  /** The role of the import that instruction `i` calls, by its slot or by a register that was loaded from there. */
  #roleAt(i: number): Role | undefined {
    const imported = importedBy(this.#frame, this.#around, i);
    if (imported) return roleOfSymbol(imported.symbol);
    const { target } = this.#frame.code.src[i] < 16 ? this.#frame.call(i) : {};
    return target?.kind === 'import' ? roleOfSymbol(target.symbol) : undefined;
  }

  /** Whether the memory operand of instruction `i` surely lies in the frame. */
  #isInFrame(i: number): boolean {
    const { code, stack, initial } = this.#frame;
    if (code.base[i] === Reg.rsp) return true;
    if (code.base[i] !== Reg.rbp) return false;
    return initial.pointerSize === 8 ? this.#isFramePointer(i) : stack?.frame(i) !== undefined;
  }

  /** Whether rbp was made out of the stack pointer, as it stood or as another register keeps it from the entry on (x64). */
  #isFramePointer(i: number): boolean {
    const { code, reaching } = this.#frame;
    const name = reaching.at(Reg.rbp, i);
    if (name < 0 || (code.op[name] !== Op.lea && code.op[name] !== Op.mov)) return false;
    const from = code.op[name] === Op.lea ? code.base[name] : code.src[name];
    if (from === Reg.rsp) return true;
    const kept = from >= 0 && from < 16 ? reaching.at(from, name) : ENTRY;
    return kept >= 0 && code.op[kept] === Op.mov && code.src[kept] === Reg.rsp;
  }

  /** The parameter that an operand is, where the instructions near by tell it; -1 where not. */
  #parameterIn(which: number, k: number): number {
    const { code, reaching, table, initial } = this.#frame;
    if (which === Operand.memory) {
      if (!this.#isInFrame(k)) return -1;
      const place = table.address(this.#frame.address(k));
      const { index, offset } = initial.firstStackArgument;
      const behind = place?.base === FRAME ? (place.offset - offset) / initial.pointerSize : -1;
      return Number.isInteger(behind) && behind >= 0 ? index + behind : -1;
    }
    if (which >= 16) return -1;
    const name = reaching.at(which, k);
    if (name !== ENTRY && (name < 0 || code.op[name] !== Op.mov || code.src[name] >= 16)) return -1;
    const node = table.node(this.#frame.register(which, k));
    return node.kind === 'parameter' ? node.index : -1;
  }

  /** Blocks that end in a return or a jump out of the function, as far as control comes to them. */
  exits(): readonly number[] {
    const { code, reaching } = this.#frame;
    const { blocks, reached } = reaching.body;
    const exits: number[] = [];
    for (let b = 0; b < reached; b++) {
      const last = blocks[b].end - 1;
      const op = code.op[last];
      if (op !== Op.ret && !(op === Op.jmp && reaching.leaves(last))) continue;
      if (this.comesTo(last) && this.#taken?.[b] !== -2) exits.push(b);
    }
    return exits;
  }
}

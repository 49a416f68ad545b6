// Under which comparisons of texts a register or a variable holds a number that a test holds for: traced back to the numbers that are stored there.
import { decide } from './condition.ts';
import { comparison } from './definitions.ts';
import type { Dominators } from './dominators.ts';
import type { ModuleFlow } from './flow.ts';
import { FrameStores, isFramePointer } from './frame-stores.ts';
import type { FunctionValues } from './function-values.ts';
import { BASE_RVA, NONE, Op, Operand, Reg } from './instruction.ts';
import { either, type Needed } from './needed.ts';
import { ENTRY, mergeBlock } from './reaching.ts';
import { characterFor, charactersCompared, type NumberTest, saysSame } from './text-comparison.ts';
import { endRead, isTarget, type TextWalk } from './text-walk.ts';
import { FRAME } from './values.ts';
import { variableStores } from './variable-stores.ts';

/** None where nothing is seen to bring such a number; undefined where it may be brought whatever the texts are. */
type Told = Needed | undefined;

/** How control comes through a function. */
export interface WaysThrough {
  readonly dominators: Dominators;
  /** Whether code outside the function may write its frame. */
  readonly writesFrame: boolean;
}

export interface ConditionHost {
  /** Undefined where that is not known. */
  readonly waysThrough: (start: number) => WaysThrough | undefined;
  /** Whether a function may have a text at hand that is asked for. */
  readonly mayKnow: (start: number) => boolean;
  /** The walk over two texts that an instruction is a part of. */
  readonly walkAround: (start: number, i: number) => TextWalk | undefined;
  /** What is needed for control to go from one block to another. */
  readonly onWay: (start: number, from: number, to: number) => Told;
  /** What is needed before an instruction: from the function's entry on, and in all. */
  readonly within: (start: number, i: number) => Told;
  readonly before: (start: number, i: number) => Told;
}

/** Places that one question is traced back through, and questions within one another. */
const MOST_STEPS = 100;
const MOST_DEPTH = 40;

/** A place where a number is used. */
interface Use {
  readonly start: number;
  readonly values: FunctionValues;
  /** The instruction before which it is asked for first. */
  readonly at: number;
  readonly test: NumberTest;
}

export class ValueConditions {
  readonly #flow: ModuleFlow;
  readonly #host: ConditionHost;
  readonly #frames = new Map<number, FrameStores>();
  readonly #open = new Map<string, NumberTest>();
  #steps = 0;
  #depth = 0;

  constructor(flow: ModuleFlow, host: ConditionHost) {
    this.#flow = flow;
    this.#host = host;
  }

  /** When condition `cc` holds, or does not, before instruction `i` of a function. */
  condition(start: number, i: number, cc: number, holds: boolean): Told {
    const values = this.#flow.values(start);
    if (!values) return undefined;
    if (this.#depth === 0) this.#steps = 0;
    return this.#condition(start, values, i, cc, holds);
  }

  #condition(start: number, values: FunctionValues, i: number, cc: number, holds: boolean): Told {
    const k = comparison(values, i);
    if (k < 0) return undefined;
    const { code, table } = values;
    const { dst, src, size } = code;
    const walked = code.op[i] === Op.jcc ? this.#walkEnded(start, values, i, k, holds) : undefined;
    if (walked) return walked;
    const isTest = code.op[k] === Op.test || code.op[k] === Op.and;
    const flags = { op: isTest ? Op.test : Op.cmp, size: size[k] };
    // What is not decided may hold.
    const decided = (left: number, right: number): boolean =>
      (decide(table, { ...flags, left: table.constant(left), right: table.constant(right) }, cc) ?? holds) === holds;
    const use = { start, values, at: i };
    if (isTest && dst[k] === src[k])
      return this.#operand({ ...use, test: { holds: (value) => decided(value, value) } }, dst[k], k);
    const number = this.#number(values, src[k], k);
    if (number !== undefined) {
      const beside = isTest ? { bits: number } : { equal: number };
      return this.#operand({ ...use, test: { holds: (value) => decided(value, number), ...beside } }, dst[k], k);
    }
    const other = this.#number(values, dst[k], k);
    if (isTest || other === undefined) return undefined;
    return this.#operand({ ...use, test: { holds: (value) => decided(other, value) } }, src[k], k);
  }

  /** The jump of instruction `i` leaves a walk over two texts at the end of both: they are the same. */
  #walkEnded(start: number, values: FunctionValues, i: number, k: number, jumps: boolean): Told {
    const isEnd = this.#host.mayKnow(start) && endRead(values, k) >= 0;
    const walk = isEnd ? this.#host.walkAround(start, i) : undefined;
    if (!walk) return undefined;
    const { blocks } = values.reaching.body;
    const to = blocks[values.reaching.blockOf[i]].next.find((next) => isTarget(values, i, next) === jumps);
    return to !== undefined && !walk.loop.has(to) ? this.#same(start, values, walk.compare) : undefined;
  }

  /** The difference of two characters, looked at behind a walk over two texts, is zero: it came to the end of both. */
  #walked({ start, values, at }: Use, d: number): Told {
    const walk =
      this.#host.mayKnow(start) && charactersCompared(values, d) ? this.#host.walkAround(start, d) : undefined;
    return walk && !walk.loop.has(values.reaching.blockOf[at]) ? this.#same(start, values, walk.compare) : undefined;
  }

  #same(start: number, { code }: FunctionValues, i: number): Told {
    return [[{ kind: 'same', site: code.rva[i], function: start }]];
  }

  /** A number that the instructions near by tell. */
  #number(values: FunctionValues, which: number, i: number): number | undefined {
    const { code, reaching } = values;
    if (which === Operand.immediate) return code.immLo[i];
    const name = which < 32 ? reaching.at(which, i) : ENTRY;
    return name < 0 || !this.#isSure(values, name, reaching.blockOf[i]) ? undefined : constantAt(code, name);
  }

  /** Whether a definition or merge still tells what a register holds in block `b`: no way leads there from an exception but by it. */
  #isSure({ reaching }: FunctionValues, name: number, b: number): boolean {
    const dominators = this.#host.waysThrough(reaching.body.start)?.dominators;
    if (!dominators?.hasUnseen) return dominators !== undefined;
    const from = name >= 0 ? reaching.blockOf[name] : mergeBlock(name);
    return dominators.dominates(from, b) && (name >= 0 || !dominators.comesUnseen(from));
  }

  #operand(use: Use, which: number, i: number): Told {
    if (which < 16) return this.#register(use, which, use.values.reaching.at(which, i), i);
    return which === Operand.memory ? this.#memory(use, i) : undefined;
  }

  /** What a register holds by the definition or merge of that name, before instruction `i`. */
  #register(use: Use, r: number, name: number, i: number): Told {
    if (name === ENTRY || !this.#isSure(use.values, name, use.values.reaching.blockOf[i])) return undefined;
    const key = `r:${use.start}:${r}:${name}`;
    return this.#once(key, use, () =>
      name >= 0 ? this.#defined(use, r, name) : this.#merged(use, r, mergeBlock(name)),
    );
  }

  /** Asks, but not again on the way to the answer: what leads round brings nothing new. */
  #once(key: string, { test }: Use, ask: () => Told): Told {
    if (this.#open.get(key) === test) return [];
    if (this.#open.has(key) || ++this.#steps > MOST_STEPS || this.#depth >= MOST_DEPTH) return undefined;
    this.#open.set(key, test);
    this.#depth++;
    const told = ask();
    this.#depth--;
    this.#open.delete(key);
    return told;
  }

  #merged(use: Use, r: number, b: number): Told {
    const { reaching } = use.values;
    const parts: Told[] = [];
    for (let e = reaching.beforeAt[b]; e < reaching.beforeAt[b + 1]; e++) {
      const p = reaching.before[e];
      if (!use.values.goes(p, b)) continue;
      const name = reaching.atEnd(r, p);
      const number = name >= 0 ? constantAt(use.values.code, name) : undefined;
      const part =
        number !== undefined && !use.test.holds(number)
          ? []
          : this.#register(use, r, name, reaching.body.blocks[p].end - 1);
      parts.push(part ?? this.#host.onWay(use.start, p, b));
      if (parts[parts.length - 1] === undefined) return undefined;
    }
    return parts.length === 0 ? undefined : anyOf(parts);
  }

  /** What a register holds after instruction `d`. */
  #defined(use: Use, r: number, d: number): Told {
    const { start, values, test } = use;
    const { code, reaching } = values;
    const { op, src, dst, cc } = code;
    const number = constantAt(code, d);
    if (number !== undefined) return test.holds(number) ? this.#host.within(start, d) : [];
    switch (op[d]) {
      case Op.call:
      case Op.jmp:
        return r === Reg.rax ? this.#returned(use, d) : this.#host.within(start, d);
      case Op.mov:
        return this.#operand(use, src[d], d) ?? this.#host.within(start, d);
      case Op.movzx:
      case Op.movsx:
        return this.#operand(widened(use, d), src[d], d) ?? this.#host.within(start, d);
      case Op.setcc:
        return this.#set(use, d, cc[d]) ?? this.#host.within(start, d);
      case Op.cmov:
        return anyOf([
          this.#chosen(use, src[d], d, true) ?? this.#host.within(start, d),
          this.#chosen(use, dst[d], d, false) ?? this.#host.within(start, d),
        ]);
      case Op.add:
      case Op.sub: {
        if (src[d] !== Operand.immediate) {
          const walked = op[d] === Op.sub && isForZero(test) ? this.#walked(use, d) : undefined;
          return walked ?? this.#host.within(start, d);
        }
        const by = op[d] === Op.add ? code.immLo[d] : -code.immLo[d];
        const equal = test.equal === undefined ? {} : { equal: test.equal - by };
        const moved: Use = { ...use, test: { holds: (value) => test.holds((value + by) | 0), ...equal } };
        return this.#register(moved, r, reaching.at(r, d), d) ?? this.#host.within(start, d);
      }
      case Op.or:
        if (src[d] === Operand.immediate && isForZero(test)) return [];
        return this.#withBits(use, d, () => this.#register(use, r, reaching.at(r, d), d));
      case Op.carry:
        // sbb r, -1 behind sbb r, r: 1 or -1.
        if (src[d] === Operand.immediate && code.immLo[d] === -1 && isForZero(test)) return [];
        return this.#host.within(start, d);
      default:
        return this.#host.within(start, d);
    }
  }

  /** A value of which instruction `d` sets bits. */
  #withBits({ start, test }: Use, d: number, otherwise: () => Told): Told {
    const { code } = this.#flow.values(start) as FunctionValues;
    const here = this.#host.within(start, d);
    if (test.bits === undefined || test.holds(0) || code.src[d] !== Operand.immediate) return here;
    const before = otherwise();
    return (code.immLo[d] & test.bits) === 0 ? before : anyOf([here, before]);
  }

  #set({ start, values, test }: Use, d: number, cc: number): Told {
    const [one, zero] = [test.holds(1), test.holds(0)];
    if (one === zero) return one ? undefined : [];
    return this.#condition(start, values, d, cc, one);
  }

  /** What a conditional move brings from an operand, where its condition holds or does not. */
  #chosen(use: Use, which: number, d: number, holds: boolean): Told {
    const number = this.#number(use.values, which, d);
    if (number !== undefined && !use.test.holds(number)) return [];
    const told = number === undefined ? this.#operand(use, which, d) : undefined;
    return told ?? this.#condition(use.start, use.values, d, use.values.code.cc[d], holds);
  }

  #returned({ start, values, test }: Use, d: number): Told {
    if (this.#host.mayKnow(start) && saysSame(values, this.#flow, d, test)) return this.#same(start, values, d);
    return this.#host.within(start, d);
  }

  #memory(use: Use, i: number): Told {
    const { code, table, initial } = use.values;
    if (code.segment[i] !== 0 || code.index[i] !== NONE) return undefined;
    if (code.base[i] === BASE_RVA) return this.#variable(use, code.disp[i] >>> 0, code.size[i]);
    if (!isFramePointer(use.values, i)) return this.#character(use, i);
    const place = table.address(use.values.address(i));
    if (place?.base !== FRAME || place.somewhere) return undefined;
    if (this.#host.waysThrough(use.start)?.writesFrame !== false) return undefined;
    const frame = this.#frameOf(use);
    const isArgument = place.offset >= initial.firstStackArgument.offset;
    if (isArgument || frame.mayBeWritten(place.offset, code.size[i])) return undefined;
    const into = frame.stores.filter(({ from, to }) => from < place.offset + code.size[i] && to > place.offset);
    const told = this.#once(`f:${use.start}:${place.offset}`, use, () =>
      anyOf(
        into.map(({ at, from, isExact }) =>
          isExact && from === place.offset
            ? this.#stored(use, at, this.#host.within)
            : this.#overlaid(use, at, this.#host.within),
        ),
      ),
    );
    // Where nothing is seen to store such a number, something unseen does.
    return told?.length === 0 ? undefined : told;
  }

  /** What a store brings that begins elsewhere: zeros, or anything. */
  #overlaid({ start, values, test }: Use, k: number, needed: ConditionHost['within']): Told {
    const { op, src } = values.code;
    const isZero = op[k] === Op.mov && this.#number(values, src[k], k) === 0;
    return isZero && !test.holds(0) ? [] : needed(start, k);
  }

  /** What is read of a text. */
  #character({ start, values, test }: Use, i: number): Told {
    const { code, reaching } = values;
    const width = code.size[i];
    const register = code.base[i];
    if ((width !== 1 && width !== 2) || register < 0 || !this.#host.mayKnow(start)) return undefined;
    const character = characterFor(test);
    if (character === undefined) return undefined;
    const name = reaching.at(register, i);
    const at = { site: code.rva[i], function: start };
    return [[{ kind: 'character', ...at, register, name, offset: code.disp[i], width, character }]];
  }

  #frameOf({ start, values }: Use): FrameStores {
    let frame = this.#frames.get(start);
    if (!frame) {
      frame = new FrameStores(values);
      this.#frames.set(start, frame);
    }
    return frame;
  }

  /** What instruction `k` stores. */
  #stored(use: Use, k: number, needed: ConditionHost['within']): Told {
    const { code } = use.values;
    const here = (): Told => needed(use.start, k);
    switch (code.op[k]) {
      case Op.mov: {
        const number = this.#number(use.values, code.src[k], k);
        if (number !== undefined) return use.test.holds(number) ? here() : [];
        return code.src[k] < 16 ? (this.#operand(use, code.src[k], k) ?? here()) : here();
      }
      case Op.setcc:
        return this.#set(use, k, code.cc[k]) ?? here();
      case Op.or:
        // What the other bits are, other stores say.
        return this.#withBits(use, k, () => []);
      case Op.and:
        return use.test.bits === undefined || use.test.holds(0) ? here() : [];
      default:
        return here();
    }
  }

  /** What all of the module stores in a variable. */
  #variable(use: Use, rva: number, size: number): Told {
    const { image } = this.#flow;
    const stored = size === 1 ? image.readU8(rva) : size === 2 ? image.readU16(rva) : image.readU32(rva);
    // What the file has no bytes for begins as zero.
    const initial = Math.max(0, stored);
    if (use.test.holds(initial | 0)) return undefined;
    const stores = variableStores(this.#flow, rva, size);
    if (!stores) return undefined;
    return this.#once(`v:${rva}`, use, () =>
      anyOf(
        stores.map(({ start, values, at, isExact }) => {
          const stored = { ...use, start, values, at };
          return isExact ? this.#stored(stored, at, this.#host.before) : this.#overlaid(stored, at, this.#host.before);
        }),
      ),
    );
  }
}

/** The same question of a number before instruction `d` extends it by zeros or by its sign. */
function widened(use: Use, d: number): Use {
  const { op, size } = use.values.code;
  if (size[d] > 2) return use;
  const kept = 32 - 8 * size[d];
  const wide = (value: number): number => (op[d] === Op.movzx ? (value << kept) >>> kept : (value << kept) >> kept);
  return { ...use, test: { ...use.test, holds: (value) => use.test.holds(wide(value)) } };
}

/** Whether a test holds for zero alone. */
function isForZero({ holds }: NumberTest): boolean {
  return holds(0) && ![1, -1, 2, 0x100].some(holds);
}

/** The number that instruction `i` puts into its register, where it alone says so. */
function constantAt(code: FunctionValues['code'], i: number): number | undefined {
  if (code.op[i] === Op.mov && code.src[i] === Operand.immediate) return code.immLo[i];
  if (code.op[i] === Op.zero || (code.op[i] === Op.xor && code.dst[i] === code.src[i] && code.dst[i] < 16)) return 0;
  if (code.op[i] === Op.pop && i > 0 && code.op[i - 1] === Op.push && code.src[i - 1] === Operand.immediate)
    return code.immLo[i - 1];
  return undefined;
}

/** One of all; undefined where one of them may be without, or they are too many. */
function anyOf(parts: readonly Told[]): Told {
  const all: Needed[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part.length > 0) all.push(part);
  }
  return all.length === 0 ? [] : either(all);
}

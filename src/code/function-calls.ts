// The calls of one function: what each calls and is given, what it returns, and what it leaves in registers and in memory.
import { argumentIndices, objectIndices, registerOfIndex } from './arguments.ts';
import { type Call, type CallTarget, roleOfSymbol } from './call.ts';
import { argumentsGiven, onlyChecks } from './call-instruction.ts';
import {
  assumedText,
  type Callee,
  type GivenPlace,
  givenPlaces,
  isOpen,
  placesBehind,
  substitution,
  writtenByCallee,
} from './callee.ts';
import { comparisonOf } from './constant-comparison.ts';
import { operand } from './definitions.ts';
import { effectsOf, opaqueEffects } from './effects.ts';
import { type Extents, extentsOfCallee, extentsOfWrites, NO_EXTENTS } from './extents.ts';
import { BASE_RVA, NO_TARGET, Op, Operand, Reg } from './instruction.ts';
import { MomentAt, type MomentHost } from './moment.ts';
import { Origin } from './origins.ts';
import type { Query } from './query.ts';
import { type Kept, keptForGood, type Questions } from './questions.ts';
import type { Found } from './recall.ts';
import type { Surroundings } from './surroundings.ts';
import { FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';
import type { Effects, Write } from './writes.ts';

/** What the calls ask of their function. */
export interface CallsHost extends MomentHost {
  readonly questions: Questions;
}

const NO_PLACES = (): readonly GivenPlace[] => [];
const NOTHING: { readonly writes: readonly Write[] } = { writes: [] };

/** One call, with the moment before it. */
class CallAt extends MomentAt implements Call {
  readonly pushed: number;
  readonly given: number;
  readonly #calls: FunctionCalls;

  constructor(host: CallsHost, calls: FunctionCalls, around: Surroundings, i: number) {
    super(host, i);
    this.#calls = calls;
    this.pushed = host.code.op[i] === Op.jmp ? 0 : host.initial.pointerSize;
    this.given = argumentsGiven(host, around, i);
  }

  get indices(): readonly number[] {
    return argumentIndices(this.given, this.initial.pointerSize);
  }

  get target(): CallTarget {
    return this.#calls.target(this.i);
  }

  get repeats(): boolean {
    const { reaching } = this.host;
    return reaching.body.loopHeads.has(reaching.innermostHead(reaching.blockOf[this.i]));
  }

  argument(index: number): ValueId {
    const pointer = this.initial.pointerSize;
    const register = registerOfIndex(index, pointer);
    if (register !== undefined) return this.register(register);
    const place = this.table.add(this.register(Reg.rsp), pointer - this.pushed + index * pointer);
    const value = this.word(place, pointer);
    // A 4-byte argument leaves the upper half of its place as it was.
    return value === UNKNOWN && pointer === 8 ? this.word(place, 4) : value;
  }
}

/** The calls of one function, each by its instruction. */
export class FunctionCalls {
  readonly #host: CallsHost;
  readonly #around: Surroundings;
  readonly #calls = new Map<number, Call>();
  readonly #given = new Map<number, Kept<readonly GivenPlace[]>>();
  readonly #behind = new Map<number, Kept<readonly GivenPlace[]>>();
  readonly #effectsOf = new Map<number, Kept<Effects>>();
  readonly #targets = new Map<number, Kept<CallTarget>>();

  readonly #kindsOf: (index: number, i: number) => number;
  readonly #isBound: boolean;

  /** `isBound` says whether values of parameters are known beforehand. */
  constructor(host: CallsHost, around: Surroundings, kindsOf: (index: number, i: number) => number, isBound: boolean) {
    this.#kindsOf = kindsOf;
    this.#host = host;
    this.#around = around;
    this.#isBound = isBound;
  }

  /** The call (or tail jump) of instruction `i`. */
  at(i: number): Call {
    let call = this.#calls.get(i);
    if (!call) {
      call = new CallAt(this.#host, this, this.#around, i);
      this.#calls.set(i, call);
    }
    return call;
  }

  /** What the call of instruction `i` calls. */
  target(i: number): CallTarget {
    return keptForGood(this.#targets, i) ?? this.#host.questions.keep(this.#targets, i, () => this.#findTarget(i));
  }

  #findTarget(i: number): CallTarget {
    const host = this.#host;
    const around = this.#around;
    const { target, src, base, disp } = host.code;
    const { image, pointerSize } = host.initial;
    let value: ValueId;
    if (target[i] !== NO_TARGET) {
      const thunk = around.thunk(target[i]);
      if (thunk === UNSET) return { kind: 'function', rva: target[i] };
      value = thunk;
    } else {
      const slot = src[i] === Operand.memory && base[i] === BASE_RVA ? disp[i] >>> 0 : -1;
      const imported = slot >= 0 ? host.initial.importAt(slot) : UNSET;
      value = around.guardDispatch.has(slot)
        ? host.register(Reg.rax, i)
        : imported !== UNSET
          ? imported
          : operand(host, i, src[i], pointerSize);
    }
    const node = host.table.node(value);
    if (node.kind === 'import') return { kind: 'import', symbol: node.symbol, lookup: node.lookup };
    if (node.kind === 'constant') {
      const rva = image.rvaOf(node.value);
      if (rva >= 0 && image.isCode(rva)) return { kind: 'function', rva };
    }
    return { kind: 'unknown', value };
  }

  #effects(i: number): Effects {
    const known = keptForGood(this.#effectsOf, i);
    if (known) return known;
    const call = this.at(i);
    const target = this.target(i);
    return this.#host.questions.keep(this.#effectsOf, i, () =>
      target.kind === 'import' ? effectsOf(call, target.symbol) : opaqueEffects(call),
    );
  }

  /** The function of this module that is called, where it can be asked. */
  #callee(target: CallTarget): Callee | undefined {
    return target.kind === 'function' ? this.#around.callee(target.rva) : undefined;
  }

  /** What the call of instruction `i` returns. */
  returned(i: number): ValueId {
    const host = this.#host;
    if (onlyChecks(host, this.#around, i)) return host.register(Reg.rax, i);
    const call = this.at(i);
    const { target } = call;
    if (target.kind === 'import') {
      const role = this.#isBound ? roleOfSymbol(target.symbol) : undefined;
      return role?.kind === 'compare' ? comparisonOf(call, role) : this.#effects(i).returns();
    }
    const callee = this.#callee(target);
    return callee ? substitution(call)(callee.leaves(Reg.rax)) : host.table.result(call.site);
  }

  /** What the call of instruction `i` leaves in a register that it may change. */
  left(i: number, r: number): ValueId {
    const host = this.#host;
    if (onlyChecks(host, this.#around, i)) return host.register(r, i);
    if (r >= 16) return UNKNOWN;
    const { target } = this.at(i);
    return target.kind === 'function' && this.#around.keeps(target.rva, r) ? host.register(r, i) : UNKNOWN;
  }

  /** Where the call of instruction `i` may write. */
  extents(i: number, kinds: number): Extents {
    if (onlyChecks(this.#host, this.#around, i)) return NO_EXTENTS;
    const call = this.at(i);
    return call.target.kind === 'function'
      ? extentsOfCallee(this.#givenTo(call, i, kinds), call.site)
      : extentsOfWrites(call.table, this.#effects(i).writes);
  }

  /** What the call of instruction `i` leaves where the query looks, and what else it writes; addresses of those `kinds` lead there. */
  afterCall(i: number, query: Query, kinds: number): { readonly writes: readonly Write[]; readonly value?: Found } {
    const { initial } = this.#host;
    if (onlyChecks(this.#host, this.#around, i)) return NOTHING;
    const call = this.at(i);
    const { target } = call;
    if (target.kind !== 'function') return this.#effects(i);
    const callee = this.#callee(target);
    const value = callee && this.#writtenBy(callee, call, i, query, kinds);
    const first =
      query.base === FRAME &&
      query.width === initial.pointerSize &&
      objectIndices(initial.pointerSize).some((index) => call.argument(index) === query.address);
    if (!value && callee && !first) return NOTHING;
    const { writes } = callee ? NOTHING : this.#effects(i);
    return { writes, value: first ? this.#inObject(call, query, callee, value) : value };
  }

  /** What stands in an object of the frame after a call of a function of this module that it was given to first. */
  #inObject(call: Call, query: Query, callee: Callee | undefined, value: Found | undefined): Found {
    return () => {
      const { table } = this.#host;
      const left = value ? value() : callee ? call.word(query.address, query.width) : table.output(call.site, 0, 0);
      if (!isOpen(table, left, query.base) || call.writtenText(query.address) !== UNSET) return left;
      const assumed = assumedText(call);
      return assumed === UNSET ? left : assumed;
    };
  }

  #writtenBy(callee: Callee, call: Call, i: number, query: Query, kinds: number): Found | undefined {
    return writtenByCallee(
      call,
      callee,
      query,
      this.#givenTo(call, i, kinds),
      query.width > 0 ? NO_PLACES : this.#behindOf(call, i),
    );
  }

  #givenTo(call: Call, i: number, kinds: number): readonly GivenPlace[] {
    const key = i * 32 + kinds;
    return (
      keptForGood(this.#given, key) ??
      this.#host.questions.keep(this.#given, key, () =>
        givenPlaces(call, (index) => (this.#kindsOf(index, i) & kinds) !== 0),
      )
    );
  }

  #behindOf(call: Call, i: number): () => readonly GivenPlace[] {
    return () =>
      this.#host.questions.keep(this.#behind, i, () =>
        placesBehind(call, this.#givenTo(call, i, Origin.any), this.#around.effort.objects),
      );
  }
}

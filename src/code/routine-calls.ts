// The calls that Windows makes to a function of the module, which gave its address away: with what the call that did so had the function be given.
import { type Call, type CallTarget, symbolName } from './call.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import type { InitialMemory } from './initial-memory.ts';
import { offsetOf } from './roles/role.ts';
import { type Given, type RoutineRow, routineRow } from './roles/routines.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, type ValueId } from './values.ts';

/** Functions that are read for whom they give a routine to. */
const GIVER_LIMIT = 16;

/** A call that Windows makes to a function of the module. */
export interface CallByWindows {
  readonly call: Call;
  /** The function that had it be made. */
  readonly caller: number;
  /** The parameter that says by its number what the call is about, where it is made for more than that. */
  readonly about: number | undefined;
}

/** The call that Windows makes to a routine, at the moment at which the routine was given to it. */
class CallOfRoutine implements Call {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly site: number;
  readonly target: CallTarget;
  readonly pushed = 0;
  readonly given = 0;
  readonly indices: readonly number[];
  readonly repeats: boolean;
  readonly #given: Call;
  readonly #gives: ReadonlyMap<number, Given>;

  constructor(given: Call, gives: readonly Given[], routine: number) {
    this.table = given.table;
    this.initial = given.initial;
    this.site = given.site;
    this.target = { kind: 'function', rva: routine };
    this.indices = gives.map(({ parameter }) => parameter);
    this.repeats = given.repeats;
    this.#given = given;
    this.#gives = new Map(gives.map((one) => [one.parameter, one]));
  }

  argument(index: number): ValueId {
    const one = this.#gives.get(index);
    if (!one) return UNKNOWN;
    return 'number' in one ? this.table.constant(one.number) : this.#given.argument(one.argument);
  }

  register(): ValueId {
    return UNKNOWN;
  }

  /** A field that is empty when the routine is given may be filled before it is called. */
  word(address: ValueId, width: number): ValueId {
    const word = this.#given.word(address, width);
    return this.table.number(word) === 0 ? UNKNOWN : word;
  }

  text(address: ValueId, wide: boolean | undefined): ValueId {
    return this.#given.text(address, wide);
  }

  writtenText(address: ValueId): ValueId {
    return this.#given.writtenText(address);
  }
}

/** Tells who gives the functions of one module to Windows. */
export class RoutineCalls {
  readonly #flow: ModuleFlow;
  readonly #known = new Map<number, readonly CallByWindows[]>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
  }

  /** The calls that Windows makes to the function at `start`. */
  to(start: number): readonly CallByWindows[] {
    let calls = this.#known.get(start);
    if (!calls) {
      calls = this.#flow.beside(() => this.#find(start));
      this.#known.set(start, calls);
    }
    return calls;
  }

  #find(start: number): readonly CallByWindows[] {
    const flow = this.#flow;
    const givers = new Set<number>();
    for (const at of flow.references.data.to(start)) {
      const giver = flow.image.isCode(at) ? flow.functionHolding(at) : -1;
      if (giver >= 0) givers.add(giver);
      if (givers.size >= GIVER_LIMIT) break;
    }
    const calls: CallByWindows[] = [];
    for (const caller of givers) {
      const values = flow.values(caller);
      if (!values || values.questions.busy) continue;
      for (let i = 0; i < values.code.count; i++) {
        const one = this.#callAt(values, i, start, caller);
        if (one) calls.push(one);
      }
    }
    return calls;
  }

  #callAt(values: FunctionValues, i: number, start: number, caller: number): CallByWindows | undefined {
    if (!values.isCall(i) || !values.comesTo(i)) return undefined;
    const target = values.target(i);
    const row = target.kind === 'import' ? routineRow(symbolName(target.symbol) ?? '') : undefined;
    if (!row) return undefined;
    const call = values.call(i);
    const { table } = call;
    const address = this.#flow.image.imageBase + start;
    const given = table.alternatives(routineGiven(call, row)).some((one) => table.number(one) === address);
    if (!given) return undefined;
    const about = row.gives.find((one) => 'number' in one)?.parameter;
    return { call: new CallOfRoutine(call, row.gives, start), caller, about };
  }
}

function routineGiven(call: Call, { routine }: RoutineRow): ValueId {
  const { table } = call;
  const size = call.initial.pointerSize;
  const given = call.argument(routine.argument);
  if (!routine.field) return given;
  return call.word(table.add(given, offsetOf(routine.field, size)), size);
}

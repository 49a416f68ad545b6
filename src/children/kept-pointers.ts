// Where a module keeps the addresses of sinks that GetProcAddress gave it: variables, and parameters of its own functions.
import { symbolName } from '../code/call.ts';
import { argumentSource } from '../code/call-instruction.ts';
import { stored } from '../code/definitions.ts';
import type { ModuleFlow } from '../code/flow.ts';
import type { FunctionValues } from '../code/function-values.ts';
import { BASE_RVA, NO_TARGET, Op, Operand } from '../code/instruction.ts';
import { ENTRY } from '../code/reaching.ts';
import type { ValueId } from '../code/values.ts';
import { sinkOf } from './sinks/index.ts';
import type { Sink } from './sinks/sink.ts';

/** Functions that are read for whom they pass a pointer on to. */
const PASSING_LIMIT = 64;

/** The sinks that a module keeps pointers to. */
export class KeptPointers {
  readonly #flow: ModuleFlow;
  /** By the variable's RVA. */
  readonly #variables = new Map<number, Sink>();
  /** By the function's start and the parameter's index. */
  readonly #parameters = new Map<string, Sink>();
  readonly #functions = new Set<number>();

  /** `looking` are the functions that name a sink for GetProcAddress. */
  constructor(flow: ModuleFlow, looking: readonly number[]) {
    this.#flow = flow;
    for (const start of looking) this.#readFunction(start);
    // A set gives what is put into it while it is gone through: who got a pointer may pass it on.
    let passing = 0;
    for (const start of this.#functions) if (++passing <= PASSING_LIMIT) this.#readFunction(start);
    for (const rva of this.#variables.keys())
      for (const at of flow.references.data.to(rva)) {
        const owner = flow.functionHolding(at);
        if (owner >= 0) this.#functions.add(owner);
      }
  }

  /** Functions that may call through a kept pointer. */
  get functions(): ReadonlySet<number> {
    return this.#functions;
  }

  /** The sink that a call of the function at `start` goes to through `target`, where that is a kept pointer. */
  sinkAt(start: number, target: ValueId): Sink | undefined {
    const { table, image } = this.#flow;
    for (const one of table.alternatives(target)) {
      const node = table.node(one);
      const at = node.kind === 'load' ? table.number(node.address) : undefined;
      const sink =
        at !== undefined
          ? this.#variables.get(image.rvaOf(at))
          : node.kind === 'parameter'
            ? this.#parameters.get(`${start}:${node.index}`)
            : undefined;
      if (sink) return sink;
    }
    return undefined;
  }

  #readFunction(start: number): void {
    const values = this.#flow.values(start);
    if (!values) return;
    this.#flow.beginSite();
    const { code } = values;
    for (let i = 0; i < code.count; i++) {
      if (code.dst[i] === Operand.memory && code.base[i] === BASE_RVA && values.comesTo(i)) {
        const sink = this.#lookedUp(stored(values, i));
        if (sink) this.#variables.set(code.disp[i] >>> 0, sink);
      } else if (code.target[i] !== NO_TARGET && values.isCall(i) && values.comesTo(i)) {
        const call = values.call(i);
        for (const argument of call.indices) {
          if (!mayBePointer(values, argument, i)) continue;
          const value = call.argument(argument);
          const sink = this.#lookedUp(value) ?? this.sinkAt(start, value);
          if (!sink) continue;
          this.#parameters.set(`${code.target[i]}:${argument}`, sink);
          this.#functions.add(code.target[i]);
        }
      }
    }
  }

  /** The sink whose address GetProcAddress gave. */
  #lookedUp(value: ValueId): Sink | undefined {
    const { table } = this.#flow;
    for (const one of table.alternatives(value)) {
      const node = table.node(one);
      const name = node.kind === 'import' && node.lookup !== undefined ? symbolName(node.symbol) : undefined;
      const sink = name === undefined ? undefined : sinkOf(name);
      if (sink) return sink;
    }
    return undefined;
  }
}

/** Whether an argument may be an address that was looked up: what the instructions near by tell to be a number or a place is none. */
function mayBePointer(values: FunctionValues, argument: number, i: number): boolean {
  const source = argumentSource(values, argument, i);
  if (!source || source.which === Operand.immediate) return false;
  if (source.which >= 16) return true;
  const name = values.reaching.at(source.which, source.at);
  if (name < 0) return name !== ENTRY;
  const { op, src } = values.code;
  return op[name] === Op.call || ((op[name] === Op.mov || op[name] === Op.cmov) && src[name] !== Operand.immediate);
}

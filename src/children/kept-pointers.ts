// Where a module keeps the addresses of sinks that GetProcAddress gave it: variables, and parameters of its own functions.
import { symbolName } from '../code/call.ts';
import { stored } from '../code/definitions.ts';
import type { ModuleFlow } from '../code/flow.ts';
import type { FunctionValues } from '../code/function-values.ts';
import { BASE_RVA, NO_TARGET, Operand } from '../code/instruction.ts';
import type { ValueId } from '../code/values.ts';
import { sinkOf } from './sinks/index.ts';
import type { Sink } from './sinks/sink.ts';

/** Register arguments that are looked at for a pointer. */
const ARGUMENTS = 4;

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
    for (const start of looking) {
      const values = flow.values(start);
      flow.beginSite();
      if (values) this.#readFunction(values);
    }
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

  #readFunction(values: FunctionValues): void {
    const { code } = values;
    for (let i = 0; i < code.count; i++) {
      if (code.dst[i] === Operand.memory && code.base[i] === BASE_RVA && values.comesTo(i)) {
        const sink = this.#lookedUp(stored(values, i));
        if (sink) this.#variables.set(code.disp[i] >>> 0, sink);
      } else if (code.target[i] !== NO_TARGET && values.isCall(i) && values.comesTo(i)) {
        for (let argument = 0; argument < ARGUMENTS; argument++) {
          const sink = this.#lookedUp(values.call(i).argument(argument));
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

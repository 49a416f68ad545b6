// What the instructions near a call put into an argument, told without following values: a constant, or an argument of the function itself.
import { indexOfRegister } from '../../code/arguments.ts';
import { argumentSource } from '../../code/call-instruction.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { BASE_RVA, NONE, Op, Operand } from '../../code/instruction.ts';
import { ENTRY } from '../../code/reaching.ts';

export type NearArgument =
  /** `va` is a virtual address, or any number. */
  { readonly kind: 'constant'; readonly va: number } | { readonly kind: 'parameter'; readonly index: number };

/** Moves between registers that are followed. */
const HOPS = 4;

/** What the `index`-th argument of the call that is instruction `i` is; undefined where no instruction near by tells. */
export function nearArgument(values: FunctionValues, index: number, i: number): NearArgument | undefined {
  const { code, reaching, initial } = values;
  const source = argumentSource(values, index, i);
  if (!source) return undefined;
  if (source.which === Operand.immediate) return constant(code.immLo[source.at]);
  let r = source.which;
  let at = source.at;
  for (let hops = 0; hops < HOPS && r < 16; hops++) {
    const name = reaching.at(r, at);
    if (name === ENTRY) {
      const parameter = indexOfRegister(r, initial.pointerSize);
      return parameter < 0 ? undefined : { kind: 'parameter', index: parameter };
    }
    if (name < 0) return undefined;
    const op = code.op[name];
    if (op === Op.lea && code.base[name] === BASE_RVA && code.index[name] === NONE)
      return { kind: 'constant', va: initial.image.imageBase + (code.disp[name] >>> 0) };
    if (op === Op.zero || (op === Op.xor && code.dst[name] === code.src[name])) return { kind: 'constant', va: 0 };
    if (op !== Op.mov) return undefined;
    if (code.src[name] === Operand.immediate) return constant(code.immLo[name], code.immHi[name]);
    r = code.src[name];
    at = name;
  }
  return undefined;
}

function constant(low: number, high = 0): NearArgument {
  return { kind: 'constant', va: (high >>> 0) * 2 ** 32 + (low >>> 0) };
}

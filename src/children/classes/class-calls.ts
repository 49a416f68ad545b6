// The calls of a module that ask for a class, found by the import slots of the functions that do.

import { importCalled } from '../../code/call-instruction.ts';
import type { ModuleFlow } from '../../code/flow.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { functionsTouching } from '../../code/functions-touching.ts';
import { UNSET } from '../../code/values.ts';
import { CLASS_APIS, type ClassApi } from './class-apis.ts';

export interface ClassCall {
  /** The function's name. */
  readonly name: string;
  readonly api: ClassApi;
  /** The function that holds the call, and the call's instruction in it. */
  readonly values: FunctionValues;
  readonly i: number;
  /** RVA of the start of that function. */
  readonly start: number;
}

/** Calls that are told of one module; a note says so where there are more. */
export const MOST_CALLS = 20_000;

/** The calls, by function and in the order of their instructions. */
export function findClassCalls(flow: ModuleFlow): readonly ClassCall[] {
  const names = new Map<number, string>();
  for (const { name, slot } of flow.symbols)
    if (name !== undefined && Object.hasOwn(CLASS_APIS, name)) names.set(slot, name);
  if (names.size === 0) return [];
  const calls: ClassCall[] = [];
  for (const start of flow.image.is64 ? touching(flow, names.keys()) : functionsTouching(flow, new Set(names.keys()))) {
    const values = flow.values(start);
    if (!values) continue;
    const { count } = values.code;
    for (let i = 0; i < count && calls.length < MOST_CALLS; i++) {
      if (!values.isCall(i)) continue;
      const name = names.get(importCalled(values, flow, i)?.symbol.slot ?? -1);
      if (name !== undefined) calls.push({ name, api: CLASS_APIS[name], values, i, start });
    }
  }
  return calls;
}

const INDIRECT = 0xff;
/** The ModRM byte of `jmp [rip + displacement]`. */
const JUMP = 0x25;
const REX_W = 0x48;

/**
 * The listed functions (x64) that touch one of the slots, directly or through a thunk. A function that .pdata does not list calls nothing, so that none
 * has to be looked for.
 */
function touching(flow: ModuleFlow, slots: Iterable<number>): readonly number[] {
  const { image, code } = flow;
  const starts = new Set<number>();
  const callers = (thunk: number): void => {
    for (const caller of flow.calls.to(thunk)) {
      const owner = code.functionAt(caller);
      if (owner >= 0) starts.add(owner);
    }
  };
  for (const slot of slots) {
    for (const place of flow.references.data.to(slot)) {
      const start = code.functionAt(place);
      if (start >= 0 && flow.thunk(start) === UNSET) starts.add(start);
      else if (start >= 0) callers(start);
      else if (image.readU8(place - 2) === INDIRECT && image.readU8(place - 1) === JUMP)
        for (const thunk of image.readU8(place - 3) === REX_W ? [place - 3, place - 2] : [place - 2]) callers(thunk);
    }
  }
  return [...starts].sort((a, b) => a - b);
}

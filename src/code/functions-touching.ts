// Which functions of a module touch import slots or other data, directly or through a thunk.
import type { ModuleFlow } from './flow.ts';
import { UNSET } from './values.ts';

/** Functions that touch one of the slots, directly or through a thunk. */
export function functionsTouching(flow: ModuleFlow, slots: ReadonlySet<number>): readonly number[] {
  const starts = new Set<number>();
  const visit = (rva: number): void => {
    const start = flow.functionHolding(rva);
    if (start >= 0 && flow.thunk(start) === UNSET) {
      starts.add(start);
      return;
    }
    // `jmp [slot]` without .pdata: the displacement stands 2 or 3 bytes behind the thunk's start.
    for (const back of [2, 3, 6, 7]) {
      const thunk = rva - back;
      if (flow.thunk(thunk) === UNSET) continue;
      for (const caller of flow.calls.to(thunk)) {
        const owner = flow.functionHolding(caller);
        if (owner >= 0) starts.add(owner);
      }
    }
  };
  if (slots.size === 0) return [];
  const { data } = flow.references;
  for (const rva of [...slots].flatMap((slot) => data.to(slot))) visit(rva);
  return [...starts].sort((a, b) => a - b);
}

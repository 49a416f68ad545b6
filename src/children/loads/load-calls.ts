// Where a module's code calls the functions that load others: the functions that hold such a call, found with as little reading as it takes.
import type { ModuleFlow } from '../../code/flow.ts';
import { functionsTouching } from '../../code/functions-touching.ts';
import { UNSET } from '../../code/values.ts';
import { sectionStretches } from '../../pe/section-stretches.ts';

/** The second byte of `call [rip+disp32]` and of `jmp [rip+disp32]`, behind FF. */
const CALL = 0x15;
const JUMP = 0x25;
const FF = 0xff;
/** binutils' ld: every import has a thunk that its calls go through. */
const GNU_LINKER = 2;

/**
 * Starts of the functions that call through one of the slots, ascending. `thorough`: also those that take its content first. Else in x64 code
 * that .pdata lists, the bytes are looked through for the instruction alone: who refers to what is not read for it.
 */
export function functionsCalling(flow: ModuleFlow, slots: ReadonlySet<number>, thorough: boolean): readonly number[] {
  const { image } = flow;
  if (thorough || !image.is64 || image.linker === GNU_LINKER) return functionsTouching(flow, slots);
  const starts = new Set<number>();
  let thunks = false;
  const { bytes } = image;
  for (const { begin, end } of sectionStretches(image, ({ virtualAddress }) => image.isCode(virtualAddress))) {
    const first = image.offsetOf(begin);
    if (first < 0) continue;
    const toRva = begin - first;
    const last = first + end - begin - 4;
    for (const byte of [CALL, JUMP])
      for (let at = bytes.indexOf(byte, first + 1); at >= 0 && at < last; at = bytes.indexOf(byte, at + 1)) {
        if (bytes[at - 1] !== FF) continue;
        const displacement = bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24);
        if (!slots.has(at + 5 + toRva + displacement)) continue;
        const start = flow.code.functionAt(at - 1 + toRva);
        if (start >= 0 && flow.thunk(start) === UNSET) starts.add(start);
        else thunks = true;
      }
  }
  // Who calls a thunk is known only where all references are.
  if (thunks && starts.size === 0) return functionsTouching(flow, slots);
  return [...starts].sort((a, b) => a - b);
}

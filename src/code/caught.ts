// What exceptions do to the ways through a function: the blocks that it goes on at behind one, and whether more than its own code writes its frame.
import { type CaughtExceptions, caughtByUnwind, isScopeTableX86 } from '../pe/caught-exceptions.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import { instructionAt } from './functions.ts';
import { Operand } from './instruction.ts';

/** As a segment of an operand: where an x86 function registers what is to be called on an exception. */
const FS = 1;

export interface Caught {
  /** Blocks that control comes to behind an exception. */
  readonly blocks: ReadonlySet<number>;
  readonly writesFrame: boolean;
}

/** What a function catches; undefined where it may go on anywhere. */
export function caughtIn(flow: ModuleFlow, values: FunctionValues): Caught | undefined {
  const { body } = values.reaching;
  const caught = flow.image.is64
    ? caughtByUnwind(flow.image, flow.code.unwindAt(body.start))
    : registered(flow, values);
  if (caught === undefined) return { blocks: new Set(), writesFrame: false };
  const { goesOnAt, writesFrame } = caught;
  if (goesOnAt === 'unknown') return undefined;
  const blocks = new Set<number>();
  for (const rva of goesOnAt === 'by-catch' ? namedOutside(flow, values) : goesOnAt) {
    const i = instructionAt(values.code, rva);
    if (i < 0) continue;
    const b = values.reaching.blockOf[i];
    // What is behind that instruction can then not be told from what is before it.
    if (body.blocks[b].first !== i) return undefined;
    blocks.add(b);
  }
  return { blocks, writesFrame };
}

/** RVAs within the function that code outside refers to. */
function* namedOutside(flow: ModuleFlow, { reaching: { body } }: FunctionValues): Generator<number> {
  const { data } = flow.references;
  for (const { begin, end } of body.parts) {
    let at = data.firstTargetBetween(begin - 1, end);
    for (; at < end; at = data.firstTargetBetween(at, end)) {
      const isOutside = (place: number): boolean => body.parts.every((part) => place < part.begin || place >= part.end);
      if (at > body.start && data.to(at).some(isOutside)) yield at;
    }
  }
}

/** An x86 function that registers what is to be called goes on where its tables say, in code that nothing is seen to come to. */
function registered({ image }: ModuleFlow, { code }: FunctionValues): CaughtExceptions | undefined {
  const unknown: CaughtExceptions = { goesOnAt: 'unknown', writesFrame: true };
  for (let i = 0; i < code.count; i++) {
    if (code.segment[i] === FS && code.dst[i] === Operand.memory) return unknown;
    if (code.src[i] !== Operand.immediate || code.size[i] !== 4) continue;
    const named = image.rvaOf(code.immLo[i] >>> 0);
    if (named > 0 && !image.isCode(named) && isScopeTableX86(image, named)) return unknown;
  }
  return undefined;
}

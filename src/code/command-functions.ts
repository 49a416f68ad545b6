// Which functions of a module may have a part of the own command line at hand: those that get it, and those that they call.
import { roleOfSymbol } from './call.ts';
import type { ModuleFlow } from './flow.ts';
import { functionsTouching } from './functions-touching.ts';
import type { Role } from './roles/role.ts';

/** Calls that a part of the command line is handed on by. */
const LEVELS = 3;
const MOST_FUNCTIONS = 4000;

function givesCommandLine(role: Role | undefined): boolean {
  if (role?.kind === 'text') return role.source === 'command-line';
  return role?.kind === 'command-words' || role?.kind === 'variable' || role?.kind === 'variable-address';
}

/** RVAs of their starts; none where the module does not ask for the command line. */
export function commandFunctions(flow: ModuleFlow): ReadonlySet<number> {
  const slots = flow.symbols
    .filter((symbol) => givesCommandLine(roleOfSymbol(symbol, flow.initial.pointerSize)))
    .map(({ slot }) => slot);
  const found = new Set(functionsTouching(flow, new Set(slots)));
  if (found.size === 0) return found;
  // The start-up code may keep it in variables before it calls the main function.
  const { entryPoint } = flow.image;
  for (const start of entryPoint > 0 ? [entryPoint, ...calledBy(flow, entryPoint)] : []) found.add(start);
  let level = [...found];
  for (let depth = 0; depth < LEVELS; depth++) {
    const next: number[] = [];
    for (const callee of level.flatMap((start) => calledBy(flow, start))) {
      if (found.has(callee) || found.size >= MOST_FUNCTIONS) continue;
      found.add(callee);
      next.push(callee);
    }
    level = next;
  }
  return found;
}

function calledBy(flow: ModuleFlow, start: number): readonly number[] {
  const called: number[] = [];
  for (const { begin, end } of flow.code.parts(start))
    flow.calls.eachFrom(begin, end, (target) => {
      const owner = flow.code.functionAt(target);
      called.push(owner >= 0 ? owner : target);
    });
  return called;
}

// Which of a document's modules the answer rests on, and which are missing in it.
import type { ModuleEntry } from './document.ts';

const READ: ReadonlySet<ModuleEntry['role']> = new Set(['specific', 'run-time', 'hosted']);

/** The modules beside the image that were looked for and found. */
export function modulesRead(modules: readonly ModuleEntry[]): readonly ModuleEntry[] {
  return modules.filter(({ role, found }) => READ.has(role) && found);
}

/** Those that were looked for and not found: what they start is not known. */
export function modulesMissing(modules: readonly ModuleEntry[]): readonly ModuleEntry[] {
  return modules.filter(({ role, found }) => READ.has(role) && !found);
}

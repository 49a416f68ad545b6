// Which of a document's modules the answer lacks.
import type { ModuleEntry } from './document.ts';

const READ: ReadonlySet<ModuleEntry['role']> = new Set(['specific', 'run-time', 'hosted']);

/** The modules beside the image that were looked for and not found: what they start is not known. */
export function modulesMissing(modules: readonly ModuleEntry[]): readonly ModuleEntry[] {
  return modules.filter(({ role, found }) => READ.has(role) && !found);
}

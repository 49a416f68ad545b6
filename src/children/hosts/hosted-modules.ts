// Which modules a document is about beside its host, and whether the host itself was read.
import type { ChildrenDocument } from '../document.ts';

type Document = Pick<ChildrenDocument, 'parent' | 'modules'>;

/** Names of the modules that run in a host: the one that was asked about by itself, or those given beside the host. */
export function hostedModules({ parent, modules }: Document): readonly string[] {
  if (parent.kind === 'module') return [parent.image];
  return [...new Set(modules.filter(({ role }) => role === 'hosted').map(({ name }) => name))];
}

/** Whether the program whose children are told is among what was read. */
export function isHostRead({ parent, modules }: Document): boolean {
  return parent.kind === 'program' && !modules.some(({ role, found }) => role === 'image' && !found);
}

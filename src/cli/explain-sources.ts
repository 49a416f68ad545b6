// What --explain looks up in the bytes of the image and of the modules that were loaded: one view a module, made when first asked.
import type { ChildrenDocument } from '../children/document.ts';
import type { LoadSymbols } from '../children/module-symbols.ts';
import { ModuleView } from '../children/module-view.ts';
import type { ModuleFile } from '../children/modules.ts';
import type { ExplainSources } from './explain-lines.ts';

/** `fileOf` gives a module of the document by its name, undefined where it was not loaded. */
export function explainSources(
  document: ChildrenDocument,
  fileOf: (module: string) => ModuleFile | undefined,
  loadSymbols?: LoadSymbols,
): ExplainSources {
  const views = new Map<string, ModuleView | undefined>();
  const viewOf = (module: string): ModuleView | undefined => {
    const known = views.get(module);
    if (known) return known;
    const file = fileOf(module);
    const view = file ? new ModuleView(file, document.sites, loadSymbols) : undefined;
    views.set(module, view);
    return view;
  };
  return {
    instructionsAround: (module, address, within) => viewOf(module)?.instructionsAround(address, within) ?? [],
    functionAt: (module, address) => viewOf(module)?.functionAt(address),
    describeFunction: (module, start) => viewOf(module)?.describeFunction(start),
    usesOf: (named) => viewOf(named.module)?.usesOf(named) ?? [],
  };
}

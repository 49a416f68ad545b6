// What --explain looks up in the image and in the modules that were loaded: one view a module, made when first asked.
import type { ChildrenDocument } from '../children/document.ts';
import { type FollowedModule, followFile } from '../children/followed-module.ts';
import type { LoadSymbols } from '../children/module-symbols.ts';
import { ModuleView } from '../children/module-view.ts';
import type { ModuleFile } from '../children/modules.ts';
import type { ExplainSources } from './explain-lines.ts';

export interface ReadFiles {
  /** The modules that were analysed, by their names in the document. */
  readonly analysed: ReadonlyMap<string, FollowedModule>;
  /** The file of another module of the document, by its name; undefined where it was not loaded. */
  readonly fileOf: (module: string) => ModuleFile | undefined;
  readonly loadSymbols?: LoadSymbols;
}

export function explainSources(document: ChildrenDocument, files: ReadFiles): ExplainSources {
  const views = new Map<string, ModuleView | undefined>();
  const viewOf = (module: string): ModuleView | undefined => {
    const known = views.get(module);
    if (known) return known;
    const followed = files.analysed.get(module) ?? followLoaded(module, files);
    const view = followed && new ModuleView(followed, document.sites);
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

/** A module that was loaded, and starts nothing. */
function followLoaded(module: string, { fileOf, loadSymbols }: ReadFiles): FollowedModule | undefined {
  const file = fileOf(module);
  return file && followFile(file, { loadSymbols });
}

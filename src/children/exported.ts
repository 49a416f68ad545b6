// What the modules export to the image: where the image's imports enter them, and what they only forward.
import type { ExportedSymbol } from '../pe/exports.ts';
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import type { ConsideredModule } from './modules.ts';
import type { Root } from './reach.ts';

/** The exports of a module that the image imports, under any of the names by which it knows the module. */
export function importedRoots(image: PeImage, module: ConsideredModule): readonly Root[] {
  const exportOf = exportsOf(module);
  const names = new Set([stem(module.name), ...module.contracts.map(stem)]);
  const roots: Root[] = [];
  for (const symbol of [...image.imports, ...image.delayImports]) {
    if (!names.has(stem(symbol.module))) continue;
    const target = exportOf(symbol);
    if (target && target.forwarder === undefined)
      roots.push({ reach: `export:${target.name ?? `#${target.ordinal}`}`, rva: target.rva });
  }
  return roots;
}

/** Tells of an import which function it is in truth, where one of the modules exports it as a forwarder ("KERNEL32.WinExec"). */
export function forwardedImports(modules: readonly ConsideredModule[]): (symbol: ImportedSymbol) => string | undefined {
  const byName = new Map<string, (symbol: ImportedSymbol) => ExportedSymbol | undefined>();
  for (const module of modules) {
    if (!module.image?.exports?.symbols.some((symbol) => symbol.forwarder !== undefined)) continue;
    const exportOf = exportsOf(module);
    for (const name of [module.name, ...module.contracts]) byName.set(stem(name), exportOf);
  }
  return (symbol) => byName.get(stem(symbol.module))?.(symbol)?.forwarder?.replace(/^.*\./, '');
}

/** Finds a module's exports by name and by ordinal. */
function exportsOf(module: ConsideredModule): (symbol: ImportedSymbol) => ExportedSymbol | undefined {
  const exported = module.image?.exports?.symbols ?? [];
  const byName = new Map(exported.map((symbol) => [symbol.name, symbol]));
  const byOrdinal = new Map(exported.map((symbol) => [symbol.ordinal, symbol]));
  return ({ name, ordinal }) => (name === undefined ? byOrdinal.get(ordinal ?? -1) : byName.get(name));
}

function stem(name: string): string {
  return name.toLowerCase().replace(/\.(dll|exe|drv|ocx|cpl)$/, '');
}

// What the modules export to the image: where the image's imports enter them, and what they only forward.
import type { ExportedSymbol } from '../pe/exports.ts';
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import type { Reach } from './document.ts';
import type { ConsideredModule } from './modules.ts';

/** Where execution can enter: the program's own start, or an export that the program imports. */
export interface Root {
  /** The reach of what direct calls lead to from here. */
  readonly reach: Reach;
  readonly rva: number;
}

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

/** RVAs of the exports of a module that any image imports, or forwards to; `hostOf` tells the module behind the name that an import gives. */
export function enteredBy(
  image: PeImage,
  module: ConsideredModule,
  hostOf: (name: string) => string,
): readonly number[] {
  const exportOf = exportsOf(module);
  const forwards = (image.exports?.symbols ?? []).flatMap(({ forwarder }) => {
    const parts = /^(.*)\.(?:#(\d+)|([^.]*))$/.exec(forwarder ?? '');
    return parts
      ? [{ module: parts[1], name: parts[3], ordinal: parts[2] === undefined ? undefined : Number(parts[2]) }]
      : [];
  });
  const entered: number[] = [];
  for (const symbol of [...image.imports, ...image.delayImports, ...forwards]) {
    const target = stem(hostOf(symbol.module)) === stem(module.name) ? exportOf(symbol) : undefined;
    if (target) entered.push(target.rva);
  }
  return entered;
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
function exportsOf(
  module: ConsideredModule,
): (symbol: Pick<ImportedSymbol, 'name' | 'ordinal'>) => ExportedSymbol | undefined {
  const exported = module.image?.exports?.symbols ?? [];
  const byName = new Map(exported.map((symbol) => [symbol.name, symbol]));
  const byOrdinal = new Map(exported.map((symbol) => [symbol.ordinal, symbol]));
  return ({ name, ordinal }) => (name === undefined ? byOrdinal.get(ordinal ?? -1) : byName.get(name));
}

function stem(name: string): string {
  return name.toLowerCase().replace(/\.(dll|exe|drv|ocx|cpl)$/, '');
}

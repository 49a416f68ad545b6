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

/** A module that others import from. */
export type Exporting = Pick<ConsideredModule, 'name' | 'image' | 'contracts'>;

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

/** RVAs of the exports of a module that any image imports, or forwards to; `isIt` tells whether a name that an import gives is the module's. */
export function enteredBy(image: PeImage, module: Exporting, isIt: (name: string) => boolean): readonly number[] {
  const exportOf = exportsOf(module);
  const entered: number[] = [];
  const enter = (symbol: Named): void => {
    const target = exportOf(symbol);
    if (target) entered.push(target.rva);
  };
  const known = new Map<string, boolean>();
  for (const symbols of [image.imports, image.delayImports]) {
    for (const symbol of symbols) {
      let own = known.get(symbol.module);
      if (own === undefined) {
        own = isIt(symbol.module);
        known.set(symbol.module, own);
      }
      if (own) enter(symbol);
    }
  }
  for (const { forwarder } of image.exports?.symbols ?? []) {
    const dot = forwarder?.lastIndexOf('.') ?? -1;
    if (forwarder === undefined || dot < 0 || !isIt(forwarder.slice(0, dot))) continue;
    const name = forwarder.slice(dot + 1);
    enter(name.startsWith('#') ? { ordinal: Number(name.slice(1)) } : { name });
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

/** What an export is asked for by. */
type Named = Pick<ImportedSymbol, 'name' | 'ordinal'>;

/** Finds a module's exports by name and by ordinal. */
function exportsOf(module: Exporting): (symbol: Named) => ExportedSymbol | undefined {
  const exported = module.image?.exports?.symbols ?? [];
  const byName = new Map(exported.map((symbol) => [symbol.name, symbol]));
  const byOrdinal = new Map(exported.map((symbol) => [symbol.ordinal, symbol]));
  return ({ name, ordinal }) => (name === undefined ? byOrdinal.get(ordinal ?? -1) : byName.get(name));
}

/** A module's name in lower case, without its extension. */
export function stem(name: string): string {
  return name.toLowerCase().replace(/\.(dll|exe|drv|ocx|cpl)$/, '');
}

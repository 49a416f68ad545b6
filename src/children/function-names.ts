// The names of a module's functions: of exports, and of symbols where there are some.
import type { PeImage } from '../pe/image.ts';
import { msvcFunctionName, plainFunctionName } from '../pe/msvc-function-name.ts';
import type { ModuleSymbols } from './module-symbols.ts';

export interface FunctionName {
  readonly name: string;
  /** "an export", or the symbols' file. */
  readonly by: { readonly kind: 'export' } | { readonly kind: 'symbols'; readonly file: string };
  /** Further names that symbols have for the same code: the linker folds functions whose code is the same into one. */
  readonly others: readonly string[];
}

const BY_EXPORT = { kind: 'export' } as const;

export class FunctionNames {
  readonly #image: PeImage;
  readonly #symbols: ModuleSymbols | undefined;
  #exports: ReadonlyMap<number, string> | undefined;

  constructor(image: PeImage, symbols?: ModuleSymbols) {
    this.#image = image;
    this.#symbols = symbols;
  }

  /** The name of the function that starts at `start`: its export's, but for a decorated one that symbols name in plain words. */
  of(start: number): FunctionName | undefined {
    const exported = this.exportOf(start);
    if (exported !== undefined && !exported.startsWith('?')) return { name: exported, by: BY_EXPORT, others: [] };
    return (
      this.#symbolOf(start) ?? (exported === undefined ? undefined : { name: exported, by: BY_EXPORT, others: [] })
    );
  }

  /** The first name that `start` is exported by. */
  exportOf(start: number): string | undefined {
    if (!this.#exports) {
      const names = new Map<number, string>();
      for (const { name, rva, forwarder } of this.#image.exports?.symbols ?? [])
        if (name !== undefined && forwarder === undefined && !names.has(rva)) names.set(rva, name);
      this.#exports = names;
    }
    return this.#exports.get(start);
  }

  #symbolOf(start: number): FunctionName | undefined {
    if (!this.#symbols) return undefined;
    const { procedures, publics } = this.#symbols.functions.namesAt(start);
    // The compiler's own spelling, where it is there; the linker's names of the same functions would only repeat it.
    const names =
      procedures.length > 0
        ? procedures.map(plainFunctionName)
        : publics.map((name) => msvcFunctionName(name, this.#image.arch === 'x86'));
    const [first, ...others] = new Set(names);
    return first === undefined ? undefined : { name: first, by: { kind: 'symbols', file: this.#symbols.name }, others };
  }
}

// An executable image: its headers now, each of its directories when first asked for and then kept.

import { type ClrHeader, readClr } from './clr.ts';
import { type DebugInfo, readDebug } from './debug.ts';
import { type FunctionTable, readFunctions } from './exception.ts';
import { type ExportTable, readExports } from './exports.ts';
import {
  type ImportDirectory,
  type ImportedModule,
  type ImportedSymbol,
  readDelayImports,
  readImports,
} from './imports.ts';
import { ImageLayout } from './layout.ts';
import { type LoadConfig, readLoadConfig } from './load-config.ts';
import { readMessageTable } from './message-table.ts';
import { readRelocations } from './relocations.ts';
import { type ResourceTree, readResources } from './resources.ts';
import { readRpcRoutines } from './rpc-interfaces.ts';
import { readVirtualTables, type VirtualTable } from './rtti.ts';
import { RvaSet } from './rva-set.ts';
import { type ResourceString, readStringTable } from './string-table.ts';
import { readTlsCallbacks } from './tls.ts';
import { readVersionInfo, type VersionInfo } from './version.ts';

export { isPortableExecutable, type Section } from './headers.ts';
export type { Arch } from './layout.ts';

/** Reads the headers of a PE32 or PE32+ file. `name` is used in messages. Throws FormatError when the bytes are none. */
export function readImage(bytes: Uint8Array, name = 'image'): PeImage {
  return new PeImage(bytes, name);
}

/** Each getter answers what can be read; what is damaged is noted in `notes` when it is first asked for, what is absent is empty or undefined. */
export class PeImage extends ImageLayout {
  readonly #known = new Map<string, unknown>();

  get imports(): readonly ImportedSymbol[] {
    return this.#importDirectory.symbols;
  }

  get delayImports(): readonly ImportedSymbol[] {
    return this.#delayImportDirectory.symbols;
  }

  /** Modules in the order of the tables, imports before delay imports; one without symbols is listed too. */
  get importedModules(): readonly ImportedModule[] {
    return this.#once('importedModules', () => [
      ...this.#importDirectory.modules,
      ...this.#delayImportDirectory.modules,
    ]);
  }

  get exports(): ExportTable | undefined {
    return this.#once('exports', () => readExports(this));
  }

  get functions(): FunctionTable {
    return this.#once('functions', () => readFunctions(this));
  }

  get relocations(): Uint32Array {
    return this.#once('relocations', () => readRelocations(this));
  }

  /** What the pointer at each of the {@link relocations} names, an RVA; -1 where it names nothing in the image. */
  get pointers(): Float64Array {
    return this.#once('pointers', () => {
      const { relocations } = this;
      const named = new Float64Array(relocations.length);
      for (let i = 0; i < named.length; i++) named[i] = this.rvaOf(this.readPointer(relocations[i]));
      return named;
    });
  }

  /** RVAs that pointers of the image name, as far as relocations tell pointers. */
  get pointedTo(): RvaSet {
    return this.#once('pointedTo', () => new RvaSet(this.pointers));
  }

  get resources(): ResourceTree | undefined {
    return this.#once('resources', () => readResources(this));
  }

  get versionInfo(): VersionInfo | undefined {
    return this.#once('versionInfo', () => readVersionInfo(this, this.resources));
  }

  get stringTable(): readonly ResourceString[] {
    return this.#once('stringTable', () => readStringTable(this, this.resources));
  }

  get messageTable(): readonly ResourceString[] {
    return this.#once('messageTable', () => readMessageTable(this, this.resources));
  }

  get loadConfig(): LoadConfig | undefined {
    return this.#once('loadConfig', () => readLoadConfig(this));
  }

  get debug(): DebugInfo | undefined {
    return this.#once('debug', () => readDebug(this));
  }

  /** The routines of the RPC interfaces that the image serves: by RVA, the interface's UUID. */
  get rpcRoutines(): ReadonlyMap<number, string> {
    return this.#once('rpcRoutines', () => readRpcRoutines(this));
  }

  /** The tables of virtual functions whose class is named. */
  get virtualTables(): readonly VirtualTable[] {
    return this.#once('virtualTables', () => readVirtualTables(this, this.relocations));
  }

  get clr(): ClrHeader | undefined {
    return this.#once('clr', () => readClr(this));
  }

  /** RVAs. */
  get tlsCallbacks(): readonly number[] {
    return this.#once('tlsCallbacks', () => readTlsCallbacks(this));
  }

  get #importDirectory(): ImportDirectory {
    return this.#once('imports', () => readImports(this));
  }

  get #delayImportDirectory(): ImportDirectory {
    return this.#once('delayImports', () => readDelayImports(this, () => this.relocations));
  }

  #once<T>(key: string, read: () => T): T {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const value = read();
    this.#known.set(key, value);
    return value;
  }
}

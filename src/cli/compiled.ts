// Loads the command's program from one CommonJS file, with the bytecode that V8 made of it when it was built.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** The newest Node whose V8 is known to take the flag; another one would complain on stderr. */
const LAST_TRIED = 24;

/**
 * A run is over in a fraction of a second: V8 compiles what is warm too early for that, and most of it in vain (bench/cold-start.mjs: a quarter
 * of the time). Its default is 132 KB of bytecode run; what is hot for longer is still compiled. To be set before {@link loadCompiled}, because
 * V8 takes bytecode only under the flags that it was made under.
 */
export function compileLater(): void {
  if (Number.parseInt(process.versions.node, 10) <= LAST_TRIED) setFlagsFromString('--interrupt-budget=500000');
}

/** Where the bytecode of a file stands. */
export function cacheOf(file: string): string {
  return `${file}.cache`;
}

export interface Compiled<Exports> {
  readonly exports: Exports;
  /** Its bytecode as it is now, with that of every function which has run. */
  bytecode(): Uint8Array;
  /** Whether V8 took the bytecode that stood beside the file: false where there is none, or where another V8 made it. */
  readonly cached: boolean;
}

/** Runs the CommonJS module at `file`. Throws what reading or running it throws; bytecode that does not fit is passed over. */
export function loadCompiled<Exports>(file: string): Compiled<Exports> {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  const cachedData = readCache(file);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const module = { exports: {} as Exports };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return {
    exports: module.exports,
    bytecode: () => script.createCachedData(),
    cached: cachedData !== undefined && script.cachedDataRejected === false,
  };
}

/** The bytecode beside a file; undefined where there is none, or where the file is newer: V8 would take it for any source of the same length. */
function readCache(file: string): Buffer | undefined {
  const cache = cacheOf(file);
  try {
    return statSync(cache).mtimeMs < statSync(file).mtimeMs ? undefined : readFileSync(cache);
  } catch {
    return undefined;
  }
}

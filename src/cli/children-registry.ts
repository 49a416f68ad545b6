// The registry files of --registry: hives with the transaction logs beside them and .reg exports, each where it belongs or where it was told to.

import { InputError, UsageError, WinnowError } from '../errors.ts';
import { type HiveKind, PLACES } from '../registry/hive-place.ts';
import { keyParts } from '../registry/key-path.ts';
import { type OpenedRegistry, openRegistry, type RegistryFile } from '../registry/open-registry.ts';
import { fileName, filesBeside, isFile, readWholeFile } from './files.ts';

/** Transaction logs, as Windows names them beside a hive. */
const LOG_SUFFIXES = ['.LOG1', '.LOG2', '.LOG'];

/** `given`: "FILE", or "PLACE=FILE" with a key or the name of a hive before it. What cannot be read is one of the failures. */
export function openRegistryFiles(given: readonly string[]): OpenedRegistry {
  const files: RegistryFile[] = [];
  const failures: WinnowError[] = [];
  for (const one of given) {
    const { path, at } = placeAndFile(one);
    try {
      const bytes = readWholeFile(path);
      files.push({ name: path, bytes, logs: logsBeside(path, failures), ...(at === undefined ? {} : { at }) });
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      failures.push(error);
    }
  }
  const opened = openRegistry(files);
  return {
    view: opened.view,
    get notes() {
      return opened.notes;
    },
    failures: [...failures, ...opened.failures.map((error) => new InputError(`cannot read ${error.message}`))],
  };
}

function placeAndFile(given: string): { readonly path: string; readonly at?: string } {
  const cut = given.indexOf('=');
  if (cut < 0 || isFile(given)) return { path: given };
  const before = given.slice(0, cut);
  const path = given.slice(cut + 1);
  const kind = (Object.keys(PLACES) as HiveKind[]).find((name) => name.toLowerCase() === before.toLowerCase());
  const at = kind === undefined ? before : PLACES[kind];
  if (at === undefined || keyParts(at) === undefined)
    throw new UsageError(
      `--registry ${given}: before the = stands neither a key (HKLM\\SOFTWARE) nor the name of a hive (${Object.keys(
        PLACES,
      )
        .filter((name) => PLACES[name as HiveKind] !== undefined)
        .join(', ')})`,
    );
  if (path === '') throw new UsageError(`--registry ${given}: behind the = stands no file`);
  return { path, at };
}

function logsBeside(path: string, failures: WinnowError[]): { readonly name: string; readonly bytes: Uint8Array }[] {
  const logs: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  for (const log of filesBeside(path, LOG_SUFFIXES)) {
    try {
      logs.push({ name: fileName(log), bytes: readWholeFile(log) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Windows leaves a log empty that it does not need.
      if (!/is empty/.test(error.message)) failures.push(error);
    }
  }
  return logs;
}

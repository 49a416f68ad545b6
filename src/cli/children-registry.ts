// The registry files of --registry: hives with the transaction logs beside them and .reg exports, each where it belongs or where it was told to.

import {
  givenRegistryFile,
  type OpenedRegistry,
  openRegistry,
  type RegistryFile,
} from '../children/registry-answers/given-registry.ts';
import { InputError, WinnowError } from '../errors.ts';
import { fileName, filesBeside, isFile, readWholeFile } from './files.ts';

/** Transaction logs, as Windows names them beside a hive. */
const LOG_SUFFIXES = ['.LOG1', '.LOG2', '.LOG'];

/** `given`: "FILE", or "PLACE=FILE" with a key or the name of a hive before it. What cannot be read is one of the failures. */
export function openRegistryFiles(given: readonly string[]): OpenedRegistry {
  const files: RegistryFile[] = [];
  const failures: WinnowError[] = [];
  for (const one of given) {
    const { path, at } = givenRegistryFile(one, isFile);
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

function logsBeside(path: string, failures: WinnowError[]): { readonly name: string; readonly bytes: Uint8Array }[] {
  return filesBeside(path, LOG_SUFFIXES).flatMap((log) => {
    try {
      return [{ name: fileName(log), bytes: readWholeFile(log) }];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(error);
      return [];
    }
  });
}

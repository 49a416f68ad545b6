// What a face is given as a host's registry: files, each perhaps with the place where it belongs before it.

import { UsageError } from '../../errors.ts';
import { type HiveKind, PLACES } from '../../registry/hive-place.ts';
import { keyParts } from '../../registry/key-path.ts';

export { type OpenedRegistry, openRegistry, type RegistryFile } from '../../registry/open-registry.ts';

export interface GivenRegistryFile {
  readonly path: string;
  /** Where a hive's root belongs ("HKEY_LOCAL_MACHINE\SOFTWARE"). */
  readonly at?: string;
}

/** "FILE", or "PLACE=FILE", where PLACE is a key (HKLM\SOFTWARE) or the name of a hive (SOFTWARE). `isFile`: whether a path is one. UsageError for any other. */
export function givenRegistryFile(given: string, isFile: (path: string) => boolean): GivenRegistryFile {
  const cut = given.indexOf('=');
  if (cut < 0 || isFile(given)) return { path: given };
  const before = given.slice(0, cut);
  const path = given.slice(cut + 1);
  const kind = (Object.keys(PLACES) as HiveKind[]).find((name) => name.toLowerCase() === before.toLowerCase());
  const at = kind === undefined ? before : PLACES[kind];
  if (at === undefined || keyParts(at) === undefined) {
    const names = Object.entries(PLACES).flatMap(([name, place]) => (place === undefined ? [] : [name]));
    throw new UsageError(
      `--registry ${given}: before the = stands neither a key (HKLM\\SOFTWARE) nor the name of a hive (${names.join(', ')})`,
    );
  }
  if (path === '') throw new UsageError(`--registry ${given}: behind the = stands no file`);
  return { path, at };
}

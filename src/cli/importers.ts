// The count behind --stats: how many images of the module folders import each module.
import { join } from 'node:path';
import type { Importers } from '../children/modules.ts';
import { WinnowError } from '../errors.ts';
import { readFolder, readStart, readWholeFile } from './files.ts';

/** The counts that the analysis takes, and how many files with an "MZ" could not be read as images. */
export interface FolderImporters extends Importers {
  readonly unreadable: number;
}

/** The modules that an image imports, delay imports and the hosts of API sets too; throws a WinnowError when it is no PE file. */
export type ImportsOf = (bytes: Uint8Array, path: string) => Iterable<string>;

/**
 * Reads every file of the folders that begins with "MZ", subfolders left out. A folder that cannot be listed is left to the
 * module look-up to report; a file that cannot be read is counted as unreadable.
 */
export function countImporters(
  folders: readonly string[],
  importsOf: ImportsOf,
  onStep: (done: number, total: number) => void = () => {},
): FolderImporters {
  const paths = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  const byModule = new Map<string, number>();
  let total = 0;
  let unreadable = 0;
  paths.forEach((path, done) => {
    onStep(done, paths.length);
    const start = readStart(path, 2);
    if (start?.[0] !== 0x4d || start[1] !== 0x5a) return;
    try {
      const imported = new Set(Array.from(importsOf(readWholeFile(path), path), (name) => name.toLowerCase()));
      total++;
      for (const name of imported) byModule.set(name, (byModule.get(name) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      unreadable++;
    }
  });
  return { total, count: byModule, unreadable };
}

function namesIn(folder: string): string[] {
  try {
    return readFolder(folder).sort();
  } catch (error) {
    if (error instanceof WinnowError) return [];
    throw error;
  }
}

// The modules of some folders as a place to look for plug-ins: their names, and each one's bytes when asked, which are not kept.
import type { ModuleFolder } from '../children/hosts/plug-ins.ts';
import { InputError } from '../errors.ts';
import { fileName, moduleFolders, readFolder, readWholeFile } from './files.ts';

const MODULE = /\.(dll|ocx|cpl|drv|ax)$/i;

/** A folder that cannot be read has none: whoever looks for modules in it is told. */
export function folderOfModules(folders: readonly string[]): ModuleFolder {
  const places = moduleFolders(folders);
  return {
    names: () => [...new Set(folders.flatMap(namesIn))].sort(),
    load: (name) => {
      const path = places.find(name);
      return path === undefined ? undefined : { name: fileName(path), path, bytes: readWholeFile(path) };
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readFolder(folder)
      .filter((name) => MODULE.test(name))
      .map((name) => name.toLowerCase());
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

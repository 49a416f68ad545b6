// Looks program databases up in the --symbols folders: as a symbol store has them, or flat; a single .pdb file stands for itself.
import { storeKey } from '../children/module-symbols.ts';
import { InputError, WinnowError } from '../errors.ts';
import { fileName, isFolder, type ModuleFolders, moduleFolders, readWholeFile } from './files.ts';

export interface SymbolFiles {
  /** The bytes of a program database by file name, GUID and age; undefined when it stands nowhere. Throws InputError when it cannot be read. */
  readonly load: (name: string, guid: string, age: number) => Uint8Array | undefined;
  /** What went wrong, after all was asked for: folders, and single files that nothing asked for. */
  readonly failures: () => readonly WinnowError[];
}

export function symbolFiles(paths: readonly string[]): SymbolFiles {
  const folders = paths.filter(isFolder);
  const single = paths.filter((path) => !folders.includes(path));
  const listed = new Map<string, ModuleFolders>();
  const used = new Set<string>();
  const asked = new Set<string>();
  const unreadable: WinnowError[] = [];
  const loaded = new Map<string, Uint8Array | undefined>();
  const inFolder = (folder: string, name: string): string | undefined => {
    let names = listed.get(folder);
    if (!names) {
      names = moduleFolders([folder]);
      listed.set(folder, names);
    }
    return names.find(name.toLowerCase());
  };
  const inStore = (folder: string, name: string, key: string): string | undefined => {
    const builds = inFolder(folder, name);
    const build = builds !== undefined && isFolder(builds) ? inFolder(builds, key) : undefined;
    return build === undefined ? undefined : inFolder(build, name);
  };
  const find = (name: string, key: string): string | undefined => {
    const own = single.find((path) => fileName(path).toLowerCase() === name.toLowerCase());
    if (own !== undefined) return own;
    for (const folder of folders) {
      const path = inStore(folder, name, key);
      if (path !== undefined) return path;
    }
    return folders.map((folder) => inFolder(folder, name)).find((path) => path !== undefined && !isFolder(path));
  };
  const load = (name: string, guid: string, age: number): Uint8Array | undefined => {
    asked.add(name);
    const path = find(name, storeKey(guid, age));
    if (path === undefined) return undefined;
    used.add(path);
    if (!loaded.has(path)) loaded.set(path, readOnce(path, unreadable));
    const bytes = loaded.get(path);
    if (bytes === undefined) throw new InputError(`${name} could not be read`);
    return bytes;
  };
  return {
    load,
    failures: () => [
      ...[...listed.values()].flatMap(({ failures }) => failures),
      ...unreadable,
      ...single.filter((path) => !used.has(path)).map((path) => unused(path, [...asked])),
    ],
  };
}

/** The failure is kept, to be told once at the end. */
function readOnce(path: string, failures: WinnowError[]): Uint8Array | undefined {
  try {
    return readWholeFile(path);
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    failures.push(error);
    return undefined;
  }
}

/** A path that is no folder, and whose name nothing asked for. */
function unused(path: string, asked: readonly string[]): InputError {
  try {
    readWholeFile(path);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  const wanted = asked.length > 0 ? asked.join(', ') : 'none';
  return new InputError(`--symbols ${path} was not used: the program databases that the read files name are ${wanted}`);
}

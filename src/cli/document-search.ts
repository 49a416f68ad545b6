// Where shortcuts and other documents of a program are looked for: the folders of its modules, then beside the program.

import { dirname } from 'node:path';
import type { ModuleFile } from '../children/find-children.ts';
import { InputError } from '../errors.ts';
import { fileName, type ModuleFolders, moduleFolders, readWholeFile, sizeOf } from './files.ts';

/** Larger ones are none: a shortcut holds at most some ten thousand bytes, a console some million. */
const LARGEST = 1 << 25;

/** Gives a file by its lower-case name, read when it is first asked for. */
export function documentsIn(folders: ModuleFolders, program: ModuleFile): (name: string) => ModuleFile | undefined {
  const beside = moduleFolders([dirname(program.path ?? program.name)]);
  return (name) => {
    const path = folders.find(name) ?? beside.find(name);
    if (path === undefined) return undefined;
    if (sizeOf(path) > LARGEST) throw new InputError(`${path} has more than ${LARGEST} bytes; it is not read`);
    return { name: fileName(path), path, bytes: readWholeFile(path) };
  };
}

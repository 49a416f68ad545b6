// A shortcut that is given in place of a program: the program that it leads to, where a folder has it, or an error that tells the way out.

import { dirname } from 'node:path';
import { readGivenFile } from '../children/opened/given-files.ts';
import { FormatError, type Note } from '../errors.ts';
import { fileName, moduleFolders, readStart, readWholeFile } from './files.ts';
import { brief } from './print.ts';

const SHORTCUT = /\.(lnk|pif|url|website|msc)$/i;

/**
 * The path of the program that the shortcut leads to, in the folders or beside it; the shortcut's own path where it is none. Throws FormatError where it
 * is one and no folder has the program. `notes`: what was followed.
 */
export function programOfShortcut(path: string, folders: readonly string[], notes: Note[]): string {
  if (!SHORTCUT.test(path) || isProgramFile(path)) return path;
  const doubts: Note[] = [];
  const name = fileName(path);
  const given = readGivenFile({ name, path, bytes: readWholeFile(path) }, doubts);
  if (given === undefined) {
    const [doubt] = doubts;
    if (doubt === undefined || /no shortcut, Internet shortcut/.test(doubt.text)) return path;
    throw new FormatError(`cannot read ${path}: ${doubt.text}`);
  }
  notes.push(...doubts);
  const { next } = given;
  const told = brief(given.told);
  if (/\.msc$/i.test(path) || next === undefined)
    throw new FormatError(
      next === undefined && !/\.msc$/i.test(path)
        ? `cannot read ${path}: it is a shortcut to ${told}, which is no program that can be read; give the program's own file`
        : `cannot read ${path}: it is ${told}; mmc.exe opens it, so run winnow children mmc.exe`,
    );
  const target = fileName(next.target.replaceAll('\\', '/'));
  const found = moduleFolders([...folders, dirname(path)]).find(target.toLowerCase(), isProgramFile);
  if (found === undefined) {
    // A command to copy holds no more of a stranger's file than a plain name.
    const way = /^[\w. ()-]+\.(exe|com|scr|dll|cpl)$/i.test(target)
      ? `run winnow children "${target}" where that program is, or name its folder with --modules`
      : 'what opens that is registered on the host, and is the program to give';
    throw new FormatError(`cannot read ${path}: it is a shortcut to ${told}, and no program; ${way}`);
  }
  notes.push({ about: name, text: `it is a shortcut to ${told}; ${found} is read for it` });
  return found;
}

function isProgramFile(path: string): boolean {
  const start = readStart(path, 2);
  return start !== undefined && start[0] === 0x4d && start[1] === 0x5a;
}

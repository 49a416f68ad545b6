// The symbols of a module: its program database, asked for by what the image's CodeView record says, checked against that, and read.
import { FormatError, InputError, type Note } from '../errors.ts';
import { type FunctionSymbols, readProgramDatabase } from '../pdb/program-database.ts';
import type { PeImage } from '../pe/image.ts';
import { fileName } from './command-text.ts';

/** Gives the program database of that file name ("wer.pdb"), GUID (lower case with hyphens) and age; undefined when not found. Throws InputError when found but unreadable. */
export type LoadSymbols = (name: string, guid: string, age: number) => Uint8Array | undefined;

export interface ModuleSymbols {
  /** File name of the program database. */
  readonly name: string;
  readonly functions: FunctionSymbols;
}

/** What notes on symbols are about, before the module's name. */
const ABOUT = 'symbols of ';

/** Whether a note is on symbols: they name functions and change no answer. */
export function isSymbolNote({ about }: Note): boolean {
  return about.startsWith(ABOUT);
}

/** The symbols of an image; undefined where there are none that belong to it, which is noted. */
export function readModuleSymbols(
  image: PeImage,
  load: LoadSymbols | undefined,
  notes: Note[],
): ModuleSymbols | undefined {
  if (load === undefined) return undefined;
  const about = `${ABOUT}${image.name}`;
  const note = (text: string): undefined => void notes.push({ about, text });
  const { debug } = image;
  if (debug === undefined) return note('none: the file names no program database');
  const name = fileName(debug.pdb);
  if (debug.guid === undefined || name === '')
    return note('none: the file names a program database of a format before 2003, or without a name');
  const wanted = identity(debug.guid, debug.age);
  try {
    const bytes = load(name, debug.guid, debug.age);
    if (bytes === undefined)
      return note(
        `none: no ${name} of ${wanted} was found; a symbol store has it as ${name}/${storeKey(debug.guid, debug.age)}/${name}`,
      );
    const database = readProgramDatabase(bytes, name);
    if (database.guid !== debug.guid || database.age !== debug.age)
      return note(
        `none: ${name} is of another build, ${identity(database.guid, database.age)}; the file names ${wanted}`,
      );
    const functions = database.readFunctions();
    for (const { text } of database.notes) note(`${name}: ${text}`);
    return { name, functions };
  } catch (error) {
    if (error instanceof FormatError || error instanceof InputError) return note(`none: ${error.message}`);
    throw error;
  }
}

/** The folder of a symbol store that a build's file stands in: the GUID without hyphens and the age, both in hex. */
export function storeKey(guid: string, age: number): string {
  return `${guid.replaceAll('-', '')}${age.toString(16)}`.toUpperCase();
}

function identity(guid: string, age: number): string {
  return `GUID ${guid} and age ${age}`;
}

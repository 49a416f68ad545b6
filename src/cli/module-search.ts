// Where a program's modules are looked for: the folders in their order, and in them the files that are made for the program's machine.
import type { ModuleFile } from '../children/find-children.ts';
import { InputError, type Note, WinnowError } from '../errors.ts';
import { fileName, type ModuleFolders, moduleFolders, readStart, readWholeFile, sha256Of } from './files.ts';
import { otherThanProgram } from './not-a-program.ts';

/** IMAGE_FILE_MACHINE of the PE format, by the words that people use. */
const MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 332: 'x86', 43620: 'arm64', 452: 'arm' };
/** Data, whatever machine its headers name. */
const SCHEMA_OF_API_SETS = 'apisetschema.dll';
const HEADERS = 4096;

/** One program's modules. */
export class ModuleSearch {
  /** Every file that was read, by lower-case name; the program itself is one. */
  readonly loaded = new Map<string, ModuleFile>();
  /** What could not be read: told once at the end, and thrown, so that the document's notes tell it too. */
  readonly failures: WinnowError[] = [];
  /** Modules of which only files for another machine were there, as notes of the document. */
  readonly notes: Note[] = [];
  readonly #folders: ModuleFolders;
  readonly #machine: string | undefined;

  constructor(program: ModuleFile, folders: readonly string[]) {
    this.#folders = moduleFolders(folders);
    this.#machine = machineOf(program.bytes);
    this.loaded.set(program.name.toLowerCase(), program);
  }

  get folders(): ModuleFolders {
    return this.#folders;
  }

  /** The module of that name that is made for the program's machine; undefined where no folder has one. */
  load(name: string): ModuleFile | undefined {
    const wanted = name.toLowerCase();
    const passedOver: Note[] = [];
    const path = this.#folders.find(wanted, (found) => {
      const other = this.#otherMachine(wanted, found);
      if (other !== undefined)
        passedOver.push({
          about: name,
          text: `passed over ${found}: it is ${other}, and the program is ${this.#machine}`,
        });
      return other === undefined;
    });
    if (path === undefined) {
      this.notes.push(...passedOver);
      return undefined;
    }
    try {
      const bytes = readWholeFile(path);
      const other = otherThanProgram(bytes);
      if (other) throw new InputError(`cannot read ${path}: it is ${other}`);
      const module = { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
      this.loaded.set(wanted, module);
      return module;
    } catch (error) {
      if (error instanceof WinnowError) this.failures.push(error);
      throw error;
    }
  }

  /** The machine of a file that is made for another one than the program; undefined where it fits or cannot be told (reading it says what is wrong). */
  #otherMachine(name: string, path: string): string | undefined {
    const start = name === SCHEMA_OF_API_SETS ? undefined : readStart(path, HEADERS);
    const machine = start && !hasClrHeader(start) ? machineOf(start) : undefined;
    return this.#machine === undefined || machine === this.#machine ? undefined : machine;
  }
}

/** The machine that the file header names (PE format, section 3.3); undefined where there is none, or one that is not known. */
export function machineOf(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64) return undefined;
  const header = view.getUint32(0x3c, true);
  return header + 6 <= bytes.length ? MACHINES[view.getUint16(header + 4, true)] : undefined;
}

/** Whether there is a CLR header (data directory 14): code in IL may run on another machine than the header names. */
function hasClrHeader(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64) return false;
  const optional = view.getUint32(0x3c, true) + 24;
  if (optional + 2 > bytes.length) return false;
  const directories = optional + (view.getUint16(optional, true) === 0x20b ? 112 : 96);
  const clr = directories + 14 * 8;
  return clr + 4 <= bytes.length && view.getUint32(clr, true) !== 0;
}

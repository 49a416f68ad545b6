// What `winnow children diff` is given, each a program or the document of one: read, and the program analysed.
import { readChildrenDocument } from '../children/diff/read-document.ts';
import type { ChildrenDocument } from '../children/document.ts';
import type { ModuleFile } from '../children/find-children.ts';
import { FormatError } from '../errors.ts';
import { defaultFolders, fileName, readWholeFile, sha256Of } from './files.ts';
import { ModuleSearch, machineOf } from './module-search.ts';
import { otherThanProgram } from './not-a-program.ts';
import type { Face, Progress } from './print.ts';

/** A document of more bytes than this (256 MiB) is not read. */
const LARGEST_DOCUMENT = 2 ** 28;

export interface SideFlags {
  readonly modules?: readonly string[];
  readonly symbols?: readonly string[];
  readonly module?: readonly string[];
  readonly noModule?: readonly string[];
  readonly host?: string;
}

/** Throws InputError or FormatError, one line with the path, for what cannot be read; what is read in part goes into `failures`. */
export async function diffSide(
  path: string,
  flags: SideFlags,
  face: Face,
  progress: Progress,
  failures: Error[],
): Promise<ChildrenDocument> {
  const bytes = readWholeFile(path);
  if (isJson(bytes)) return readDocument(path, bytes);
  const other = otherThanProgram(bytes);
  if (other) throw new FormatError(`cannot read ${path}: it is ${other}`);
  const file: ModuleFile = { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
  const usual = defaultFolders(path, machineOf(bytes) === 'x86', face.platform, face.env);
  const folders = flags.modules === undefined ? usual : [...new Set([usual[0], ...flags.modules])];
  const search = new ModuleSearch(file, folders);
  const symbols = flags.symbols && (await import('./symbol-files.ts')).symbolFiles(flags.symbols);
  const { findChildren } = await import('../children/find-children.ts');
  try {
    const document = findChildren(file, {
      loadModule: (name) => search.load(name),
      loadSymbols: symbols?.load,
      include: flags.module?.map(moduleName),
      exclude: flags.noModule?.map(moduleName),
      host: flags.host,
      onProgress: progress.step,
    });
    failures.push(...search.folders.failures, ...search.failures, ...(symbols?.failures() ?? []));
    return { ...document, notes: [...document.notes, ...search.notes] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const what = error.message.startsWith(`${file.name}: `) ? error.message.slice(file.name.length + 2) : error.message;
    throw new FormatError(`cannot read ${path}: ${what}; it may be cut short or damaged, get the file again`, {
      cause: error,
    });
  }
}

/** Whether the first character that is no blank opens an object or a list: no program begins so. */
function isJson(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 64);
  const first = start.find((byte) => ![0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf].includes(byte));
  return first === 0x7b || first === 0x5b;
}

function readDocument(path: string, bytes: Uint8Array): ChildrenDocument {
  if (bytes.length > LARGEST_DOCUMENT)
    throw new FormatError(`cannot read ${path}: it has ${bytes.length} bytes, over the limit of ${LARGEST_DOCUMENT}`);
  try {
    return readChildrenDocument(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`cannot read ${path}: ${error.message}`, { cause: error });
  }
}

/** "wer" and "C:\x\Wer.dll" both mean wer.dll. */
function moduleName(text: string): string {
  const last = fileName(text).toLowerCase();
  return last.includes('.') ? last : `${last}.dll`;
}

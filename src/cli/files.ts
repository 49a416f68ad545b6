// The only file that touches a disk: files read whole or a part at a time with clear errors, folders, and modules looked up by name.
import { createHash } from 'node:crypto';
import {
  closeSync,
  type Dirent,
  existsSync,
  constants as fsConstants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ByteSource } from '../bytes/source.ts';
import { InputError } from '../errors.ts';

/** The largest file that is read, in bytes (1 GiB). */
export const LARGEST_FILE = 2 ** 30;

/** A path's last part; both separators count everywhere, for a Windows path may be given on any machine. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

/** Lower-case hex SHA-256. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The whole of a regular file. Throws InputError, one line with the path, what is wrong and the way out, for a file that
 * is absent, a folder, not a regular file, empty, over `largest` bytes, or not permitted.
 */
export function readWholeFile(path: string, largest = LARGEST_FILE): Uint8Array {
  let handle: number | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    handle = openSync(path, fsConstants.O_RDONLY | (fsConstants.O_NONBLOCK ?? 0));
    const stat = fstatSync(handle);
    if (stat.isDirectory()) throw refusal(path, 'is a folder', 'give the program itself');
    if (!stat.isFile()) throw refusal(path, 'is not a regular file', 'copy what it gives into a file first');
    if (stat.size === 0) throw refusal(path, 'is empty (0 bytes)', 'get the file again');
    if (stat.size > largest) {
      throw refusal(
        path,
        `is ${stat.size} bytes, over the limit of ${largest}`,
        'no program is that large; check the path',
      );
    }
    const bytes = new Uint8Array(stat.size);
    let have = 0;
    while (have < bytes.length) {
      const got = readSync(handle, bytes, have, bytes.length - have, have);
      if (got === 0)
        throw refusal(path, `ended after ${have} of ${stat.size} bytes`, 'it changed while it was read; try again');
      have += got;
    }
    return bytes;
  } catch (error) {
    throw error instanceof InputError ? error : refusalOf(path, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The same for all names of one file, whatever links lead to it; of what is not there its path. */
export function fileId(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    // A file system without numbers of files.
    return ino === 0n ? realpathSync(path) : `${dev}:${ino}`;
  } catch {
    return resolve(path);
  }
}

/** A file that is read a part at a time, and closed when that is done. */
export interface OpenFile extends ByteSource {
  readonly close: () => void;
}

/**
 * A regular file to be read at any place; `onRead` is told how many bytes were read so far. Throws InputError as {@link readWholeFile} does,
 * and when a read fails.
 */
export function openFile(path: string, onRead: (end: number) => void = () => {}): OpenFile {
  let handle: number;
  try {
    handle = openSync(path, fsConstants.O_RDONLY | (fsConstants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw refusalOf(path, error);
  }
  const stat = fstatSync(handle);
  if (!stat.isFile()) {
    closeSync(handle);
    throw refusal(path, 'is not a regular file', 'give it on standard input (-)');
  }
  return {
    name: path,
    size: stat.size,
    readAt: (offset, into) => {
      let have = 0;
      try {
        while (have < into.length) {
          const got = readSync(handle, into, have, into.length - have, offset + have);
          if (got === 0) break;
          have += got;
        }
      } catch (error) {
        throw refusalOf(path, error);
      }
      onRead(offset + have);
      return have;
    },
    close: () => closeSync(handle),
  };
}

/** Bytes of the file at `path` now; 0 where it is gone. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Differs when the file at `path` was written to. */
export function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.size} ${stat.mtimeMs}` : '';
}

/** The paths of the regular files under a folder, by name; links to folders are not followed. Throws InputError for the folder itself. */
export function filesUnder(folder: string, failures: InputError[] = []): string[] {
  const found: string[] = [];
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw refusalOf(folder, error);
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory()) {
      try {
        found.push(...filesUnder(path, failures));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        failures.push(error);
      }
    } else if (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile()) found.push(path);
  }
  return found;
}

/** What comes on standard input. */
export async function* standardInput(): AsyncGenerator<Uint8Array> {
  for await (const block of process.stdin) yield block as Uint8Array;
}

/** Whether a regular file stands at the path; words that can be no path are none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** Whether a folder stands at the path. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The names in a folder, unsorted. Throws InputError with the path, what is wrong and the way out. */
export function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      throw refusal(path, 'is a file, not a folder', '--modules takes a folder; one module is kept with --module NAME');
    }
    throw refusalOf(path, error);
  }
}

/** Paths of the files beside `path` that are named as it is, with one of the suffixes; letter case aside, empty ones left out, in the order of the suffixes. */
export function filesBeside(path: string, suffixes: readonly string[]): string[] {
  let names: string[];
  try {
    names = readdirSync(dirname(path)).sort();
  } catch {
    return [];
  }
  return suffixes.flatMap((suffix) => {
    const wanted = `${basename(path)}${suffix}`.toLowerCase();
    const found = names.find((name) => name.toLowerCase() === wanted);
    const beside = found === undefined ? undefined : join(dirname(path), found);
    return beside !== undefined && sizeOf(beside) > 0 ? [beside] : [];
  });
}

/** The first `length` bytes of a file (fewer when it is shorter); undefined for anything that cannot be read. */
export function readStart(path: string, length: number): Uint8Array | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, fsConstants.O_RDONLY | (fsConstants.O_NONBLOCK ?? 0));
    if (!fstatSync(handle).isFile()) return undefined;
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, 0));
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Folders in which modules are looked up by name, case ignored; each is listed once, when first asked. */
export interface ModuleFolders {
  readonly folders: readonly string[];
  /** The path of the first folder's file of that name (lower case) that `fits`, or undefined. */
  readonly find: (lowerCaseName: string, fits?: (path: string) => boolean) => string | undefined;
  /** What went wrong with the folders asked so far. */
  readonly failures: readonly InputError[];
}

export function moduleFolders(folders: readonly string[]): ModuleFolders {
  const maps: Map<string, string>[] = [];
  const failures: InputError[] = [];
  const namesOf = (index: number): Map<string, string> => {
    if (maps[index]) return maps[index];
    const map = new Map<string, string>();
    try {
      for (const name of readFolder(folders[index])) {
        const key = name.toLowerCase();
        const other = map.get(key);
        // Where a disk tells cases apart, the same one is taken every time.
        if (other === undefined || name < other) map.set(key, name);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(error);
    }
    maps[index] = map;
    return map;
  };
  return {
    folders,
    failures,
    find: (lowerCaseName, fits = () => true) => {
      for (let i = 0; i < folders.length; i++) {
        const name = namesOf(i).get(lowerCaseName);
        const path = name === undefined ? undefined : join(folders[i], name);
        if (path !== undefined && fits(path)) return path;
      }
      return undefined;
    },
  };
}

/**
 * Where modules are looked for when no folder is given: beside the image, then the system folder (on Windows only).
 * A 32-bit Node on 64-bit Windows sees the real System32 as Sysnative.
 */
export function defaultFolders(
  imagePath: string,
  imageIs32Bit: boolean,
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const own = dirname(imagePath);
  const root = env.SystemRoot ?? env.SYSTEMROOT ?? env.windir;
  if (platform !== 'win32' || !root) return [own];
  const redirected = env.PROCESSOR_ARCHITEW6432 !== undefined;
  const wanted = join(root, imageIs32Bit ? 'SysWOW64' : redirected ? 'Sysnative' : 'System32');
  // A 32-bit Windows has no SysWOW64.
  return [own, imageIs32Bit && !existsSync(wanted) ? join(root, 'System32') : wanted];
}

function refusal(path: string, what: string, wayOut: string, cause?: unknown): InputError {
  return new InputError(`cannot read ${path}: it ${what}; ${wayOut}`, { cause });
}

const WAYS_OUT: Readonly<Record<string, readonly [what: string, wayOut: string]>> = {
  EACCES: ['may not be read by this user (no rights)', 'copy it with an account that may, or run as that account'],
  EPERM: ['may not be read by this user (no rights)', 'copy it with an account that may, or run as that account'],
  EISDIR: ['is a folder', 'give the program itself'],
  EBUSY: ['is in use by another process', 'copy it first (a shadow copy works)'],
  ENAMETOOLONG: ['has a name that is too long', 'move it to a shorter path'],
  ELOOP: ['is a link that leads to itself', 'give the file that it should point to'],
  EMFILE: ['could not be opened: too many files are open', 'close some and try again'],
  EIO: ['could not be read: the disk reports an error', 'copy the file from somewhere else'],
  UNKNOWN: ['was refused by the system', 'an antivirus may hold it; copy it to a folder that is not watched'],
};

function refusalOf(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return refusal(path, 'does not exist', wayToAbsent(path), error);
  const known = WAYS_OUT[code];
  if (known) return refusal(path, known[0], known[1], error);
  return refusal(path, `could not be read (${code || (error as Error).message})`, 'check the path', error);
}

function wayToAbsent(path: string): string {
  const drive = /^([A-Za-z]):[\\/](.*)$/.exec(path);
  if (drive && process.platform !== 'win32') {
    const mounted = `/mnt/${drive[1].toLowerCase()}/${drive[2].replaceAll('\\', '/')}`;
    return existsSync(mounted)
      ? `here it is ${mounted}`
      : 'this machine has no Windows drives; copy the file here first';
  }
  if (/^[A-Za-z]:[^\\/]/.test(path)) return 'put the path in quotes, the shell took its backslashes away';
  return 'check the path';
}

/** Writes a text file and the folders above it, over one that is there. Throws InputError with the path, what is wrong and the way out. */
export function writeTextFile(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR')
      throw new InputError(`cannot write ${path}: something else stands there; name another folder`);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new InputError(`cannot write ${path}: it is not permitted; name another folder`);
    if (code === 'ENOSPC')
      throw new InputError(`cannot write ${path}: the disk is full; make room or name another folder`);
    throw new InputError(`cannot write ${path}: ${code ?? String(error)}; name another folder`);
  }
}

/** One folder after the other: Node's own way never ends where a file system takes none (/proc). */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  mkdirSync(path);
}

/** Entries of the cache that are kept. */
const MOST_CACHED = 8;

/** Where what was worked out once is kept: $WINNOW_CACHE, or winnow in the user's folder for such things. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, platform: string): string | undefined {
  if (env.WINNOW_CACHE !== undefined) return env.WINNOW_CACHE === '' ? undefined : env.WINNOW_CACHE;
  const base = platform === 'win32' ? env.LOCALAPPDATA : (env.XDG_CACHE_HOME ?? (env.HOME && join(env.HOME, '.cache')));
  return base === undefined || base === '' ? undefined : join(base, 'winnow');
}

/** What the cache has under a name; undefined where it has nothing. */
export function readCached(folder: string, name: string): Uint8Array | undefined {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}

/** Whether a file is an entry of the cache: names of it end in a hash, and in a process while they are written. */
const CACHED_NAME = /-[\da-f]{64}(?:\.\d+)?$/;

/** Keeps bytes in the cache under a name that ends in a hash, and lets go of its oldest; other files there stay. A folder that cannot be written to is none of the user's concern. */
export function writeCached(folder: string, name: string, bytes: Uint8Array): void {
  try {
    mkdirSync(folder, { recursive: true });
    const own = join(folder, `${name}.${process.pid}`);
    writeFileSync(own, bytes);
    renameSync(own, join(folder, name));
    const entries = readdirSync(folder)
      .filter((entry) => CACHED_NAME.test(entry))
      .map((entry) => {
        const path = join(folder, entry);
        return { path, time: statSync(path).mtimeMs };
      });
    for (const { path } of entries.sort((one, other) => other.time - one.time).slice(MOST_CACHED)) rmSync(path);
  } catch {
    // The next run works it out again.
  }
}

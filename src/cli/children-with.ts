// `winnow children HOST --with MODULE`: the host, which may be only a name, and the modules that run in it, found by path or among the modules.

import type { ChildrenDocument } from '../children/document.ts';
import type { FindOptions, ModuleFile } from '../children/find-children.ts';
import type { Host, HostedFile } from '../children/hosts/find-hosted.ts';
import { InputError, UsageError, WinnowError } from '../errors.ts';
import { fileName, isFile, moduleFolders, readWholeFile, sha256Of } from './files.ts';
import { folderOfModules } from './module-folder.ts';
import { otherThanProgram } from './not-a-program.ts';

export interface HostedInputs {
  readonly host: Host;
  readonly hosted: readonly [HostedFile, ...HostedFile[]];
}

/** What the command line says that bears on it. */
interface Given {
  readonly modules?: readonly string[];
  readonly host?: string;
}

/** Finds the children of the host in place of those of the one file that it is given; plug-ins of what it hosts are looked for in the folders. */
export async function findWith(
  { host, hosted }: HostedInputs,
  folders: readonly string[],
): Promise<(image: ModuleFile, options?: FindOptions) => ChildrenDocument> {
  const [{ findHosted }, { PlugInFinder }, { registeredPlugIn }] = await Promise.all([
    import('../children/hosts/find-hosted.ts'),
    import('../children/hosts/plug-ins.ts'),
    import('../children/hosts/plug-in-lists.ts'),
  ]);
  const finder = new PlugInFinder(folderOfModules(folders));
  return (_, options = {}) => {
    const { registry } = options;
    const wanted = registry && ((name: string, by: string) => registeredPlugIn(registry, name, by, null));
    return findHosted(host, hosted, { ...options, plugIns: { finder, ...(wanted ? { wanted } : {}) } });
  };
}

/** "shell32.dll,Control_RunDLL": a file, and which of its exports. */
interface Wanted {
  readonly text: string;
  readonly exports: readonly string[] | undefined;
}

/**
 * The files that were named. What cannot be read is kept in `failures` while another module can; UsageError or InputError where none is left.
 * Without --modules a name is looked for beside the host.
 */
export function hostedInputs(
  [hostPath, ...others]: readonly string[],
  withs: readonly string[],
  { modules: folders, host }: Given,
  failures: WinnowError[],
): HostedInputs {
  if (others.length > 0) throw new UsageError('--with runs modules in one host; give one FILE with it');
  if (host !== undefined)
    throw new UsageError('--host and --with both say what hosts a module; FILE is the host of those of --with');
  const byFile = new Map<string, HostedFile>();
  for (const wanted of withs.map(wantedOf)) {
    try {
      const file = hostedFile(wanted.text, folders, hostPath);
      const key = file.path ?? file.name;
      const known = byFile.get(key);
      const exports =
        known === undefined
          ? wanted.exports
          : known.exports && wanted.exports && [...new Set([...known.exports, ...wanted.exports])];
      byFile.set(key, { file, ...(exports === undefined ? {} : { exports }) });
    } catch (error) {
      if (withs.length === 1 || !(error instanceof WinnowError)) throw error;
      failures.push(error);
    }
  }
  const [first, ...more] = byFile.values();
  if (first === undefined) throw failures.pop() ?? new UsageError('--with names no module');
  return { host: hostOf(hostPath, folders, failures), hosted: [first, ...more] };
}

/** A comma parts file and export as rundll32.exe takes them, unless a file of the whole name is there. */
function wantedOf(text: string): Wanted {
  const comma = text.lastIndexOf(',');
  if (comma < 0 || isFile(text)) return { text, exports: undefined };
  const name = text.slice(comma + 1).trim();
  const file = text.slice(0, comma).trim();
  if (name === '' || file === '')
    throw new UsageError(`--with ${text}: a module, or a module, a comma and the name of its export`);
  return { text: file, exports: [name] };
}

function hostedFile(text: string, folders: readonly string[] | undefined, hostPath: string): ModuleFile {
  if (isFile(text) || /[\\/]/.test(text)) return readModule(text);
  const name = text.includes('.') ? text : `${text}.dll`;
  const places = folders ?? [folderOf(hostPath)];
  const found = moduleFolders(places).find(name.toLowerCase());
  if (found === undefined)
    throw new InputError(
      `no ${name} in ${places.join(', ')}: give the path of the module with --with, or its folder with --modules`,
    );
  return readModule(found);
}

/** The program where the path leads to a file, or the folders have one of that name; else its name. */
export function hostOf(path: string, folders: readonly string[] | undefined, failures: WinnowError[]): Host {
  const name = programName(path);
  try {
    const place = isFile(path)
      ? path
      : /[\\/]/.test(path)
        ? undefined
        : moduleFolders(folders ?? []).find(name.toLowerCase());
    return place === undefined ? { name } : { name: fileName(place), file: readModule(place) };
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    failures.push(error);
    return { name };
  }
}

/** "svchost" and "C:\\Windows\\System32\\svchost.exe" are svchost.exe. */
function programName(path: string): string {
  const name = fileName(path);
  if (name === '') throw new UsageError(`${path} names no host program`);
  return name.includes('.') ? name : `${name}.exe`;
}

function folderOf(path: string): string {
  const folder = path.slice(0, path.length - fileName(path).length);
  return folder === '' ? '.' : folder;
}

function readModule(path: string): ModuleFile {
  const bytes = readWholeFile(path);
  const other = otherThanProgram(bytes);
  if (other) throw new InputError(`cannot read ${path}: it is ${other}`);
  return { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
}

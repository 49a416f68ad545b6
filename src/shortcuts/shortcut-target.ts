// What a shortcut leads to, in the order in which Windows takes what the file says, with what in it says otherwise.

import type { Note } from '../errors.ts';
import { APPLICATION_ID_SET, type ItemId } from './item-ids.ts';
import { LinkFlag, type ShellLink } from './shell-link.ts';

/** What is opened when a shortcut is. */
export type ShortcutTarget =
  /** A file or folder, by its full path where the shortcut has it ("C:\x\y.exe", "%windir%\y.exe", "\\server\share\y"), else relative to the shortcut. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly from: FileTargetSource;
      readonly arguments?: string;
      readonly workingDirectory?: string;
    }
  /** An address, opened by what is registered for its scheme. */
  | { readonly kind: 'uri'; readonly uri: string }
  /** What Windows Installer has for a product's component: its path is not in the file. */
  | { readonly kind: 'advertised'; readonly product: string; readonly arguments?: string }
  /** A packaged application, which Windows activates by its identifier. */
  | { readonly kind: 'application'; readonly id: string; readonly arguments?: string }
  /** An object of the shell's namespace, by its parsing name: "::{...}\::{...}". */
  | { readonly kind: 'shell-object'; readonly name: string; readonly arguments?: string };

export type FileTargetSource = 'environment variable' | 'item list' | 'link info' | 'relative path' | 'address';

const TARGET_PATH_SET = 'b9b4b3fc-2b51-4a42-b5d8-324146afcf25';

export interface FollowedTarget {
  readonly target: ShortcutTarget | undefined;
  readonly notes: readonly Note[];
}

/** The target of a .lnk file; undefined where it names none. Two parts that name different files are told in a note. */
export function targetOf(link: ShellLink): FollowedTarget {
  const notes: Note[] = [];
  const more = {
    ...(link.arguments === undefined || link.arguments === '' ? {} : { arguments: link.arguments }),
  };
  if (link.advertised !== undefined && (link.flags & LinkFlag.hasAdvertisedTarget) !== 0) {
    const product = link.advertised.product ?? link.advertised.descriptor;
    return { target: { kind: 'advertised', product, ...more }, notes };
  }
  const inItems = pathOfItems(link.items);
  const files: { readonly path: string; readonly from: FileTargetSource }[] = [];
  const add = (from: FileTargetSource, path: string | undefined): void => {
    if (path !== undefined && path !== '') files.push({ path, from });
  };
  if ((link.flags & LinkFlag.hasEnvironmentTarget) !== 0) add('environment variable', link.environmentTarget);
  add('item list', inItems.path);
  add('link info', link.linkInfo?.localPath ?? link.linkInfo?.networkPath);
  // An object of the namespace stands before a path that only leads from where the shortcut was made.
  if (files.length === 0 && inItems.object === undefined) add('relative path', link.relativePath);
  const [first, ...others] = files;
  if (first === undefined) return { target: objectOf(link, inItems, more), notes };
  for (const other of others)
    if (fileNameOf(other.path) !== fileNameOf(first.path))
      notes.push({
        about: 'target',
        text: `the ${first.from} names ${first.path} and the ${other.from} ${other.path}; Windows takes the first of them that it finds`,
      });
  const folder = link.workingDirectory;
  const working = folder === undefined || folder === '' ? {} : { workingDirectory: folder };
  return { target: { kind: 'file', ...first, ...more, ...working }, notes };
}

interface PathOfItems {
  readonly path?: string;
  readonly uri?: string;
  readonly application?: string;
  /** The parsing name, where the list is not the path of a file; "*" for a step that is not known. */
  readonly object?: string;
}

/** What a list of items comes to: a path of the file system from its volume or share on, an address, or an object of the namespace. */
export function pathOfItems(items: readonly ItemId[]): PathOfItems {
  let path: string | undefined;
  const names: string[] = [];
  let files = 0;
  let unknown = false;
  for (const item of items) {
    switch (item.kind) {
      case 'volume':
        path = item.name.replace(/\\$/, '');
        break;
      case 'network':
        if (item.name.startsWith('\\\\')) path = item.name.replace(/\\$/, '');
        names.push(item.name);
        break;
      case 'file':
        files++;
        names.push(item.name);
        if (path !== undefined) path += `\\${item.name}`;
        break;
      case 'uri':
        return { uri: item.uri };
      case 'application':
        return { application: item.id };
      case 'control-panel-file':
        return { path: item.path };
      case 'shell-folder':
      case 'control-panel':
        names.push(`::{${item.classId.toUpperCase()}}`);
        break;
      case 'control-panel-category':
        names.push(String(item.category));
        break;
      case 'unknown':
        unknown = true;
        names.push('*');
    }
  }
  // A step that is not known could lead anywhere.
  if (path !== undefined && !unknown) return { path: files === 0 && path.endsWith(':') ? `${path}\\` : path };
  return names.length === 0 ? {} : { object: names.join('\\') };
}

function objectOf(
  link: ShellLink,
  inItems: PathOfItems,
  more: { readonly arguments?: string },
): ShortcutTarget | undefined {
  if (inItems.uri !== undefined) return { kind: 'uri', uri: inItems.uri };
  const application = inItems.application ?? textOf(link, APPLICATION_ID_SET, 5);
  const object = inItems.object ?? textOf(link, TARGET_PATH_SET, 2);
  if (inItems.application !== undefined || (application !== undefined && object === undefined))
    return { kind: 'application', id: application ?? '', ...more };
  return object === undefined ? undefined : { kind: 'shell-object', name: object, ...more };
}

function textOf(link: ShellLink, set: string, id: number): string | undefined {
  return link.properties.find((property) => property.set === set && property.id === id)?.text;
}

function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).toLowerCase();
}

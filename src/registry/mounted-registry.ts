// The view of all files that were given: where several hold one key they are one, in the order given, a user's classes before the machine's.

import { upperName } from '../hive/upper-name.ts';
import { keyParts } from './key-path.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryView, RegistryViewKey } from './view.ts';
import { type Layer, ViewKey } from './view-key.ts';

/** A file's keys where they belong. */
export interface Hung {
  readonly source: string;
  /** The key over all roots (HKEY_LOCAL_MACHINE ...). */
  readonly tree: StoredKey;
  /** Parts of the keys below which the file tells all there is. */
  readonly tops: readonly (readonly string[])[];
  /** Settings of one of the system's own accounts. */
  readonly isSystem?: boolean;
}

/** Links that are followed for one path; Windows' own lead on once. */
const MOST_LINKS = 8;

const CURRENT = 'CURRENTCONTROLSET';

export class MountedRegistry implements RegistryView {
  /** By root: the files' own keys of it, so that many files do not make each look slow. */
  readonly #roots = new Map<string, readonly Layer[]>();
  readonly #hung: readonly Hung[];
  /** As `pathText` has them. */
  readonly #tops: ReadonlySet<string>;
  /** A file holds CurrentControlSet itself. */
  readonly #hasCurrent: boolean;

  /** Not for strangers: `openRegistry` makes it. */
  constructor(hung: readonly Hung[]) {
    this.#hung = hung;
    this.#tops = new Set(hung.flatMap(({ tops }) => tops.map((parts) => pathText(parts))));
    this.#hasCurrent = [...this.#tops].some((top) => top.startsWith(`HKEY_LOCAL_MACHINE\\SYSTEM\\${CURRENT}\\`));
  }

  key(path: string): RegistryViewKey | undefined {
    const parts = keyParts(path);
    return parts && this.#keyAt(parts, 0);
  }

  #keyAt(parts: readonly string[], links: number): ViewKey | undefined {
    let key: ViewKey | undefined = this.#root(parts[0], links);
    for (const part of parts.slice(1)) key = key?.subkey(part);
    return key;
  }

  /** The root of that name over all files; undefined where none has any of it. */
  #root(root: string, links: number): ViewKey | undefined {
    const own = this.#ownLayers(root);
    const [before, behind] = OVERLAYS[root] ?? [undefined, undefined];
    const at = (path: string | undefined) => (path && this.#keyAt(path.split('\\'), links)?.layers) || [];
    const layers = [...at(before), ...own, ...at(behind)];
    if (layers.length === 0) return undefined;
    const follow = (link: string): ViewKey | undefined => {
      const parts = links < MOST_LINKS ? keyParts(link) : undefined;
      return parts && this.#keyAt(parts, links + 1);
    };
    return new ViewKey(follow, root, layers);
  }

  #ownLayers(root: string): readonly Layer[] {
    let own = this.#roots.get(root);
    if (own === undefined) {
      own = this.#hung.flatMap(({ source, tree }) => {
        const key = tree.subkey(root);
        return key === undefined ? [] : [{ source, key }];
      });
      this.#roots.set(root, own);
    }
    return own;
  }

  covers(path: string): boolean {
    const parts = keyParts(path);
    return parts !== undefined && this.#spellings(parts).some((spelling) => this.#isBelowTop(spelling));
  }

  #isBelowTop(parts: readonly string[]): boolean {
    const text = pathText(parts);
    for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 1))
      if (this.#tops.has(text.slice(0, at + 1))) return true;
    return false;
  }

  /** Paths of the places that hold the same key. */
  #spellings(parts: readonly string[]): readonly (readonly string[])[] {
    const [root, ...rest] = parts;
    const others = (OVERLAYS[root] ?? []).flatMap((path) => (path ? [[...path.split('\\'), ...rest]] : []));
    return [parts, ...others].flatMap((one) => this.#current(one) ?? []);
  }

  /** In place of CurrentControlSet the set that it is; nothing where that is not told. */
  #current(parts: readonly string[]): readonly (readonly string[])[] {
    const isCurrent =
      parts[0] === 'HKEY_LOCAL_MACHINE' &&
      upperName(parts[1] ?? '') === 'SYSTEM' &&
      upperName(parts[2] ?? '') === CURRENT;
    if (!isCurrent) return [parts];
    const name = this.#keyAt(parts.slice(0, 2), 0)?.currentSet();
    return [
      ...(this.#hasCurrent ? [parts] : []),
      ...(name === undefined ? [] : [[...parts.slice(0, 2), name, ...parts.slice(3)]]),
    ];
  }
}

/** Roots that are other keys too: whose come before their own, and whose behind. */
const OVERLAYS: Readonly<Record<string, readonly [string | undefined, string | undefined]>> = {
  HKEY_CLASSES_ROOT: ['HKEY_CURRENT_USER\\Software\\Classes', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes'],
  HKEY_CURRENT_CONFIG: [undefined, 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\0001'],
};

function pathText(parts: readonly string[]): string {
  return `${parts.map((part) => upperName(part)).join('\\')}\\`;
}

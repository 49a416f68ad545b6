// Hives and .reg exports as one registry: each file hangs where its content says that it belongs, or where it was told to.

import { FormatError, InputError, type Note, WinnowError } from '../errors.ts';
import { isHive } from '../hive/base-block.ts';
import { type Hive, openHive } from '../hive/hive.ts';
import type { LogFile } from '../hive/recovery.ts';
import { upperName } from '../hive/upper-name.ts';
import { HiveKey } from './hive-key.ts';
import { hiveKind, PLACES } from './hive-place.ts';
import { keyParts } from './key-path.ts';
import { type Hung, MountedRegistry } from './mounted-registry.ts';
import { placed } from './placed-key.ts';
import { isRegExport, type RegExport, readRegExport } from './reg-export.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryView } from './view.ts';

export interface RegistryFile {
  /** As given, for messages and as the source of what is found in it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A hive's transaction logs. */
  readonly logs?: readonly LogFile[];
  /** Where a hive's root hangs ("HKLM\SOFTWARE"); told by its content without. */
  readonly at?: string;
}

export interface OpenedRegistry {
  readonly view: RegistryView;
  /** What was amiss in what was read up to now: hives are read as they are asked, so look again at the end. */
  readonly notes: readonly Note[];
  /** Files that hold nothing that can be read, one error each; the others are in the view. */
  readonly failures: readonly WinnowError[];
}

const USER: readonly string[] = ['HKEY_CURRENT_USER'];
const CLASSES: readonly string[] = [...USER, 'Software', 'Classes'];

/** Pure: nothing but the bytes given is looked at. Throws nothing for what the files hold. */
export function openRegistry(files: readonly RegistryFile[]): OpenedRegistry {
  const hung: Hung[] = [];
  const failures: WinnowError[] = [];
  const notes: Note[] = [];
  const hives: { readonly name: string; readonly hive: Hive }[] = [];
  for (const file of files) {
    try {
      if (isHive(file.bytes)) {
        const hive = openHive(file.bytes, { name: file.name, logs: file.logs });
        hives.push({ name: file.name, hive });
        const at = placeOf(file, hive);
        if (typeof at === 'string') notes.push({ about: file.name, text: at });
        else hung.push(...hangHive(file.name, at, new HiveKey(hive.root)));
      } else {
        const read = readExport(file);
        hung.push(...hangExport(file.name, read));
        notes.push(...read.notes.map(({ text }) => ({ about: file.name, text })));
      }
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      failures.push(error);
    }
  }
  return {
    view: new MountedRegistry(systemLast(hung)),
    failures,
    get notes() {
      return [...notes, ...hives.flatMap(({ name, hive }) => hive.notes.map(({ text }) => ({ about: name, text })))];
    },
  };
}

function readExport(file: RegistryFile): RegExport {
  if (!isRegExport(file.bytes))
    throw new FormatError(
      `${file.name}: it is neither a registry hive (regf) nor a .reg export (REGEDIT4, Windows Registry Editor Version 5.00)`,
    );
  if (file.at !== undefined)
    throw new InputError(`${file.name}: it is a .reg export, which names its keys itself; leave out ${file.at}=`);
  return readRegExport(file.bytes);
}

/** Parts of the path at which the hive hangs; a sentence where it hangs nowhere. */
function placeOf(file: RegistryFile, hive: Hive): readonly string[] | string {
  if (file.at !== undefined) {
    const given = keyParts(file.at);
    if (given !== undefined) return given;
    throw new InputError(
      `${file.at} is no place for ${file.name}: it begins with no root; give one like HKLM\\SOFTWARE`,
    );
  }
  const kind = hiveKind(hive, file.name);
  if (kind === undefined)
    throw new FormatError(
      `${file.name}: its keys and its base block do not tell which hive it is; say so with --registry HKLM\\SOFTWARE=${file.name} (or the place where it belongs)`,
    );
  return PLACES[kind]?.split('\\') ?? `it is a hive of ${kind}, which is no part of the registry that programs read`;
}

/** A user's hive is HKEY_CURRENT_USER and one of HKEY_USERS, the latter by its file's name where nothing else is told. */
function hangHive(source: string, at: readonly string[], root: StoredKey): readonly Hung[] {
  const all = [at];
  if (at.length === 1 && at[0] === USER[0]) all.push(['HKEY_USERS', source.replaceAll('\\', '/')]);
  if (at.length === 2 && at[0] === 'HKEY_USERS') all.push(userPlace(at[1]));
  return all.map((one) => ({ source, tree: placed(one, root), tops: [one], isSystem: isSystem(at[1]) }));
}

/** Where a subkey of HKEY_USERS is for the user that it belongs to. */
function userPlace(name: string): readonly string[] {
  return /_Classes$/i.test(name) ? CLASSES : USER;
}

function hangExport(source: string, { tree, tops }: RegExport): readonly Hung[] {
  const hung: Hung[] = [{ source, tree, tops }];
  const topsOf = new Map<string, (readonly string[])[]>();
  for (const parts of tops) {
    if (parts[0] !== 'HKEY_USERS') continue;
    const user = upperName(parts[1] ?? '');
    const known = topsOf.get(user);
    if (known === undefined) topsOf.set(user, [parts]);
    else known.push(parts);
  }
  for (const user of tree.subkey('HKEY_USERS')?.subkeys() ?? []) {
    const at = userPlace(user.name);
    const below = [...(topsOf.get('') ?? []), ...(topsOf.get(upperName(user.name)) ?? [])];
    const placedTops = below.map((parts) => [...at, ...parts.slice(2)]);
    hung.push({ source, tree: placed(at, user), tops: placedTops, isSystem: isSystem(user.name) });
  }
  return hung;
}

/** Whether a subkey of HKEY_USERS is of one of the system's own accounts. */
function isSystem(name: string | undefined): boolean {
  return name !== undefined && /^(\.DEFAULT|S-1-5-(18|19|20))$/i.test(name);
}

/** People's settings are asked before those of the system's own accounts. */
function systemLast(hung: readonly Hung[]): readonly Hung[] {
  return [...hung.filter((one) => one.isSystem !== true), ...hung.filter((one) => one.isSystem === true)];
}

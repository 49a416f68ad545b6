// Where in the registry a hive's root hangs, told by the keys it has and by the file name in its base block.

import type { Hive } from '../hive/hive.ts';
import { upperName } from '../hive/upper-name.ts';

export type HiveKind =
  | 'SYSTEM'
  | 'SOFTWARE'
  | 'SAM'
  | 'SECURITY'
  | 'DEFAULT'
  | 'NTUSER.DAT'
  | 'UsrClass.dat'
  | 'BCD'
  | 'Amcache'
  | 'DRIVERS'
  | 'COMPONENTS';

/** What a kind of hive has below its root; the first that fits tells. */
interface Signs {
  readonly kind: HiveKind;
  readonly has: (names: ReadonlySet<string>, hive: Hive) => boolean;
}

const any =
  (...wanted: readonly string[]) =>
  (names: ReadonlySet<string>) =>
    wanted.some((name) => names.has(name));

const SIGNS: readonly Signs[] = [
  { kind: 'SYSTEM', has: (names) => names.has('SELECT') || [...names].some((name) => /^CONTROLSET\d{3}$/.test(name)) },
  { kind: 'SAM', has: (names, hive) => names.has('SAM') && hive.key('SAM\\Domains') !== undefined },
  { kind: 'DRIVERS', has: any('DRIVERDATABASE') },
  { kind: 'COMPONENTS', has: any('CANONICALDATA', 'DERIVEDDATA') },
  { kind: 'BCD', has: (names) => names.has('OBJECTS') && names.has('DESCRIPTION') },
  {
    kind: 'Amcache',
    has: (names, hive) =>
      names.has('ROOT') &&
      [...(hive.key('Root')?.subkeys() ?? [])].some(({ name }) => /^(Inventory|File$)/i.test(name)),
  },
  { kind: 'SECURITY', has: (names) => names.has('POLICY') && !names.has('MICROSOFT') },
  { kind: 'SOFTWARE', has: any('MICROSOFT') },
  {
    kind: 'NTUSER.DAT',
    has: (names, hive) =>
      names.has('SOFTWARE') &&
      !names.has('CLSID') &&
      !names.has('LOCAL SETTINGS') &&
      (hive.key('Software\\Microsoft') !== undefined ||
        any('CONTROL PANEL', 'ENVIRONMENT', 'VOLATILE ENVIRONMENT')(names)),
  },
  { kind: 'UsrClass.dat', has: any('LOCAL SETTINGS', 'CLSID', 'ACTIVATABLECLASSES', '*') },
  { kind: 'SOFTWARE', has: any('CLASSES', 'POLICIES') },
  { kind: 'NTUSER.DAT', has: any('SOFTWARE', 'CONTROL PANEL') },
];

/** The last component of the path in the base block, or of the file's name: what Windows calls the file. */
const FILE_NAMES: readonly (readonly [RegExp, HiveKind])[] = [
  [/^system$/i, 'SYSTEM'],
  [/^software$/i, 'SOFTWARE'],
  [/^sam$/i, 'SAM'],
  [/^security$/i, 'SECURITY'],
  [/^default$/i, 'DEFAULT'],
  [/^ntuser\.(dat|man)$/i, 'NTUSER.DAT'],
  [/^usrclass\.dat$/i, 'UsrClass.dat'],
  [/^bcd(-template)?$/i, 'BCD'],
  [/^amcache\.hve$/i, 'Amcache'],
  [/^drivers$/i, 'DRIVERS'],
  [/^components$/i, 'COMPONENTS'],
];

function byFileName(path: string): HiveKind | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  return FILE_NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Which hive it is: by its content, where that tells; else by the name in its base block, else by `name`, the file's name as given.
 * A user's and the default user's hive have the same keys: the base block tells them apart.
 */
export function hiveKind(hive: Hive, name: string): HiveKind | undefined {
  const written = byFileName(hive.baseBlock.fileName);
  const names = new Set<string>();
  for (const key of hive.root.subkeys()) names.add(upperName(key.name));
  const told = SIGNS.find(({ has }) => has(names, hive))?.kind;
  if (told === 'NTUSER.DAT' && (written ?? byFileName(name)) === 'DEFAULT') return 'DEFAULT';
  return told ?? written ?? byFileName(name);
}

/** Where each kind hangs; a user's below HKEY_USERS by the file's name. undefined of what is no part of the registry that programs read. */
export const PLACES: Readonly<Record<HiveKind, string | undefined>> = {
  SYSTEM: 'HKEY_LOCAL_MACHINE\\SYSTEM',
  SOFTWARE: 'HKEY_LOCAL_MACHINE\\SOFTWARE',
  SAM: 'HKEY_LOCAL_MACHINE\\SAM',
  SECURITY: 'HKEY_LOCAL_MACHINE\\SECURITY',
  DEFAULT: 'HKEY_USERS\\.DEFAULT',
  'NTUSER.DAT': 'HKEY_CURRENT_USER',
  'UsrClass.dat': 'HKEY_CURRENT_USER\\Software\\Classes',
  BCD: 'HKEY_LOCAL_MACHINE\\BCD00000000',
  Amcache: undefined,
  DRIVERS: 'HKEY_LOCAL_MACHINE\\DRIVERS',
  COMPONENTS: 'HKEY_LOCAL_MACHINE\\COMPONENTS',
};

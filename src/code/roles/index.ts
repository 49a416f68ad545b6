// The roles of imported functions, by name and by the ordinals that some modules export without one.
import { ENDING_ROLES } from './ending.ts';
import { FORMAT_ROLES } from './format.ts';
import { KEEP_ROLES } from './keep.ts';
import { MEMORY_ROLES } from './memory.ts';
import { PATH_ROLES } from './path.ts';
import type { Role, RoleRow } from './role.ts';
import { SOURCE_ROLES } from './source.ts';
import { TEXT_ROLES } from './text.ts';

const ROWS: readonly RoleRow[] = [
  ...FORMAT_ROLES,
  ...TEXT_ROLES,
  ...PATH_ROLES,
  ...SOURCE_ROLES,
  ...MEMORY_ROLES,
  ...KEEP_ROLES,
  ...ENDING_ROLES,
];

/** Functions that are imported by ordinal only, by module (file name without extension, lower case): shlwapi's wrappers. Source: the module's own export table and public headers. */
const ORDINALS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  shlwapi: {
    151: 'StrCmpNCA',
    152: 'StrCmpNCW',
    153: 'StrCmpNICA',
    154: 'StrCmpNICW',
    155: 'StrCmpCA',
    156: 'StrCmpCW',
    157: 'StrCmpICA',
    158: 'StrCmpICW',
    459: 'SHExpandEnvironmentStringsA',
    460: 'SHExpandEnvironmentStringsW',
  },
};

/** The prefix under which api-ms-win-crt-private exports the C run-time's functions. */
const PRIVATE_PREFIX = /^_o_/;

let byName: Map<string, RoleRow> | undefined;

/** The role of a function by its export name, in code of that pointer size; undefined when none is known. */
export function roleOf(name: string, pointerSize: 4 | 8): Role | undefined {
  if (!byName) {
    byName = new Map();
    for (const row of ROWS) for (const one of row.names) byName.set(one, row);
  }
  const row = byName.get(name) ?? byName.get(name.replace(PRIVATE_PREFIX, ''));
  return pointerSize === 4 ? (row?.role32 ?? row?.role) : row?.role;
}

/** The name of a function that is imported by ordinal, or undefined. */
export function nameOfOrdinal(module: string, ordinal: number): string | undefined {
  return ORDINALS[module.toLowerCase().replace(/\.(dll|drv|ocx)$/, '')]?.[ordinal];
}

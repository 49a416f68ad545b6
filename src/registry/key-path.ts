// Paths of keys: the names of the roots in every spelling, and a path as its parts.

/** The predefined keys (winreg.h) by their short names. */
const SHORT: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
};

export const ROOTS: readonly string[] = Object.values(SHORT);

/** The kernel's names of what Win32 calls HKEY_LOCAL_MACHINE and HKEY_USERS. */
const NATIVE: Readonly<Record<string, string>> = { MACHINE: 'HKEY_LOCAL_MACHINE', USER: 'HKEY_USERS' };

/**
 * A path's parts, the root spelled out: "HKLM\Software\X" and "\Registry\Machine\Software\X" give ["HKEY_LOCAL_MACHINE", "Software", "X"].
 * undefined where it begins with no root.
 */
export function keyParts(path: string): readonly string[] | undefined {
  const parts = path.split('\\').filter((part) => part !== '');
  const [first = '', second = ''] = parts;
  const root = first.toUpperCase();
  if (root === 'REGISTRY' && Object.hasOwn(NATIVE, second.toUpperCase()))
    return [NATIVE[second.toUpperCase()], ...parts.slice(2)];
  if (Object.hasOwn(SHORT, root)) return [SHORT[root], ...parts.slice(1)];
  return ROOTS.includes(root) ? [root, ...parts.slice(1)] : undefined;
}

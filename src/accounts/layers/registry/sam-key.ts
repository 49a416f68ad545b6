// Which object of the SAM a registry path is about: HKLM\SAM\SAM\Domains and what stands under it.

/** What the path names. `value` is the value's name, "(Default)" for the one without; absent for a key. */
export type SamKey =
  | { readonly kind: 'user-name'; readonly name: string; readonly value?: string }
  | { readonly kind: 'user'; readonly rid: number; readonly value?: string }
  | { readonly kind: 'alias-name'; readonly name: string; readonly isBuiltin: boolean; readonly value?: string }
  | { readonly kind: 'alias'; readonly rid: number; readonly isBuiltin: boolean; readonly value?: string }
  /** The index of members: the SID of the member's domain, and its RID. */
  | {
      readonly kind: 'alias-member';
      readonly sid: string;
      readonly rid: number;
      readonly isBuiltin: boolean;
      readonly value?: string;
    }
  /** Anything else of the SAM: policy, transactions, global groups. */
  | { readonly kind: 'other' };

/** As Sysmon, the Security log and Windows' own tools begin it. */
const ROOT = /^(?:HKLM|HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE)\\SAM\\SAM\\(?:DOMAINS(?:\\|$)|.*)/i;
const DOMAIN = /^(?:HKLM|HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE)\\SAM\\SAM\\DOMAINS\\(Account|Builtin)\\(.+)$/i;
const RID = /^[\da-f]{8}$/i;

/** undefined of a path that is not of the SAM. Letter case does not count. */
export function samKeyOf(path: string): SamKey | undefined {
  if (!ROOT.test(path)) return undefined;
  const domain = DOMAIN.exec(path);
  if (!domain) return { kind: 'other' };
  const isBuiltin = domain[1].toLowerCase() === 'builtin';
  const [folder, first, ...rest] = domain[2].split('\\');
  const value = rest.length === 1 ? { value: rest[0] } : {};
  switch (folder.toLowerCase()) {
    case 'users':
      if (first?.toLowerCase() === 'names') return namedKey(rest, (name, own) => ({ kind: 'user-name', name, ...own }));
      return first !== undefined && RID.test(first) && rest.length <= 1
        ? { kind: 'user', rid: Number.parseInt(first, 16), ...value }
        : { kind: 'other' };
    case 'aliases':
      if (first?.toLowerCase() === 'names')
        return namedKey(rest, (name, own) => ({ kind: 'alias-name', name, isBuiltin, ...own }));
      if (first?.toLowerCase() === 'members') {
        const [sid, rid, own, ...more] = rest;
        return rid !== undefined && RID.test(rid) && more.length === 0
          ? {
              kind: 'alias-member',
              sid,
              rid: Number.parseInt(rid, 16),
              isBuiltin,
              ...(own === undefined ? {} : { value: own }),
            }
          : { kind: 'other' };
      }
      return first !== undefined && RID.test(first) && rest.length <= 1
        ? { kind: 'alias', rid: Number.parseInt(first, 16), isBuiltin, ...value }
        : { kind: 'other' };
    default:
      return { kind: 'other' };
  }
}

/** Below Names: a name, and its default value. */
function namedKey(rest: readonly string[], make: (name: string, own: { readonly value?: string }) => SamKey): SamKey {
  const [name, value, ...more] = rest;
  if (name === undefined || name === '' || more.length > 0) return { kind: 'other' };
  return make(name, value === undefined ? {} : { value });
}

/** The account of a value under Winlogon\SpecialAccounts\UserList; undefined of another path. */
export function userListName(path: string): string | undefined {
  return /\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList\\([^\\]+)$/i.exec(path)?.[1];
}

// Which row an API's name means, however a vendor writes it.

import type { ApiRow } from './api-row.ts';
import { NET_APIS } from './net-apis.ts';
import { REGISTRY_APIS, type RegistryApi } from './registry-apis.ts';
import { SAMR_APIS } from './samr-apis.ts';

export type KnownApi =
  | { readonly is: 'account'; readonly row: ApiRow }
  | { readonly is: 'registry'; readonly row: RegistryApi };

const BY_NAME: ReadonlyMap<string, KnownApi> = new Map<string, KnownApi>([
  ...[...NET_APIS, ...SAMR_APIS].map((row): [string, KnownApi] => [row.api.toLowerCase(), { is: 'account', row }]),
  ...REGISTRY_APIS.map((row): [string, KnownApi] => [row.api.toLowerCase(), { is: 'registry', row }]),
]);

/** Letters of a name at most; a longer text is none. */
const LONGEST = 128;

/** Of "NetUserAdd", "netapi32.dll!NetUserAdd", "RegSetValueExW"; samlib.dll's SamAddMemberToAlias is the protocol's SamrAddMemberToAlias. Undefined of any other. */
export function apiOf(text: string): KnownApi | undefined {
  if (text.length > LONGEST) return undefined;
  const name = text
    .trim()
    .replace(/^.*[!.:]/, '')
    .toLowerCase();
  return (
    BY_NAME.get(name) ??
    (/^reg.*[aw]$/.test(name) ? BY_NAME.get(name.slice(0, -1)) : undefined) ??
    (name.startsWith('sam') ? BY_NAME.get(`samr${name.slice(3)}`) : undefined)
  );
}

/** The method of the protocol by its number on the wire: "31", "0x1f". */
export function samrMethodOf(opnum: string): ApiRow | undefined {
  const number = /^(?:\d{1,3}|0x[\da-f]{1,2})$/i.test(opnum.trim()) ? Number(opnum.trim()) : undefined;
  return number === undefined ? undefined : BY_OPNUM.get(number);
}

const BY_OPNUM: ReadonlyMap<number, ApiRow> = new Map(SAMR_APIS.map((row) => [row.opnum ?? -1, row]));

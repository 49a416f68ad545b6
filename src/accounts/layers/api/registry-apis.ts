// Calls of the registry's API on the SAM's keys: what layer D reads in Sysmon's events, seen in the process that wrote; and hives that are restored over it.

import { optional } from '../../record.ts';
import type { Sighting } from '../../sighting.ts';
import { registrySighting } from '../registry/registry.ts';
import type { RegistryAct } from '../registry/registry-act.ts';
import { samKeyOf } from '../registry/sam-key.ts';
import { type ApiCall, argument, outcomeOf } from './api-call.ts';

export interface RegistryApi {
  /** Without the letter for the character set, A or W. */
  readonly api: string;
  /** `restore`: a file's content takes the place of a key and all below it. */
  readonly act: RegistryAct['act'] | 'restore';
}

/** winreg.h, and the system calls of ntdll below it. */
export const REGISTRY_APIS: readonly RegistryApi[] = [
  { api: 'RegSetValueEx', act: 'set-value' },
  { api: 'RegSetValue', act: 'set-value' },
  { api: 'RegSetKeyValue', act: 'set-value' },
  { api: 'NtSetValueKey', act: 'set-value' },
  { api: 'ZwSetValueKey', act: 'set-value' },
  { api: 'RegCreateKeyEx', act: 'create-key' },
  { api: 'RegCreateKey', act: 'create-key' },
  { api: 'NtCreateKey', act: 'create-key' },
  { api: 'ZwCreateKey', act: 'create-key' },
  { api: 'RegDeleteKeyEx', act: 'delete-key' },
  { api: 'RegDeleteKey', act: 'delete-key' },
  { api: 'RegDeleteTree', act: 'delete-key' },
  { api: 'NtDeleteKey', act: 'delete-key' },
  { api: 'ZwDeleteKey', act: 'delete-key' },
  { api: 'RegDeleteValue', act: 'delete-value' },
  { api: 'RegDeleteKeyValue', act: 'delete-value' },
  { api: 'NtDeleteValueKey', act: 'delete-value' },
  { api: 'ZwDeleteValueKey', act: 'delete-value' },
  { api: 'RegRestoreKey', act: 'restore' },
  { api: 'RegReplaceKey', act: 'restore' },
  { api: 'RegLoadKey', act: 'restore' },
  { api: 'NtRestoreKey', act: 'restore' },
  { api: 'NtReplaceKey', act: 'restore' },
  { api: 'NtLoadKey', act: 'restore' },
];

/** HKLM\SAM and what stands below it. */
const SAM = /^(?:HKLM|HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE)\\SAM(?:\\|$)/i;
const VALUES: ReadonlySet<string> = new Set(['set-value', 'delete-value']);

/** The sighting of a call on the SAM; undefined of any other, and where no program is named that could tell Windows' own writes from others'. */
export function registryCallSighting(call: ApiCall, row: RegistryApi): Sighting | undefined {
  const key = argument(call, 'key', 'keyname')?.replace(/\\+$/, '');
  const image = call.actor?.process?.image ?? undefined;
  if (key === undefined || !SAM.test(key)) return undefined;
  if (row.act === 'restore') return restoreSighting(call, key);
  if (image === undefined) return undefined;
  const value = argument(call, 'value', 'valuename');
  const act: RegistryAct = {
    act: row.act,
    path: VALUES.has(row.act) ? `${key}\\${value ?? '(Default)'}` : key,
    image,
    details: argument(call, 'details'),
    actor: call.actor,
  };
  const sighting = registrySighting(call.record, act);
  return sighting && { ...sighting, ...ownOf(call, act.path) };
}

/** RegLoadKey makes a key of a file; only over HKLM\SAM itself is that the system's own SAM. */
function restoreSighting(call: ApiCall, key: string): Sighting {
  const named = samKeyOf(key);
  const account =
    named?.kind === 'user' ? { rid: named.rid } : named?.kind === 'user-name' ? { name: named.name } : undefined;
  const file = argument(call, 'file');
  return {
    kind: 'account-resurrected-by-registry',
    scope: 'local',
    ...optional('account', account),
    ...optional('actor', call.actor),
    ...ownOf(call, key),
    notes: [
      `the SAM's keys were replaced by ${file === undefined ? 'those of a file' : `those of ${file}`}; which accounts that changed the call does not tell`,
    ],
  };
}

function ownOf(call: ApiCall, path: string): Pick<Sighting, 'layer' | 'at' | 'host' | 'outcome' | 'evidence'> {
  return {
    layer: 'api',
    at: call.at,
    host: call.host,
    outcome: outcomeOf(call),
    evidence: call.record.evidence('api', `${call.api} ${path}`),
  };
}

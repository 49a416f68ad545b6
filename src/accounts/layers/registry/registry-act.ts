// What an event says was done to a key or value of the registry: Sysmon 12 to 14, and Security 4657.

import { type AccountRecord, optional } from '../../record.ts';
import type { ActorSeen } from '../../sighting.ts';

export interface RegistryAct {
  readonly act: 'create-key' | 'delete-key' | 'set-value' | 'delete-value';
  /** With the value's name behind the key, as Sysmon writes it. */
  readonly path: string;
  /** The program that wrote. */
  readonly image: string | undefined;
  /** "DWORD (0x00000000)", "Binary Data"; of 4657 the new value. */
  readonly details: string | undefined;
  readonly actor: ActorSeen | undefined;
}

/** By Sysmon's EventType; a rename of a key (event 14) tells none of these. */
const SYSMON_ACTS: ReadonlyMap<string, RegistryAct['act']> = new Map([
  ['createkey', 'create-key'],
  ['deletekey', 'delete-key'],
  ['setvalue', 'set-value'],
  ['deletevalue', 'delete-value'],
]);

/** By 4657's OperationType (msobjs.dll). */
const SECURITY_ACTS: ReadonlyMap<string, RegistryAct['act']> = new Map([
  ['%%1904', 'set-value'],
  ['%%1905', 'set-value'],
  ['%%1906', 'delete-value'],
]);

/** undefined of an event of another kind. */
export function sysmonAct(record: AccountRecord): RegistryAct | undefined {
  const path = record.value('TargetObject');
  const act =
    SYSMON_ACTS.get(record.value('EventType')?.toLowerCase() ?? '') ?? (record.id === 13 ? 'set-value' : undefined);
  if (path === undefined || act === undefined) return undefined;
  const image = record.value('Image');
  const pid = Number(record.value('ProcessId'));
  return {
    act,
    path,
    image,
    details: record.value('Details'),
    actor: isLsass(image)
      ? undefined
      : {
          ...userOf(record.value('User')),
          process: { ...optional('image', image), ...(Number.isInteger(pid) ? { pid } : {}) },
        },
  };
}

export function securityAct(record: AccountRecord): RegistryAct | undefined {
  const key = record.value('ObjectName');
  const act = SECURITY_ACTS.get(record.value('OperationType') ?? '');
  if (key === undefined || act === undefined || record.isFailure) return undefined;
  const image = record.value('ProcessName');
  const pid = Number(record.value('ProcessId'));
  const process = isLsass(image) ? {} : { process: { ...optional('image', image), ...(pid > 0 ? { pid } : {}) } };
  return {
    act,
    path: `${key}\\${record.value('ObjectValueName') ?? '(Default)'}`,
    image,
    details: record.value('NewValue'),
    actor: { ...record.subject(), ...process },
  };
}

/** lsass.exe carries out what others ask of the SAM; a copy of it in another folder is none. */
export function isLsass(image: string | undefined): boolean {
  return (
    image !== undefined &&
    /^(?:[a-z]:|\\Device\\HarddiskVolume\d+)\\(?:Windows|WinNT)\\System32\\lsass\.exe$/i.test(image)
  );
}

/** Of "HOST\name". */
function userOf(user: string | undefined): ActorSeen {
  const [domain, name] = user?.split('\\') ?? [];
  return name === undefined ? {} : { domain, name };
}

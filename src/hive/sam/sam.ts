// All that a SAM hive holds of local accounts and groups, as it is there: names, records, members and the index of members.

import { u32At } from '../../bytes/cursor.ts';
import { FormatError, type Note } from '../../errors.ts';
import type { Hive } from '../hive.ts';
import type { RegistryKey } from '../registry-key.ts';
import { type AccountF, readAccountF } from './account-f.ts';
import { type AccountV, readAccountV } from './account-v.ts';
import { type AliasC, readAliasC } from './alias-c.ts';
import { type DomainF, readDomainF, readDomainSid } from './domain.ts';
import { type GroupC, readGroupC } from './group-c.ts';

/** "Builtin" holds the groups that every Windows has, "Account" what the machine's own SID is of. */
export const SAM_DOMAINS = ['Builtin', 'Account'] as const;
export type SamDomain = (typeof SAM_DOMAINS)[number];

/** A key named by its RID. */
interface RecordKey {
  /** The key's name: eight hexadecimal digits. */
  readonly key: string;
  readonly rid: number;
  /** FILETIME. */
  readonly lastWritten: bigint;
}

export interface SamAccount extends RecordKey {
  /** undefined where it is absent or cut off, as V is. */
  readonly f: AccountF | undefined;
  readonly v: AccountV | undefined;
  /** Names of the key's values, as they are there. */
  readonly valueNames: readonly string[];
}

export interface SamAlias extends RecordKey {
  readonly domain: SamDomain;
  readonly c: AliasC | undefined;
}

export interface SamGroup extends RecordKey {
  readonly c: GroupC | undefined;
}

/** A key under Names; the type of its default value is the RID. */
export interface SamName {
  readonly name: string;
  /** undefined where the key has no default value. */
  readonly rid: number | undefined;
  readonly lastWritten: bigint;
}

/** An entry of the index of members: the aliases that a SID is in. */
export interface IndexedMember {
  readonly sid: string;
  readonly aliases: readonly number[];
}

export interface Sam {
  readonly machineSid: string | undefined;
  readonly policy: DomainF | undefined;
  readonly accounts: readonly SamAccount[];
  readonly names: readonly SamName[];
  readonly aliases: readonly SamAlias[];
  readonly aliasNames: Readonly<Record<SamDomain, readonly SamName[]>>;
  readonly groups: readonly SamGroup[];
  readonly groupNames: readonly SamName[];
  readonly index: Readonly<Record<SamDomain, readonly IndexedMember[]>>;
  /** What is there and could not be read. */
  readonly notes: readonly Note[];
}

const RID_KEY = /^[\da-f]{8}$/i;
/** With up to 14 parts, so that there is room for a RID. */
const SID_KEY = /^S-1-\d{1,15}(?:-\d{1,10}){0,14}$/i;

/** `name`: for messages. Throws FormatError where the hive is no SAM. */
export function readSam(hive: Hive, name = 'the hive'): Sam {
  const domains = hive.key('SAM\\Domains');
  const account = domains?.subkey('Account');
  if (!account) throw new FormatError(`${name}: it is no SAM hive (it has no key SAM\\Domains\\Account)`);
  const builtin = domains?.subkey('Builtin');
  const notes: Note[] = [];
  if (!builtin) notes.push({ about: 'SAM', text: 'there is no key SAM\\Domains\\Builtin' });
  const domainKeys = { Account: account, Builtin: builtin };
  const ofDomains = <T>(read: (domain: RegistryKey | undefined) => T): Readonly<Record<SamDomain, T>> => ({
    Builtin: read(builtin),
    Account: read(account),
  });
  const policy = readValue(account, 'F', readDomainF, notes);
  return {
    machineSid: readValue(account, 'V', readDomainSid, notes),
    policy,
    accounts: [...recordKeys(account.subkey('Users'), notes)].map(([own, key]) => ({
      ...own,
      f: readValue(key, 'F', readAccountF, notes),
      v: readValue(key, 'V', readAccountV, notes),
      valueNames: [...key.values()].map(({ name }) => name),
    })),
    names: namesOf(account.subkey('Users')),
    aliases: SAM_DOMAINS.flatMap((domain) =>
      [...recordKeys(domainKeys[domain]?.subkey('Aliases'), notes)].map(([own, key]) => {
        const c = readValue(key, 'C', readAliasC, notes);
        if (c && c.members.length < c.memberCount)
          notes.push({
            about: key.path,
            text: `of ${c.memberCount} members that it says it has, ${c.members.length} can be read`,
          });
        return { ...own, domain, c };
      }),
    ),
    aliasNames: ofDomains((domain) => namesOf(domain?.subkey('Aliases'))),
    groups: [...recordKeys(account.subkey('Groups'), notes)].map(([own, key]) => ({
      ...own,
      c: readValue(key, 'C', readGroupC, notes),
    })),
    groupNames: namesOf(account.subkey('Groups')),
    index: ofDomains((domain) => indexOf(domain?.subkey('Aliases'), notes)),
    notes,
  };
}

/** The keys whose name is a RID. Others than Names and Members have no place there. */
function* recordKeys(parent: RegistryKey | undefined, notes: Note[]): Generator<[RecordKey, RegistryKey]> {
  for (const key of parent?.subkeys() ?? []) {
    if (RID_KEY.test(key.name))
      yield [{ key: key.name, rid: Number.parseInt(key.name, 16), lastWritten: key.lastWritten }, key];
    else if (!/^(?:names|members)$/i.test(key.name))
      notes.push({ about: key.path, text: 'a key whose name is no RID stands among those of accounts or groups' });
  }
}

function readValue<T>(
  key: RegistryKey,
  name: string,
  read: (bytes: Uint8Array) => T | undefined,
  notes: Note[],
): T | undefined {
  const value = key.value(name);
  if (!value) {
    notes.push({ about: key.path, text: `it has no value ${name}` });
    return undefined;
  }
  const bytes = value.data();
  const found = read(bytes);
  if (found === undefined)
    notes.push({ about: key.path, text: `its value ${name} of ${bytes.length} bytes cannot be read` });
  return found;
}

function namesOf(parent: RegistryKey | undefined): SamName[] {
  return [...(parent?.subkey('Names')?.subkeys() ?? [])].map((key) => ({
    name: key.name,
    rid: key.value('')?.type,
    lastWritten: key.lastWritten,
  }));
}

/** Aliases\Members\<SID of a domain>\<RID>: the data of the default value are the RIDs of aliases. */
function indexOf(parent: RegistryKey | undefined, notes: Note[]): IndexedMember[] {
  const members: IndexedMember[] = [];
  for (const domain of parent?.subkey('Members')?.subkeys() ?? []) {
    if (!SID_KEY.test(domain.name)) {
      notes.push({ about: domain.path, text: 'a key whose name is no SID stands in the index of members' });
      continue;
    }
    for (const key of domain.subkeys()) {
      if (!RID_KEY.test(key.name)) {
        notes.push({ about: key.path, text: 'a key whose name is no RID stands in the index of members' });
        continue;
      }
      const data = key.value('')?.data() ?? new Uint8Array(0);
      members.push({
        sid: `${domain.name}-${Number.parseInt(key.name, 16)}`,
        aliases: Array.from({ length: Math.floor(data.length / 4) }, (_, i) => u32At(data, i * 4)),
      });
    }
  }
  return members;
}

// The document of `winnow accounts sam`, schema winnow.accounts-sam/1: the accounts, groups and members of a SAM hive, and what is odd.

import { fileTimeText } from '../bytes/file-time.ts';
import type { Note } from '../errors.ts';
import type { Hive } from '../hive/hive.ts';
import type { Recovery } from '../hive/recovery.ts';
import { controlWords } from '../hive/sam/account-control.ts';
import type { Sam, SamAccount, SamAlias, SamGroup } from '../hive/sam/sam.ts';
import { missingRids } from './sam-missing.ts';
import { type Oddity, oddities } from './sam-odd.ts';

export const ACCOUNTS_SAM_SCHEMA = 'winnow.accounts-sam/1';

/** What a record that is absent or cut off would say is null. Times are ISO 8601, UTC; `key_last_write` is the nearest microsecond, of the others the tenths are left out. Never is null. */
export interface SamAccountEntry {
  /** Eight digits: 000001F4. */
  readonly key: string;
  readonly key_rid: number;
  /** The RID that it logs on with. */
  readonly f_rid: number | null;
  readonly name: string | null;
  readonly full_name: string | null;
  readonly comment: string | null;
  /** Account control bits: "0x211". */
  readonly acb: string | null;
  readonly primary_gid: number | null;
  readonly last_logon: string | null;
  readonly pwd_last_set: string | null;
  readonly last_bad_pwd: string | null;
  readonly bad_count: number | null;
  readonly logon_count: number | null;
  readonly key_last_write: string;
  /** Bytes; the hash itself is never read. */
  readonly nt_hash_len: number | null;
}

export interface SamAliasEntry {
  readonly domain: 'Builtin' | 'Account';
  readonly key: string;
  readonly rid: number;
  readonly name: string | null;
  /** SIDs. */
  readonly members: readonly string[];
  readonly key_last_write: string;
}

export interface SamGroupEntry {
  readonly key: string;
  readonly rid: number;
  readonly name: string | null;
  /** RIDs. */
  readonly members: readonly number[];
  readonly key_last_write: string;
}

export interface SamDocument {
  readonly schema: typeof ACCOUNTS_SAM_SCHEMA;
  readonly machine_sid: string | null;
  /** Of the next account or group of the machine. */
  readonly next_rid: number | null;
  /** By RID, as the hive has them. */
  readonly accounts: readonly SamAccountEntry[];
  readonly aliases: readonly SamAliasEntry[];
  readonly groups: readonly SamGroupEntry[];
  /** Names of accounts, each with its RID; null where its key has none. */
  readonly names: Readonly<Record<string, number | null>>;
  /** From 1000 on: accounts or groups that were there once. */
  readonly missing_rids_below_next: readonly number[];
  readonly odd: readonly Oddity[];
  readonly recovery: Recovery;
  readonly notes: readonly Note[];
}

export function samDocument(hive: Hive, sam: Sam): SamDocument {
  const missing = missingRids(sam);
  const notes = [...hive.notes, ...sam.notes];
  if (missing.more > 0)
    notes.push({ about: 'SAM', text: `${missing.more} more RIDs below the next one are missing than are listed` });
  return {
    schema: ACCOUNTS_SAM_SCHEMA,
    machine_sid: sam.machineSid ?? null,
    next_rid: sam.policy?.nextRid ?? null,
    accounts: sam.accounts.map(accountEntry),
    aliases: sam.aliases.map(aliasEntry),
    groups: sam.groups.map(groupEntry),
    names: Object.fromEntries(sam.names.map(({ name, rid }) => [name, rid ?? null])),
    missing_rids_below_next: missing.rids,
    odd: oddities(sam),
    recovery: hive.recovery,
    notes,
  };
}

function accountEntry({ key, rid, f, v, lastWritten }: SamAccount): SamAccountEntry {
  return {
    key,
    key_rid: rid,
    f_rid: f?.rid ?? null,
    name: v?.name ?? null,
    full_name: v?.fullName ?? null,
    comment: v?.comment ?? null,
    acb: f ? `0x${f.control.toString(16)}` : null,
    primary_gid: f?.primaryGroup ?? null,
    last_logon: timeOrNever(f?.lastLogon),
    pwd_last_set: timeOrNever(f?.passwordLastSet),
    last_bad_pwd: timeOrNever(f?.lastBadPassword),
    bad_count: f?.badPasswordCount ?? null,
    logon_count: f?.logonCount ?? null,
    key_last_write: keyTime(lastWritten),
    nt_hash_len: v?.ntHashLength ?? null,
  };
}

function aliasEntry({ domain, key, rid, c, lastWritten }: SamAlias): SamAliasEntry {
  return {
    domain,
    key,
    rid,
    name: c?.name ?? null,
    members: c?.members ?? [],
    key_last_write: keyTime(lastWritten),
  };
}

function groupEntry({ key, rid, c, lastWritten }: SamGroup): SamGroupEntry {
  return { key, rid, name: c?.name ?? null, members: c?.members ?? [], key_last_write: keyTime(lastWritten) };
}

/** When a key was written last, to the nearest microsecond, as most registry readers tell it: "2010-11-20T21:48:12.569244Z". */
export function keyTime(ticks: bigint): string {
  return microTime(ticks + 5n);
}

/** A time out of a record: the tenths of a microsecond are left out, as most SAM readers do. */
export function microTime(ticks: bigint): string {
  return fileTimeText(ticks).replace(/\dZ$/, 'Z');
}

/** null for 0 and for the end of time, both of which say never. */
export function timeOrNever(ticks: bigint | undefined): string | null {
  return ticks === undefined || ticks <= 0n || ticks >= 0x7fff_ffff_ffff_ffffn ? null : microTime(ticks);
}

/** What the control bits of an entry say, in words: "0x211" is disabled, normal account, password never expires. */
export function acbWords(acb: string): readonly string[] {
  return controlWords(Number(acb));
}

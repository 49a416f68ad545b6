// `winnow accounts sam decode`: one value of the SAM read by itself, as events and exports carry it. Of hashes only how long they are.

import { FormatError } from '../errors.ts';
import { controlWords } from '../hive/sam/account-control.ts';
import { type AccountF, readAccountF } from '../hive/sam/account-f.ts';
import { type AccountV, readAccountV } from '../hive/sam/account-v.ts';
import { type AliasC, readAliasC } from '../hive/sam/alias-c.ts';
import { type DomainF, readDomainF, readDomainSid } from '../hive/sam/domain.ts';
import { type GroupC, readGroupC } from '../hive/sam/group-c.ts';
import { microTime, timeOrNever } from './sam-document.ts';

export const ACCOUNTS_SAM_VALUE_SCHEMA = 'winnow.accounts-sam-value/1';

export const SAM_VALUES = ['C', 'F', 'V'] as const;
export type SamValueName = (typeof SAM_VALUES)[number];

/** What a value of that name can be of. */
export type SamValueOf = 'alias' | 'group' | 'user' | 'domain';

type Fields = Readonly<Record<string, string | number | boolean | null | readonly string[] | readonly number[]>>;

export interface SamValueDocument {
  readonly schema: typeof ACCOUNTS_SAM_VALUE_SCHEMA;
  readonly value: SamValueName;
  /** Whose value it is, by its form. */
  readonly of: SamValueOf;
  /** Bytes. */
  readonly size: number;
  readonly fields: Fields;
  readonly notes: readonly string[];
}

/** Bytes of the F value of a user in all versions of Windows; a domain's is longer. */
const USER_F_SIZE = 0x50;

/** Throws FormatError where the bytes are no such value. */
export function decodeSamValue(value: SamValueName, bytes: Uint8Array): SamValueDocument {
  const notes: string[] = [];
  const found = decoderOf[value](bytes, notes);
  if (found === undefined)
    throw new FormatError(`${bytes.length} bytes are no ${value} value of the SAM, or are cut off`);
  return { schema: ACCOUNTS_SAM_VALUE_SCHEMA, value, of: found[0], size: bytes.length, fields: found[1], notes };
}

type Found = readonly [SamValueOf, Fields] | undefined;

const decoderOf: Readonly<Record<SamValueName, (bytes: Uint8Array, notes: string[]) => Found>> = {
  C: (bytes, notes) => {
    const [alias, group] = [readAliasC(bytes), readGroupC(bytes)];
    // The first part of each is the security descriptor, which begins the data.
    if (alias && beginsData(bytes, 4)) return ['alias', aliasFields(alias, notes)];
    if (group && beginsData(bytes, 0x14)) return ['group', groupFields(group, notes)];
    return undefined;
  },
  F: (bytes) => {
    const [user, domain] = [readAccountF(bytes), readDomainF(bytes)];
    if (domain && bytes.length > USER_F_SIZE) return ['domain', domainFields(domain)];
    return user && ['user', userFields(user)];
  },
  V: (bytes, notes) => {
    const sid = readDomainSid(bytes);
    if (sid !== undefined) return ['domain', { sid }];
    const user = readAccountV(bytes);
    return user && beginsData(bytes, 0) ? ['user', textFields(user, notes)] : undefined;
  },
};

/** Whether the part at `at` begins at offset 0 and has bytes. */
function beginsData(bytes: Uint8Array, at: number): boolean {
  const offset = bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3];
  return offset === 0 && (bytes[at + 4] | bytes[at + 5]) !== 0;
}

function userFields(f: AccountF): Fields {
  return {
    revision: f.revision,
    rid: f.rid,
    primary_gid: f.primaryGroup,
    acb: `0x${f.control.toString(16)}`,
    acb_words: controlWords(f.control),
    last_logon: timeOrNever(f.lastLogon),
    last_logoff: timeOrNever(f.lastLogoff),
    pwd_last_set: timeOrNever(f.passwordLastSet),
    account_expires: timeOrNever(f.accountExpires),
    last_bad_pwd: timeOrNever(f.lastBadPassword),
    bad_count: f.badPasswordCount,
    logon_count: f.logonCount,
    country_code: f.countryCode,
    code_page: f.codePage,
  };
}

function domainFields(f: DomainF): Fields {
  return {
    created: microTime(f.created),
    next_rid: f.nextRid,
    minimum_password_length: f.minimumPasswordLength,
    password_history_length: f.passwordHistoryLength,
    password_properties: `0x${f.passwordProperties.toString(16)}`,
    lockout_threshold: f.lockoutThreshold,
  };
}

function textFields(v: AccountV, notes: string[]): Fields {
  const texts = {
    name: v.name,
    full_name: v.fullName,
    comment: v.comment,
    user_comment: v.userComment,
    home_directory: v.homeDirectory,
    home_drive: v.homeDrive,
    script_path: v.scriptPath,
    profile_path: v.profilePath,
    workstations: v.workstations,
  };
  return {
    ...wholeTexts(texts, notes),
    groups: v.groups,
    nt_hash_len: v.ntHashLength,
    lm_hash_len: v.lmHashLength,
  };
}

function aliasFields(c: AliasC, notes: string[]): Fields {
  if (c.members.length < c.memberCount) notes.push(`of ${c.memberCount} members ${c.members.length} can be read`);
  return { rid: c.rid, ...wholeTexts({ name: c.name, comment: c.comment }, notes), members: c.members };
}

function groupFields(c: GroupC, notes: string[]): Fields {
  if (c.members.length < c.memberCount) notes.push(`of ${c.memberCount} members ${c.members.length} can be read`);
  return {
    rid: c.rid,
    attributes: `0x${c.attributes.toString(16)}`,
    ...wholeTexts({ name: c.name, comment: c.comment }, notes),
    members: c.members,
  };
}

/** Texts that go on behind the value are null, and noted. */
function wholeTexts(
  texts: Readonly<Record<string, string | undefined>>,
  notes: string[],
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      if (text === undefined) notes.push(`${name} is cut off`);
      return [name, text ?? null];
    }),
  );
}

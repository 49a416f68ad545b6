// The V value of a user of the SAM: its names and texts and the groups it is in. Of hashes only how long they are.

import { u32At } from '../../bytes/cursor.ts';
import { type PartTable, partAt, partText } from './parts.ts';

/** 17 parts of 12 bytes each. */
const HEADER_SIZE = 0xcc;

/** Indexes of the parts; 13 to 16 are hashes and are never read. */
export const AccountPart = {
  securityDescriptor: 0,
  name: 1,
  fullName: 2,
  comment: 3,
  userComment: 4,
  parameters: 5,
  homeDirectory: 6,
  homeDrive: 7,
  scriptPath: 8,
  profilePath: 9,
  workstations: 10,
  logonHours: 11,
  groups: 12,
  lmHash: 13,
  ntHash: 14,
  ntHistory: 15,
  lmHistory: 16,
} as const;

/** The texts of a V value; one that goes on behind the value is undefined. */
export interface AccountTexts {
  readonly name: string | undefined;
  readonly fullName: string | undefined;
  readonly comment: string | undefined;
  readonly userComment: string | undefined;
  readonly homeDirectory: string | undefined;
  readonly homeDrive: string | undefined;
  readonly scriptPath: string | undefined;
  readonly profilePath: string | undefined;
  readonly workstations: string | undefined;
}

export interface AccountV extends AccountTexts {
  /** RIDs of the global groups. */
  readonly groups: readonly number[];
  /** Bytes of the LM and the NT hash as they are stored: 4 or 24 where there is none, 20 with RC4, 56 with AES. */
  readonly lmHashLength: number;
  readonly ntHashLength: number;
}

/** undefined where its table of parts is cut off. */
export function readAccountV(bytes: Uint8Array): AccountV | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const table: PartTable = { bytes, tableAt: 0, base: HEADER_SIZE };
  const text = (index: number): string | undefined => partText(table, index);
  const { bytes: groups, third: count } = partAt(table, AccountPart.groups);
  const fit = Math.min(count, Math.floor(groups.length / 8));
  return {
    name: text(AccountPart.name),
    fullName: text(AccountPart.fullName),
    comment: text(AccountPart.comment),
    userComment: text(AccountPart.userComment),
    homeDirectory: text(AccountPart.homeDirectory),
    homeDrive: text(AccountPart.homeDrive),
    scriptPath: text(AccountPart.scriptPath),
    profilePath: text(AccountPart.profilePath),
    workstations: text(AccountPart.workstations),
    groups: Array.from({ length: fit }, (_, i) => u32At(groups, i * 8)),
    lmHashLength: partAt(table, AccountPart.lmHash).length,
    ntHashLength: partAt(table, AccountPart.ntHash).length,
  };
}

// What a row of the tables of account APIs holds: which change a call is, and which of its arguments say so.

import type { ChangeKind, Direction } from '../../document.ts';

/** What a change is about, which tells in which arguments its names stand. */
export type About = 'account' | 'group' | 'membership' | 'policy';

/** Of each kind of change; the keys are all kinds there are. */
export const ABOUT: Readonly<Record<ChangeKind, About>> = {
  'account-created': 'account',
  'account-deleted': 'account',
  'account-enabled': 'account',
  'account-disabled': 'account',
  'account-renamed': 'account',
  'account-changed': 'account',
  'account-unlocked': 'account',
  'account-hidden': 'account',
  'account-resurrected-by-registry': 'account',
  'password-changed': 'account',
  'password-reset': 'account',
  'password-setting-changed': 'account',
  'dsrm-password-set': 'account',
  'sid-history-added': 'account',
  'rid-hijack-suspected': 'account',
  'group-created': 'group',
  'group-deleted': 'group',
  'group-changed': 'group',
  'group-renamed': 'group',
  'group-renamed-noop': 'group',
  'member-added': 'membership',
  'member-removed': 'membership',
  'membership-changed': 'membership',
  'computer-account-created': 'account',
  'computer-account-changed': 'account',
  'computer-account-deleted': 'account',
  'domain-policy-changed': 'policy',
};

/** Bits of the account's control flags: UF_* of lmaccess.h, or USER_* of MS-SAMR 2.2.1.12, which are other bits. */
export interface ControlFlags {
  readonly disabled: number;
  readonly passwordNotRequired: number;
  readonly passwordNeverExpires: number;
  /** Of a workstation's, a server's and a domain's trust account. */
  readonly machine: number;
}

/** `control`: flags, which may enable or disable; `password-maybe`: all fields, the password among them where `whichfields` says so. */
export type Level = ChangeKind | 'control' | 'password-maybe';

export interface ApiRow {
  /** Without the letter for the character set, A or W. */
  readonly api: string;
  /** NetUserAdd and its like, or the protocol below them. */
  readonly family: 'net' | 'samr';
  /** Of MS-SAMR. */
  readonly opnum?: number;
  /** What a call is; without it, it opens, reads or enumerates: no change, but it shows that calls are collected. */
  readonly kind?: ChangeKind;
  readonly direction?: Direction;
  /** By the level, or information class; the row's kind where there is none, or another one. */
  readonly levels?: ReadonlyMap<number, Level>;
  /** Bits of `flags`, where a call has them. */
  readonly flags?: ControlFlags;
  /** An argument in which a bit says that the new account is a computer's. */
  readonly machine?: { readonly argument: string; readonly mask: number };
  /** All members are given; who was one before is not. */
  readonly replacesMembers?: true;
  readonly isSupport?: true;
  readonly note?: string;
}

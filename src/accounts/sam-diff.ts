// `winnow accounts sam diff`: what changed between two states of a machine's SAM, in the kinds of winnow.accounts/1.

import type { Note } from '../errors.ts';
import { AccountControl, CONTROL_WORDS } from '../hive/sam/account-control.ts';
import type { AccountF } from '../hive/sam/account-f.ts';
import type { AccountTexts } from '../hive/sam/account-v.ts';
import type { DomainF } from '../hive/sam/domain.ts';
import type { Sam, SamAccount } from '../hive/sam/sam.ts';
import type { Setting } from './document.ts';
import { change, type SamChange, setting } from './sam-change.ts';
import { groupChanges } from './sam-diff-groups.ts';
import { keyTime, timeOrNever } from './sam-document.ts';
import { SamNames } from './sam-names.ts';
import { type Oddity, oddities } from './sam-odd.ts';

export const ACCOUNTS_SAM_DIFF_SCHEMA = 'winnow.accounts-sam-diff/1';

export interface SamDiffDocument {
  readonly schema: typeof ACCOUNTS_SAM_DIFF_SCHEMA;
  readonly machineSid: { readonly before: string | null; readonly after: string | null };
  readonly nextRid: { readonly before: number | null; readonly after: number | null };
  /** Accounts by RID, then groups, then the policy. */
  readonly changes: readonly SamChange[];
  /** What is odd after and was not before. */
  readonly odd: readonly Oddity[];
  readonly notes: readonly Note[];
}

/** A side's notes are those of its hive and of reading the SAM in it. */
export function samDiff(before: Sam, after: Sam, notes: readonly Note[] = []): SamDiffDocument {
  const names = new SamNames(before, after);
  const known = new Set(oddities(before).map(({ kind, where, text }) => `${kind} ${where} ${text}`));
  const own: Note[] = [];
  if (before.machineSid !== undefined && after.machineSid !== undefined && before.machineSid !== after.machineSid)
    own.push({
      about: 'SAM',
      text: `the two are of different machines, or it got another SID: ${before.machineSid} and ${after.machineSid}`,
    });
  const [earlier, later] = [before.policy?.nextRid, after.policy?.nextRid];
  if (earlier !== undefined && later !== undefined && later < earlier)
    own.push({
      about: 'SAM',
      text: `the next RID is ${later} and was ${earlier}: it only grows, so that the order of the two is doubtful`,
    });
  return {
    schema: ACCOUNTS_SAM_DIFF_SCHEMA,
    machineSid: { before: before.machineSid ?? null, after: after.machineSid ?? null },
    nextRid: { before: earlier ?? null, after: later ?? null },
    changes: [
      ...accountChanges(before, after, names),
      ...groupChanges(before, after, names),
      ...policyChanges(before, after),
    ],
    odd: oddities(after).filter(({ kind, where, text }) => !known.has(`${kind} ${where} ${text}`)),
    notes: [...notes, ...own],
  };
}

function accountChanges(before: Sam, after: Sam, names: SamNames): SamChange[] {
  const old = new Map(before.accounts.map((account) => [account.rid, account]));
  const fresh = new Map(after.accounts.map((account) => [account.rid, account]));
  const listed = new Set(after.names.map(({ rid }) => rid));
  const rids = [...new Set([...old.keys(), ...fresh.keys()])].sort((a, b) => a - b);
  return rids.flatMap((rid) => {
    const [was, is] = [old.get(rid), fresh.get(rid)];
    if (was === undefined) return created(is!, before, after, listed, names);
    if (is === undefined)
      return [
        change(isMachine(was) ? 'computer-account-deleted' : 'account-deleted', {
          account: names.account(rid, 'before'),
        }),
      ];
    return [...changed(was, is, names), ...hidden(was, is, names)];
  });
}

function isMachine({ f }: SamAccount): boolean {
  const trust = AccountControl.interdomainTrust | AccountControl.workstationTrust | AccountControl.serverTrust;
  return f !== undefined && (f.control & trust) !== 0;
}

/** `listed`: RIDs that have a name. SAM gives a new account the next RID and a name; a registry import does neither. */
function created(
  account: SamAccount,
  before: Sam,
  after: Sam,
  listed: ReadonlySet<number | undefined>,
  names: SamNames,
): SamChange[] {
  const { rid, f, lastWritten } = account;
  const why: string[] = [];
  if (before.policy !== undefined && rid < before.policy.nextRid)
    why.push('its RID was given out before, and a RID is not given out twice');
  if (after.policy !== undefined && rid >= after.policy.nextRid) why.push('its RID is not given out yet');
  if (!listed.has(rid)) why.push('it has no name among Names');
  const isByRegistry = why.length > 0;
  const own = { account: names.account(rid, 'after'), keyLastWrite: keyTime(lastWritten) };
  const kind = isByRegistry
    ? 'account-resurrected-by-registry'
    : isMachine(account)
      ? 'computer-account-created'
      : 'account-created';
  return [
    change(kind, { ...own, settings: f ? initialSettings(f) : [], notes: why }),
    ...(f && f.rid !== rid
      ? [change('rid-hijack-suspected', { ...own, settings: [setting('F RID', null, String(f.rid))] })]
      : []),
  ];
}

/** That an account of a user is one goes without saying. */
function initialSettings(f: AccountF): Setting[] {
  return CONTROL_WORDS.filter(([bit]) => (f.control & bit & ~AccountControl.normal) !== 0).map(([, words]) =>
    setting(words, null, 'yes'),
  );
}

function changed(was: SamAccount, is: SamAccount, names: SamNames): SamChange[] {
  const own = { account: names.account(is.rid, 'after'), keyLastWrite: keyTime(is.lastWritten) };
  const changes: SamChange[] = [];
  const [oldName, newName] = [names.account(is.rid, 'before').name, own.account.name];
  if (oldName !== null && newName !== null && oldName !== newName)
    changes.push(change('account-renamed', { ...own, settings: [setting('name', oldName, newName)] }));
  const settings = was.v && is.v ? textSettings(was.v, is.v) : [];
  if (was.f && is.f) {
    changes.push(...stateChanges(was.f, is.f, own));
    settings.push(...numberSettings(was.f, is.f));
    if (is.f.rid !== was.f.rid) {
      const settings = [setting('F RID', String(was.f.rid), String(is.f.rid))];
      // Set back to its own, it is still a write that SAM does not do.
      const kind = is.f.rid === is.rid ? 'account-changed' : 'rid-hijack-suspected';
      changes.push(change(kind, { ...own, settings }));
    }
  }
  if (settings.length > 0)
    changes.push(change(isMachine(is) ? 'computer-account-changed' : 'account-changed', { ...own, settings }));
  return changes;
}

/** Enabled, disabled, unlocked, and the password. */
function stateChanges(was: AccountF, is: AccountF, own: Partial<SamChange>): SamChange[] {
  const changes: SamChange[] = [];
  const flipped = was.control ^ is.control;
  if ((flipped & AccountControl.disabled) !== 0)
    changes.push(change((is.control & AccountControl.disabled) !== 0 ? 'account-disabled' : 'account-enabled', own));
  if ((flipped & AccountControl.autoLocked) !== 0 && (is.control & AccountControl.autoLocked) === 0)
    changes.push(change('account-unlocked', own));
  if (was.passwordLastSet !== is.passwordLastSet) {
    const when = setting(
      'password last set',
      timeOrNever(was.passwordLastSet),
      timeOrNever(is.passwordLastSet) ?? 'never',
    );
    changes.push(
      is.passwordLastSet === 0n
        ? change('password-setting-changed', {
            ...own,
            settings: [when],
            notes: ['it must be changed at the next logon'],
          })
        : change('password-changed', {
            ...own,
            settings: [when],
            notes: ['changed or reset: the hive does not tell which'],
          }),
    );
  }
  return changes;
}

/** Bits of which `stateChanges` tells, and locking, which Windows does by itself, as settings like the others where set. */
const TOLD_BITS = AccountControl.disabled;

function numberSettings(was: AccountF, is: AccountF): Setting[] {
  const flipped = was.control ^ is.control;
  const yesNo = (control: number, bit: number): string => ((control & bit) !== 0 ? 'yes' : 'no');
  const settings = CONTROL_WORDS.filter(([bit]) => {
    const isUnlocked = bit === AccountControl.autoLocked && (is.control & bit) === 0;
    return (flipped & bit & ~TOLD_BITS) !== 0 && !isUnlocked;
  }).map(([bit, words]) => setting(words, yesNo(was.control, bit), yesNo(is.control, bit)));
  if (was.primaryGroup !== is.primaryGroup)
    settings.push(setting('primary group', String(was.primaryGroup), String(is.primaryGroup)));
  const [old, fresh] = [timeOrNever(was.accountExpires) ?? 'never', timeOrNever(is.accountExpires) ?? 'never'];
  if (old !== fresh) settings.push(setting('account expires', old, fresh));
  return settings;
}

/** The texts that make a setting; the name is told as a renaming. */
const TEXTS: readonly (readonly [keyof AccountTexts, string])[] = [
  ['fullName', 'full name'],
  ['comment', 'comment'],
  ['userComment', 'user comment'],
  ['homeDirectory', 'home directory'],
  ['homeDrive', 'home drive'],
  ['scriptPath', 'script path'],
  ['profilePath', 'profile path'],
  ['workstations', 'workstations'],
];

function textSettings(was: AccountTexts, is: AccountTexts): Setting[] {
  return TEXTS.flatMap(([key, words]) => {
    const [old, fresh] = [was[key], is[key]];
    return old === undefined || fresh === undefined || old === fresh ? [] : [setting(words, old, fresh)];
  });
}

/** A value that keeps the account from the screen where users log on. */
const HIDING_VALUE = /^UserDontShowInLogonUI$/i;

function hidden(was: SamAccount, is: SamAccount, names: SamNames): SamChange[] {
  const hides = ({ valueNames }: SamAccount): boolean => valueNames.some((name) => HIDING_VALUE.test(name));
  if (hides(was) || !hides(is)) return [];
  return [
    change('account-hidden', {
      account: names.account(is.rid, 'after'),
      keyLastWrite: keyTime(is.lastWritten),
      notes: ['the value UserDontShowInLogonUI was added'],
    }),
  ];
}

/** The fields of the policy, in words. */
const POLICY: readonly (readonly [keyof DomainF, string])[] = [
  ['maximumPasswordAge', 'maximum password age'],
  ['minimumPasswordAge', 'minimum password age'],
  ['minimumPasswordLength', 'minimum password length'],
  ['passwordHistoryLength', 'password history length'],
  ['passwordProperties', 'password properties'],
  ['lockoutThreshold', 'lockout threshold'],
  ['lockoutDuration', 'lockout duration'],
  ['lockoutWindow', 'lockout observation window'],
];

function policyChanges(before: Sam, after: Sam): SamChange[] {
  const [was, is] = [before.policy, after.policy];
  if (!was || !is) return [];
  const settings = POLICY.flatMap(([key, words]) =>
    was[key] === is[key] ? [] : [setting(words, policyText(was[key]), policyText(is[key]))],
  );
  return settings.length === 0 ? [] : [change('domain-policy-changed', { settings })];
}

/** A number as it is; a duration in days, hours, minutes and seconds. */
function policyText(value: number | bigint): string {
  if (typeof value === 'number') return String(value);
  const ticks = BigInt.asIntN(64, value);
  if (ticks === -(2n ** 63n)) return 'for ever';
  const seconds = Number((ticks < 0n ? -ticks : ticks) / 10_000_000n);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ') || '0 s';
}

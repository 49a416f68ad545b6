// Changes that Windows makes by itself, each marked only with the facts that say so.

import type { Benign } from '../document.ts';
import { BUILTIN_ACCOUNTS, BUILTIN_GROUPS, SYSTEM_LOGON, SYSTEM_SID } from '../well-known.ts';
import { apart, type Draft, isSame, SECOND } from './draft.ts';

/** Setup goes on for so long around what only it does. */
const SETUP = 600n * SECOND;
/** What is done to an account right after it was made. */
const AFTER_CREATION = 60n * SECOND;
/** A password that Windows LAPS renewed is set within so much of its event. */
const ROTATION = 10n * SECOND;
/** The first accounts of a Windows that is being set up. */
const FIRST_RIDS: ReadonlySet<number> = new Set([1000, 1001]);

/** Local groups that a feature of Windows makes when it is first used. */
const FEATURE_GROUPS: ReadonlyMap<string, string> = new Map([
  ['winrmremotewmiusers__', 'Windows Remote Management'],
  ['homeusers', 'HomeGroup'],
  ['ssh users', 'OpenSSH'],
]);

/** Accounts that Windows makes and manages. */
const SERVICE_ACCOUNTS: ReadonlyMap<string, string> = new Map([
  ['homegroupuser$', 'HomeGroup'],
  ['defaultuser0', "Windows Setup's first sign-in"],
  ['wdagutilityaccount', 'Application Guard'],
  ['defaultaccount', 'Windows'],
]);

export interface BenignFacts {
  /** Times of 10020 of Windows LAPS. */
  readonly rotations: readonly bigint[];
}

/** Marks the changes of one host, in order of time. */
export function markBenign(drafts: readonly Draft[], facts: BenignFacts): void {
  const setup = drafts.filter(isSetupMark).flatMap(({ at }) => (at === undefined ? [] : [at]));
  const inSetup = (draft: Draft): boolean =>
    draft.at !== undefined && setup.some((mark) => apart(mark, draft.at) <= SETUP);
  for (const draft of drafts) draft.benign = bySelf(draft) ?? byRotation(draft, facts) ?? bySetup(draft, inSetup);
  // What goes with an account that is Windows' own is, too.
  for (const made of drafts) {
    if (made.kind !== 'account-created' || !made.benign) continue;
    for (const draft of drafts)
      if (!draft.benign && isBySystem(draft) && isOf(draft, made) && apart(made.at, draft.at) <= AFTER_CREATION)
        draft.benign = made.benign;
  }
}

function isOf(draft: Draft, { account }: Draft): boolean {
  return isSame(draft.account, account) || isSame(draft.member, account);
}

function isBySystem({ actor }: Draft): boolean {
  return actor?.sid === SYSTEM_SID || actor?.logonId === SYSTEM_LOGON;
}

/** Built-in groups are made, and given the name that they have, by Setup alone. */
function isSetupMark(draft: Draft): boolean {
  const isBuiltin = draft.group?.sid?.startsWith('S-1-5-32-') === true;
  return isBySystem(draft) && (draft.kind === 'group-renamed-noop' || (draft.kind === 'group-created' && isBuiltin));
}

function bySelf(draft: Draft): Benign | undefined {
  const { kind, group, account, settings } = draft;
  if (kind === 'group-renamed-noop') return { by: 'windows-setup', proof: 'the name is the same before and after' };
  if (!isBySystem(draft)) return undefined;
  if (kind === 'group-created') {
    const feature = FEATURE_GROUPS.get(group?.name?.toLowerCase() ?? '');
    if (feature) return { by: 'windows-feature', proof: `${group?.name}, made by SYSTEM for ${feature}` };
  }
  if (kind === 'account-created') {
    const service = SERVICE_ACCOUNTS.get(account?.name?.toLowerCase() ?? '');
    if (service) return { by: 'windows-feature', proof: `${account?.name}, made by SYSTEM for ${service}` };
    const maker = draft.actor?.name?.replace(/\$$/, '');
    if (maker !== undefined && maker.toLowerCase() !== draft.key && draft.actor?.name?.endsWith('$'))
      return {
        by: 'windows-setup',
        proof: `made by SYSTEM of ${draft.actor.name}, the name that this host had before`,
      };
  }
  if (kind === 'account-changed' && BUILTIN_ACCOUNTS.has(account?.rid ?? 0) && isUnchanged(draft))
    return {
      by: 'windows-setup',
      proof: `a built-in account, written again by SYSTEM${settings.length > 0 ? ' with what it had' : ''}`,
    };
  return undefined;
}

/** No flag of the account was changed: setup and updates write a built-in account as it is. */
function isUnchanged({ settings }: Draft): boolean {
  return settings.every(({ name }) => name !== 'password not required' && name !== 'disabled');
}

function byRotation(draft: Draft, { rotations }: BenignFacts): Benign | undefined {
  if (!isBySystem(draft) || (draft.kind !== 'password-reset' && draft.kind !== 'account-changed')) return undefined;
  const { at } = draft;
  if (at === undefined || !rotations.some((time) => apart(time, at) <= ROTATION)) return undefined;
  return { by: 'laps-rotation', proof: 'by SYSTEM, within seconds of event 10020 of Windows LAPS' };
}

function bySetup(draft: Draft, inSetup: (draft: Draft) => boolean): Benign | undefined {
  if (!isBySystem(draft) || !inSetup(draft)) return undefined;
  const { kind, group, account } = draft;
  const isBuiltinGroup = group?.sid?.startsWith('S-1-5-32-') === true && BUILTIN_GROUPS.has(group.rid ?? 0);
  if ((kind === 'group-created' || kind === 'group-changed' || kind === 'group-renamed') && isBuiltinGroup)
    return { by: 'windows-setup', proof: 'a built-in group, by SYSTEM, while Setup made or wrote the others' };
  if (kind === 'account-created' && FIRST_RIDS.has(account?.rid ?? 0))
    return {
      by: 'windows-setup',
      proof: `RID ${account?.rid}, made by SYSTEM while Setup made or wrote the built-in groups`,
    };
  return undefined;
}

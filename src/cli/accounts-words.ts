// What a change of accounts or groups is in words: a sentence each, whom it is about, who did it, which layers saw it. The words hold text out of logs as it is there.

import { LAYERS } from '../accounts/coverage.ts';
import type {
  Activity,
  Actor,
  Change,
  ChangeKind,
  Evidence,
  Group,
  LayerId,
  LayerVerdict,
  Principal,
} from '../accounts/document.ts';
import { BUILTIN_ACCOUNTS, BUILTIN_GROUPS, WELL_KNOWN_SIDS } from '../accounts/well-known.ts';

/** What a kind is set off as. */
export type Look = 'created' | 'deleted' | 'membership' | 'password' | 'suspicious' | 'setting';

interface KindWords {
  readonly look: Look;
  /** In a column. */
  readonly tag: string;
  /** As done, and as tried or failed; {account}, {group}, {member}, {old}, {new} stand for those. */
  readonly done: string;
  readonly toDo: string;
  /** On the life line of the account that it is about. */
  readonly onLine: string;
}

function words(look: Look, tag: string, done: string, toDo: string, onLine = tag): KindWords {
  return { look, tag, done, toDo, onLine };
}

export const KINDS: Readonly<Record<ChangeKind, KindWords>> = {
  'account-created': words('created', 'created', 'account {account} created', 'create account {account}'),
  'account-deleted': words('deleted', 'deleted', 'account {account} deleted', 'delete account {account}'),
  'account-enabled': words('setting', 'enabled', 'account {account} enabled', 'enable account {account}'),
  'account-disabled': words('setting', 'disabled', 'account {account} disabled', 'disable account {account}'),
  'account-renamed': words(
    'setting',
    'renamed',
    'account {account} renamed{names}',
    'rename account {account}{names}',
    'renamed{names}',
  ),
  'account-changed': words('setting', 'changed', 'account {account} changed', 'change account {account}'),
  'account-unlocked': words('setting', 'unlocked', 'account {account} unlocked', 'unlock account {account}'),
  'account-hidden': words(
    'suspicious',
    'hidden',
    'account {account} hidden from the sign-in screen',
    'hide account {account} from the sign-in screen',
    'hidden from the sign-in screen',
  ),
  'account-resurrected-by-registry': words(
    'suspicious',
    'imported',
    'account {account} brought back or cloned by writing the registry',
    'bring back or clone account {account} by writing the registry',
    'brought back or cloned by writing the registry',
  ),
  'password-changed': words(
    'password',
    'password',
    'password of {account} changed',
    'change the password of {account}',
    'password changed',
  ),
  'password-reset': words(
    'password',
    'password',
    'password of {account} reset',
    'reset the password of {account}',
    'password reset',
  ),
  'password-setting-changed': words(
    'password',
    'password',
    'a setting of the password of {account} changed',
    'change a setting of the password of {account}',
    'a setting of the password changed',
  ),
  'dsrm-password-set': words(
    'suspicious',
    'password',
    'password of Directory Services Restore Mode set',
    'set the password of Directory Services Restore Mode',
    'password of Directory Services Restore Mode set',
  ),
  'sid-history-added': words(
    'suspicious',
    'sid history',
    'SID history added to {account}',
    'add SID history to {account}',
    'SID history added',
  ),
  'rid-hijack-suspected': words(
    'suspicious',
    'rid hijack',
    'record of {account} in the SAM written past lsass.exe: RID hijack suspected',
    "write {account}'s record in the SAM past lsass.exe: RID hijack suspected",
    'RID hijack suspected',
  ),
  'group-created': words('created', 'group', 'group {group} created', 'create group {group}'),
  'group-deleted': words('deleted', 'group', 'group {group} deleted', 'delete group {group}'),
  'group-changed': words('setting', 'group', 'group {group} changed', 'change group {group}'),
  'group-renamed': words('setting', 'group', 'group {group} renamed{names}', 'rename group {group}{names}'),
  'group-renamed-noop': words(
    'setting',
    'group',
    'group {group} given the name that it had',
    'give group {group} the name that it has',
  ),
  'member-added': words(
    'membership',
    'member',
    '{member} added to {group}',
    'add {member} to {group}',
    'added to {group}',
  ),
  'member-removed': words(
    'membership',
    'member',
    '{member} removed from {group}',
    'remove {member} from {group}',
    'removed from {group}',
  ),
  'membership-changed': words(
    'membership',
    'member',
    'membership of {group} changed, who was added or removed is not known',
    'change the membership of {group}',
    'membership of {group} changed',
  ),
  'computer-account-created': words(
    'created',
    'computer',
    'computer account {account} created',
    'create computer account {account}',
    'created',
  ),
  'computer-account-changed': words(
    'setting',
    'computer',
    'computer account {account} changed',
    'change computer account {account}',
    'changed',
  ),
  'computer-account-deleted': words(
    'deleted',
    'computer',
    'computer account {account} deleted',
    'delete computer account {account}',
    'deleted',
  ),
  'domain-policy-changed': words(
    'setting',
    'policy',
    'password or lockout policy changed',
    'change the password or lockout policy',
  ),
};

/** What was done; of what failed or was only tried, what was to be done, and that it was not seen to be. */
export function sentenceOf(change: Change): string {
  const kind = KINDS[change.kind];
  switch (change.outcome) {
    case 'success':
      return filled(kind.done, change);
    case 'failure':
      return `failed: ${filled(kind.toDo, change)}`;
    case 'attempt':
      return `attempt: ${filled(kind.toDo, change)} (no layer shows whether it took effect)`;
  }
}

export function lineWords(change: Change): string {
  return filled(KINDS[change.kind].onLine, change);
}

function filled(template: string, change: Change): string {
  const { account, group, member, settings } = change;
  const renamed = settings.find(({ name, old }) => /SamAccountName|TargetUserName/i.test(name) && old !== null);
  return template.replace(/\{(\w+)\}/g, (_, what: string) => {
    switch (what) {
      case 'account':
        return accountWords(account);
      case 'group':
        return groupWords(group);
      case 'member':
        return member ? accountWords(member) : 'somebody who is not known';
      default:
        return renamed ? ` from ${quoted(renamed.old ?? '')} to ${quoted(renamed.new)}` : '';
    }
  });
}

const NOT_NAMED = '(not named)';

const SPACED: ReadonlySet<string> = new Set([...BUILTIN_GROUPS.values(), ...WELL_KNOWN_SIDS.values()]);

/** A name as it is, or in quotes where it could be taken for our own words. */
export function quoted(name: string): string {
  return /^[\p{L}\p{N}._$\\-]+$/u.test(name) || SPACED.has(name) ? name : `"${name.replaceAll('"', '\\"')}"`;
}

export function accountWords(account: Principal | null): string {
  if (!account) return NOT_NAMED;
  const { name, rid, sid } = account;
  if (name !== null) return rid === null ? quotedLikely(name) : `${quotedLikely(name)} (RID ${rid})`;
  const builtin = rid === null ? undefined : BUILTIN_ACCOUNTS.get(rid);
  if (rid !== null) return `RID ${rid}${builtin === undefined ? '' : ` (${builtin}, unless it was renamed)`}`;
  return sid ?? NOT_NAMED;
}

/** The document's own mark of a name that is concluded stays outside the quotes. */
function quotedLikely(name: string): string {
  const [, own] = /^(.*) \(likely\)$/s.exec(name) ?? [];
  return own === undefined ? quoted(name) : `${quoted(own)} (likely)`;
}

export function groupWords(group: Group | null): string {
  if (!group) return NOT_NAMED;
  return group.name === null ? (group.sid ?? group.rid_hex ?? NOT_NAMED) : quoted(group.name);
}

/** "WS7\ann, logon 0x5a2c1 from 10.0.0.9, with C:\...\net.exe (process 4711, started by C:\...\cmd.exe): net user ..." */
export function actorWords(actor: Actor | null): string {
  if (!actor) return 'not known';
  const { name, domain, sid, logonId, source, process } = actor;
  const who = name === null ? sid : domain === null ? quoted(name) : `${quoted(domain)}\\${quoted(name)}`;
  const session = [logonId === null ? '' : `logon ${logonId}`, source === null ? '' : `from ${source}`]
    .filter(Boolean)
    .join(' ');
  const image = process?.image ?? null;
  const facts = [
    process?.pid == null ? '' : `process ${process.pid}`,
    process?.parentImage == null ? '' : `started by ${process.parentImage}`,
  ].filter(Boolean);
  const program =
    image === null && facts.length === 0
      ? ''
      : `with ${image ?? 'a program that is not named'}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
  const parts = [who ?? 'somebody who is not named', session, program].filter(Boolean).join(', ');
  return process?.commandLine == null ? parts : `${parts}: ${process.commandLine}`;
}

export const LAYER_LETTERS: Readonly<Record<LayerId, string>> = { native: 'A', command: 'B', api: 'C', registry: 'D' };
export const LAYER_WORDS: Readonly<Record<LayerId, string>> = {
  native: 'native events',
  command: 'command lines',
  api: 'API calls',
  registry: "the SAM's registry keys",
};

export const LEGEND = `Layers: ${LAYERS.map((layer) => `${LAYER_LETTERS[layer]} ${LAYER_WORDS[layer]}`).join(', ')}; the letter: it saw the change, -: it was collected and missed it, .: no data, so it could not have seen it.`;

/** "A.-D" */
export function marksOf(layers: Change['layers']): string {
  const mark: Readonly<Record<LayerVerdict, (layer: LayerId) => string>> = {
    saw: (layer) => LAYER_LETTERS[layer],
    missed: () => '-',
    'no-data': () => '.',
  };
  return LAYERS.map((layer) => mark[layers[layer]](layer)).join('');
}

/** Windows' own numbers of texts in account events (msobjs.dll). */
const VALUE_TEXTS: Readonly<Record<string, string>> = {
  '%%1792': 'empty',
  '%%1793': 'not set',
  '%%1794': 'never',
  '%%1797': 'all hours',
};

/** "DisplayName: archir; disabled: yes -> no" */
export function settingWords(change: Change): string {
  const text = (value: string): string => VALUE_TEXTS[value.trim()] ?? value;
  return change.settings
    .map(({ name, old, new: now }) => `${name}: ${old === null ? '' : `${text(old)} -> `}${text(now)}`)
    .join('; ');
}

/** "removed: support (RID 1001)", and why. */
export function inferredWords({ inferred }: Change): string | undefined {
  if (!inferred) return undefined;
  const { confidence, direction, member, why } = inferred;
  return `inferred, ${confidence}, not seen: ${accountWords(member)} ${direction}, since ${why}`;
}

/** "Security.evtx:3 (4720)", those of one file together, at most `most`. */
export function evidenceWords(evidence: readonly Evidence[], most = Number.POSITIVE_INFINITY): string {
  const files = new Map<string, string[]>();
  for (const { file, record, what } of evidence.slice(0, most)) {
    const own = `${record} (${what})`;
    const list = files.get(file);
    if (list) list.push(own);
    else files.set(file, [own]);
  }
  const texts = [...files].map(([file, records]) => `${file}:${records.join(', ')}`);
  return `${texts.join('; ')}${evidence.length > most ? ` and ${evidence.length - most} more` : ''}`;
}

export function activityWords({ kind, what }: Activity): string {
  return kind === 'logon' ? what : `ran ${what}`;
}

/** To milliseconds, for people. */
export function timeWords(time: string | null): string {
  return time === null ? 'no time' : time.replace(/(\.\d{3})\d+Z$/, '$1Z');
}

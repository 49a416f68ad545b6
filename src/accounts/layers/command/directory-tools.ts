// What dsadd, dsmod and dsrm would change in a domain (Microsoft Learn, "Dsadd" and its like).

import type { Setting } from '../../document.ts';
import { accountOf, each, groupOf, type Intent, intent, settingOf, UNKNOWN } from './intent.ts';

/** Values of dsmod user that are settings, by switch. */
const SETTINGS: Readonly<Record<string, string>> = {
  mustchpwd: 'password to be changed at next logon',
  canchpwd: 'user may change password',
  pwdneverexpires: 'password never expires',
  acctexpires: 'account expires',
  upn: 'user principal name',
  display: 'display name',
  desc: 'comment',
};

interface DirectoryCommand {
  /** What stands in front of the first switch. */
  readonly names: readonly string[];
  /** By name in lower case; each with all words behind it. */
  readonly switches: ReadonlyMap<string, readonly string[]>;
}

function commandOf(words: readonly string[]): DirectoryCommand {
  const names: string[] = [];
  const switches = new Map<string, string[]>();
  let open: string[] = names;
  for (const word of words) {
    const name = /^[-/]([a-z]{1,16})$/i.exec(word)?.[1].toLowerCase();
    if (name === undefined) open.push(word);
    else {
      open = [];
      switches.set(name, open);
    }
  }
  return { names, switches };
}

/** Of "CN=Smith\, J,OU=x": "Smith, J". */
function nameOf(dn: string): string {
  return /^(?:CN|OU|DC)=((?:\\.|[^,\\]){1,512})/i.exec(dn.trim())?.[1].replaceAll(/\\(.)/g, '$1') ?? UNKNOWN;
}

export function dsaddIntents(words: readonly string[]): readonly Intent[] {
  const { names, switches } = commandOf(words.slice(1));
  const name = switches.get('samid')?.[0] ?? (names[0] === undefined ? undefined : nameOf(names[0]));
  if (name === undefined || switches.has('?')) return [];
  switch (words[0].toLowerCase()) {
    case 'user':
      return [
        intent('account-created', { account: accountOf(name), scope: 'domain' }),
        ...(switches.get('memberof') ?? []).flatMap((dn) => [
          intent('member-added', {
            group: groupOf(nameOf(dn)),
            member: accountOf(name),
            direction: 'added',
            scope: 'domain',
          }),
        ]),
      ];
    case 'group':
      return [intent('group-created', { group: groupOf(name), scope: 'domain' })];
    case 'computer':
      return [
        intent('computer-account-created', {
          account: accountOf(name.endsWith('$') ? name : `${name}$`),
          scope: 'domain',
        }),
      ];
    default:
      return [];
  }
}

export function dsmodIntents(words: readonly string[]): readonly Intent[] {
  const { names, switches } = commandOf(words.slice(1));
  const kind = words[0]?.toLowerCase();
  if (kind === 'user') return names.slice(0, 1000).flatMap((dn) => userIntents(nameOf(dn), switches));
  if (kind !== 'group' || names.length === 0) return [];
  const group = groupOf(nameOf(names[0]));
  return (['addmbr', 'rmmbr'] as const).flatMap((name) => {
    const members = switches.get(name);
    if (!members || members.length === 0) return [];
    const direction = name === 'addmbr' ? 'added' : 'removed';
    return each(members, (dn) =>
      intent(direction === 'added' ? 'member-added' : 'member-removed', {
        group,
        member: accountOf(dn === undefined ? undefined : nameOf(dn)),
        direction,
        scope: 'domain',
      }),
    );
  });
}

function userIntents(name: string, switches: DirectoryCommand['switches']): readonly Intent[] {
  const parts = { account: accountOf(name), scope: 'domain' };
  const found: Intent[] = [];
  if (switches.has('pwd')) found.push(intent('password-reset', parts));
  const disabled = switches.get('disabled')?.[0]?.toLowerCase();
  if (disabled === 'yes' || disabled === 'no')
    found.push(intent(disabled === 'yes' ? 'account-disabled' : 'account-enabled', parts));
  const settings = [...switches].flatMap(([key, values]): Setting[] =>
    Object.hasOwn(SETTINGS, key) && values.length > 0 ? [settingOf(SETTINGS[key], values.join(' '))] : [],
  );
  if (settings.length > 0) found.push(intent('account-changed', { ...parts, settings }));
  return found;
}

export function dsrmIntents(words: readonly string[]): readonly Intent[] {
  const { names } = commandOf(words);
  const named = names.filter((dn) => /^CN=/i.test(dn));
  if (named.length === 0) return [];
  return each(named, (dn) =>
    intent('account-deleted', {
      account: accountOf(dn === undefined ? undefined : nameOf(dn)),
      scope: 'domain',
      notes: ['dsrm removes any object: it may be a group or a computer'],
    }),
  );
}

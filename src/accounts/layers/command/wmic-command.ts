// What a command of wmic.exe would change: accounts and groups through their WMI classes.

import { accountOf, groupOf, type Intent, intent, settingOf, unknownNote } from './intent.ts';

/** Aliases of wmic and the classes themselves, and what each is. */
const CLASSES: ReadonlyMap<string, 'account' | 'group'> = new Map([
  ['useraccount', 'account'],
  ['win32_useraccount', 'account'],
  ['group', 'group'],
  ['win32_group', 'group'],
]);

/** Name or SID in a WQL condition: name='x', SID = "S-1-5-...". */
const NAME_IN_QUERY =
  /(?:^|[\s("'.])name\s{0,8}(?:=|like)\s{0,8}\\?(?:"([^"\\]{1,256})|'([^']{1,256})|([^\s"'\\)]{1,256}))/i;
const SID_IN_QUERY = /(?:^|[\s("'.])sid\s{0,8}=\s{0,8}\\?["']?(S-1-[\d-]{1,180})/i;

/** The account or group that a condition of WQL singles out; undefined where it does not. */
export function nameInQuery(query: string): string | undefined {
  const own = NAME_IN_QUERY.exec(query);
  const name = own?.[1] ?? own?.[2] ?? own?.[3];
  if (name !== undefined && !name.includes('%')) return name;
  return SID_IN_QUERY.exec(query)?.[1];
}

/** Settings of Win32_UserAccount that may be written, with the kind of change. */
export function userAccountSetting(name: string, value: string): Omit<Intent, 'account'> | undefined {
  const isYes = /^(?:true|1|yes|-1|\$true)$/i.test(value);
  switch (name.toLowerCase()) {
    case 'disabled':
      return { kind: isYes ? 'account-disabled' : 'account-enabled' };
    case 'lockout':
      return isYes ? undefined : { kind: 'account-unlocked' };
    case 'passwordexpires':
      return { kind: 'account-changed', settings: [settingOf('password never expires', isYes ? 'no' : 'yes')] };
    case 'passwordchangeable':
      return { kind: 'account-changed', settings: [settingOf('user may change password', isYes ? 'yes' : 'no')] };
    case 'passwordrequired':
      return { kind: 'account-changed', settings: [settingOf('password required', isYes ? 'yes' : 'no')] };
    case 'fullname':
      return { kind: 'account-changed', settings: [settingOf('full name', value)] };
    case 'description':
      return { kind: 'account-changed', settings: [settingOf('comment', value)] };
    default:
      return undefined;
  }
}

export interface WmicCommand {
  readonly intents: readonly Intent[];
  /** A command line that it starts (`process call create`). */
  readonly starts: string | undefined;
  /** /node: */
  readonly node: string | undefined;
}

/** `words` are those behind the program. */
export function wmicCommand(words: readonly string[]): WmicCommand {
  const node = words.map((word) => /^\/node:(.{1,255})$/i.exec(word)?.[1]).find((name) => name !== undefined);
  const own = words.filter((word) => !word.startsWith('/'));
  const start = own[0]?.toLowerCase() === 'path' ? 1 : 0;
  const what = own[start]?.toLowerCase();
  if (what === 'process' || what === 'win32_process') {
    const at = own.findIndex((word, i) => word.toLowerCase() === 'call' && own[i + 1]?.toLowerCase() === 'create');
    return { intents: [], starts: at < 0 ? undefined : own.slice(at + 2).join(' '), node };
  }
  const kind = CLASSES.get(what ?? '');
  const rest = own.slice(start + 1);
  const intents = kind === undefined ? [] : changesOf(kind, rest);
  return { intents, starts: undefined, node };
}

function changesOf(kind: 'account' | 'group', words: readonly string[]): readonly Intent[] {
  const verb = words.findIndex((word) => /^(?:call|set|rename|delete)$/i.test(word));
  if (verb < 0) return [];
  const query = words.slice(0, verb).join(' ');
  const name = nameInQuery(query) ?? (words[0]?.toLowerCase() === 'where' ? undefined : aliasName(query));
  const notes = unknownNote(kind, name);
  const about = kind === 'account' ? { account: accountOf(name) } : { group: groupOf(name) };
  const command = words[verb].toLowerCase() === 'call' ? words.slice(verb + 1) : words.slice(verb);
  const call = command[0]?.toLowerCase();
  if (call === 'rename') {
    const given = command
      .slice(1)
      .join(' ')
      .replace(/^name\s{0,8}=\s{0,8}/i, '')
      .replaceAll(/["']/g, '')
      .trim();
    return given === '' ? [] : [renameIntent(kind, name, given)];
  }
  if (call !== 'set' || kind !== 'account') return [];
  return command
    .slice(1)
    .join(' ')
    .slice(0, 4096)
    .split(',')
    .flatMap((pair): Intent[] => {
      const equals = pair.indexOf('=');
      const value = pair
        .slice(equals + 1)
        .replaceAll(/["']/g, '')
        .trim();
      const found = equals < 0 ? undefined : userAccountSetting(pair.slice(0, equals).trim(), value);
      return found ? [intent(found.kind, { ...found, ...about, scope: 'local', notes })] : [];
    });
}

/** `wmic useraccount 'x' ...`. */
function aliasName(query: string): string | undefined {
  return /^\s?'([^']{1,256})'/.exec(query)?.[1];
}

/** The sighting of Rename of either class; the account is told by the name it gets. */
export function renameIntent(kind: 'account' | 'group', name: string | undefined, given: string): Intent {
  const own = kind === 'account' ? accountOf(given) : groupOf(given);
  const setting = { ...settingOf('SamAccountName', given), old: accountOf(name)?.name ?? accountOf(name)?.sid ?? null };
  return intent(kind === 'account' ? 'account-renamed' : 'group-renamed', {
    ...(kind === 'account' ? { account: own } : { group: own }),
    scope: 'local',
    settings: [setting],
    notes: unknownNote(kind, name),
  });
}

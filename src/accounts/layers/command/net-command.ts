// What a command of net.exe, or of net1.exe, which it starts with the same words, would change.

import type { Scope, Setting } from '../../document.ts';
import { accountOf, each, groupOf, type Intent, intent, settingOf, unknownNote } from './intent.ts';
import { NET_SWITCHES, NET_VERBS, type NetVerb, netSwitch } from './net-switches.ts';

/** The words of one command, sorted. */
interface NetCommand {
  readonly names: readonly string[];
  /** By the switch's whole name; a value that is not there is "". */
  readonly switches: ReadonlyMap<string, string>;
  readonly scope: Scope | undefined;
  readonly settings: readonly Setting[];
}

/** `words` are those behind the program. Queries, and what net.exe would refuse, give nothing. */
export function netIntents(words: readonly string[]): readonly Intent[] {
  const verb = NET_VERBS.get(words[0]?.toLowerCase() ?? '');
  const command = verb && commandOf(verb, words.slice(1));
  if (!command) return [];
  switch (verb) {
    case 'user':
      return userIntents(command);
    case 'localgroup':
    case 'group':
      return groupIntents(command, verb === 'group' ? 'domain' : command.scope);
    case 'accounts':
      return command.settings.length > 0 && command.names.length === 0
        ? [intent('domain-policy-changed', { scope: command.scope, settings: command.settings })]
        : [];
    case 'computer':
      return computerIntents(command);
  }
}

function commandOf(verb: NetVerb, words: readonly string[]): NetCommand | undefined {
  const names: string[] = [];
  const switches = new Map<string, string>();
  for (const word of words) {
    const found = netSwitch(verb, word);
    if (found === 'refused') return undefined;
    if (found) switches.set(found.name, found.value ?? '');
    else if (!word.startsWith('/')) names.push(word);
  }
  const settings = [...switches].flatMap(([name, value]): Setting[] => {
    const setting = NET_SWITCHES[verb][name];
    return setting === undefined ? [] : [settingOf(setting, plainValue(value))];
  });
  return { names, switches, scope: switches.has('domain') ? 'domain' : undefined, settings };
}

/** yes and no may be cut, and written in any letter case. */
function plainValue(value: string): string {
  if (/^y(?:es?)?$/i.test(value)) return 'yes';
  return /^no?$/i.test(value) ? 'no' : value;
}

function userIntents({ names, switches, scope, settings }: NetCommand): readonly Intent[] {
  const [name, password, ...more] = names;
  if (name === undefined || more.length > 0) return [];
  const parts = { account: accountOf(name), scope, notes: unknownNote('account', name) };
  // "/active" alone is yes.
  const active = switches.has('active') ? plainValue(switches.get('active') || 'yes') : undefined;
  if (switches.has('add')) {
    const own = active === undefined ? settings : [...settings, settingOf('active', active)];
    return [intent('account-created', { ...parts, settings: own })];
  }
  if (switches.has('delete')) return [intent('account-deleted', parts)];
  const found: Intent[] = [];
  if (password !== undefined || switches.has('random')) found.push(intent('password-reset', parts));
  if (active !== undefined) found.push(intent(active === 'no' ? 'account-disabled' : 'account-enabled', parts));
  if (settings.length > 0) {
    const isPasswordSetting = settings.every((one) => one.name === NET_SWITCHES.user.logonpasswordchg);
    found.push(intent(isPasswordSetting ? 'password-setting-changed' : 'account-changed', { ...parts, settings }));
  }
  return found;
}

function groupIntents({ names, switches, settings }: NetCommand, scope: Scope | undefined): readonly Intent[] {
  const [name, ...members] = names;
  const direction = switches.has('add') ? 'added' : switches.has('delete') ? 'removed' : undefined;
  if (name === undefined) return [];
  const notes = unknownNote('group', name);
  const group = groupOf(name);
  if (members.length === 0) {
    const parts = { group, scope, settings, notes };
    if (direction === 'added') return [intent('group-created', parts)];
    if (direction === 'removed') return [intent('group-deleted', { group, scope, notes })];
    return settings.length > 0 ? [intent('group-changed', parts)] : [];
  }
  if (direction === undefined) return [];
  return each(members, (text) =>
    intent(direction === 'added' ? 'member-added' : 'member-removed', {
      group,
      scope,
      member: accountOf(text),
      direction,
      notes: [...notes, ...unknownNote('member', text)],
    }),
  );
}

function computerIntents({ names, switches }: NetCommand): readonly Intent[] {
  const name = /^\\\\([^\\]+)$/.exec(names[0] ?? '')?.[1];
  if (name === undefined || names.length > 1) return [];
  const account = accountOf(`${name}$`);
  if (switches.has('add')) return [intent('computer-account-created', { account, scope: 'domain' })];
  return switches.has('delete') ? [intent('computer-account-deleted', { account, scope: 'domain' })] : [];
}

// What a command of the tables would change, by its parameters, wherever they were read: a script, or a record that lists them.

import type { Setting } from '../../../document.ts';
import { accountOf, each, groupOf, type Intent, intent, settingOf, UNKNOWN, unknownNote } from '../intent.ts';
import { type Bound, isYes } from './binding.ts';
import type { Cmdlet } from './cmdlets.ts';

/** `piped` has what comes through the pipe, where it says whom the command is about. */
export function cmdletIntents(
  name: string,
  cmdlet: Cmdlet,
  bound: Bound,
  piped: readonly string[] | undefined,
): readonly Intent[] {
  const given = (names: readonly string[] | undefined, part: Cmdlet['piped']): readonly string[] => {
    const found = names?.map((one) => bound.get(one)).find((value) => value !== undefined);
    return found ?? (cmdlet.piped === part ? piped : undefined) ?? [UNKNOWN];
  };
  const { kind, scope, direction } = cmdlet;
  const accounts = given(cmdlet.account, 'account');
  const [group] = given(cmdlet.group, 'group');
  if (cmdlet.member)
    return each(given(cmdlet.member, 'member'), (text) =>
      intent(kind, {
        scope,
        group: groupOf(group),
        member: accountOf(text),
        direction,
        notes: [...unknownNote('group', group), ...unknownNote('member', text)],
      }),
    );
  if (cmdlet.newName !== undefined)
    return [renamed(cmdlet, bound.get(cmdlet.newName)?.[0], cmdlet.account ? accounts[0] : group)];
  const settings = settingsOf(cmdlet, bound);
  if (!cmdlet.account)
    return each(given(cmdlet.group, 'group'), (text) =>
      intent(kind, { scope, group: groupOf(text), settings, notes: unknownNote('group', text) }),
    );
  return each(accounts, (text) =>
    intent(kind, { scope, account: accountOf(text), settings, notes: unknownNote('account', text) }),
  ).flatMap((one) => (name === 'set-localuser' ? ofSetLocalUser(one, bound) : [one]));
}

/** -Password sets it; what else is given is a setting. */
function ofSetLocalUser(one: Intent, bound: Bound): readonly Intent[] {
  const { settings = [], ...rest } = one;
  const others = settings.length > 0 || !bound.has('password') ? [one] : [];
  return bound.has('password') ? [{ ...rest, kind: 'password-reset' }, ...others] : others;
}

function settingsOf(cmdlet: Cmdlet, bound: Bound): readonly Setting[] {
  return Object.entries(cmdlet.settings ?? {}).flatMap(([parameter, name]): Setting[] => {
    const value = bound.get(parameter);
    if (value === undefined) return [];
    return [
      settingOf(name, isYes(value) ? 'yes' : /^false$/i.test(value[0] ?? '') ? 'no' : value.slice(0, 16).join(', ')),
    ];
  });
}

/** As a native event of a rename: the account has its new name, and the old one is in the setting. */
function renamed(cmdlet: Cmdlet, newName: string | undefined, old: string | undefined): Intent {
  const before = accountOf(old);
  const about = cmdlet.account ? 'account' : 'group';
  return intent(cmdlet.kind, {
    scope: cmdlet.scope,
    [about]: about === 'account' ? accountOf(newName) : groupOf(newName),
    settings: [{ ...settingOf('SamAccountName', newName ?? UNKNOWN), old: before?.name ?? before?.sid ?? null }],
    notes: unknownNote(about, old),
  });
}

// What changed in the groups between two states of a SAM: made, deleted, renamed, and whose membership began or ended.

import type { Sam, SamAlias, SamGroup } from '../hive/sam/sam.ts';
import { change, type SamChange, setting } from './sam-change.ts';
import { keyTime } from './sam-document.ts';
import type { SamNames } from './sam-names.ts';

type AnyGroup = SamAlias | SamGroup;

/** Global groups, which on a machine hold every account, count only where that is not of an account's making or deletion. */
export function groupChanges(before: Sam, after: Sam, names: SamNames): SamChange[] {
  const [old, fresh] = [byKey(before), byKey(after)];
  const flux = accountsMadeOrDeleted(before, after);
  const changes: SamChange[] = [];
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const [was, is] = [old.get(key), fresh.get(key)];
    if (is !== undefined)
      changes.push(
        ...changesOf(was, is, names, 'domain' in is ? undefined : flux, after.machineSid ?? before.machineSid),
      );
    else if (was !== undefined) changes.push(change('group-deleted', { group: names.group(was, 'before') }));
  }
  return changes;
}

/** A global group's RID is of the machine, an alias's of its domain. */
function byKey({ aliases, groups }: Sam): Map<string, AnyGroup> {
  return new Map<string, AnyGroup>([
    ...aliases.map((alias): [string, AnyGroup] => [`${alias.domain} alias ${alias.rid}`, alias]),
    ...groups.map((group): [string, AnyGroup] => [`group ${group.rid}`, group]),
  ]);
}

function accountsMadeOrDeleted(before: Sam, after: Sam): ReadonlySet<number> {
  const [old, fresh] = [before, after].map(({ accounts }) => new Set(accounts.map(({ rid }) => rid)));
  return new Set([...old, ...fresh].filter((rid) => !old.has(rid) || !fresh.has(rid)));
}

/** `flux`: RIDs whose membership is not told. */
function changesOf(
  was: AnyGroup | undefined,
  is: AnyGroup,
  names: SamNames,
  flux: ReadonlySet<number> | undefined,
  machineSid: string | undefined,
): SamChange[] {
  const own = { group: names.group(is, 'after'), keyLastWrite: keyTime(is.lastWritten) };
  const changes: SamChange[] = [];
  if (was === undefined) changes.push(change('group-created', own));
  else if (was.c && is.c) {
    if (was.c.name !== undefined && is.c.name !== undefined && was.c.name !== is.c.name)
      changes.push(change('group-renamed', { ...own, settings: [setting('name', was.c.name, is.c.name)] }));
    if (was.c.comment !== undefined && is.c.comment !== undefined && was.c.comment !== is.c.comment)
      changes.push(change('group-changed', { ...own, settings: [setting('comment', was.c.comment, is.c.comment)] }));
  }
  if (!is.c || (was !== undefined && !was.c)) return changes;
  const [old, fresh] = [was, is].map((group) => membersOf(group, flux, machineSid));
  for (const sid of fresh)
    if (!old.has(sid))
      changes.push(change('member-added', { ...own, member: names.member(sid, 'after'), direction: 'added' }));
  for (const sid of old)
    if (!fresh.has(sid))
      changes.push(change('member-removed', { ...own, member: names.member(sid, 'before'), direction: 'removed' }));
  return changes;
}

function membersOf(
  group: AnyGroup | undefined,
  flux: ReadonlySet<number> | undefined,
  machineSid: string | undefined,
): ReadonlySet<string> {
  return new Set(
    (group?.c?.members ?? []).flatMap((member) => {
      if (typeof member === 'string') return [member];
      return machineSid === undefined || flux?.has(member) ? [] : [`${machineSid}-${member}`];
    }),
  );
}

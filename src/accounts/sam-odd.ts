// What is odd in a SAM hive: records that contradict each other, as no API of Windows leaves them, and traces of accounts that are gone.

import { AccountControl } from '../hive/sam/account-control.ts';
import { SAM_DOMAINS, type Sam, type SamName } from '../hive/sam/sam.ts';
import { ridHex } from './principal.ts';
import { missingRids } from './sam-missing.ts';
import { nameText } from './sam-name-text.ts';

/** Each kind with what it says. */
export const ODD_KINDS = {
  'f-rid-differs': 'the account logs on with the RID of another one (RID hijack)',
  'name-shared': 'two names lead to one RID',
  'key-without-name': 'an account or group has no name among Names, so that most tools do not list it',
  'name-without-key': 'a name leads to a RID that no account or group has',
  'name-differs': 'the name in the record is not that among Names',
  'record-rid-differs': "the RID in a group's record is not that of its key",
  'rid-not-given-out': 'the RID was not given out yet: the record did not come about on this machine',
  'member-not-in-index': 'a member of a group is not in the index of members',
  'index-not-in-members': 'the index of members has a member that the group does not have',
  'member-without-account': 'a member of a group is of this machine and has no account',
  'name-like-a-machine': 'an account of a user is named as machines are ($), so that `net user` does not list it',
  'rid-missing': 'accounts or groups that were there once: their RIDs are below the next one',
} as const;

export type OddKind = keyof typeof ODD_KINDS;

/** Kinds that tell of the past or have usual reasons; the others are nothing that Windows does by itself. */
const INFORMATION: ReadonlySet<OddKind> = new Set<OddKind>(['rid-missing', 'name-like-a-machine']);

export interface Oddity {
  readonly kind: OddKind;
  readonly weight: 'suspicious' | 'information';
  /** The key that it stands in, from SAM\Domains on. */
  readonly where: string;
  /** One sentence for a person. */
  readonly text: string;
}

export function oddities(sam: Sam): readonly Oddity[] {
  const found: Oddity[] = [];
  const add = (kind: OddKind, where: string, text: string): void => {
    found.push({ kind, weight: INFORMATION.has(kind) ? 'information' : 'suspicious', where, text });
  };
  accountOddities(sam, add);
  groupOddities(sam, add);
  memberOddities(sam, add);
  const { rids, more } = missingRids(sam);
  if (rids.length > 0) {
    const told = rids.slice(0, MOST_TOLD).join(', ');
    const rest = rids.length + more - MOST_TOLD;
    add(
      'rid-missing',
      'Account',
      `nothing has RID ${told}${rest > 0 ? ` and ${rest} more` : ''}, each of which was given out`,
    );
  }
  return found;
}

/** RIDs, and names that lead to one RID, that one sentence tells. */
const MOST_TOLD = 20;

type Add = (kind: OddKind, where: string, text: string) => void;

/** Names that lead to one RID. */
class SharedNames {
  readonly told: string[] = [];
  readonly #upper = new Set<string>();

  add(name: string): void {
    this.#upper.add(name.toUpperCase());
    if (this.told.length < MOST_TOLD) this.told.push(nameText(name));
  }

  get size(): number {
    return this.#upper.size;
  }

  has(name: string): boolean {
    return this.#upper.has(name.toUpperCase());
  }

  text(between: string): string {
    const more = this.#upper.size - this.told.length;
    return `${this.told.join(between)}${more > 0 ? ` and ${more} more` : ''}`;
  }
}

/** "500 (000001F4)". */
function ridText(rid: number): string {
  return `${rid} (${ridHex(rid)})`;
}

function accountOddities(sam: Sam, add: Add): void {
  const names = namesByRid(sam.names);
  const next = sam.policy?.nextRid;
  const ownNames = new Map(sam.accounts.map(({ rid, v }) => [rid, v?.name]));
  for (const { key, rid, f, v } of sam.accounts) {
    const where = `Account\\Users\\${key}`;
    const name = nameText(v?.name ?? names.get(rid)?.told[0] ?? 'an account');
    if (f && f.rid !== rid) {
      const other = ownNames.get(f.rid);
      const whose = other === undefined ? '' : `, that of ${nameText(other)}`;
      add('f-rid-differs', where, `${name} has RID ${ridText(rid)} and logs on with RID ${ridText(f.rid)}${whose}`);
    }
    if (f && (f.control & AccountControl.normal) !== 0 && v?.name?.endsWith('$'))
      add('name-like-a-machine', where, `${name}, an account of a user, is named as machines are`);
    if (next !== undefined && rid >= next)
      add('rid-not-given-out', where, `${name} has RID ${ridText(rid)}, and the next to be given out is ${next}`);
    checkName(names, rid, v?.name, where, 'Account\\Users\\Names', add);
  }
  checkNames(sam.names, new Set(sam.accounts.map(({ rid }) => rid)), 'Account\\Users\\Names', add);
}

function groupOddities(sam: Sam, add: Add): void {
  for (const domain of SAM_DOMAINS) {
    const names = namesByRid(sam.aliasNames[domain]);
    const aliases = sam.aliases.filter((alias) => alias.domain === domain);
    for (const { key, rid, c } of aliases) {
      const where = `${domain}\\Aliases\\${key}`;
      if (c && c.rid !== rid)
        add(
          'record-rid-differs',
          where,
          `${nameText(c.name ?? 'a group')} has RID ${ridText(rid)}, and its record ${ridText(c.rid)}`,
        );
      if (domain === 'Account' && sam.policy && rid >= sam.policy.nextRid)
        add(
          'rid-not-given-out',
          where,
          `${nameText(c?.name ?? 'a group')} has RID ${ridText(rid)}, and the next to be given out is ${sam.policy.nextRid}`,
        );
      checkName(names, rid, c?.name, where, `${domain}\\Aliases\\Names`, add);
    }
    checkNames(sam.aliasNames[domain], new Set(aliases.map(({ rid }) => rid)), `${domain}\\Aliases\\Names`, add);
  }
  const names = namesByRid(sam.groupNames);
  for (const { key, rid, c } of sam.groups) {
    const where = `Account\\Groups\\${key}`;
    if (c && c.rid !== rid)
      add(
        'record-rid-differs',
        where,
        `${nameText(c.name ?? 'a group')} has RID ${ridText(rid)}, and its record ${ridText(c.rid)}`,
      );
    checkName(names, rid, c?.name, where, 'Account\\Groups\\Names', add);
  }
  checkNames(sam.groupNames, new Set(sam.groups.map(({ rid }) => rid)), 'Account\\Groups\\Names', add);
}

/** That a record has a name, and the one that it says. */
function checkName(
  names: ReadonlyMap<number, SharedNames>,
  rid: number,
  own: string | undefined,
  where: string,
  list: string,
  add: Add,
): void {
  const listed = names.get(rid);
  if (listed === undefined)
    add('key-without-name', where, `${nameText(own ?? 'RID')} ${ridText(rid)} has no name in ${list}`);
  else if (own !== undefined && !listed.has(own))
    add(
      'name-differs',
      where,
      `RID ${ridText(rid)} is named ${nameText(own)} in its record and ${listed.text(', ')} in ${list}`,
    );
}

/** That names lead to a record, and no two to the same. */
function checkNames(names: readonly SamName[], rids: ReadonlySet<number>, list: string, add: Add): void {
  for (const { name, rid } of names) {
    const where = `${list}\\${name}`;
    if (rid === undefined) add('name-without-key', where, `${name} has no RID`);
    else if (!rids.has(rid)) add('name-without-key', where, `${name} leads to RID ${ridText(rid)}, which nothing has`);
  }
  for (const [rid, shared] of namesByRid(names))
    if (shared.size > 1) add('name-shared', list, `${shared.text(' and ')} all lead to RID ${ridText(rid)}`);
}

function namesByRid(names: readonly SamName[]): ReadonlyMap<number, SharedNames> {
  const byRid = new Map<number, SharedNames>();
  for (const { name, rid } of names) {
    if (rid === undefined) continue;
    const known = byRid.get(rid) ?? new SharedNames();
    byRid.set(rid, known);
    known.add(name);
  }
  return byRid;
}

function memberOddities(sam: Sam, add: Add): void {
  const rids = new Set([...sam.accounts, ...sam.groups].map(({ rid }) => rid));
  const own = sam.machineSid === undefined ? undefined : `${sam.machineSid}-`;
  for (const domain of SAM_DOMAINS) {
    const indexed = new Set(sam.index[domain].flatMap(({ sid, aliases }) => aliases.map((rid) => `${rid} ${sid}`)));
    const members = new Set<string>();
    for (const { domain: of, key, rid, c } of sam.aliases) {
      if (of !== domain || !c) continue;
      const where = `${domain}\\Aliases\\${key}`;
      const groupName = nameText(c.name ?? `RID ${rid}`);
      for (const sid of c.members) {
        members.add(`${rid} ${sid}`);
        if (!indexed.has(`${rid} ${sid}`))
          add(
            'member-not-in-index',
            where,
            `${sid} is a member of ${groupName}, and the index of members does not say so`,
          );
        if (own !== undefined && sid.startsWith(own) && !rids.has(Number(sid.slice(own.length))))
          add('member-without-account', where, `${sid} is a member of ${groupName}, and no account has its RID`);
      }
    }
    const names = new Map(
      sam.aliases.filter((one) => one.domain === domain).map(({ rid, c }) => [rid, nameText(c?.name ?? `RID ${rid}`)]),
    );
    for (const { sid, aliases } of sam.index[domain])
      for (const rid of aliases)
        if (!members.has(`${rid} ${sid}`))
          add(
            'index-not-in-members',
            `${domain}\\Aliases\\Members`,
            `the index of members says that ${sid} is in ${names.get(rid) ?? `RID ${rid}`}, whose record does not have it`,
          );
  }
}

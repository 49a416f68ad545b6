// The lives of accounts on their hosts, told from their changes: a name may live several, a SID only one.

import { fileTimeText } from '../bytes/file-time.ts';
import type { Deed } from './collector.ts';
import type { AccountLife, Activity } from './document.ts';
import { type Draft, isSame, isSameName } from './join/draft.ts';
import { groupOf, principalOf } from './principal.ts';
import type { Named } from './sighting.ts';

/** Deeds of one life that are told. */
const MOST_DEEDS = 50;

interface Life {
  readonly key: string;
  readonly host: string;
  account: Named;
  readonly names: string[];
  created: bigint | undefined;
  deleted: bigint | undefined;
  enabled: boolean | null;
  readonly groups: Named[];
  readonly changes: number[];
}

/** `drafts` in order of time, as the document has them. */
export function livesOf(drafts: readonly Draft[], deeds: readonly Deed[]): readonly AccountLife[] {
  const lives: Life[] = [];
  const byHost = new Map<string, Life[]>();
  for (const [index, draft] of drafts.entries()) {
    if (draft.scope !== 'local' || draft.outcome !== 'success') continue;
    const named = draft.account ?? draft.member;
    // A record that names nobody (4794) begins no life.
    if (!named || (named.name ?? named.sid ?? named.rid) === undefined || named.name?.endsWith(' (likely)')) continue;
    const own = byHost.get(draft.key) ?? [];
    byHost.set(draft.key, own);
    const alive = lifeOf(own, named);
    // A name can begin another life, a SID cannot.
    let life =
      draft.kind === 'account-created' && (!alive || alive.account.sid !== named.sid || named.sid === undefined)
        ? undefined
        : alive;
    if (!life) {
      life = beginning(draft, named);
      own.push(life);
      lives.push(life);
    }
    life.changes.push(index);
    live(life, draft, named);
  }
  const doing = new Map<string, Deed[]>();
  for (const deed of deeds) {
    const name = `${deed.key} ${deed.name.toLowerCase()}`;
    const others = doing.get(name);
    if (others) others.push(deed);
    else doing.set(name, [deed]);
  }
  return lives.map((life) => ({
    host: life.host,
    account: principalOf(life.account),
    names: life.names,
    created: textOf(life.created),
    deleted: textOf(life.deleted),
    enabled: life.deleted === undefined ? life.enabled : null,
    groups: life.deleted === undefined ? life.groups.map(groupOf) : [],
    changes: life.changes,
    activity: activityOf(life, doing),
  }));
}

/** The one that is alive, by what the record names; the last that was told of. */
function lifeOf(lives: readonly Life[], named: Named): Life | undefined {
  return lives.findLast((life) => life.deleted === undefined && isSame(life.account, named));
}

function beginning(draft: Draft, named: Named): Life {
  return {
    key: draft.key,
    host: draft.host ?? '',
    account: named,
    names: named.name === undefined ? [] : [named.name],
    created: undefined,
    deleted: undefined,
    enabled: null,
    groups: [],
    changes: [],
  };
}

function live(life: Life, draft: Draft, named: Named): void {
  life.account = { ...life.account, ...named };
  if (named.name !== undefined && !life.names.some((one) => isSameName(one, named.name!))) life.names.push(named.name);
  switch (draft.kind) {
    case 'account-created':
      life.created = draft.at;
      life.enabled =
        draft.sightings.some(({ kind, layer }) => kind === 'account-enabled' && layer === 'native') || null;
      return;
    case 'account-resurrected-by-registry':
      life.created ??= draft.at;
      return;
    case 'account-deleted':
      life.deleted = draft.at ?? 0n;
      return;
    case 'account-enabled':
      life.enabled = true;
      return;
    case 'account-disabled':
      life.enabled = false;
      return;
    case 'member-added':
      if (draft.group && !life.groups.some((one) => isSame(one, draft.group))) life.groups.push(draft.group);
      return;
    case 'member-removed': {
      const at = life.groups.findIndex((one) => isSame(one, draft.group));
      if (at >= 0) life.groups.splice(at, 1);
      return;
    }
    default:
      return;
  }
}

function activityOf(life: Life, doing: ReadonlyMap<string, readonly Deed[]>): readonly Activity[] {
  const first = life.created;
  const own = life.names.flatMap((name) => doing.get(`${life.key} ${name.toLowerCase()}`) ?? []);
  return own
    .filter(
      ({ at }) =>
        at === undefined ||
        ((first === undefined || at >= first) && (life.deleted === undefined || at <= life.deleted)),
    )
    .slice(0, MOST_DEEDS)
    .map(({ kind, at, what, evidence }) => ({ kind, time: textOf(at), what, evidence }));
}

function textOf(at: bigint | undefined): string | null {
  return at === undefined ? null : fileTimeText(at);
}

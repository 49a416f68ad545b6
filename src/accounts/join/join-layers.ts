// What the registry, APIs and command lines say, joined with the changes that are known: it confirms one, adds to it, or is one of its own.

import type { ChangeKind, Outcome } from '../document.ts';
import { type Hosts, hostKey } from '../hosts.ts';
import type { Identities } from '../identities.ts';
import type { Named, Sighting } from '../sighting.ts';
import { apart, compareTimes, Draft, isSame, mayBeSame, SECOND } from './draft.ts';
import type { Burst } from './registry-bursts.ts';

/** How long before and after a record of a layer the change that it tells of may be in another. */
const WINDOWS = {
  native: { before: 2n * SECOND, after: 2n * SECOND },
  registry: { before: 2n * SECOND, after: 2n * SECOND },
  api: { before: 2n * SECOND, after: 2n * SECOND },
  // A program is started, and then asks; a script's text is logged before any of it is run.
  command: { before: 2n * SECOND, after: 10n * SECOND },
} as const;
const SCRIPT_AFTER = 60n * SECOND;

/** Kinds of one change in the words of another layer. */
const ALSO: Readonly<Partial<Record<ChangeKind, readonly ChangeKind[]>>> = {
  'membership-changed': ['member-added', 'member-removed'],
  'member-added': ['membership-changed'],
  'member-removed': ['membership-changed'],
  'password-reset': ['password-changed'],
  'password-changed': ['password-reset'],
};

/** Kinds that go with another, and are then no change of their own. */
const PART_OF: Readonly<Partial<Record<ChangeKind, readonly ChangeKind[]>>> = {
  'password-setting-changed': ['account-created', 'password-reset', 'password-changed', 'account-changed'],
  'password-reset': ['account-created'],
  'account-enabled': ['account-created'],
  'account-changed': ['account-created', 'account-enabled', 'account-disabled', 'password-reset', 'account-renamed'],
  'rid-hijack-suspected': ['account-resurrected-by-registry'],
};

export class Joiner {
  readonly drafts: Draft[];
  readonly #hosts: Hosts;
  readonly #identities: Identities;
  readonly #byHost = new Map<string, Draft[]>();

  constructor(drafts: readonly Draft[], hosts: Hosts, identities: Identities) {
    // A host's are looked up by time.
    this.drafts = [...drafts].sort((one, other) => compareTimes(one.at, other.at));
    this.#hosts = hosts;
    this.#identities = identities;
    for (const draft of this.drafts) {
      this.#complete(draft);
      this.#listOf(draft.key).push(draft);
    }
  }

  #listOf(key: string): Draft[] {
    const own = this.#byHost.get(key) ?? [];
    this.#byHost.set(key, own);
    return own;
  }

  #complete(draft: Draft): void {
    draft.account = this.#identities.complete(draft.account, draft.key, draft.at);
    draft.group = this.#identities.complete(draft.group, draft.key, draft.at);
    draft.member = this.#identities.complete(draft.member, draft.key, draft.at);
  }

  /** Takes what a layer tells: first what names whom a change is about, then the rest, the nearest in time before others. */
  take(bursts: readonly Burst[]): void {
    const later: { readonly burst: Burst; readonly far: bigint }[] = [];
    for (const { main, with: others } of bursts) {
      const burst = { main: this.#completed(main), with: others };
      const draft = this.#nearest(burst.main, (other) => isOneChange(other, burst.main));
      if (draft && isSurely(draft, burst.main)) this.#take(burst);
      else later.push({ burst, far: draft ? apart(draft.at, main.at) : 0n });
    }
    later.sort((one, other) => (one.far < other.far ? -1 : one.far > other.far ? 1 : 0));
    for (const { burst } of later) this.#take(burst);
  }

  /** Takes records that tell no change alone, when all changes are known. */
  support(sightings: readonly Sighting[]): void {
    for (const one of sightings) this.#support(this.#completed(one));
  }

  #completed(one: Sighting): Sighting {
    const key = hostKey(one.host);
    const complete = (named: Named | undefined) => this.#identities.complete(named, key, one.at);
    const [account, group, member] = [complete(one.account), complete(one.group), complete(one.member)];
    return { ...one, ...(account ? { account } : {}), ...(group ? { group } : {}), ...(member ? { member } : {}) };
  }

  #take({ main: one, with: others }: Burst): void {
    const draft = this.#joined(one) ?? this.#begun(one);
    for (const other of others) {
      if (other.layer === 'registry') draft.support(other);
      else draft.add(this.#completed(other));
    }
  }

  /** The draft that the record joined. */
  #joined(one: Sighting): Draft | undefined {
    const draft =
      this.#nearest(one, (other) => isOneChange(other, one)) ??
      this.#nearest(one, (other) => isPartOf(one.kind, other.kind) && isSame(other.account, one.account));
    if (draft) {
      if (draft.kind !== one.kind && isPartOf(one.kind, draft.kind)) draft.support(one);
      else draft.add(one);
      // Who and how are known of one layer, that it was done of another.
      if (draft.kind === 'membership-changed') draft.kind = one.kind;
      return draft;
    }
    // What is known so far was only a part of it.
    const part = this.#nearest(one, (other) => isPartOf(other.kind, one.kind) && isWhole(other, one));
    if (!part) return undefined;
    part.kind = one.kind;
    part.add(one);
    return part;
  }

  #begun(one: Sighting): Draft {
    const own = new Draft(one, this.#hosts.scopeOf(one));
    this.drafts.push(own);
    this.#insert(own);
    return own;
  }

  #support(one: Sighting): void {
    const draft = this.#nearest(one, (other) => isSupported(other, one));
    if (!draft) return;
    draft.sightings.push(one);
    if (one.kind === 'membership-changed') {
      draft.direction ??= one.direction;
      draft.member ??= one.member;
      if (one.member && draft.kind === 'membership-changed' && draft.direction)
        draft.kind = draft.direction === 'added' ? 'member-added' : 'member-removed';
    } else draft.account = { ...one.account, ...draft.account };
    if (one.actor && !draft.actor) draft.actor = one.actor;
  }

  #insert(draft: Draft): void {
    const own = this.#listOf(draft.key);
    let place = own.length;
    while (place > 0 && compareTimes(own[place - 1].at, draft.at) > 0) place--;
    own.splice(place, 0, draft);
  }

  /** The draft of the host that fits and is nearest in time, one of the same logon session before others. */
  #nearest(one: Sighting, fits: (draft: Draft) => boolean): Draft | undefined {
    const { before, after } = windowOf(one);
    let best: Draft | undefined;
    let distance = 0n;
    const own = this.#listOf(hostKey(one.host));
    for (let i = one.at === undefined ? 0 : firstFrom(own, one.at - before); i < own.length; i++) {
      const draft = own[i];
      if (one.at !== undefined && draft.at !== undefined && draft.at > one.at + after) break;
      if (!fits(draft)) continue;
      const far = apart(draft.at, one.at) + (isOtherSession(draft, one) ? 3600n * SECOND : 0n);
      if (best && distance <= far) continue;
      best = draft;
      distance = far;
    }
    return best;
  }
}

function windowOf(one: Sighting): { readonly before: bigint; readonly after: bigint } {
  const own = WINDOWS[one.layer];
  return isScript(one) ? { ...own, after: SCRIPT_AFTER } : own;
}

function isScript({ layer, evidence }: Sighting): boolean {
  return layer === 'command' && /^PowerShell\b/.test(evidence.what);
}

/** The first draft not before `from`; those without a time are first. */
function firstFrom(drafts: readonly Draft[], from: bigint): number {
  let [low, high] = [0, drafts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((drafts[middle].at ?? 0n) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isOtherSession(draft: Draft, one: Sighting): boolean {
  const [own, other] = [draft.actor?.logonId, one.actor?.logonId];
  return own !== undefined && other !== undefined && own !== other;
}

function isPartOf(kind: ChangeKind, whole: ChangeKind): boolean {
  return PART_OF[kind]?.includes(whole) === true;
}

/** Whether both name whom the change is about, and name the same. */
function isSurely(draft: Draft, one: Sighting): boolean {
  if (draft.kind !== one.kind) return false;
  const parts = (['account', 'group', 'member'] as const).filter((part) => draft[part] || one[part]);
  return parts.every((part) => isSame(draft[part], one[part]));
}

/** Records that name nobody in common are of one change only within so much; a script takes its time. */
const UNNAMED = 2n * SECOND;
const UNNAMED_SCRIPT = 10n * SECOND;

function unnamedWindow(one: Sighting): bigint {
  return isScript(one) ? UNNAMED_SCRIPT : UNNAMED;
}

/** Whether a change that is known in part may be the one that a record tells as a whole. */
function isWhole(draft: Draft, one: Sighting): boolean {
  if (draft.saw(one.layer) || !mayBeSame(draft.account, one.account)) return false;
  if (one.outcome === 'failure') return false;
  return isSame(draft.account, one.account) || apart(draft.at, one.at) <= UNNAMED;
}

/** Whether the record is one more of the same change. */
function isOneChange(draft: Draft, one: Sighting): boolean {
  if (draft.kind !== one.kind && !ALSO[one.kind]?.includes(draft.kind)) return false;
  if (!mayBeSame(draft.account, one.account) || !mayBeSame(draft.group, one.group)) return false;
  if (!mayBeSame(draft.member, one.member)) return false;
  if (draft.direction !== undefined && one.direction !== undefined && draft.direction !== one.direction) return false;
  if (isContrary(one.outcome, draft.outcome) || isContrary(draft.outcome, one.outcome)) return false;
  // What another session did to somebody who is not named here, or what was done later, is another change.
  if (!isSurely(draft, one) && (isOtherSession(draft, one) || apart(draft.at, one.at) > unnamedWindow(one)))
    return false;
  return draft.saw(one.layer) ? isOneMore(draft, one) : true;
}

function isContrary(one: Outcome, other: Outcome): boolean {
  return one === 'failure' && other === 'success';
}

/** Two records of one layer for one change: the key of a name and its value; net.exe and the net1.exe that it starts. */
function isOneMore(draft: Draft, one: Sighting): boolean {
  const others = draft.sightings.filter(({ layer }) => layer === one.layer);
  if (one.layer === 'registry')
    return one.account?.name !== undefined && others.every(({ evidence }) => evidence.what !== one.evidence.what);
  return others.every(
    (other) => other.kind === one.kind && apart(other.at, one.at) <= 2n * SECOND && isSamePrincipals(other, one),
  );
}

function isSamePrincipals(one: Sighting, other: Sighting): boolean {
  return (['account', 'group', 'member'] as const).every(
    (part) => (one[part] === undefined && other[part] === undefined) || isSame(one[part], other[part]),
  );
}

/** A file of keys that a command imports: the registry tells what was in it. */
const BY_IMPORT: ReadonlySet<ChangeKind> = new Set(['account-resurrected-by-registry', 'rid-hijack-suspected']);

function isSupported(draft: Draft, one: Sighting): boolean {
  if (one.kind === 'membership-changed')
    return (
      (draft.kind === 'membership-changed' || draft.kind === 'member-added' || draft.kind === 'member-removed') &&
      mayBeSame(draft.group, one.group) &&
      mayBeSame(draft.member, one.member) &&
      (draft.direction === undefined || one.direction === undefined || draft.direction === one.direction)
    );
  if (one.layer === 'command' && BY_IMPORT.has(one.kind)) return BY_IMPORT.has(draft.kind) && draft.saw('registry');
  if (draft.account === undefined || !mayBeSame(draft.account, one.account)) return false;
  return one.kind === draft.kind || one.kind === 'account-changed' || PART_OF[one.kind]?.includes(draft.kind) === true;
}

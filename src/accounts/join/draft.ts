// A change while what belongs to it is gathered: one sighting says it, others confirm it or add to it.

import type { Benign, ChangeKind, Direction, Inferred, LayerId, Outcome, Scope, Setting } from '../document.ts';
import { hostKey, NETBIOS } from '../hosts.ts';
import type { ActorSeen, Named, Sighting } from '../sighting.ts';

export class Draft {
  kind: ChangeKind;
  at: bigint | undefined;
  readonly host: string | undefined;
  readonly key: string;
  outcome: Outcome;
  readonly scope: Scope;
  account: Named | undefined;
  group: Named | undefined;
  member: Named | undefined;
  direction: Direction | undefined;
  actor: ActorSeen | undefined;
  readonly settings: Setting[] = [];
  readonly sightings: Sighting[] = [];
  readonly notes = new Set<string>();
  benign: Benign | undefined;
  inferred: Inferred | undefined;
  /** The creation or deletion of the account that it came with: nobody asked for it by itself. */
  cause: Draft | undefined;

  constructor(first: Sighting, scope: Scope) {
    this.kind = first.kind;
    this.at = first.at;
    this.host = first.host;
    this.key = hostKey(first.host);
    this.outcome = first.outcome;
    this.scope = scope;
    this.add(first);
  }

  /** Takes what another record says of the same change; what is known already stays. */
  add(one: Sighting): void {
    this.sightings.push(one);
    this.account = joined(this.account, one.account);
    this.group = joined(this.group, one.group);
    this.member = joined(this.member, one.member);
    this.direction ??= one.direction;
    this.actor = joinedActor(this.actor, one.actor);
    for (const setting of one.settings ?? [])
      if (!this.settings.some((own) => own.name === setting.name && own.new === setting.new))
        this.settings.push(setting);
    for (const note of one.notes ?? []) this.notes.add(note);
    // A command says what was wanted, every other layer what was done.
    if (this.outcome === 'attempt') this.outcome = one.outcome;
  }

  /** Only evidence: what the record says is the change's own housekeeping. */
  support(one: Sighting): void {
    this.sightings.push(one);
    this.actor = joinedActor(this.actor, one.actor);
    for (const note of one.notes ?? []) this.notes.add(note);
  }

  saw(layer: LayerId): boolean {
    return this.sightings.some((one) => one.layer === layer);
  }
}

function joined(own: Named | undefined, other: Named | undefined): Named | undefined {
  return own && other ? { ...other, ...own } : (own ?? other);
}

function joinedActor(own: ActorSeen | undefined, other: ActorSeen | undefined): ActorSeen | undefined {
  if (!own || !other) return own ?? other;
  const process = own.process || other.process ? { process: { ...other.process, ...own.process } } : {};
  return { ...other, ...own, ...process };
}

/** Whether two records may name the same account or group: nothing that both say differs. */
export function mayBeSame(one: Named | undefined, other: Named | undefined): boolean {
  if (!one || !other) return true;
  if (one.domain !== undefined && other.domain !== undefined && !isSameDomain(one.domain, other.domain)) return false;
  if (one.sid !== undefined && other.sid !== undefined) return one.sid === other.sid;
  if (one.rid !== undefined && other.rid !== undefined) return one.rid === other.rid;
  return one.name === undefined || other.name === undefined || isSameName(one.name, other.name);
}

/** Whether something that both say is the same. */
export function isSame(one: Named | undefined, other: Named | undefined): boolean {
  if (!one || !other || !mayBeSame(one, other)) return false;
  return (
    (one.sid !== undefined && other.sid !== undefined) ||
    (one.rid !== undefined && other.rid !== undefined) ||
    (one.name !== undefined && other.name !== undefined)
  );
}

export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A domain by its NetBIOS name, a host by that or its long one. */
function isSameDomain(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => hostKey(name).slice(0, NETBIOS));
  return a === b;
}

/** 100 ns between two records; of one without a time, as near as it can be. */
export function apart(one: bigint | undefined, other: bigint | undefined): bigint {
  if (one === undefined || other === undefined) return 0n;
  return one < other ? other - one : one - other;
}

/** The order of time; what has none is first. */
export function compareTimes(one: bigint | undefined, other: bigint | undefined): number {
  const [a, b] = [one ?? 0n, other ?? 0n];
  return a < b ? -1 : a > b ? 1 : 0;
}

export const MILLISECOND = 10_000n;
export const SECOND = 1000n * MILLISECOND;

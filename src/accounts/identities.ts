// Who is who on each host over time: a name may live several lives, a SID only one.

import { hostKey } from './hosts.ts';
import { mayBeSame, SECOND } from './join/draft.ts';
import { authorityOf, ridOf } from './record.ts';
import type { Named, Sighting } from './sighting.ts';

/** A name that a SID had, from and up to some time; undefined: as long as is known. */
interface Naming {
  readonly name: string;
  readonly domain: string | undefined;
  readonly sid: string;
  from: bigint | undefined;
  to: bigint | undefined;
}

/** Clocks of channels differ by less. */
const SLACK = 2n * SECOND;

export class Identities {
  /** By host, then by name in lower case. */
  readonly #byName = new Map<string, Map<string, Naming[]>>();
  readonly #bySid = new Map<string, Map<string, Naming[]>>();
  /** Of each host, the SID that its own accounts begin with. */
  readonly #machine = new Map<string, string>();

  /** `sightings` in order of time. */
  constructor(sightings: readonly Sighting[], isLocal: (one: Sighting) => boolean) {
    for (const one of sightings) {
      const key = hostKey(one.host);
      for (const named of [one.account, one.group, one.member, one.actor]) this.#learn(key, named, one.at);
      if (one.account?.sid !== undefined && isLocal(one)) {
        const authority = authorityOf(one.account.sid);
        if (authority !== undefined && !this.#machine.has(key)) this.#machine.set(key, authority);
        this.#bound(key, one);
      }
    }
  }

  #learn(key: string, named: Named | undefined, at: bigint | undefined): void {
    if (named?.sid === undefined || named.name === undefined) return;
    const known = listOf(this.#bySid, key, named.sid);
    const last = known.at(-1);
    if (last?.name.toLowerCase() === named.name.toLowerCase()) return;
    const naming: Naming = { name: named.name, domain: named.domain, sid: named.sid, from: undefined, to: undefined };
    if (last) {
      last.to ??= at;
      naming.from = at;
    }
    known.push(naming);
    listOf(this.#byName, key, named.name.toLowerCase()).push(naming);
  }

  /** A life begins with its creation and ends with its deletion. */
  #bound(key: string, { kind, account, at, outcome }: Sighting): void {
    if (outcome !== 'success') return;
    const naming = listOf(this.#bySid, key, account!.sid!).at(-1);
    if (!naming) return;
    if (kind === 'account-created') naming.from ??= at;
    if (kind === 'account-deleted') naming.to ??= at;
  }

  machineSid(key: string): string | undefined {
    return this.#machine.get(key);
  }

  /** With what else is known of whom a record names, at a time. */
  complete(named: Named | undefined, key: string, at: bigint | undefined): Named | undefined {
    if (!named) return undefined;
    const sid = named.sid ?? this.#sidOf(named, key, at);
    if (sid === undefined) return named;
    const naming =
      at === undefined
        ? undefined
        : this.#bySid
            .get(key)
            ?.get(sid)
            ?.find((one) => holds(one, at));
    const name = named.name ?? naming?.name ?? this.#bySid.get(key)?.get(sid)?.[0].name;
    const rid = named.rid ?? ridOf(sid);
    const domain = named.domain ?? naming?.domain;
    return {
      ...named,
      sid,
      ...(rid === undefined ? {} : { rid }),
      ...(name === undefined ? {} : { name }),
      ...(domain === undefined ? {} : { domain }),
    };
  }

  #sidOf({ name, rid, domain }: Named, key: string, at: bigint | undefined): string | undefined {
    const machine = this.#machine.get(key);
    if (rid !== undefined && machine !== undefined) return `${machine}-${rid}`;
    const lives = name === undefined ? undefined : this.#byName.get(key)?.get(name.toLowerCase());
    const fitting = lives?.filter(
      (one) => (at === undefined || holds(one, at)) && mayBeSame({ domain }, { domain: one.domain }),
    );
    return fitting?.length === 1 ? fitting[0].sid : undefined;
  }
}

function holds({ from, to }: Naming, at: bigint): boolean {
  return (from === undefined || from <= at + SLACK) && (to === undefined || at <= to + SLACK);
}

function listOf(by: Map<string, Map<string, Naming[]>>, key: string, name: string): Naming[] {
  const own = by.get(key) ?? new Map<string, Naming[]>();
  by.set(key, own);
  const list = own.get(name) ?? [];
  own.set(name, list);
  return list;
}

// Sightings of a host by time, and those near one of them.

import { hostKey } from '../hosts.ts';
import type { Sighting } from '../sighting.ts';
import { apart } from './draft.ts';

/** Records before and after one that are looked at: hostile logs have no end of them at one time. */
const MOST_NEAR = 256;

export class Neighbours {
  readonly #byHost = new Map<string, Sighting[]>();
  readonly #place = new Map<Sighting, number>();

  /** `sightings` in order of time. */
  constructor(sightings: readonly Sighting[]) {
    for (const one of sightings) {
      const key = hostKey(one.host);
      const own = this.#byHost.get(key) ?? [];
      this.#place.set(one, own.push(one) - 1);
      this.#byHost.set(key, own);
    }
  }

  /** In order of time; without `one` itself. */
  around(one: Sighting, within: bigint): readonly Sighting[] {
    const own = this.#byHost.get(hostKey(one.host)) ?? [];
    const place = this.#place.get(one) ?? 0;
    const found: Sighting[] = [];
    const [first, last] = [Math.max(0, place - MOST_NEAR), Math.min(own.length, place + MOST_NEAR)];
    for (let i = place - 1; i >= first && apart(own[i].at, one.at) <= within; i--) found.push(own[i]);
    found.reverse();
    for (let i = place + 1; i < last && apart(own[i].at, one.at) <= within; i++) found.push(own[i]);
    return found;
  }
}

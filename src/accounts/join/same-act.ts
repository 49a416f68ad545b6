// Records of one layer that tell of one act: net.exe and the net1.exe that it starts, the same process by two logs, a function and the one below it that it calls.

import type { Sighting } from '../sighting.ts';
import { apart, isSame, mayBeSame, SECOND } from './draft.ts';
import { Neighbours } from './neighbours.ts';
import type { Burst } from './registry-bursts.ts';

/** Clocks of two logs are apart, and a program starts another. */
const WITHIN = 2n * SECOND;

/** `sightings` of commands or of calls, in order of time, none of which is only a support. */
export function actsOf(sightings: readonly Sighting[]): readonly Burst[] {
  const near = new Neighbours(sightings);
  const taken = new Set<Sighting>();
  const bursts: Burst[] = [];
  for (const one of sightings) {
    if (taken.has(one)) continue;
    taken.add(one);
    const others: Sighting[] = [];
    for (const other of near.around(one, WITHIN)) {
      if (taken.has(other) || !(isSameAct(one, other) || isCallBelow([one, ...others], other))) continue;
      taken.add(other);
      others.push(other);
    }
    bursts.push({ main: one, with: others });
  }
  return bursts;
}

const PARTS = ['account', 'group', 'member'] as const;

function isSameAct(one: Sighting, other: Sighting): boolean {
  const [own, session] = [one.actor?.logonId, other.actor?.logonId];
  return (
    one.kind === other.kind &&
    one.outcome === other.outcome &&
    (own === undefined || session === undefined || own === session) &&
    PARTS.every((part) => (one[part] === undefined && other[part] === undefined) || isSame(one[part], other[part]))
  );
}

/** NetUserAdd names an account, SamrAddMemberToAlias below it a RID: other functions of one process, of which none is there twice. */
function isCallBelow(own: readonly Sighting[], other: Sighting): boolean {
  const [one] = own;
  const [process, its] = [one.actor?.process, other.actor?.process];
  return (
    one.layer === 'api' &&
    one.kind === other.kind &&
    one.outcome === other.outcome &&
    process?.pid !== undefined &&
    process.pid === its?.pid &&
    apart(one.at, other.at) <= SECOND &&
    own.every(({ evidence }) => evidence.what !== other.evidence.what) &&
    PARTS.every((part) => mayBeSame(one[part], other[part]))
  );
}

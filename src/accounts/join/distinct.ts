// Records that came more than once, out of two logs of one host, as one.

import { hostKey } from '../hosts.ts';
import type { Named, Sighting } from '../sighting.ts';
import { MILLISECOND } from './draft.ts';

/** Of records that say the same at the same millisecond, those of the file that was read first; within a file nothing comes twice. */
export function distinct(sightings: readonly Sighting[]): readonly Sighting[] {
  const files = new Map<string, string>();
  return sightings.filter((one) => {
    const { at, evidence } = one;
    if (at === undefined) return true;
    const key = [
      one.layer,
      one.kind,
      one.outcome,
      hostKey(one.host),
      at / MILLISECOND,
      evidence.what.toLowerCase(),
      ...[one.account, one.group, one.member].map(namedKey),
      ...(one.settings ?? []).map(({ name, new: own }) => `${name}=${own}`),
    ].join('\0');
    const file = files.get(key);
    if (file === undefined) files.set(key, evidence.file);
    return file === undefined || file === evidence.file;
  });
}

function namedKey(named: Named | undefined): string {
  return named === undefined ? '' : `${named.sid ?? ''} ${named.rid ?? ''} ${named.name?.toLowerCase() ?? ''}`;
}

// What stands in fresh memory from the start: the words of an array that an imported function made.
import type { Place } from './place.ts';
import { UNSET, type ValueId, type ValueNode } from './values.ts';

/** The word of `width` bytes at `place`, where that lies in memory that was made full; UNSET elsewhere. */
export function wordMade(nodes: readonly ValueNode[], place: Place | undefined, width: number): ValueId {
  if (!place || place.base < 0) return UNSET;
  let node = nodes[place.base];
  while (node.kind === 'allocation' && !node.words && node.within !== undefined) node = nodes[node.within];
  if (node.kind !== 'allocation' || !node.words) return UNSET;
  const last = node.words.length - 1;
  const index = place.somewhere ? last : place.offset / width;
  return Number.isInteger(index) && index >= 0 ? node.words[Math.min(index, last)] : UNSET;
}

// The lists of a key's subkeys: leaves of offsets (li), with hints of names (lf) or hashes (lh), and the root over several leaves (ri).

import { u16At, u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { Cells } from './cells.ts';
import { type HiveNotes, offsetText } from './hive-notes.ts';

/** Bytes of one entry of a leaf. */
const ENTRY_SIZES: Readonly<Record<string, number>> = { li: 4, lf: 8, lh: 8 };

/** Offsets of the key nodes in the list at `offset` that the key node at `owner` has, each once. What is amiss is noted. */
export function* subkeyOffsets(cells: Cells, offset: number, owner: number, notes: HiveNotes): Generator<number> {
  const seen = new Set<number>();
  const list = cells.owned(offset, owner, 'list of subkeys');
  if (list === undefined) return;
  if (latin1(list, 0, 2) !== 'ri') {
    yield* leafOffsets(list, offset, seen, notes);
    return;
  }
  const leaves = new Set<number>();
  for (const at of entries(list, offset, 4, notes)) {
    if (leaves.has(at)) {
      notes.add('list of subkeys', `the list at ${offsetText(offset)} has the leaf at ${offsetText(at)} twice`);
      continue;
    }
    leaves.add(at);
    const leaf = cells.owned(at, owner, 'list of subkeys');
    if (leaf !== undefined) yield* leafOffsets(leaf, at, seen, notes);
  }
}

function* leafOffsets(leaf: Uint8Array, offset: number, seen: Set<number>, notes: HiveNotes): Generator<number> {
  const kind = latin1(leaf, 0, 2);
  if (!Object.hasOwn(ENTRY_SIZES, kind)) {
    const what = kind === 'ri' ? 'a root within a root' : 'no list of subkeys';
    notes.add('list of subkeys', `at ${offsetText(offset)} stands ${what}; its subkeys are left out`);
    return;
  }
  for (const at of entries(leaf, offset, ENTRY_SIZES[kind], notes)) {
    if (seen.has(at)) {
      notes.add('list of subkeys', `the list at ${offsetText(offset)} has the key at ${offsetText(at)} twice`);
      continue;
    }
    seen.add(at);
    yield at;
  }
}

function* entries(list: Uint8Array, offset: number, size: number, notes: HiveNotes): Generator<number> {
  const count = u16At(list, 2);
  const fit = Math.floor(Math.max(0, list.length - 4) / size);
  if (count > fit)
    notes.add(
      'list of subkeys',
      `the list at ${offsetText(offset)} says that it has ${count} entries, and ${fit} fit in it`,
    );
  for (let i = 0; i < Math.min(count, fit); i++) yield u32At(list, 4 + i * size);
}

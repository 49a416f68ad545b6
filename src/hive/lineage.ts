// Where a key belongs that is listed by another than the parent it names: there, if that one and all above it list it in turn.

import type { Cells } from './cells.ts';
import type { HiveNotes } from './hive-notes.ts';
import { readKeyNode } from './key-node.ts';
import { subkeyOffsets } from './subkey-list.ts';

/** Keys within one another (the registry's own limit). */
export const MOST_LEVELS = 512;

/** Offsets are those of key nodes, from the first bin on. */
export class Lineage {
  readonly #cells: Cells;
  readonly #root: number;
  readonly #notes: HiveNotes;
  /** What a key lists, once it was asked. */
  readonly #lists = new Map<number, ReadonlySet<number>>();

  constructor(cells: Cells, root: number, notes: HiveNotes) {
    this.#cells = cells;
    this.#root = root;
    this.#notes = notes;
  }

  /** Whether the key is come to from the root by way of the parents that it and those above it name. */
  isRooted(offset: number): boolean {
    let key = offset;
    for (let level = 0; level < MOST_LEVELS; level++) {
      if (key === this.#root) return true;
      const parent = this.#nodeAt(key)?.parent;
      if (parent === undefined || !this.#listOf(parent).has(key)) return false;
      key = parent;
    }
    return false;
  }

  #nodeAt(offset: number) {
    const cell = this.#cells.at(offset, 'key');
    return cell && readKeyNode(cell);
  }

  #listOf(offset: number): ReadonlySet<number> {
    let list = this.#lists.get(offset);
    if (list === undefined) {
      const node = this.#nodeAt(offset);
      const isListed = node !== undefined && node.subkeyCount > 0;
      list = new Set(isListed ? subkeyOffsets(this.#cells, node.subkeyList, offset, this.#notes) : []);
      this.#lists.set(offset, list);
    }
    return list;
  }
}

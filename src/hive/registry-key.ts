// A key of a hive, and its values: found by name, read when asked.

import { u32At } from '../bytes/cursor.ts';
import { latin1, utf16le } from '../bytes/text.ts';
import { NIL } from './base-block.ts';
import type { Cells } from './cells.ts';
import { type HiveNotes, offsetText } from './hive-notes.ts';
import { KeyFlag, type KeyNode, readKeyNode } from './key-node.ts';
import { type KeyValue, readKeyValue } from './key-value.ts';
import { type Lineage, MOST_LEVELS } from './lineage.ts';
import { subkeyOffsets } from './subkey-list.ts';
import { upperName } from './upper-name.ts';
import { valueBytes } from './value-bytes.ts';

/** What all keys of a hive read from. */
export interface HiveSpace {
  readonly cells: Cells;
  readonly notes: HiveNotes;
  readonly lineage: Lineage;
  /** The hive's minor version. */
  readonly minor: number;
}

export class RegistryKey {
  /** The record, as it is in the hive. */
  readonly node: KeyNode;
  /** Of its record, from the first bin on. */
  readonly offset: number;
  readonly parent: RegistryKey | undefined;
  /** Levels below the root. */
  readonly depth: number;
  readonly #space: HiveSpace;

  /** Not for strangers: `openHive` and `subkeys` make them. */
  constructor(space: HiveSpace, node: KeyNode, offset: number, parent?: RegistryKey) {
    this.#space = space;
    this.node = node;
    this.offset = offset;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  get name(): string {
    return this.node.name;
  }

  /** FILETIME. */
  get lastWritten(): bigint {
    return this.node.lastWritten;
  }

  /** Names from below the root on, with backslashes; empty for the root. */
  get path(): string {
    const names: string[] = [];
    for (let key: RegistryKey = this; key.parent !== undefined; key = key.parent) names.push(key.name);
    return names.reverse().join('\\');
  }

  /** The text of the key's class; undefined where it has none. */
  get className(): string | undefined {
    const { classOffset, classLength } = this.node;
    if (classOffset === NIL || classLength === 0) return undefined;
    const cell = this.#space.cells.owned(classOffset, this.offset, 'class name');
    return cell && utf16le(cell, 0, classLength);
  }

  /** Its security descriptor, self-relative (winnt.h); many keys share one. */
  get securityDescriptor(): Uint8Array | undefined {
    const cell = this.#space.cells.at(this.node.security, 'security descriptor');
    if (cell === undefined || latin1(cell, 0, 2) !== 'sk') return undefined;
    const size = u32At(cell, 16);
    return size > cell.length - 20 ? undefined : cell.subarray(20, 20 + size);
  }

  /** Its subkeys in the order of the list, by name in a sound hive. */
  *subkeys(): Generator<RegistryKey> {
    const { cells, notes } = this.#space;
    if (this.node.subkeyCount === 0) return;
    if (this.depth >= MOST_LEVELS) {
      notes.add(
        'key',
        `keys are more than ${MOST_LEVELS} levels deep at ${offsetText(this.offset)}; what is below is left out`,
      );
      return;
    }
    let count = 0;
    for (const offset of subkeyOffsets(cells, this.node.subkeyList, this.offset, notes)) {
      count++;
      const key = this.#subkeyAt(offset);
      if (key !== undefined) yield key;
    }
    if (count !== this.node.subkeyCount)
      notes.add(
        'key',
        `the key at ${offsetText(this.offset)} says that it has ${this.node.subkeyCount} subkeys, and its list has ${count}`,
      );
  }

  #subkeyAt(offset: number): RegistryKey | undefined {
    const { cells, lineage, notes } = this.#space;
    const cell = cells.at(offset, 'key');
    const node = cell && readKeyNode(cell);
    if (node === undefined) {
      if (cell) notes.add('key', `at ${offsetText(offset)} stands no key; it is left out`);
      return undefined;
    }
    const isOther = node.parent !== this.offset;
    if (isOther && (this.#isWithin(offset) || lineage.isRooted(offset))) {
      notes.add(
        'key',
        `the key at ${offsetText(offset)}, which is elsewhere, is listed by the one at ${offsetText(this.offset)} too; it is left out there`,
      );
      return undefined;
    }
    // One that is in no other place is the first's to list it.
    if (cells.owned(offset, this.offset, 'key', isOther) === undefined) return undefined;
    if (isOther)
      notes.add(
        'key',
        `the key at ${offsetText(offset)} is a subkey of the one at ${offsetText(this.offset)} and says that its parent is at ${offsetText(node.parent)}`,
      );
    if (node.isNameCut) notes.add('key', `the name of the key at ${offsetText(offset)} is cut off`);
    return new RegistryKey(this.#space, node, offset, this);
  }

  /** Whether the record at `offset` is this key or one above it. */
  #isWithin(offset: number): boolean {
    for (let key: RegistryKey | undefined = this; key !== undefined; key = key.parent)
      if (key.offset === offset) return true;
    return false;
  }

  /** The subkey of that name, letter case aside; undefined where there is none. */
  subkey(name: string): RegistryKey | undefined {
    const wanted = upperName(name);
    for (const key of this.subkeys()) if (upperName(key.name) === wanted) return key;
    return undefined;
  }

  /** The key that a path from here leads to, letter case aside; this one for an empty path. */
  key(path: string): RegistryKey | undefined {
    let key: RegistryKey | undefined = this;
    for (const name of path.split('\\')) if (name !== '') key = key?.subkey(name);
    return key;
  }

  /** Its values in the order of the list. */
  *values(): Generator<RegistryValue> {
    const { cells, notes } = this.#space;
    const { valueCount, valueList, flags } = this.node;
    if (valueCount === 0 || (flags & KeyFlag.predefinedHandle) !== 0) return;
    const list = cells.owned(valueList, this.offset, 'list of values');
    if (list === undefined) return;
    const fit = Math.floor(list.length / 4);
    if (valueCount > fit)
      notes.add(
        'list of values',
        `the key at ${offsetText(this.offset)} says that it has ${valueCount} values, and its list has room for ${fit}`,
      );
    const seen = new Set<number>();
    for (let i = 0; i < Math.min(valueCount, fit); i++) {
      const offset = u32At(list, i * 4);
      if (seen.has(offset)) {
        notes.add(
          'list of values',
          `the key at ${offsetText(this.offset)} has the value at ${offsetText(offset)} twice`,
        );
        continue;
      }
      seen.add(offset);
      const cell = cells.owned(offset, this.offset, 'value');
      if (cell === undefined) continue;
      const value = readKeyValue(cell);
      if (value === undefined) notes.add('value', `at ${offsetText(offset)} stands no value; it is left out`);
      else {
        if (value.isNameCut) notes.add('value', `the name of the value at ${offsetText(offset)} is cut off`);
        yield new RegistryValue(this.#space, value, offset);
      }
    }
  }

  /** The value of that name, letter case aside; '' for the default one. */
  value(name: string): RegistryValue | undefined {
    const wanted = upperName(name);
    for (const value of this.values()) if (upperName(value.name) === wanted) return value;
    return undefined;
  }
}

export class RegistryValue {
  /** The record, as it is in the hive. */
  readonly record: KeyValue;
  /** Of its record, from the first bin on. */
  readonly offset: number;
  readonly #space: HiveSpace;

  /** Not for strangers: `RegistryKey.values` makes them. */
  constructor(space: HiveSpace, record: KeyValue, offset: number) {
    this.#space = space;
    this.record = record;
    this.offset = offset;
  }

  /** Empty: the key's default value. */
  get name(): string {
    return this.record.name;
  }

  /** Any number of 32 bits; those with a name are `RegType`. */
  get type(): number {
    return this.record.type;
  }

  /** Bytes that the data should have. */
  get size(): number {
    return this.record.size;
  }

  /** The data; shorter than `size`, with a note, where it is cut off. */
  data(): Uint8Array {
    const { cells, minor, notes } = this.#space;
    return valueBytes(cells, this.record, this.offset, minor, notes);
  }
}

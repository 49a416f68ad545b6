// A hive's keys for the view: each list is read once and then found by name.

import { fileTimeText } from '../bytes/file-time.ts';
import { KeyFlag } from '../hive/key-node.ts';
import { RegType } from '../hive/key-value.ts';
import type { RegistryKey, RegistryValue } from '../hive/registry-key.ts';
import { upperName } from '../hive/upper-name.ts';
import { type ValueContent, valueContent } from '../hive/value-content.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryViewValue } from './view.ts';

/** FILETIMEs from here on are no time that a date can tell (the year 10000). */
const TIME_LIMIT = 2_650_467_744_000_000_000n;

export class HiveKey implements StoredKey {
  readonly #key: RegistryKey;
  #subkeys: ReadonlyMap<string, HiveKey> | undefined;
  #values: ReadonlyMap<string, HiveValue> | undefined;

  constructor(key: RegistryKey) {
    this.#key = key;
  }

  get name(): string {
    return this.#key.name;
  }

  get lastWritten(): string | undefined {
    const ticks = this.#key.lastWritten;
    return ticks > 0n && ticks < TIME_LIMIT ? fileTimeText(ticks) : undefined;
  }

  get link(): string | undefined {
    if ((this.#key.node.flags & KeyFlag.symbolicLink) === 0) return undefined;
    const value = this.value('SYMBOLICLINKVALUE');
    return value?.type === RegType.link && typeof value.content === 'string' ? value.content : undefined;
  }

  subkeys(): Iterable<HiveKey> {
    return this.#indexed().values();
  }

  subkey(upper: string): HiveKey | undefined {
    return this.#indexed().get(upper);
  }

  values(): Iterable<HiveValue> {
    return this.#valuesIndexed().values();
  }

  value(upper: string): HiveValue | undefined {
    return this.#valuesIndexed().get(upper);
  }

  /** Of two of one name, which no sound hive has, the first. */
  #indexed(): ReadonlyMap<string, HiveKey> {
    this.#subkeys ??= indexed(this.#key.subkeys(), (key) => new HiveKey(key));
    return this.#subkeys;
  }

  #valuesIndexed(): ReadonlyMap<string, HiveValue> {
    this.#values ??= indexed(this.#key.values(), (value) => new HiveValue(value));
    return this.#values;
  }
}

class HiveValue implements RegistryViewValue {
  readonly #value: RegistryValue;

  constructor(value: RegistryValue) {
    this.#value = value;
  }

  get name(): string {
    return this.#value.name;
  }

  get type(): number {
    return this.#value.type;
  }

  get content(): ValueContent {
    return valueContent(this.#value.type, this.#value.data());
  }
}

function indexed<T extends { readonly name: string }, U>(
  all: Iterable<T>,
  make: (one: T) => U,
): ReadonlyMap<string, U> {
  const index = new Map<string, U>();
  for (const one of all) {
    const upper = upperName(one.name);
    if (!index.has(upper)) index.set(upper, make(one));
  }
  return index;
}

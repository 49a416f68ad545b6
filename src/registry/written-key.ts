// Keys that lines of a text or the places of hives make: a tree that grows by paths.

import { upperName } from '../hive/upper-name.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryViewValue } from './view.ts';

export class WrittenKey implements StoredKey {
  readonly name: string;
  readonly lastWritten = undefined;
  readonly link = undefined;
  #subkeys: Map<string, WrittenKey> | undefined;
  #values: Map<string, RegistryViewValue> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  subkeys(): Iterable<WrittenKey> {
    return this.#subkeys?.values() ?? [];
  }

  subkey(upper: string): WrittenKey | undefined {
    return this.#subkeys?.get(upper);
  }

  values(): Iterable<RegistryViewValue> {
    return this.#values?.values() ?? [];
  }

  value(upper: string): RegistryViewValue | undefined {
    return this.#values?.get(upper);
  }

  /** The subkey of that name, made where there is none. */
  grow(name: string): WrittenKey {
    const upper = upperName(name);
    this.#subkeys ??= new Map();
    let key = this.#subkeys.get(upper);
    if (key === undefined) {
      key = new WrittenKey(name);
      this.#subkeys.set(upper, key);
    }
    return key;
  }

  removeSubkey(name: string): void {
    this.#subkeys?.delete(upperName(name));
  }

  setValue(value: RegistryViewValue): void {
    this.#values ??= new Map();
    this.#values.set(upperName(value.name), value);
  }

  removeValue(name: string): void {
    this.#values?.delete(upperName(name));
  }
}

// A file's root at its place in the registry: the names that lead to it from above, each a key with the one below it.

import { upperName } from '../hive/upper-name.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryViewValue } from './view.ts';

/** The key over all roots, with `root` at the path of these names (at least one). */
export function placed(at: readonly string[], root: StoredKey): StoredKey {
  const last = at.length - 1;
  let key: StoredKey = new NamedKey(at[last], root);
  for (let i = last - 1; i >= 0; i--) key = new WayKey(at[i], key);
  return new WayKey('', key);
}

class WayKey implements StoredKey {
  readonly name: string;
  readonly lastWritten = undefined;
  readonly link = undefined;
  readonly #below: StoredKey;

  constructor(name: string, below: StoredKey) {
    this.name = name;
    this.#below = below;
  }

  subkeys(): Iterable<StoredKey> {
    return [this.#below];
  }

  subkey(upper: string): StoredKey | undefined {
    return upper === upperName(this.#below.name) ? this.#below : undefined;
  }

  values(): Iterable<RegistryViewValue> {
    return [];
  }

  value(): undefined {
    return undefined;
  }
}

/** The root of a hive, which has another name in the file ("ROOT"), by the name at which it hangs. */
class NamedKey implements StoredKey {
  readonly name: string;
  readonly #key: StoredKey;

  constructor(name: string, key: StoredKey) {
    this.name = name;
    this.#key = key;
  }

  get lastWritten(): string | undefined {
    return this.#key.lastWritten;
  }

  get link(): string | undefined {
    return this.#key.link;
  }

  subkeys(): Iterable<StoredKey> {
    return this.#key.subkeys();
  }

  subkey(upper: string): StoredKey | undefined {
    return this.#key.subkey(upper);
  }

  values(): Iterable<RegistryViewValue> {
    return this.#key.values();
  }

  value(upper: string): RegistryViewValue | undefined {
    return this.#key.value(upper);
  }
}

// A key of the view: what every file that was given has at its path, one layer a file.

import { upperName } from '../hive/upper-name.ts';
import type { StoredKey } from './stored-key.ts';
import type { RegistryViewKey, RegistryViewValue } from './view.ts';

/** One file's key in a key of the view. */
export interface Layer {
  readonly source: string;
  readonly key: StoredKey;
}

/** The key that a symbolic link leads to. */
type Follow = (link: string) => ViewKey | undefined;

export class ViewKey implements RegistryViewKey {
  readonly path: string;
  /** At least one. */
  readonly layers: readonly Layer[];
  readonly #follow: Follow;

  /** Not for strangers: the view makes them. */
  constructor(follow: Follow, path: string, layers: readonly Layer[]) {
    this.#follow = follow;
    this.path = path;
    this.layers = layers;
  }

  get lastWritten(): string | undefined {
    return this.layers[0].key.lastWritten;
  }

  get source(): string {
    return this.layers[0].source;
  }

  *subkeys(): Generator<ViewKey> {
    const names = new Map<string, Layer[]>();
    for (const { source, key } of this.layers)
      for (const below of key.subkeys()) {
        const upper = upperName(below.name);
        const layers = names.get(upper);
        if (layers === undefined) names.set(upper, [{ source, key: below }]);
        else layers.push({ source, key: below });
      }
    for (const layers of names.values()) {
      const found = this.#below(layers);
      if (found !== undefined) yield found;
    }
  }

  subkey(name: string): ViewKey | undefined {
    const upper = upperName(name);
    const found = this.#below(this.#layersBelow(upper));
    if (upper !== 'CURRENTCONTROLSET' || this.path.toUpperCase() !== 'HKEY_LOCAL_MACHINE\\SYSTEM') return found;
    const current = this.currentSet();
    const set = current === undefined ? undefined : this.subkey(current);
    if (set === undefined || found === undefined) return found ?? set;
    return new ViewKey(this.#follow, found.path, [...found.layers, ...set.layers]);
  }

  #layersBelow(upper: string): readonly Layer[] {
    const below: Layer[] = [];
    for (const { source, key } of this.layers) {
      const found = key.subkey(upper);
      if (found !== undefined) below.push({ source, key: found });
    }
    return below;
  }

  /** The key of these layers; where it is a link, the one that it leads to. */
  #below(layers: readonly Layer[]): ViewKey | undefined {
    if (layers.length === 0) return undefined;
    const link = layers[0].key.link;
    if (link !== undefined) return this.#follow(link);
    return new ViewKey(this.#follow, `${this.path}\\${layers[0].key.name}`, layers);
  }

  /** Of HKLM\SYSTEM: the name of the control set that Select names; without Select, of the only one there is. */
  currentSet(): string | undefined {
    const number = this.subkey('Select')?.value('Current')?.content;
    if (typeof number === 'number') return `ControlSet${String(number).padStart(3, '0')}`;
    const sets: string[] = [];
    for (const { name } of this.layers.flatMap(({ key }) => [...key.subkeys()]))
      if (/^ControlSet\d{3}$/i.test(name)) sets.push(name);
    return new Set(sets.map(upperName)).size === 1 ? sets[0] : undefined;
  }

  *values(): Generator<RegistryViewValue> {
    const seen = new Set<string>();
    for (const { key } of this.layers)
      for (const value of key.values()) {
        const upper = upperName(value.name);
        if (seen.has(upper)) continue;
        seen.add(upper);
        yield value;
      }
  }

  value(name: string): RegistryViewValue | undefined {
    const upper = upperName(name);
    for (const { key } of this.layers) {
      const value = key.value(upper);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  heldBy(): readonly RegistryViewKey[] {
    if (this.layers.length === 1) return [this];
    return this.layers.map((layer) => new ViewKey(this.#follow, this.path, [layer]));
  }
}

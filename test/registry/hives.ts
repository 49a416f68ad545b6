// Small hives and exports of any keys, written from lines, for tests that read a registry.
import { type HiveSpec, type KeySpec, text16, type ValueSpec, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { RegType } from '../../src/hive/key-value.ts';

/** "Key\Below": its values by name; text is REG_SZ, text that holds % is REG_EXPAND_SZ, a number REG_DWORD, a list REG_MULTI_SZ. */
export type Keys = Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;

interface Growing {
  readonly name: string;
  readonly values: ValueSpec[];
  readonly subkeys: Map<string, Growing>;
}

const grown = (name: string): Growing => ({ name, values: [], subkeys: new Map() });

function valueSpec(name: string, content: string | number | readonly string[]): ValueSpec {
  if (typeof content === 'number') {
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, content, true);
    return { name, type: RegType.dword, data };
  }
  if (typeof content !== 'string')
    return { name, type: RegType.multiSz, data: text16(`${content.map((text) => `${text}\0`).join('')}\0`) };
  return { name, type: /%\w+%/.test(content) ? RegType.expandSz : RegType.sz, data: text16(`${content}\0`) };
}

export function keyTree(keys: Keys, name = 'ROOT'): KeySpec {
  const root = grown(name);
  for (const [path, values] of Object.entries(keys)) {
    let key = root;
    for (const part of path.split('\\').filter(Boolean)) {
      const upper = part.toUpperCase();
      if (!key.subkeys.has(upper)) key.subkeys.set(upper, grown(part));
      key = key.subkeys.get(upper) as Growing;
    }
    for (const [value, content] of Object.entries(values)) key.values.push(valueSpec(value, content));
  }
  const spec = ({ name, values, subkeys }: Growing): KeySpec => ({
    name,
    values,
    subkeys: [...subkeys.values()].map(spec),
  });
  return spec(root);
}

export function hiveOf(keys: Keys, spec: HiveSpec = { fileName: '' }): Uint8Array {
  return writeHive(keyTree(keys), spec);
}

export function utf16File(text: string): Uint8Array {
  return text16(`\ufeff${text}`);
}

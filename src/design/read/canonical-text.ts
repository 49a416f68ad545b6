// What a YAML node says, in one line that does not depend on the order of its keys or on how it was written.

import type { YamlNode } from '../../rule/read/yaml-node.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * JSON with keys in order. A number stands as it was written, for 0x10 says more than 16, and as an id 1.0 is another one than 1;
 * at the keys that are in `numbers`, and in maps there, only its value counts: 4.1e+4 is 41000.
 */
export function canonicalText(node: YamlNode, numbers: ReadonlySet<string> = NONE, isNumber = false): string {
  switch (node.kind) {
    case 'map':
      return `{${[...node.entries]
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .map(
          ({ key, value }) => `${JSON.stringify(key)}: ${canonicalText(value, numbers, isNumber || numbers.has(key))}`,
        )
        .join(', ')}}`;
    case 'list':
      return `[${node.of.map((one) => canonicalText(one, numbers)).join(', ')}]`;
    case 'scalar':
      if (typeof node.value === 'string') return JSON.stringify(node.value);
      if (node.value === null) return 'null';
      return isNumber ? String(node.value) : node.source;
  }
}

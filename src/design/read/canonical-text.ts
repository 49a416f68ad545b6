// What a YAML node says, in one line that does not depend on the order of its keys or on how it was written.

import type { YamlNode } from '../../rule/read/yaml-node.ts';

/** JSON with keys in order; a number stands as it was written, for 0x10 says more than 16. */
export function canonicalText(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return `{${[...node.entries]
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .map(({ key, value }) => `${JSON.stringify(key)}: ${canonicalText(value)}`)
        .join(', ')}}`;
    case 'list':
      return `[${node.of.map(canonicalText).join(', ')}]`;
    case 'scalar':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : node.value === null ? 'null' : node.source;
  }
}

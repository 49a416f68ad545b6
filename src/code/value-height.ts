// How high a value is: how many nodes stand above each other in it.
import type { ValueId, ValueNode } from './values.ts';

/** The height of a node, from those of what it is made of. */
export function heightOf(node: ValueNode, heights: readonly number[]): number {
  const above = (ids: readonly ValueId[]): number => ids.reduce((highest, id) => Math.max(highest, 1 + heights[id]), 1);
  switch (node.kind) {
    case 'choice':
      return above(node.of);
    case 'concat':
      return above(node.parts);
    case 'format':
      return above([node.format, ...node.arguments]);
    case 'source':
      return above(node.of);
    case 'load':
    case 'text-at':
      return 1 + heights[node.address];
    case 'add':
    case 'within':
    case 'found':
      return 1 + heights[node.base];
    case 'pointer':
    case 'assumed':
      return 1 + heights[node.text];
    case 'registry-key':
      return above([node.parent, node.subkey]);
    case 'difference':
      return above([node.left, node.right]);
    case 'pair':
      return above([node.low, node.high]);
    case 'folder-of':
      return 1 + heights[node.path];
    default:
      return 1;
  }
}

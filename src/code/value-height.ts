// What a value is made of: how many nodes stand above each other in it, and which open questions stand in it.
import type { ValueId, ValueNode } from './values.ts';

/** Shows each value that a node is made of. */
export function forEachPart(node: ValueNode, show: (id: ValueId) => void): void {
  switch (node.kind) {
    case 'choice':
    case 'source':
      node.of.forEach(show);
      break;
    case 'concat':
      node.parts.forEach(show);
      break;
    case 'format':
      show(node.format);
      node.arguments.forEach(show);
      break;
    case 'load':
    case 'text-at':
      show(node.address);
      break;
    case 'add':
    case 'within':
    case 'found':
      show(node.base);
      break;
    case 'pointer':
    case 'assumed':
      show(node.text);
      break;
    case 'registry-key':
      show(node.parent);
      show(node.subkey);
      break;
    case 'difference':
      show(node.left);
      show(node.right);
      break;
    case 'pair':
      show(node.low);
      show(node.high);
      break;
    case 'resource':
      show(node.id);
      break;
    case 'kept':
      show(node.key);
      break;
    case 'folder-of':
      show(node.path);
      break;
    default:
  }
}

/** The height of a node, from those of what it is made of. */
export function heightOf(node: ValueNode, heights: readonly number[]): number {
  let height = 1;
  forEachPart(node, (id) => {
    if (heights[id] >= height) height = 1 + heights[id];
  });
  return height;
}

/** The outermost open question in a node (its depth plus one, 0 for none), from those of what it is made of. */
export function outermostCycle(node: ValueNode, cycles: readonly number[]): number {
  if (node.kind === 'cycle') return 1 + node.depth;
  let outermost = 0;
  forEachPart(node, (id) => {
    const one = cycles[id];
    if (one !== 0 && (outermost === 0 || one < outermost)) outermost = one;
  });
  return outermost;
}

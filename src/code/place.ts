// Where a value points, taken as an address: a base and an offset from it.
import { ABSOLUTE, FRAME, type ValueId, type ValueNode } from './values.ts';

/** Windows maps nothing below. */
export const LOWEST_ADDRESS = 0x10000;

/** An address as a base and an offset; `somewhere` behind it when the offset is not known. */
export interface Place {
  readonly base: ValueId;
  readonly offset: number;
  readonly somewhere: boolean;
  /** Of somewhere: bytes of which it is a multiple behind the offset, where that is told. */
  readonly stride?: number;
}

/** The place that value `id`, which is `node`, points to; undefined when it is no address. `placeOf` answers for the values within it. */
export function placeOfNode(
  id: ValueId,
  node: ValueNode,
  placeOf: (id: ValueId) => Place | undefined,
): Place | undefined {
  switch (node.kind) {
    case 'frame':
      return { base: FRAME, offset: node.offset, somewhere: false };
    case 'constant':
      return node.value >= LOWEST_ADDRESS && Number.isSafeInteger(node.value)
        ? { base: ABSOLUTE, offset: node.value, somewhere: false }
        : undefined;
    case 'add':
      return { base: node.base, offset: node.offset, somewhere: false };
    case 'within':
    case 'found': {
      const inner = placeOf(node.base);
      if (!inner) return undefined;
      const stride = node.kind === 'within' && !inner.somewhere ? node.stride : undefined;
      return { base: inner.base, offset: inner.offset, somewhere: true, ...(stride === undefined ? {} : { stride }) };
    }
    case 'parameter':
    case 'entry':
    case 'load':
    case 'result':
    case 'allocation':
    case 'pointer':
    case 'output':
    case 'kept':
    case 'cycle':
      return { base: id, offset: 0, somewhere: false };
    default:
      return undefined;
  }
}

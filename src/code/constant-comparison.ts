// What a function that compares two texts returns where both are constants.
import type { PeImage } from '../pe/image.ts';
import type { Call } from './call.ts';
import { literalAt } from './image-text.ts';
import type { Role } from './roles/role.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId, ValueNode } from './values.ts';

type Literal = ValueNode & { readonly kind: 'literal' };

/** What a comparison of two constant texts returns: of different ones less or more, which of the two is a language's matter; of others nothing is known. */
export function comparisonOf(call: Call, role: Extract<Role, { readonly kind: 'compare' }>): ValueId {
  const { table, site } = call;
  const { image } = call.initial;
  const [left, right] = [role.left, role.right].map((n) => constantText(table, image, call.argument(n)));
  const isWhole = role.count === undefined && role.leftCount === undefined;
  if (!isWhole || !left || !right || left.wide !== right.wide) return table.result(site);
  if (left.text === right.text) return table.constant(role.same);
  // Whether the function looks at the case of letters is not in its role.
  if (isSameText(left, right)) return table.result(site);
  return table.choice([table.constant((role.same - 1) >>> 0), table.constant(role.same + 1)]);
}

/** The text that a pointer leads to and that nothing changes; undefined where that is not known. */
export function constantText(table: ValueTable, image: PeImage, pointer: ValueId): Literal | undefined {
  const node = table.node(pointer);
  if (node.kind !== 'constant' && node.kind !== 'pointer') return undefined;
  if (node.kind === 'constant' && image.isWritable(image.rvaOf(node.value))) return undefined;
  const text = table.node(node.kind === 'pointer' ? node.text : literalAt(table, image, node.value, undefined));
  return text.kind === 'literal' ? text : undefined;
}

/** Whether two texts are the same but for the case of letters. */
export function isSameText(left: Literal, right: Literal): boolean {
  return left.text.toLowerCase() === right.text.toLowerCase();
}

// What a function that compares two texts returns where both are constants.
import type { Call } from './call.ts';
import { literalAt } from './image-text.ts';
import type { Role } from './roles/role.ts';
import { UNSET, type ValueId } from './values.ts';

/** What a comparison of two constant texts returns; of others nothing is known. Which of two stands first is told by their characters, not by a language. */
export function comparisonOf(call: Call, role: Extract<Role, { readonly kind: 'compare' }>): ValueId {
  const [left, right] = [constantText(call, role.left), constantText(call, role.right)];
  const isTold = left !== undefined && right !== undefined && role.count === undefined && role.leftCount === undefined;
  // Whether the function looks at the case of letters is not in its role.
  if (!isTold || (left !== right && left.toLowerCase() === right.toLowerCase())) return call.table.result(call.site);
  if (left === right) return call.table.constant(role.same);
  return call.table.constant((role.same + (left < right ? -1 : 1)) >>> 0);
}

function constantText(call: Call, argument: number): string | undefined {
  const { table, initial } = call;
  const node = table.node(call.argument(argument));
  const text =
    node.kind === 'constant'
      ? literalAt(table, initial.image, node.value, undefined)
      : node.kind === 'pointer'
        ? node.text
        : UNSET;
  const literal = table.node(text);
  return literal.kind === 'literal' ? literal.text : undefined;
}

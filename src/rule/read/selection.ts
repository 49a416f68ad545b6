// Reads a Sigma selection that stands alone: a map of fields with modifiers to values, or a list of such maps.

import { UsageError } from '../../errors.ts';
import type { Condition } from '../condition.ts';
import { RuleError } from './rule-error.ts';
import { selectionCondition } from './sigma-detection.ts';
import type { SelectionOptions } from './sigma-modifiers.ts';
import { yamlNodes } from './yaml-node.ts';

/** The selection of a text such as `Image|endswith: \net.exe`. Throws UsageError with what was expected. */
export function readSelection(text: string, options: SelectionOptions = {}): Condition {
  const [node, ...more] = yamlNodes(text);
  try {
    if (node instanceof RuleError) throw node;
    const parts = node?.kind === 'list' ? node.of : [node];
    if (node === undefined || more.length > 0 || !parts.every((part) => part?.kind === 'map'))
      throw new RuleError("FIELD: VALUE is expected, for example 'Image|endswith: \\net.exe'");
    return selectionCondition(node, options);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new UsageError(`'${text}' is no selection: ${error.message}`, { cause: error });
  }
}

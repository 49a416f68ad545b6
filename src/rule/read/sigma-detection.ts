// Sigma's detection: selections as maps and lists, and the condition over their names.

import { type Condition, named } from '../condition.ts';
import { RuleError } from './rule-error.ts';
import { readSigmaCondition } from './sigma-condition.ts';
import { entryCondition, type SelectionOptions } from './sigma-modifiers.ts';
import { entryOf, type YamlNode } from './yaml-node.ts';

/** What is no selection in a detection. */
const NOT_SELECTIONS = new Set(['condition', 'timeframe']);

/** The condition of a rule's detection. Throws RuleError. */
export function readDetection(detection: YamlNode): Condition {
  if (detection.kind !== 'map') throw new RuleError("'detection' is a map of selections and a condition", detection.at);
  if (entryOf(detection, 'timeframe'))
    throw new RuleError("'timeframe' is no longer part of Sigma; a correlation rule says the same", detection.at);
  const selections = new Map<string, Condition>();
  for (const { key, value } of detection.entries)
    if (!NOT_SELECTIONS.has(key)) selections.set(key, named(key, '', [], selectionCondition(value)));
  const condition = entryOf(detection, 'condition');
  if (!condition) throw new RuleError("'detection' has no 'condition'", detection.at);
  const parts = (condition.kind === 'list' ? condition.of : [condition]).map((one) => {
    if (one.kind !== 'scalar') throw new RuleError("'condition' is a text such as 'selection and not filter'", one.at);
    return readSigmaCondition(one.source, selections, one.at);
  });
  if (parts.length === 0) throw new RuleError("'condition' is empty", condition.at);
  return parts.length === 1 ? parts[0] : { kind: 'or', of: parts };
}

/** A map of fields (all hold), a list of maps and keywords (one holds), or one keyword. */
export function selectionCondition(node: YamlNode, options: SelectionOptions = {}): Condition {
  if (node.kind === 'scalar') return entryCondition('', node, node.at, options);
  if (node.kind === 'map') {
    if (node.entries.length === 0)
      throw new RuleError('a selection without a field: FIELD: VALUE is expected', node.at);
    const parts = node.entries.map(({ key, value, at }) => entryCondition(key, value, at, options));
    return parts.length === 1 ? parts[0] : { kind: 'and', of: parts };
  }
  if (node.of.length === 0) throw new RuleError('a selection without a value', node.at);
  if (node.of.every((one) => one.kind === 'scalar')) return entryCondition('', node, node.at, options);
  const parts = node.of.map((one) => selectionCondition(one, options));
  return parts.length === 1 ? parts[0] : { kind: 'or', of: parts };
}

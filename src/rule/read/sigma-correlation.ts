// Sigma's correlation: rules whose hits are counted or brought together (Sigma correlation rules specification 2.1).

import type { CorrelationQuery } from '../query.ts';
import { RuleError } from './rule-error.ts';
import { entryOf, textAt, textsAt, type YamlNode } from './yaml-node.ts';

const TYPES = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'temporal',
  'temporal_ordered',
] as const satisfies readonly CorrelationQuery['type'][];
const ORDERS = ['gt', 'gte', 'lt', 'lte', 'eq'] as const;
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_629_746_000,
  y: 31_556_952_000,
};

/** Throws RuleError. */
export function readCorrelation(node: YamlNode): CorrelationQuery {
  if (node.kind !== 'map') throw new RuleError("'correlation' is a map with type, rules and timespan", node.at);
  const named = textAt(node, 'type');
  const type = TYPES.find((one) => one === named);
  if (!type) throw new RuleError(`'type' is one of ${TYPES.join(', ')}`, entryOf(node, 'type')?.at ?? node.at);
  const rules = textsAt(node, 'rules');
  if (rules.length === 0) throw new RuleError("'rules' names no rule", entryOf(node, 'rules')?.at ?? node.at);
  const condition = entryOf(node, 'condition');
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (!condition && !isTemporal) throw new RuleError(`a ${type} needs a 'condition' such as {gte: 10}`, node.at);
  if (condition && condition.kind !== 'map')
    throw new RuleError("'condition' is a map such as {gte: 10}", condition.at);
  const fields = condition ? textsAt(condition, 'field') : [];
  if (type.startsWith('value_') && fields.length === 0)
    throw new RuleError(`the condition of a ${type} names a 'field'`, condition?.at);
  const percentile = condition ? numberAt(condition, 'percentile') : null;
  if (type === 'value_percentile' && percentile === null)
    throw new RuleError("the condition of a value_percentile names a 'percentile'", condition?.at);
  if (percentile !== null && !(percentile >= 0 && percentile <= 100))
    throw new RuleError(`'percentile' is a number from 0 to 100`, condition?.at);
  const thresholds = ORDERS.flatMap((op) => {
    const than = condition ? numberAt(condition, op) : null;
    return than === null ? [] : [{ op, than }];
  });
  if (thresholds.length === 0 && !isTemporal)
    throw new RuleError(`'condition' compares with one of ${ORDERS.join(', ')}`, condition?.at);
  return {
    kind: 'correlation',
    type,
    rules,
    groupBy: textsAt(node, 'group-by'),
    timespan: timespanAt(node),
    thresholds,
    fields,
    percentile,
    aliases: aliasesOf(node),
    generate: textAt(node, 'generate') === 'true',
  };
}

function numberAt(node: YamlNode, key: string): number | null {
  const value = entryOf(node, key);
  if (value === undefined) return null;
  const number = value.kind === 'scalar' && value.source.trim() !== '' ? Number(value.source) : Number.NaN;
  if (Number.isNaN(number)) throw new RuleError(`'${key}' takes a number`, value.at);
  return number;
}

/** "15s", "1m", "2h", "3d". */
function timespanAt(node: YamlNode): number {
  const text = textAt(node, 'timespan') ?? '';
  const [, amount, unit] = /^(\d{1,9})([smhdwMy])$/.exec(text.trim()) ?? [];
  if (amount === undefined)
    throw new RuleError(
      `'timespan' is a time such as 10m (s, m, h, d), not '${text}'`,
      entryOf(node, 'timespan')?.at ?? node.at,
    );
  return Number(amount) * UNITS[unit];
}

function aliasesOf(node: YamlNode): CorrelationQuery['aliases'] {
  const aliases = entryOf(node, 'aliases');
  if (!aliases) return {};
  if (aliases.kind !== 'map') throw new RuleError("'aliases' is a map of names to the fields of each rule", aliases.at);
  return Object.fromEntries(
    aliases.entries.map(({ key, value }) => {
      if (value.kind !== 'map') throw new RuleError(`the alias '${key}' is a map of rules to fields`, value.at);
      return [key, Object.fromEntries(value.entries.map((entry) => [entry.key, textAt(value, entry.key) ?? '']))];
    }),
  );
}

// Sigma correlation rules: hits of other rules, counted or brought together within a time.
import type { CorrelationQuery } from '../query.ts';
import { yamlString } from './yaml-text.ts';

const UNITS: readonly (readonly [string, number])[] = [
  ['y', 31_556_952_000],
  ['M', 2_629_746_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

export function correlationLines(query: CorrelationQuery): readonly string[] {
  const list = (key: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`  ${key}:`, ...values.map((value) => `    - ${yamlString(value)}`)];
  const condition = [
    ...(query.fields.length === 1 ? [`    field: ${yamlString(query.fields[0])}`] : []),
    ...(query.fields.length > 1 ? ['    field:', ...query.fields.map((field) => `      - ${yamlString(field)}`)] : []),
    ...(query.percentile === null ? [] : [`    percentile: ${query.percentile}`]),
    ...query.thresholds.map(({ op, than }) => `    ${op}: ${than}`),
  ];
  const aliases = Object.entries(query.aliases).flatMap(([name, rules]) => [
    `    ${yamlString(name)}:`,
    ...Object.entries(rules).map(([rule, field]) => `      ${yamlString(rule)}: ${yamlString(field)}`),
  ]);
  return [
    'correlation:',
    `  type: ${query.type}`,
    ...list('rules', query.rules),
    ...list('group-by', query.groupBy),
    `  timespan: ${timespan(query.timespan)}`,
    ...(aliases.length > 0 ? ['  aliases:', ...aliases] : []),
    ...(condition.length > 0 ? ['  condition:', ...condition] : []),
    ...(query.generate ? ['  generate: true'] : []),
  ];
}

/** In the largest unit that it is a whole number of. */
function timespan(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, one]) => milliseconds % one === 0) ?? ['s', 1000];
  return `${Math.round(milliseconds / size)}${unit}`;
}

// Reads Sigma: rules and correlation rules, one or several in a text (Sigma specification 2.1).

import { ANY_SOURCE, type LogSource } from '../log-source.ts';
import { eventQuery } from '../query.ts';
import type { Rule, Severity } from '../rule.ts';
import type { ReadRules } from './read-rules.ts';
import { placed, RuleError } from './rule-error.ts';
import { readCorrelation } from './sigma-correlation.ts';
import { readDetection } from './sigma-detection.ts';
import { entryOf, textAt, textsAt, type YamlNode, yamlNodes } from './yaml-node.ts';

const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const STATUSES = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'] as const;

/** The rules of a text. Never throws for what the text says. */
export function readSigma(text: string): ReadRules {
  const rules: Rule[] = [];
  const errors: RuleError[] = [];
  const nodes = yamlNodes(text);
  if (nodes.length === 0) errors.push(new RuleError('no rule: the text is empty'));
  for (const node of nodes) {
    try {
      if (node instanceof RuleError) throw node;
      rules.push(readRule(node));
    } catch (error) {
      const problem = placed(error, node instanceof RuleError ? undefined : node.at);
      if (!(problem instanceof RuleError)) throw error;
      errors.push(problem);
    }
  }
  return { rules, errors };
}

function readRule(node: YamlNode): Rule {
  if (node.kind !== 'map') throw new RuleError('a rule is a map with title, logsource and detection', node.at);
  if (entryOf(node, 'action'))
    throw new RuleError("'action' is no longer part of Sigma; write each rule on its own", node.at);
  const correlation = entryOf(node, 'correlation');
  const detection = entryOf(node, 'detection');
  if (!correlation && !detection) throw new RuleError("neither 'detection' nor 'correlation' is there", node.at);
  const title = textAt(node, 'title');
  if (title === null) throw new RuleError("'title' is missing", node.at);
  return {
    id: textAt(node, 'id'),
    name: textAt(node, 'name'),
    title,
    description: textAt(node, 'description')?.trim() ?? '',
    status: oneOf(node, 'status', STATUSES),
    severity: oneOf(node, 'level', LEVELS),
    authors: textAt(node, 'author') === null ? [] : [textAt(node, 'author')!],
    license: textAt(node, 'license'),
    date: dateAt(node, 'date'),
    modified: dateAt(node, 'modified'),
    references: textsAt(node, 'references'),
    falsePositives: textsAt(node, 'falsepositives'),
    tags: textsAt(node, 'tags'),
    threats: [],
    logSource: correlation ? ANY_SOURCE : logSourceOf(node),
    taxonomy: 'sysmon',
    query: correlation ? readCorrelation(correlation) : eventQuery(readDetection(detection!)),
    notes: [],
    triage: [],
  };
}

function logSourceOf(node: YamlNode): LogSource {
  const source = entryOf(node, 'logsource');
  if (source?.kind !== 'map')
    throw new RuleError("'logsource' with a category, product or service is missing", source?.at ?? node.at);
  const [category, product, service] = ['category', 'product', 'service'].map(
    (key) => textAt(source, key)?.toLowerCase() ?? null,
  );
  if (category === null && product === null && service === null)
    throw new RuleError("'logsource' names no category, product or service", source.at);
  return { category, product, service };
}

function oneOf<T extends string>(node: YamlNode, key: string, words: readonly T[]): T | null {
  const text = textAt(node, key);
  if (text === null) return null;
  const known = words.find((word) => word === text.toLowerCase());
  if (!known) throw new RuleError(`'${key}' is one of ${words.join(', ')}, not '${text}'`, entryOf(node, key)?.at);
  return known;
}

/** "2024-05-01", also where it is written with slashes. */
function dateAt(node: YamlNode, key: string): string | null {
  const text = textAt(node, key);
  if (text === null) return null;
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text.trim()) ?? [];
  if (year === undefined)
    throw new RuleError(`'${key}' is a date such as 2024-05-01, not '${text}'`, entryOf(node, key)?.at);
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

// Reads a detection rule of Elastic's repository: TOML around a query in EQL or KQL.

import { parse, TomlError } from 'smol-toml';
import type { Position } from '../condition.ts';
import { ANY_SOURCE } from '../log-source.ts';
import { eventQuery, type Query } from '../query.ts';
import type { ElasticParts, Rule, Severity, Tactic, Threat } from '../rule.ts';
import { readEql } from './eql.ts';
import { readKuery } from './kuery.ts';
import { placed, RuleError } from './rule-error.ts';

/** Kinds of rules that are not about events alone, each with why it is not read. */
const NOT_READ: Readonly<Record<string, string>> = {
  esql: 'ES|QL is a language of its own that counts and joins over whole indices',
  machine_learning: 'its answer is that of a model that is trained in Elasticsearch',
  new_terms: 'it needs what was seen in the days before',
  threshold: 'it counts hits by a field over a run of the rule',
  threat_match: 'it needs an index of indicators',
  saved_query: 'its query is kept in Kibana',
};

type Table = { readonly [key: string]: unknown };

/** The rule of a text. Throws RuleError. */
export function readElastic(text: string): Rule {
  const { metadata, rule } = tablesOf(text);
  const type = textAt(rule, 'type') ?? 'query';
  const language = textAt(rule, 'language') ?? (type === 'eql' ? 'eql' : 'kuery');
  if (Object.hasOwn(NOT_READ, type))
    throw new RuleError(`a rule of type "${type}" is not read: ${NOT_READ[type]}`, undefined, { kind: 'unsupported' });
  if (type !== 'eql' && type !== 'query') throw new RuleError(`'type' is eql or query, not "${type}"`);
  if (language === 'lucene')
    throw new RuleError("a query in Lucene's language is not read", undefined, { kind: 'unsupported' });
  if (language !== 'eql' && language !== 'kuery') throw new RuleError(`'language' is eql or kuery, not "${language}"`);
  const source = textAt(rule, 'query');
  if (source === null) throw new RuleError("'query' is missing");
  const title = textAt(rule, 'name');
  if (title === null) throw new RuleError("'name' is missing");
  const threats = tablesAt(rule, 'threat').filter((threat) => textAt(threat, 'framework') !== 'MITRE ATLAS');
  const elastic: ElasticParts = {
    index: textsAt(rule, 'index'),
    integrations: textsAt(metadata, 'integration'),
    tags: textsAt(rule, 'tags'),
    note: (textAt(rule, 'note') ?? '').replace(/\r\n/g, '\n').replace(/\n$/, ''),
  };
  const tactics = threats.filter((threat) => tablesAt(threat, 'technique').length === 0).map(tacticOf);
  return {
    id: textAt(rule, 'rule_id'),
    name: null,
    title: oneLine(title),
    description: oneLine(textAt(rule, 'description') ?? ''),
    status: statusOf(textAt(metadata, 'maturity')),
    severity: severityOf(textAt(rule, 'severity')),
    authors: textsAt(rule, 'author'),
    license: textAt(rule, 'license'),
    date: dateAt(metadata, 'creation_date'),
    modified: dateAt(metadata, 'updated_date'),
    references: textsAt(rule, 'references').map(oneLine),
    falsePositives: textsAt(rule, 'false_positives').map(oneLine),
    tags: [],
    threats: threats.flatMap(threatsOf),
    ...(tactics.length > 0 ? { tactics } : {}),
    logSource: ANY_SOURCE,
    taxonomy: 'ecs',
    query: readQuery(source, language, text),
    notes: [],
    triage: [],
    elastic,
  };
}

function tablesOf(text: string): { readonly metadata: Table; readonly rule: Table } {
  let whole: Table;
  try {
    whole = parse(text) as Table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first] = error.message.split('\n');
    throw new RuleError(`no TOML: ${first}`, { line: error.line, column: error.column }, { cause: error });
  }
  const { metadata = {}, rule } = whole;
  if (!isTable(rule) || !isTable(metadata)) throw new RuleError("a rule of Elastic has a table '[rule]'");
  return { metadata, rule };
}

/** Its places are those of the file. */
function readQuery(source: string, language: 'eql' | 'kuery', text: string): Query {
  const from = queryPlace(text);
  try {
    return language === 'eql' ? readEql(source, from ? { from } : {}) : eventQuery(readKuery(source, from));
  } catch (error) {
    throw placed(error, undefined);
  }
}

/** Where the query begins in the text of a rule; undefined where that cannot be told. */
function queryPlace(text: string): Position | undefined {
  const [front] = /^[\s\S]*?^query[ \t]*=[ \t]*(?:"""\r?\n?|'''\r?\n?|"|')/m.exec(text) ?? [];
  const lines = front?.split('\n');
  return lines && { line: lines.length, column: lines[lines.length - 1].length + 1 };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function textAt(table: Table, key: string): string | null {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  if (value === undefined) return null;
  if (typeof value !== 'string') throw new RuleError(`'${key}' is a text`);
  return value;
}

/** A list of texts, or one text. */
function textsAt(table: Table, key: string): readonly string[] {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  if (value === undefined) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every((one) => typeof one === 'string')) throw new RuleError(`'${key}' is a list of texts`);
  return values;
}

function tablesAt(table: Table, key: string): readonly Table[] {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isTable)) throw new RuleError(`'${key}' is a list of tables`);
  return value;
}

function tacticOf(threat: Table): Tactic {
  const tactic = Object.hasOwn(threat, 'tactic') ? threat.tactic : undefined;
  if (!isTable(tactic)) throw new RuleError("a 'threat' names its tactic");
  return idOf(tactic);
}

function threatsOf(threat: Table): readonly Threat[] {
  const tactic = tacticOf(threat);
  return tablesAt(threat, 'technique').flatMap((technique) =>
    [technique, ...tablesAt(technique, 'subtechnique')].map((one) => ({ tactic, technique: idOf(one) })),
  );
}

function idOf(table: Table): { readonly id: string; readonly name: string } {
  return { id: textAt(table, 'id') ?? '', name: textAt(table, 'name') ?? '' };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

function statusOf(maturity: string | null): Rule['status'] {
  if (maturity === null || maturity === 'production') return 'stable';
  return maturity === 'deprecated' ? 'deprecated' : 'experimental';
}

function severityOf(text: string | null): Severity | null {
  if (text === null) return null;
  const known = (['low', 'medium', 'high', 'critical'] as const).find((one) => one === text);
  if (!known) throw new RuleError(`'severity' is low, medium, high or critical, not "${text}"`);
  return known;
}

/** "2024-05-01" of "2024/05/01"; what stands for no date is none. */
function dateAt(table: Table, key: string): string | null {
  const text = textAt(table, key);
  if (text === null || text === '1970/01/01') return null;
  if (!/^\d{4}\/\d{2}\/\d{2}$/.test(text)) throw new RuleError(`'${key}' is a date such as 2024/05/01, not "${text}"`);
  return text.replaceAll('/', '-');
}

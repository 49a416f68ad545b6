// An Elastic detection rule: the EQL query in the TOML that the detection-rules repository keeps its rules in.
import { fieldsOf, namedParts } from '../condition.ts';
import { conditionOf, type Rule, type Severity, type Threat } from '../rule.ts';
import { ecs } from '../taxonomy.ts';
import { visibleText } from '../visible-text.ts';
import { EQL_ASSUMES, eqlQuery } from './eql.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { tomlList, tomlString, tomlText, tomlVerbatim } from './toml-text.ts';

/** Stands for creation_date and updated_date, which the schema requires, where the rule has no date. */
export const NO_DATE = '1970/01/01';

/** Where process events come from. `signs`: they say who signed the program. */
const SOURCES = [
  { index: 'logs-endpoint.events.process-*', integration: 'endpoint', tag: 'Elastic Defend', signs: true },
  { index: 'logs-windows.sysmon_operational-*', integration: 'windows', tag: 'Sysmon', signs: false },
  { index: 'winlogbeat-*', integration: 'windows', tag: 'Sysmon', signs: false },
] as const;
/** The scores that Elastic gives to each severity. */
const RISK_SCORE: Readonly<Record<Severity, number>> = {
  informational: 21,
  low: 21,
  medium: 47,
  high: 73,
  critical: 99,
};
const ATTACK = 'https://attack.mitre.org';

export const elastic: Language = {
  id: 'elastic',
  title: 'Elastic detection rule (TOML)',
  extension: '.toml',
  taxonomy: ecs,
  emit: emitElastic,
};

function emitElastic(rule: Rule): string {
  const date = rule.date === null ? NO_DATE : rule.date.replaceAll('-', '/');
  const undated =
    rule.date === null ? [`No date was given: ${NO_DATE} stands for it, because the rule schema requires one.`] : [];
  const title = visibleText(rule.title);
  const signed = fieldsOf(conditionOf(rule, 'EQL')).some((field) => field.startsWith('process.signature.'));
  const sources = SOURCES.filter((source) => source.signs || !signed);
  const pairs: readonly (readonly [string, string])[] = [
    ['author', tomlList(rule.authors)],
    ['description', tomlString(visibleText(rule.description))],
    ['false_positives', tomlList(rule.falsePositives.map(visibleText))],
    ['from', tomlString('now-9m')],
    ['index', tomlList(sources.map(({ index }) => index))],
    ['language', tomlString('eql')],
    ['license', tomlString(rule.license ?? '')],
    ['name', tomlString(title)],
    ['note', tomlText(investigationGuide(rule, title))],
    ['references', tomlList(rule.references)],
    ['risk_score', String(RISK_SCORE[rule.severity ?? 'medium'])],
    ['rule_id', tomlString(rule.id ?? '')],
    ['severity', tomlString(rule.severity ?? 'medium')],
    ['tags', tomlList(tags(rule, [...new Set(sources.map(({ tag }) => tag))]))],
    ['timestamp_override', tomlString('event.ingested')],
    ['type', tomlString('eql')],
  ];
  return [
    lineComments(openingLines(rule, ecs, [...EQL_ASSUMES, ...undated]), '#'),
    '',
    '[metadata]',
    `creation_date = ${tomlString(date)}`,
    `integration = ${tomlList([...new Set(sources.map(({ integration }) => integration))])}`,
    'maturity = "production"',
    `updated_date = ${tomlString(date)}`,
    '',
    '[rule]',
    ...pairs.map(([key, value]) => `${key} = ${value}`),
    '',
    `query = ${tomlVerbatim(eqlQuery(rule))}`,
    ...rule.threats.flatMap(threatLines),
    '',
  ].join('\n');
}

function tags(rule: Rule, sources: readonly string[]): readonly string[] {
  const tactics = [...new Set(rule.threats.map((threat) => `Tactic: ${threat.tactic.name}`))];
  return [
    'Domain: Endpoint',
    'OS: Windows',
    'Use Case: Threat Detection',
    ...tactics,
    ...sources.map((source) => `Data Source: ${source}`),
    'Resources: Investigation Guide',
  ];
}

/** The note, in Markdown under the headings that Elastic's rules use. */
function investigationGuide(rule: Rule, title: string): readonly string[] {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `### ${heading}`, '', ...lines.map((line) => `- ${markdown(line)}`)];
  const excluded = namedParts(conditionOf(rule, 'EQL')).filter((part) => part.why.length > 0);
  return [
    '## Triage and analysis',
    '',
    `### Investigating ${/[[\]!{}<>`]/.test(title) ? markdown(title) : title}`,
    '',
    markdown(rule.description),
    ...section('Possible investigation steps', rule.triage),
    ...section('False positive analysis', rule.falsePositives),
    ...rule.notes.flatMap((note) => section(note.heading, note.lines)),
    ...section(
      'Evidence of each exclusion',
      excluded.map((part) => `${part.about}: ${part.why.join('; ')}`),
    ),
  ];
}

/** Plain text in Markdown: no markup, no link and no plug-in mark of the page that shows it. */
function markdown(text: string): string {
  return visibleText(text).replace(/[\\`*_{}[\]<>!#|~&$]/g, '\\$&');
}

function threatLines({ tactic, technique }: Threat): readonly string[] {
  return [
    '',
    '[[rule.threat]]',
    'framework = "MITRE ATT&CK"',
    '',
    '[[rule.threat.technique]]',
    `id = ${tomlString(technique.id)}`,
    `name = ${tomlString(technique.name)}`,
    `reference = ${tomlString(`${ATTACK}/techniques/${technique.id}/`)}`,
    '',
    '[rule.threat.tactic]',
    `id = ${tomlString(tactic.id)}`,
    `name = ${tomlString(tactic.name)}`,
    `reference = ${tomlString(`${ATTACK}/tactics/${tactic.id}/`)}`,
  ];
}

// An Elastic detection rule: the EQL query in the TOML that the detection-rules repository keeps its rules in.
import { fieldsOf, namedParts } from '../condition.ts';
import { conditionsIn } from '../query.ts';
import type { Rule, Severity, Tactic, Threat } from '../rule.ts';
import { ecs } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import { visibleText } from '../visible-text.ts';
import { elasticIndices } from './elastic-index.ts';
import { eqlOpening } from './eql.ts';
import { eqlQuery } from './eql-query.ts';
import type { Language } from './language.ts';
import { lineComments } from './opening-lines.ts';
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
  const date = dateText(rule.date);
  const undated =
    rule.date === null ? [`No date was given: ${NO_DATE} stands for it, because the rule schema requires one.`] : [];
  const own = rule.elastic;
  const shown = (text: string): string => {
    if (own) return text;
    return visibleText(inOneLine(rule, text));
  };
  const title = shown(rule.title);
  const conditions = conditionsIn(rule.query);
  const signed = conditions.flatMap(fieldsOf).some((field) => field.startsWith('process.signature.'));
  const sources = rule.taxonomy === 'winnow' ? SOURCES.filter((source) => source.signs || !signed) : [];
  const pairs: readonly (readonly [string, string])[] = [
    ['author', tomlList(rule.authors)],
    ['description', tomlString(shown(rule.description))],
    ['false_positives', tomlList(rule.falsePositives.map(shown))],
    ['from', tomlString('now-9m')],
    ['index', tomlList(own?.index ?? indicesOf(rule, sources))],
    ['language', tomlString('eql')],
    ['license', tomlString(rule.license ?? '')],
    ['name', tomlString(title)],
    ['note', tomlText(own ? own.note.split('\n') : investigationGuide(rule, title))],
    ['references', tomlList(rule.references)],
    ['risk_score', String(RISK_SCORE[rule.severity ?? 'medium'])],
    ['rule_id', tomlString(rule.id ?? '')],
    ['severity', tomlString(rule.severity ?? 'medium')],
    ['tags', tomlList(own?.tags ?? tags(rule, [...new Set(sources.map(({ tag }) => tag))]))],
    ['timestamp_override', tomlString('event.ingested')],
    ['type', tomlString('eql')],
  ];
  return [
    // The triage stands in the note.
    lineComments(eqlOpening({ ...rule, triage: [] }, undated), '#'),
    '',
    '[metadata]',
    `creation_date = ${tomlString(date)}`,
    `integration = ${tomlList(own?.integrations ?? [...new Set(sources.map(({ integration }) => integration))])}`,
    `maturity = "${maturityOf(rule)}"`,
    `updated_date = ${tomlString(rule.modified === null ? date : dateText(rule.modified))}`,
    '',
    '[rule]',
    ...pairs.map(([key, value]) => `${key} = ${value}`),
    '',
    `query = ${tomlVerbatim(eqlQuery(rule))}`,
    ...blocksOf(rule).flatMap(threatLines),
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
/** People break the lines of a description; in one that Winnow makes, a line end came out of a file and is shown. */
function inOneLine({ taxonomy }: Rule, text: string): string {
  return taxonomy === 'winnow' ? text : text.trim().replace(/\s*\n\s*/g, ' ');
}

function investigationGuide(rule: Rule, title: string): readonly string[] {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `### ${heading}`, '', ...lines.map((line) => `- ${markdown(line)}`)];
  const excluded = conditionsIn(rule.query)
    .flatMap(namedParts)
    .filter((part) => part.why.length > 0);
  return [
    '## Triage and analysis',
    '',
    `### Investigating ${/[[\]!{}<>`]/.test(title) ? markdown(title) : title}`,
    '',
    markdown(inOneLine(rule, rule.description)),
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

/** One `rule.threat`: a tactic, with a technique of it and those below, or alone. */
interface ThreatBlock {
  readonly tactic: Tactic;
  readonly technique: Threat['technique'] | null;
  readonly below: readonly Threat['technique'][];
}

function blocksOf({ threats, tactics = [] }: Rule): readonly ThreatBlock[] {
  const blocks: { tactic: Tactic; technique: Threat['technique']; below: Threat['technique'][] }[] = [];
  for (const { tactic, technique } of threats) {
    const [id, below] = technique.id.split('.');
    const last = blocks.at(-1);
    if (below === undefined) blocks.push({ tactic, technique, below: [] });
    else if (last?.tactic.id === tactic.id && last.technique.id === id) last.below.push(technique);
    else blocks.push({ tactic, technique: { id, name: id }, below: [technique] });
  }
  return [...blocks, ...tactics.map((tactic) => ({ tactic, technique: null, below: [] }))];
}

function threatLines({ tactic, technique, below }: ThreatBlock): readonly string[] {
  const entry = ({ id, name }: Tactic, kind: string): readonly string[] => [
    `id = ${tomlString(id)}`,
    `name = ${tomlString(name)}`,
    `reference = ${tomlString(`${ATTACK}/${kind}/${id.replace('.', '/')}/`)}`,
    '',
  ];
  return [
    '',
    '[[rule.threat]]',
    'framework = "MITRE ATT&CK"',
    '',
    ...(technique ? ['[[rule.threat.technique]]', ...entry(technique, 'techniques')] : []),
    ...below.flatMap((one) => ['[[rule.threat.technique.subtechnique]]', ...entry(one, 'techniques')]),
    '[rule.threat.tactic]',
    ...entry(tactic, 'tactics').slice(0, -1),
  ];
}

/** Where its events are; everything that agents write, where the query itself says which. */
function indicesOf(rule: Rule, sources: readonly { readonly index: string }[]): readonly string[] {
  if (rule.taxonomy === 'winnow') return sources.map(({ index }) => index);
  return rule.taxonomy === 'ecs' ? ['logs-*', 'winlogbeat-*'] : elasticIndices(translateRule(rule, 'ecs').place);
}

function dateText(date: string | null): string {
  return date === null ? NO_DATE : date.replaceAll('-', '/');
}

function maturityOf({ elastic: own, status }: Rule): string {
  if (!own || status === null || status === 'stable') return 'production';
  return status === 'deprecated' ? 'deprecated' : 'development';
}

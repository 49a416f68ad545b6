// Administration files of DeTT&CT out of funnels and an environment: what is visible and detected of each technique, and which data sources there are.

import { attackFacts, NEWEST_ATTACK } from '../attack/attack-facts.ts';
import { ALL, OWN_KEY, ownText, productsOf, systemsOf } from '../dettect-own.ts';
import type { FunnelDocument } from '../document.ts';
import type { DataSource, Environment } from '../environment.ts';
import { isoTime } from '../iso-time.ts';
import { yamlText, yamlTexts } from '../yaml-text.ts';

export interface DettectFiles {
  /** YAML, DeTT&CT's technique administration 1.2. */
  readonly techniques: string;
  /** YAML, DeTT&CT's data source administration 1.1. */
  readonly dataSources: string;
}

/** DeTT&CT's own names of platforms; others are not taken by it. */
const PLATFORMS = [
  'PRE',
  'Windows',
  'macOS',
  'Linux',
  'Office Suite',
  'IaaS',
  'SaaS',
  'Network Devices',
  'Containers',
  'Identity Provider',
  'ESXi',
];

/**
 * `day` (2026-11-28) goes into the logs of scores, which DeTT&CT wants dated; without it the scores that need a date are those
 * that DeTT&CT takes undated (-1 and 0) and the others are dated by the environment's last measurement, or left out.
 */
export function dettectAdministration(
  documents: readonly FunnelDocument[],
  environment: Environment,
  day?: string,
): DettectFiles {
  const when = day ?? lastChecked(environment);
  return { techniques: techniqueFile(documents, environment, when), dataSources: dataSourceFile(environment, when) };
}

/** The latest day on which a data source was measured. */
function lastChecked({ dataSources }: Environment): string | undefined {
  return dataSources
    .flatMap(({ checkedAt }) => dayOf(checkedAt) ?? [])
    .sort()
    .at(-1);
}

function dayOf(time: string | undefined): string | undefined {
  return /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])/.exec(time ?? '')?.[0];
}

function techniqueFile(
  documents: readonly FunnelDocument[],
  environment: Environment,
  when: string | undefined,
): string {
  const byTechnique = new Map<string, FunnelDocument[]>();
  for (const document of documents)
    if (document.technique !== null)
      byTechnique.set(document.technique, [...(byTechnique.get(document.technique) ?? []), document]);
  const facts =
    attackFacts(documents.find((one) => one.attack_version !== null)?.attack_version ?? '') ??
    attackFacts(NEWEST_ATTACK)!;
  const ids = [...byTechnique.keys()].sort();
  const platforms = new Set(ids.flatMap((id) => facts.techniques.get(id)?.platforms ?? []));
  return `${[
    'version: 1.2',
    'file_type: technique-administration',
    `name: ${yamlText(environment.id)}`,
    'domain: enterprise-attack',
    `platform: ${yamlTexts(PLATFORMS.filter((one) => platforms.has(one)).length === 0 ? [ALL] : PLATFORMS.filter((one) => platforms.has(one)))}`,
    ids.length === 0 ? 'techniques: []' : 'techniques:',
    ...ids.flatMap((id) => techniqueLines(id, facts.techniques.get(id)?.name ?? id, byTechnique.get(id)!, when)),
  ].join('\n')}\n`;
}

function techniqueLines(
  id: string,
  name: string,
  documents: readonly FunnelDocument[],
  when: string | undefined,
): readonly string[] {
  const best = documents
    .map((document) => ({ document, detection: detectionScore(document), visibility: visibilityScore(document) }))
    .sort((a, b) => b.detection - a.detection || b.visibility - a.visibility)[0];
  const location = best.document.scope.map(({ observable }) => observable);
  return [
    `- technique_id: ${id}`,
    `  technique_name: ${yamlText(name)}`,
    '  detection:',
    `  - applicable_to: [${ALL}]`,
    `    location: ${yamlTexts(location.length === 0 ? [''] : location)}`,
    `    comment: ${yamlText(documents.map((one) => one.id).join(', '))}`,
    '    score_logbook:',
    ...scoreLines(
      best.detection,
      -1,
      when,
      `scope ${best.document.scope.length}, ${best.document.resilience?.score ?? 'no score'}`,
    ),
    '  visibility:',
    `  - applicable_to: [${ALL}]`,
    "    comment: ''",
    '    score_logbook:',
    ...scoreLines(best.visibility, 0, when, visibilityWords(best.document)),
  ];
}

/** A score above `undated` without a day is one that DeTT&CT refuses: then the least one stands, and the comment says so. */
function scoreLines(score: number, undated: number, when: string | undefined, comment: string): readonly string[] {
  const isDated = when !== undefined || score <= undated;
  return [
    `    - date: ${when ?? 'null'}`,
    `      score: ${isDated ? score : undated}`,
    `      comment: ${yamlText(isDated ? comment : `${score} without a day to date it; ${comment}`)}`,
  ];
}

/**
 * DeTT&CT's -1 to 5: -1 without a scope, 0 where all of it is for hunting only. Else the best level of Summiting the Pyramid in
 * the scope, at least 1: the scope is necessary, so it holds for every procedure, and what is left is how hard it is to evade.
 */
function detectionScore({ scope }: FunnelDocument): number {
  if (scope.length === 0) return -1;
  if (scope.every(({ advice }) => advice === 'hunt')) return 0;
  return Math.max(1, ...scope.map(({ level }) => level ?? 1));
}

function seenOf({ primitives }: FunnelDocument): { readonly necessary: number; readonly seen: number } {
  const necessary = primitives.filter(({ necessity }) => necessity === 'necessary');
  return { necessary: necessary.length, seen: necessary.filter(({ state }) => state !== 'gap').length };
}

/** DeTT&CT's 0 to 4: none of the necessary primitives is seen, then by quarters, all. */
function visibilityScore(document: FunnelDocument): number {
  const { necessary, seen } = seenOf(document);
  if (necessary === 0 || seen === 0) return 0;
  return Math.max(1, Math.floor((4 * seen) / necessary));
}

function visibilityWords(document: FunnelDocument): string {
  const { necessary, seen } = seenOf(document);
  return `${seen} of ${necessary} necessary primitives are seen`;
}

function dataSourceFile(environment: Environment, when: string | undefined): string {
  const { dataSources } = environment;
  const facts = attackFacts(environment.attackVersion ?? '') ?? attackFacts(NEWEST_ATTACK)!;
  const systems = new Map(dataSources.map((source) => [systemsOf(source).toLowerCase(), systemsOf(source)]));
  systems.delete(ALL);
  const byComponent = new Map<string, DataSource[]>();
  for (const source of dataSources)
    for (const component of new Set(source.dataComponents))
      byComponent.set(component, [...(byComponent.get(component) ?? []), source]);
  const known = [...byComponent].filter(([component]) => facts.components.has(component));
  return `${[
    'version: 1.1',
    'file_type: data-source-administration',
    `name: ${yamlText(environment.id)}`,
    'domain: enterprise-attack',
    'systems:',
    // Which platforms they are of is not said; DeTT&CT wants one at least.
    ...(systems.size === 0 ? [environment.id] : [...systems.values()]).flatMap((name) => [
      `- applicable_to: ${yamlText(name)}`,
      `  platform: [${ALL}]`,
    ]),
    known.length === 0 ? 'data_sources: []' : 'data_sources:',
    ...known
      .map(([component, sources]) => ({ name: facts.components.get(component)!.name, sources }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(({ name, sources }) => [
        `- data_source_name: ${yamlText(name)}`,
        '  data_source:',
        ...bySystems(sources).flatMap(([where, products]) => detailLines(where, products, when)),
      ]),
  ].join('\n')}\n`;
}

/** A kind of systems stands once for each data source, with all products. */
function bySystems(sources: readonly DataSource[]): readonly (readonly [string, readonly DataSource[]])[] {
  const grouped = new Map<string, [string, DataSource[]]>();
  for (const source of sources) {
    const where = systemsOf(source);
    const one = grouped.get(where.toLowerCase()) ?? [where.toLowerCase() === ALL ? ALL : where, []];
    grouped.set(where.toLowerCase(), one);
    one[1].push(source);
  }
  return [...grouped.values()];
}

function detailLines(where: string, sources: readonly DataSource[], when: string | undefined): readonly string[] {
  const products = productsOf(sources);
  // A claim is no measurement.
  const measured = sources.filter(({ checkedAt }) => isoTime(checkedAt ?? '') !== undefined);
  const fields = measured.map(({ fields: rates }) => worst([...(rates?.values() ?? [])]));
  const hosts = measured.map(({ hosts: count }) =>
    count?.covered === undefined || !count.total ? undefined : count.covered / count.total,
  );
  const checked =
    sources
      .flatMap(({ checkedAt }) => dayOf(checkedAt) ?? [])
      .sort()
      .at(-1) ?? when;
  return [
    `  - applicable_to: [${yamlText(where)}]`,
    '    date_registered: null',
    `    date_connected: ${checked ?? 'null'}`,
    `    products: ${yamlTexts(products)}`,
    '    available_for_data_analytics: true',
    `    comment: ${yamlText(sources.map(({ id }) => id).join(', '))}`,
    `    ${OWN_KEY}: ${yamlText(ownText(sources))}`,
    '    data_quality:',
    // Scores of what was measured; 0 is DeTT&CT's for what nobody judged.
    `      device_completeness: ${qualityOf(best(hosts))}`,
    `      data_field_completeness: ${qualityOf(best(fields))}`,
    '      timeliness: 0',
    '      consistency: 0',
    '      retention: 0',
  ];
}

function worst(shares: readonly number[]): number | undefined {
  return shares.length === 0 ? undefined : Math.min(...shares);
}

function best(shares: readonly (number | undefined)[]): number | undefined {
  const known = shares.filter((share) => share !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** DeTT&CT's 1 to 5 of a share: 1 up to a quarter, 2 up to a half, 3 up to three quarters, 4 below all, 5 all. */
function qualityOf(share: number | undefined): number {
  if (share === undefined || Number.isNaN(share)) return 0;
  if (share >= 1) return 5;
  return Math.max(1, Math.ceil(share * 4));
}

// The environment that a data source administration file of DeTT&CT tells of: which products show which data components.

import { FormatError } from '../../errors.ts';
import { entryOf, textAt, textsAt, type YamlNode } from '../../rule/read/yaml-node.ts';
import type { AttackFacts } from '../attack/attack-facts.ts';
import { ENVIRONMENT_SCHEMA } from '../environment.ts';
import { yamlComment, yamlText, yamlTexts } from '../yaml-text.ts';

/** The kinds of DeTT&CT's files, and what Winnow makes of them. */
export const DETTECT_KINDS = {
  'data-source-administration': 'an environment',
  'technique-administration': undefined,
  'group-administration': undefined,
} as const satisfies Readonly<Record<string, string | undefined>>;

const DIMENSIONS = ['device_completeness', 'data_field_completeness', 'timeliness', 'consistency', 'retention'];

/** Data sources of one product on one kind of systems. */
interface Collected {
  readonly product: string;
  readonly systems: string;
  readonly components: { readonly id: string; readonly note: string }[];
}

/** A YAML document is one of DeTT&CT's files; what it calls itself. */
export function dettectKind(node: YamlNode): string | undefined {
  const kind = entryOf(node, 'file_type');
  return kind?.kind === 'scalar' && typeof kind.value === 'string' ? kind.value : undefined;
}

/**
 * The text of an environment (design.environment/1). What is not connected or not available for analytics is left out and told
 * in a comment, as are data sources that are no data component of ATT&CK. Scores of quality stay scores: no figure is made of them.
 * Throws RuleError with the place of what is no such file, FormatError for another of DeTT&CT's files.
 */
export function dettectEnvironment(node: YamlNode, facts: AttackFacts): string {
  const kind = dettectKind(node) ?? '';
  if (kind !== 'data-source-administration')
    throw new FormatError(
      Object.hasOwn(DETTECT_KINDS, kind)
        ? `a DeTT&CT file of the kind ${kind}: it holds scores and no primitives, so no dossier is made of it`
        : `a DeTT&CT file of the kind '${kind}', which is not known`,
    );
  const byName = new Map([...facts.components.values()].map((one) => [one.name.toLowerCase(), one]));
  const collected = new Map<string, Collected>();
  const left: string[] = [];
  for (const source of itemsOf(node, 'data_sources')) {
    const name = textAt(source, 'data_source_name') ?? '';
    const component = byName.get(name.trim().toLowerCase());
    if (!component) left.push(`${name}: no data component of ATT&CK ${facts.version}`);
    else
      for (const details of itemsOf(source, 'data_source')) {
        const systems = textsAt(details, 'applicable_to');
        const why = whyNot(details);
        if (why !== undefined) left.push(`${name}, ${systems.join(', ') || 'all'}: ${why}`);
        else add(collected, textsAt(details, 'products'), systems, { id: component.id, note: noteOf(name, details) });
      }
  }
  const ids = new Set<string>();
  const title = textAt(node, 'name') ?? 'environment';
  return `${[
    `# From a data source administration of DeTT&CT. Each TODO is a person's decision; 'winnow design probe' measures what is a claim here.`,
    `schema: ${ENVIRONMENT_SCHEMA}`,
    `id: ${yamlText(slugOf(title, 'environment'))}  # ${yamlComment(title)}`,
    `attack_version: "${facts.version}"`,
    '# stores:  # TODO: where the events are: - {id: lake, engine: duckdb, uri: "events/*.parquet", time_field: "@timestamp"}',
    ...(collected.size === 0 ? ['data_sources: []'] : ['data_sources:']),
    ...[...collected.values()].flatMap((one) => sourceLines(one, ids)),
    ...left.map((text) => `# Left out: ${yamlComment(text)}`),
    'budget: {max_hits_per_day: 10}  # TODO: what is bearable here',
  ].join('\n')}\n`;
}

/** The items of a list, or the one that stands in its place; DeTT&CT's older files have maps there. */
function itemsOf(node: YamlNode, key: string): readonly YamlNode[] {
  const value = entryOf(node, key);
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
  return value.kind === 'list' ? value.of : [value];
}

/** Why a data source is not collected as it stands. */
function whyNot(details: YamlNode): string | undefined {
  if (textAt(details, 'date_connected') === null) return 'not connected';
  const available = entryOf(details, 'available_for_data_analytics');
  return available?.kind === 'scalar' && available.value === true ? undefined : 'not available for data analytics';
}

/** "Process Creation; device_completeness 3 of 5, retention 1 of 5". */
function noteOf(name: string, details: YamlNode): string {
  const quality = entryOf(details, 'data_quality');
  const scores = DIMENSIONS.flatMap((dimension) => {
    const score = quality && textAt(quality, dimension);
    return score === undefined || score === null ? [] : [`${dimension} ${score} of 5`];
  });
  return [name, ...(scores.length === 0 ? [] : [scores.join(', ')])].join('; ');
}

function add(
  collected: Map<string, Collected>,
  products: readonly string[],
  systems: readonly string[],
  component: { readonly id: string; readonly note: string },
): void {
  const where = systems.length === 0 ? 'all' : systems.join(', ');
  for (const product of products.length === 0 ? ['unnamed'] : products) {
    const key = JSON.stringify([product, where]);
    const one = collected.get(key) ?? { product, systems: where, components: [] };
    collected.set(key, one);
    one.components.push(component);
  }
}

function sourceLines({ product, systems, components }: Collected, ids: Set<string>): readonly string[] {
  const base = slugOf(systems === 'all' ? product : `${product} ${systems}`, 'source');
  let id = base;
  for (let i = 2; ids.has(id); i++) id = `${base}-${i}`;
  ids.add(id);
  return [
    `  - id: ${yamlText(id)}`,
    `    product: ${yamlText(product)}`,
    ...components.map(({ id: component, note }) => `    # ${component}: ${yamlComment(note)}`),
    `    data_components: ${yamlTexts([...new Set(components.map((one) => one.id))].sort())}`,
    `    hosts: {scope: ${yamlText(systems)}}`,
  ];
}

/** Lower-case letters, digits and hyphens; `otherwise` where nothing is left. */
function slugOf(text: string, otherwise: string): string {
  const slug = text
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return slug === '' ? otherwise : slug;
}

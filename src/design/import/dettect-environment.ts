// The environment that a data source administration file of DeTT&CT tells of: which products show which data components.

import { FormatError } from '../../errors.ts';
import { entryOf, textAt, textsAt, type YamlNode } from '../../rule/read/yaml-node.ts';
import type { AttackFacts } from '../attack/attack-facts.ts';
import { ALL, OWN_KEY, type OwnSource, ownSources, productsOf, systemsOf } from '../dettect-own.ts';
import { ENVIRONMENT_SCHEMA } from '../environment.ts';
import { yamlComment, yamlMap, yamlText, yamlTexts } from '../yaml-text.ts';

/** The kinds of DeTT&CT's files, and what Winnow makes of them. */
export const DETTECT_KINDS = {
  'data-source-administration': 'an environment',
  'technique-administration': undefined,
  'group-administration': undefined,
} as const satisfies Readonly<Record<string, string | undefined>>;

const DIMENSIONS = ['device_completeness', 'data_field_completeness', 'timeliness', 'consistency', 'retention'];

/** Data sources of one product on one kind of systems, or one that Winnow wrote. */
interface Collected {
  readonly product: string;
  readonly systems: string;
  readonly own: OwnSource | undefined;
  readonly components: { readonly id: string; readonly note: string }[];
}

/** A YAML document is one of DeTT&CT's files; what it calls itself. */
export function dettectKind(node: YamlNode): string | undefined {
  const kind = entryOf(node, 'file_type');
  return kind?.kind === 'scalar' && typeof kind.value === 'string' ? kind.value : undefined;
}

/**
 * The text of an environment (design.environment/1). What is not available for analytics is left out and told
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
        else add(collected, details, systems, { id: component.id, note: noteOf(name, details) });
      }
  }
  const ids = new Set([...collected.values()].flatMap(({ own }) => own?.id ?? []));
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

/** Why a data source is not collected as it stands. One without a day is: DeTT&CT only draws days. */
function whyNot(details: YamlNode): string | undefined {
  const available = entryOf(details, 'available_for_data_analytics');
  if (available?.kind === 'scalar' && available.value === true) return undefined;
  return textAt(details, 'date_connected') === null ? 'not connected' : 'not available for data analytics';
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
  details: YamlNode,
  systems: readonly string[],
  component: { readonly id: string; readonly note: string },
): void {
  const where = systems.length === 0 ? ALL : systems.join(', ');
  const products = textsAt(details, 'products');
  const keep = (key: string, one: Omit<Collected, 'components'>): void => {
    const kept = collected.get(key) ?? { ...one, components: [] };
    collected.set(key, kept);
    kept.components.push(component);
  };
  const own = ownOf(details, products, where);
  if (own) for (const one of own) keep(JSON.stringify([one.id]), { product: '', systems: where, own: one });
  else
    for (const product of products.length === 0 ? ['unnamed'] : products)
      keep(JSON.stringify([product, where]), { product, systems: where, own: undefined });
}

/** Winnow's own data sources, where nobody has changed since what DeTT&CT's keys say of them. */
function ownOf(details: YamlNode, products: readonly string[], where: string): readonly OwnSource[] | undefined {
  const own = ownSources(textAt(details, OWN_KEY) ?? '');
  const isSame =
    own !== undefined &&
    productsOf(own).join('\n') === products.join('\n') &&
    own.every((one) => systemsOf(one).toLowerCase() === where.toLowerCase());
  return isSame ? own : undefined;
}

function sourceLines(one: Collected, ids: Set<string>): readonly string[] {
  const { components, own } = one;
  const [head, tail] = own
    ? [ownHead(own), ownTail(own)]
    : [newHead(one, ids), [`hosts: {scope: ${yamlText(one.systems)}}`]];
  return [
    `  - id: ${head[0]}`,
    ...head.slice(1).map((line) => `    ${line}`),
    ...components.map(({ id: component, note }) => `    # ${component}: ${yamlComment(note)}`),
    `    data_components: ${yamlTexts([...new Set(components.map(({ id }) => id))].sort())}`,
    ...tail.map((line) => `    ${line}`),
  ];
}

function newHead({ product, systems }: Collected, ids: Set<string>): readonly string[] {
  const base = slugOf(systems === ALL ? product : `${product} ${systems}`, 'source');
  let id = base;
  for (let i = 2; ids.has(id); i++) id = `${base}-${i}`;
  ids.add(id);
  return [yamlText(id), `product: ${yamlText(product)}`];
}

function ownHead({ id, product, logSource }: OwnSource): readonly string[] {
  return [
    yamlText(id),
    ...(product === undefined ? [] : [`product: ${yamlText(product)}`]),
    ...(logSource === undefined ? [] : [`log_source: ${yamlMap({ ...logSource })}`]),
  ];
}

function ownTail({ fields, hosts, retentionDays, lagP95, eventsPerDay, checkedAt }: OwnSource): readonly string[] {
  const numbers = { retention_days: retentionDays, lag_p95: lagP95, events_per_day: eventsPerDay };
  return [
    ...(fields === undefined ? [] : [`fields: ${yamlMap(Object.fromEntries(fields))}`]),
    ...(hosts === undefined ? [] : [`hosts: ${yamlMap({ ...hosts })}`]),
    ...Object.entries(numbers).flatMap(([key, number]) => (number === undefined ? [] : [`${key}: ${number}`])),
    ...(checkedAt === undefined ? [] : [`checked_at: ${yamlText(checkedAt)}`]),
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

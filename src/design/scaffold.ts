// The dossier of a technique to begin with: what ATT&CK says of it, and a TODO wherever a person has to decide.

import { UsageError } from '../errors.ts';
import type { Analytic, AnalyticSource, AttackFacts, AttackTechnique } from './attack/attack-facts.ts';
import { strategiesOf } from './attack/attack-facts.ts';
import { nearest } from './attack/nearest.ts';
import { TECHNIQUE_SCHEMA } from './technique.ts';
import { yamlComment, yamlText, yamlTexts } from './yaml-text.ts';

/** The technique of an id or a name, as a person writes it. Throws UsageError with what was probably meant, or with what took its place. */
export function techniqueNamed(facts: AttackFacts, words: string): AttackTechnique {
  const wanted = words.trim().toLowerCase();
  const all = [...facts.techniques.values()];
  const found =
    all.find(({ id }) => id.toLowerCase() === wanted) ??
    all.find(({ name, revokedBy }) => revokedBy === undefined && name.toLowerCase() === wanted);
  if (found?.revokedBy !== undefined)
    throw new UsageError(
      `${found.id} is revoked in ATT&CK ${facts.version}; ${told(facts, found.revokedBy)} took its place`,
    );
  if (found) return found;
  const live = all.filter(({ revokedBy }) => revokedBy === undefined);
  const meant = nearest(words, /^t\d/.test(wanted) ? live.map(({ id }) => id) : live.map(({ name }) => name));
  const near = live.find(({ id, name }) => id === meant || name === meant);
  throw new UsageError(
    `'${words}' is no technique of ATT&CK ${facts.version}${near ? `; did you mean ${told(facts, near.id)}?` : ''}`,
  );
}

function told(facts: AttackFacts, id: string): string {
  const name = facts.techniques.get(id)?.name;
  return name === undefined ? id : `${id} ${name}`;
}

export const NEW_SCHEMA = 'winnow.design-new/1';

/** What ATT&CK says of a technique, with the dossier that is begun from it. */
export interface NewDocument {
  readonly schema: typeof NEW_SCHEMA;
  readonly attack_version: string;
  readonly technique: string;
  readonly name: string;
  /** As kill chain phases: "credential-access". */
  readonly tactics: readonly string[];
  readonly platforms: readonly string[];
  readonly detection_strategy: string | null;
  readonly analytics: readonly {
    readonly id: string;
    readonly platforms: readonly string[];
    readonly sources: readonly {
      readonly data_component: string;
      readonly component_name: string | null;
      readonly name: string;
      readonly channel: string;
    }[];
  }[];
  /** YAML. */
  readonly dossier: string;
}

/** Throws as {@link scaffold} does. */
export function factsDocument(facts: AttackFacts, technique: AttackTechnique, platform?: string): NewDocument {
  return {
    schema: NEW_SCHEMA,
    attack_version: facts.version,
    technique: technique.id,
    name: technique.name,
    tactics: technique.tactics,
    platforms: technique.platforms,
    detection_strategy: strategiesOf(facts, technique.id)[0]?.id ?? null,
    analytics: analyticsOf(facts, technique, platformOf(technique, platform)).map(({ id, platforms, sources }) => ({
      id,
      platforms,
      sources: sources.map(({ component, name, channel }) => ({
        data_component: component,
        component_name: facts.components.get(component)?.name ?? null,
        name,
        channel,
      })),
    })),
    dossier: scaffold(facts, technique, platform),
  };
}

function analyticsOf(
  facts: AttackFacts,
  technique: AttackTechnique,
  platform: string | undefined,
): readonly Analytic[] {
  return strategiesOf(facts, technique.id)
    .flatMap((strategy) => strategy.analytics)
    .flatMap((id) => facts.analytics.get(id) ?? [])
    .filter(({ platforms }) => platform === undefined || platforms.includes(platform));
}

/** One data component and the logs that show it, over the analytics. */
interface Shown {
  readonly component: string;
  readonly sources: { readonly source: AnalyticSource; readonly analytic: Analytic }[];
}

/**
 * The text of a dossier (design.technique/1) that can be read as it is. A primitive for each data component, an observable for
 * each log source. Throws UsageError for a platform that the technique does not have.
 */
export function scaffold(facts: AttackFacts, technique: AttackTechnique, platform?: string): string {
  const chosen = platformOf(technique, platform);
  const strategies = strategiesOf(facts, technique.id);
  const analytics = analyticsOf(facts, technique, chosen);
  const shown = shownBy(analytics);
  const { id, name } = technique;
  const names = shown.length > 0 ? shown.map((_, index) => `PM${index + 1}`) : ['PM1'];
  const lines = [
    `# ${id} ${name}${chosen === undefined ? '' : `, ${chosen}`}: begun from ATT&CK ${facts.version}. Each TODO is a person's decision; 'winnow design lint' names those that are left.`,
    ...(technique.deprecated ? [`# ATT&CK ${facts.version} has deprecated it.`] : []),
    `schema: ${TECHNIQUE_SCHEMA}`,
    `id: ${yamlText(`${id}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, ''))}`,
    `name: ${yamlText(name)}`,
    'attack:',
    `  version: "${facts.version}"`,
    `  technique: ${id}`,
    ...(strategies.length === 0
      ? [`  # ATT&CK ${facts.version} has no detection strategy for it.`]
      : [
          `  detection_strategy: ${strategies[0].id}  # ${yamlComment(strategies[0].name)}`,
          `  analytics: ${yamlTexts(analytics.map((analytic) => analytic.id))}`,
        ]),
    'scope_note: "TODO: what this dossier leaves to others"',
    'attacker_rights: user  # TODO: or administrator, or system: what an attacker who gets this far may do already',
    'references:',
    `  - https://attack.mitre.org/techniques/${id.replace('.', '/')}`,
    ...strategies.map((strategy) => `  - https://attack.mitre.org/detectionstrategies/${strategy.id}`),
    'procedures:',
    '  # TODO: one for each way to do it, each with the primitives that it needs. What is in all of them is necessary.',
    `  - id: procedure-1`,
    '    name: "TODO: how it is done"',
    `    primitives: ${yamlTexts(names)}`,
    'primitives:',
    '  # TODO: one for each act. ATT&CK lists what may be seen, not what is done: join, split or strike out.',
    '  # fixed: nobody can do it otherwise; attacker_controlled: say what varies, and whether it is open-ended.',
    ...(shown.length > 0
      ? shown.flatMap((one, index) => primitiveLines(facts, technique, one, names[index], firstIds(shown, index)))
      : [
          '  - id: PM1',
          '    name: "TODO: what the attacker does"',
          '    control: attacker_controlled',
          '    observables: []',
        ]),
    '# sessions:  # TODO: recorded attacks, by which the dossier is tested; attack_events marks them by the tool, never by what is tested',
    "#   - {id: S1, path: session.json, label: attack, attack_events: {Image|endswith: '\\tool.exe'}}",
  ];
  return `${lines.join('\n')}\n`;
}

function platformOf(technique: AttackTechnique, words: string | undefined): string | undefined {
  if (words === undefined) return undefined;
  const found = technique.platforms.find((platform) => platform.toLowerCase() === words.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(
    `${technique.id} is no technique of the platform '${words}'; it has ${technique.platforms.join(', ') || 'none'}`,
  );
}

/** Components in the order of the analytics; a log source that several analytics name is there once. */
function shownBy(analytics: readonly Analytic[]): readonly Shown[] {
  const shown = new Map<string, Shown>();
  for (const analytic of analytics)
    for (const source of analytic.sources) {
      const one = shown.get(source.component) ?? { component: source.component, sources: [] };
      shown.set(source.component, one);
      if (!one.sources.some((other) => other.source.name === source.name && other.source.channel === source.channel))
        one.sources.push({ source, analytic });
    }
  return [...shown.values()];
}

/** How many observables stand before those of the component. */
function firstIds(shown: readonly Shown[], index: number): number {
  return shown.slice(0, index).reduce((sum, { sources }) => sum + sources.length, 0);
}

function primitiveLines(
  facts: AttackFacts,
  technique: AttackTechnique,
  { component, sources }: Shown,
  id: string,
  before: number,
): readonly string[] {
  const name = facts.components.get(component)?.name ?? component;
  return [
    `  - id: ${id}`,
    `    name: ${yamlText(`TODO: the act that shows as ${name}`)}`,
    '    control: attacker_controlled  # TODO: fixed?',
    '    observables:',
    ...sources.flatMap(({ source, analytic }, index) => [
      `      - id: ${technique.id}-O${before + index + 1}  # ${analytic.id}, ${analytic.platforms.join(', ')}`,
      `        data_component: ${component}  # ${yamlComment(name)}`,
      `        log_source: {name: ${yamlText(source.name)}, channel: ${yamlText(source.channel)}}`,
      '        # TODO: requires_fields, predicate, forced, free, level (1-5) and column (A, U, K, P or H)',
    ]),
  ];
}

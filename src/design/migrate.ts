// What another version of ATT&CK makes of the ids in a dossier: renamed, revoked, deprecated, moved, gone.

import type { Position } from '../rule/condition.ts';
import { type AttackFacts, strategiesOf } from './attack/attack-facts.ts';
import type { Environment } from './environment.ts';
import type { Technique } from './technique.ts';

export const MIGRATE_SCHEMA = 'winnow.design-migrate/1';

/** Each kind of change with what it says, in the order in which they are told of one id. */
export const MIGRATION_KINDS = {
  unknown: 'the version that the dossier is pinned to has no such id; nothing can be said',
  gone: 'the newer version no longer has the id',
  revoked: 'another technique took its place',
  deprecated: 'the newer version deprecates it, and nothing takes its place',
  renamed: 'it has another name',
  moved: 'it is of other tactics, or of another technique or detection strategy',
  platforms: 'it is of other platforms',
  log_sources: 'the analytic names other log sources',
  log_source: "the observable's log source is no longer named for its data component by the dossier's analytics",
  added: 'the newer version has a detection strategy for the technique, and the dossier names none',
} as const satisfies Readonly<Record<string, string>>;

export type MigrationKind = keyof typeof MIGRATION_KINDS;

export interface Migration {
  readonly kind: MigrationKind;
  /** ATT&CK's id. */
  readonly id: string;
  /** The part of the dossier that names it. */
  readonly about: string;
  readonly at: Position;
  readonly before: string | null;
  readonly after: string | null;
  /** The id to write in its place, where one takes it. */
  readonly replacement: string | null;
}

/** The document of one run, schema {@link MIGRATE_SCHEMA}. */
export interface MigrateDocument {
  readonly schema: typeof MIGRATE_SCHEMA;
  readonly to: string;
  readonly dossiers: readonly {
    readonly file: string;
    readonly dossier: string;
    readonly from: string;
    readonly changes: readonly (Omit<Migration, 'at'> & { readonly line: number; readonly column: number })[];
    /** The file was written anew, pinned to the new version. */
    readonly written: boolean;
  }[];
}

interface Place {
  readonly about: string;
  readonly at: Position;
}

export function migrateTechnique(technique: Technique, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const { attack } = technique;
  const place = { about: technique.id, at: attack?.at ?? technique.at };
  const observables = technique.primitives.flatMap((primitive) => primitive.observables);
  return [
    ...(attack?.technique === undefined ? [] : ofTechnique(attack.technique, place, from, to)),
    ...(attack?.technique !== undefined && attack.detectionStrategy === undefined
      ? strategiesAdded(attack.technique, place, from, to)
      : []),
    ...(attack?.detectionStrategy === undefined ? [] : ofStrategy(attack.detectionStrategy, place, from, to)),
    ...(attack?.analytics ?? []).flatMap((id) => ofAnalytic(id, place, from, to)),
    ...observables.flatMap(({ id, at, dataComponent, context }) => [
      ...ofComponent(dataComponent, { about: id, at }, from, to),
      ...context.unrelatedTechniques.flatMap((other) => ofTechnique(other, { about: id, at }, from, to)),
    ]),
    ...logSourcesGone(technique, from, to),
  ];
}

export function migrateEnvironment(environment: Environment, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  return environment.dataSources.flatMap(({ id, at, dataComponents }) =>
    dataComponents.flatMap((component) => ofComponent(component, { about: id, at }, from, to)),
  );
}

function change(
  kind: MigrationKind,
  id: string,
  place: Place,
  before: string | null = null,
  after: string | null = null,
  replacement: string | null = null,
): readonly Migration[] {
  return [{ kind, id, about: place.about, at: place.at, before, after, replacement }];
}

/** A change of `kind` where the two differ. */
function differing(kind: MigrationKind, id: string, place: Place, before: string, after: string): readonly Migration[] {
  return before === after ? [] : change(kind, id, place, before, after);
}

function ofTechnique(id: string, place: Place, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const [before, after] = [from.techniques.get(id), to.techniques.get(id)];
  if (!before) return change('unknown', id, place);
  if (!after) return change('gone', id, place, before.name);
  if (after.revokedBy !== undefined) {
    // What is revoked may be so again: the one that is left in the end.
    const seen = new Set([id]);
    let last = after.revokedBy;
    for (let next: string | undefined = last; next !== undefined && !seen.has(next); ) {
      seen.add(next);
      last = next;
      next = to.techniques.get(next)?.revokedBy;
    }
    return change('revoked', id, place, before.name, to.techniques.get(last)?.name ?? null, last);
  }
  return [
    ...(after.deprecated && !before.deprecated ? change('deprecated', id, place, before.name) : []),
    ...differing('renamed', id, place, before.name, after.name),
    ...differing('moved', id, place, before.tactics.join(', '), after.tactics.join(', ')),
    ...differing('platforms', id, place, before.platforms.join(', '), after.platforms.join(', ')),
  ];
}

function strategiesAdded(technique: string, place: Place, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  if (strategiesOf(from, technique).length > 0) return [];
  return strategiesOf(to, technique).flatMap(({ id, name, analytics }) =>
    change('added', id, place, null, `${name} (${analytics.join(', ')})`),
  );
}

function ofStrategy(id: string, place: Place, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const [before, after] = [from.strategies.get(id), to.strategies.get(id)];
  if (!before) return change('unknown', id, place);
  if (!after) return change('gone', id, place, before.name);
  return [
    ...differing('renamed', id, place, before.name, after.name),
    ...differing('moved', id, place, before.technique, after.technique),
  ];
}

function ofAnalytic(id: string, place: Place, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const [before, after] = [from.analytics.get(id), to.analytics.get(id)];
  if (!before) return change('unknown', id, place);
  if (!after) return change('gone', id, place);
  const strategyOf = (facts: AttackFacts): string =>
    [...facts.strategies.values()].find(({ analytics }) => analytics.includes(id))?.id ?? 'none';
  const named = ({ sources }: typeof after): readonly string[] =>
    sources.map(({ component, name, channel }) => `${component} ${name} ${channel}`.trim()).sort();
  const without = (some: readonly string[], others: readonly string[]): string =>
    some.filter((one) => !others.includes(one)).join('; ') || 'none';
  const [was, is] = [named(before), named(after)];
  return [
    ...differing('moved', id, place, strategyOf(from), strategyOf(to)),
    ...differing('platforms', id, place, before.platforms.join(', '), after.platforms.join(', ')),
    ...differing('log_sources', id, place, without(was, is), without(is, was)),
  ];
}

function ofComponent(id: string, place: Place, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const [before, after] = [from.components.get(id), to.components.get(id)];
  if (!before) return change('unknown', id, place);
  if (!after) return change('gone', id, place, before.name);
  return [
    ...(after.deprecated && !before.deprecated ? change('deprecated', id, place, before.name) : []),
    ...differing('renamed', id, place, before.name, after.name),
  ];
}

/** Log sources of observables that the dossier's analytics named for the data component, and name no longer. */
function logSourcesGone(technique: Technique, from: AttackFacts, to: AttackFacts): readonly Migration[] {
  const ids = technique.attack?.analytics ?? [];
  const [before, after] = [from, to].map((facts) => {
    const named = new Map<string, Set<string>>();
    for (const { component, name, channel } of [...new Set(ids)].flatMap(
      (id) => facts.analytics.get(id)?.sources ?? [],
    ))
      named.set(component, (named.get(component) ?? new Set()).add(`${name} ${channel}`.trim()));
    return named;
  });
  return technique.primitives.flatMap(({ observables }) =>
    observables.flatMap(({ id, at, dataComponent, logSource }) => {
      const written = `${logSource?.name ?? ''} ${logSource?.channel ?? ''}`.trim();
      const now = after.get(dataComponent) ?? new Set<string>();
      if (!before.get(dataComponent)?.has(written) || now.has(written)) return [];
      return change('log_source', dataComponent, { about: id, at }, written, [...now].join('; ') || null);
    }),
  );
}

// Findings about ATT&CK's ids: a version that is not pinned, ids that the pinned version does not have or has given up, and ids that do not belong together.

import type { Position } from '../../rule/condition.ts';
import { ATTACK_VERSIONS, type AttackFacts } from '../attack/attack-facts.ts';
import { nearest } from '../attack/nearest.ts';
import type { Environment } from '../environment.ts';
import type { Technique } from '../technique.ts';
import type { FindingRow, Hit, LintContext } from './finding.ts';
import { observablesOf } from './shape-rows.ts';

/** An id of ATT&CK, and where and in what it is named. */
interface Named {
  readonly id: string;
  readonly about: string;
  readonly at: Position;
}

const hit = ({ about, at }: Named, message: string): Hit => ({ about, at, message });

function techniquesNamed(technique: Technique): readonly Named[] {
  const own = technique.attack?.technique;
  return [
    ...(technique.attack && own !== undefined ? [{ id: own, about: technique.id, at: technique.attack.at }] : []),
    ...observablesOf(technique).flatMap(({ observable }) =>
      observable.context.unrelatedTechniques.map((id) => ({ id, about: observable.id, at: observable.at })),
    ),
  ];
}

function componentsNamed(technique: Technique): readonly Named[] {
  return observablesOf(technique).map(({ observable: { dataComponent, id, at } }) => ({
    id: dataComponent,
    about: id,
    at,
  }));
}

function componentsCollected({ dataSources }: Environment): readonly Named[] {
  return dataSources.flatMap(({ dataComponents, id, at }) =>
    dataComponents.map((component) => ({ id: component, about: id, at })),
  );
}

/** "DC0350 is no data component of ATT&CK 18.1; the nearest is DC0035 Process Access". */
function unknownOf(
  named: readonly Named[],
  known: ReadonlyMap<string, { readonly id: string; readonly name?: string }>,
  what: string,
  { facts: { version }, effort }: LintContext,
): readonly Hit[] {
  return named
    .filter(({ id }) => !known.has(id))
    .map((one) => {
      const near = effort.left-- > 0 ? nearestOf(one.id, known) : undefined;
      const told = near ? `; the nearest is ${near.id}${near.name === undefined ? '' : ` ${near.name}`}` : '';
      return hit(one, `${one.id} is no ${what} of ATT&CK ${version}${told}`);
    });
}

/** A name in the place of an id is as near as an id that is written wrong. */
function nearestOf<T extends { readonly id: string; readonly name?: string }>(
  words: string,
  known: ReadonlyMap<string, T>,
): T | undefined {
  for (const one of known.values()) if (one.name?.toLowerCase() === words.toLowerCase()) return one;
  return known.get(nearest(words, known.keys()) ?? '');
}

function unknownComponents(named: readonly Named[], context: LintContext): readonly Hit[] {
  const { facts } = context;
  if (facts.componentIds) return unknownOf(named, facts.components, 'data component', context);
  return named.map((one) => {
    const name = facts.components.get(one.id)?.name;
    return hit(
      one,
      `data components have no ids in ATT&CK ${facts.version}${name === undefined ? '' : `; ${one.id} is there by its name, ${name}`}`,
    );
  });
}

function retired(named: readonly Named[], facts: AttackFacts): readonly Hit[] {
  return named.flatMap((one): readonly Hit[] => {
    const technique = facts.techniques.get(one.id);
    const replacement = technique?.revokedBy === undefined ? undefined : facts.techniques.get(technique.revokedBy);
    if (replacement)
      return [
        hit(one, `ATT&CK ${facts.version} has revoked ${one.id}; ${replacement.id} ${replacement.name} took its place`),
      ];
    if (technique?.deprecated || facts.components.get(one.id)?.deprecated)
      return [hit(one, `ATT&CK ${facts.version} has deprecated ${one.id}`)];
    return [];
  });
}

function unpinned(part: { readonly id: string; readonly at: Position }, version: string | undefined): readonly Hit[] {
  return version === undefined ? [{ about: part.id, at: part.at, message: 'no version of ATT&CK is named' }] : [];
}

function unknownVersion(
  part: { readonly id: string; readonly at: Position },
  version: string | undefined,
  pinned: boolean,
): readonly Hit[] {
  if (version === undefined || pinned) return [];
  return [
    {
      about: part.id,
      at: part.at,
      message: `ATT&CK ${version} is not known here; known are ${ATTACK_VERSIONS.join(', ')}`,
    },
  ];
}

export const ATTACK_ROWS: readonly FindingRow[] = [
  {
    kind: 'unpinned-version',
    what: 'no version of ATT&CK is named, so the ids mean something else with the next one',
    mend: 'add attack: {version: "18.1"}, in an environment attack_version:',
    inTechnique: (technique) =>
      unpinned(technique.attack ? { ...technique.attack, id: technique.id } : technique, technique.attack?.version),
    inEnvironment: (environment) => unpinned(environment, environment.attackVersion),
  },
  {
    kind: 'unknown-version',
    what: 'the named version of ATT&CK is not in the table; the ids were looked up in the newest one',
    mend: "name one that is known, by hand or with 'winnow design migrate'",
    inTechnique: (technique, { pinned }) =>
      unknownVersion(
        technique.attack ? { ...technique.attack, id: technique.id } : technique,
        technique.attack?.version,
        pinned,
      ),
    inEnvironment: (environment, { pinned }) => unknownVersion(environment, environment.attackVersion, pinned),
  },
  {
    kind: 'unknown-technique',
    what: 'a technique is not in the pinned version',
    mend: 'correct the id',
    inTechnique: (technique, context) =>
      unknownOf(techniquesNamed(technique), context.facts.techniques, 'technique', context),
  },
  {
    kind: 'unknown-strategy',
    what: 'a detection strategy is not in the pinned version, or is of another technique',
    mend: "correct the id; 'winnow design new ID' shows the technique's",
    inTechnique: ({ attack, id }, context) => {
      const { facts } = context;
      const { detectionStrategy, technique } = attack ?? {};
      if (!attack || detectionStrategy === undefined) return [];
      const named = { id: detectionStrategy, about: id, at: attack.at };
      if (facts.strategies.size === 0) return [hit(named, `ATT&CK ${facts.version} has no detection strategies`)];
      const found = facts.strategies.get(detectionStrategy);
      if (!found) return unknownOf([named], facts.strategies, 'detection strategy', context);
      return technique === undefined || found.technique === technique
        ? []
        : [hit(named, `${found.id} detects ${found.technique}, not ${technique}`)];
    },
  },
  {
    kind: 'unknown-analytic',
    what: 'an analytic is not in the pinned version, or is of another detection strategy',
    mend: "correct the id; 'winnow design new ID' shows the technique's",
    inTechnique: ({ attack, id }, context) => {
      const { facts } = context;
      if (!attack) return [];
      const strategy = facts.strategies.get(attack.detectionStrategy ?? '');
      return attack.analytics.flatMap((analytic): readonly Hit[] => {
        const named = { id: analytic, about: id, at: attack.at };
        if (!facts.analytics.has(analytic)) return unknownOf([named], facts.analytics, 'analytic', context);
        if (!strategy || strategy.analytics.includes(analytic)) return [];
        return [
          hit(named, `${analytic} is none of ${strategy.id}, which has ${strategy.analytics.join(', ') || 'none'}`),
        ];
      });
    },
  },
  {
    kind: 'unknown-component',
    what: 'a data component is not in the pinned version',
    mend: 'correct the id',
    inTechnique: (technique, context) => unknownComponents(componentsNamed(technique), context),
    inEnvironment: (environment, context) => unknownComponents(componentsCollected(environment), context),
  },
  {
    kind: 'retired-id',
    what: 'the pinned version has revoked or deprecated an id',
    mend: 'name what took its place',
    inTechnique: (technique, { facts }) =>
      retired([...techniquesNamed(technique), ...componentsNamed(technique)], facts),
    inEnvironment: (environment, { facts }) => retired(componentsCollected(environment), facts),
  },
];

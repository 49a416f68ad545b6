// The table of all that lint finds in dossiers, and lint itself.

import { attackFacts, NEWEST_ATTACK } from '../attack/attack-facts.ts';
import type { Environment } from '../environment.ts';
import type { Technique } from '../technique.ts';
import { ATTACK_ROWS } from './attack-rows.ts';
import type { DossierFinding, FindingRow, Hit, LintContext } from './finding.ts';
import { LOG_SOURCE_ROWS } from './log-source-rows.ts';
import { PREDICATE_ROWS } from './predicate-rows.ts';
import { observablesOf, SHAPE_ROWS } from './shape-rows.ts';

/** One row a kind, in the order in which they are told of one place. */
export const FINDING_ROWS: readonly FindingRow[] = [
  ...ATTACK_ROWS,
  ...LOG_SOURCE_ROWS,
  ...SHAPE_ROWS,
  ...PREDICATE_ROWS,
];

/** Ids for which the nearest is looked for in one run. */
const MOST_NEAREST = 100;

/** Findings of dossiers that are read together: file by file as given, by place within one. */
export function lintDossiers(
  techniques: readonly Technique[],
  environments: readonly Environment[],
): readonly DossierFinding[] {
  const effort = { left: MOST_NEAREST };
  const owners = new Map<string, Technique[]>();
  for (const technique of techniques) {
    const observables = observablesOf(technique).map(({ observable }) => `observable ${observable.id}`);
    for (const id of [`dossier ${technique.id}`, ...new Set(observables)])
      owners.set(id, [...(owners.get(id) ?? []), technique].slice(0, 2));
  }
  const found = [
    ...techniques.flatMap((technique) => {
      const context = contextOf(technique.attack?.version, owners, effort);
      return findingsOf(technique, (row) => row.inTechnique?.(technique, context));
    }),
    ...environments.flatMap((environment) => {
      const context = contextOf(environment.attackVersion, owners, effort);
      return findingsOf(environment, (row) => row.inEnvironment?.(environment, context));
    }),
  ];
  const places = new Map<string, number>();
  for (const { file } of [...techniques, ...environments]) if (!places.has(file)) places.set(file, places.size);
  return found.sort(
    (a, b) => places.get(a.file)! - places.get(b.file)! || a.at.line - b.at.line || a.at.column - b.at.column,
  );
}

function contextOf(
  version: string | undefined,
  owners: LintContext['owners'],
  effort: LintContext['effort'],
): LintContext {
  const pinned = version === undefined ? undefined : attackFacts(version);
  return { facts: pinned ?? attackFacts(NEWEST_ATTACK)!, pinned: pinned !== undefined, owners, effort };
}

function findingsOf(
  dossier: Technique | Environment,
  find: (row: FindingRow) => readonly Hit[] | undefined,
): readonly DossierFinding[] {
  return FINDING_ROWS.flatMap((row) =>
    (find(row) ?? []).map(({ about, at, message }): DossierFinding => {
      return { kind: row.kind, file: dossier.file, dossier: dossier.id, about, at, message, mend: row.mend };
    }),
  );
}

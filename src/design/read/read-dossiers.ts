// Reads the dossiers of files: techniques, environments and accepted exclusions, each a YAML document; several may stand in one file.

import { RuleError } from '../../rule/read/rule-error.ts';
import { entryOf, yamlNodes } from '../../rule/read/yaml-node.ts';
import { ENVIRONMENT_SCHEMA, type Environment } from '../environment.ts';
import { ACCEPTANCES_SCHEMA, type ReviewedAcceptance } from '../reviewed-acceptance.ts';
import { TECHNIQUE_SCHEMA, type Technique } from '../technique.ts';
import { DossierError } from './dossier-error.ts';
import { Problems } from './dossier-map.ts';
import { readAcceptances } from './read-acceptances.ts';
import { readEnvironment } from './read-environment.ts';
import { readTechnique } from './read-technique.ts';

export interface Dossiers {
  readonly techniques: readonly Technique[];
  readonly environments: readonly Environment[];
  readonly acceptances: readonly ReviewedAcceptance[];
}

const START = { line: 1, column: 1 };

/** The dossiers of one file, whose name goes into errors. Throws DossierError with all that is wrong. */
export function readDossiers(text: string, file: string): Dossiers {
  const problems = new Problems(file);
  const techniques: Technique[] = [];
  const environments: Environment[] = [];
  const acceptances: ReviewedAcceptance[] = [];
  const nodes = yamlNodes(text);
  if (nodes.length === 0)
    problems.add(START, `no dossier: a document with schema: ${TECHNIQUE_SCHEMA} or ${ENVIRONMENT_SCHEMA} is expected`);
  for (const node of nodes) {
    if (node instanceof RuleError) {
      problems.add(node.at ?? START, node.message);
      continue;
    }
    const schema = entryOf(node, 'schema');
    const named = schema?.kind === 'scalar' ? schema.value : undefined;
    if (named === TECHNIQUE_SCHEMA) techniques.push(readTechnique(node, problems));
    else if (named === ENVIRONMENT_SCHEMA) environments.push(readEnvironment(node, problems));
    else if (named === ACCEPTANCES_SCHEMA) acceptances.push(...readAcceptances(node, problems));
    else
      problems.add(
        schema?.at ?? node.at,
        `a dossier has schema: ${TECHNIQUE_SCHEMA} or ${ENVIRONMENT_SCHEMA}; accepted exclusions have ${ACCEPTANCES_SCHEMA}`,
      );
  }
  if (problems.all.length > 0) throw new DossierError(problems.all);
  return { techniques, environments, acceptances };
}

/** Throws DossierError where two dossiers, or observables of two dossiers, have one id. */
export function checkTogether(techniques: readonly Technique[]): void {
  const doubled: { readonly file: string; readonly at: Technique['at']; readonly message: string }[] = [];
  const seen = new Map<string, string>();
  const meet = (key: string, file: string, at: Technique['at'], what: string): void => {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, `${file}:${at.line}:${at.column}`);
    else doubled.push({ file, at, message: `${what} stands twice, first at ${first}` });
  };
  for (const { id, file, at, primitives } of techniques) {
    meet(`technique ${id}`, file, at, `the id '${id}' of a technique`);
    for (const { observables } of primitives)
      for (const one of observables) meet(`observable ${one.id}`, file, one.at, `the id '${one.id}' of an observable`);
  }
  if (doubled.length > 0) throw new DossierError(doubled);
}

// From YAML to the reviewed acceptances of exclusions.

import { dayIndex } from '../../history/statistics/calendar.ts';
import { BY_NAME } from '../../rule/binding.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import { readSelection } from '../../rule/read/selection.ts';
import type { YamlNode } from '../../rule/read/yaml-node.ts';
import type { ReviewedAcceptance } from '../reviewed-acceptance.ts';
import type { Predicate, Technique } from '../technique.ts';
import { DossierError } from './dossier-error.ts';
import { DossierMap, type Problems } from './dossier-map.ts';
import { predicateOf } from './read-technique.ts';

const KEYS = {
  acceptances: ['schema', 'acceptances'],
  acceptance: ['observable', 'predicate', 'owner', 'expiry', 'reason', 'ticket', 'reviewed_per_day'],
} as const;

export function readAcceptances(node: YamlNode, problems: Problems): readonly ReviewedAcceptance[] {
  const map = new DossierMap(node, 'a list of acceptances', KEYS.acceptances, problems);
  if (map.node('acceptances') === undefined)
    problems.add(map.placeOf('acceptances'), "a list of acceptances needs 'acceptances'");
  const read = map.list('acceptances', (one) => acceptanceOf(one, problems));
  const seen = new Map<string, ReviewedAcceptance>();
  for (const one of read) {
    const key = JSON.stringify([one.observable, one.predicate.text]);
    const first = seen.get(key);
    if (first && one.predicate.text !== '')
      problems.add(
        one.at,
        `this exclusion of '${one.observable}' stands twice, first at ${first.at.line}:${first.at.column}`,
      );
    else seen.set(key, one);
  }
  return read;
}

/** Throws DossierError for observables that no dossier of the run has. */
export function checkAcceptances(acceptances: readonly ReviewedAcceptance[], techniques: readonly Technique[]): void {
  const known = new Set(
    techniques.flatMap(({ primitives }) => primitives.flatMap(({ observables }) => observables.map(({ id }) => id))),
  );
  const problems = acceptances
    .filter(({ observable }) => !known.has(observable))
    .map(({ file, at, observable }) => ({
      file,
      at,
      message: `'${observable}' is not the id of an observable of the dossiers here`,
    }));
  if (problems.length > 0) throw new DossierError(problems);
}

const NO_PREDICATE: Omit<Predicate, 'at'> = { condition: { kind: 'or', of: [] }, text: '' };

function acceptanceOf(node: YamlNode, problems: Problems): ReviewedAcceptance {
  const map = new DossierMap(node, 'an acceptance', KEYS.acceptance, problems);
  const predicate = map.map('predicate', (one) => acceptedPredicate(one, problems));
  if (map.node('predicate') === undefined) problems.add(map.at, "an acceptance needs 'predicate'");
  const expiry = map.needed('expiry');
  if (expiry !== '' && dayIndex(expiry) === undefined)
    problems.add(map.placeOf('expiry'), `'expiry' is a day such as 2027-01-31, not '${expiry}'`);
  const ticket = map.text('ticket');
  const reviewedPerDay = map.number('reviewed_per_day');
  return {
    at: map.placeOf('observable'),
    file: problems.file,
    observable: map.needed('observable'),
    predicate: predicate ?? { at: map.at, ...NO_PREDICATE },
    owner: map.needed('owner'),
    expiry,
    reason: map.needed('reason'),
    ...(ticket === undefined ? {} : { ticket }),
    ...(reviewedPerDay === undefined ? {} : { reviewedPerDay }),
  };
}

/** The line of a funnel as it stands there, or in quotes. */
function acceptedPredicate(node: YamlNode, problems: Problems): Predicate | undefined {
  if (node.kind !== 'scalar') return predicateOf(node, problems);
  const condition = problems.try(node.at, () => readSelection(node.source, { bits: true }));
  if (!condition) return undefined;
  problems.try(node.at, () => compileCondition(condition, BY_NAME));
  return { at: node.at, condition, text: node.source };
}

// From YAML to the dossier of a technique.

import { BY_NAME } from '../../rule/binding.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import { selectionCondition } from '../../rule/read/sigma-detection.ts';
import { entryCondition } from '../../rule/read/sigma-modifiers.ts';
import type { YamlEntry, YamlNode } from '../../rule/read/yaml-node.ts';
import { isoTime } from '../iso-time.ts';
import {
  COLUMNS,
  CONTROLS,
  type Column,
  type Context,
  type Forced,
  LEVELS,
  type Level,
  type LogSourceName,
  type Observable,
  type Predicate,
  type Primitive,
  type Procedure,
  type Session,
  type Technique,
  type Varies,
} from '../technique.ts';
import { canonicalText } from './canonical-text.ts';
import { DossierMap, type Problems, tellDoubled } from './dossier-map.ts';

const KEYS = {
  technique: [
    'schema',
    'id',
    'name',
    'attack',
    'scope_note',
    'attacker_rights',
    'procedures',
    'primitives',
    'sessions',
    'references',
  ],
  attack: ['version', 'technique', 'detection_strategy', 'analytics'],
  procedure: ['id', 'name', 'primitives', 'atomic', 'sessions', 'references'],
  primitive: ['id', 'name', 'control', 'varies', 'observables'],
  varies: ['field', 'default', 'known_values', 'open_ended'],
  observable: [
    'id',
    'data_component',
    'log_source',
    'requires_fields',
    'predicate',
    'level',
    'column',
    'forced',
    'free',
    'context',
  ],
  logSource: ['name', 'channel'],
  context: ['unrelated_techniques', 'enrichment'],
  session: ['id', 'path', 'label', 'window', 'attack_events'],
  window: ['from', 'to'],
} as const;

/** ATT&CK's id of a data component. */
export const DATA_COMPONENT = /^DC\d{4}$/;
export const WRONG_COMPONENT = (text: string): string =>
  `'${text}' is no id of a data component, such as DC0035 (Process Access)`;

export function readTechnique(node: YamlNode, problems: Problems): Technique {
  const map = new DossierMap(node, 'a technique', KEYS.technique, problems);
  const technique: Technique = {
    at: map.placeOf('id'),
    file: problems.file,
    canonical: canonicalText(node),
    id: map.needed('id'),
    name: map.text('name'),
    attack: map.map('attack', (one) => attackOf(new DossierMap(one, "'attack'", KEYS.attack, problems))),
    scopeNote: map.text('scope_note'),
    attackerRights: map.word('attacker_rights', ['user', 'administrator', 'system']),
    procedures: map.list('procedures', (one) => procedureOf(one, problems)),
    primitives: map.list('primitives', (one) => primitiveOf(one, problems)),
    sessions: map.list('sessions', (one) => sessionOf(one, problems)),
    references: map.texts('references'),
  };
  checkIds(technique, map);
  return technique;
}

function attackOf(map: DossierMap): Technique['attack'] {
  return {
    at: map.at,
    version: map.text('version'),
    technique: map.text('technique'),
    detectionStrategy: map.text('detection_strategy'),
    analytics: map.texts('analytics'),
  };
}

function procedureOf(node: YamlNode, problems: Problems): Procedure {
  const map = new DossierMap(node, 'a procedure', KEYS.procedure, problems);
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    name: map.text('name'),
    primitives: map.texts('primitives'),
    atomic: map.texts('atomic'),
    sessions: map.texts('sessions'),
    references: map.texts('references'),
  };
}

function primitiveOf(node: YamlNode, problems: Problems): Primitive {
  const map = new DossierMap(node, 'a primitive', KEYS.primitive, problems);
  map.needed('control');
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    name: map.text('name'),
    control: map.word('control', CONTROLS) ?? 'fixed',
    varies: map.map('varies', (one) => variesOf(one, problems)),
    observables: map.list('observables', (one) => observableOf(one, problems)),
  };
}

function variesOf(node: YamlNode, problems: Problems): Varies {
  const map = new DossierMap(node, "'varies'", KEYS.varies, problems);
  const known = map.node('known_values');
  return {
    at: node.at,
    field: map.text('field'),
    default: map.text('default'),
    knownValues: known?.kind === 'list' ? map.texts('known_values') : map.number('known_values'),
    openEnded: map.flag('open_ended') ?? false,
  };
}

function observableOf(node: YamlNode, problems: Problems): Observable {
  const map = new DossierMap(node, 'an observable', KEYS.observable, problems);
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    dataComponent: componentOf(map),
    logSource: map.map('log_source', (one) => readLogSource(one, problems)),
    requiresFields: map.texts('requires_fields'),
    predicate: map.map('predicate', (one) => predicateOf(one, problems)),
    level: levelOf(map),
    column: map.word<Column>('column', COLUMNS),
    forced: map.entries('forced').flatMap(({ key, value, at }): Forced[] => {
      if (value.kind === 'scalar' && value.value !== null) return [{ at, field: key, text: value.source }];
      problems.add(value.at, `what is forced of '${key}' is a text`);
      return [];
    }),
    free: map.texts('free'),
    context: map.map('context', (one) => contextOf(one, problems)) ?? { unrelatedTechniques: [], enrichment: [] },
  };
}

function componentOf(map: DossierMap): string {
  const component = map.needed('data_component');
  if (component !== '' && !DATA_COMPONENT.test(component))
    map.problems.add(map.placeOf('data_component'), WRONG_COMPONENT(component));
  return component;
}

function levelOf(map: DossierMap): Level | undefined {
  const node = map.node('level');
  if (node === undefined) return undefined;
  const level = LEVELS.find((one) => node.kind === 'scalar' && one === node.value);
  if (level === undefined)
    map.problems.add(
      node.at,
      `'level' is one of ${LEVELS.join(', ')}${node.kind === 'scalar' ? `, not ${levelText(node)}` : ''}`,
    );
  return level;
}

/** As it was written: a number in quotes is a text, which is said. */
function levelText({ value, source }: Extract<YamlNode, { readonly kind: 'scalar' }>): string {
  if (typeof value !== 'string') return source;
  return LEVELS.some((one) => String(one) === source)
    ? `the text "${source}": write it without quotes, level: ${source}`
    : `'${source}'`;
}

/** Of a technique's observable and an environment's data source. */
export function readLogSource(node: YamlNode, problems: Problems): LogSourceName {
  const map = new DossierMap(node, "'log_source'", KEYS.logSource, problems);
  return { at: node.at, name: map.text('name'), channel: map.text('channel') };
}

/** Of an observable, a session's attack, and an accepted exclusion. */
export function predicateOf(node: YamlNode, problems: Problems): Predicate | undefined {
  if (node.kind !== 'map' && node.kind !== 'list') {
    problems.add(node.at, "a predicate is a Sigma selection: a map such as {Image|endswith: '\\net.exe'}");
    return undefined;
  }
  const condition = problems.try(node.at, () => selectionCondition(node, { bits: true }));
  // What cannot be evaluated, as a regular expression that is none, is told where it stands.
  for (const { key, value, at } of condition ? entriesIn(node) : [])
    problems.try(value.at, () => compileCondition(entryCondition(key, value, at, { bits: true }), BY_NAME));
  return condition && { at: node.at, condition, text: canonicalText(node) };
}

/** Those of a map, or of the maps of a list. */
function entriesIn(node: YamlNode): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  return node.kind === 'list' ? node.of.flatMap(entriesIn) : [];
}

function contextOf(node: YamlNode, problems: Problems): Context {
  const map = new DossierMap(node, "'context'", KEYS.context, problems);
  return { unrelatedTechniques: map.texts('unrelated_techniques'), enrichment: map.texts('enrichment') };
}

function sessionOf(node: YamlNode, problems: Problems): Session {
  const map = new DossierMap(node, 'a session', KEYS.session, problems);
  map.needed('label');
  return {
    at: map.placeOf('id'),
    id: map.needed('id'),
    path: map.needed('path'),
    label: map.word('label', ['attack', 'benign']) ?? 'benign',
    window: map.map('window', (one) => windowOf(new DossierMap(one, "'window'", KEYS.window, problems))),
    attackEvents: map.map('attack_events', (one) => predicateOf(one, problems)),
  };
}

/** A window that is none would leave the session whole, or empty. */
function windowOf(map: DossierMap): Session['window'] {
  const [from, to] = [map.text('from'), map.text('to')];
  const [first, last] = [timeOf(map, 'from', from), timeOf(map, 'to', to)];
  if (first !== undefined && last !== undefined && first > last)
    map.problems.add(map.placeOf('to'), `a window ends after it begins: '${to}' is before '${from}'`);
  return { from, to };
}

function timeOf(map: DossierMap, key: string, text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : isoTime(text);
  if (text !== undefined && time === undefined)
    map.problems.add(map.placeOf(key), `'${key}' is a time such as 2020-09-04T09:00:00Z, not '${text}'`);
  return time;
}

function checkIds({ procedures, primitives, sessions }: Technique, map: DossierMap): void {
  const { problems } = map;
  if (procedures.length === 0)
    problems.add(
      map.placeOf('procedures'),
      'a technique needs at least one procedure: what is in all of them is necessary',
    );
  if (primitives.length === 0) problems.add(map.placeOf('primitives'), 'a technique needs at least one primitive');
  tellDoubled(procedures, 'a procedure', problems);
  tellDoubled(primitives, 'a primitive', problems);
  tellDoubled(sessions, 'a session', problems);
  tellDoubled(
    primitives.flatMap(({ observables }) => observables),
    'an observable',
    problems,
  );
  const known = new Set(primitives.map(({ id }) => id));
  const recorded = new Set(sessions.map(({ id }) => id));
  map.list('procedures', (node) => {
    tellDangling(node, 'primitives', known, 'a primitive', problems);
    tellDangling(node, 'sessions', recorded, 'a session', problems);
  });
}

/** At the place of the id itself. */
function tellDangling(node: YamlNode, key: string, known: ReadonlySet<string>, what: string, problems: Problems): void {
  const list = node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  for (const one of list?.kind === 'list' ? list.of : list?.kind === 'scalar' ? [list] : [])
    if (one.kind === 'scalar' && one.value !== null && !known.has(one.source))
      problems.add(one.at, `'${one.source}' is not the id of ${what} here`);
}

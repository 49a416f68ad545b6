// Dossiers and environments that are wrong in one place each, with the line and the column at which a reader must be told so.

import type { Random } from './random.ts';
import type { DossierTree } from './random-dossiers.ts';
import { anyStyle, type Path, PLAIN_STYLE, type Place, Raw, type Style, type Tree, writeYaml } from './yaml-writer.ts';

export interface BadCase {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Names of `files`. */
  readonly dossiers: readonly string[];
  readonly environment: string;
  readonly fixtures: boolean;
  /** The file that the error names, and where in it; the first place is the best, no place is any. */
  readonly told: { readonly file: string; readonly places: readonly Place[] };
}

/** Where the error of a changed tree is told. */
type At = (key: (path: Path) => Place, value: (path: Path) => Place) => readonly Place[];

interface Wrong {
  readonly name: string;
  readonly of: 'dossier' | 'environment';
  readonly change: (tree: Change) => void;
  readonly at: At;
}

/** A tree that can be changed at a path. */
type Change = { set(path: Path, value: Tree): void; remove(path: Path): void; append(path: Path, value: Tree): void };

/** Every key that the design names has a value here. */
export const WHOLE_DOSSIER: DossierTree = {
  schema: 'design.technique/1',
  id: 'whole',
  name: 'Every key once',
  attack: { version: '18.1', technique: 'T1003.001', detection_strategy: 'DET0363', analytics: ['AN1030'] },
  scope_note: 'nothing else',
  procedures: [
    { id: 'one', name: 'first way', primitives: ['PM1', 'PM2'], atomic: ['T1003.001 #1'], sessions: ['S1'] },
    { id: 'two', primitives: ['PM1'] },
  ],
  primitives: [
    {
      id: 'PM1',
      name: 'open the process',
      control: 'fixed',
      observables: [
        {
          id: 'O1',
          data_component: 'DC0035',
          log_source: { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' },
          requires_fields: ['SourceImage', 'TargetImage'],
          predicate: { 'TargetImage|endswith': '\\lsass.exe' },
          forced: { TargetImage: 'lsass.exe' },
          free: ['SourceImage'],
          level: 4,
          column: 'U',
          context: { unrelated_techniques: ['T1055'], enrichment: ['the signer of SourceImage'] },
        },
        { id: 'O2', data_component: 'DC0021' },
      ],
    },
    {
      id: 'PM2',
      control: 'attacker_controlled',
      varies: { field: 'file.name', known_values: 23, open_ended: true },
      observables: [{ id: 'O3', data_component: 'DC0039', level: 1, column: 'U' }],
    },
    { id: 'PM3', control: 'fixed', observables: [{ id: 'O4', data_component: 'DC0040' }] },
  ],
  sessions: [
    {
      id: 'S1',
      path: 'not-at-hand.evtx',
      label: 'attack',
      window: { from: '2020-09-04T00:00:00Z', to: '2020-09-05T00:00:00Z' },
    },
    { id: 'S2', path: 'nor-this.evtx', label: 'benign' },
  ],
};

export const WHOLE_ENVIRONMENT: DossierTree = {
  schema: 'design.environment/1',
  id: 'whole-env',
  attack_version: '18.1',
  stores: [{ id: 'lake', engine: 'duckdb', uri: 'events/*.parquet', time_field: '@timestamp' }],
  data_sources: [
    {
      id: 'sysmon',
      product: 'Sysmon',
      log_source: { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' },
      data_components: ['DC0035'],
      fields: { SourceImage: 1, TargetImage: 0.9 },
      hosts: { scope: 'servers', covered: 23, total: 26 },
      retention_days: 30,
      lag_p95: 60,
      events_per_day: 250000,
      store: 'lake',
      checked_at: '2026-01-05T00:00:00Z',
    },
    { id: 'winsec', data_components: ['DC0039'] },
  ],
  analyst: { alerts_per_day: 40 },
  baseline_results: { O1: { hits_per_day: 41000, after_exclusions: 2 }, O3: { hits_per_day: 3 } },
  budget: { max_hits_per_day: 10, max_seconds_per_run: 5 },
};

const O1 = ['primitives', 0, 'observables', 0] as const;

/** Maps whose keys are all known. */
const MAPS: Readonly<Record<Wrong['of'], readonly Path[]>> = {
  dossier: [
    [],
    ['attack'],
    ['procedures', 0],
    ['procedures', 1],
    ['primitives', 0],
    ['primitives', 1, 'varies'],
    O1,
    [...O1, 'log_source'],
    [...O1, 'context'],
    ['primitives', 2, 'observables', 0],
    ['sessions', 0],
    ['sessions', 0, 'window'],
  ],
  environment: [
    [],
    ['stores', 0],
    ['data_sources', 0],
    ['data_sources', 0, 'log_source'],
    ['data_sources', 0, 'hosts'],
    ['analyst'],
    ['baseline_results', 'O1'],
    ['budget'],
  ],
};
const UNKNOWN_KEYS = ['levle', 'Id', '__proto__', 'constructor', 'necessity', 'x-note', ' id'];

type Kind = 'text' | 'texts' | 'map' | 'maps' | 'number' | 'boolean';
const KEYS: Readonly<Record<Wrong['of'], readonly (readonly [Kind, Path])[]>> = {
  dossier: [
    ['text', ['id']],
    ['text', ['name']],
    ['map', ['attack']],
    ['text', ['attack', 'version']],
    ['text', ['attack', 'technique']],
    ['text', ['attack', 'detection_strategy']],
    ['texts', ['attack', 'analytics']],
    ['text', ['scope_note']],
    ['maps', ['procedures']],
    ['text', ['procedures', 0, 'id']],
    ['text', ['procedures', 0, 'name']],
    ['texts', ['procedures', 0, 'primitives']],
    ['texts', ['procedures', 0, 'atomic']],
    ['texts', ['procedures', 0, 'sessions']],
    ['text', ['primitives', 2, 'id']],
    ['text', ['primitives', 0, 'name']],
    ['text', ['primitives', 0, 'control']],
    ['map', ['primitives', 1, 'varies']],
    ['text', ['primitives', 1, 'varies', 'field']],
    ['boolean', ['primitives', 1, 'varies', 'open_ended']],
    ['maps', ['primitives', 0, 'observables']],
    ['text', [...O1, 'id']],
    ['text', [...O1, 'data_component']],
    ['map', [...O1, 'log_source']],
    ['text', [...O1, 'log_source', 'name']],
    ['text', [...O1, 'log_source', 'channel']],
    ['texts', [...O1, 'requires_fields']],
    ['texts', [...O1, 'free']],
    ['number', [...O1, 'level']],
    ['text', [...O1, 'column']],
    ['map', [...O1, 'context']],
    ['texts', [...O1, 'context', 'unrelated_techniques']],
    ['texts', [...O1, 'context', 'enrichment']],
    ['maps', ['sessions']],
    ['text', ['sessions', 1, 'id']],
    ['text', ['sessions', 1, 'path']],
    ['text', ['sessions', 1, 'label']],
    ['map', ['sessions', 0, 'window']],
  ],
  environment: [
    ['text', ['id']],
    ['text', ['attack_version']],
    ['maps', ['stores']],
    ['text', ['stores', 0, 'engine']],
    ['text', ['stores', 0, 'uri']],
    ['text', ['stores', 0, 'time_field']],
    ['maps', ['data_sources']],
    ['text', ['data_sources', 0, 'id']],
    ['text', ['data_sources', 0, 'product']],
    ['map', ['data_sources', 0, 'log_source']],
    ['texts', ['data_sources', 0, 'data_components']],
    ['map', ['data_sources', 0, 'fields']],
    ['number', ['data_sources', 0, 'fields', 'SourceImage']],
    ['map', ['data_sources', 0, 'hosts']],
    ['text', ['data_sources', 0, 'hosts', 'scope']],
    ['number', ['data_sources', 0, 'hosts', 'covered']],
    ['number', ['data_sources', 0, 'hosts', 'total']],
    ['number', ['data_sources', 0, 'retention_days']],
    ['number', ['data_sources', 0, 'events_per_day']],
    ['text', ['data_sources', 0, 'store']],
    ['text', ['data_sources', 0, 'checked_at']],
    ['map', ['analyst']],
    ['number', ['analyst', 'alerts_per_day']],
    ['map', ['baseline_results']],
    ['map', ['baseline_results', 'O1']],
    ['number', ['baseline_results', 'O1', 'hits_per_day']],
    ['number', ['baseline_results', 'O1', 'after_exclusions']],
    ['map', ['budget']],
    ['number', ['budget', 'max_hits_per_day']],
    ['number', ['budget', 'max_seconds_per_run']],
  ],
};
/** Of each kind, values that are none; a deeper path where only a part is wrong. */
const WRONG_TYPES: Readonly<Record<Kind, readonly { readonly value: Tree; readonly part?: Path }[]>> = {
  text: [{ value: { a: 'b' } }, { value: ['a', 'b'] }],
  texts: [{ value: { a: 'b' } }, { value: [{ a: 'b' }], part: [0] }, { value: [['PM1']], part: [0] }],
  map: [{ value: 'a text' }, { value: ['a', 'b'] }, { value: 7 }],
  maps: [{ value: 'a text' }, { value: { a: 'b' } }, { value: ['a text'], part: [0] }, { value: [[]], part: [0] }],
  number: [
    { value: 'many' },
    { value: { a: 1 } },
    { value: [1] },
    { value: true },
    { value: new Raw('.nan') },
    { value: new Raw('.inf') },
  ],
  boolean: [{ value: 'perhaps' }, { value: 7 }, { value: ['true'] }],
};

/** Values of the right type that are not among those allowed. */
const WRONG_VALUES: readonly (readonly [Wrong['of'], Path, readonly Tree[]])[] = [
  ['dossier', [...O1, 'level'], [7, 0, 6, -1, 2.5]],
  ['dossier', ['primitives', 1, 'observables', 0, 'level'], [7]],
  ['dossier', [...O1, 'column'], ['X', 'u', 'UK', '']],
  ['dossier', ['primitives', 0, 'control'], ['Fixed', 'attacker-controlled', 'both', '', 'constructor']],
  ['dossier', ['primitives', 2, 'control'], ['none']],
  ['dossier', [...O1, 'data_component'], ['Process Access', 'DC35', 'DS0009', 'DC00355']],
  ['dossier', ['primitives', 1, 'varies', 'known_values'], [{ a: 1 }, 'many']],
  ['dossier', ['sessions', 0, 'label'], ['Attack', 'evil']],
  ['dossier', ['schema'], ['design.technique/2', 'winnow.funnel/1', '']],
  ['environment', ['schema'], ['design.environment/2', 'environment']],
  ['environment', ['stores', 0, 'engine'], ['oracle']],
  ['environment', ['data_sources', 0, 'data_components', 0], ['Process Access', 'DC35']],
];

/** Keys that must be there. */
const REQUIRED: readonly (readonly [Wrong['of'], Path])[] = [
  ['dossier', ['id']],
  ['dossier', ['schema']],
  ['dossier', ['procedures']],
  ['dossier', ['procedures', 1, 'id']],
  ['dossier', ['primitives', 2, 'id']],
  ['dossier', ['primitives', 2, 'control']],
  ['dossier', [...O1, 'id']],
  ['dossier', [...O1, 'data_component']],
  ['environment', ['schema']],
  ['environment', ['budget']],
  ['environment', ['budget', 'max_hits_per_day']],
];

const DOUBLED: readonly (readonly [string, Wrong['of'], Path, Tree])[] = [
  ['primitive', 'dossier', ['primitives'], { control: 'fixed', id: 'PM1' }],
  ['procedure', 'dossier', ['procedures'], { primitives: ['PM1'], id: 'two' }],
  ['session', 'dossier', ['sessions'], { path: 'x.evtx', id: 'S1', label: 'benign' }],
  ['observable of one primitive', 'dossier', [...O1.slice(0, 3)], { data_component: 'DC0001', id: 'O1' }],
  ['observable of two primitives', 'dossier', ['primitives', 2, 'observables'], { data_component: 'DC0001', id: 'O1' }],
  ['data source', 'environment', ['data_sources'], { data_components: ['DC0001'], id: 'winsec' }],
  ['store', 'environment', ['stores'], { uri: 'x.parquet', id: 'lake', engine: 'duckdb' }],
];

const DANGLING: readonly (readonly [string, Wrong['of'], Path, readonly string[]])[] = [
  ['primitive', 'dossier', ['procedures', 0, 'primitives'], ['PM9', 'pm1', 'toString', '__proto__', 'O1', 'PM1 ']],
  ['session', 'dossier', ['procedures', 0, 'sessions'], ['S9', 'constructor']],
];

function wrongs(): readonly Wrong[] {
  const all: Wrong[] = [];
  const add = (name: string, of: Wrong['of'], change: Wrong['change'], at: At) => all.push({ name, of, change, at });
  for (const of of ['dossier', 'environment'] as const) {
    MAPS[of].forEach((path, i) => {
      for (const unknown of new Set([UNKNOWN_KEYS[i % UNKNOWN_KEYS.length], 'levle'])) {
        const where = [...path, unknown];
        add(
          `unknown key ${JSON.stringify(unknown)} in ${of} ${path.join('.')}`,
          of,
          (tree) => tree.set(where, 1),
          (key) => [key(where)],
        );
      }
    });
    for (const [kind, path] of KEYS[of])
      for (const { value, part } of WRONG_TYPES[kind])
        add(
          `${of} ${path.join('.')} is ${value instanceof Raw ? value.text : JSON.stringify(value)}`,
          of,
          (tree) => tree.set(path, value),
          (_, at) => [at([...path, ...(part ?? [])]), ...(part ? [at(path)] : [])],
        );
  }
  for (const [of, path, values] of WRONG_VALUES)
    for (const value of values)
      add(
        `${of} ${path.join('.')} is ${JSON.stringify(value)}`,
        of,
        (tree) => tree.set(path, value),
        (_, at) => [at(path)],
      );
  for (const [of, path] of REQUIRED) {
    const map = path.slice(0, -1);
    add(
      `${of} without ${path.join('.')}`,
      of,
      (tree) => tree.remove(path),
      (key, at) => [at(map), ...(map.length > 0 ? [key(map)] : [])],
    );
    add(
      `${of} with ${path.join('.')} null`,
      of,
      (tree) => tree.set(path, null),
      (key, at) => [at(path), at(map), ...(map.length > 0 ? [key(map)] : [])],
    );
  }
  add(
    'no procedure',
    'dossier',
    (tree) => tree.set(['procedures'], []),
    (key, at) => [at(['procedures']), key(['procedures'])],
  );
  for (const [name, of, path, item] of DOUBLED) {
    const index = (
      path.reduce<Tree>(
        (tree, step) => (tree as { [step: string | number]: Tree })[step],
        of === 'dossier' ? WHOLE_DOSSIER : WHOLE_ENVIRONMENT,
      ) as readonly Tree[]
    ).length;
    add(
      `doubled id: ${name}`,
      of,
      (tree) => tree.append(path, item),
      (_, at) => [at([...path, index, 'id'])],
    );
  }
  for (const [name, of, path, ids] of DANGLING)
    for (const id of ids)
      add(
        `dangling ${name} ${JSON.stringify(id)}`,
        of,
        (tree) => tree.set([...path, 0], id),
        (_, at) => [at([...path, 0])],
      );
  const store: Path = ['data_sources', 0, 'store'];
  add(
    'dangling store',
    'environment',
    (tree) => tree.set(store, 'nowhere'),
    (_, at) => [at(store)],
  );
  const predicate: Path = [...O1, 'predicate'];
  add(
    'a modifier that nobody knows',
    'dossier',
    (tree) => tree.set(predicate, { 'Image|frobnicate': 'x' }),
    (key, at) => [key([...predicate, 'Image|frobnicate']), at([...predicate, 'Image|frobnicate'])],
  );
  add(
    'a predicate without a field',
    'dossier',
    (tree) => tree.set(predicate, {}),
    (_, at) => [at(predicate)],
  );
  add(
    'a regular expression that is none',
    'dossier',
    (tree) => tree.set(predicate, { 'Image|re': 'a(' }),
    (key, at) => [at([...predicate, 'Image|re']), key([...predicate, 'Image|re'])],
  );
  add(
    'an alias that names nothing',
    'dossier',
    (tree) => tree.set(['name'], new Raw('*gone')),
    (_, at) => [at(['name'])],
  );
  return all;
}

/** Every case, each in a style of its own. */
export function badCases(random: Random): readonly BadCase[] {
  const one = wrongs().map(({ name, of, change, at }): BadCase => {
    const tree = changed(of === 'dossier' ? WHOLE_DOSSIER : WHOLE_ENVIRONMENT, change);
    const written = writeYaml([tree], anyStyle(random), random);
    const inFirst = (path: Path): Path => [0, ...path];
    const places = at(
      (path) => written.key(inFirst(path)),
      (path) => written.value(inFirst(path)),
    );
    return caseOf(
      name,
      {
        [`${of}.yml`]: written.text,
        [of === 'dossier' ? 'environment.yml' : 'dossier.yml']: text(
          of === 'dossier' ? WHOLE_ENVIRONMENT : WHOLE_DOSSIER,
        ),
      },
      { file: `${of}.yml`, places },
    );
  });
  return [...one, ...overFiles(random), ...texts()];

  function text(tree: Tree, style: Style = anyStyle(random)): string {
    return writeYaml([tree], style, random).text;
  }
}

/** What is wrong only over several files or documents. */
function overFiles(random: Random): readonly BadCase[] {
  const write = (...trees: readonly Tree[]) => writeYaml(trees, anyStyle(random), random);
  const dossier = write(WHOLE_DOSSIER).text;
  const environment = write(WHOLE_ENVIRONMENT).text;
  const other = changed(WHOLE_DOSSIER, (tree) => {
    tree.set(['id'], 'other');
    for (const [i, path] of WHOLE_DOSSIER_OBSERVABLES.entries()) tree.set([...path, 'id'], `P${i}`);
  });
  const sameObservable = write(changed(other, (tree) => tree.set(['primitives', 1, 'observables', 0, 'id'], 'O1')));
  const sameId = write(changed(other, (tree) => tree.set(['id'], 'whole')));
  const inOneFile = write(
    WHOLE_DOSSIER,
    changed(other, (tree) => tree.set([...O1, 'id'], 'O4')),
  );
  const twoEnvironments = write(
    WHOLE_ENVIRONMENT,
    changed(WHOLE_ENVIRONMENT, (tree) => tree.set(['id'], 'second')),
  );
  const noSchema = write(
    WHOLE_DOSSIER,
    changed(WHOLE_ENVIRONMENT, (tree) => tree.set(['schema'], 'design.other/1')),
  );
  const withFigures = write(WHOLE_ENVIRONMENT);
  const pair = { 'dossier.yml': dossier, 'environment.yml': environment };
  const both = ['dossier.yml', 'other.yml'];
  return [
    caseOf(
      'an observable of two dossiers',
      { ...pair, 'other.yml': sameObservable.text },
      {
        file: 'other.yml',
        places: [sameObservable.value([0, 'primitives', 1, 'observables', 0, 'id'])],
      },
      { dossiers: both },
    ),
    caseOf(
      'a dossier id twice',
      { ...pair, 'other.yml': sameId.text },
      {
        file: 'other.yml',
        places: [sameId.value([0, 'id']), sameId.value([0])],
      },
      { dossiers: both },
    ),
    caseOf(
      'an observable of two dossiers in one file',
      { ...pair, 'dossier.yml': inOneFile.text },
      {
        file: 'dossier.yml',
        places: [inOneFile.value([1, ...O1, 'id'])],
      },
    ),
    caseOf(
      'two environments',
      { ...pair, 'environment.yml': twoEnvironments.text },
      {
        file: 'environment.yml',
        places: [twoEnvironments.value([1]), twoEnvironments.value([1, 'schema']), twoEnvironments.key([1, 'schema'])],
      },
    ),
    caseOf(
      'no environment',
      { ...pair, 'environment.yml': write(other).text },
      { file: 'environment.yml', places: [] },
    ),
    caseOf(
      'no dossier',
      { ...pair, 'dossier.yml': write(WHOLE_ENVIRONMENT).text },
      { file: 'dossier.yml', places: [] },
    ),
    caseOf(
      'a second document of no kind',
      { ...pair, 'dossier.yml': noSchema.text },
      {
        file: 'dossier.yml',
        places: [noSchema.value([1, 'schema'])],
      },
    ),
    caseOf(
      'figures without --fixtures',
      { ...pair, 'environment.yml': withFigures.text },
      {
        file: 'environment.yml',
        places: [withFigures.key([0, 'baseline_results']), withFigures.value([0, 'baseline_results'])],
      },
      { fixtures: false },
    ),
    caseOf('an empty dossier', { ...pair, 'dossier.yml': '\n\n' }, { file: 'dossier.yml', places: [] }),
    caseOf(
      'only a remark',
      { ...pair, 'environment.yml': '# nothing\n---\n' },
      { file: 'environment.yml', places: [] },
    ),
    caseOf(
      'a list',
      { ...pair, 'dossier.yml': '- design.technique/1\n' },
      { file: 'dossier.yml', places: [{ line: 1, column: 1 }] },
    ),
    caseOf(
      'a text',
      { ...pair, 'dossier.yml': '\nno dossier\n' },
      { file: 'dossier.yml', places: [{ line: 2, column: 1 }] },
    ),
  ];
}

const WHOLE_DOSSIER_OBSERVABLES: readonly Path[] = [
  O1,
  ['primitives', 0, 'observables', 1],
  ['primitives', 1, 'observables', 0],
  ['primitives', 2, 'observables', 0],
];

/** What is no YAML, or YAML meant to hurt: told somewhere in the file, soon. */
function texts(): readonly BadCase[] {
  const random = {
    next: () => 0.99,
    chance: () => false,
    pick: <T>(from: readonly T[]) => from[0],
  } as unknown as Random;
  const dossier = writeYaml([WHOLE_DOSSIER], PLAIN_STYLE, random).text;
  const environment = writeYaml([WHOLE_ENVIRONMENT], PLAIN_STYLE, random).text;
  const lines = dossier.split('\n').length;
  const at = (name: string, text: string, ...places: readonly Place[]): BadCase =>
    caseOf(name, { 'dossier.yml': text, 'environment.yml': environment }, { file: 'dossier.yml', places });
  const bomb = (first: string, width: number, depth: number): string => {
    const layers = [`x0: &x0 ${first}`];
    for (let i = 1; i <= depth; i++)
      layers.push(
        `x${i}: &x${i} [${Array(width)
          .fill(`*x${i - 1}`)
          .join(', ')}]`,
      );
    return `${layers.join('\n')}\n`;
  };
  return [
    at('a key twice', `${dossier}id: again\n`, { line: lines, column: 1 }),
    at('a list that does not end', `${dossier}references: [a, b\n`),
    at('a text that does not end', `${dossier}scope: "a\n`),
    at('a tab', dossier.replace('\n  version', '\n\tversion')),
    at('too far left', dossier.replace('\n  version', '\n version')),
    at('a map and a text', `${dossier}just words\n`),
    at('an alias bomb', dossier + bomb('[l, l, l, l, l, l, l, l, l]', 9, 12)),
    at('an alias bomb of texts', dossier.replace(/^name: .*$/m, '').concat(bomb('lol', 9, 12), 'name: *x12\n')),
    at('an alias of itself', dossier.replace(/^procedures:/m, 'procedures: &p\n  - *p')),
    at('deep lists', `${dossier}scope: ${'['.repeat(200)}${']'.repeat(200)}\n`),
    at('very deep lists', `${dossier}scope: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`),
    at('very deep maps', `${dossier}scope: ${'{a: '.repeat(50_000)}1${'}'.repeat(50_000)}\n`),
    at('very deep dashes', `${dossier}scope:\n  ${'- '.repeat(20_000)}x\n`),
    at('very deep blocks', dossier + Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')),
    at('an escape sequence in a key', `${dossier}"\\e[31mred": 1\n`, { line: lines, column: 1 }),
    at('a key of a map', `${dossier}? {a: b}\n: 1\n`),
  ];
}

function caseOf(
  name: string,
  files: Readonly<Record<string, string>>,
  told: BadCase['told'],
  more: Partial<Pick<BadCase, 'dossiers' | 'fixtures'>> = {},
): BadCase {
  return {
    name,
    files: Object.entries(files).map(([file, text]) => ({ name: file, text })),
    dossiers: ['dossier.yml'],
    environment: 'environment.yml',
    fixtures: true,
    told,
    ...more,
  };
}

function changed(tree: DossierTree, change: (tree: Change) => void): DossierTree {
  const root = copy(tree) as { [key: string]: Tree };
  const at = (path: Path) =>
    path.reduce<Tree>((node, step) => (node as { [step: string | number]: Tree })[step], root) as {
      [step: string | number]: Tree;
    };
  change({
    // `__proto__` is a key like any other.
    set: (path, value) =>
      void Object.defineProperty(at(path.slice(0, -1)), path[path.length - 1], {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      }),
    remove: (path) => void delete at(path.slice(0, -1))[path[path.length - 1]],
    append: (path, value) => void (at(path) as unknown as Tree[]).push(value),
  });
  return root;
}

function copy(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(copy);
  if (tree === null || typeof tree !== 'object' || tree instanceof Raw) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, copy(value)]));
}

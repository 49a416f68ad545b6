// The JSON Schemas for editors and the reader of dossiers agree: the same keys in each map, the same dossiers accepted and refused.
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { attackFactsFor } from '../../src/design/attack/attack-facts.ts';
import { DossierError } from '../../src/design/read/dossier-error.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { scaffold } from '../../src/design/scaffold.ts';

interface Schema {
  readonly properties: Readonly<Record<string, object>>;
  readonly $defs: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>> }>>;
}
function load(name: string): { schema: Schema; validate: ValidateFunction } {
  const schema = JSON.parse(readFileSync(`docs/formats/${name}.schema.json`, 'utf8'));
  return { schema, validate: new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema) };
}
const technique = load('design.technique-1');
const environment = load('design.environment-1');

const OBSERVABLE = { id: 'O', data_component: 'DC0035' };
const TECHNIQUE = {
  schema: 'design.technique/1',
  id: 'd',
  procedures: [{ id: 'a', primitives: ['P'] }],
  primitives: [{ id: 'P', control: 'fixed', observables: [OBSERVABLE] }],
};
const ENVIRONMENT = { schema: 'design.environment/1', id: 'e', budget: { max_hits_per_day: 10 } };

/** The reader says what is wrong; JSON is YAML. */
function problems(value: unknown): readonly string[] {
  try {
    readDossiers(JSON.stringify(value), 'x');
    return [];
  } catch (error) {
    if (error instanceof DossierError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

type Path = readonly (string | number)[];
/** The value with a part of it put in. */
function put(value: unknown, path: Path, part: unknown): unknown {
  if (path.length === 0) return part;
  const [key, ...rest] = path;
  const copy =
    Array.isArray(value) || typeof key === 'number' ? [...((value ?? []) as unknown[])] : { ...(value as object) };
  (copy as Record<string | number, unknown>)[key] = put((copy as Record<string | number, unknown>)[key], rest, part);
  return copy;
}

/** Where each map of a schema stands in a dossier, and what has to be in it for the rest to be right. */
const TECHNIQUE_MAPS: Readonly<Record<string, Path>> = {
  attack: ['attack'],
  procedure: ['procedures', 0],
  primitive: ['primitives', 0],
  varies: ['primitives', 0, 'varies'],
  observable: ['primitives', 0, 'observables', 0],
  logSource: ['primitives', 0, 'observables', 0, 'log_source'],
  context: ['primitives', 0, 'observables', 0, 'context'],
  session: ['sessions', 0],
  window: ['sessions', 0, 'window'],
};
const ENVIRONMENT_MAPS: Readonly<Record<string, Path>> = {
  store: ['stores', 0],
  dataSource: ['data_sources', 0],
  logSource: ['data_sources', 0, 'log_source'],
  hosts: ['data_sources', 0, 'hosts'],
  analyst: ['analyst'],
  budget: ['budget'],
  figure: ['baseline_results', 'O1'],
};

/** The keys that the reader names when it finds one that it does not know in the map at a path. */
function keysOfReader(base: unknown, path: Path): readonly string[] {
  const bad = path.length === 0 ? { ...(base as object), no_such_key: 1 } : put(base, [...path, 'no_such_key'], 1);
  const message = problems(bad).find((one) => one.includes("'no_such_key'"));
  return message?.split('its keys are ')[1].split(', ') ?? [];
}

describe('the schema of a technique', () => {
  it.each([['', [] as Path], ...Object.entries(TECHNIQUE_MAPS)])('%s has the keys of the reader', (name, path) => {
    const keys = Object.keys((name === '' ? technique.schema : technique.schema.$defs[name]).properties ?? {});
    expect([...keysOfReader(TECHNIQUE, path)].sort()).toEqual(keys.sort());
  });

  it('has no map that is not held against the reader', () => {
    const maps = Object.entries(technique.schema.$defs).filter(([, one]) => one.properties);
    expect(maps.map(([name]) => name).sort()).toEqual(Object.keys(TECHNIQUE_MAPS).sort());
  });

  it('takes what the reader takes: the example, and what is begun from ATT&CK', () => {
    const [example] = readFileSync('fixtures/designs/example-8.yaml', 'utf8').split(/^---$/m);
    expect(technique.validate(parse(example)), JSON.stringify(technique.validate.errors)).toBe(true);
    const facts = attackFactsFor('18.1');
    for (const id of ['T1003.001', 'T1136.001', 'T1588']) {
      const text = scaffold(facts, facts.techniques.get(id)!);
      expect(technique.validate(parse(text)), `${id} ${JSON.stringify(technique.validate.errors)}`).toBe(true);
    }
  });

  const at = (key: string, value: unknown) => put(TECHNIQUE, ['primitives', 0, 'observables', 0, key], value);
  it.each<readonly [string, unknown, boolean]>([
    ['the least', TECHNIQUE, true],
    ['a number for a version', put(TECHNIQUE, ['attack'], { version: 18.1 }), true],
    ['null for what is not there', put(TECHNIQUE, ['attack'], { detection_strategy: null, analytics: null }), true],
    ['one text for a list', put(TECHNIQUE, ['references'], 'x'), true],
    ['a list of known values', put(TECHNIQUE, ['primitives', 0, 'varies'], { known_values: ['a', 1] }), true],
    ['a list of selections', at('predicate', [{ Image: 'x' }, { Image: 'y' }]), true],
    ['forced words', at('forced', { Image: 'x', Bits: 16 }), true],
    ['level 5, column H', put(at('level', 5), ['primitives', 0, 'observables', 0, 'column'], 'H'), true],
    ['no procedures', put(TECHNIQUE, ['procedures'], []), false],
    ['no id', { ...TECHNIQUE, id: undefined }, false],
    ['level 7', at('level', 7), false],
    ['column X', at('column', 'X'), false],
    ['a text for a predicate', at('predicate', 'x'), false],
    ['a map that is forced', at('forced', { Image: {} }), false],
    ['another control', put(TECHNIQUE, ['primitives', 0, 'control'], 'both'), false],
    ['no control', put(TECHNIQUE, ['primitives', 0, 'control'], undefined), false],
    ['rights of their own', put(TECHNIQUE, ['attacker_rights'], 'root'), false],
    ['a label of its own', put(TECHNIQUE, ['sessions'], [{ id: 's', path: 'x', label: 'odd' }]), false],
    ['a map in a list of texts', put(TECHNIQUE, ['references'], [{}]), false],
    ['no data component', put(TECHNIQUE, ['primitives', 0, 'observables', 0], { id: 'O' }), false],
  ])('and the reader judge alike: %s', (_, value, isRight) => {
    expect([problems(value).length === 0, technique.validate(JSON.parse(JSON.stringify(value)))]).toEqual([
      isRight,
      isRight,
    ]);
  });
});

const source = (more: object) => ({ ...ENVIRONMENT, data_sources: [{ id: 's', ...more }] });

describe('what the reader of an environment says beside its schema', () => {
  it.each([
    [
      'more hosts covered than there are',
      'hosts: {covered: 5, total: 3}',
      "'covered' is 5, more than all hosts",
      'hosts: {covered: ',
    ],
    ['a day that the calendar has not', 'checked_at: 2026-02-30', "'checked_at' is a day such as", 'checked_at: '],
    ['a time that is none', 'checked_at: 2026-11-28T31:00', "'checked_at' is a day such as", 'checked_at: '],
    ['words for a day', 'checked_at: last week', "not 'last week'", 'checked_at: '],
  ])('%s', (_, part, message, before) => {
    const text = `schema: design.environment/1\nid: e\nbudget: {max_hits_per_day: 1}\ndata_sources:\n  - id: s\n    ${part}\n`;
    let told = '';
    try {
      readDossiers(text, 'e.yaml');
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told).toContain(message);
    expect(told.startsWith(`e.yaml:6:${5 + before.length}: `), told).toBe(true);
  });

  it('says the same of the same numbers, and not of ids that are spelled otherwise', () => {
    const canonical = (hits: string, id = '1') => {
      const text = `schema: design.environment/1\nid: ${id}\nbudget: {max_hits_per_day: 1}\nbaseline_results: {O1: {hits_per_day: ${hits}}}\n`;
      return readDossiers(text, 'e.yaml').environments[0].canonical;
    };
    expect(canonical('4.1e+4')).toBe(canonical('41000'));
    expect(canonical('41000.0')).toBe(canonical('41000'));
    expect(canonical('41001')).not.toBe(canonical('41000'));
    expect(canonical('1', '1.0')).not.toBe(canonical('1', '1'));
  });
});

describe('the reader of a technique', () => {
  it('says how a level in quotes is written', () => {
    expect(problems(put(TECHNIQUE, ['primitives', 0, 'observables', 0, 'level'], '4'))).toEqual([
      '\'level\' is one of 1, 2, 3, 4, 5, not the text "4": write it without quotes, level: 4',
    ]);
  });

  it.each([
    ['lists', '['],
    ['maps', '{a: '],
    ['lines', '- '],
  ])('says where %s lie too deep, in its own words', (_, unit) => {
    for (const depth of [70, 20_000]) {
      let told = '';
      try {
        readDossiers(`schema: design.technique/1\nid: ${unit === '- ' ? '\n' : ''}${unit.repeat(depth)}`, 'd.yaml');
      } catch (error) {
        told = (error as Error).message;
      }
      expect(told).toMatch(/^d\.yaml:\d+:\d+: /);
      expect(told).not.toMatch(/stack/i);
      if (depth > 70) expect(told).toContain('more than 64 values within one another');
    }
  });
});

describe('the schema of an environment', () => {
  it.each([['', [] as Path], ...Object.entries(ENVIRONMENT_MAPS)])('%s has the keys of the reader', (name, path) => {
    const keys = Object.keys((name === '' ? environment.schema : environment.schema.$defs[name]).properties ?? {});
    expect([...keysOfReader(ENVIRONMENT, path)].sort()).toEqual(keys.sort());
  });

  it('has no map that is not held against the reader', () => {
    const maps = Object.entries(environment.schema.$defs).filter(([, one]) => one.properties);
    expect(maps.map(([name]) => name).sort()).toEqual(Object.keys(ENVIRONMENT_MAPS).sort());
  });

  it.each<readonly [string, unknown, boolean]>([
    ['the least', ENVIRONMENT, true],
    [
      'a data source',
      {
        ...ENVIRONMENT,
        data_sources: [{ id: 's', data_components: 'DC0035', fields: { Image: 0.5 }, hosts: { covered: 1 } }],
      },
      true,
    ],
    ['figures', { ...ENVIRONMENT, baseline_results: { O1: { hits_per_day: 0.3 } } }, true],
    ['no budget', { schema: 'design.environment/1', id: 'e' }, false],
    ['a budget of nothing', { ...ENVIRONMENT, budget: {} }, false],
    ['a fill rate of 2', { ...ENVIRONMENT, data_sources: [{ id: 's', fields: { Image: 2 } }] }, false],
    ['a day of a measurement', source({ checked_at: '2026-11-28' }), true],
    ['its time as well', source({ checked_at: '2026-11-28T09:00:00Z' }), true],
    ['all hosts', source({ hosts: { covered: 3, total: 3 } }), true],
    ['hits below 0', { ...ENVIRONMENT, budget: { max_hits_per_day: -1 } }, false],
    ['a store without a place', { ...ENVIRONMENT, stores: [{ id: 'a', engine: 'duckdb' }] }, false],
  ])('and the reader judge alike: %s', (_, value, isRight) => {
    expect([problems(value).length === 0, environment.validate(value)]).toEqual([isRight, isRight]);
  });
});

describe('the schema of accepted exclusions', () => {
  const { schema, validate } = load('design.acceptances-1');
  const ITEM = { observable: 'O', predicate: { Image: 'x' }, owner: 'o', expiry: '2099-01-31', reason: 'r' };
  const list = (...acceptances: readonly unknown[]) => ({ schema: 'design.acceptances/1', acceptances });

  it('has the keys of the reader, in each map', () => {
    const keys = (map: { readonly properties?: object }) => Object.keys(map.properties ?? {}).sort();
    expect([...keysOfReader(list(ITEM), [])].sort()).toEqual(keys(schema));
    expect([...keysOfReader(list(ITEM), ['acceptances', 0])].sort()).toEqual(keys(schema.$defs.acceptance));
    expect(Object.entries(schema.$defs).filter(([, one]) => one.properties)).toHaveLength(1);
  });

  it.each<readonly [string, unknown, boolean]>([
    ['the least', list(ITEM), true],
    ['none', list(), true],
    ['all', list({ ...ITEM, ticket: 7, reviewed_per_day: 0.5 }), true],
    ['null for what is not there', list({ ...ITEM, ticket: null, reviewed_per_day: null }), true],
    ['a selection in quotes', list({ ...ITEM, predicate: '{Image|endswith: x}' }), true],
    ['a list of selections', list({ ...ITEM, predicate: [{ Image: 'x' }, { Image: 'y' }] }), true],
    ['no list', { schema: 'design.acceptances/1' }, false],
    ['a map for the list', { schema: 'design.acceptances/1', acceptances: {} }, false],
    ...Object.keys(ITEM).map((key) => [`no ${key}`, list({ ...ITEM, [key]: undefined }), false] as const),
    ['no day', list({ ...ITEM, expiry: 'soon' }), false],
    ['a number for a predicate', list({ ...ITEM, predicate: 5 }), false],
    ['a rate below 0', list({ ...ITEM, reviewed_per_day: -1 }), false],
  ])('and the reader judge alike: %s', (_, value, isRight) => {
    expect([problems(value).length === 0, validate(JSON.parse(JSON.stringify(value)))]).toEqual([isRight, isRight]);
  });
});

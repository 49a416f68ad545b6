// Reads a mapping file, JSON or YAML, and says of a wrong one what is wrong and where: file, line and column.

import { FormatError } from '../../../errors.ts';
import { RuleError, ruleErrorText } from '../../../rule/read/rule-error.ts';
import { entryOf, textAt, textsAt, type YamlNode, yamlNodes } from '../../../rule/read/yaml-node.ts';
import type { ChangeKind, Outcome } from '../../document.ts';
import type { ApiMapping, FieldRef, MappedCall } from './api-mapping.ts';
import { ABOUT } from './api-row.ts';
import { apiOf } from './api-table.ts';

export const API_MAPPING_SCHEMA = 'winnow.accounts-api-mapping/1';

/** What fields may tell, beside arguments. */
export const TARGETS = [
  'time',
  'host',
  'user',
  'domain',
  'sid',
  'logonId',
  'source',
  'image',
  'pid',
  'commandLine',
  'parentImage',
  'result',
] as const;

const OUTCOMES: readonly Outcome[] = ['success', 'failure', 'attempt'];
const REACHES: readonly ApiMapping['reach'][] = ['all', 'remote', 'none'];
const NAMES = [
  '$schema',
  'schema',
  'name',
  'origin',
  'reach',
  'within',
  'when',
  'fields',
  'nothing',
  'call',
  'outcome',
];

/** The mapping in a file's text. Throws FormatError: "edr.yml:12:5: ...". */
export function readApiMapping(text: string, file: string): ApiMapping {
  try {
    const nodes = yamlNodes(text.replace(/^\uFEFF/, ''));
    const [node, ...more] = nodes;
    if (node instanceof RuleError) throw node;
    if (node?.kind !== 'map' || more.length > 0)
      throw new RuleError('one map is expected, a mapping', node?.at ?? { line: 1, column: 1 });
    return mappingOf(node);
  } catch (error) {
    if (error instanceof RuleError) throw new FormatError(ruleErrorText(file, error), { cause: error });
    throw error;
  }
}

type MapNode = Extract<YamlNode, { kind: 'map' }>;

function mappingOf(node: MapNode): ApiMapping {
  onlyNames(node, NAMES);
  oneOf(node, 'schema', [API_MAPPING_SCHEMA]);
  const when = mapAt(node, 'when', true).entries.map(({ key, value, at }): readonly [FieldRef, ReadonlySet<string>] => {
    const values = texts(value).map((text) => text.toLowerCase().replace(/^\{(.*)\}$/, '$1'));
    if (values.length === 0) throw new RuleError(`"${key}" needs a value`, at);
    return [refOf(key, at), new Set(values)];
  });
  if (when.length === 0) throw new RuleError('"when" is empty: every event would be a call', node.at);
  const within = textsAt(node, 'within');
  const call = mapAt(node, 'call', true);
  onlyNames(call, ['field', 'values', 'table']);
  const table = textAt(call, 'table') === null ? undefined : oneOf(call, 'table', ['ms-samr-opnum']);
  const values = mapAt(call, 'values').entries.map(({ key, value }): [string, MappedCall] => [
    key.toLowerCase(),
    mappedCallOf(value),
  ]);
  if (table === undefined && values.length === 0) throw new RuleError('"call" needs "values", or a "table"', call.at);
  const outcome = mapAt(node, 'outcome');
  onlyNames(outcome, ['field', 'values', 'else']);
  return {
    name: required(node, 'name'),
    reach: textAt(node, 'reach') === null ? 'none' : oneOf(node, 'reach', REACHES),
    within: within.length > 0 ? within : [''],
    when,
    fields: fieldsOf(mapAt(node, 'fields')),
    nothing: new Set(textsAt(node, 'nothing').map((text) => text.trim().toLowerCase())),
    call: { field: refsAt(call, 'field', true), values: new Map(values), opnums: table !== undefined },
    outcome: {
      field: refsAt(outcome, 'field'),
      values: new Map(
        mapAt(outcome, 'values').entries.map(({ key, value }): [string, Outcome] => [
          key.toLowerCase(),
          wordOf(value, key, OUTCOMES),
        ]),
      ),
      otherwise: textAt(outcome, 'else') === null ? 'attempt' : oneOf(outcome, 'else', OUTCOMES),
    },
  };
}

/** An API's name, or a map with `api` or `kind`. */
function mappedCallOf(node: YamlNode): MappedCall {
  if (node.kind === 'scalar') return { api: apiAt(node.source, node), fields: new Map() };
  if (node.kind !== 'map') throw new RuleError('an API, or a map with "api" or "kind", is expected', node.at);
  onlyNames(node, ['api', 'kind', 'outcome', 'fields']);
  const [api, kind] = [textAt(node, 'api'), textAt(node, 'kind')];
  if ((api === null) === (kind === null)) throw new RuleError('either "api" or "kind" is expected', node.at);
  return {
    ...(api === null ? {} : { api: apiAt(api, entryOf(node, 'api') ?? node) }),
    ...(kind === null ? {} : { kind: oneOf(node, 'kind', Object.keys(ABOUT) as ChangeKind[]) }),
    ...(textAt(node, 'outcome') === null ? {} : { outcome: oneOf(node, 'outcome', OUTCOMES) }),
    fields: fieldsOf(mapAt(node, 'fields')),
  };
}

function apiAt(name: string, { at }: YamlNode): string {
  if (!apiOf(name)) throw new RuleError(`"${name}" is no API of accounts or groups that is known`, at);
  return name;
}

function fieldsOf(node: MapNode): ReadonlyMap<string, readonly FieldRef[]> {
  return new Map(
    node.entries.map(({ key, value, at }): [string, readonly FieldRef[]] => {
      if (!(TARGETS as readonly string[]).includes(key) && !/^arguments\.\w+$/.test(key))
        throw new RuleError(
          `"${key}" is nothing that is told of a call; expected ${TARGETS.join(', ')}, arguments.NAME`,
          at,
        );
      return [key, texts(value).map((text) => refOf(text, value.at))];
    }),
  );
}

function refsAt(node: MapNode, key: string, isRequired = false): readonly FieldRef[] {
  const value = entryOf(node, key);
  if (value === undefined && isRequired) throw new RuleError(`"${key}" is missing`, node.at);
  return value === undefined ? [] : texts(value).map((text) => refOf(text, value.at));
}

function refOf(text: string, at: YamlNode['at']): FieldRef {
  const isRight = text.startsWith('#') ? /^#[1-9]\d{0,3}$/.test(text) : text.startsWith('@') ? text === '@audit' : text;
  if (!isRight) throw new RuleError(`"${text}" names no field; expected a name, #NUMBER or @audit`, at);
  return text;
}

function texts(node: YamlNode): readonly string[] {
  return (node.kind === 'list' ? node.of : [node]).map((one) => {
    if (one.kind !== 'scalar') throw new RuleError('a text, or a list of texts, is expected', one.at);
    return one.source;
  });
}

function mapAt(node: MapNode, key: string, isRequired = false): MapNode {
  const value = entryOf(node, key);
  if (value === undefined && isRequired) throw new RuleError(`"${key}" is missing`, node.at);
  if (value !== undefined && value.kind !== 'map')
    throw new RuleError(`"${key}" is a map, not a ${value.kind}`, value.at);
  return value ?? { kind: 'map', entries: [], at: node.at };
}

function required(node: MapNode, key: string): string {
  const text = textAt(node, key);
  if (text === null || text.trim() === '') throw new RuleError(`"${key}" is missing`, node.at);
  return text;
}

function oneOf<T extends string>(node: MapNode, key: string, words: readonly T[]): T {
  required(node, key);
  return wordOf(entryOf(node, key)!, key, words);
}

function wordOf<T extends string>(node: YamlNode, key: string, words: readonly T[]): T {
  const text = node.kind === 'scalar' ? node.source : undefined;
  const word = words.find((one) => one === text);
  if (word === undefined)
    throw new RuleError(
      `"${key}" is ${text === undefined ? `a ${node.kind}` : `"${text}"`}; expected ${words.join(', ')}`,
      node.at,
    );
  return word;
}

function onlyNames(node: MapNode, names: readonly string[]): void {
  const entry = node.entries.find(({ key }) => !names.includes(key));
  if (entry) throw new RuleError(`"${entry.key}" is not known here; expected ${names.join(', ')}`, entry.at);
}

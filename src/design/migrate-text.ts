// Writes the text of dossiers anew for another version of ATT&CK: the pinned version and ids that others took the place of; everything else stays as it is.

import type { Position } from '../rule/condition.ts';
import { RuleError } from '../rule/read/rule-error.ts';
import { entryOf, type YamlNode, yamlNodes } from '../rule/read/yaml-node.ts';
import { ENVIRONMENT_SCHEMA } from './environment.ts';
import { TECHNIQUE_SCHEMA } from './technique.ts';
import { yamlText } from './yaml-text.ts';

/** What to write in one document: the version that it is pinned to, and ids by those that they take the place of. */
export interface Rewriting {
  readonly version: string;
  readonly ids: ReadonlyMap<string, string>;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text written anew, and the lines among those given whose document is another one now. */
export interface Rewritten {
  readonly text: string;
  readonly changed: ReadonlySet<number>;
}

/**
 * The text with documents written anew, each by any line that is in it. Throws RuleError with the place of a value that
 * cannot be written in place (one of several lines, or with a tag).
 */
export function migratedText(text: string, documents: ReadonlyMap<number, Rewriting>): Rewritten {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const edits = new Map<number, Edit>();
  const changed = new Set<number>();
  const nodes = yamlNodes(text).filter((node) => !(node instanceof RuleError));
  const lines = [...documents.keys()].sort((a, b) => a - b);
  let of = 0;
  for (const line of lines) {
    // A document goes on until the next one begins.
    while (of + 1 < nodes.length && nodes[of + 1].at.line <= line) of++;
    for (const { scalar, value } of of < nodes.length ? valuesOf(nodes[of], documents.get(line)!) : []) {
      const edit = editOf(text, starts, scalar, value);
      edits.set(edit.start, edit);
      if (text.slice(edit.start, edit.end) !== edit.text) changed.add(line);
    }
  }
  let written = '';
  let done = 0;
  for (const { start, end, text: put } of [...edits.values()].sort((a, b) => a.start - b.start)) {
    written += text.slice(done, start) + put;
    done = end;
  }
  return { text: written + text.slice(done), changed };
}

type ScalarNode = Extract<YamlNode, { kind: 'scalar' }>;

function valuesOf(node: YamlNode, { version, ids }: Rewriting): readonly { scalar: ScalarNode; value: string }[] {
  const schema = entryOf(node, 'schema');
  const kind = schema?.kind === 'scalar' ? schema.value : undefined;
  const [versions, named] =
    kind === TECHNIQUE_SCHEMA
      ? [scalarsAt(node, ['attack', 'version']), TECHNIQUE_IDS.flatMap((path) => scalarsAt(node, path))]
      : kind === ENVIRONMENT_SCHEMA
        ? [scalarsAt(node, ['attack_version']), scalarsAt(node, ['data_sources', 'data_components'])]
        : [[], []];
  return [
    ...versions.map((scalar) => ({ scalar, value: version })),
    ...named.flatMap((scalar) => {
      const value = ids.get(scalar.source);
      return value === undefined ? [] : [{ scalar, value }];
    }),
  ];
}

const TECHNIQUE_IDS: readonly (readonly string[])[] = [
  ['attack', 'technique'],
  ['primitives', 'observables', 'context', 'unrelated_techniques'],
];

/** The scalars that keys lead to, through lists. */
function scalarsAt(node: YamlNode, path: readonly string[]): readonly ScalarNode[] {
  if (node.kind === 'list') return node.of.flatMap((one) => scalarsAt(one, path));
  if (path.length === 0) return node.kind === 'scalar' ? [node] : [];
  const next = entryOf(node, path[0]);
  return next === undefined ? [] : scalarsAt(next, path.slice(1));
}

/** One value in one line: in double or single quotes, or bare. */
const VALUE = /"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\r\n]|'')*'|[\w.:/-]+/y;

function editOf(text: string, starts: readonly number[], scalar: ScalarNode, value: string): Edit {
  const start = starts[scalar.at.line - 1] + scalar.at.column - 1;
  VALUE.lastIndex = start;
  const found = VALUE.exec(text)?.[0];
  const quoted = found !== undefined && /^["']/.test(found);
  // An id or a version has nothing that would be escaped.
  if (found === undefined || (quoted ? found.slice(1, -1) : found) !== scalar.source)
    throw new RuleError(
      `'${scalar.source}' is written in a way that is not written over; write ${value} by hand`,
      at(scalar),
    );
  // A bare version would be a number.
  const put = quoted ? `${found[0]}${value}${found[0]}` : /^[A-Z]/.test(value) ? yamlText(value) : `"${value}"`;
  return { start, end: start + found.length, text: put };
}

function at(scalar: ScalarNode): Position {
  return scalar.at;
}

// Nodes of a YAML text with their places: maps in order, lists, scalars, and what a rule expects of them.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLParseError,
} from 'yaml';
import type { Position } from '../condition.ts';
import { RuleError } from './rule-error.ts';

/** Characters of a text at most, and nodes of one document, those that aliases repeat included. */
const LONGEST = 1 << 22;
const MOST_NODES = 1 << 18;
const DEEPEST = 64;
const TOO_DEEP = `more than ${DEEPEST} values within one another`;

export type Scalar = string | number | boolean | null;

export type YamlNode =
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly at: Position }
  | { readonly kind: 'list'; readonly of: readonly YamlNode[]; readonly at: Position }
  | {
      readonly kind: 'scalar';
      readonly value: Scalar /** As it stands in the text. */;
      readonly source: string;
      readonly at: Position;
    };

export interface YamlEntry {
  readonly key: string;
  readonly value: YamlNode;
  readonly at: Position;
}

/** Of each document, its node or what is wrong with it; empty ones are left out. */
export function yamlNodes(text: string): readonly (YamlNode | RuleError)[] {
  if (text.length > LONGEST) return [new RuleError(`a rule of ${text.length} characters; ${LONGEST} are read`)];
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    schema: 'core',
    logLevel: 'silent',
    // Looked for below: there each name is compared with each other one.
    uniqueKeys: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document): readonly (YamlNode | RuleError)[] => {
    try {
      const [error] = document.errors;
      if (error) return [new RuleError(errorText(error), place(lines, error.pos[0]))];
      return document.contents ? [new NodeReader(document as Document, lines).read(document.contents, 0)] : [];
    } catch (error) {
      if (error instanceof RuleError) return [error];
      throw error;
    }
  });
}

/** Where values lie too deep for the parser's stack, what it says is the engine's own text. */
function errorText({ code, message }: YAMLParseError): string {
  if (code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  return `no YAML: ${message.split('\n')[0].replace(/ at line.*$/, '')}`;
}

function place(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

class NodeReader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  #left = MOST_NODES;
  /** Each alias is looked up once: that goes through the whole document, and an alias may be read over and over within others. */
  readonly #targets = new Map<Alias, Node | undefined>();

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  read(node: unknown, depth: number): YamlNode {
    const at = place(this.#lines, (node as Node | null)?.range?.[0] ?? 0);
    if (--this.#left < 0) throw new RuleError(`more than ${MOST_NODES} values in one document`, at);
    if (depth > DEEPEST) throw new RuleError(TOO_DEEP, at);
    if (isAlias(node)) {
      if (!this.#targets.has(node)) this.#targets.set(node, node.resolve(this.#document));
      const target = this.#targets.get(node);
      if (!target) throw new RuleError(`the alias *${node.source} names nothing`, at);
      return this.read(target, depth + 1);
    }
    if (isMap(node)) {
      const names = new Set<string>();
      const entries = node.items.map((pair): YamlEntry => {
        const key = this.read(pair.key, depth + 1);
        if (key.kind !== 'scalar') throw new RuleError('a name is expected in front of the colon', key.at);
        if (names.has(key.source)) throw new RuleError(`'${key.source}' stands twice in one map`, key.at);
        names.add(key.source);
        return { key: key.source, value: this.read(pair.value, depth + 1), at: key.at };
      });
      return { kind: 'map', entries, at };
    }
    if (isSeq(node)) return { kind: 'list', of: node.items.map((one) => this.read(one, depth + 1)), at };
    if (!isScalar(node)) return { kind: 'scalar', value: null, source: '', at };
    const { value, source } = node;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', value, source: typeof value === 'string' ? value : (source ?? String(value)), at };
    return { kind: 'scalar', value: String(value), source: source ?? String(value), at };
  }
}

/** The value of a name in a map. */
export function entryOf(node: YamlNode, key: string): YamlNode | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

/** What is at a name: text, or null where there is none; any other scalar as it is written. */
export function textAt(node: YamlNode, key: string): string | null {
  const value = entryOf(node, key);
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return null;
  if (value.kind !== 'scalar') throw new RuleError(`"${key}" is a text, not a ${value.kind}`, value.at);
  return value.source;
}

/** What is at a name: a list of texts; one alone is a list of one. */
export function textsAt(node: YamlNode, key: string): readonly string[] {
  const value = entryOf(node, key);
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
  return (value.kind === 'list' ? value.of : [value]).map((one) => {
    if (one.kind !== 'scalar') throw new RuleError(`"${key}" is a list of texts`, one.at);
    return one.source;
  });
}

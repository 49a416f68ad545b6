// Reads the data model of a Technique Research Report: a graph of operations with labels of telemetry, as the Arrows app saves it.

import { FormatError } from '../../errors.ts';

/** One act of the technique. */
export interface Operation {
  /** "Call API". */
  readonly caption: string;
  /** "API": "RegSaveKey". */
  readonly properties: readonly (readonly [string, string])[];
  /** "Sysmon 11 (FileCreate)". */
  readonly labels: readonly string[];
  /** Drawn in grey: the reports' sign for what need not be done. */
  readonly optional: boolean;
  /** The condition on every way to it ("if Inline"); empty where one way has none. */
  readonly conditions: readonly string[];
}

const MOST_NODES = 5_000;
const MOST_EDGES = 50_000;
const MOST_LABELS = 10_000;
const LONGEST_TEXT = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/** A JSON text has the shape of such a graph. */
export function isReportModel(value: unknown): boolean {
  return isFields(value) && Array.isArray(value.nodes) && Array.isArray(value.relationships);
}

/**
 * The procedures of a graph: its parts that nothing connects, each a list of operations in the order of the file.
 * Throws FormatError that says what is wrong and where in the graph.
 */
export function readReportModel(value: unknown): readonly (readonly Operation[])[] {
  if (!isFields(value) || !Array.isArray(value.nodes) || !Array.isArray(value.relationships))
    throw new FormatError('a graph has "nodes" and "relationships", each a list');
  const { nodes, relationships } = value;
  if (nodes.length === 0) throw new FormatError('the graph has no nodes');
  if (nodes.length > MOST_NODES || relationships.length > MOST_EDGES)
    throw new FormatError(
      `a graph of ${nodes.length} nodes and ${relationships.length} relationships; ${MOST_NODES} and ${MOST_EDGES} are read`,
    );
  const places = new Map<string, number>();
  nodes.forEach((node: unknown, index) => {
    const id = isFields(node) ? node.id : undefined;
    if (typeof id !== 'string') throw new FormatError(`node ${index + 1} has no "id"`);
    if (places.has(id)) throw new FormatError(`two nodes have the id ${JSON.stringify(id.slice(0, 100))}`);
    places.set(id, index);
  });
  const edges = relationships.map((edge: unknown, index) => {
    const [from, to] = isFields(edge) ? [edge.fromId, edge.toId] : [];
    const [start, end] = [places.get(String(from)), places.get(String(to))];
    if (start === undefined || end === undefined)
      throw new FormatError(`relationship ${index + 1} joins a node that is not there`);
    return { start, end, type: textOf((edge as Fields).type, `the type of relationship ${index + 1}`).trim() };
  });
  const ways = nodes.map((): string[] => []);
  for (const { end, type } of edges) ways[end].push(type);
  const operations = nodes.map((node: unknown, index) => operationOf(node as Fields, index, ways[index]));
  const labels = operations.reduce((sum, operation) => sum + operation.labels.length, 0);
  if (labels > MOST_LABELS) throw new FormatError(`a graph with ${labels} labels; ${MOST_LABELS} are read`);
  const part = partsOf(nodes.length, edges);
  const parts = new Map<number, Operation[]>();
  operations.forEach((operation, index) => {
    const known = parts.get(part[index]);
    if (known) known.push(operation);
    else parts.set(part[index], [operation]);
  });
  return [...parts.values()];
}

function operationOf(node: Fields, index: number, ways: readonly string[]): Operation {
  const where = `node ${index + 1}`;
  const { labels = [], properties = {}, style = {} } = node;
  if (!Array.isArray(labels)) throw new FormatError(`"labels" of ${where} are no list`);
  if (!isFields(properties)) throw new FormatError(`"properties" of ${where} are no map`);
  const border = isFields(style) ? style['border-color'] : undefined;
  return {
    caption: oneLine(textOf(node.caption, `the caption of ${where}`)) || 'operation without a name',
    properties: Object.entries(properties).map(([key, text]) => [
      oneLine(key),
      oneLine(textOf(text, `a property of ${where}`)),
    ]),
    labels: labels.map((label) => oneLine(textOf(label, `a label of ${where}`))),
    optional: typeof border === 'string' && isGrey(border),
    conditions: ways.every(isCondition) ? [...new Set(ways.map(oneLine))] : [],
  };
}

function textOf(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new FormatError(`${what} is no text`);
  if (value.length > LONGEST_TEXT)
    throw new FormatError(`${what} has ${value.length} characters; ${LONGEST_TEXT} are read`);
  return value;
}

/** Other words on a way say what it is ("implementation"), not when it is gone. */
function isCondition(way: string): boolean {
  return /^(?:if|when|only|optional)\b/i.test(way);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Neither black nor white nor a colour. */
function isGrey(colour: string): boolean {
  const parts = /^#([0-9a-f]{2})\1\1$/i.exec(colour);
  return parts !== null && !/^(?:00|ff)$/i.test(parts[1]);
}

/** For each node, the first node of the part that it is connected with. */
function partsOf(count: number, edges: readonly { readonly start: number; readonly end: number }[]): readonly number[] {
  const first = Array.from({ length: count }, (_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (first[at] !== at) {
      first[at] = first[first[at]];
      at = first[at];
    }
    return at;
  };
  for (const { start, end } of edges) {
    const [one, other] = [find(start), find(end)];
    first[Math.max(one, other)] = Math.min(one, other);
  }
  return first.map((_, index) => find(index));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

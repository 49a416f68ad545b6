// An event as a tree of elements with its values in place: for shapes that have no program, and for whoever wants to walk an event.

import { BinXmlError } from './binxml-error.ts';
import type { Chunk } from './chunk.ts';
import { type ContentNode, type ElementNode, readFragment } from './fragment.ts';
import { instanceToken, RecordValues } from './instance.ts';
import { arrayItems, type ValueBytes, valueText } from './value-text.ts';
import { ARRAY, ValueType } from './value-type.ts';

/** An element with its values in place. */
export interface Element {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Content[];
  /** It was written as one tag, `<Name/>`; one that happens to be empty is two. */
  readonly isClosed: boolean;
}

export interface Attribute {
  readonly name: string;
  readonly content: readonly Content[];
}

export type Content =
  | { readonly kind: 'element'; readonly element: Element }
  | { readonly kind: 'text'; readonly text: string; readonly entity?: string }
  | { readonly kind: 'value'; readonly value: ValueBytes }
  | { readonly kind: 'instruction'; readonly target: string; readonly text: string };

/** Elements, texts and values of one event's tree, and as many more as its record has bytes: an array's members. */
const NODE_LIMIT = 1 << 13;
/** Bytes of an event's texts that may be its template's; a definition has room in a chunk. */
const TEMPLATE_TEXT = 1 << 18;
/** How often a byte of a record may be told, in escapes and by places that tell a value again. */
const MOST_TOLD = 16;
/** Values that the tree has room for in each instance at first. */
const VALUES_AT_FIRST = 64;
/** Fragments within one another. */
const DEPTH_LIMIT = 8;

/** Bytes of text that an event may become: what a chunk's other records make of their share of it stays in bounds as well. */
export function mostText(recordSize: number): number {
  return TEMPLATE_TEXT + recordSize * MOST_TOLD;
}

/** The tree of the record at `record`. Throws BinXmlError. */
export function readTree(chunk: Chunk, record: number): readonly Content[] {
  return new TreeReader(chunk, chunk.recordSize(record)).fragment(
    chunk.fragmentAt(record),
    chunk.fragmentEnd(record),
    0,
  );
}

/** The elements among some content. */
export function elementsIn(content: readonly Content[]): readonly Element[] {
  const elements: Element[] = [];
  for (const one of content) if (one.kind === 'element') elements.push(one.element);
  return elements;
}

/** The text of all that is text or a value. */
export function textOf(content: readonly Content[]): string {
  return content
    .map((one) => (one.kind === 'text' ? one.text : one.kind === 'value' ? valueText(one.value) : ''))
    .join('');
}

/** The text of an element's attribute; empty where it has none of that name. */
export function attributeText({ attributes }: Element, name: string): string {
  const attribute = attributes.find((one) => one.name === name);
  return attribute ? textOf(attribute.content) : '';
}

/** One instance's values, as places in what was read. */
interface Scope {
  readonly values: RecordValues;
  readonly instance: number;
}

class TreeReader {
  readonly #chunk: Chunk;
  #nodesLeft: number;
  #textLeft: number;

  constructor(chunk: Chunk, recordSize: number) {
    this.#chunk = chunk;
    this.#nodesLeft = NODE_LIMIT + recordSize;
    this.#textLeft = mostText(recordSize);
  }

  #count(nodes: number, text = 0): void {
    this.#nodesLeft -= nodes;
    this.#textLeft -= text;
    if (this.#nodesLeft < 0) throw new BinXmlError(0, 'more nodes in one event than its record can be the reason for');
    if (this.#textLeft < 0) throw new BinXmlError(0, 'an event is longer than its record can be the reason for');
  }

  fragment(from: number, end: number, depth: number): readonly Content[] {
    checkDepth(depth, from);
    const token = instanceToken(this.#chunk.bytes, from, end);
    if (token >= 0) {
      const { content, end: after } = this.#instance(token, end, depth);
      return after < end && this.#chunk.bytes[after] !== 0
        ? [...content, ...this.fragment(after, end, depth)]
        : content;
    }
    const { roots } = readFragment(
      { bytes: this.#chunk.bytes, isTemplate: false, skipInstance: (at, to) => this.#chunk.skipInstance(at, to) },
      from,
      end,
    );
    return this.#all(roots, undefined, depth, end);
  }

  #instance(token: number, end: number, depth: number): { readonly content: readonly Content[]; readonly end: number } {
    checkDepth(depth, token);
    const values = new RecordValues(VALUES_AT_FIRST);
    const instance = values.read(this.#chunk, token, end, false);
    this.#count(values.count[instance]);
    const { roots } = values.template[instance];
    // An event is there whatever it depends on.
    const kept = depth > 0 ? roots : roots.map((one) => (one.kind === 'element' ? { ...one, dependency: -1 } : one));
    return { content: this.#all(kept, { values, instance }, depth, end), end: values.end };
  }

  #all(nodes: readonly ContentNode[], scope: Scope | undefined, depth: number, end: number): readonly Content[] {
    const all: Content[] = [];
    for (const node of nodes) for (const one of this.#node(node, scope, depth, end)) all.push(one);
    return all;
  }

  #node(node: ContentNode, scope: Scope | undefined, depth: number, end: number): readonly Content[] {
    this.#count(1);
    switch (node.kind) {
      case 'element':
        return this.#element(node, scope, depth, end);
      case 'text':
      case 'instruction':
        this.#count(0, node.text.length);
        return [node];
      case 'value':
        return [{ kind: 'value', value: { bytes: node.bytes, type: node.type, from: 0, size: node.bytes.length } }];
      case 'instance':
        return this.#instance(node.at, end, depth + 1).content;
      case 'substitution': {
        const value = scope && valueAt(scope, node.index, this.#chunk.bytes);
        if (!value || value.type === ValueType.null) return [];
        if (value.type !== ValueType.binXml) {
          this.#count(0, value.size);
          return [{ kind: 'value', value }];
        }
        return value.size === 0 ? [] : this.fragment(value.from, value.from + value.size, depth + 1);
      }
    }
  }

  /** An element: none where it depends on a value that is null, several where an array stands in it. */
  #element(node: ElementNode, scope: Scope | undefined, depth: number, end: number): readonly Content[] {
    if (node.dependency >= 0 && scope) {
      const value = valueAt(scope, node.dependency, this.#chunk.bytes);
      if (!value || value.type === ValueType.null) return [];
    }
    this.#count(0, node.name.length);
    const element: Element = {
      name: node.name,
      attributes: node.attributes.map(({ name, content }) => {
        this.#count(1, name.length);
        return { name, content: this.#all(content, scope, depth, end) };
      }),
      content: this.#all(node.content, scope, depth, end),
      isClosed: node.isClosed,
    };
    return this.#expanded(element).map((one) => ({ kind: 'element', element: one }));
  }

  /** An element for each member of an array of more than one that stands in it (MS-EVEN6 3.1.4.7.5). */
  #expanded(element: Element): readonly Element[] {
    const at = element.content.findIndex(isList);
    if (at < 0) return [element];
    const list = element.content[at] as Content & { readonly kind: 'value' };
    const attributes = element.attributes.reduce((sum, one) => sum + textOf(one.content).length, 0);
    return arrayItems(list.value).flatMap((value) => {
      this.#count(element.content.length, element.name.length + attributes);
      const content = element.content.flatMap((one, i): readonly Content[] =>
        i !== at ? [one] : value.size === 0 ? [] : [{ kind: 'value', value }],
      );
      return this.#expanded({ ...element, content });
    });
  }
}

function checkDepth(depth: number, at: number): void {
  if (depth > DEPTH_LIMIT) throw new BinXmlError(at, `more than ${DEPTH_LIMIT} fragments within one another`);
}

function isList(content: Content): boolean {
  return content.kind === 'value' && (content.value.type & ARRAY) !== 0 && arrayItems(content.value).length > 1;
}

function valueAt({ values, instance }: Scope, index: number, bytes: Uint8Array): ValueBytes | undefined {
  if (index >= values.count[instance]) return undefined;
  const of = values.first[instance] + index;
  return { bytes, type: values.type[of], from: values.from[of], size: values.size[of] };
}

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

/** Elements and values of one event's tree. */
const NODE_LIMIT = 1 << 16;
/** Fragments within one another. */
const DEPTH_LIMIT = 8;

/** The tree of the record at `record`. Throws BinXmlError. */
export function readTree(chunk: Chunk, record: number): readonly Content[] {
  return new TreeReader(chunk).fragment(chunk.fragmentAt(record), chunk.fragmentEnd(record), 0);
}

/** The elements among some content. */
export function elementsIn(content: readonly Content[]): readonly Element[] {
  return content.flatMap((one) => (one.kind === 'element' ? [one.element] : []));
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
  #nodes = 0;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
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
    const values = new RecordValues();
    const instance = values.read(this.#chunk, token, end, false);
    const { roots } = values.template[instance];
    // An event is there whatever it depends on.
    const kept = depth > 0 ? roots : roots.map((one) => (one.kind === 'element' ? { ...one, dependency: -1 } : one));
    return { content: this.#all(kept, { values, instance }, depth, end), end: values.end };
  }

  #all(nodes: readonly ContentNode[], scope: Scope | undefined, depth: number, end: number): readonly Content[] {
    return nodes.flatMap((node) => this.#node(node, scope, depth, end));
  }

  #node(node: ContentNode, scope: Scope | undefined, depth: number, end: number): readonly Content[] {
    if (++this.#nodes > NODE_LIMIT) throw new BinXmlError(0, `more than ${NODE_LIMIT} nodes in one event`);
    switch (node.kind) {
      case 'element':
        return this.#element(node, scope, depth, end);
      case 'text':
      case 'instruction':
        return [node];
      case 'value':
        return [{ kind: 'value', value: { bytes: node.bytes, type: node.type, from: 0, size: node.bytes.length } }];
      case 'instance':
        return this.#instance(node.at, end, depth + 1).content;
      case 'substitution': {
        const value = scope && valueAt(scope, node.index, this.#chunk.bytes);
        if (!value || value.type === ValueType.null) return [];
        if (value.type !== ValueType.binXml) return [{ kind: 'value', value }];
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
    const element: Element = {
      name: node.name,
      attributes: node.attributes.map(({ name, content }) => ({
        name,
        content: this.#all(content, scope, depth, end),
      })),
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
    return arrayItems(list.value).flatMap((value) => {
      if (++this.#nodes > NODE_LIMIT) throw new BinXmlError(0, `more than ${NODE_LIMIT} nodes in one event`);
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

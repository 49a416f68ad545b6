// A fragment of binary XML as a tree: a template's definition, or what a record holds without one (MS-EVEN6 2.2.12).

import { u16At, u32At } from '../bytes/cursor.ts';
import { BinXmlError } from './binxml-error.ts';
import { utf16Text } from './log-text.ts';
import { SIZE_OF, ValueType } from './value-type.ts';

/** Token bytes; MORE says that attributes follow, or more of the same. */
export const Token = {
  endOfFragment: 0x00,
  openStartElement: 0x01,
  closeStartElement: 0x02,
  closeEmptyElement: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  templateInstance: 0x0c,
  normalSubstitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
} as const;
const MORE = 0x40;
const FRAGMENT_HEADER_SIZE = 4;
const NO_DEPENDENCY = 0xffff;

/** Elements within one another; a real event has fewer than ten. */
const DEPTH_LIMIT = 256;
/** Nodes of one fragment. */
const NODE_LIMIT = 1 << 14;

/** An element of a fragment. */
export interface ElementNode {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly AttributeNode[];
  readonly content: readonly ContentNode[];
  /** The substitution without which the element is left out; -1: none. */
  readonly dependency: number;
  /** It was written as one tag: nothing can stand in it. */
  readonly isClosed: boolean;
}

export interface AttributeNode {
  readonly name: string;
  readonly content: readonly ContentNode[];
}

/** What an element or an attribute holds, in order. */
export type ContentNode =
  | ElementNode
  /** `entity` is the name by which XML's own character was written. */
  | { readonly kind: 'text'; readonly text: string; readonly entity?: string }
  | { readonly kind: 'substitution'; readonly index: number; readonly optional: boolean }
  /** A value that stands in the fragment itself, as bytes of its own. */
  | { readonly kind: 'value'; readonly type: number; readonly bytes: Uint8Array }
  /** A template's instance within the fragment; its token stands at `at`. */
  | { readonly kind: 'instance'; readonly at: number }
  | { readonly kind: 'instruction'; readonly target: string; readonly text: string };

export interface Fragment {
  readonly roots: readonly ContentNode[];
  /** Offset behind the fragment. */
  readonly end: number;
}

/** What a fragment is read from. */
export interface FragmentSource {
  /** The chunk: every offset counts from its first byte. */
  readonly bytes: Uint8Array;
  /** Elements of a template's definition say what they depend on. */
  readonly isTemplate: boolean;
  /** Where the template's instance ends whose token stands at `at`. */
  readonly skipInstance: (at: number, end: number) => number;
  /** Told of each reference to a name: where the offset stands, and what it is. */
  readonly onName?: (at: number, offset: number) => void;
}

/** The characters that XML's own entities stand for. */
const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };

/** Characters of all the names of one fragment; a real one has some thousands. */
const NAME_LIMIT = 1 << 18;

interface OpenElement {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: { readonly name: string; readonly content: ContentNode[] }[];
  readonly content: ContentNode[];
  readonly dependency: number;
  isClosed: boolean;
}

/** Reads the fragment in [from, end). Throws BinXmlError. */
export function readFragment(source: FragmentSource, from: number, end: number): Fragment {
  return new FragmentReader(source, from, end).read();
}

class FragmentReader {
  readonly #source: FragmentSource;
  readonly #end: number;
  readonly #roots: ContentNode[] = [];
  readonly #open: OpenElement[] = [];
  /** Where the next content goes: an attribute's value, an element, or the roots. */
  #into: ContentNode[] = this.#roots;
  #at: number;
  #nodes = 0;
  #nameUnits = 0;
  #target = '';

  constructor(source: FragmentSource, from: number, end: number) {
    this.#source = source;
    this.#at = from;
    this.#end = Math.min(end, source.bytes.length);
  }

  read(): Fragment {
    while (this.#at < this.#end) {
      const at = this.#at++;
      const token = this.#source.bytes[at];
      if (token === Token.endOfFragment) break;
      this.#readToken(token & ~MORE, (token & MORE) !== 0, at);
      if (++this.#nodes > NODE_LIMIT) throw new BinXmlError(at, `more than ${NODE_LIMIT} nodes in one fragment`);
    }
    return { roots: this.#roots, end: this.#at };
  }

  #readToken(token: number, more: boolean, at: number): void {
    const { bytes } = this.#source;
    switch (token) {
      case Token.openStartElement:
        this.#openElement(more, at);
        return;
      case Token.closeStartElement:
        this.#into = this.#innermost(at).content;
        return;
      case Token.closeEmptyElement:
        this.#innermost(at).isClosed = true;
        this.#closeElement(at);
        return;
      case Token.endElement:
        this.#closeElement(at);
        return;
      case Token.attribute: {
        const attribute = { name: this.#name(), content: [] };
        this.#innermost(at).attributes.push(attribute);
        this.#into = attribute.content;
        return;
      }
      case Token.value:
        this.#readValue(at);
        return;
      case Token.cdata:
        this.#into.push({ kind: 'text', text: this.#countedText(at) });
        return;
      case Token.characterReference:
        this.#into.push({ kind: 'text', text: String.fromCharCode(this.#u16(at)) });
        return;
      case Token.entityReference: {
        const name = this.#name();
        this.#into.push(
          Object.hasOwn(ENTITIES, name)
            ? { kind: 'text', text: ENTITIES[name], entity: name }
            : { kind: 'text', text: `&${name};` },
        );
        return;
      }
      case Token.instructionTarget:
        this.#target = this.#name();
        return;
      case Token.instructionData:
        this.#into.push({ kind: 'instruction', target: this.#target, text: this.#countedText(at) });
        return;
      case Token.templateInstance:
        this.#into.push({ kind: 'instance', at });
        this.#at = this.#source.skipInstance(at, this.#end);
        return;
      case Token.normalSubstitution:
      case Token.optionalSubstitution: {
        const index = this.#u16(at);
        this.#take(1, at);
        this.#into.push({ kind: 'substitution', index, optional: token === Token.optionalSubstitution });
        return;
      }
      case Token.fragmentHeader:
        this.#take(FRAGMENT_HEADER_SIZE - 1, at);
        return;
      default:
        throw new BinXmlError(at, `no token has the number 0x${bytes[at].toString(16)}`);
    }
  }

  #openElement(hasAttributes: boolean, at: number): void {
    if (this.#open.length >= DEPTH_LIMIT) throw new BinXmlError(at, `more than ${DEPTH_LIMIT} elements in one another`);
    const dependency = this.#source.isTemplate ? this.#u16(at) : NO_DEPENDENCY;
    this.#take(4, at); // the element's size
    const name = this.#name();
    if (hasAttributes) this.#take(4, at); // the size of its attributes
    const element: OpenElement = {
      kind: 'element',
      name,
      attributes: [],
      content: [],
      dependency: dependency === NO_DEPENDENCY ? -1 : dependency,
      isClosed: false,
    };
    this.#into.push(element);
    this.#open.push(element);
    this.#into = element.content;
  }

  #closeElement(at: number): void {
    this.#innermost(at);
    this.#open.pop();
    this.#into = this.#open.at(-1)?.content ?? this.#roots;
  }

  #innermost(at: number): OpenElement {
    const element = this.#open.at(-1);
    if (!element) throw new BinXmlError(at, 'a token of an element stands outside of any');
    return element;
  }

  #readValue(at: number): void {
    const type = this.#take(1, at);
    if (this.#source.bytes[type] === ValueType.string) {
      this.#into.push({ kind: 'text', text: this.#countedText(at) });
      return;
    }
    const size = SIZE_OF[this.#source.bytes[type]];
    if (size === 0)
      throw new BinXmlError(at, `a value of the type 0x${this.#source.bytes[type].toString(16)} has no size`);
    const from = this.#take(size, at);
    this.#into.push({
      kind: 'value',
      type: this.#source.bytes[type],
      bytes: this.#source.bytes.slice(from, from + size),
    });
  }

  /** A 16-bit count of characters and the text itself. */
  #countedText(at: number): string {
    const size = this.#u16(at) * 2;
    const from = this.#take(size, at);
    return utf16Text(this.#source.bytes, from, from + size);
  }

  /** The name that an offset leads to; it stands here when it is met for the first time. */
  #name(): string {
    const at = this.#at;
    const offset = this.#u32(at);
    const { bytes } = this.#source;
    const { text, end } = readName(bytes, offset, at);
    this.#nameUnits += text.length;
    if (this.#nameUnits > NAME_LIMIT) throw new BinXmlError(at, `more than ${NAME_LIMIT} characters of names`);
    this.#source.onName?.(at, offset);
    if (offset === this.#at) this.#at = end;
    return text;
  }

  #u16(at: number): number {
    return u16At(this.#source.bytes, this.#take(2, at));
  }

  #u32(at: number): number {
    return u32At(this.#source.bytes, this.#take(4, at));
  }

  /** Moves over `count` bytes and returns where they begin. */
  #take(count: number, at: number): number {
    const from = this.#at;
    if (from + count > this.#end) throw new BinXmlError(at, 'a fragment ends within a token');
    this.#at = from + count;
    return from;
  }
}

/** Bytes of a name before its characters: the next name's offset, a hash, a count. */
export const NAME_HEADER = 8;

/** The name whose entry stands at `offset` of a chunk. Throws BinXmlError; `at` is who asks. */
export function readName(
  bytes: Uint8Array,
  offset: number,
  at: number,
): { readonly text: string; readonly end: number } {
  const count = u16At(bytes, offset + 6);
  const end = offset + NAME_HEADER + count * 2 + 2;
  if (count < 0 || end > bytes.length)
    throw new BinXmlError(at, `a name at 0x${offset.toString(16)} is outside of the chunk`);
  return { text: utf16Text(bytes, offset + NAME_HEADER, end - 2), end };
}

// The values of a template's instances: where each stands in the chunk, for a whole record with the instances within its values.

import { u32At } from '../bytes/cursor.ts';
import { BinXmlError } from './binxml-error.ts';
import { Token } from './fragment.ts';
import type { Template } from './template.ts';
import { isValueType, ValueType } from './value-type.ts';

/** Values of one instance. */
const VALUE_LIMIT = 4096;
/** Instances within one another. */
const NESTING_LIMIT = 8;
/** No instance: of a value that is none. */
export const NO_INSTANCE = -1;
const FRAGMENT_HEADER_SIZE = 4;
/** Bytes of an instance's token: the token, a version, the template's number and where its definition stands. */
const INSTANCE_HEADER = 10;

/** Where the count of an instance's values stands, whose token is at `at`: behind the definition, where that stands in it. Throws BinXmlError. */
export function valueCountAt(source: Pick<TemplateSource, 'bytes' | 'definitionSize'>, at: number): number {
  const definition = u32At(source.bytes, at + 6);
  const behind = at + INSTANCE_HEADER;
  return definition === behind ? behind + source.definitionSize(definition) : behind;
}

/** 1 for the types that are looked at: no type at all, or a fragment. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, type) =>
  !isValueType(type) || type === ValueType.binXml ? 1 : 0,
);

/** Where an instance's template comes from. */
export interface TemplateSource {
  readonly bytes: Uint8Array;
  /** The template whose definition stands at `offset`. */
  template(offset: number): Template;
  /** Bytes of the definition at `offset`, with its header. */
  definitionSize(offset: number): number;
}

/** The values of one record; used again for the next. */
export class RecordValues {
  /** Of each value: its first byte in the chunk, its bytes, its type, and the instance that it is. */
  from: Int32Array<ArrayBuffer>;
  size: Int32Array<ArrayBuffer>;
  type: Uint8Array<ArrayBuffer>;
  instance: Int32Array<ArrayBuffer>;
  #values = 0;
  /** Of each instance: its template, its first value and how many it has. */
  readonly template: Template[] = [];
  readonly first: number[] = [];
  readonly count: number[] = [];
  #instances = 0;
  #end = 0;
  /** Whether a value is a fragment that is no single instance: only a tree can be made of it. */
  hasFragment = false;

  /** Room for so many values at first. */
  constructor(capacity = 1024) {
    this.from = new Int32Array(capacity);
    this.size = new Int32Array(capacity);
    this.type = new Uint8Array(capacity);
    this.instance = new Int32Array(capacity);
  }

  /** Offset behind the instance that was read last. */
  get end(): number {
    return this.#end;
  }

  clear(): void {
    this.#values = 0;
    this.#instances = 0;
    this.hasFragment = false;
  }

  /** Reads the instance whose token stands at `at`, up to `end` at most, and returns its number. Values that are fragments are looked into where `deep`. */
  read(source: TemplateSource, at: number, end: number, deep: boolean, depth = 0): number {
    const { bytes } = source;
    if (depth > NESTING_LIMIT) throw new BinXmlError(at, `more than ${NESTING_LIMIT} templates within one another`);
    if (at + INSTANCE_HEADER > end) throw new BinXmlError(at, 'a template instance ends early');
    const template = source.template(u32At(bytes, at + 6));
    const place = valueCountAt(source, at);
    const count = place + 4 <= end ? u32At(bytes, place) : -1;
    if (count < 0 || count > VALUE_LIMIT || place + 4 + count * 4 > end)
      throw new BinXmlError(at, `a template instance says that it has ${count} values`);
    const number = this.#instances++;
    const first = this.#values;
    this.template[number] = template;
    this.first[number] = first;
    this.count[number] = count;
    this.#values += count;
    if (this.#values > this.from.length) this.#grow();
    const { from, size, type, instance } = this;
    let value = place + 4 + count * 4;
    let special = 0;
    for (let i = 0, descriptor = place + 4; i < count; i++, descriptor += 4) {
      const of = first + i;
      const length = bytes[descriptor] | (bytes[descriptor + 1] << 8);
      const kind = bytes[descriptor + 2];
      from[of] = value;
      size[of] = length;
      type[of] = kind;
      instance[of] = NO_INSTANCE;
      special |= SPECIAL[kind];
      value += length;
    }
    if (value > end) throw new BinXmlError(at, 'the values of a template instance go on behind its record');
    if (deep && special !== 0) this.#readWithin(source, first, count, depth);
    this.#end = value;
    return number;
  }

  /** Checks the types of values, and reads the instances that are values. */
  #readWithin(source: TemplateSource, first: number, count: number, depth: number): void {
    for (let of = first; of < first + count; of++) {
      const type = this.type[of];
      if (!isValueType(type)) throw new BinXmlError(this.from[of], `no value has the type 0x${type.toString(16)}`);
      if (type !== ValueType.binXml || this.size[of] === 0) continue;
      const end = this.from[of] + this.size[of];
      const token = instanceToken(source.bytes, this.from[of], end);
      if (token < 0) {
        this.hasFragment = true;
        continue;
      }
      const number = this.read(source, token, end, true, depth + 1);
      this.instance[of] = number;
      if (this.#end < end && source.bytes[this.#end] !== Token.endOfFragment) this.hasFragment = true;
    }
  }

  #grow(): void {
    const wanted = this.#values * 2;
    const grow = (column: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(wanted);
      grown.set(column);
      return grown;
    };
    this.from = grow(this.from);
    this.size = grow(this.size);
    this.instance = grow(this.instance);
    const type = new Uint8Array(wanted);
    type.set(this.type);
    this.type = type;
  }
}

/** Where the token of an instance stands in a fragment that begins with one, behind its header if it has one; -1 if it does not. */
export function instanceToken(bytes: Uint8Array, from: number, end: number): number {
  const at = bytes[from] === Token.fragmentHeader ? from + FRAGMENT_HEADER_SIZE : from;
  return at < end && bytes[at] === Token.templateInstance ? at : -1;
}

// Fields of an event's data by their names, told from the record's bytes: nothing else of the event is built.

import { u32At } from '../bytes/cursor.ts';
import type { Chunk } from './chunk.ts';
import { EventReader, holdsData } from './event.ts';
import { instanceToken, valueCountAt } from './instance.ts';
import { RepeatedTexts } from './repeated-texts.ts';
import type { SystemName } from './system-fields.ts';
import type { Template } from './template.ts';
import { fileNameOf, valueText } from './value-text.ts';
import { ARRAY, ValueType } from './value-type.ts';

/** No value can be told: the whole event has to be read. */
const OPEN = -1;
/** The template has no such field. */
const ABSENT = -2;

/** Reads fields of one record after another by their names; one may be used for many chunks. */
export class FieldReader {
  readonly #reader = new EventReader();
  readonly #texts = new RepeatedTexts();
  /** Of an event's template, the number of the value that is its data. */
  readonly #dataIndexes = new WeakMap<Template, number>();
  /** Of a template of data, the number of each field that was asked for. */
  readonly #fieldIndexes = new WeakMap<Template, Map<string, number>>();
  #chunk: Chunk | undefined;
  #record = 0;
  /** Whether the record's data was looked for; where it is not to be told, it has no template. */
  #isPlaced = false;
  #template: Template | undefined;
  #fields: Map<string, number> | undefined;
  /** The values of the data: where their descriptors begin, how many, and where they have to end. */
  #descriptors = 0;
  #count = 0;
  #end = 0;
  /** The value that was found last. */
  #type: number = ValueType.null;
  #from = 0;
  #size = 0;

  /** From now on, fields are those of the record at `record`. */
  set(chunk: Chunk, record: number): this {
    this.#chunk = chunk;
    this.#record = record;
    this.#isPlaced = false;
    return this;
  }

  /** The text of the first field of this name; undefined where the record has none. Throws BinXmlError. */
  text(name: string): string | undefined {
    const found = this.#find(name);
    if (found === 'open') return this.#read(name);
    if (found === 'absent') return undefined;
    return valueText({ bytes: this.#chunk!.bytes, type: this.#type, from: this.#from, size: this.#size });
  }

  /** What of the same text is behind its last \ or /: nothing before it is built. Throws BinXmlError. */
  fileName(name: string): string | undefined {
    const found = this.#find(name);
    if (found === 'found' && this.#type === ValueType.string)
      return fileNameOf(this.#chunk!.bytes, this.#from, this.#size);
    const text = this.text(name);
    return text?.slice(Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1);
  }

  /** The text of a field of System; undefined where the record has none. Throws BinXmlError. */
  system(name: SystemName): string | undefined {
    const chunk = this.#chunk!;
    const token = chunk.instanceAt(this.#record);
    if (token >= 0) {
      const { text, index } = chunk.template(u32At(chunk.bytes, token + 6)).system[name];
      if (text !== undefined) return text;
      this.#isPlaced = false;
      if (index >= 0 && this.#values(token, chunk.fragmentEnd(this.#record)) && this.#value(index))
        if (this.#type === ValueType.string && this.#size > 0)
          return this.#texts.text(chunk.bytes, this.#from, this.#size);
    }
    return this.#reader.system(chunk, this.#record)[name];
  }

  #read(name: string): string | undefined {
    return this.#reader.read(this.#chunk!, this.#record).data.find(([own]) => own === name)?.[1];
  }

  /** "open": only the whole event tells. */
  #find(name: string): 'found' | 'open' | 'absent' {
    if (!this.#isPlaced) this.#place();
    const template = this.#template;
    if (!template) return 'open';
    let index = this.#fields!.get(name);
    if (index === undefined) {
      index = fieldIndex(template, name);
      this.#fields!.set(name, index);
    }
    if (index < 0) return index === ABSENT ? 'absent' : 'open';
    if (!this.#value(index)) return 'open';
    return this.#type >= ARRAY || this.#type === ValueType.binXml ? 'open' : 'found';
  }

  /** Finds the record's data. */
  #place(): void {
    this.#isPlaced = true;
    const chunk = this.#chunk!;
    const last = this.#template;
    this.#template = undefined;
    const token = chunk.instanceAt(this.#record);
    if (token < 0) return;
    const event = chunk.template(u32At(chunk.bytes, token + 6));
    let index = this.#dataIndexes.get(event);
    if (index === undefined) {
      index = dataIndex(event);
      this.#dataIndexes.set(event, index);
    }
    if (index < 0 || !this.#values(token, chunk.fragmentEnd(this.#record)) || !this.#value(index)) return;
    if (this.#type !== ValueType.binXml) return;
    const end = this.#from + this.#size;
    const within = instanceToken(chunk.bytes, this.#from, end);
    if (within < 0) return;
    const template = chunk.template(u32At(chunk.bytes, within + 6));
    if (!this.#values(within, end)) return;
    if (template !== last) this.#fields = this.#fieldsOf(template);
    this.#template = template;
  }

  #fieldsOf(template: Template): Map<string, number> {
    let fields = this.#fieldIndexes.get(template);
    if (!fields) {
      fields = new Map();
      this.#fieldIndexes.set(template, fields);
    }
    return fields;
  }

  /** Finds the values of the instance at `token`; false where they are not within `end`. */
  #values(token: number, end: number): boolean {
    const chunk = this.#chunk!;
    const counts = valueCountAt(chunk, token);
    const count = counts + 4 <= end ? u32At(chunk.bytes, counts) : -1;
    if (count < 0 || counts + 4 + count * 4 > end) return false;
    this.#descriptors = counts + 4;
    this.#count = count;
    this.#end = end;
    return true;
  }

  /** Finds one value; false where it is not within the instance's end. One that is not there is null. */
  #value(index: number): boolean {
    const { bytes } = this.#chunk!;
    if (index >= this.#count) {
      this.#type = ValueType.null;
      this.#from = 0;
      this.#size = 0;
      return true;
    }
    let from = this.#descriptors + this.#count * 4;
    const own = this.#descriptors + index * 4;
    for (let at = this.#descriptors; at < own; at += 4) from += bytes[at] | (bytes[at + 1] << 8);
    this.#type = bytes[own + 2];
    this.#from = from;
    this.#size = bytes[own] | (bytes[own + 1] << 8);
    return from + this.#size <= this.#end;
  }
}

/** Beside System, the event is this one value. */
function dataIndex({ root }: Template): number {
  const others = root?.content.filter((node) => node.kind !== 'element' || node.name !== 'System') ?? [];
  const [only] = others;
  return others.length === 1 && only.kind === 'substitution' ? only.index : OPEN;
}

function fieldIndex({ root, data }: Template, name: string): number {
  if (!root || !holdsData(root.name) || !data) return OPEN;
  const field = data.find((one) => one.name === name);
  if (!field) return ABSENT;
  const [only] = field.content;
  return field.content.length === 1 && only.kind === 'substitution' ? only.index : OPEN;
}

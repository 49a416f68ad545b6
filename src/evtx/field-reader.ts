// One field of an event's data by its name, told from the record's bytes: nothing else of the event is built.

import { u32At } from '../bytes/cursor.ts';
import type { Chunk } from './chunk.ts';
import { EventReader, holdsData } from './event.ts';
import { instanceToken, valueCountAt } from './instance.ts';
import type { Template } from './template.ts';
import { ValueFinder } from './value-finder.ts';
import { valueText } from './value-text.ts';
import { ARRAY, ValueType } from './value-type.ts';

/** No value can be told: the whole event has to be read. */
const OPEN = -1;
/** The template has no such field. */
const ABSENT = -2;

/** A value in a chunk. */
interface Place {
  readonly type: number;
  readonly from: number;
  readonly size: number;
}

/** Reads the field of one name; one may be used for many chunks. */
export class FieldReader {
  readonly name: string;
  readonly #reader = new EventReader();
  /** Of an event's template, the number of the value that is its data; of that of data, the number of the field. */
  readonly #dataIndex = new WeakMap<Template, number>();
  readonly #fieldIndex = new WeakMap<Template, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** The text of the first field of this name in the record at `record`; undefined where it has none. Throws BinXmlError. */
  text(chunk: Chunk, record: number): string | undefined {
    const place = this.#place(chunk, record);
    if (place === 'absent') return undefined;
    if (place !== 'open') return valueText({ bytes: chunk.bytes, ...place });
    return this.#reader.read(chunk, record).data.find(([name]) => name === this.name)?.[1];
  }

  #place(chunk: Chunk, record: number): Place | 'open' | 'absent' {
    const token = chunk.instanceAt(record);
    if (token < 0) return 'open';
    const end = chunk.fragmentEnd(record);
    const event = chunk.template(u32At(chunk.bytes, token + 6));
    const data = placeOf(chunk, token, end, known(this.#dataIndex, event, dataIndex));
    if (data === undefined || data.type !== ValueType.binXml) return 'open';
    const dataEnd = data.from + data.size;
    const within = instanceToken(chunk.bytes, data.from, dataEnd);
    if (within < 0) return 'open';
    const template = chunk.template(u32At(chunk.bytes, within + 6));
    const index = known(this.#fieldIndex, template, (one) => fieldIndex(one, this.name));
    if (index === ABSENT) return 'absent';
    const value = placeOf(chunk, within, dataEnd, index);
    return value === undefined || value.type >= ARRAY || value.type === ValueType.binXml ? 'open' : value;
  }
}

function known(indexes: WeakMap<Template, number>, template: Template, find: (template: Template) => number): number {
  let index = indexes.get(template);
  if (index === undefined) {
    index = find(template);
    indexes.set(template, index);
  }
  return index;
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

/** A value of the instance at `token`; undefined where it is not within `end`, or not to be told. */
function placeOf(chunk: Chunk, token: number, end: number, index: number): Place | undefined {
  if (index < 0) return undefined;
  const counts = valueCountAt(chunk, token);
  const count = counts + 4 <= end ? u32At(chunk.bytes, counts) : -1;
  if (count < 0 || counts + 4 + count * 4 > end) return undefined;
  const values = new ValueFinder(chunk.bytes, counts + 4, count);
  const from = values.find(index);
  return from + values.size > end ? undefined : { type: values.type, from, size: values.size };
}

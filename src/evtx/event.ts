// An event as fields: those of System, and its data in their order, each as the text that Windows writes.

import type { Chunk } from './chunk.ts';
import { UNNAMED } from './data-fields.ts';
import type { ContentNode } from './fragment.ts';
import { NO_INSTANCE, RecordValues } from './instance.ts';
import { SYSTEM_NAMES, SYSTEM_PLACES, type SystemName } from './system-fields.ts';
import type { Template } from './template.ts';
import { attributeText, type Element, elementsIn, mostText, readTree, textOf } from './tree.ts';
import { arrayItems, valueText } from './value-text.ts';
import { ARRAY, ValueType } from './value-type.ts';

/** A field of an event's data: its name as the event writes it ("Data" for one without), and its text. */
export type Field = readonly [name: string, text: string];

/** An event, in texts. */
export interface EvtxEvent {
  /** Fields of System; one that is not there, or empty, is missing. */
  readonly system: Readonly<Partial<Record<SystemName, string>>>;
  /** EventData, or UserData flattened, in order; a name may be there more than once. */
  readonly data: readonly Field[];
  /** The element that held the data: "EventData", "UserData"; "" where there was none. */
  readonly container: string;
}

/** Elements that hold an event's data (event.xsd). */
const CONTAINERS: ReadonlySet<string> = new Set([
  'EventData',
  'UserData',
  'DebugData',
  'BinaryEventData',
  'ProcessingErrorData',
]);

/** Whether an element of this name holds an event's data. */
export function holdsData(name: string): boolean {
  return CONTAINERS.has(name);
}

/** Reads events; one may be used for many chunks. */
export class EventReader {
  readonly #values = new RecordValues();

  /** The event of the record at `record`. Throws BinXmlError. */
  read(chunk: Chunk, record: number): EvtxEvent {
    return this.#fromTemplate(chunk, record) ?? fromTree(chunk, record);
  }

  /** Only the fields of System of the record at `record`. Throws BinXmlError. */
  system(chunk: Chunk, record: number): EvtxEvent['system'] {
    const token = chunk.instanceAt(record);
    if (token >= 0) {
      const values = this.#values;
      values.clear();
      const instance = values.read(chunk, token, chunk.fragmentEnd(record), true);
      const system = systemOf(values, instance, chunk.bytes);
      if (system && values.template[instance].root) return system;
    }
    return fromTree(chunk, record).system;
  }

  #fromTemplate(chunk: Chunk, record: number): EvtxEvent | undefined {
    const token = chunk.instanceAt(record);
    if (token < 0) return undefined;
    const values = this.#values;
    values.clear();
    const instance = values.read(chunk, token, chunk.fragmentEnd(record), true);
    const template = values.template[instance];
    const within = template.root ? dataOf(template, values, instance) : undefined;
    if (within === undefined || values.hasFragment) return undefined;
    const system = systemOf(values, instance, chunk.bytes);
    if (!system) return undefined;
    if (within === NO_INSTANCE) return { system, data: [], container: '' };
    const container = values.template[within].root?.name ?? '';
    const fields = CONTAINERS.has(container) ? values.template[within].data : undefined;
    if (!fields) return undefined;
    const data: Field[] = [];
    let left = mostText(chunk.recordSize(record));
    for (const { name, content } of fields) {
      const text = contentText(content, values, within, chunk.bytes, left);
      if (text === undefined) return undefined;
      left -= text.length;
      data.push([name, text]);
    }
    return { system, data, container };
  }
}

/** The fields of System; undefined where a tree has to tell them. */
function systemOf(values: RecordValues, instance: number, bytes: Uint8Array): EvtxEvent['system'] | undefined {
  const system: Partial<Record<SystemName, string>> = {};
  const places = values.template[instance].system;
  for (const name of SYSTEM_NAMES) {
    const { text, index } = places[name];
    const told = index >= 0 ? textAt(values, instance, index, bytes) : text;
    if (told === undefined && index >= 0) return undefined;
    if (told) system[name] = told;
  }
  return system;
}

/** The instance with an event's data: the value that ends the event. {@link NO_INSTANCE} where it is empty; undefined for another shape. */
export function dataOf(template: Template, values: RecordValues, instance: number): number | undefined {
  let found: number | undefined = NO_INSTANCE;
  for (const node of template.root?.content ?? []) {
    if (node.kind === 'element' && node.name === 'System') continue;
    if (node.kind !== 'substitution' || found !== NO_INSTANCE) return undefined;
    if (node.index >= values.count[instance]) continue;
    const value = values.first[instance] + node.index;
    if (values.size[value] === 0 || values.type[value] === ValueType.null) continue;
    if (values.instance[value] === NO_INSTANCE) return undefined;
    found = values.instance[value];
  }
  return found;
}

/** The text of a value; undefined for a list or a fragment, whose place is in a tree. */
function textAt(values: RecordValues, instance: number, index: number, bytes: Uint8Array): string | undefined {
  if (index >= values.count[instance]) return '';
  const value = values.first[instance] + index;
  const type = values.type[value];
  const of = { bytes, type, from: values.from[value], size: values.size[value] };
  if (type === ValueType.binXml && of.size > 0) return undefined;
  return (type & ARRAY) !== 0 && arrayItems(of).length > 1 ? undefined : valueText(of);
}

/** The text of what an element holds; undefined where it is longer than `most`, too: what reads trees refuses it. */
function contentText(
  content: readonly ContentNode[],
  values: RecordValues,
  instance: number,
  bytes: Uint8Array,
  most: number,
): string | undefined {
  let all = '';
  for (const node of content) {
    if (node.kind === 'text') all += node.text;
    else if (node.kind === 'substitution') {
      const text = textAt(values, instance, node.index, bytes);
      if (text === undefined) return undefined;
      all += text;
    } else if (node.kind !== 'instruction') return undefined;
    if (all.length > most) return undefined;
  }
  return all;
}

/** The same out of a tree, whatever its shape. */
function fromTree(chunk: Chunk, record: number): EvtxEvent {
  const [root] = elementsIn(readTree(chunk, record));
  return eventOfElement(root);
}

/** The event whose element is `root`; one without anything where there is none. */
export function eventOfElement(root: Element | undefined): EvtxEvent {
  const elements = root ? elementsIn(root.content) : [];
  const system: Partial<Record<SystemName, string>> = {};
  const own = elements.find(({ name }) => name === 'System');
  for (const name of SYSTEM_NAMES) {
    const text = own && systemText(own, name);
    if (text) system[name] = text;
  }
  const container = elements.find(({ name }) => CONTAINERS.has(name));
  return { system, data: container ? dataOfElement(container) : [], container: container?.name ?? '' };
}

function systemText(system: Element, name: SystemName): string {
  const [element, attribute] = SYSTEM_PLACES[name];
  const place = elementsIn(system.content).find((one) => one.name === element);
  if (!place) return '';
  return attribute === '' ? textOf(place.content) : attributeText(place, attribute);
}

/** The innermost elements of EventData or UserData, by their own names, Data by its attribute's. */
export function dataOfElement(element: Element): readonly Field[] {
  return elementsIn(element.content).flatMap((one): readonly Field[] => {
    if (elementsIn(one.content).length > 0) return dataOfElement(one);
    const name = one.name === UNNAMED ? attributeText(one, 'Name') || UNNAMED : one.name;
    return [[name, textOf(one.content)]];
  });
}

// An event's tree as JSON, in the shape that users of evtx_dump know.

import { BinXmlError } from './binxml-error.ts';
import { isDataContainer } from './json-compile.ts';
import type { JsonSink } from './json-sink.ts';
import { NumberedNames } from './numbered-names.ts';
import { attributeText, type Content, type Element, elementsIn, textOf } from './tree.ts';
import { isEmpty, type ValueBytes, valueText } from './value-text.ts';
import { BARE_SIZE } from './value-type.ts';

/** Writes `{"name":value}`. */
export function writeJsonTree(root: Element, sink: JsonSink): void {
  sink.ascii('{');
  writeKey(root.name, sink);
  writeElement(root, sink, true);
  sink.ascii('}');
}

function writeKey(name: string, sink: JsonSink): void {
  if (sink.isFull) throw new BinXmlError(0, 'an event is longer than its record can be the reason for');
  sink.byte(0x22);
  sink.text(name);
  sink.ascii('":');
}

/** An element's value; an empty one is null. */
function writeElement(element: Element, sink: JsonSink, withAttributes: boolean, empty = 'null'): void {
  const attributes = withAttributes ? element.attributes.filter(({ content }) => hasText(content)) : [];
  const children = element.content.some(({ kind }) => kind === 'element');
  if (attributes.length === 0 && !children) {
    writeContent(element.content, sink, empty);
    return;
  }
  sink.ascii('{');
  let comma = false;
  const next = (): void => {
    if (comma) sink.ascii(',');
    comma = true;
  };
  if (attributes.length > 0) {
    next();
    sink.ascii('"#attributes":{');
    attributes.forEach(({ name, content }, i) => {
      if (i > 0) sink.ascii(',');
      writeKey(name, sink);
      writeContent(content, sink, '""');
    });
    sink.ascii('}');
  }
  if (hasText(element.content)) {
    next();
    sink.ascii('"#text":');
    writeContent(element.content, sink, '""');
  }
  writeMembers(element, sink, next);
  sink.ascii('}');
}

function writeMembers(element: Element, sink: JsonSink, next: () => void): void {
  const elements = elementsIn(element.content);
  const isContainer = isDataContainer(element.name);
  const isData = ({ name }: Element): boolean => isContainer && name === 'Data';
  const isNamed = elements.some((one) => isData(one) && nameOf(one) !== '');
  const all = elements.filter(isData);
  const names = new NumberedNames();
  const dataNames = new NumberedNames();
  let toldUnnamed = false;
  for (let i = 0; i < elements.length; i++) {
    const one = elements[i];
    if (!isData(one)) {
      next();
      writeKey(names.next(one.name), sink);
      writeElement(one, sink, true);
    } else if (isNamed) {
      const name = nameOf(one);
      if (name === '') continue;
      let end = i + 1;
      while (end < elements.length && isData(elements[end]) && nameOf(elements[end]) === name) end++;
      next();
      writeKey(dataNames.next(name), sink);
      writeList(elements.slice(i, end), sink);
      i = end - 1;
    } else if (!toldUnnamed) {
      toldUnnamed = true;
      next();
      sink.ascii('"Data":{"#text":');
      writeList(all, sink);
      sink.ascii('}');
    }
  }
}

/** The values of Data elements: one alone, or a list. */
function writeList(elements: readonly Element[], sink: JsonSink): void {
  if (elements.length > 1) sink.ascii('[');
  elements.forEach((one, i) => {
    if (i > 0) sink.ascii(',');
    writeElement(one, sink, false, '""');
  });
  if (elements.length > 1) sink.ascii(']');
}

function nameOf(element: Element): string {
  return attributeText(element, 'Name');
}

function hasText(content: readonly Content[]): boolean {
  return content.some(
    (one) => (one.kind === 'text' && one.text !== '') || (one.kind === 'value' && !isEmpty(one.value)),
  );
}

/** Text and values as one JSON value: a number or a boolean where there is just one. */
function writeContent(content: readonly Content[], sink: JsonSink, empty: string): void {
  const told = content.filter((one) => hasText([one]));
  if (told.length === 0) {
    sink.ascii(empty);
    return;
  }
  const [only] = told;
  if (told.length === 1 && only.kind === 'value' && isBare(only.value)) {
    sink.ascii(valueText(only.value));
    return;
  }
  sink.ascii('"');
  sink.text(textOf(told));
  sink.ascii('"');
}

function isBare({ type, size }: ValueBytes): boolean {
  return size > 0 && BARE_SIZE[type] === size;
}

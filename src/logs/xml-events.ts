// The events of Windows event XML: one Event element behind the other, within Events or without, as wevtutil, Event Viewer and forwarders write them.

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FormatError } from '../errors.ts';
import { dataOfElement, type EvtxEvent, eventOfElement, type Field } from '../evtx/event.ts';
import type { Attribute, Content, Element } from '../evtx/tree.ts';
import type { LogReport } from './log-report.ts';

/** Characters of one event at most, and elements within one another. */
const LONGEST = 1 << 24;
const DEEPEST = 64;

/** An element that is being read. */
interface Open {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: Content[];
}

export interface XmlEvent {
  readonly event: EvtxEvent;
  /** From 1. */
  readonly number: number;
}

interface FoundElement {
  readonly element: Element;
  /** What was wrong in it, or in front of it. */
  readonly fault: string | undefined;
}

/** What the parser says of a declaration that is not the first thing: files that were put together have several. */
const DECLARATION = 'an XML declaration must be at the start';

/** The elements of one name in a text that comes in parts. */
class ElementReader {
  readonly #parser = new SaxesParser({ fragment: true, position: true });
  readonly #wanted: string;
  readonly #open: Open[] = [];
  #found: FoundElement[] = [];
  #length = 0;
  /** What is wrong in the element that is being read, or in front of it. */
  #fault: string | undefined;

  constructor(wanted: string) {
    this.#wanted = wanted;
    const parser = this.#parser;
    parser.on('error', (error) => {
      if (!error.message.includes(DECLARATION)) this.#fault ??= error.message;
    });
    parser.on('opentag', (tag) => this.#begin(tag as SaxesTagPlain));
    parser.on('closetag', (tag) => this.#end(tag.name));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  /** Elements that end in `text`. A fault within one does not keep the others from being read. */
  push(text: string): readonly FoundElement[] {
    this.#length += text.length;
    if (this.#length > LONGEST + text.length)
      throw new FormatError(`an element is longer than ${LONGEST} characters; what follows it is not read`);
    this.#parser.write(text);
    return this.#taken();
  }

  /** The elements that the end makes whole; `cut` names the one that it ends within. */
  end(): { readonly found: readonly FoundElement[]; readonly cut: string | undefined } {
    this.#parser.close();
    return { found: this.#taken(), cut: this.#open[0]?.name };
  }

  #taken(): readonly FoundElement[] {
    const found = this.#found;
    if (found.length > 0) {
      this.#found = [];
      this.#length = 0;
    }
    return found;
  }

  #begin(tag: SaxesTagPlain): void {
    const name = localName(tag.name);
    if (this.#open.length === 0 && name !== this.#wanted) return;
    if (this.#open.length >= DEEPEST) {
      this.#fault ??= `more than ${DEEPEST} elements within one another`;
      return;
    }
    const attributes = Object.entries(tag.attributes).map(
      ([key, value]): Attribute => ({
        name: localName(key),
        content: [{ kind: 'text', text: value }],
      }),
    );
    this.#open.push({ name, attributes, content: [] });
  }

  #text(text: string): void {
    this.#open.at(-1)?.content.push({ kind: 'text', text });
  }

  #end(name: string): void {
    const open = this.#open;
    if (open.length === 0 || open[open.length - 1].name !== localName(name)) return;
    const { attributes, content } = open[open.length - 1];
    open.pop();
    // Space between elements is layout.
    const inner = content.some(({ kind }) => kind === 'element')
      ? content.filter((one) => one.kind !== 'text' || one.text.trim() !== '')
      : content;
    const element: Element = { name: localName(name), attributes, content: inner, isClosed: inner.length === 0 };
    const parent = open.at(-1);
    if (parent) {
      parent.content.push({ kind: 'element', element });
      return;
    }
    this.#found.push({ element, fault: this.#fault });
    this.#fault = undefined;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The events of a text; what is damaged is told to `report`, and read as far as it can be. */
export async function* xmlEvents(
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<XmlEvent> {
  let number = 0;
  const reader = new ElementReader('Event');
  const told = ({ element, fault }: FoundElement): XmlEvent => {
    number++;
    if (fault !== undefined) report.note(name, `event ${number} is damaged, and read as far as it can be: ${fault}`);
    return { event: eventOfElement(element), number };
  };
  for await (const block of text) for (const found of reader.push(block)) yield told(found);
  const { found, cut } = reader.end();
  for (const one of found) yield told(one);
  if (cut !== undefined) report.lost(name, `the text ends within event ${number + 1}`);
  else if (number === 0) report.refuse(name, 'no event of Windows is in this XML');
}

/** The event of a text that is one Event element; undefined of another. */
export function eventOfXml(text: string): EvtxEvent | undefined {
  const element = firstElement('Event', text);
  return element && eventOfElement(element);
}

/** The fields of a text that is one EventData element; none of another. */
export function dataOfXml(text: string): readonly Field[] {
  const element = firstElement('EventData', text);
  return element ? dataOfElement(element) : [];
}

function firstElement(name: string, text: string): Element | undefined {
  const reader = new ElementReader(name);
  const [first] = [...reader.push(text), ...reader.end().found];
  return first?.fault === undefined ? first?.element : undefined;
}

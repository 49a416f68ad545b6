// The events of Windows event XML: one Event element behind the other, within Events or without, as wevtutil, Event Viewer and forwarders write them.

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FormatError } from '../errors.ts';
import { dataOfElement, type EvtxEvent, eventOfElement, type Field } from '../evtx/event.ts';
import type { Attribute, Content, Element } from '../evtx/tree.ts';
import type { LogReport } from './log-report.ts';

/** Characters of one event at most, elements within one another that are read, and those that are gone through. */
const LONGEST = 1 << 24;
const DEEPEST = 64;
const BOTTOM = 4096;
const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

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
const DECLARATION = /an XML declaration must be at the start|expected one of [a-z, ]+$/;

/** Tells what is wrong as a text alone: there may be as much of it as there are characters. */
class Parser extends SaxesParser {
  fault: string | undefined;

  constructor() {
    super({ fragment: true, position: true });
  }

  override fail(message: string): this {
    if (this.fault === undefined && !DECLARATION.test(message)) this.fault = `${this.line}:${this.column}: ${message}`;
    return this;
  }
}

/** The elements of one name in a text that comes in parts. */
class ElementReader {
  readonly #parser = new Parser();
  readonly #wanted: string;
  readonly #open: Open[] = [];
  /** Why nothing more is to be read. */
  failure: FormatError | undefined;
  #found: FoundElement[] = [];
  #length = 0;
  /** Elements that are open, and how many of them were when the last one of that name began. */
  #depth = 0;
  #base = 0;

  constructor(wanted: string) {
    this.#wanted = wanted;
    const parser = this.#parser;
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
    try {
      this.#parser.write(text);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.failure = error;
    }
    return this.#taken();
  }

  /** The elements that the end makes whole, and the one that it ends within, as far as it was read. */
  end(): { readonly found: readonly FoundElement[]; readonly cut: Element | undefined } {
    if (!this.failure) this.#parser.close();
    const found = this.#taken();
    this.#closeAll();
    return { found, cut: this.#taken()[0]?.element };
  }

  #taken(): readonly FoundElement[] {
    const found = this.#found;
    this.#found = [];
    if (found.length > 0) this.#length = 0;
    return found;
  }

  #begin(tag: SaxesTagPlain): void {
    const name = localName(tag.name);
    this.#depth++;
    // An event within an event begins where the one before was cut off.
    if (name === this.#wanted && (this.#open.length === 0 || tag.attributes.xmlns === NAMESPACE)) {
      if (this.#open.length > 0) this.#parser.fault ??= 'the next one begins within it';
      this.#closeAll();
      this.#base = this.#depth;
    }
    if (this.#depth - this.#base > BOTTOM)
      throw new FormatError(`more than ${BOTTOM} elements within one another; what follows is not read`);
    if (this.#open.length === 0 && name !== this.#wanted) return;
    if (this.#open.length >= DEEPEST) {
      this.#parser.fault ??= `more than ${DEEPEST} elements within one another`;
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
    this.#depth--;
    this.#base = Math.min(this.#base, this.#depth);
    if (this.#open.at(-1)?.name === localName(name)) this.#close();
  }

  #closeAll(): void {
    while (this.#open.length > 0) this.#close();
  }

  /** Ends the innermost element. */
  #close(): void {
    const open = this.#open;
    const { name, attributes, content } = open.pop()!;
    // Space between elements is layout.
    const inner = content.some(({ kind }) => kind === 'element')
      ? content.filter((one) => one.kind !== 'text' || one.text.trim() !== '')
      : content;
    const element: Element = { name, attributes, content: inner, isClosed: inner.length === 0 };
    const parent = open.at(-1);
    if (parent) {
      parent.content.push({ kind: 'element', element });
      return;
    }
    this.#found.push({ element, fault: this.#parser.fault });
    this.#parser.fault = undefined;
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
  for await (const block of text) {
    for (const found of reader.push(block)) yield told(found);
    if (reader.failure) throw reader.failure;
  }
  const { found, cut } = reader.end();
  for (const one of found) yield told(one);
  if (cut !== undefined) report.lost(name, `the text ends within event ${number + 1}`);
  else if (number === 0) report.refuse(name, 'no event of Windows is in this XML');
}

/** The event of a text that is one Event element; undefined of another. What is damaged in it is told to `tell`. */
export function eventOfXml(text: string, tell: (text: string) => void): EvtxEvent | undefined {
  const element = firstElement('Event', text, tell);
  return element && eventOfElement(element);
}

/** The fields of a text that is one EventData element; none of another. */
export function dataOfXml(text: string, tell: (text: string) => void): readonly Field[] {
  const element = firstElement('EventData', text, tell);
  return element ? dataOfElement(element) : [];
}

function firstElement(name: string, text: string, tell: (text: string) => void): Element | undefined {
  const reader = new ElementReader(name);
  const begun = reader.push(text);
  const { found, cut } = reader.end();
  const [first] = [...begun, ...found];
  const fault = first ? first.fault : (reader.failure?.message ?? (cut && 'it is cut off'));
  if (fault !== undefined) tell(`its XML is damaged, and read as far as it can be: ${fault}`);
  return first?.element ?? cut;
}

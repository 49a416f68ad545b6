// Turns a template into a program that writes its instances as JSON: the texts that never change, and where each value goes.

import type { AttributeNode, ContentNode, ElementNode } from './fragment.ts';
import { JsonSink } from './json-sink.ts';
import { NumberedNames } from './numbered-names.ts';

/** What a step of a program does; its operands follow it. */
export const Step = {
  end: 0,
  /** text, length: writes a text. */
  text: 1,
  /** text, length, value, text, length: writes the first text, then the value as it stands alone, the second text where it is empty. */
  value: 2,
  /** value, text, length: the key and the value of an attribute, where it is not empty. */
  attribute: 3,
  /** text, length, else: remembers the place and writes the text; `else` is where to go on when no attribute was written. */
  openAttributes: 4,
  /** Ends what openAttributes began: with the attributes, or as if it had not begun. */
  closeAttributes: 5,
  /** value: `,"#text":` and the value, where it is not empty. */
  content: 6,
  /** value: a fragment's element as a member of this object. */
  member: 7,
  /** Ends an object: in place of the last comma, or behind the brace; null where nothing stands in it. */
  closeObject: 8,
  /** value, target: goes on at the target when the value is null. */
  unless: 9,
  /** target */
  jump: 10,
  /** value: the member "Data" of values without names, one or, of an array, many. */
  unnamed: 11,
  /** text, length, value: a key and a value with a comma behind it; nothing where the value is null. */
  dependent: 12,
} as const;

export interface JsonProgram {
  readonly steps: Int32Array;
  /** The texts, eight bytes a word, each from a word on; UTF-8, of which no eight bytes are a number that is none. */
  readonly texts: Float64Array;
}

/** Elements whose Data are members by their names. */
export function isDataContainer(name: string): boolean {
  return name === 'EventData' || name === 'UserData';
}

/** A shape that has no program. */
class NoProgram extends Error {}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes of the texts of one program. */
const TEXT_LIMIT = 1 << 20;
/** Bytes of a word. */
const WORD = 8;

/** The program of an element; `isDocument` for an object of its own, else a member with a comma behind it. Undefined where the shape has none. */
export function compileJson(root: ElementNode, isDocument: boolean): JsonProgram | undefined {
  try {
    return new JsonCompiler().compile(root, isDocument);
  } catch (error) {
    if (error instanceof NoProgram) return undefined;
    throw error;
  }
}

/** A text in quotes, escaped as values are. */
function quoted(text: string): string {
  const sink = new JsonSink(text.length * 6);
  sink.text(text);
  return `"${DECODER.decode(sink.bytes.subarray(0, sink.length))}"`;
}

class JsonCompiler {
  readonly #steps: number[] = [];
  readonly #texts: number[] = [];
  /** Text that is not yet a step. */
  #pending = '';

  compile(root: ElementNode, isDocument: boolean): JsonProgram {
    // An event is written whatever it depends on.
    if (isDocument) this.#text('{');
    this.#member(isDocument ? { ...root, dependency: -1 } : root, root.name);
    if (isDocument) this.#step(Step.closeObject);
    this.#step(Step.end);
    return { steps: Int32Array.from(this.#steps), texts: new Float64Array(Uint8Array.from(this.#texts).buffer) };
  }

  /** `"name":value,`, or nothing where the element depends on a value that is null. */
  #member(element: ElementNode, key: string): void {
    if (isOwnValue(element)) {
      this.#flush();
      this.#step(Step.dependent, ...this.#kept(`${quoted(key)}:`), element.dependency);
      return;
    }
    const left = this.#unless(element);
    this.#text(`${quoted(key)}:`);
    this.#element(element);
    this.#text(',');
    this.#land(left);
  }

  #element(element: ElementNode): void {
    const attributes = element.attributes.filter(({ content }) => content.length > 0);
    const children = element.content.some(({ kind }) => kind === 'element');
    if (attributes.length === 0) {
      if (children || isOptionalFragment(element)) this.#object(element);
      else this.#leaf(element.content, 'null');
      return;
    }
    const isSure = attributes.some(isSureAttribute);
    const opened = this.#openAttributes(isSure);
    for (const attribute of attributes) this.#attribute(attribute);
    this.#step(Step.closeAttributes);
    if (children) {
      this.#text(',');
      this.#children(element);
      this.#step(Step.closeObject);
      if (opened === undefined) return;
      const end = this.#jump();
      this.#land(opened);
      this.#object(element);
      this.#land(end);
      return;
    }
    this.#contentBeside(element.content);
    this.#text('}');
    if (opened === undefined) return;
    const end = this.#jump();
    this.#land(opened);
    this.#leaf(element.content, 'null');
    this.#land(end);
  }

  #object(element: ElementNode): void {
    this.#text('{');
    this.#children(element);
    this.#step(Step.closeObject);
  }

  /** The members of an element's object, each with a comma behind it. */
  #children(element: ElementNode): void {
    const elements = element.content.filter((node): node is ElementNode => node.kind === 'element');
    const fragment = fragmentOf(element);
    if (!isDataContainer(element.name) || !elements.some(isData)) {
      const names = numberedNames(elements);
      for (const one of elements) this.#member(one, names.next(one.name));
      if (fragment >= 0) this.#step(Step.member, fragment);
    } else if (fragment >= 0) throw new NoProgram();
    else this.#data(elements);
  }

  #data(elements: readonly ElementNode[]): void {
    const all = elements.filter(isData);
    const named = all.filter((one) => nameOf(one) !== '');
    if (named.length === 0) {
      this.#unnamed(elements, all);
      return;
    }
    // Those without a name are told where none with a name is left: values decide that.
    if (named.length < all.length && named.every(({ dependency }) => dependency >= 0)) throw new NoProgram();
    const names = numberedNames(elements.filter((one) => !isData(one)));
    const dataNames = numberedNames(named, nameOf);
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (!isData(element)) {
        this.#member(element, names.next(element.name));
        continue;
      }
      const name = nameOf(element);
      if (name === '') continue;
      let end = i + 1;
      while (end < elements.length && isData(elements[end]) && nameOf(elements[end]) === name) end++;
      const left = this.#unless(element);
      this.#text(`${quoted(dataNames.next(name))}:`);
      this.#list(elements.slice(i, end));
      this.#text(',');
      this.#land(left);
      i = end - 1;
    }
  }

  /** The values of Data elements: one alone, or a list. */
  #list(elements: readonly ElementNode[]): void {
    if (elements.length > 1) this.#text('[');
    elements.forEach((one, i) => {
      if (i > 0) this.#text(',');
      this.#leaf(one.content, '""');
    });
    if (elements.length > 1) this.#text(']');
  }

  /** Data without names: one value, or a list. */
  #unnamed(elements: readonly ElementNode[], all: readonly ElementNode[]): void {
    if (elements.length !== all.length || all.some(({ dependency }) => dependency >= 0)) throw new NoProgram();
    const [first] = all;
    if (
      all.length === 1 &&
      first.content.length === 1 &&
      first.content[0].kind === 'substitution' &&
      first.attributes.length === 0
    ) {
      this.#step(Step.unnamed, first.content[0].index);
      return;
    }
    this.#text('"Data":{"#text":');
    this.#list(all);
    this.#text('},');
  }

  /** What stands in an element without others in it, as a JSON value. */
  #leaf(content: readonly ContentNode[], empty: string): void {
    const [only] = content;
    if (content.length === 1 && only.kind === 'substitution') {
      const before = this.#kept(this.#pending);
      this.#pending = '';
      this.#step(Step.value, ...before, only.index, ...this.#kept(empty));
      return;
    }
    const text = staticText(content);
    this.#text(text === '' ? empty : quoted(text));
  }

  #contentBeside(content: readonly ContentNode[]): void {
    const [only] = content;
    if (content.length === 1 && only.kind === 'substitution') {
      this.#step(Step.content, only.index);
      return;
    }
    const text = staticText(content);
    if (text !== '') this.#text(`,"#text":${quoted(text)}`);
  }

  #attribute({ name, content }: AttributeNode): void {
    const [only] = content;
    if (content.length === 1 && only.kind === 'substitution') {
      this.#flush();
      this.#step(Step.attribute, only.index, ...this.#kept(`${quoted(name)}:`));
      return;
    }
    const text = staticText(content);
    if (text !== '') this.#text(`${quoted(name)}:${quoted(text)},`);
  }

  /** Where an element's attributes begin; what is to land where none is written, if that may be. */
  #openAttributes(isSure: boolean): number | undefined {
    this.#flush();
    this.#step(Step.openAttributes, ...this.#kept('{"#attributes":{'), -1);
    return isSure ? undefined : this.#steps.length - 1;
  }

  #unless(element: ElementNode): number | undefined {
    if (element.dependency < 0) return undefined;
    this.#step(Step.unless, element.dependency, -1);
    return this.#steps.length - 1;
  }

  #jump(): number {
    this.#step(Step.jump, -1);
    return this.#steps.length - 1;
  }

  /** The operand at `operand` leads to here. */
  #land(operand: number | undefined): void {
    if (operand === undefined) return;
    this.#flush();
    this.#steps[operand] = this.#steps.length;
  }

  #text(text: string): void {
    this.#pending += text;
  }

  /** Keeps a text and returns where it begins, in words, and its bytes. */
  #kept(told: string): readonly [word: number, length: number] {
    const text = ENCODER.encode(told);
    if (this.#texts.length + text.length > TEXT_LIMIT) throw new NoProgram();
    const word = this.#texts.length / WORD;
    for (let i = 0; i < text.length; i++) this.#texts.push(text[i]);
    while (this.#texts.length % WORD !== 0) this.#texts.push(0);
    return [word, text.length];
  }

  #step(...step: readonly number[]): void {
    this.#flush();
    this.#steps.push(...step);
  }

  #flush(): void {
    if (this.#pending === '') return;
    const pending = this.#pending;
    this.#pending = '';
    this.#steps.push(Step.text, ...this.#kept(pending));
  }
}

/** Whether an element holds one value, and is left out where that is null. */
function isOwnValue({ name, attributes, content, dependency }: ElementNode): boolean {
  const [only] = content;
  return (
    attributes.length === 0 &&
    content.length === 1 &&
    only.kind === 'substitution' &&
    only.index === dependency &&
    !isDataContainer(name)
  );
}

function isData({ name }: ElementNode): boolean {
  return name === 'Data';
}

/** The names of elements as they are numbered; how many of one name there are must not depend on values. */
function numberedNames(
  elements: readonly ElementNode[],
  nameOfElement: (element: ElementNode) => string = ({ name }) => name,
): NumberedNames {
  const names = new Set(elements.map(nameOfElement));
  if (names.size < elements.length && elements.some(({ dependency }) => dependency >= 0)) throw new NoProgram();
  return new NumberedNames();
}

/** Whether an element holds nothing but values that may be fragments: of the standard event, its last one. */
function isOptionalFragment(element: ElementNode): boolean {
  return isDataContainer(element.name) && element.content.some(({ kind }) => kind === 'substitution');
}

/** The value that is an element of the object, behind the others; -1: none. Elsewhere among them, a program would not keep their order. */
function fragmentOf({ content }: ElementNode): number {
  let found = -1;
  for (const node of content) {
    if (node.kind === 'element' || node.kind === 'instruction') continue;
    if (node.kind !== 'substitution' || (found >= 0 && found !== node.index)) throw new NoProgram();
    found = node.index;
  }
  const last = content.at(-1);
  if (found >= 0 && (last?.kind !== 'substitution' || last.index !== found)) throw new NoProgram();
  return found;
}

function isSureAttribute({ content }: AttributeNode): boolean {
  return content.every(({ kind }) => kind === 'text' || kind === 'instruction') && staticText(content) !== '';
}

/** The text of what does not change. */
function staticText(content: readonly ContentNode[]): string {
  let text = '';
  for (const node of content) {
    if (node.kind === 'instruction') continue;
    if (node.kind !== 'text') throw new NoProgram();
    text += node.text;
  }
  return text;
}

/** A Data element's name; empty where it has none. */
function nameOf({ attributes }: ElementNode): string {
  const name = attributes.find((one) => one.name === 'Name');
  return name ? staticText(name.content) : '';
}

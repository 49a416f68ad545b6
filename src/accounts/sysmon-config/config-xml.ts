// The XML of a Sysmon configuration as a tree of elements that know their place; bounded, and refused with the place where it is broken.

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FormatError } from '../../errors.ts';

/** Where something stands in the file; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface XmlElement extends Place {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its first run of text that is not only space, as it stands there: what Sysmon takes for a rule's value. */
  readonly text: string;
}

/** Elements within one another, and in all: the largest public configurations have 5 and some 4,000. */
const DEEPEST = 64;
const MOST = 50_000;
/** Characters of one element's text: more than a command line can have. */
const LONGEST_TEXT = 1 << 15;
/** Bytes of a configuration. */
export const LARGEST_CONFIG = 1 << 24;

/** An element that is being read. */
interface Open extends Place {
  readonly name: string;
  attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Throws what is wrong with its place. saxes knows the five entities of XML and no others: a DOCTYPE expands nothing. */
class Parser extends SaxesParser {
  constructor() {
    super({ position: true });
  }

  override fail(message: string): this {
    throw new FormatError(`${this.line}:${this.column}: ${message}`);
  }
}

/** The root element. Throws FormatError, "LINE:COLUMN: what is wrong", of a text that is no XML or goes over a bound. */
export function readConfigXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > LARGEST_CONFIG) throw new FormatError(`1:1: more than ${LARGEST_CONFIG} bytes`);
  const text = textOf(bytes);
  const parser = new Parser();
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let many = 0;
  const fail = (what: string) => parser.fail(what);
  const placeOf = placesIn(text);
  parser.on('opentagstart', ({ name }) => {
    many++;
    if (open.length >= DEEPEST) fail(`more than ${DEEPEST} elements within one another`);
    if (many > MOST) fail(`more than ${MOST} elements`);
    open.push({ name, ...placeOf(text.lastIndexOf('<', parser.position - 1)), attributes: {}, children: [], text: '' });
  });
  parser.on('opentag', (tag) => {
    open.at(-1)!.attributes = (tag as SaxesTagPlain).attributes;
  });
  const keep = (run: string) => {
    const inner = open.at(-1);
    if (run.length > LONGEST_TEXT) fail(`a text of more than ${LONGEST_TEXT} characters`);
    if (inner && inner.text === '' && run.trim() !== '') inner.text = run;
  };
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', () => {
    const done = open.pop()!;
    const parent = open.at(-1);
    if (parent) parent.children.push(done);
    else root = done;
  });
  parser.write(text).close();
  if (!root) throw new FormatError('1:1: no element is in it');
  return root;
}

/** The places of offsets that only grow. */
function placesIn(text: string): (offset: number) => Place {
  let line = 1;
  let start = 0;
  return (offset) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    return { line, column: offset - start + 1 };
  };
}

/** By the byte order mark, the zero beside the first "<", or what the XML declaration says; else UTF-8. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 256));
  const declared = /^<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1].toLowerCase() ?? 'utf-8';
  // A declaration that can be read a byte at a time is not in UTF-16, whatever it says.
  if (declared.startsWith('utf-16')) return 'utf-8';
  try {
    return new TextDecoder(declared).encoding;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(`1:1: the encoding ${declared} is not known`);
  }
}

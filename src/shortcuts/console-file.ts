// A console of the Microsoft Management Console (.msc): XML that names snap-ins by class, and what its task pads run.

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { utf16le } from '../bytes/text.ts';
import { FormatError, type Note } from '../errors.ts';

export interface ConsoleFile {
  /** ConsoleVersion of its root element: "3.0". */
  readonly version: string | undefined;
  /** Snap-ins by their class, upper case in braces, each once, in order. */
  readonly snapIns: readonly string[];
  /** Commands that its task pads run when a task is clicked, as children of mmc.exe. */
  readonly commands: readonly ConsoleCommand[];
  /** Addresses among its strings: a page that a snap-in shows runs within mmc.exe. */
  readonly addresses: readonly string[];
  readonly notes: readonly Note[];
}

export interface ConsoleCommand {
  readonly command: string;
  readonly parameters: string;
}

/** Bytes of a console: those of Windows have up to 150,000. */
const LARGEST = 1 << 24;
const MOST_ELEMENTS = 200_000;
const DEEPEST = 256;
const MOST_LISTED = 256;
const LONGEST_TEXT = 1 << 16;
const ROOT = 'MMC_ConsoleFile';

/** Whether bytes look like a console: its root element stands near the beginning. */
export function isConsoleFile(bytes: Uint8Array): boolean {
  return new RegExp(`<${ROOT}[\\s>]`).test(textOf(bytes.subarray(0, 8192)));
}

/** Reads a console. Throws FormatError where its root element is not there; XML that breaks later is a note, and what came before is told. */
export function readConsoleFile(bytes: Uint8Array, file: string): ConsoleFile {
  // MMC 1.x wrote compound files.
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0)
    throw new FormatError(
      `${file}: a console of MMC 1.x (a compound file), which is not read; MMC 2.0 and later save it as XML`,
    );
  if (bytes.length > LARGEST) throw new FormatError(`${file}: a console of more than ${LARGEST} bytes`);
  const reader = new ConsoleReader();
  const broken = reader.read(textOf(bytes));
  if (!reader.isConsole) throw new FormatError(`${file}: no console file (no <${ROOT}> is in it)`);
  const notes: Note[] = [];
  if (broken !== undefined) notes.push({ about: 'xml', text: `${broken}; what follows is not read` });
  const { snapIns, commands, addresses } = reader;
  for (const [what, list] of [
    ['snap-ins', snapIns],
    ['commands', commands],
    ['addresses', addresses],
  ] as const)
    if (list.length > MOST_LISTED)
      notes.push({ about: what, text: `it has ${list.length}; the first ${MOST_LISTED} are told` });
  return {
    version: reader.version,
    snapIns: snapIns.slice(0, MOST_LISTED),
    commands: commands.slice(0, MOST_LISTED),
    addresses: addresses.slice(0, MOST_LISTED),
    notes,
  };
}

/** What ends the reading early. */
class Broken extends Error {}

class ConsoleReader {
  isConsole = false;
  version: string | undefined;
  readonly commands: { command: string; parameters: string }[] = [];
  readonly #snapIns = new Set<string>();
  readonly #addresses = new Set<string>();

  get snapIns(): string[] {
    return [...this.#snapIns];
  }

  get addresses(): string[] {
    return [...this.#addresses];
  }

  /** Where the XML breaks, in words; undefined where it does not. saxes knows the five entities of XML and expands no others. */
  read(text: string): string | undefined {
    const parser = new SaxesParser({ position: true });
    let many = 0;
    const open: string[] = [];
    let string: string | undefined;
    /** Depth of the task that is open, whose command is the last one. */
    let task: number | undefined;
    const fail = (what: string): never => {
      throw new Broken(`${what} at line ${parser.line}`);
    };
    parser.on('error', (error) => fail(`XML that is broken (${error.message.replace(/^\d+:\d+: /, '')})`));
    parser.on('opentag', (tag) => {
      const { name, attributes } = tag as SaxesTagPlain;
      if (++many > MOST_ELEMENTS) fail(`more than ${MOST_ELEMENTS} elements`);
      open.push(name);
      if (open.length > DEEPEST) fail(`more than ${DEEPEST} elements within one another`);
      if (open.length === 1 && name === ROOT) {
        this.isConsole = true;
        this.version = attributes.ConsoleVersion;
      }
      if (!this.isConsole) fail(`another root element`);
      const classId = attributes.CLSID ?? attributes.Clsid;
      if ((name === 'Snapin' || name === 'Node') && classId !== undefined && /^\{[0-9A-Fa-f-]{36}\}$/.test(classId))
        this.#snapIns.add(classId.toUpperCase());
      if (name === 'Task' && attributes.Command !== undefined) {
        task = open.length;
        this.commands.push({ command: attributes.Command, parameters: attributes.Params ?? '' });
      } else if (task !== undefined && attributes.Params !== undefined) {
        const last = this.commands.at(-1);
        if (last !== undefined && last.parameters === '') last.parameters = attributes.Params;
      }
      string = name === 'String' ? '' : undefined;
    });
    const keep = (run: string): void => {
      if (string !== undefined && string.length < LONGEST_TEXT) string += run.slice(0, LONGEST_TEXT);
    };
    parser.on('text', keep);
    parser.on('cdata', keep);
    parser.on('closetag', () => {
      if (
        string !== undefined &&
        /^(?:https?|res|file|javascript|vbscript|mhtml|about|ms-its|its|mk):\S/i.test(string.trim())
      )
        this.#addresses.add(string.trim());
      string = undefined;
      if (task === open.length) task = undefined;
      open.pop();
    });
    try {
      parser.write(text).close();
      return undefined;
    } catch (error) {
      if (error instanceof Broken) return error.message;
      throw error;
    }
  }
}

function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le(bytes, 2, bytes.length);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

// Texts for people: the message of an event out of its provider's message DLL, or out of a table, with the event's values put in.

import { FormatError, UsageError } from '../errors.ts';
import type { LogEvent } from '../logs/index.ts';
import { readImage } from '../pe/index.ts';
import { readWholeFile } from './files.ts';

/** Inserts of one message, and characters of a text that is made. */
const MOST_INSERTS = 99;
const LONGEST = 1 << 16;

/** What gives an event's text; undefined where there is none for it. Throws InputError, FormatError, UsageError. */
export async function messageTexts(path: string): Promise<(event: LogEvent) => string | undefined> {
  const bytes = readWholeFile(path);
  const texts = bytes[0] === 0x4d && bytes[1] === 0x5a ? ofImage(bytes, path) : ofTable(bytes, path);
  return ({ system, data }) => {
    const id = Number(system.eventId);
    if (!Number.isInteger(id)) return undefined;
    // A classic provider's event has the upper half of the message's number beside it.
    const full = system.qualifiers === undefined ? id : Number(system.qualifiers) * 0x10000 + id;
    const text = texts.get(full) ?? texts.get(id);
    return text === undefined ? undefined : filled(text, data);
  };
}

/** The messages of an image by their numbers, and by the event's where only one has it in its lower half. */
function ofImage(bytes: Uint8Array, path: string): ReadonlyMap<number, string> {
  const image = readImage(bytes, path);
  const texts = new Map<number, string>();
  const lower = new Map<number, string | undefined>();
  for (const { id, text } of image.messageTable) {
    if (texts.has(id)) continue;
    texts.set(id, text);
    const event = id & 0xffff;
    lower.set(event, lower.has(event) ? undefined : text);
  }
  if (texts.size === 0)
    throw new FormatError(
      `${path}: it has no message table; of a program in several languages it is in the .mui file beside it`,
    );
  for (const [event, text] of lower) if (text !== undefined && !texts.has(event)) texts.set(event, text);
  return texts;
}

function ofTable(bytes: Uint8Array, path: string): ReadonlyMap<number, string> {
  let table: unknown;
  try {
    table = JSON.parse(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${path}: neither a message DLL nor JSON (${(error as Error).message})`, { cause: error });
  }
  const entries = typeof table === 'object' && table !== null && !Array.isArray(table) ? Object.entries(table) : [];
  if (entries.length === 0 || entries.some(([id, text]) => !/^\d+$/.test(id) || typeof text !== 'string'))
    throw new UsageError(
      `${path}: a table of texts by event id is expected, {"4720": "A user account was created: %1"}`,
    );
  return new Map(entries.map(([id, text]) => [Number(id), text as string]));
}

/** A message with an event's values in the places %1 ... %99; %n is a new line, %t a tab, %% a percent sign (FormatMessage). */
function filled(text: string, data: LogEvent['data']): string {
  return text
    .replace(/%(?:([1-9]\d?)(?:![^!]{0,32}!)?|([\s\S]))/g, (whole, number?: string, letter?: string) => {
      if (number !== undefined) return Number(number) <= MOST_INSERTS ? (data[Number(number) - 1]?.[1] ?? '') : whole;
      if (letter === 'n' || letter === 'r') return '\n';
      if (letter === 't') return '\t';
      if (letter === '0') return '';
      return letter ?? whole;
    })
    .slice(0, LONGEST)
    .trimEnd();
}

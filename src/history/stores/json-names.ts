// What a file of JSON lines says of itself in its first lines: whether DuckDB can read it as it is, and how its names are spelled.

import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { ticksOf } from '../../logs/log-time.ts';
import type { Path } from '../field-places.ts';

/** Bytes that are looked at, packed or not. */
const START = 1 << 16;
/** Names that are kept of one file, and objects within one another that are looked into. */
const MOST_NAMES = 4096;
const DEEPEST = 6;

/** Objects around an event, or events in a form that has to be put together first. */
const OTHER_SHAPES = ['Event', '_source', '_index', 'result', 'hits', '_raw', 'EventData'];

/** Times as DuckDB reads them too. */
const READ_ALIKE = /^\d{4}-\d\d-\d\d|^\d{10}(?:\.\d+)?$|^\d{13}$/;

/** Paths of the names in a file's first lines; undefined where a line of these is no event as {@link placesOf} knows them. */
export function jsonNames(path: string): readonly Path[] | undefined {
  const text = startOf(path);
  if (text === undefined) return undefined;
  const lines = text.split(/\r?\n/);
  // The last one may be cut off.
  if (lines.length > 1) lines.pop();
  const names = new Map<string, Path>();
  let events = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    let object: unknown;
    try {
      object = JSON.parse(line);
    } catch {
      // One line by itself may be damaged; an object over several lines is none.
      if (/^\s*[{[]\s*$/.test(line) || events === 0) return undefined;
      continue;
    }
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
    if (OTHER_SHAPES.some((name) => Object.hasOwn(object, name))) return undefined;
    if (!Object.entries(object).every(([name, value]) => !isTimeName(name) || isReadAlike(value))) return undefined;
    addNames(object, [], names);
    events++;
  }
  return events === 0 ? undefined : [...names.values()];
}

function isTimeName(name: string): boolean {
  return /^(?:@timestamp|_time|\w*time\w*)$/i.test(name);
}

/** Not a time that Winnow reads and DuckDB does not. */
function isReadAlike(value: unknown): boolean {
  const text = String(value);
  return READ_ALIKE.test(text) || ticksOf(text) === undefined;
}

function addNames(object: object, before: Path, names: Map<string, Path>): void {
  for (const [name, value] of Object.entries(object)) {
    if (names.size >= MOST_NAMES || name.includes('\0')) continue;
    const path = [...before, name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && path.length < DEEPEST)
      addNames(value, path, names);
    else if (value !== null) names.set(path.join('\0'), path);
  }
}

function startOf(path: string): string | undefined {
  const bytes = new Uint8Array(START);
  let length: number;
  try {
    const handle = openSync(path, 'r');
    try {
      length = readSync(handle, bytes, 0, START, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
  let start = bytes.subarray(0, length);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    // DuckDB tells what is packed by the name.
    if (!/\.gz$/i.test(path)) return undefined;
    try {
      start = gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: START * 256 }).subarray(
        0,
        START,
      );
    } catch {
      return undefined;
    }
  }
  if (start.length === 0 || start.includes(0)) return undefined;
  // DuckDB takes a byte order mark for a part of the first line, which would be none of JSON.
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return undefined;
  return new TextDecoder().decode(start);
}

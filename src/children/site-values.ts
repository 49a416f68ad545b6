// What is known of a site's arguments: for each role (application, command line, file ...) its alternatives as ordered pieces.
import type { Call } from '../code/call.ts';
import { openText, type TextPath } from '../code/pieces.ts';
import { UNKNOWN, UNSET, type ValueId } from '../code/values.ts';
import type { Place, Sink } from './sinks/sink.ts';

/** One argument. `none`: it may be NULL (or a field that nothing set). `paths`: the texts it may be. */
export interface ArgumentValue {
  readonly none: boolean;
  readonly paths: readonly TextPath[];
}

export type Role = 'application' | 'commandLine' | 'file' | 'parameters' | 'verb';
export const ROLES: readonly Role[] = ['application', 'commandLine', 'file', 'parameters', 'verb'];

export type SiteValues = Readonly<Partial<Record<Role, ArgumentValue>>>;

/** Reads every place that the sink's row names. */
export function readSiteValues(sink: Sink, call: Call): SiteValues {
  const values: Partial<Record<Role, ArgumentValue>> = {};
  for (const role of ROLES) {
    const place = sink[role];
    if (place) values[role] = readArgument(call, pointerAt(call, place), sink.wide);
  }
  return values;
}

/** The pointer to the text at `place`. */
function pointerAt(call: Call, place: Place): ValueId {
  const { memory, state } = call;
  const { table } = memory;
  const size = memory.initial.pointerSize;
  const value = call.argument(place.index);
  switch (place.kind) {
    case 'argument':
      return value;
    case 'field':
      return memory.readWord(state, table.add(value, size === 8 ? place.offset64 : place.offset32), size);
    case 'unicode-string':
      return memory.readWord(state, table.add(value, (size === 8 ? place.offset64 : place.offset32) + size), size);
    default: {
      const never: never = place;
      return never;
    }
  }
}

function readArgument(call: Call, pointer: ValueId, wide: boolean): ArgumentValue {
  const { memory, state } = call;
  const { table } = memory;
  let none = false;
  const paths: TextPath[] = [];
  for (const one of table.alternatives(pointer)) {
    const number = table.number(one);
    if (number === 0) {
      none = true;
      continue;
    }
    const text = memory.readText(state, one, wide);
    paths.push(...openText(table, text === UNSET ? UNKNOWN : text));
  }
  // An empty text beside others is a buffer on its way to being filled.
  const filled = paths.filter((path) => path.pieces.some((piece) => piece.kind !== 'literal' || piece.text !== ''));
  return { none, paths: distinct(filled.length > 0 ? filled : paths) };
}

function distinct(paths: readonly TextPath[]): readonly TextPath[] {
  const seen = new Map<string, TextPath>();
  for (const path of paths) {
    const key = JSON.stringify(path.pieces);
    if (!seen.has(key)) seen.set(key, path);
  }
  return [...seen.values()];
}

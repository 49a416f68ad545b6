// What is known of a site's arguments: for each role (application, command line, file ...) its alternatives as ordered pieces.
import type { Call } from '../code/call.ts';
import { readable } from '../code/function-memory.ts';
import { distinctPaths, openText, pieceKey, type TextPath } from '../code/pieces.ts';
import { fileNamed } from '../code/role-texts.ts';
import { offsetOf } from '../code/roles/role.ts';
import type { ValueTable } from '../code/value-table.ts';
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

/** A row of places at a call: a sink's, or that of another function whose arguments are read like one's. */
export type Row = Pick<Sink, Role | 'wide'>;

/** The roles that the sink's row names. */
export function rolesOf(sink: Row): readonly Role[] {
  return ROLES.filter((role) => sink[role] !== undefined);
}

/** The pointer and the text of each role in turn at the call, in the terms of the function that makes it. */
export function readArguments(sink: Row, call: Call): readonly ValueId[] {
  const { table } = call;
  return rolesOf(sink).flatMap((role) => {
    const place = sink[role] as Place;
    if (isOfArguments(place)) return joinedArguments(call, place, sink.wide);
    const pointer = pointerAt(call, place);
    const set = readable(table, table.alternatives(pointer));
    const texts = set.map((one) => call.text(one, sink.wide)).map((text) => (text === UNSET ? UNKNOWN : text));
    return [pointer, texts.length === 0 ? UNSET : table.choice(texts)];
  });
}

/** The values that {@link readArguments} gave, followed wherever they lead, laid open. */
export function openArguments(sink: Row, table: ValueTable, values: readonly ValueId[]): SiteValues {
  const result: Partial<Record<Role, ArgumentValue>> = {};
  rolesOf(sink).forEach((role, i) => {
    const place = sink[role] as Place;
    const pointer = values[2 * i];
    const read = values[2 * i + 1];
    const text = place.kind === 'section' && read !== UNSET ? fileOfSection(table, read) : read;
    const pointers = table.alternatives(pointer);
    const none = pointers.some((one) => table.number(one) === 0);
    const onlyNone = pointers.every((one) => table.number(one) === 0);
    const paths = text === UNSET || onlyNone ? [] : openText(table, text);
    // An empty text beside others is a buffer on its way to being filled.
    const filled = paths.filter((path) => path.pieces.some((piece) => piece.kind !== 'literal' || piece.text !== ''));
    const distinct = distinctPaths(filled.length > 0 ? filled : paths);
    result[role] = { none, paths: isOfArguments(place) ? distinct : withoutBeginnings(distinct) };
  });
  return result;
}

type ArgumentsPlace = Place & { readonly kind: 'argument-list' | 'argument-vector' };

function isOfArguments(place: Place): place is ArgumentsPlace {
  return place.kind === 'argument-list' || place.kind === 'argument-vector';
}

/** Arguments of a list or vector that are looked at. */
const MOST_ARGUMENTS = 16;

/**
 * The first of several arguments, and the text that they make with a blank between each two. It may end at each that may be NULL; past one
 * of which nothing is known here it is unknown.
 */
function joinedArguments(call: Call, place: ArgumentsPlace, wide: boolean): readonly ValueId[] {
  const { table, site } = call;
  const size = call.initial.pointerSize;
  const first = call.argument(place.index);
  const isList = place.kind === 'argument-list';
  if (!isList && table.number(first) === 0) return [first, UNSET];
  const pointerTo = (i: number): ValueId =>
    isList ? (i === 0 ? first : call.argument(place.index + i)) : call.word(table.add(first, i * size), size);
  const lines: ValueId[] = [];
  const parts: ValueId[] = [];
  const end = (): void => {
    if (parts.length > 0) lines.push(table.concat(parts.slice(), site, ''));
  };
  for (let i = 0; i < MOST_ARGUMENTS; i++) {
    const pointers = table.alternatives(pointerTo(i));
    if (pointers.some((one) => table.number(one) === 0)) end();
    const some = readable(table, pointers);
    if (some.length === 0) return [first, lines.length === 0 ? UNSET : table.choice(lines)];
    const text = table.choice(some.map((one) => call.text(one, wide)));
    if (i > 0) parts.push(table.literal(' ', 0, wide));
    parts.push(text === UNSET ? UNKNOWN : text);
    if (!some.every((one) => isTold(table, one))) break;
  }
  if (parts[parts.length - 1] !== UNKNOWN) parts.push(UNKNOWN);
  end();
  return [first, table.choice(lines)];
}

/** Whether it is known where a pointer leads, so that the next one of a list can be told from its end. */
function isTold(table: ValueTable, pointer: ValueId): boolean {
  const { kind } = table.node(pointer);
  return kind !== 'unknown' && kind !== 'unset' && kind !== 'load';
}

/** The pointer to the text at `place`. */
function pointerAt(call: Call, place: Exclude<Place, ArgumentsPlace>): ValueId {
  const { table } = call;
  const size = call.initial.pointerSize;
  const value = call.argument(place.index);
  switch (place.kind) {
    case 'argument':
    case 'section':
      return value;
    case 'field':
      return call.word(table.add(value, offsetOf(place, size)), size);
    case 'unicode-string':
      return call.word(table.add(value, offsetOf(place, size) + size), size);
    default: {
      const never: never = place;
      return never;
    }
  }
}

/** The name of the file in place of what would be read there; what is no file stays as it is. */
function fileOfSection(table: ValueTable, read: ValueId): ValueId {
  return table.choice(
    table.alternatives(read).map((one) => {
      const name = fileNamed(table, one);
      return name === UNKNOWN ? one : name;
    }),
  );
}

/** Without texts that another one goes on from: a buffer as it was before something was added to it. */
function withoutBeginnings(paths: readonly TextPath[]): readonly TextPath[] {
  const keys = paths.map((path) => path.pieces.map(pieceKey));
  return paths.filter((_, i) => !keys.some((other, j) => j !== i && isBeginning(keys[i], other)));
}

function isBeginning(shorter: readonly string[], longer: readonly string[]): boolean {
  return shorter.length < longer.length && shorter.every((key, i) => key === longer[i]);
}

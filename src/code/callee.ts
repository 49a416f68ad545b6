// A function of the module as its callers see it: what it returns and leaves in memory, put in the caller's terms.
import { type Call, textWrittenAt } from './call.ts';
import { OBJECT_LIMIT } from './extents.ts';
import { Reg } from './instruction.ts';
import type { Place } from './place.ts';
import { type Query, REST, TEXT } from './query.ts';
import type { Found } from './recall.ts';
import { resourceText } from './resource-texts.ts';
import { rewriter } from './rewrite.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId, type ValueNode } from './values.ts';

/** What can be asked of a function at its end, in terms of its arguments and of memory on entry. */
export interface Callee {
  /** What a register holds when control comes back. */
  leaves(register: number): ValueId;
  /** What was written last where the query looks, UNSET when nothing was. */
  wrote(query: Query): ValueId;
}

/** Words at the front of an object in which a pointer to a text is looked for. */
const FIELDS = 4;
const OPEN_KINDS: ReadonlySet<string> = new Set(['unknown', 'unset', 'output']);
/** Arguments beside the object in which a text is looked for. */
const TEXT_ARGUMENTS = 4;

/** Rewrites a callee's values in the caller's terms, as of the moment of the call. */
export function substitution(call: Call): (id: ValueId) => ValueId {
  const { table } = call;
  const known = (text: ValueId): ValueId => (text === UNSET ? UNKNOWN : text);
  return rewriter(table, {
    repeats: call.repeats,
    entry: (register) => call.register(register),
    parameter: (index) => call.argument(index),
    frame: (offset) => (offset > 0 ? table.add(call.register(Reg.rsp), offset - call.pushed) : UNKNOWN),
    load: (address, width) => call.word(address, width),
    textAt: (address, wide) => known(call.text(address, wide)),
    resource: (node, id) => resourceText(table, call.initial.image, { ...node, id }),
    made: (id) => table.inCall(id, call.site),
    textOf: (pointer, wide) => call.text(pointer, wide),
  });
}

/** A place that a call gives its callee: where an argument points, or where a pointer in an object that an argument points to does. */
export interface GivenPlace extends Place {
  readonly argument: number;
  /** The offset of the pointer in the object; -1 where the argument itself is the pointer. */
  readonly field: number;
  readonly address: ValueId;
  /** Whether it is the only one that the argument can be. */
  readonly only: boolean;
}

/** The places that a call gives its callee by its arguments. */
export function givenPlaces(call: Call, isOf: (argument: number) => boolean): readonly GivenPlace[] {
  const { table } = call;
  const places: GivenPlace[] = [];
  for (const argument of call.indices) {
    if (!isOf(argument)) continue;
    const all = table.alternatives(call.argument(argument));
    for (const address of all) {
      const place = table.address(address);
      if (place) places.push({ argument, field: -1, address, ...place, only: all.length === 1 });
    }
  }
  return places;
}

/** The places that the first pointers of the objects of the own frame lead to which a call gives its callee; with `others` the first one of any object. */
export function placesBehind(call: Call, given: readonly GivenPlace[], others: boolean): readonly GivenPlace[] {
  const { table } = call;
  const size = call.initial.pointerSize;
  const places: GivenPlace[] = [];
  for (const object of given) {
    if (object.somewhere || object.base === ABSOLUTE) continue;
    const fields = object.base === FRAME ? FIELDS : others ? 1 : 0;
    for (let field = 0; field < fields * size; field += size) {
      const all = table.alternatives(call.word(table.add(object.address, field), size));
      for (const address of all) {
        const place = table.address(address);
        if (!place || place.somewhere || place.base === ABSOLUTE) continue;
        places.push({ argument: object.argument, field, address, ...place, only: all.length === 1 });
      }
    }
  }
  return places;
}

/** What the callee leaves where the caller's query looks, in the caller's terms; undefined when it does not write there. */
export function writtenByCallee(
  call: Call,
  callee: Callee,
  query: Query,
  given: readonly GivenPlace[],
  behind: () => readonly GivenPlace[],
): Found | undefined {
  const { table } = call;
  const made = table.madeIn(query.base, call.site);
  if (made !== UNSET) return wrote(call, callee, query, table.add(made, query.offset));
  for (let n = 0; n < given.length; n++) {
    if (given[n].base !== query.base) continue;
    const found = behindArgument(call, callee, query, given[n]);
    if (found) return found;
  }
  if (query.width > 0 || query.base === ABSOLUTE) return undefined;
  const pointer = query.base === FRAME ? undefined : table.node(query.base);
  return pointer?.kind === 'load'
    ? throughPointer(call, callee, query, given, pointer)
    : throughObject(call, callee, query, behind());
}

/** What the callee wrote at an address of its own, or at one of several. */
function wrote(call: Call, callee: Callee, query: Query, address: ValueId): Found | undefined {
  const { table } = call;
  const values = table.alternatives(address).map((one) => callee.wrote(queryAt(table, one, query)));
  const value = table.choice(values);
  return value === UNSET ? undefined : () => inCaller(call, value);
}

/** What the callee wrote behind a place that it was given. */
function behindArgument(call: Call, callee: Callee, query: Query, place: GivenPlace): Found | undefined {
  const { table } = call;
  const from = query.offset - place.offset;
  if (from < 0 || from >= OBJECT_LIMIT) return undefined;
  if (place.somewhere && (from !== 0 || query.width > 0 || query.width === REST)) return undefined;
  const value = callee.wrote(queryAt(table, table.add(table.parameter(place.argument), from), query));
  return value === UNSET ? undefined : () => atPlace(call, query, place, inCaller(call, value));
}

function atPlace(call: Call, query: Query, place: GivenPlace, value: ValueId): ValueId {
  const whole = textWrittenAt(call, place.address, value, 'copy');
  // A function that is given the place of an argument seldom writes it in every case.
  if (place.only && !(query.base === FRAME && query.offset > 0 && query.width > 0)) return whole;
  const before = query.width === TEXT ? call.writtenText(query.address) : call.word(query.address, query.width);
  return before === UNSET ? whole : call.table.choice([before, whole]);
}

/** The pointer stood in memory on entry: the callee may have been given the object that holds it. */
function throughPointer(
  call: Call,
  callee: Callee,
  query: Query,
  given: readonly GivenPlace[],
  pointer: ValueNode & { kind: 'load' },
): Found | undefined {
  const { table } = call;
  const holder = table.address(pointer.address);
  for (const place of given) {
    const field = holder?.base === place.base ? holder.offset - place.offset : -1;
    if (place.somewhere || field < 0 || field >= OBJECT_LIMIT) continue;
    const inside = table.load(table.add(table.parameter(place.argument), field), pointer.width);
    const found = wrote(call, callee, query, table.add(inside, query.offset));
    if (found) return found;
  }
  return undefined;
}

/** The pointer stands in an object that the callee is given. */
function throughObject(call: Call, callee: Callee, query: Query, behind: readonly GivenPlace[]): Found | undefined {
  const { table } = call;
  for (const place of behind) {
    if (place.base !== query.base || place.offset !== query.offset) continue;
    const inside = table.load(table.add(table.parameter(place.argument), place.field), call.initial.pointerSize);
    const found = wrote(call, callee, query, inside);
    if (found) return found;
  }
  return undefined;
}

function inCaller(call: Call, value: ValueId): ValueId {
  const known = substitution(call)(value);
  return known === UNSET ? UNKNOWN : known;
}

/** The same question at another address. */
function queryAt(table: ValueTable, address: ValueId, { width, wide, asText, from }: Query): Query {
  const place = table.address(address);
  return { address, base: place?.base ?? UNKNOWN, offset: place?.offset ?? 0, width, wide, asText, from };
}

/**
 * After a call of an internal function that was given an object of the caller's frame first and one text beside it, and that left the
 * object's pointer unknown: the object is assumed to hold that text now (a string's constructor, an expansion through a callback).
 */
export function assumedText(call: Call): ValueId {
  const { table } = call;
  let text: ValueId = UNSET;
  for (let i = table.node(call.argument(0)).kind === 'frame' ? 1 : 0; i < TEXT_ARGUMENTS; i++) {
    const one = call.text(call.argument(i), true);
    if (!table.alternatives(one).some((each) => namesFile(table, each))) continue;
    if (text !== UNSET) return UNSET;
    text = one;
  }
  return text === UNSET ? UNSET : table.pointer(table.assumed(text, call.site, 'a callee, it is assumed,'));
}

/** Whether a text is a literal that could name a file to start: wide, with an extension's dot or a folder. */
function namesFile(table: ValueTable, text: ValueId): boolean {
  const node = table.node(text);
  return node.kind === 'literal' && node.wide && /[\\.]\w{2,}/.test(node.text);
}

/** Whether nothing is known of a word of an object of the frame: what it may be besides is NULL. */
export function isOpen(table: ValueTable, value: ValueId, base: ValueId): boolean {
  if (base !== FRAME) return false;
  const all = table.alternatives(value).filter((one) => table.number(one) !== 0);
  return all.length > 0 && all.every((one) => OPEN_KINDS.has(table.node(one).kind));
}

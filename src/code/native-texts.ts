// The texts in the structures of the native API: UNICODE_STRING, and the name in an OBJECT_ATTRIBUTES (ntdef.h).
import type { Call } from './call.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Offsets of RootDirectory and ObjectName in OBJECT_ATTRIBUTES. */
const OBJECT_ATTRIBUTES_64 = { root: 8, name: 16 };
const OBJECT_ATTRIBUTES_32 = { root: 4, name: 8 };

/** What the OBJECT_ATTRIBUTES in an argument names: the text of its name, below the object of the handle `root`. */
export function objectNamed(call: Call, argument: number): { readonly root: ValueId; readonly name: ValueId } {
  const size = call.initial.pointerSize;
  const offsets = size === 8 ? OBJECT_ATTRIBUTES_64 : OBJECT_ATTRIBUTES_32;
  const attributes = call.argument(argument);
  const field = (offset: number): ValueId => call.word(call.table.add(attributes, offset), size);
  return { root: field(offsets.root), name: unicodeString(call, field(offsets.name)) };
}

/** The text of the UNICODE_STRING at `address`. */
export function unicodeString(call: Call, address: ValueId): ValueId {
  const { table } = call;
  const size = call.initial.pointerSize;
  return each(table, address, (one) => {
    const text = call.text(call.word(table.add(one, size), size), true);
    return text === UNSET ? UNKNOWN : text;
  });
}

/** What is made of each alternative; of all together where that is more than a value may be. */
export function each(table: ValueTable, value: ValueId, make: (one: ValueId) => ValueId): ValueId {
  const made = table.choice(table.alternatives(value).map(make));
  return made === UNKNOWN && value !== UNKNOWN ? make(value) : made;
}

// The registry as imported functions open and read it: which key, which value, by handles and names (winreg.h) or by the native structures (ntdef.h, wdm.h).
import type { Call } from './call.ts';
import { each, objectNamed, unicodeString } from './native-texts.ts';
import { subkeyText } from './role-texts.ts';
import type { Role } from './roles/role.ts';
import { isEmpty } from './texts.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Offset of the data in each KEY_VALUE_INFORMATION_CLASS that has any; what follows a name begins where only the structure says. */
const DATA_OFFSETS: Readonly<Record<number, number>> = { 1: 0, 2: 12, 3: 0, 4: 8 };

/** The key that a call opens. */
export function openedKey(call: Call, role: Role & { kind: 'registry-open' }): ValueId {
  return keys(call, call.argument(role.key), subkeyText(call, role.subkey, role.wide));
}

/** The key that a native call opens. */
export function openedNatively(call: Call, role: Role & { kind: 'registry-open-native' }): ValueId {
  const { root, name } = objectNamed(call, role.attributes);
  return keys(call, root, name);
}

/** The text of the value that a call reads; what stood there before is the default for a missing one. */
export function valueRead(call: Call, role: Role & { kind: 'registry-read' }, by: string): ValueId {
  let key = call.argument(role.key);
  if (role.subkey !== undefined) key = keys(call, key, subkeyText(call, role.subkey, role.wide));
  const name = role.name === undefined ? UNKNOWN : subkeyText(call, role.name, role.wide);
  const value = values(call, key, name, by);
  const before = call.writtenText(call.argument(role.to));
  const given = before !== UNSET && before !== UNKNOWN && !isEmpty(call.table, before);
  return given ? call.table.choice([before, value]) : value;
}

/** Where a native call puts the value's data, and its text. */
export function valueReadNatively(
  call: Call,
  role: Role & { kind: 'registry-read-native' },
  by: string,
): { readonly to: ValueId; text(): ValueId } | undefined {
  const offset = DATA_OFFSETS[call.table.number(call.argument(role.class)) ?? -1];
  if (offset === undefined) return undefined;
  return {
    to: call.table.add(call.argument(role.to), offset),
    text: () => values(call, call.argument(role.key), unicodeString(call, call.argument(role.name)), by),
  };
}

/** The key below `parent`; of several names one key each. */
function keys(call: Call, parent: ValueId, subkey: ValueId): ValueId {
  return each(call.table, subkey, (one) => call.table.registryKey(parent, one, call.site));
}

/** The value's text; of several keys and names one each. */
function values(call: Call, key: ValueId, name: ValueId, by: string): ValueId {
  const { table, site } = call;
  return each(table, key, (k) => each(table, name, (n) => table.source('registry', by, site, [k, n])));
}

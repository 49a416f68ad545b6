// The texts that an imported function reads behind its arguments, and those that it makes of them by its role.
import type { Call } from './call.ts';
import { each, objectNamed } from './native-texts.ts';
import type { Role } from './roles/role.ts';
import { formatText, joinPath, mayBecomeKnown } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** The text behind the i-th argument. */
export function textArgument(call: Call, index: number, wide: boolean | undefined): ValueId {
  const text = call.text(call.argument(index), wide);
  return text === UNSET ? UNKNOWN : text;
}

/** The text of a subkey's or a value's name; NULL means the key itself, or its unnamed value. */
export function subkeyText(call: Call, index: number, wide: boolean): ValueId {
  const { table } = call;
  return table.number(call.argument(index)) === 0 ? table.literal('', 0, true) : textArgument(call, index, wide);
}

/** An argument that will be asked for later, at another moment: what its text is now stands behind it. */
export function settled(call: Call, value: ValueId, wide: boolean): ValueId {
  const { table } = call;
  const kind = table.node(value).kind;
  if (kind !== 'frame' && kind !== 'allocation') return value;
  const text = call.text(value, wide);
  return text === UNSET ? UNKNOWN : table.pointer(text);
}

/** The text that a function formats. */
export function formatted(call: Call, role: Role & { kind: 'format' }, by: string): ValueId {
  const { table, site } = call;
  const pointerSize = call.initial.pointerSize;
  const format = textArgument(call, role.format, role.wide);
  const list = role.list === undefined ? UNSET : call.argument(role.list);
  const argument = (i: number): ValueId =>
    role.rest !== undefined ? call.argument(role.rest + i) : call.word(table.add(list, i * pointerSize), pointerSize);
  const known = (i: number): ValueId => settled(call, argument(i), role.wide);
  const textOf = (pointer: ValueId, wide: boolean): ValueId => call.text(pointer, wide);
  return formatText(
    table,
    format,
    'printf',
    mayBecomeKnown(table, format) ? known : argument,
    textOf,
    role.wide,
    site,
    by,
  );
}

/** The text that a function gets from somewhere outside, or the default that it was given. */
export function sourceText(call: Call, role: Role & { kind: 'text' }, by: string): ValueId {
  const { table, site } = call;
  const detail = role.detail === undefined ? UNSET : call.argument(role.detail);
  const number = detail === UNSET ? undefined : table.number(detail);
  const of =
    detail === UNSET
      ? []
      : number !== undefined && number < 0x10000
        ? [detail]
        : [textArgument(call, role.detail as number, role.wide), detail];
  const text = table.source(role.source, by, site, of);
  return role.fallback === undefined ? text : table.choice([text, textArgument(call, role.fallback, role.wide)]);
}

/** The handle that a function returns, with what is read from it. */
export function handle(call: Call, role: Role & { kind: 'handle' }, by: string): ValueId {
  const { table, site } = call;
  const named = role.name === undefined ? [] : [textArgument(call, role.name, role.wide)];
  if (role.number !== undefined) {
    const number = table.number(call.argument(role.number));
    if (number === undefined || (number | 0) !== role.is) return table.result(site);
  }
  return table.pointer(table.source(role.source, by, site, named));
}

/** The handle of the file that a native call opens; one below a folder that is open is named by both. */
export function fileOpened(call: Call, role: Role & { kind: 'file-open-native' }, by: string): ValueId {
  const { table, site } = call;
  const { root, name } = objectNamed(call, role.attributes);
  const path = table.number(root) === 0 ? name : joinPath(table, fileNamed(table, root), name, true, site, by);
  return table.pointer(table.source('file', by, site, [path]));
}

/** The name of the file that a handle, or what is read through it, leads to. */
export function fileNamed(table: ValueTable, handle: ValueId): ValueId {
  return each(table, handle, (one) => {
    const node = table.node(one);
    const text = node.kind === 'pointer' ? table.node(node.text) : node;
    return text.kind === 'source' && text.source === 'file' && text.of.length > 0 ? text.of[0] : UNKNOWN;
  });
}

/** What is read through a handle. */
export function readThrough(call: Call, argument: number, by: string): ValueId {
  const { table, site } = call;
  return table.choice(
    table.alternatives(call.argument(argument)).map((one) => {
      const node = table.node(one);
      return node.kind === 'pointer' ? node.text : table.source('file', by, site);
    }),
  );
}

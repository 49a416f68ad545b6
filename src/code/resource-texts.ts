// The texts that LoadString and FormatMessage take from the image's resources, and the inserts of a message.
import type { PeImage } from '../pe/image.ts';
import type { ResourceId } from '../pe/resources.ts';
import type { Call } from './call.ts';
import { each } from './native-texts.ts';
import { settled, textArgument } from './role-texts.ts';
import type { Role } from './roles/role.ts';
import { concatenate, formatText, mayBecomeKnown } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, type ValueId, type ValueNode } from './values.ts';

type ResourceNode = ValueNode & { readonly kind: 'resource' };

/** FORMAT_MESSAGE_* (winbase.h). */
const ALLOCATE_BUFFER = 0x100;
const IGNORE_INSERTS = 0x200;
const FROM_STRING = 0x400;
const FROM_HMODULE = 0x800;
const FROM_SYSTEM = 0x1000;
const ARGUMENT_ARRAY = 0x2000;

/** The text that LoadString finds; one in each language. */
export function stringLoaded(call: Call, role: Role & { kind: 'load-string' }, by: string): ValueId {
  return fromOwn(call, call.argument(role.module), 'strings', call.argument(role.id), by);
}

/** Where the data of the resource that FindResource finds is; one in each language. What is not in the own module is what the call returns. */
export function resourceFound(call: Call, role: Role & { kind: 'find-resource' }): ValueId {
  const { table, site } = call;
  const { image } = call.initial;
  const result = table.result(site);
  const all = isOwnModule(image, table.number(call.argument(role.module))) ? image.resources?.resources : undefined;
  if (!all) return result;
  const [types, names] = [role.type, role.name].map((argument) => identifiers(call, argument, role.wide));
  const found = types.flatMap((type) =>
    names.flatMap((name) => all.filter((one) => isSame(one.type, type) && isSame(one.name, name))),
  );
  return found.length === 0 ? result : table.choice(found.map(({ rva }) => table.constant(image.imageBase + rva)));
}

/** What names a resource or its type: MAKEINTRESOURCE of a number, or a text, "#" before a number included. */
function identifiers(call: Call, argument: number, wide: boolean): readonly ResourceId[] {
  const { table } = call;
  return table.alternatives(call.argument(argument)).flatMap((given): readonly ResourceId[] => {
    const number = table.number(given);
    if (number !== undefined && number >= 0 && number < 0x10000) return [number];
    return table.alternatives(call.text(given, wide)).flatMap((text): ResourceId[] => {
      const node = table.node(text);
      if (node.kind !== 'literal') return [];
      return /^#\d+$/.test(node.text) ? [Number(node.text.slice(1))] : [node.text];
    });
  });
}

/** Whether two identifiers are the same: names are, in whatever letter case. */
function isSame(a: ResourceId, b: ResourceId): boolean {
  return a === b || (typeof a === 'string' && typeof b === 'string' && a.toUpperCase() === b.toUpperCase());
}

function isOwnModule(image: PeImage, module: number | undefined): boolean {
  return module === image.imageBase || (module === 0 && !image.isDll);
}

/** Whether FormatMessage makes the buffer itself. */
export function allocatesMessage(call: Call, role: Role & { kind: 'format-message' }): boolean {
  return ((call.table.number(call.argument(role.flags)) ?? 0) & ALLOCATE_BUFFER) !== 0;
}

/** What FormatMessage leaves. */
export function messageFormatted(call: Call, role: Role & { kind: 'format-message' }, by: string): ValueId {
  const { table, site } = call;
  const pointerSize = call.initial.pointerSize;
  const flags = table.number(call.argument(role.flags));
  if (flags === undefined) return UNKNOWN;
  const format =
    (flags & FROM_STRING) !== 0
      ? textArgument(call, role.source, role.wide)
      : (flags & FROM_HMODULE) !== 0 && (flags & FROM_SYSTEM) === 0
        ? fromOwn(call, call.argument(role.source), 'messages', call.argument(role.id), by)
        : table.source('unknown', by, site);
  if ((flags & IGNORE_INSERTS) !== 0) return concatenate(table, [format], site, by);
  const given = call.argument(role.list);
  const list = (flags & ARGUMENT_ARRAY) !== 0 ? given : call.word(given, pointerSize);
  const insert = (i: number): ValueId => call.word(table.add(list, i * pointerSize), pointerSize);
  const argument = mayBecomeKnown(table, format) ? (i: number) => settled(call, insert(i), role.wide) : insert;
  const textOf = (pointer: ValueId, wide: boolean): ValueId => call.text(pointer, wide);
  return formatText(table, format, 'message', argument, textOf, role.wide, site, by);
}

/**
 * The text of that number in the module's own resources. A handle that is not known is assumed to be the own one; what a call gave, that of another
 * module, gives a text from outside. Where a caller says which number it is, the text waits for that.
 */
function fromOwn(call: Call, module: ValueId, from: 'strings' | 'messages', id: ValueId, by: string): ValueId {
  const { table, site } = call;
  const { image } = call.initial;
  const kind = table.node(module).kind;
  const isOwn = isOwnModule(image, table.number(module));
  if (!isOwn && kind !== 'parameter' && kind !== 'load') return table.source('unknown', by, site);
  return resourceText(table, image, { kind: 'resource', from, id, isOwn, site, by });
}

/** The texts of a number of resources, one in each language; one whose number is not told yet stays as it is. */
export function resourceText(table: ValueTable, image: PeImage, resource: ResourceNode): ValueId {
  const { from, isOwn, site, by } = resource;
  const tables = from === 'strings' ? image.stringTable : image.messageTable;
  return each(table, resource.id, (id) => {
    const number = table.number(id);
    if (number === undefined)
      return isTold(table, id) ? table.resource({ ...resource, id }) : table.source('unknown', by, site);
    const wanted = from === 'strings' ? (number >>> 0) % 0x10000 : number >>> 0;
    const found = tables.filter((one) => one.id === wanted);
    if (found.length === 0) return table.source('unknown', by, site);
    const text = table.choice(found.map(({ text, rva, wide }) => table.literal(text, rva, wide ?? true)));
    return isOwn ? text : table.assumed(text, site, `${by}, it is assumed from the own module,`);
  });
}

/** Whether a number may still become known: an argument, or what a variable or a table holds. */
function isTold(table: ValueTable, id: ValueId): boolean {
  const node = table.node(id);
  const { kind } = node.kind === 'add' ? table.node(node.base) : node;
  return kind === 'parameter' || kind === 'load' || kind === 'kept';
}

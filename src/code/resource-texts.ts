// The texts that LoadString and FormatMessage take from the image's resources, and the inserts of a message.
import type { PeImage } from '../pe/image.ts';
import type { ResourceString } from '../pe/string-table.ts';
import type { Call } from './call.ts';
import { textArgument } from './role-texts.ts';
import type { Role } from './roles/role.ts';
import { concatenate, type FormatPiece, readFormat, textOfPieces } from './texts.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** FORMAT_MESSAGE_* (winbase.h). */
const ALLOCATE_BUFFER = 0x100;
const IGNORE_INSERTS = 0x200;
const FROM_STRING = 0x400;
const FROM_HMODULE = 0x800;
const FROM_SYSTEM = 0x1000;
const ARGUMENT_ARRAY = 0x2000;

/** The text that LoadString finds; one in each language. */
export function stringLoaded(call: Call, role: Role & { kind: 'load-string' }, by: string): ValueId {
  const id = call.table.number(call.argument(role.id));
  return resourceText(call, call.argument(role.module), by, (image) =>
    image.stringTable.filter((one) => one.id === (id ?? -1) % 0x10000),
  );
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
  const id = table.number(call.argument(role.id));
  const format =
    (flags & FROM_STRING) !== 0
      ? textArgument(call, role.source, role.wide)
      : (flags & FROM_HMODULE) !== 0 && (flags & FROM_SYSTEM) === 0
        ? resourceText(call, call.argument(role.source), by, (image) =>
            image.messageTable.filter((one) => id !== undefined && one.id === id >>> 0),
          )
        : table.source('unknown', by, site);
  const given = call.argument(role.list);
  const list = (flags & ARGUMENT_ARRAY) !== 0 ? given : call.word(given, pointerSize);
  const argument = (i: number): ValueId => call.word(table.add(list, i * pointerSize), pointerSize);
  const withInserts = (text: ValueId): ValueId => {
    const node = table.node(text);
    if (node.kind === 'assumed') return table.assumed(withInserts(node.text), node.site, node.by);
    if (node.kind !== 'literal') return node.kind === 'source' ? text : UNKNOWN;
    const pieces = readMessage(node.text, role.wide, (flags & IGNORE_INSERTS) === 0);
    const textOf = (pointer: ValueId, wide: boolean): ValueId => {
      const inserted = call.text(pointer, wide);
      return inserted === UNSET ? UNKNOWN : inserted;
    };
    return pieces === undefined
      ? concatenate(table, [text], site, by)
      : textOfPieces(table, pieces, node, argument, textOf, site, by);
  };
  return table.choice(table.alternatives(format).map(withInserts));
}

/**
 * The texts that `find` gives of the module's own resources. A handle that is not known is assumed to be the own one; what a call gave, that of another
 * module, gives a text from outside.
 */
function resourceText(
  call: Call,
  module: ValueId,
  by: string,
  find: (image: PeImage) => readonly ResourceString[],
): ValueId {
  const { table, site } = call;
  const { image } = call.initial;
  const outside = table.source('unknown', by, site);
  const kind = table.node(module).kind;
  const number = table.number(module);
  const isOwn = number === image.imageBase || (number === 0 && !image.isDll);
  if (!isOwn && kind !== 'parameter' && kind !== 'load') return outside;
  const texts = find(image).map(({ text, rva, wide }) => table.literal(text, rva, wide ?? true));
  if (texts.length === 0) return outside;
  return isOwn
    ? table.choice(texts)
    : table.assumed(table.choice(texts), site, `${by}, it is assumed from the own module,`);
}

/** What stands for the escapes of a message. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\r\n', r: '\r', t: '\t', b: ' ' };

/** The pieces of a message: its text with the inserts %1 to %99, each with a printf conversion in exclamation marks or as a string; undefined where it is only text. */
export function readMessage(message: string, wide: boolean, inserts = true): readonly FormatPiece[] | undefined {
  if (!inserts || !message.includes('%')) return undefined;
  const pieces: FormatPiece[] = [];
  let text = '';
  for (let at = 0; at < message.length; ) {
    const insert =
      message[at] === '%' ? /^%(?:([1-9]\d?)(?:!([^!]*)!)?|([\s\S]))/.exec(message.slice(at, at + 40)) : null;
    if (!insert) {
      text += message[at++];
      continue;
    }
    at += insert[0].length;
    if (insert[3] === '0') break;
    if (insert[3] !== undefined) {
      text += ESCAPES[insert[3]] ?? insert[3];
      continue;
    }
    if (text) pieces.push({ kind: 'text', text });
    text = '';
    const [piece] = readFormat(`%${insert[2] ?? 's'}`, wide, 8);
    const argument = Number(insert[1]) - 1;
    if (piece && piece.kind !== 'text') pieces.push({ ...piece, argument });
  }
  const rest = text.replace(/[\r\n]+$/, '');
  if (rest) pieces.push({ kind: 'text', text: rest });
  return pieces;
}

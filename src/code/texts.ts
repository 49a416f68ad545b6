// Building texts out of texts: concatenation over alternatives, printf formats, paths.
import { type FormatPiece, type FormatSyntax, piecesOf } from './format-pieces.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId, type ValueNode } from './values.ts';

const PRODUCT_LIMIT = 12;
/** Height of a text, past which what is added to it is not kept. */
const TEXT_HEIGHT_LIMIT = 40;

/**
 * The concatenation of `parts`; a part that is one of several stays so, and is only multiplied out when the text is laid open. A text that
 * was added to very often keeps its beginning, where the program's name stands, and is unknown from there on.
 */
export function concatenate(table: ValueTable, parts: readonly ValueId[], site: number, by: string): ValueId {
  const kept = parts.map((part) => (part === UNSET ? UNKNOWN : part)).filter((part) => !isEmpty(table, part));
  if (kept.length === 0) return table.literal('', 0, true);
  if (kept.every((part) => table.height(part) < TEXT_HEIGHT_LIMIT)) return table.concat(kept, site, by);
  const beginning = table.node(kept[0]);
  const cut = beginning.kind === 'concat' && beginning.parts[beginning.parts.length - 1] === UNKNOWN;
  return cut || kept.length === 1 ? kept[0] : table.concat([kept[0], UNKNOWN], site, by);
}

/** The parts of what a call in a loop appends to, with the first as it was before the round in which this same call had added the last to it. */
export function withoutLastRound(table: ValueTable, parts: readonly ValueId[], site: number): readonly ValueId[] {
  if (parts.length < 2) return parts;
  const [first, ...more] = parts;
  const added = more[more.length - 1];
  const all = table.alternatives(first);
  if (all.length < 2 || added === UNKNOWN) return parts;
  const before = all.filter((one) => {
    const node = table.node(one);
    return node.kind !== 'concat' || node.site !== site || node.parts[node.parts.length - 1] !== added;
  });
  return before.length === 0 || before.length === all.length ? parts : [table.choice(before), ...more];
}

/** Whether a text is known to be empty. */
export function isEmpty(table: ValueTable, text: ValueId): boolean {
  const node = table.node(text);
  return node.kind === 'literal' && node.text === '';
}

/** A text without its first `bytes` bytes, where those are literal; else as it is (what is skipped is a quote or the like). */
export function textFrom(table: ValueTable, text: ValueId, bytes: number): ValueId {
  const node = table.node(text);
  if (node.kind === 'choice') return table.choice(node.of.map((one) => textFrom(table, one, bytes)));
  if (node.kind === 'literal') {
    const characters = node.wide ? bytes >> 1 : bytes;
    const rest = node.text.slice(characters);
    return node.immediate === undefined
      ? table.literal(rest, node.rva + (node.rva > 0 ? bytes : 0), node.wide)
      : table.immediateText(rest, node.rva, node.wide);
  }
  if (node.kind === 'concat') {
    const first = table.node(node.parts[0]);
    const length = first.kind === 'literal' ? first.text.length * (first.wide ? 2 : 1) : 0;
    if (length === 0 || length < bytes) return text;
    return concatenate(table, [textFrom(table, node.parts[0], bytes), ...node.parts.slice(1)], node.site, node.by);
  }
  return text;
}

/**
 * Part of a text that is only known as a whole. Behind a forward walk (which skips blanks or a quote) it is taken for the whole text;
 * behind a search, the last component of a literal path, or unknown. What comes from outside still comes from there.
 */
export function partOf(table: ValueTable, whole: ValueId, address: ValueId, wide: boolean | undefined): ValueId {
  const searched = table.node(address).kind === 'found';
  return table.choice(
    table.alternatives(whole).map((one) => {
      const node = table.node(one);
      if (node.kind === 'text-at')
        return table.textAt(searched ? table.found(node.address) : table.within(node.address), wide);
      if (!searched || node.kind === 'source') return one;
      return node.kind === 'literal' && /[\\/]/.test(node.text)
        ? table.literal(node.text.replace(/^.*[\\/]/, ''), node.rva, node.wide)
        : UNKNOWN;
    }),
  );
}

/** The text's first or last characters where they are literal, for deciding about separators. */
function edge(table: ValueTable, text: ValueId, last: boolean): string | undefined {
  const node = table.node(text);
  if (node.kind === 'literal') return node.text;
  if (node.kind === 'concat') return edge(table, node.parts[last ? node.parts.length - 1 : 0], last);
  return undefined;
}

/** folder + "\" + more, as PathAppend and PathCombine do; `more` alone when it is a full path (`combine`). */
export function joinPath(
  table: ValueTable,
  folder: ValueId,
  more: ValueId,
  combine: boolean,
  site: number,
  by: string,
): ValueId {
  const results: ValueId[] = [];
  for (const left of table.alternatives(folder === UNSET ? UNKNOWN : folder)) {
    for (const right of table.alternatives(more === UNSET ? UNKNOWN : more)) {
      const start = edge(table, right, false);
      const end = edge(table, left, true);
      if (combine && start !== undefined && /^([A-Za-z]:|\\\\|%)/.test(start)) results.push(right);
      else if (isEmpty(table, left)) results.push(right);
      else if (start?.startsWith('\\') || end?.endsWith('\\'))
        results.push(concatenate(table, [left, right], site, by));
      else results.push(concatenate(table, [left, table.literal('\\', 0, true), right], site, by));
    }
  }
  return results.length > PRODUCT_LIMIT ? UNKNOWN : table.choice(results);
}

/** How many arguments a format takes at most from its variable list. */
export const FORMAT_ARGUMENT_LIMIT = 10;

/** The text that the pieces of a format make with its arguments; `whole` is the format that they stand in. */
export function textOfPieces(
  table: ValueTable,
  pieces: readonly FormatPiece[],
  whole: { readonly rva: number; readonly wide: boolean },
  argument: (index: number) => ValueId,
  textOf: (pointer: ValueId, wide: boolean) => ValueId,
  site: number,
  by: string,
): ValueId {
  const pieceText = (piece: FormatPiece): ValueId => {
    switch (piece.kind) {
      case 'text':
        return table.literal(piece.text, whole.rva, whole.wide);
      case 'string': {
        const text = textOf(argument(piece.argument), piece.wide);
        return text === UNSET ? UNKNOWN : text;
      }
      case 'character': {
        const code = table.number(argument(piece.argument));
        const known = code !== undefined && code >= 32 && code < 0xd800;
        return known
          ? table.immediateText(String.fromCharCode(code), site, whole.wide)
          : table.source('character', '', site);
      }
      case 'number': {
        const number = piece.decimal ? table.number(argument(piece.argument)) : undefined;
        const known = number !== undefined && number >= 0 && number < 0x80000000;
        return known ? table.immediateText(String(number), site, whole.wide) : table.source('number', '', site);
      }
      case 'unicode-string':
        return UNKNOWN;
      default: {
        const never: never = piece;
        return never;
      }
    }
  };
  return concatenate(table, pieces.map(pieceText), site, by);
}

/** Whether a format may still become known: where a caller, or the number of a resource, says what it is. */
function isPending(node: ValueNode): boolean {
  return node.kind === 'text-at' || node.kind === 'format' || node.kind === 'resource';
}

/** Whether a format, or one of several, may still become known. */
export function mayBecomeKnown(table: ValueTable, format: ValueId): boolean {
  return table.alternatives(format).some((one) => isPending(table.node(one)));
}

/**
 * What printf or FormatMessage leaves: the concatenation of the format's pieces. `argument(i)` is the i-th variable argument, `textOf` the text
 * at a pointer. A format that is not known yet (it comes from a caller) stays a `format` node with its arguments.
 */
export function formatText(
  table: ValueTable,
  format: ValueId,
  syntax: FormatSyntax,
  argument: (index: number) => ValueId,
  textOf: (pointer: ValueId, wide: boolean) => ValueId,
  wide: boolean,
  site: number,
  by: string,
): ValueId {
  const made = (one: ValueId): ValueId => {
    const node = table.node(one);
    if (node.kind === 'literal') {
      const pieces = piecesOf(node.text, syntax, wide, table.pointerSize);
      return textOfPieces(table, pieces, node, argument, textOf, site, by);
    }
    if (node.kind === 'assumed')
      return table.assumed(table.choice(table.alternatives(node.text).map(made)), node.site, node.by);
    if (isPending(node)) {
      const args: ValueId[] = [];
      for (let i = 0; i < FORMAT_ARGUMENT_LIMIT; i++) args.push(argument(i));
      return table.format({ kind: 'format', format: one, syntax, arguments: args, wide, site, by });
    }
    // A format that comes from outside is still from there.
    return node.kind === 'source' ? one : UNKNOWN;
  };
  return table.choice(table.alternatives(format).map(made));
}

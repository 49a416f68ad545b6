// What a call does to memory and returns: its writes, each with a value that is made only when somebody reads there.
import type { Moment } from './call.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Bytes that are copied word by word at most. */
export const COPY_WORDS_LIMIT = 256;

/** One write to memory. */
export type Write =
  /** A text through the pointer `to`. */
  | { readonly kind: 'text'; readonly to: ValueId; readonly by: string; text(): ValueId }
  | { readonly kind: 'word'; readonly to: ValueId; readonly width: number; value(): ValueId }
  /** `size` zero bytes. */
  | { readonly kind: 'zero'; readonly to: ValueId; readonly size: number }
  /** Bytes of another place: as a text where one stands there, as words where `size` is known and small. */
  | Copied
  /** Something unknown behind a pointer that the function was given: a word, and in fresh memory a text. */
  | { readonly kind: 'output'; readonly to: ValueId; readonly width: number; readonly argument: number };

/** A copy of memory. */
export interface Copied {
  readonly kind: 'copy';
  readonly to: ValueId;
  readonly from: ValueId;
  /** Bytes that are copied as words; 0 when none are. */
  words(): number;
  /** The text that is copied, or UNSET when none is. */
  text(): ValueId;
}

/** What a call does: its writes, in order, and what it returns. */
export interface Effects {
  readonly writes: readonly Write[];
  returns(): ValueId;
}

/** A copy of memory; a text counts as one where all of it is copied. */
export function copied(moment: Moment, to: ValueId, from: ValueId, size: number | undefined): Copied {
  const { table } = moment;
  let known: ValueId | undefined;
  const source = (): ValueId => {
    if (known === undefined) {
      const text = moment.text(isOneBehind(moment, to, from) ? to : from, undefined);
      const node = table.node(text);
      const cut = node.kind === 'literal' && (node.text === '' || (size !== undefined && size < node.text.length));
      known = text === UNKNOWN || cut ? UNSET : text;
    }
    return known;
  };
  return {
    kind: 'copy',
    to,
    from,
    words: () => {
      if (size === undefined || size > COPY_WORDS_LIMIT) return 0;
      const text = source();
      return text === UNSET || table.node(text).kind === 'text-at' ? size : 0;
    },
    text: source,
  };
}

/**
 * Whether a copy moves what stands in a buffer to the front by one character: so a quote or a blank is taken off, where the text began with
 * one. The text counts as it was, as it does for PathUnquoteSpaces.
 */
function isOneBehind({ table }: Moment, to: ValueId, from: ValueId): boolean {
  const front = table.address(to);
  const behind = table.address(from);
  if (!front || !behind || front.somewhere || behind.somewhere || front.base !== behind.base) return false;
  const distance = behind.offset - front.offset;
  return distance === 1 || distance === 2;
}

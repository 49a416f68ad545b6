// What a log is read from: bytes at any place, or bytes that come one after the other.

import { type ByteSource, sourceOf } from '../bytes/source.ts';
import { InputError, WinnowError } from '../errors.ts';

/** Bytes that come one after the other: standard input, a member of an archive. */
export interface ByteStream {
  readonly name: string;
  readonly blocks: AsyncIterable<Uint8Array>;
}

export type LogInput = ByteSource | ByteStream;

/** Bytes of a file that are read at a time. */
const BLOCK = 1 << 18;
/** The largest log that is held in memory because it comes as a stream and has to be read at any place: 1 GiB. */
export const MOST_HELD = 2 ** 30;

export function isSource(input: LogInput): input is ByteSource {
  return 'readAt' in input;
}

/** The bytes of an input, in order. */
export async function* blocksOf(input: LogInput): AsyncGenerator<Uint8Array> {
  if (!isSource(input)) {
    yield* input.blocks;
    return;
  }
  const block = new Uint8Array(Math.min(BLOCK, input.size));
  for (let at = 0; at < input.size; ) {
    const got = input.readAt(at, block);
    if (got === 0) return;
    yield block.subarray(0, got);
    at += got;
  }
}

/**
 * The first `count` bytes (fewer where there are fewer, or as soon as `isEnough` of those that came: more may not come before long), the input
 * that begins with them still, and what ends it when no more is wanted of it.
 */
export async function peek(
  input: LogInput,
  count: number,
  isEnough: (start: Uint8Array) => boolean,
): Promise<{ start: Uint8Array; input: LogInput; end: () => Promise<void> }> {
  if (isSource(input)) {
    const start = new Uint8Array(Math.min(count, input.size));
    return { start: start.subarray(0, input.readAt(0, start)), input, end: async () => {} };
  }
  const iterator = input.blocks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < count) {
    const { value, done } = await iterator.next();
    if (done) break;
    held.push(value.slice());
    length += value.length;
    if (isEnough(joined(held, Math.min(count, length)))) break;
  }
  const start = joined(held, Math.min(count, length));
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* held.splice(0);
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  const end = async (): Promise<void> => void (await iterator.return?.());
  return { start, input: { name: input.name, blocks: all() }, end };
}

function joined(blocks: readonly Uint8Array[], length: number): Uint8Array {
  const start = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    const part = block.subarray(0, length - at);
    start.set(part, at);
    at += part.length;
  }
  return start;
}

/**
 * The same input, to be read at any place. Throws InputError for a stream that is larger than is held in memory; one that fails is what came
 * before where `cut` is told so.
 */
export async function held(input: LogInput, cut?: (error: Error) => void): Promise<ByteSource> {
  if (isSource(input)) return input;
  let bytes = new Uint8Array(1 << 20);
  let length = 0;
  try {
    for await (const block of input.blocks) {
      if (length + block.length > MOST_HELD)
        throw new InputError(
          `cannot read ${input.name}: it is an event log of more than ${MOST_HELD} bytes that comes as a stream; unpack it into a file first`,
        );
      if (length + block.length > bytes.length) {
        const grown = new Uint8Array(Math.min(MOST_HELD, Math.max(length + block.length, bytes.length * 2)));
        grown.set(bytes.subarray(0, length));
        bytes = grown;
      }
      bytes.set(block, length);
      length += block.length;
    }
  } catch (error) {
    if (!cut || length === 0 || error instanceof WinnowError) throw error;
    cut(error as Error);
  }
  return sourceOf(bytes.subarray(0, length), input.name);
}

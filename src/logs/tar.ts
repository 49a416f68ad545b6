// The members of a tar archive, as they come (POSIX.1-2001: ustar and pax; GNU long names).

import { latin1 } from '../bytes/text.ts';
import { InputError } from '../errors.ts';
import type { ByteStream } from './log-input.ts';

const BLOCK = 512;
/** Bytes of a long name, or of a member's own header, at most. */
const MOST_HEADER = 1 << 20;

/** Whether the bytes begin with the header of a member, by its magic number and its checksum. */
export function isTar(start: Uint8Array): boolean {
  return start.length >= BLOCK && latin1(start, 257, 262) === 'ustar' && hasChecksum(start.subarray(0, BLOCK));
}

/** The sum of the header's bytes, its own eight taken as blanks. */
function hasChecksum(header: Uint8Array): boolean {
  const stated = numberAt(header, 148, 8);
  return stated === header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

/** Octal digits, or GNU's big-endian number behind a first byte with its upper bit set; NaN of anything else. */
function numberAt(header: Uint8Array, offset: number, length: number): number {
  if (header[offset] === 0x80)
    return header.subarray(offset + 1, offset + length).reduce((n, byte) => n * 256 + byte, 0);
  const digits = latin1(header, offset, offset + length)
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

/** A member that nobody reads is passed over; one is read before the next is asked for. Throws InputError where the archive is damaged. */
export async function* tarMembers(archive: ByteStream): AsyncGenerator<ByteStream> {
  const bytes = new Bytes(archive.blocks);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.exactly(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const size = numberAt(header, 124, 12);
    if (!hasChecksum(header) || !Number.isSafeInteger(size))
      throw new InputError(`${archive.name}: it is no whole tar archive; unpack what it holds first`);
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156]);
    if (type === 'L' || type === 'x') {
      if (padded > MOST_HEADER) throw new InputError(`${archive.name}: a member's name of ${size} bytes`);
      const held = await bytes.exactly(padded);
      if (!held) throw new InputError(`${archive.name}: it ends before a member's name does`);
      const text = new TextDecoder().decode(held.subarray(0, size));
      longName = (type === 'L' ? text.replace(/\0.*$/s, '') : /^\d+ path=(.*)$/m.exec(text)?.[1]) ?? longName;
      continue;
    }
    const prefix = field(header, 345, 155);
    const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + field(header, 0, 100);
    longName = undefined;
    const member = bytes.part(size);
    // '0' and NUL are files, '7' is one that lies in one piece.
    if (type === '0' || type === '\0' || type === '7') yield { name: `${archive.name}!${name}`, blocks: member };
    for await (const _ of member) void _;
    await bytes.skip(padded - size);
  }
}

function field(header: Uint8Array, offset: number, length: number): string {
  const bytes = header.subarray(offset, offset + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Bytes that come in blocks, taken in other lengths. */
class Bytes {
  readonly #blocks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** Some bytes, at most so many; undefined at the end. */
  async #some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#blocks.next();
      if (done) return undefined;
      this.#rest = value;
    }
    const some = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(some.length);
    return some;
  }

  /** So many bytes, of their own; undefined at the end. Throws InputError where the archive ends within them. */
  async exactly(length: number): Promise<Uint8Array | undefined> {
    const all = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const some = await this.#some(length - at);
      if (!some && at === 0) return undefined;
      if (!some) throw new InputError('the archive ends within a header');
      all.set(some, at);
      at += some.length;
    }
    return all;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      const some = await this.#some(left);
      if (!some) return;
      left -= some.length;
    }
  }

  /** The next so many bytes, in blocks, once: what was read of them stays read. Throws InputError where the archive ends before. */
  part(length: number): AsyncIterable<Uint8Array> {
    let left = length;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (left === 0) return { value: undefined, done: true };
      const some = await this.#some(left);
      if (!some) {
        left = 0;
        throw new InputError('the archive ends before its member does');
      }
      left -= some.length;
      return { value: some, done: false };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }
}

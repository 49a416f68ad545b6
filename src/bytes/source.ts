// Bytes that are read a part at a time: a file too large to be held, or bytes that are there already.

/** A place to read from. */
export interface ByteSource {
  /** For messages: a path, a member of an archive. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Fills `into` from `offset` on and returns how many bytes there were; fewer only at the end. Throws InputError. */
  readAt(offset: number, into: Uint8Array): number;
}

/** Bytes that are there already. */
export function sourceOf(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    readAt: (offset, into) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
  };
}

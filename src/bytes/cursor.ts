// Bounded little-endian reads: a number that is not wholly inside the bytes reads as -1, never as something else.

/** Unsigned byte at `offset`, -1 when outside. */
export function u8At(bytes: Uint8Array, offset: number): number {
  return offset >= 0 && offset < bytes.length ? bytes[offset] : -1;
}

/** Unsigned 16-bit number at `offset`, -1 when any of its bytes is outside. */
export function u16At(bytes: Uint8Array, offset: number): number {
  return offset >= 0 && offset + 2 <= bytes.length ? bytes[offset] | (bytes[offset + 1] << 8) : -1;
}

/** Unsigned 32-bit number at `offset`, -1 when any of its bytes is outside. */
export function u32At(bytes: Uint8Array, offset: number): number {
  if (!(offset >= 0 && offset + 4 <= bytes.length)) return -1;
  return (bytes[offset] | (bytes[offset + 1] << 8) | (bytes[offset + 2] << 16)) + bytes[offset + 3] * 0x1000000;
}

/** Unsigned 64-bit number at `offset` as a double (exact up to 2^53, the nearest double above), -1 when outside. */
export function u64At(bytes: Uint8Array, offset: number): number {
  if (!(offset >= 0 && offset + 8 <= bytes.length)) return -1;
  return u32At(bytes, offset + 4) * 0x1_0000_0000 + u32At(bytes, offset);
}

/** Unsigned 64-bit number at `offset`, exact; -1n when any of its bytes is outside. */
export function bigU64At(bytes: Uint8Array, offset: number): bigint {
  if (!(offset >= 0 && offset + 8 <= bytes.length)) return -1n;
  return (BigInt(u32At(bytes, offset + 4)) << 32n) | BigInt(u32At(bytes, offset));
}

/** A place in bytes that moves forward as numbers are read; past the end it reads -1 and stays `ended`. */
export class Cursor {
  readonly bytes: Uint8Array;
  /** First offset that is out of bounds; never beyond the bytes. */
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.end = Math.max(0, Math.min(end, bytes.length));
    this.offset = Math.max(0, offset);
  }

  /** Bytes that are left. */
  get left(): number {
    return Math.max(0, this.end - this.offset);
  }

  /** True when nothing is left, or a read went past the end. */
  get ended(): boolean {
    return this.offset >= this.end;
  }

  u8(): number {
    return this.#take(1) ? this.bytes[this.offset - 1] : -1;
  }

  u16(): number {
    return this.#take(2) ? u16At(this.bytes, this.offset - 2) : -1;
  }

  u32(): number {
    return this.#take(4) ? u32At(this.bytes, this.offset - 4) : -1;
  }

  u64(): number {
    return this.#take(8) ? u64At(this.bytes, this.offset - 8) : -1;
  }

  /** Moves forward over `count` bytes, at most to the end. */
  skip(count: number): void {
    this.offset = Math.min(this.end, this.offset + Math.max(0, count));
  }

  /** Moves forward to the next multiple of `size` counted from `origin`. */
  align(size: number, origin = 0): void {
    const over = (this.offset - origin) % size;
    if (over !== 0) this.skip(size - over);
  }

  #take(count: number): boolean {
    if (this.offset + count > this.end) {
      this.offset = this.end;
      return false;
    }
    this.offset += count;
    return true;
  }
}

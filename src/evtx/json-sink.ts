// Bytes of JSON that are being written: UTF-8, escaped, and the values of binary XML that are written without a text in between.

import { u16At, u32At } from '../bytes/cursor.ts';
import { civilDay } from '../bytes/file-time.ts';
import type { Source } from './source.ts';
import { valueText } from './value-text.ts';
import { SIZE_OF, VARIES, ValueType } from './value-type.ts';

/** Bytes of a word of text. */
const WORD = 8;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
/** The escapes of one letter, by character. */
const SHORT: Readonly<Record<number, number>> = { 8: 0x62, 9: 0x74, 10: 0x6e, 12: 0x66, 13: 0x72 };
/** Characters that are written as they are, one byte each. */
const PLAIN = (() => {
  const plain = new Uint8Array(256);
  for (let c = 0x20; c < 0x80; c++) plain[c] = c === QUOTE || c === BACKSLASH ? 0 : 1;
  return plain;
})();
const LOWER = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** The two digits of each byte, as one big-endian number. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => (LOWER[byte >> 4] << 8) | LOWER[byte & 15]);
const UPPER = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
/** Where the bytes of a GUID stand in its text. */
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
const TICKS_A_SECOND = 10_000_000;
const SECONDS_A_DAY = 86_400;
/** Bytes that the text of any value of fixed size has at most. */
const LONGEST_FIXED = 64;

export class JsonSink {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  /** Where what is being written ends at most; whoever writes asks {@link isFull}. */
  limit = Number.POSITIVE_INFINITY;
  #view: DataView;
  /** The day that was written last, and its text "2016-07-08T". */
  #day = -1;
  readonly #dayText = new Uint8Array(11);

  constructor(capacity = 1 << 18) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  get isFull(): boolean {
    return this.length > this.limit;
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A text of `length` bytes that begins at a word of `texts`; what is behind it in its last word is written over. */
  words(texts: Float64Array, word: number, length: number): void {
    if (this.length + length + WORD > this.bytes.length) this.reserve(length + WORD);
    const view = this.#view;
    const end = this.length + length;
    for (let to = this.length, from = word; to < end; to += WORD) view.setFloat64(to, texts[from++], true);
    this.length = end;
  }

  /** ASCII text that needs no escape. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** Any text, escaped, without quotes around it. */
  text(text: string): void {
    this.reserve(text.length * 6);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) this.#ascii(unit);
      else i += this.#wide(unit, i + 1 < text.length ? text.charCodeAt(i + 1) : 0);
    }
  }

  /** UTF-16LE units [from, end) of `source`, up to a zero, escaped, in quotes. */
  quoted(source: DataView, from: number, end: number): void {
    this.reserve((end - from) * 3 + 8);
    this.bytes[this.length++] = QUOTE;
    this.#utf16(source, from, end);
    this.bytes[this.length++] = QUOTE;
  }

  #utf16(source: DataView, from: number, end: number): void {
    const { bytes } = this;
    let to = this.length;
    for (let at = from; at + 2 <= end; at += 2) {
      // Two plain characters at a time, as long as there are such.
      for (; at + 4 <= end; at += 4) {
        const two = source.getUint32(at, true);
        if ((two & 0xff80ff80) !== 0 || PLAIN[two & 0x7f] + PLAIN[two >>> 16] !== 2) break;
        bytes[to] = two;
        bytes[to + 1] = two >>> 16;
        to += 2;
      }
      if (at + 2 > end) break;
      const unit = source.getUint16(at, true);
      if (unit === 0) break;
      this.length = to;
      if (unit < 0x80) this.#ascii(unit);
      else if (this.#wide(unit, at + 4 <= end ? source.getUint16(at + 2, true) : 0) > 0) at += 2;
      to = this.length;
    }
    this.length = to;
  }

  #ascii(unit: number): void {
    const { bytes } = this;
    if (PLAIN[unit] === 1) {
      bytes[this.length++] = unit;
      return;
    }
    bytes[this.length++] = BACKSLASH;
    const short = unit === QUOTE || unit === BACKSLASH ? unit : (SHORT[unit] ?? 0);
    if (short !== 0) {
      bytes[this.length++] = short;
      return;
    }
    bytes[this.length++] = 0x75;
    bytes[this.length++] = ZERO;
    bytes[this.length++] = ZERO;
    bytes[this.length++] = UPPER[unit >> 4];
    bytes[this.length++] = UPPER[unit & 15];
  }

  /** A unit from 0x80 on as UTF-8; how many of the units behind it belong to it. A surrogate without its other half is U+FFFD. */
  #wide(unit: number, next: number): number {
    const { bytes } = this;
    if (unit < 0x800) {
      bytes[this.length++] = 0xc0 | (unit >> 6);
      bytes[this.length++] = 0x80 | (unit & 63);
      return 0;
    }
    let point = unit;
    if (unit >= 0xd800 && unit < 0xe000) {
      if (unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
        point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
        bytes[this.length++] = 0xf0 | (point >> 18);
        bytes[this.length++] = 0x80 | ((point >> 12) & 63);
        bytes[this.length++] = 0x80 | ((point >> 6) & 63);
        bytes[this.length++] = 0x80 | (point & 63);
        return 1;
      }
      point = 0xfffd;
    }
    bytes[this.length++] = 0xe0 | (point >> 12);
    bytes[this.length++] = 0x80 | ((point >> 6) & 63);
    bytes[this.length++] = 0x80 | (point & 63);
    return 0;
  }

  /** A value's text, escaped, without quotes around it. */
  value(source: Source, type: number, from: number, size: number): void {
    this.reserve(LONGEST_FIXED + size * 2);
    const { bytes } = source;
    if (!this.#directly(bytes, type, from, size)) this.text(valueText({ bytes, type, from, size }));
  }

  /** Writes a value of a frequent type; whether it is one. */
  #directly(source: Uint8Array, type: number, from: number, size: number): boolean {
    const fixed = SIZE_OF[type];
    if (fixed !== size && fixed !== VARIES) return false;
    switch (type) {
      case ValueType.uint8:
        this.#whole(source[from]);
        return true;
      case ValueType.uint16:
        this.#whole(u16At(source, from));
        return true;
      case ValueType.uint32:
        this.#whole(u32At(source, from));
        return true;
      case ValueType.int32:
        this.#signed(u32At(source, from) | 0);
        return true;
      case ValueType.uint64: {
        const high = u32At(source, from + 4);
        if (high >= 0x20_0000) return false;
        this.#whole(high * 0x1_0000_0000 + u32At(source, from));
        return true;
      }
      case ValueType.hexInt32:
        this.#hex(0, u32At(source, from));
        return true;
      case ValueType.hexInt64:
        this.#hex(u32At(source, from + 4), u32At(source, from));
        return true;
      case ValueType.sizeT:
        if (size !== 4 && size !== 8) return false;
        this.#hex(size === 8 ? u32At(source, from + 4) : 0, u32At(source, from));
        return true;
      case ValueType.guid:
        this.#guid(source, from);
        return true;
      case ValueType.fileTime:
        return this.#fileTime(source, from);
      case ValueType.sid:
        if (size < 8) return false;
        this.#sid(source, from, size);
        return true;
      case ValueType.binary:
        this.#binary(source, from, size);
        return true;
      default:
        return false;
    }
  }

  #signed(value: number): void {
    if (value < 0) this.bytes[this.length++] = 0x2d;
    this.#whole(Math.abs(value));
  }

  /** A whole number below 2^53 in decimal. */
  #whole(value: number): void {
    const { bytes } = this;
    if (value < 10) {
      bytes[this.length++] = ZERO + value;
      return;
    }
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    let at = this.length + digits;
    this.length = at;
    let rest = value;
    while (rest > 0xffff_ffff) {
      const next = Math.floor(rest / 10);
      bytes[--at] = ZERO + (rest - next * 10);
      rest = next;
    }
    let small = rest >>> 0;
    do {
      const next = (small / 10) >>> 0;
      bytes[--at] = ZERO + (small - next * 10);
      small = next;
    } while (small !== 0);
  }

  /** "0x" and a 64-bit number without leading zeros. */
  #hex(high: number, low: number): void {
    const { bytes } = this;
    bytes[this.length++] = ZERO;
    bytes[this.length++] = 0x78;
    let digits = high > 0 ? 8 + hexDigits(high) : hexDigits(low);
    while (digits-- > 0)
      bytes[this.length++] = LOWER[digits >= 8 ? (high >>> ((digits - 8) * 4)) & 15 : (low >>> (digits * 4)) & 15];
  }

  #guid(source: Uint8Array, from: number): void {
    const { bytes } = this;
    let to = this.length;
    bytes[to++] = 0x7b;
    for (let i = 0; i < GUID_ORDER.length; i++) {
      const at = GUID_ORDER[i];
      if (at < 0) bytes[to++] = 0x2d;
      else {
        this.#view.setUint16(to, PAIRS[source[from + at]]);
        to += 2;
      }
    }
    bytes[to++] = 0x7d;
    this.length = to;
  }

  #binary(source: Uint8Array, from: number, size: number): void {
    const { bytes } = this;
    let to = this.length;
    for (let at = from; at < from + size; at++) {
      bytes[to++] = UPPER[source[at] >> 4];
      bytes[to++] = UPPER[source[at] & 15];
    }
    this.length = to;
  }

  #sid(source: Uint8Array, from: number, size: number): void {
    const count = source[from + 1];
    this.reserve(32 + count * 11);
    const { bytes } = this;
    bytes[this.length++] = 0x53;
    bytes[this.length++] = 0x2d;
    this.#whole(source[from]);
    bytes[this.length++] = 0x2d;
    const high = (source[from + 2] << 8) | source[from + 3];
    const low = (source[from + 4] << 24) | (source[from + 5] << 16) | (source[from + 6] << 8) | source[from + 7];
    this.#whole(high * 0x1_0000_0000 + (low >>> 0));
    const end = Math.min(from + size, from + 8 + 4 * count);
    for (let at = from + 8; at + 4 <= end; at += 4) {
      bytes[this.length++] = 0x2d;
      this.#whole(u32At(source, at));
    }
  }

  /** A FILETIME of a year with four digits; whether it is one. */
  #fileTime(source: Uint8Array, from: number): boolean {
    // Ticks do not fit a double exactly; the seconds and the rest do, when each half is divided by itself.
    const high = u32At(source, from + 4);
    const low = u32At(source, from);
    const perHigh = high * 429.4967296; // seconds of 2^32 ticks
    let seconds = Math.floor(perHigh + low / TICKS_A_SECOND);
    let ticks = restOf(low, seconds);
    if (ticks < 0) {
      seconds--;
      ticks += TICKS_A_SECOND;
    } else if (ticks >= TICKS_A_SECOND) {
      seconds++;
      ticks -= TICKS_A_SECOND;
    }
    const day = Math.floor(seconds / SECONDS_A_DAY);
    if (day !== this.#day) this.#writeDay(day);
    if (day !== this.#day) return false;
    const { bytes } = this;
    let to = this.length;
    for (let i = 0; i < 11; i++) bytes[to++] = this.#dayText[i];
    const within = seconds - day * SECONDS_A_DAY;
    to = twoDigits(bytes, to, (within / 3600) | 0);
    bytes[to++] = 0x3a;
    to = twoDigits(bytes, to, ((within / 60) | 0) % 60);
    bytes[to++] = 0x3a;
    to = twoDigits(bytes, to, within % 60);
    bytes[to++] = 0x2e;
    for (let i = 6, rest = ticks; i >= 0; i--) {
      const next = (rest / 10) | 0;
      bytes[to + i] = ZERO + (rest - next * 10);
      rest = next;
    }
    to += 7;
    bytes[to++] = 0x5a;
    this.length = to;
    return true;
  }

  /** Keeps the text of a day; of a year of more than four digits none is kept. */
  #writeDay(day: number): void {
    const { year, month, date } = civilDay(day);
    if (year > 9999) return;
    this.#day = day;
    const text = this.#dayText;
    twoDigits(text, 0, (year / 100) | 0);
    twoDigits(text, 2, year % 100);
    text[4] = 0x2d;
    twoDigits(text, 5, month);
    text[7] = 0x2d;
    twoDigits(text, 8, date);
    text[10] = 0x54;
  }
}

/** Ticks beyond whole seconds of a time whose lower half is `low`: modulo 2^32 and signed, for they are few. */
function restOf(low: number, seconds: number): number {
  return (low - Math.imul((seconds % 0x1_0000_0000) | 0, TICKS_A_SECOND)) | 0;
}

function hexDigits(value: number): number {
  return Math.max(1, 8 - (Math.clz32(value) >> 2));
}

function twoDigits(bytes: Uint8Array, at: number, value: number): number {
  const tens = (value / 10) | 0;
  bytes[at] = ZERO + tens;
  bytes[at + 1] = ZERO + (value - tens * 10);
  return at + 2;
}

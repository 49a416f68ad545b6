// What one function's run knows of registers and memory: locations numbered densely, states as Int32Arrays over those numbers.
import type { PeImage } from '../pe/image.ts';
import { isText, literalAt } from './image-text.ts';
import { REGISTER_COUNT, type State } from './state.ts';
import { concatenate, partOf, textFrom } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** `width` of a location that holds a text rather than a word. */
export const TEXT = 0;
const LOCATION_LIMIT = 4096;
const GATHER_LIMIT = 1024;
/** Bytes behind a text's start at which its rest is asked for (a quote or a prefix is skipped). */
const REST_LIMIT = 32;

interface Location {
  readonly base: ValueId;
  readonly offset: number;
  readonly width: number;
  /** Other locations of the same base that share a byte with this one; a text shares its first byte only. */
  readonly overlaps: number[];
}

/** What the initial content of memory is: the image's bytes, its import slots, the arguments on the stack. */
export interface InitialMemory {
  readonly image: PeImage;
  readonly pointerSize: 4 | 8;
  /** The value of an import slot, or UNSET when `rva` is none. */
  importAt(rva: number): ValueId;
  /** Offset in the frame of the first argument that is passed on the stack, and its index. */
  readonly firstStackArgument: { readonly offset: number; readonly index: number };
}

/** The locations of one function and how they are read and written in a given state. */
export class Memory {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly locations: Location[] = [];
  /** What was written to global variables in any state: "va:width" to values; texts of the own frame stand behind pointers. */
  readonly globals = new Map<string, Set<ValueId>>();
  readonly #byBase = new Map<ValueId, { readonly index: Map<number, number>; readonly all: number[] }>();

  constructor(table: ValueTable, initial: InitialMemory) {
    this.table = table;
    this.initial = initial;
  }

  /** The number of a location in states, made when first asked for; -1 past the limit of locations. */
  #locate(base: ValueId, offset: number, width: number, make: boolean): number {
    let group = this.#byBase.get(base);
    if (!group) {
      if (!make) return -1;
      group = { index: new Map(), all: [] };
      this.#byBase.set(base, group);
    }
    const key = offset * 128 + width;
    const known = group.index.get(key);
    if (known !== undefined) return known;
    if (!make || this.locations.length >= LOCATION_LIMIT) return -1;
    const number = REGISTER_COUNT + this.locations.length;
    const overlaps: number[] = [];
    const end = offset + (width || 1);
    for (const other of group.all) {
      const location = this.locations[other - REGISTER_COUNT];
      if (location.offset < end && offset < location.offset + (location.width || 1)) {
        overlaps.push(other);
        location.overlaps.push(number);
      }
    }
    this.locations.push({ base, offset, width, overlaps });
    group.index.set(key, number);
    group.all.push(number);
    return number;
  }

  /** The word of `width` bytes at `address`. */
  readWord(state: State, address: ValueId, width: number): ValueId {
    const node = this.table.node(address);
    if (node.kind === 'choice') return this.table.choice(node.of.map((one) => this.readWord(state, one, width)));
    const place = this.table.address(address);
    if (!place) return UNKNOWN;
    if (place.somewhere) return this.table.load(address, width);
    const { base, offset } = place;
    const number = this.#locate(base, offset, width, false);
    if (number >= 0) {
      const value = state.get(number);
      if (value !== UNSET) return value;
    }
    const part = this.#covering(state, base, offset, width);
    if (part !== UNSET) return part;
    return this.#initialWord(address, base, offset, width);
  }

  /** A narrower part of a wider constant, or UNKNOWN when something else covers the place, or UNSET. */
  #covering(state: State, base: ValueId, offset: number, width: number): ValueId {
    const group = this.#byBase.get(base);
    if (!group) return UNSET;
    let found: ValueId = UNSET;
    let narrowest = 1000;
    for (const number of group.all) {
      const location = this.locations[number - REGISTER_COUNT];
      if (location.width === TEXT || location.offset >= offset + width || offset >= location.offset + location.width)
        continue;
      const value = state.get(number);
      if (value === UNSET || location.width >= narrowest) continue;
      narrowest = location.width;
      const contained = location.offset <= offset && offset + width <= location.offset + location.width;
      found = contained ? this.extract(value, offset - location.offset, width) : UNKNOWN;
    }
    return found;
  }

  /** `width` bytes from byte `from` of a constant; other values only whole or, in their low half, as they are. */
  extract(value: ValueId, from: number, width: number): ValueId {
    const node = this.table.node(value);
    if (node.kind === 'bytes') {
      if (width > 8) return from === 0 && width === node.count ? value : this.table.bytes(node.rva + from, width);
      return this.#imageWord(node.rva + from, width);
    }
    if (node.kind === 'constant') {
      if (node.lo === 0 && node.hi === 0) return value;
      if (width > 8) return UNKNOWN;
      let result = 0;
      for (let i = width - 1; i >= 0; i--) {
        const at = from + i;
        const byte = at < 4 ? (node.lo >>> (at * 8)) & 255 : at < 8 ? (node.hi >>> ((at - 4) * 8)) & 255 : 0;
        result = result * 256 + byte;
      }
      return this.table.constant(result);
    }
    if (node.kind === 'choice') return this.table.choice(node.of.map((one) => this.extract(one, from, width)));
    return from === 0 && width === 4 ? value : UNKNOWN;
  }

  #imageWord(rva: number, width: number): ValueId {
    const image = this.initial.image;
    if (width === 8) {
      const lo = image.readU32(rva);
      const hi = image.readU32(rva + 4);
      return lo < 0 || hi < 0 ? UNKNOWN : this.table.constant64(lo | 0, hi | 0);
    }
    const number = width === 4 ? image.readU32(rva) : width === 2 ? image.readU16(rva) : image.readU8(rva);
    return number < 0 ? UNKNOWN : this.table.constant(number);
  }

  #initialWord(address: ValueId, base: ValueId, offset: number, width: number): ValueId {
    const { image, pointerSize, firstStackArgument } = this.initial;
    if (base === FRAME) {
      const index = (offset - firstStackArgument.offset) / pointerSize;
      return index >= 0 && Number.isInteger(index) && index < 32
        ? this.table.parameter(firstStackArgument.index + index)
        : UNKNOWN;
    }
    if (base === ABSOLUTE) {
      const rva = image.rvaOf(offset);
      if (rva < 0) return UNKNOWN;
      if (width === pointerSize) {
        const symbol = this.initial.importAt(rva);
        if (symbol !== UNSET) return symbol;
      }
      if (image.isWritable(rva)) return this.table.load(address, width);
      return width > 8 ? this.table.bytes(rva, width) : this.#imageWord(rva, width);
    }
    return this.table.load(address, width);
  }

  /** Puts `value` into the word of `width` bytes at `address`. A pointer to somewhere within a buffer changes nothing that is followed. */
  writeWord(state: State, address: ValueId, width: number, value: ValueId): void {
    const place = this.table.address(address);
    if (!place || place.somewhere) return;
    const node = this.table.node(value);
    if (node.kind === 'pair' && width === 16) {
      this.writeWord(state, address, 8, node.low);
      this.writeWord(state, this.table.add(address, 8), 8, node.high);
      return;
    }
    const number = this.#locate(place.base, place.offset, width, true);
    if (number < 0) return;
    if (place.base === ABSOLUTE) this.#keepGlobal(state, place.offset, width, value);
    const constant = this.#isConstant(value);
    for (const other of this.locations[number - REGISTER_COUNT].overlaps) {
      const before = state.get(other);
      if (before === UNSET) continue;
      const location = this.locations[other - REGISTER_COUNT];
      if (location.width === TEXT) {
        state.set(other, this.#startsEmpty(value) ? this.table.literal('', 0, true) : UNSET);
      } else if (place.offset <= location.offset && location.offset + location.width <= place.offset + width) {
        state.set(other, constant ? this.extract(value, location.offset - place.offset, location.width) : UNKNOWN);
      } else if (!(constant && this.#isConstant(before))) state.set(other, UNKNOWN);
    }
    state.set(number, value);
  }

  /** Makes `size` bytes from `address` on zero, as far as locations there are known. */
  zero(state: State, address: ValueId, size: number): void {
    const place = this.table.address(address);
    const group = place && !place.somewhere ? this.#byBase.get(place.base) : undefined;
    if (!place || !group) return;
    const nothing = this.table.constant(0);
    for (const number of group.all) {
      const { offset, width } = this.locations[number - REGISTER_COUNT];
      if (offset < place.offset || offset + (width || 1) > place.offset + size) continue;
      state.set(number, width === TEXT ? this.table.literal('', 0, true) : nothing);
    }
  }

  #isConstant(value: ValueId): boolean {
    const kind = this.table.node(value).kind;
    return kind === 'constant' || kind === 'bytes';
  }

  #startsEmpty(value: ValueId): boolean {
    const node = this.table.node(value);
    return node.kind === 'constant' && (node.lo & 0xffff) === 0;
  }

  /** Says that the text at `address` is `text` from now on. */
  writeText(state: State, address: ValueId, text: ValueId): void {
    const node = this.table.node(address);
    if (node.kind === 'choice') {
      for (const one of node.of)
        this.writeText(state, one, this.table.choice([text, this.readText(state, one, undefined)]));
      return;
    }
    const place = this.table.address(address);
    if (!place) return;
    const number = this.#locate(place.base, place.offset, TEXT, true);
    if (number < 0) return;
    for (const other of this.locations[number - REGISTER_COUNT].overlaps) state.set(other, UNSET);
    state.set(number, text);
    if (place.base === ABSOLUTE) this.#keepGlobal(state, place.offset, TEXT, text);
  }

  #keepGlobal(state: State, va: number, width: number, value: ValueId): void {
    const key = `${va}:${width}`;
    let values = this.globals.get(key);
    if (!values) {
      values = new Set();
      this.globals.set(key, values);
    }
    for (const one of this.table.alternatives(value)) {
      const kind = this.table.node(one).kind;
      const own = kind === 'frame' || kind === 'allocation';
      const text = own ? this.readText(state, one, undefined) : UNSET;
      values.add(own && text !== UNSET && text !== UNKNOWN ? this.table.pointer(text) : one);
    }
  }

  /** The text that was written at `address` in this state, or UNSET when none was. */
  writtenText(state: State, address: ValueId): ValueId {
    const place = this.table.address(address);
    if (!place) return UNSET;
    const number = this.#locate(place.base, place.offset, TEXT, false);
    return number < 0 ? UNSET : state.get(number);
  }

  /** The text at `address`: written as a text, gathered from words, or standing in the image; else what `address` names on entry. */
  readText(state: State, address: ValueId, wide: boolean | undefined): ValueId {
    const node = this.table.node(address);
    if (node.kind === 'choice') return this.table.choice(node.of.map((one) => this.readText(state, one, wide)));
    const place = this.table.address(address);
    if (!place) return UNKNOWN;
    const written = this.writtenText(state, address);
    if (place.somewhere && node.kind !== 'pointer') {
      const whole =
        written !== UNSET ? written : place.base === FRAME ? UNKNOWN : this.readText(state, this.#start(address), wide);
      return partOf(this.table, whole === UNSET ? UNKNOWN : whole, address, wide);
    }
    if (written !== UNSET) return written;
    if (!place.somewhere) {
      const gathered = this.#gather(state, place.base, place.offset, wide);
      if (gathered !== UNSET) return gathered;
      const rest = this.#restOfText(state, place.base, place.offset);
      if (rest !== UNSET) return rest;
    }
    if (node.kind === 'pointer') return node.text;
    const object = this.#objectText(state, place.base, place.offset);
    if (object !== UNSET) return object;
    if (place.base === ABSOLUTE && !place.somewhere) {
      const literal = literalAt(this.table, this.initial.image, place.offset, wide);
      if (literal !== UNSET) return literal;
    }
    if (place.base === FRAME && place.offset < 0) return UNKNOWN;
    // Fresh memory that only appending functions touch begins empty.
    if (node.kind === 'allocation') return this.table.literal('', 0, true);
    return this.table.textAt(address, wide);
  }

  /** The buffer that an address within it belongs to. */
  #start(address: ValueId): ValueId {
    const node = this.table.node(address);
    return node.kind === 'within' || node.kind === 'found' ? node.base : address;
  }

  /** The text of a string object at this place whose pointer is only assumed: short texts stand in the object itself. */
  #objectText(state: State, base: ValueId, offset: number): ValueId {
    const number = this.#locate(base, offset, this.initial.pointerSize, false);
    const node = this.table.node(number < 0 ? UNSET : state.get(number));
    return node.kind === 'pointer' && this.table.node(node.text).kind === 'assumed' ? node.text : UNSET;
  }

  /** What follows within a text that begins a little earlier; UNSET when none does. */
  #restOfText(state: State, base: ValueId, offset: number): ValueId {
    const group = this.#byBase.get(base);
    if (!group) return UNSET;
    let nearest: Location | undefined;
    let text: ValueId = UNSET;
    for (const number of group.all) {
      const location = this.locations[number - REGISTER_COUNT];
      if (location.width !== TEXT || location.offset >= offset || offset - location.offset > REST_LIMIT) continue;
      const value = state.get(number);
      if (value === UNSET || (nearest && nearest.offset > location.offset)) continue;
      nearest = location;
      text = value;
    }
    return nearest ? textFrom(this.table, text, offset - nearest.offset) : UNSET;
  }

  /** Text laid down as numbers, byte by byte, up to its terminator; UNSET when there is none. */
  #gather(state: State, base: ValueId, offset: number, wide: boolean | undefined): ValueId {
    const group = this.#byBase.get(base);
    if (!group) return UNSET;
    const bytes: number[] = [];
    let from = 0;
    for (let at = offset; bytes.length < GATHER_LIMIT; at++) {
      let byte = -1;
      let narrowest = 1000;
      for (const number of group.all) {
        const location = this.locations[number - REGISTER_COUNT];
        if (
          location.width === TEXT ||
          location.offset > at ||
          at >= location.offset + location.width ||
          location.width >= narrowest
        )
          continue;
        const value = state.get(number);
        if (value === UNSET) continue;
        narrowest = location.width;
        byte = this.#byteOf(value, at - location.offset);
        const node = this.table.node(value);
        if (from === 0 && node.kind === 'bytes') from = node.rva;
      }
      if (byte < 0) break;
      bytes.push(byte);
      const n = bytes.length;
      if (wide === false || (wide === undefined && n >= 2 && bytes[1] !== 0)) {
        if (byte === 0) break;
      } else if (n % 2 === 0 && byte === 0 && bytes[n - 2] === 0) break;
    }
    if (bytes.length === 0) return UNSET;
    const asWide = wide ?? (bytes.length >= 2 && bytes[1] === 0);
    const behind = this.#locate(base, offset + bytes.length, TEXT, false);
    const more = behind < 0 || bytes.length > 64 ? UNSET : state.get(behind);
    let text = '';
    let ended = false;
    for (let i = 0; i + (asWide ? 1 : 0) < bytes.length; i += asWide ? 2 : 1) {
      const unit = asWide ? bytes[i] | (bytes[i + 1] << 8) : bytes[i];
      if (unit === 0) {
        ended = true;
        break;
      }
      text += String.fromCharCode(unit);
    }
    if (!isText(text)) return UNSET;
    if (!ended && more !== UNSET)
      return concatenate(this.table, [this.table.immediateText(text, from, asWide), more], 0, 'the buffer');
    if (!ended && text.length < 2) return UNSET;
    return this.table.immediateText(text, from, asWide);
  }

  #byteOf(value: ValueId, at: number): number {
    const node = this.table.node(value);
    if (node.kind === 'constant')
      return at < 4 ? (node.lo >>> (at * 8)) & 255 : at < 8 ? (node.hi >>> ((at - 4) * 8)) & 255 : 0;
    if (node.kind === 'bytes') return this.initial.image.readU8(node.rva + at);
    return -1;
  }

  /** Every location of `state` that holds something and does not lie in this function's own frame. */
  *outside(state: State): Generator<{ base: ValueId; offset: number; width: number; value: ValueId }> {
    for (let i = 0; i < this.locations.length; i++) {
      const value = state.get(REGISTER_COUNT + i);
      const { base, offset, width } = this.locations[i];
      if (value !== UNSET && base !== FRAME) yield { base, offset, width, value };
    }
  }
}

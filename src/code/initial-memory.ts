// What memory holds when a function is entered: the image's bytes, its import slots, the arguments on the stack; and parts of known words.
import type { PeImage } from '../pe/image.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';

export interface InitialMemory {
  readonly image: PeImage;
  readonly pointerSize: 4 | 8;
  /** The value of an import slot, or UNSET when `rva` is none. */
  importAt(rva: number): ValueId;
  /** Offset in the frame of the first argument that is passed on the stack, and its index. */
  readonly firstStackArgument: { readonly offset: number; readonly index: number };
}

/** Arguments on the stack that are told apart. */
const STACK_ARGUMENTS = 32;

/** The word of `width` bytes at `address`, which is `base` plus `offset`, on entry. */
export function initialWord(
  table: ValueTable,
  initial: InitialMemory,
  address: ValueId,
  base: ValueId,
  offset: number,
  width: number,
): ValueId {
  const { image, pointerSize, firstStackArgument } = initial;
  if (base === FRAME) {
    const index = (offset - firstStackArgument.offset) / pointerSize;
    return index >= 0 && Number.isInteger(index) && index < STACK_ARGUMENTS
      ? table.parameter(firstStackArgument.index + index)
      : UNKNOWN;
  }
  if (base === ABSOLUTE) {
    const rva = image.rvaOf(offset);
    if (rva < 0) return UNKNOWN;
    if (width === pointerSize) {
      const symbol = initial.importAt(rva);
      if (symbol !== UNSET) return symbol;
    }
    if (image.isWritable(rva)) return table.load(address, width);
    return width > 8 ? table.bytes(rva, width) : imageWord(table, image, rva, width);
  }
  return table.load(address, width);
}

function imageWord(table: ValueTable, image: PeImage, rva: number, width: number): ValueId {
  if (width === 8) {
    const lo = image.readU32(rva);
    const hi = image.readU32(rva + 4);
    return lo < 0 || hi < 0 ? UNKNOWN : table.constant64(lo | 0, hi | 0);
  }
  const number = width === 4 ? image.readU32(rva) : width === 2 ? image.readU16(rva) : image.readU8(rva);
  return number < 0 ? UNKNOWN : table.constant(number);
}

/** `width` bytes from byte `from` of a constant; other values only in their low half, as they are. */
export function extract(table: ValueTable, image: PeImage, value: ValueId, from: number, width: number): ValueId {
  const node = table.node(value);
  if (node.kind === 'bytes') {
    if (width > 8) return from === 0 && width === node.count ? value : table.bytes(node.rva + from, width);
    return imageWord(table, image, node.rva + from, width);
  }
  if (node.kind === 'constant') {
    if (node.lo === 0 && node.hi === 0) return value;
    if (width > 8) return UNKNOWN;
    let result = 0;
    for (let i = width - 1; i >= 0; i--) result = result * 256 + constantByte(node, from + i);
    return table.constant(result);
  }
  if (node.kind === 'choice') return table.choice(node.of.map((one) => extract(table, image, one, from, width)));
  return from === 0 && width === 4 ? value : UNKNOWN;
}

/** Byte `at` of a constant or of bytes of the image; -1 of anything else. */
export function byteOf(table: ValueTable, image: PeImage, value: ValueId, at: number): number {
  const node = table.node(value);
  if (node.kind === 'constant') return constantByte(node, at);
  return node.kind === 'bytes' ? image.readU8(node.rva + at) : -1;
}

function constantByte(node: { readonly lo: number; readonly hi: number }, at: number): number {
  return at < 4 ? (node.lo >>> (at * 8)) & 255 : at < 8 ? (node.hi >>> ((at - 4) * 8)) & 255 : 0;
}

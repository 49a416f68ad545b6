// The multi-stream file (MSF 7.0) that a program database is: a superblock, a directory of streams, and the streams' scattered blocks.
import { u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { FormatError } from '../errors.ts';

const MAGIC = 'Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0';
const OLD_MAGIC = 'Microsoft C/C++ program database 2.00\r\n\x1aJG';
const SUPERBLOCK_SIZE = 56;
/** Sizes that linkers write (/PDBPAGESIZE). */
const SMALLEST_BLOCK = 512;
const LARGEST_BLOCK = 65_536;
/** The size of a stream that was deleted. */
const NO_STREAM = 0xffffffff;
/** Bytes that are put together out of blocks, as a multiple of the file's length: streams may lie over one another. */
const COPIED_SHARE = 2;

export class MsfFile {
  readonly name: string;
  readonly #bytes: Uint8Array;
  readonly #blockSize: number;
  readonly #blockCount: number;
  readonly #directory: Uint8Array;
  /** By stream: its size, and where its block numbers begin in the directory. */
  readonly #sizes: Uint32Array;
  readonly #lists: Uint32Array;
  #mayCopy: number;

  /** `name` is used in messages. Throws FormatError when the bytes are no MSF 7.0 file, or its directory cannot be read. */
  constructor(bytes: Uint8Array, name: string) {
    this.name = name;
    this.#bytes = bytes;
    this.#mayCopy = bytes.length * COPIED_SHARE;
    if (latin1(bytes, 0, MAGIC.length) !== MAGIC) throw this.error(otherThanMsf(bytes));
    if (bytes.length < SUPERBLOCK_SIZE) throw this.error(`cut off inside the superblock (${bytes.length} bytes)`);
    const blockSize = u32At(bytes, 32);
    if (blockSize < SMALLEST_BLOCK || blockSize > LARGEST_BLOCK || (blockSize & (blockSize - 1)) !== 0)
      throw this.error(`blocks of ${blockSize} bytes, which no MSF file has`);
    this.#blockSize = blockSize;
    this.#blockCount = u32At(bytes, 40);
    this.#directory = this.#readDirectory(u32At(bytes, 44), u32At(bytes, 52));
    const count = u32At(this.#directory, 0);
    if (count < 0 || count > (this.#directory.length - 4) / 4)
      throw this.error(`a directory of ${this.#directory.length} bytes that is said to hold ${count} streams`);
    this.#sizes = new Uint32Array(count);
    this.#lists = new Uint32Array(count);
    let at = 4 + 4 * count;
    for (let i = 0; i < count; i++) {
      const size = u32At(this.#directory, 4 + 4 * i);
      this.#sizes[i] = size === NO_STREAM ? 0 : size;
      // Past the directory's end a stream has no blocks, which is told when it is asked for.
      this.#lists[i] = Math.min(at, this.#directory.length);
      at += 4 * Math.ceil(this.#sizes[i] / blockSize);
    }
  }

  /** How many streams there are; their numbers begin with 0. */
  get streamCount(): number {
    return this.#sizes.length;
  }

  /** The bytes of a stream; `what` names it in messages. Throws FormatError when it does not exist, or not all of its blocks do. */
  stream(index: number, what: string): Uint8Array {
    if (!(index >= 0 && index < this.#sizes.length))
      throw this.error(`${what} is said to be stream ${index} of ${this.#sizes.length}`);
    const size = this.#sizes[index];
    const list = this.#lists[index];
    const listEnd = list + 4 * Math.ceil(size / this.#blockSize);
    if (listEnd > this.#directory.length)
      throw this.error(`${what} (stream ${index}, ${size} bytes) has more blocks than the directory holds`);
    return this.#gather(this.#directory, list, size, what);
  }

  error(what: string): FormatError {
    return new FormatError(`${this.name}: ${what}`);
  }

  #readDirectory(size: number, mapBlock: number): Uint8Array {
    const map = mapBlock * this.#blockSize;
    const mapEnd = map + 4 * Math.ceil(size / this.#blockSize);
    if (size < 4 || size > this.#bytes.length || mapEnd > this.#bytes.length)
      throw this.error(`a stream directory of ${size} bytes at block ${mapBlock} is not in the file; it is cut short`);
    return this.#gather(this.#bytes, map, size, 'the stream directory');
  }

  /** `size` bytes out of the blocks whose numbers stand in `from` at `list`: where they follow one another they are not copied. */
  #gather(from: Uint8Array, list: number, size: number, what: string): Uint8Array {
    const blockSize = this.#blockSize;
    const count = Math.ceil(size / blockSize);
    if (count === 0) return new Uint8Array(0);
    const first = u32At(from, list);
    let inOrder = true;
    for (let i = 0; i < count; i++) {
      const block = u32At(from, list + 4 * i);
      const length = Math.min(blockSize, size - i * blockSize);
      if (block >= this.#blockCount || block * blockSize + length > this.#bytes.length)
        throw this.error(`${what} has block ${block}, which is not in the file; it is cut short or damaged`);
      if (block !== first + i) inOrder = false;
    }
    if (inOrder) return this.#bytes.subarray(first * blockSize, first * blockSize + size);
    this.#mayCopy -= size;
    if (this.#mayCopy < 0) throw this.error(`${what} would make its streams larger than twice the file`);
    const gathered = new Uint8Array(size);
    for (let i = 0; i < count; i++) {
      const start = u32At(from, list + 4 * i) * blockSize;
      const length = Math.min(blockSize, size - i * blockSize);
      gathered.set(this.#bytes.subarray(start, start + length), i * blockSize);
    }
    return gathered;
  }
}

function otherThanMsf(bytes: Uint8Array): string {
  if (latin1(bytes, 0, OLD_MAGIC.length) === OLD_MAGIC)
    return 'a program database of the format before 2003 (MSF 2.0), which is not read';
  if (latin1(bytes, 0, 4) === 'BSJB') return 'a portable PDB (.NET), which holds no names of native functions';
  if (latin1(bytes, 0, 4) === 'MSCF')
    return 'a compressed file of a symbol store (cabinet); expand it first (expand FILE.pd_ FILE.pdb)';
  return 'no program database (MSF 7.0)';
}

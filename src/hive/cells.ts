// The bins of a hive and the cells in them: a cell is handed out only if it lies whole in a bin and is in use, a long one to one owner only.

import { u32At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { BASE_BLOCK_SIZE, NIL, PAGE_SIZE } from './base-block.ts';
import { type HiveNotes, offsetText } from './hive-notes.ts';

const BIN_HEADER_SIZE = 32;
/**
 * Windows never lets two records share a list or data. Cells of more bytes than this have one owner, so that reading all of a hive takes
 * no more than in proportion to its size, whatever leads where.
 */
const SHARED_SIZE = 256;

export class Cells {
  readonly #bytes: Uint8Array;
  /** Of each page, where its bin begins and ends, in bytes from the first bin on; 0 as the end where there is none. */
  readonly #binStart: Uint32Array;
  readonly #binEnd: Uint32Array;
  readonly #owners = new Map<number, number>();
  readonly #notes: HiveNotes;

  /** `bytes`: the whole hive. `size`: of its bins as the base block says. */
  constructor(bytes: Uint8Array, size: number, notes: HiveNotes) {
    this.#notes = notes;
    const there = Math.max(0, bytes.length - BASE_BLOCK_SIZE);
    if (size > there) notes.add('bins', `the hive is cut off: its bins are ${size} bytes, and ${there} are there`);
    this.#bytes = bytes.subarray(BASE_BLOCK_SIZE, BASE_BLOCK_SIZE + Math.min(size, there));
    const pages = Math.ceil(this.#bytes.length / PAGE_SIZE);
    this.#binStart = new Uint32Array(pages);
    this.#binEnd = new Uint32Array(pages);
    this.#findBins();
  }

  #findBins(): void {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length; ) {
      const size = u32At(bytes, at + 8);
      if (latin1(bytes, at, at + 4) !== 'hbin' || u32At(bytes, at + 4) !== at) {
        const from = at;
        do at += PAGE_SIZE;
        while (at < bytes.length && (latin1(bytes, at, at + 4) !== 'hbin' || u32At(bytes, at + 4) !== at));
        const to = Math.min(at, bytes.length);
        this.#notes.add(
          'bins',
          `there is no bin from ${offsetText(from)} to ${offsetText(to)}; its cells are not read`,
        );
        continue;
      }
      const isSize = size >= PAGE_SIZE && size % PAGE_SIZE === 0;
      if (!isSize) this.#notes.add('bins', `the bin at ${offsetText(at)} says that it has ${size} bytes`);
      const end = Math.min(bytes.length, at + (isSize ? size : PAGE_SIZE));
      if (isSize && at + size > end)
        this.#notes.add('bins', `the bin at ${offsetText(at)} is cut off after ${end - at} of ${size} bytes`);
      for (let page = at / PAGE_SIZE; page * PAGE_SIZE < end; page++) {
        this.#binStart[page] = at;
        this.#binEnd[page] = end;
      }
      at = end === bytes.length ? end : Math.ceil(end / PAGE_SIZE) * PAGE_SIZE;
    }
  }

  /** The bytes of the cell at an offset from the first bin on, without its size; undefined, with a note, where there is none in use. */
  at(offset: number, what: string): Uint8Array | undefined {
    if (offset === NIL || offset < 0) return this.#refuse(what, offset, 'leads nowhere');
    const page = Math.floor(offset / PAGE_SIZE);
    const end = page < this.#binEnd.length ? this.#binEnd[page] : 0;
    if (offset < this.#binStart[page] + BIN_HEADER_SIZE || offset + 4 > end)
      return this.#refuse(what, offset, 'lies in no bin');
    const size = u32At(this.#bytes, offset) | 0;
    if (size >= 0) return this.#refuse(what, offset, 'is a cell that is not in use');
    if (-size < 8 || offset - size > end)
      return this.#refuse(what, offset, `is a cell of ${-size} bytes, which is not whole in its bin`);
    return this.#bytes.subarray(offset + 4, offset - size);
  }

  /** The same for what has one owner, named by the offset of its record; `isDoubtful`: whatever its size. Refused to any other. */
  owned(offset: number, owner: number, what: string, isDoubtful = false): Uint8Array | undefined {
    const bytes = this.at(offset, what);
    if (bytes === undefined) return undefined;
    const holder = this.#owners.get(offset);
    if (holder === undefined) {
      if (isDoubtful || bytes.length > SHARED_SIZE) this.#owners.set(offset, owner);
      return bytes;
    }
    return holder === owner
      ? bytes
      : this.#refuse(what, offset, `belongs to the record at ${offsetText(holder)} already`);
  }

  #refuse(what: string, offset: number, why: string): undefined {
    this.#notes.add(what, `a ${what} at ${offsetText(Math.max(0, offset))} ${why}; it is left out`);
    return undefined;
  }
}

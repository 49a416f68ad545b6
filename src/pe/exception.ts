// Where functions begin and end: the function table (.pdata) of x64 and ARM64 images (PE format, "The .pdata Section"; "x64 exception handling", UNWIND_INFO).
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

/** Parts of functions in ascending order of `begin`; all columns have `count` entries of RVAs. */
export interface FunctionTable {
  readonly count: number;
  readonly begin: Uint32Array;
  /** First RVA behind the part. */
  readonly end: Uint32Array;
  /** `begin` of the function that the part belongs to (UNW_FLAG_CHAININFO followed); a primary's is its own. */
  readonly owner: Uint32Array;
  /** RVA of the part's own UNWIND_INFO; 0 where there is none (ARM64). */
  readonly unwind: Uint32Array;
}

const UNW_FLAG_CHAININFO = 4;
const RUNTIME_FUNCTION_INDIRECT = 1;
/** Compilers chain a part to its primary, rarely over one more; this many is a loop. */
const LONGEST_CHAIN = 32;
const NO_PARTS = new Uint32Array(0);
const NONE: FunctionTable = { count: 0, begin: NO_PARTS, end: NO_PARTS, owner: NO_PARTS, unwind: NO_PARTS };

/** Reads IMAGE_DIRECTORY_ENTRY_EXCEPTION; an empty table for images (x86) that have none. */
export function readFunctions(image: ImageLayout): FunctionTable {
  const directory = image.directory(Directory.exception);
  if (directory === undefined || (image.arch !== 'x64' && image.arch !== 'arm64')) return NONE;
  const entrySize = image.arch === 'x64' ? 12 : 8;
  const available = image.bytesAt(directory.rva);
  if (available < directory.size) {
    image.note('exception', `the table should have ${directory.size} bytes, but the file holds ${available}`);
  }
  const most = Math.floor(Math.min(directory.size, available) / entrySize);
  const { bytes } = image;
  const table = new DataView(
    bytes.buffer,
    bytes.byteOffset + Math.max(0, image.offsetOf(directory.rva)),
    most * entrySize,
  );
  const begin = new Uint32Array(most);
  const end = new Uint32Array(most);
  const owner = new Uint32Array(most);
  const unwind = new Uint32Array(most);
  let count = 0;
  let ascending = true;
  let wrong = 0;
  const chains = { looping: 0 };
  for (let i = 0; i < most; i++) {
    const at = i * entrySize;
    const from = table.getUint32(at, true);
    if (from === 0) continue; // padding behind the last entry
    const second = table.getUint32(at + 4, true);
    const to = entrySize === 12 ? second : from + lengthArm64(image, second);
    if (to <= from || to > image.sizeOfImage) {
      wrong++;
      continue;
    }
    begin[count] = from;
    end[count] = to;
    owner[count] = entrySize === 12 ? primaryOf(image, from, table.getUint32(at + 8, true), chains) : from;
    unwind[count] = entrySize === 12 ? table.getUint32(at + 8, true) : 0;
    if (count > 0 && from < begin[count - 1]) ascending = false;
    count++;
  }
  if (wrong > 0) image.note('exception', `${wrong} entries do not describe a range inside the image`);
  if (chains.looping > 0) image.note('exception', `${chains.looping} entries are chained in a loop or to nothing`);
  if (!ascending) image.note('exception', 'the table is not in ascending order');
  const columns = { begin, end, owner, unwind };
  return ascending ? cut(columns, count) : sorted(columns, count);
}

/** Follows chained unwind information to the primary function's begin. */
function primaryOf(image: ImageLayout, begin: number, unwindInfo: number, chains: { looping: number }): number {
  let owner = begin;
  let info = unwindInfo;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    let entry: number;
    if ((info & RUNTIME_FUNCTION_INDIRECT) !== 0) {
      entry = info - 1; // the RVA of another RUNTIME_FUNCTION
    } else {
      const flags = image.readU8(info);
      if (flags < 0 || ((flags >> 3) & UNW_FLAG_CHAININFO) === 0) return owner;
      const codes = image.readU8(info + 2);
      entry = info + 4 + 2 * ((codes + 1) & ~1);
    }
    const next = image.readU32(entry);
    if (next <= 0 || next >= image.sizeOfImage) break;
    owner = next;
    info = image.readU32(entry + 8);
    if (info < 0) break;
  }
  chains.looping++;
  return begin;
}

/** Bytes of an ARM64 function: packed in the entry, or in its .xdata record ("ARM64 exception handling"). */
function lengthArm64(image: ImageLayout, unwindData: number): number {
  if ((unwindData & 3) !== 0) return ((unwindData >>> 2) & 0x7ff) * 4;
  const record = image.readU32(unwindData);
  return record < 0 ? 0 : (record & 0x3ffff) * 4;
}

type Columns = Omit<FunctionTable, 'count'>;

function cut({ begin, end, owner, unwind }: Columns, count: number): FunctionTable {
  const held = (column: Uint32Array): Uint32Array => column.subarray(0, count);
  return { count, begin: held(begin), end: held(end), owner: held(owner), unwind: held(unwind) };
}

function sorted({ begin, end, owner, unwind }: Columns, count: number): FunctionTable {
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => begin[a] - begin[b] || end[a] - end[b]);
  const pick = (column: Uint32Array): Uint32Array => order.map((i) => column[i]);
  return { count, begin: pick(begin), end: pick(end), owner: pick(owner), unwind: pick(unwind) };
}

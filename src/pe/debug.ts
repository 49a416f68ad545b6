// The debug directory's CodeView record: the name of the program database and what identifies it (PE format, "The .debug Section").
import { u32At } from '../bytes/cursor.ts';
import { guidAt } from '../bytes/guid.ts';
import { utf8, zeroAt } from '../bytes/text.ts';
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

export interface DebugInfo {
  /** The path of the .pdb as the linker wrote it. */
  readonly pdb: string;
  /** Lower case with hyphens; absent in the older NB10 record. */
  readonly guid?: string;
  /** NB10's signature: seconds since 1970; absent in RSDS. */
  readonly signature?: number;
  readonly age: number;
}

const ENTRY_SIZE = 28;
const IMAGE_DEBUG_TYPE_CODEVIEW = 2;
const RSDS = 0x53445352;
const NB10 = 0x3031424e;
const LONGEST_PATH = 4096;

/** Reads IMAGE_DIRECTORY_ENTRY_DEBUG's first CodeView record; undefined when there is none. */
export function readDebug(image: ImageLayout): DebugInfo | undefined {
  const directory = image.directory(Directory.debug);
  if (directory === undefined) return undefined;
  const available = image.bytesAt(directory.rva);
  if (available < ENTRY_SIZE) {
    image.note('debug', `the directory is outside the file (RVA 0x${directory.rva.toString(16)})`);
    return undefined;
  }
  const end = directory.rva + Math.min(directory.size, available);
  for (let at = directory.rva; at + ENTRY_SIZE <= end; at += ENTRY_SIZE) {
    if (image.readU32(at + 12) !== IMAGE_DEBUG_TYPE_CODEVIEW) continue;
    const size = image.readU32(at + 16);
    // AddressOfRawData is 0 when the record is not mapped; PointerToRawData is a file offset.
    const rva = image.readU32(at + 20);
    const mapped = rva > 0 ? image.offsetOf(rva) : -1;
    const offset = mapped >= 0 ? mapped : image.readU32(at + 24);
    const record = readCodeView(image.bytes, offset, Math.min(image.bytes.length, offset + size));
    if (record !== undefined) return record;
    image.note('debug', `the CodeView record at offset 0x${offset.toString(16)} cannot be read`);
  }
  return undefined;
}

function readCodeView(bytes: Uint8Array, offset: number, end: number): DebugInfo | undefined {
  const kind = u32At(bytes, offset);
  const header = kind === RSDS ? 24 : kind === NB10 ? 16 : 0;
  if (header === 0 || offset + header > end) return undefined;
  const start = offset + header;
  const limit = Math.min(end, start + LONGEST_PATH);
  const zero = zeroAt(bytes, start, limit);
  const pdb = utf8(bytes, start, zero < 0 ? limit : zero);
  if (kind === RSDS) return { pdb, guid: guidAt(bytes, offset + 4), age: u32At(bytes, offset + 20) };
  return { pdb, signature: u32At(bytes, offset + 8), age: u32At(bytes, offset + 12) };
}

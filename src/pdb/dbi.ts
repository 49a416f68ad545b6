// The debug information stream (DBI, stream 3): its header, its list of modules, and the streams that its optional debug header names.
import { Cursor, u16At, u32At } from '../bytes/cursor.ts';
import type { MsfFile } from './msf.ts';

export interface DbiStream {
  /** What the image's CodeView record repeats; 0 where no linker set it. */
  readonly age: number;
  /** Stream of the symbol records; 0xffff when there is none. */
  readonly symbolRecords: number;
  /** Each module's stream of symbols with the size of those, in order. */
  readonly modules: readonly ModuleSymbols[];
  /** How many bytes of the list of modules could not be read. */
  readonly modulesCut: number;
  /** Streams by the place they have in the optional debug header; 0xffff when there is none. */
  readonly debugStream: (place: DebugStream) => number;
}

export interface ModuleSymbols {
  readonly stream: number;
  /** With the signature of 4 bytes before them. */
  readonly size: number;
}

/** Places in the optional debug header. */
export const DebugStream = { omapFromSource: 4, sectionHeaders: 5, originalSectionHeaders: 10 } as const;
export type DebugStream = (typeof DebugStream)[keyof typeof DebugStream];

export const NO_STREAM_INDEX = 0xffff;

const DBI_STREAM = 3;
const HEADER_SIZE = 64;
const VERSION_SIGNATURE = 0xffffffff;
/** What a module has before its two names. */
const MODULE_SIZE = 64;

/** Reads the stream. Throws FormatError when its header cannot be read. */
export function readDbi(file: MsfFile): DbiStream {
  const bytes = file.stream(DBI_STREAM, 'the DBI stream');
  if (bytes.length < HEADER_SIZE) throw file.error(`a DBI stream of ${bytes.length} bytes, without a header`);
  if (u32At(bytes, 0) !== VERSION_SIGNATURE) throw file.error('a DBI stream of a version that is not read');
  const [modules, contributions, map, sources, types, debug, edit] = [24, 28, 32, 36, 40, 48, 52].map((at) =>
    u32At(bytes, at),
  );
  // The optional debug header is the last of the parts that follow the header.
  const debugStart = HEADER_SIZE + modules + contributions + map + sources + types + edit;
  const debugEnd = Math.min(bytes.length, debugStart + debug);
  const end = HEADER_SIZE + modules;
  const read = readModules(bytes, Math.min(end, bytes.length));
  return {
    age: u32At(bytes, 8),
    symbolRecords: u16At(bytes, 20),
    modules: read.modules,
    modulesCut: end - read.end,
    debugStream: (place) => (debugStart + place * 2 + 2 <= debugEnd ? u16At(bytes, debugStart + place * 2) : -1),
  };
}

function readModules(bytes: Uint8Array, end: number): { modules: readonly ModuleSymbols[]; end: number } {
  const modules: ModuleSymbols[] = [];
  const cursor = new Cursor(bytes, HEADER_SIZE, end);
  while (cursor.left >= MODULE_SIZE) {
    const start = cursor.offset;
    const names = afterZeros(bytes, start + MODULE_SIZE, end);
    if (names < 0) return { modules, end: start };
    const stream = u16At(bytes, start + 34);
    const size = u32At(bytes, start + 36);
    if (stream !== NO_STREAM_INDEX && size > 0) modules.push({ stream, size });
    cursor.offset = names;
    cursor.align(4, HEADER_SIZE);
  }
  return { modules, end: cursor.offset };
}

/** The offset behind the two zero-terminated names at `start`, -1 when they have no end. */
function afterZeros(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let names = 0; names < 2; names++) {
    const zero = bytes.subarray(at, end).indexOf(0);
    if (zero < 0) return -1;
    at += zero + 1;
  }
  return at;
}

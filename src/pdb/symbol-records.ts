// CodeView symbol records: the publics of the symbol record stream (S_PUB32) and the procedures of the modules (S_GPROC32, S_LPROC32).
import { u16At, u32At } from '../bytes/cursor.ts';

/** A symbol that has an address; its name begins at `name` in the bytes. */
export interface RecordedSymbol {
  readonly segment: number;
  readonly offset: number;
  readonly name: number;
  /** Whether it is said to be a function: a label of data in code is none. */
  readonly isFunction: boolean;
}

const S_END = 0x0006;
const S_PUB32 = 0x110e;
const S_PROC_ID_END = 0x114f;
/** S_LPROC32, S_GPROC32, and those whose type is an ID: S_LPROC32_ID, S_GPROC32_ID, S_LPROC32_DPC, S_LPROC32_DPC_ID. */
const PROCEDURES: ReadonlySet<number> = new Set([0x110f, 0x1110, 0x1146, 0x1147, 0x1155, 0x1156]);

const CV_PUBSYMFLAGS_FUNCTION = 2;

/** Calls `each` for every public of the bytes. Answers where the records end, which is the bytes' end unless they are damaged. */
export function readPublics(bytes: Uint8Array, each: (symbol: RecordedSymbol) => void): number {
  let at = 0;
  let end = endOfRecord(bytes, at, bytes.length);
  while (end > 0) {
    if (u16At(bytes, at + 2) === S_PUB32 && end - at >= 14) {
      const isFunction = (u32At(bytes, at + 4) & CV_PUBSYMFLAGS_FUNCTION) !== 0;
      each({ segment: u16At(bytes, at + 12), offset: u32At(bytes, at + 8), name: at + 14, isFunction });
    }
    at = end;
    end = endOfRecord(bytes, at, bytes.length);
  }
  return at;
}

/** The same for every procedure of a module, whose records begin behind a signature and end at `limit`. */
export function readProcedures(bytes: Uint8Array, limit: number, each: (symbol: RecordedSymbol) => void): number {
  let at = 4;
  let end = endOfRecord(bytes, at, limit);
  while (end > 0) {
    const isProcedure = PROCEDURES.has(u16At(bytes, at + 2)) && end - at >= 39;
    if (isProcedure)
      each({ segment: u16At(bytes, at + 36), offset: u32At(bytes, at + 32), name: at + 39, isFunction: true });
    // A procedure's record says where that of its end stands: what is local to it is passed over.
    const last = isProcedure ? u32At(bytes, at + 8) : -1;
    const kind = last >= end && last < limit ? u16At(bytes, last + 2) : -1;
    at = kind === S_END || kind === S_PROC_ID_END ? last : end;
    end = endOfRecord(bytes, at, limit);
  }
  return at;
}

/** The offset behind the record at `at`, -1 where none stands. */
function endOfRecord(bytes: Uint8Array, at: number, limit: number): number {
  const length = at + 4 <= limit ? u16At(bytes, at) : -1;
  const end = at + 2 + length;
  return length >= 2 && end <= limit ? end : -1;
}

// Where a function goes on behind an exception that it catches: the tables of the language's run-time behind its UNWIND_INFO (x64), or that it registers (x86).
import type { ImageLayout } from './layout.ts';

export interface CaughtExceptions {
  /**
   * RVAs that control comes to behind an exception; `by-catch`: what the code of the catch blocks, which is outside the function, refers to;
   * `unknown`: packed, or not read.
   */
  readonly goesOnAt: readonly number[] | 'by-catch' | 'unknown';
  /** Whether code outside the function (of a filter, of a catch block) may write the variables of its frame before. */
  readonly writesFrame: boolean;
}

/** UNW_FLAG_EHANDLER and UNW_FLAG_UHANDLER; the RUNTIME_FUNCTION that stands for another. */
const HAS_ROUTINE = 3;
const RUNTIME_FUNCTION_INDIRECT = 1;
/** Entries of a scope table that are read. */
const MOST_SCOPES = 1 << 12;
const SCOPE_SIZE = 16;
/** In place of a filter: the exception is caught whatever it is. */
const EXECUTE = 1;
/** FuncInfo of the C++ run-time: its magic number is one of three, the upper bits are flags. */
const FIRST_MAGIC = 0x19930520;
const LAST_MAGIC = 0x19930522;
const MAGIC_BITS = 0x1fffffff;
const TRY_BLOCK_COUNT = 12;
/** FuncInfo of __CxxFrameHandler4: the bit of its header that says that there are try blocks. */
const HAS_TRY_BLOCKS = 0x10;

/** What a function of an x64 image catches, by the RVA of its UNWIND_INFO; undefined where it catches nothing. */
export function caughtByUnwind(image: ImageLayout, unwindInfo: number): CaughtExceptions | undefined {
  if (unwindInfo <= 0 || (unwindInfo & RUNTIME_FUNCTION_INDIRECT) !== 0) return undefined;
  const flags = image.readU8(unwindInfo) >> 3;
  if (flags < 0 || flags > HAS_ROUTINE || flags === 0) return undefined;
  const codes = image.readU8(unwindInfo + 2);
  const data = unwindInfo + 4 + 2 * ((codes + 1) & ~1) + 4;
  return caughtByScopes(image, data) ?? caughtByTryBlocks(image, image.readU32(data));
}

/** SCOPE_TABLE_AMD64 of __C_specific_handler: pairs of a range and what is done there. */
function caughtByScopes(image: ImageLayout, table: number): CaughtExceptions | undefined {
  const count = image.readU32(table);
  if (count <= 0 || count > MOST_SCOPES) return undefined;
  const goesOnAt = new Set<number>();
  let hasRoutine = false;
  for (let i = 0; i < count; i++) {
    const at = table + 4 + i * SCOPE_SIZE;
    const [begin, end, routine, target] = [0, 4, 8, 12].map((offset) => image.readU32(at + offset));
    if (begin >= end || !image.isCode(begin) || (routine !== EXECUTE && !image.isCode(routine))) return undefined;
    if (target !== 0 && !image.isCode(target)) return undefined;
    if (routine !== EXECUTE) hasRoutine = true;
    if (target !== 0) goesOnAt.add(target);
  }
  return goesOnAt.size === 0
    ? { goesOnAt: [], writesFrame: false }
    : { goesOnAt: [...goesOnAt], writesFrame: hasRoutine };
}

function caughtByTryBlocks(image: ImageLayout, info: number): CaughtExceptions | undefined {
  // What is no address of data is where the function's cookie lies.
  const isData = info > 0 && image.sectionOf(info) !== undefined && !image.isCode(info);
  if (!isData || image.bytesAt(info) === 0) return undefined;
  const magic = image.readU32(info) & MAGIC_BITS;
  if (magic >= FIRST_MAGIC && magic <= LAST_MAGIC)
    return image.readU32(info + TRY_BLOCK_COUNT) === 0 ? undefined : { goesOnAt: 'by-catch', writesFrame: true };
  return (image.readU8(info) & HAS_TRY_BLOCKS) === 0 ? undefined : { goesOnAt: 'unknown', writesFrame: true };
}

/** Bytes before the records of _except_handler4's table: offsets of cookies. */
const COOKIES_SIZE = 16;
const RECORD_SIZE = 12;
const MOST_RECORDS = 64;

/** Whether the table at an RVA of an x86 image is one of _except_handler3 or 4 that catches something: records of a level, a filter, and code. */
export function isScopeTableX86(image: ImageLayout, table: number): boolean {
  return catchesFrom(image, table, 0xffffffff) || catchesFrom(image, table + COOKIES_SIZE, 0xfffffffe);
}

/** `outermost` is the level of what lies in no other. */
function catchesFrom(image: ImageLayout, records: number, outermost: number): boolean {
  for (let i = 0; i < MOST_RECORDS; i++) {
    const at = records + i * RECORD_SIZE;
    const level = image.readU32(at);
    if (level !== outermost && (i === 0 || level < 0 || level >= i)) return false;
    const filter = image.readU32(at + 4);
    const isCodeAt = (va: number): boolean => image.isCode(image.rvaOf(va));
    if ((filter !== 0 && !isCodeAt(filter)) || !isCodeAt(image.readU32(at + 8))) return false;
    if (filter !== 0) return true;
  }
  return false;
}

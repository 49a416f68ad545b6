// The load configuration: where control flow guard's pointers and tables are (PE format, "The Load Configuration Structure"; IMAGE_LOAD_CONFIG_DIRECTORY in winnt.h).
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

/** Addresses are RVAs; -1 where the structure has no such field, or where it is 0 or outside the image. */
export interface LoadConfig {
  readonly securityCookie: number;
  /** The slot that holds the address of the check function (call [slot] before an indirect call). */
  readonly guardCFCheckFunctionPointer: number;
  /** The slot that is called instead of the target (rax on x64). */
  readonly guardCFDispatchFunctionPointer: number;
  readonly guardXFGCheckFunctionPointer: number;
  readonly guardXFGDispatchFunctionPointer: number;
  readonly guardXFGTableDispatchFunctionPointer: number;
  readonly guardFlags: number;
  /** RVAs of the functions that may be called indirectly, ascending as written. */
  readonly guardCFFunctionTable: Uint32Array;
  /** RVAs of the exception handlers of an x86 image. */
  readonly safeSEHHandlers: Uint32Array;
  /** True when the image also holds code of another architecture (CHPE, ARM64EC, ARM64X). */
  readonly hybridMetadata: boolean;
}

/** Offsets of the fields in the structure, 32-bit and 64-bit. */
const FIELDS = {
  securityCookie: [60, 88],
  seHandlerTable: [64, 96],
  seHandlerCount: [68, 104],
  guardCFCheckFunctionPointer: [72, 112],
  guardCFDispatchFunctionPointer: [76, 120],
  guardCFFunctionTable: [80, 128],
  guardCFFunctionCount: [84, 136],
  guardFlags: [88, 144],
  chpeMetadataPointer: [124, 200],
  guardXFGCheckFunctionPointer: [172, 280],
  guardXFGDispatchFunctionPointer: [176, 288],
  guardXFGTableDispatchFunctionPointer: [180, 296],
} as const;

/** Reads IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG; the structure grew over the years, so its own Size says which fields it has. */
export function readLoadConfig(image: ImageLayout): LoadConfig | undefined {
  const directory = image.directory(Directory.loadConfig);
  if (directory === undefined) return undefined;
  const written = image.readU32(directory.rva);
  const available = image.bytesAt(directory.rva);
  if (written < 0 || available < 4) {
    image.note('load config', `the structure is outside the file (RVA 0x${directory.rva.toString(16)})`);
    return undefined;
  }
  if (written > available) {
    image.note('load config', `the structure should have ${written} bytes, but the file holds ${available}`);
  }
  // Old linkers wrote 0 or 64 for a 32-bit structure of 72 bytes.
  const size = Math.min(available, image.is64 ? written : Math.max(written, Math.min(directory.size, 72)));

  const place = (field: keyof typeof FIELDS, width: number): number => {
    const offset = FIELDS[field][image.is64 ? 1 : 0];
    return offset + width <= size ? directory.rva + offset : -1;
  };
  const number = (field: keyof typeof FIELDS): number => {
    const at = place(field, image.pointerSize);
    return at < 0 ? 0 : image.readPointer(at);
  };
  const address = (field: keyof typeof FIELDS): number => {
    const va = number(field);
    return va > 0 ? image.rvaOf(va) : -1;
  };
  const table = (
    tableField: keyof typeof FIELDS,
    countField: keyof typeof FIELDS,
    stride: number,
    what: string,
  ): Uint32Array => {
    const rva = address(tableField);
    const count = number(countField);
    if (rva < 0 || count <= 0) return new Uint32Array(0);
    const held = Math.min(count, Math.floor(image.bytesAt(rva) / stride));
    if (held < count) image.note('load config', `the ${what} should have ${count} entries, but the file holds ${held}`);
    const rvas = new Uint32Array(held);
    for (let i = 0; i < held; i++) rvas[i] = image.readU32(rva + i * stride);
    return rvas;
  };

  const flagsAt = place('guardFlags', 4);
  const guardFlags = flagsAt < 0 ? 0 : image.readU32(flagsAt);
  return {
    securityCookie: address('securityCookie'),
    guardCFCheckFunctionPointer: address('guardCFCheckFunctionPointer'),
    guardCFDispatchFunctionPointer: address('guardCFDispatchFunctionPointer'),
    guardXFGCheckFunctionPointer: address('guardXFGCheckFunctionPointer'),
    guardXFGDispatchFunctionPointer: address('guardXFGDispatchFunctionPointer'),
    guardXFGTableDispatchFunctionPointer: address('guardXFGTableDispatchFunctionPointer'),
    guardFlags,
    // IMAGE_GUARD_CF_FUNCTION_TABLE_SIZE_MASK: bytes of metadata behind each RVA.
    guardCFFunctionTable: table(
      'guardCFFunctionTable',
      'guardCFFunctionCount',
      4 + (guardFlags >>> 28),
      'table of guarded functions',
    ),
    safeSEHHandlers: image.is64
      ? new Uint32Array(0)
      : table('seHandlerTable', 'seHandlerCount', 4, 'table of exception handlers'),
    hybridMetadata: number('chpeMetadataPointer') > 0,
  };
}

// The CLR header of a managed (.NET) image: IMAGE_COR20_HEADER (ECMA-335, II.25.3.3).
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

export interface ClrHeader {
  readonly majorRuntimeVersion: number;
  readonly minorRuntimeVersion: number;
  /** COMIMAGE_FLAGS_*: 1 IL only, 2 32-bit required, 0x10 native entry point. */
  readonly flags: number;
  readonly metadata: { readonly rva: number; readonly size: number };
  /** A metadata token, or with flag 0x10 an RVA; 0 for a library. */
  readonly entryPointToken: number;
}

const HEADER_SIZE = 72;

/** Reads IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR; undefined when the image is not managed. */
export function readClr(image: ImageLayout): ClrHeader | undefined {
  const directory = image.directory(Directory.clr);
  if (directory === undefined) return undefined;
  const at = directory.rva;
  if (image.bytesAt(at) < HEADER_SIZE) {
    image.note('clr', `the header is outside the file (RVA 0x${at.toString(16)})`);
    return undefined;
  }
  return {
    majorRuntimeVersion: image.readU16(at + 4),
    minorRuntimeVersion: image.readU16(at + 6),
    metadata: { rva: image.readU32(at + 8), size: image.readU32(at + 12) },
    flags: image.readU32(at + 16),
    entryPointToken: image.readU32(at + 20),
  };
}

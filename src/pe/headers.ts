// The headers of a PE file (DOS stub, COFF header, optional header, section table) as plain numbers, and why a file is not one.
import { u8At, u16At, u32At, u64At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { FormatError, type Note } from '../errors.ts';

/** IMAGE_SECTION_HEADER (PE format, "Section Table"): addresses are RVAs, sizes bytes, as written in the file. */
export interface Section {
  readonly name: string;
  readonly virtualAddress: number;
  readonly virtualSize: number;
  readonly pointerToRawData: number;
  readonly sizeOfRawData: number;
  /** IMAGE_SCN_* bits. */
  readonly characteristics: number;
}

/** IMAGE_DATA_DIRECTORY: where a directory is. */
export interface DataDirectory {
  readonly rva: number;
  readonly size: number;
}

/** IMAGE_DIRECTORY_ENTRY_* (winnt.h). */
export const Directory = {
  export: 0,
  import: 1,
  resource: 2,
  exception: 3,
  security: 4,
  baseRelocation: 5,
  debug: 6,
  tls: 9,
  loadConfig: 10,
  boundImport: 11,
  iat: 12,
  delayImport: 13,
  clr: 14,
} as const;

export interface Headers {
  readonly machine: number;
  readonly is64: boolean;
  readonly timeDateStamp: number;
  /** MajorLinkerVersion. */
  readonly linker: number;
  readonly characteristics: number;
  readonly entryPoint: number;
  readonly imageBase: number;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  readonly subsystem: number;
  readonly dllCharacteristics: number;
  readonly directories: readonly DataDirectory[];
  readonly sections: readonly Section[];
  readonly notes: Note[];
}

const MAX_DIRECTORIES = 16;
const SECTION_HEADER_SIZE = 40;

/** Offset of "PE\0\0", or a sentence that says what the bytes are instead. */
function findSignature(bytes: Uint8Array): number | string {
  if (bytes.length === 0) return 'the file is empty, not a Windows program';
  if (u16At(bytes, 0) !== 0x5a4d) return `not a Windows program (PE): ${whatElse(bytes)}`;
  const signature = u32At(bytes, 0x3c);
  if (signature === -1) {
    return `not a Windows program (PE): it starts with "MZ" but ends after ${bytes.length} bytes, inside the DOS header`;
  }
  if (u32At(bytes, signature) === 0x00004550) return signature;
  switch (signature >= 0x40 ? latin1(bytes, signature, signature + 2) : '') {
    case 'NE':
      return 'not a Windows program (PE): a 16-bit NE program';
    case 'LE':
      return 'not a Windows program (PE): an LE driver (Windows 9x VxD)';
    case 'LX':
      return 'not a Windows program (PE): an OS/2 LX program';
    default:
  }
  if (signature + 4 > bytes.length) {
    return `not a Windows program (PE): it starts with "MZ", but the PE header should be at offset 0x${signature.toString(16)} and the file has ${bytes.length} bytes (a DOS program, or cut off)`;
  }
  return 'not a Windows program (PE): it starts with "MZ" but has no PE header (a DOS program)';
}

function whatElse(bytes: Uint8Array): string {
  const b = (at: number): number => u8At(bytes, at);
  const magic = u32At(bytes, 0);
  if (magic === 0x464c457f) return 'an ELF file';
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic)) return 'a Mach-O file';
  if (magic === 0x04034b50) return 'a ZIP archive';
  if (magic === 0xe011cfd0) return 'an OLE compound file (.msi, .doc)';
  if (magic === 0x4643534d) return 'a cabinet file';
  if (b(0) === 0x56 && b(1) === 0x5a) return 'a TE image (UEFI)';
  if (b(0) === 0x23 && b(1) === 0x21) return 'a script ("#!")';
  if (bytes.length < 0x40) return `only ${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'}, without "MZ"`;
  const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `it starts with ${start}, not with "MZ"`;
}

/** True when the bytes have the signatures of a PE32 or PE32+ file; nothing else is looked at. */
export function isPortableExecutable(bytes: Uint8Array): boolean {
  const signature = findSignature(bytes);
  if (typeof signature === 'string') return false;
  const magic = u16At(bytes, signature + 24);
  return magic === 0x10b || magic === 0x20b;
}

/** Reads the headers (PE format, "File Headers"). Throws FormatError with one line that starts with `name` when the bytes are no PE. */
export function readHeaders(bytes: Uint8Array, name: string): Headers {
  const signature = findSignature(bytes);
  if (typeof signature === 'string') throw new FormatError(`${name}: ${signature}`);
  const notes: Note[] = [];
  const note = (text: string): void => void notes.push({ about: 'headers', text });

  const optional = signature + 24;
  const magic = u16At(bytes, optional);
  if (magic === -1) throw new FormatError(`${name}: cut off inside the PE header (${bytes.length} bytes)`);
  if (magic === 0x107) throw new FormatError(`${name}: a ROM image, not a Windows program (PE32 or PE32+)`);
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new FormatError(`${name}: not PE32 or PE32+ (optional header magic 0x${magic.toString(16)})`);
  }
  const is64 = magic === 0x20b;
  const countAt = optional + (is64 ? 108 : 92);
  if (countAt + 4 > bytes.length)
    throw new FormatError(`${name}: cut off inside the PE header (${bytes.length} bytes)`);

  let imageBase = is64 ? u64At(bytes, optional + 24) : u32At(bytes, optional + 28);
  if (imageBase > Number.MAX_SAFE_INTEGER) {
    note(`ImageBase 0x${imageBase.toString(16)} is not an address a program can have; 0 is used`);
    imageBase = 0;
  }

  const sizeOfOptionalHeader = u16At(bytes, signature + 20);
  const declared = u32At(bytes, countAt);
  if (declared > MAX_DIRECTORIES)
    note(`NumberOfRvaAndSizes is ${declared}; only the ${MAX_DIRECTORIES} known ones are read`);
  const directories: DataDirectory[] = [];
  for (let i = 0; i < Math.min(declared, MAX_DIRECTORIES); i++) {
    const at = countAt + 4 + i * 8;
    const size = u32At(bytes, at + 4);
    if (size === -1) {
      note(`the file ends inside the data directories (after ${i} of ${declared})`);
      break;
    }
    directories.push({ rva: u32At(bytes, at), size });
  }
  if (countAt + 4 + directories.length * 8 > optional + sizeOfOptionalHeader) {
    note(`SizeOfOptionalHeader (${sizeOfOptionalHeader}) is too small for its ${directories.length} data directories`);
  }

  const numberOfSections = u16At(bytes, signature + 6);
  const sections: Section[] = [];
  for (let i = 0; i < numberOfSections; i++) {
    const at = optional + sizeOfOptionalHeader + i * SECTION_HEADER_SIZE;
    if (at + SECTION_HEADER_SIZE > bytes.length) {
      note(`the file ends inside the section table (${i} of ${numberOfSections} sections can be read)`);
      break;
    }
    sections.push({
      name: latin1(bytes, at, at + 8).split('\0', 1)[0],
      virtualSize: u32At(bytes, at + 8),
      virtualAddress: u32At(bytes, at + 12),
      sizeOfRawData: u32At(bytes, at + 16),
      pointerToRawData: u32At(bytes, at + 20),
      characteristics: u32At(bytes, at + 36),
    });
  }

  return {
    machine: u16At(bytes, signature + 4),
    is64,
    timeDateStamp: u32At(bytes, signature + 8),
    linker: u8At(bytes, optional + 2),
    characteristics: u16At(bytes, signature + 22),
    entryPoint: u32At(bytes, optional + 16),
    imageBase,
    sectionAlignment: u32At(bytes, optional + 32),
    fileAlignment: u32At(bytes, optional + 36),
    sizeOfImage: u32At(bytes, optional + 56),
    sizeOfHeaders: u32At(bytes, optional + 60),
    subsystem: u16At(bytes, optional + 68),
    dllCharacteristics: u16At(bytes, optional + 70),
    directories,
    sections,
    notes,
  };
}

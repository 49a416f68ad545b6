// An image's address space over the bytes of its file: where an RVA is in the file, and bounded reads by RVA.
import { latin1, zeroAt } from '../bytes/text.ts';
import type { Note } from '../errors.ts';
import { type DataDirectory, type Headers, readHeaders, type Section } from './headers.ts';

export type Arch = 'x64' | 'x86' | 'arm64' | 'arm' | 'unknown';

const ARCH: Readonly<Record<number, Arch>> = {
  34404: 'x64', // IMAGE_FILE_MACHINE_AMD64
  332: 'x86', // IMAGE_FILE_MACHINE_I386
  43620: 'arm64', // IMAGE_FILE_MACHINE_ARM64
  448: 'arm', // IMAGE_FILE_MACHINE_ARM
  450: 'arm', // IMAGE_FILE_MACHINE_THUMB
  452: 'arm', // IMAGE_FILE_MACHINE_ARMNT
};

const IMAGE_FILE_DLL = 0x2000;
const IMAGE_SCN_MEM_EXECUTE = 0x20000000;
const IMAGE_SCN_MEM_WRITE = 0x80000000;
const PAGE = 0x1000;
/** Decorated C++ names end at 4096 characters; a name without an end before twice that is none. */
const LONGEST_NAME = 8192;
/** Notes kept for one image; the last says that there were more. */
const MOST_NOTES = 100;

/** A run of addresses that is mapped alike: [start, fileEnd) has bytes in the file, [fileEnd, zeroStart) is lost (the file is cut off), [zeroStart, end) reads as zero. */
interface Span {
  readonly start: number;
  readonly fileEnd: number;
  readonly zeroStart: number;
  readonly end: number;
  /** File offset of `start` minus `start`. */
  readonly delta: number;
  readonly section: Section | undefined;
}

/** Headers plus address arithmetic; every directory reader works on this. All RVAs are unsigned numbers. */
export class ImageLayout {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly machine: number;
  readonly arch: Arch;
  readonly is64: boolean;
  readonly imageBase: number;
  /** RVA of the entry point, 0 when there is none. */
  readonly entryPoint: number;
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  /** IMAGE_SUBSYSTEM_*: 2 windows, 3 console. */
  readonly subsystem: number;
  readonly characteristics: number;
  readonly dllCharacteristics: number;
  readonly timeDateStamp: number;
  /** The linker's major version. */
  readonly linker: number;
  readonly isDll: boolean;
  readonly sections: readonly Section[];
  readonly directories: readonly DataDirectory[];
  readonly notes: Note[];
  /** 4 or 8. */
  readonly pointerSize: number;
  readonly #view: DataView;
  readonly #spans: readonly Span[];
  #last: Span;

  constructor(bytes: Uint8Array, name: string) {
    const headers = readHeaders(bytes, name);
    this.bytes = bytes;
    this.name = name;
    this.machine = headers.machine;
    this.arch = ARCH[headers.machine] ?? 'unknown';
    this.is64 = headers.is64;
    this.imageBase = headers.imageBase;
    this.entryPoint = headers.entryPoint;
    this.sizeOfImage = headers.sizeOfImage;
    this.sizeOfHeaders = headers.sizeOfHeaders;
    this.subsystem = headers.subsystem;
    this.characteristics = headers.characteristics;
    this.dllCharacteristics = headers.dllCharacteristics;
    this.timeDateStamp = headers.timeDateStamp;
    this.linker = headers.linker;
    this.isDll = (headers.characteristics & IMAGE_FILE_DLL) !== 0;
    this.sections = headers.sections;
    this.directories = headers.directories;
    this.notes = headers.notes;
    this.pointerSize = headers.is64 ? 8 : 4;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#spans = spansOf(headers, bytes.length);
    this.#last = this.#spans[0];
  }

  /** Adds a note to the image, a bounded number of them. */
  note(about: string, text: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push({ about, text });
    else if (this.notes.length === MOST_NOTES) {
      this.notes.push({
        about: 'notes',
        text: `more than ${MOST_NOTES} doubts about this image; the rest is left out`,
      });
    }
  }

  /** IMAGE_DATA_DIRECTORY `index`; undefined when absent (RVA 0) or not declared. */
  directory(index: number): DataDirectory | undefined {
    const directory = this.directories[index];
    return directory !== undefined && directory.rva !== 0 ? directory : undefined;
  }

  /** File offset of an RVA; -1 when it has no bytes in the file (outside the image, or in a section's zero-filled tail). */
  offsetOf(rva: number): number {
    const last = this.#last;
    if (rva >= last.start && rva < last.fileEnd) return rva + last.delta;
    const span = this.#spanOf(rva);
    return span !== undefined && rva < span.fileEnd ? rva + span.delta : -1;
  }

  /** Number of bytes in the file from `rva` on, without a gap; 0 when it has none. */
  bytesAt(rva: number): number {
    const span = this.#spanOf(rva);
    return span !== undefined && rva < span.fileEnd ? span.fileEnd - rva : 0;
  }

  /** The section that an RVA is in; undefined in the headers and outside. */
  sectionOf(rva: number): Section | undefined {
    return this.#spanOf(rva)?.section;
  }

  /** True in a section that may be executed. */
  isCode(rva: number): boolean {
    return ((this.#spanOf(rva)?.section?.characteristics ?? 0) & IMAGE_SCN_MEM_EXECUTE) !== 0;
  }

  /** True in a section that may be written. */
  isWritable(rva: number): boolean {
    return ((this.#spanOf(rva)?.section?.characteristics ?? 0) & IMAGE_SCN_MEM_WRITE) !== 0;
  }

  /** Unsigned byte; 0 in a zero-filled tail, -1 outside or where the file is cut off. */
  readU8(rva: number): number {
    const offset = this.offsetOf(rva);
    if (offset >= 0) return this.bytes[offset];
    const span = this.#spanOf(rva);
    return span !== undefined && rva >= span.zeroStart ? 0 : -1;
  }

  readU16(rva: number): number {
    const offset = this.offsetOf(rva);
    return offset >= 0 && rva + 2 <= this.#last.fileEnd ? this.#view.getUint16(offset, true) : this.#readSlowly(rva, 2);
  }

  readU32(rva: number): number {
    const offset = this.offsetOf(rva);
    return offset >= 0 && rva + 4 <= this.#last.fileEnd ? this.#view.getUint32(offset, true) : this.#readSlowly(rva, 4);
  }

  /** 8 bytes as a double (exact up to 2^53). */
  readU64(rva: number): number {
    const high = this.readU32(rva + 4);
    const low = this.readU32(rva);
    return high < 0 || low < 0 ? -1 : high * 0x1_0000_0000 + low;
  }

  /** A pointer-sized number (4 or 8 bytes by the image's kind), as a rule a virtual address; -1 when out. */
  readPointer(rva: number): number {
    return this.is64 ? this.readU64(rva) : this.readU32(rva);
  }

  /** `va` minus the image base when that is inside the image, else -1. */
  rvaOf(va: number): number {
    const rva = va - this.imageBase;
    return rva >= 0 && rva < this.sizeOfImage ? rva : -1;
  }

  /** The zero-terminated single-byte text at `rva`, a character per byte; undefined when it has no bytes or no end within `limit` bytes. */
  readAsciiZ(rva: number, limit: number = LONGEST_NAME): string | undefined {
    const offset = this.offsetOf(rva);
    if (offset < 0) return undefined;
    const available = this.bytesAt(rva);
    const end = zeroAt(this.bytes, offset, offset + Math.min(limit, available));
    if (end >= 0) return latin1(this.bytes, offset, end);
    if (available < limit && this.readU8(rva + available) === 0) return latin1(this.bytes, offset, offset + available);
    return undefined;
  }

  /** Bytes that a search for the text at `rva` looks at when it finds no end: what a reader with a budget charges for a text it did not get. */
  costOfNoText(rva: number, limit: number = LONGEST_NAME): number {
    return Math.min(limit, this.bytesAt(rva)) + 1;
  }

  /** A number that straddles the end of a section's bytes. */
  #readSlowly(rva: number, size: number): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) {
      const byte = this.readU8(rva + i);
      if (byte < 0) return -1;
      value = value * 256 + byte;
    }
    return value;
  }

  #spanOf(rva: number): Span | undefined {
    const last = this.#last;
    if (rva >= last.start && rva < last.end) return last;
    const spans = this.#spans;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (spans[middle].start <= rva) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    if (span === undefined || !(rva < span.end)) return undefined;
    this.#last = span;
    return span;
  }
}

/** The headers and the sections as spans in ascending order that do not overlap; oddities are noted. */
function spansOf(headers: Headers, fileSize: number): Span[] {
  const note = (text: string): void => void headers.notes.push({ about: 'sections', text });
  const alignment =
    headers.sectionAlignment >= PAGE && headers.sectionAlignment <= 0x1000000 ? headers.sectionAlignment : PAGE;
  const sorted = headers.sections
    .map((section) => {
      const size = section.virtualSize || section.sizeOfRawData;
      return { section, start: section.virtualAddress, size: Math.ceil(size / alignment) * alignment };
    })
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.start - b.start);

  const spans: Span[] = [];
  const headersEnd = Math.min(
    headers.sizeOfHeaders,
    fileSize,
    sorted.length > 0 ? sorted[0].start : Number.POSITIVE_INFINITY,
  );
  spans.push({ start: 0, fileEnd: headersEnd, zeroStart: headersEnd, end: headersEnd, delta: 0, section: undefined });

  let overlaps = 0;
  let cut = 0;
  for (let i = 0; i < sorted.length; i++) {
    const { section, start, size } = sorted[i];
    let end = Math.min(start + size, 0x1_0000_0000);
    if (i + 1 < sorted.length && end > sorted[i + 1].start) {
      // With a section alignment below a page the rounding itself may reach into the next section: that is no overlap.
      if (start + (section.virtualSize || section.sizeOfRawData) > sorted[i + 1].start) overlaps++;
      end = sorted[i + 1].start;
    }
    if (end <= start) continue;
    // The loader ignores the low bits of PointerToRawData in page-aligned images.
    const pointer =
      headers.sectionAlignment >= PAGE
        ? section.pointerToRawData - (section.pointerToRawData % 0x200)
        : section.pointerToRawData;
    const wanted = section.pointerToRawData === 0 ? 0 : Math.min(section.sizeOfRawData, end - start);
    const present = Math.max(0, Math.min(wanted, fileSize - pointer));
    if (present < wanted) cut++;
    spans.push({ start, fileEnd: start + present, zeroStart: start + wanted, end, delta: pointer - start, section });
  }
  if (overlaps > 0) note(`${overlaps} of ${sorted.length} sections overlap the next one`);
  if (cut > 0)
    note(`the file is cut off: ${cut} of ${sorted.length} sections have bytes beyond its end (${fileSize} bytes)`);
  return spans;
}

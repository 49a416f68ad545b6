// From the segment and offset that symbols have to an RVA: by section headers, and by OMAP where the code was moved after it was linked.
import { u32At } from '../bytes/cursor.ts';
import { type DbiStream, DebugStream, NO_STREAM_INDEX } from './dbi.ts';
import type { MsfFile } from './msf.ts';

const SECTION_HEADER_SIZE = 40;
const OMAP_SIZE = 8;
const IMAGE_SCN_MEM_EXECUTE = 0x20000000;

export class SymbolAddresses {
  /** By section: its RVA, how long it is, and whether it holds code. */
  readonly #sections: readonly { readonly rva: number; readonly size: number; readonly code: boolean }[];
  /** Pairs of an address before and after the code was moved, ascending. */
  readonly #omap: Uint8Array | undefined;

  /** Throws FormatError when there are no section headers, or they cannot be read. */
  constructor(file: MsfFile, dbi: DbiStream) {
    const omap = dbi.debugStream(DebugStream.omapFromSource);
    const original = dbi.debugStream(DebugStream.originalSectionHeaders);
    const moved = isStream(omap) && isStream(original);
    const headers = moved ? original : dbi.debugStream(DebugStream.sectionHeaders);
    if (!isStream(headers)) throw file.error('no section headers, so that no symbol has an address');
    const bytes = file.stream(headers, 'the section header stream');
    this.#omap = moved ? file.stream(omap, 'the OMAP stream') : undefined;
    // Segments are numbers of 16 bits.
    this.#sections = Array.from(
      { length: Math.min(0xffff, Math.floor(bytes.length / SECTION_HEADER_SIZE)) },
      (_, i) => {
        const at = i * SECTION_HEADER_SIZE;
        return {
          rva: u32At(bytes, at + 12),
          size: Math.max(u32At(bytes, at + 8), u32At(bytes, at + 16)),
          code: (u32At(bytes, at + 36) & IMAGE_SCN_MEM_EXECUTE) !== 0,
        };
      },
    );
  }

  /** The RVA of code; -1 for what is no code, in no section, or was left out when the code was moved. */
  codeAt(segment: number, offset: number): number {
    const section = this.#sections[segment - 1];
    if (section === undefined || !section.code || offset < 0 || offset >= section.size) return -1;
    return this.#omap === undefined ? section.rva + offset : movedTo(this.#omap, section.rva + offset);
  }
}

function isStream(index: number): boolean {
  return index >= 0 && index !== NO_STREAM_INDEX;
}

/** Where the last pair at or before `rva` leads; -1 when it leads nowhere. */
function movedTo(omap: Uint8Array, rva: number): number {
  let low = 0;
  let high = Math.floor(omap.length / OMAP_SIZE) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (u32At(omap, middle * OMAP_SIZE) <= rva) low = middle + 1;
    else high = middle - 1;
  }
  if (high < 0) return -1;
  const to = u32At(omap, high * OMAP_SIZE + 4);
  return to === 0 ? -1 : to + rva - u32At(omap, high * OMAP_SIZE);
}

// Where an image holds absolute addresses: the base relocation table (PE format, "The .reloc Section").
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

const IMAGE_REL_BASED_HIGHLOW = 3;
const IMAGE_REL_BASED_DIR64 = 10;

/** RVAs of the pointer-sized absolute addresses (HIGHLOW of PE32, DIR64 of PE32+), ascending. Empty when stripped. */
export function readRelocations(image: ImageLayout): Uint32Array {
  const directory = image.directory(Directory.baseRelocation);
  if (directory === undefined) return new Uint32Array(0);
  const available = image.bytesAt(directory.rva);
  if (available < directory.size) {
    image.note('relocation', `the table should have ${directory.size} bytes, but the file holds ${available}`);
  }
  const end = directory.rva + Math.min(directory.size, available);
  const kind = image.is64 ? IMAGE_REL_BASED_DIR64 : IMAGE_REL_BASED_HIGHLOW;
  const found = new Uint32Array(Math.floor((end - directory.rva) / 2));
  let count = 0;
  let ascending = true;
  let at = directory.rva;
  while (at + 8 <= end) {
    const page = image.readU32(at);
    const size = image.readU32(at + 4);
    if (size === 0 && page === 0) break; // padding
    if (size < 8) {
      image.note('relocation', `a block of ${size} bytes at RVA 0x${at.toString(16)} ends the table`);
      break;
    }
    const blockEnd = Math.min(at + size, end);
    for (let entry = at + 8; entry + 2 <= blockEnd; entry += 2) {
      const value = image.readU16(entry);
      if (value >> 12 !== kind) continue;
      const rva = page + (value & 0xfff);
      if (count > 0 && rva < found[count - 1]) ascending = false;
      found[count++] = rva;
    }
    at += size;
  }
  const rvas = found.slice(0, count);
  return ascending ? rvas : rvas.sort();
}

// Where an indirect jump goes: the cases of a switch, read from its table.
import type { PeImage } from '../pe/image.ts';
import { BASE_RVA, type Listing, NONE, Op, Operand } from './instruction.ts';
import { liesIn, type Part } from './part.ts';

const MAX_TABLE_ENTRIES = 1024;

/**
 * The targets of an indirect jump through a table: `mov r, [base + i*4 + table]` with entries relative to the image (MSVC) or to the
 * table (GCC, clang), or `jmp [table + i*8]` with addresses; read until an entry leaves the function.
 */
export function jumpTable(image: PeImage, listing: Listing, jump: number, parts: readonly Part[]): readonly number[] {
  const inside = (rva: number): boolean => liesIn(parts, rva);
  const read = (table: number, entry: (rva: number) => number, step: number): number[] => {
    const targets: number[] = [];
    for (let i = 0; i < MAX_TABLE_ENTRIES; i++) {
      const to = entry(table + i * step);
      if (to < 0 || !inside(to)) break;
      targets.push(to);
    }
    return [...new Set(targets)];
  };
  const pointer = image.is64 ? 8 : 4;
  const absolute = (at: number): number => image.rvaOf(image.readPointer(at));
  if (listing.src[jump] === Operand.memory && listing.index[jump] !== NONE && listing.base[jump] === NONE) {
    return read(listing.disp[jump] - image.imageBase, absolute, pointer);
  }
  let table = -1;
  for (let i = jump - 1; i >= 0 && i >= jump - 16; i--) {
    const op = listing.op[i];
    if (op === Op.lea && listing.base[i] === BASE_RVA && table === -1) {
      const at = listing.disp[i];
      if (at > 0) {
        const relative = read(at, (rva) => at + (image.readU32(rva) | 0), 4);
        if (relative.length > 0) return relative;
        const addresses = read(at, absolute, pointer);
        if (addresses.length > 0) return addresses;
      }
    }
    if (
      (op === Op.mov || op === Op.movsx) &&
      listing.src[i] === Operand.memory &&
      listing.scale[i] === 4 &&
      listing.index[i] !== NONE
    ) {
      const at = listing.disp[i];
      if (at > 0x200) {
        const targets = read(at, (rva) => image.readU32(rva), 4);
        if (targets.length > 0) return targets;
        const addresses = read(at - image.imageBase, absolute, pointer);
        if (addresses.length > 0) return addresses;
      }
      table = 0;
    }
    if (op === Op.call || op === Op.ret) break;
  }
  if (table === 0) {
    for (let i = jump - 1; i >= 0 && i >= jump - 16; i--) {
      if (listing.op[i] !== Op.lea || listing.base[i] !== BASE_RVA) continue;
      const at = listing.disp[i];
      const relative = read(at, (rva) => at + (image.readU32(rva) | 0), 4);
      if (relative.length > 0) return relative;
    }
  }
  return [];
}

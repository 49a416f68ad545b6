// Making room in a listing of decoded instructions, and emptying it.
import type { Listing } from './instruction.ts';

/** Doubles the room of every column (at least to 64 entries), keeping what is in it. */
export function grow(listing: Listing): void {
  const capacity = Math.max(64, listing.rva.length * 2);
  listing.rva = wider(listing.rva, new Uint32Array(capacity));
  listing.length = wider(listing.length, new Uint8Array(capacity));
  listing.op = wider(listing.op, new Uint8Array(capacity));
  listing.size = wider(listing.size, new Uint8Array(capacity));
  listing.dstSize = wider(listing.dstSize, new Uint8Array(capacity));
  listing.dst = wider(listing.dst, new Uint8Array(capacity));
  listing.src = wider(listing.src, new Uint8Array(capacity));
  listing.base = wider(listing.base, new Int8Array(capacity));
  listing.index = wider(listing.index, new Int8Array(capacity));
  listing.scale = wider(listing.scale, new Uint8Array(capacity));
  listing.disp = wider(listing.disp, new Int32Array(capacity));
  listing.segment = wider(listing.segment, new Uint8Array(capacity));
  listing.immLo = wider(listing.immLo, new Int32Array(capacity));
  listing.immHi = wider(listing.immHi, new Int32Array(capacity));
  listing.hasImm = wider(listing.hasImm, new Uint8Array(capacity));
  listing.target = wider(listing.target, new Uint32Array(capacity));
  listing.cc = wider(listing.cc, new Uint8Array(capacity));
  listing.rep = wider(listing.rep, new Uint8Array(capacity));
  listing.clobber = wider(listing.clobber, new Uint8Array(capacity));
}

function wider<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

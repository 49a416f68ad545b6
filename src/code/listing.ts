// The room of a listing of decoded instructions, and its next entry.
import { type Listing, NO_TARGET, NONE, Operand } from './instruction.ts';

/** Doubles the room of every column (at least to 64 entries), keeping what is in it; the new entries are empty ones. */
export function grow(listing: Listing): void {
  const used = listing.rva.length;
  const capacity = Math.max(64, used * 2);
  listing.rva = wider(listing.rva, new Uint32Array(capacity));
  listing.length = wider(listing.length, new Uint8Array(capacity));
  listing.op = wider(listing.op, new Uint8Array(capacity));
  listing.size = wider(listing.size, new Uint8Array(capacity));
  listing.dstSize = wider(listing.dstSize, new Uint8Array(capacity));
  listing.dst = wider(listing.dst, new Uint8Array(capacity));
  listing.src = wider(listing.src, new Uint8Array(capacity));
  listing.base = wider(listing.base, new Int8Array(capacity).fill(NONE, used));
  listing.index = wider(listing.index, new Int8Array(capacity).fill(NONE, used));
  listing.scale = wider(listing.scale, new Uint8Array(capacity).fill(1, used));
  listing.disp = wider(listing.disp, new Int32Array(capacity));
  listing.segment = wider(listing.segment, new Uint8Array(capacity));
  listing.immLo = wider(listing.immLo, new Int32Array(capacity));
  listing.immHi = wider(listing.immHi, new Int32Array(capacity));
  listing.hasImm = wider(listing.hasImm, new Uint8Array(capacity));
  listing.target = wider(listing.target, new Uint32Array(capacity).fill(NO_TARGET, used));
  listing.cc = wider(listing.cc, new Uint8Array(capacity));
  listing.rep = wider(listing.rep, new Uint8Array(capacity));
  listing.clobber = wider(listing.clobber, new Uint8Array(capacity).fill(Operand.none, used));
}

function wider<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

/**
 * Makes the entries from `count` on empty again, where a listing is used a second time. The columns that every instruction
 * sets (rva, length, op, size, dstSize, dst, src) are left.
 */
export function emptyRest(listing: Listing): void {
  const from = listing.count;
  const to = listing.written;
  if (to - from > 4) {
    listing.base.fill(NONE, from, to);
    listing.index.fill(NONE, from, to);
    listing.scale.fill(1, from, to);
    listing.disp.fill(0, from, to);
    listing.segment.fill(0, from, to);
    listing.immLo.fill(0, from, to);
    listing.immHi.fill(0, from, to);
    listing.hasImm.fill(0, from, to);
    listing.target.fill(NO_TARGET, from, to);
    listing.cc.fill(0, from, to);
    listing.rep.fill(0, from, to);
    listing.clobber.fill(Operand.none, from, to);
  } else {
    for (let i = from; i < to; i++) emptyEntry(listing, i);
  }
  listing.written = from;
}

/** One entry: cheaper than filling. */
function emptyEntry(listing: Listing, i: number): void {
  listing.base[i] = NONE;
  listing.index[i] = NONE;
  listing.scale[i] = 1;
  listing.disp[i] = 0;
  listing.segment[i] = 0;
  listing.immLo[i] = 0;
  listing.immHi[i] = 0;
  listing.hasImm[i] = 0;
  listing.target[i] = NO_TARGET;
  listing.cc[i] = 0;
  listing.rep[i] = 0;
  listing.clobber[i] = Operand.none;
}

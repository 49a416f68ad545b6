// The room of a listing of decoded instructions, and its next entry.
import { emptyListing, type Listing, NO_TARGET, NONE, Operand } from './instruction.ts';

/** Doubles the room of every column (at least to 64 entries), keeping what is in it; the new entries are empty ones. */
export function grow(listing: Listing): void {
  const wider = emptyListing(Math.max(64, listing.rva.length * 2));
  listing.rva = keep(listing.rva, wider.rva);
  listing.length = keep(listing.length, wider.length);
  listing.op = keep(listing.op, wider.op);
  listing.size = keep(listing.size, wider.size);
  listing.dstSize = keep(listing.dstSize, wider.dstSize);
  listing.dst = keep(listing.dst, wider.dst);
  listing.src = keep(listing.src, wider.src);
  listing.base = keep(listing.base, wider.base);
  listing.index = keep(listing.index, wider.index);
  listing.scale = keep(listing.scale, wider.scale);
  listing.disp = keep(listing.disp, wider.disp);
  listing.segment = keep(listing.segment, wider.segment);
  listing.immLo = keep(listing.immLo, wider.immLo);
  listing.immHi = keep(listing.immHi, wider.immHi);
  listing.hasImm = keep(listing.hasImm, wider.hasImm);
  listing.target = keep(listing.target, wider.target);
  listing.cc = keep(listing.cc, wider.cc);
  listing.rep = keep(listing.rep, wider.rep);
  listing.clobber = keep(listing.clobber, wider.clobber);
}

function keep<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
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

/** The number of the entry to set next: an empty one. */
export function nextEntry(out: Listing): number {
  const i = out.count;
  if (i === out.rva.length) grow(out);
  if (i < out.written) emptyRest(out);
  out.written = i + 1;
  return i;
}

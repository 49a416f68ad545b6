// Which addresses of a module pointers in its data lead to.
import type { PeImage } from '../pe/image.ts';
import { sectionStretches } from '../pe/section-stretches.ts';
import { firstAtLeast } from './ascending.ts';

const POINTER_ALIGNMENT = 4;
/** Addresses that are kept; a module with more may point anywhere. */
const MOST_ADDRESSES = 1 << 21;

/** RVAs that pointers in data lead to. */
export class AddressesInData {
  /** Ascending; undefined where not all were read. */
  readonly #addresses: Uint32Array | undefined;

  /** Where nothing tells pointers (`isStripped`), all that words would lead to if they were some are taken for addresses. */
  constructor(image: PeImage, isStripped: boolean) {
    this.#addresses = isStripped ? addressesOfWords(image) : addressesAt(image, image.relocations);
  }

  /** Whether a pointer may lead to one of the RVAs [from, to). */
  leadTo(from: number, to: number): boolean {
    const addresses = this.#addresses;
    if (addresses === undefined) return true;
    const i = firstAtLeast(addresses, from);
    return i < addresses.length && addresses[i] < to;
  }
}

/** Where the pointers at these RVAs lead, but for those in code. */
function addressesAt(image: PeImage, places: Uint32Array): Uint32Array | undefined {
  const found = new Found();
  for (const at of places) if (!image.isCode(at) && !found.add(image.rvaOf(image.readPointer(at)))) return undefined;
  return found.ascending;
}

function addressesOfWords(image: PeImage): Uint32Array | undefined {
  const isData = ({ virtualAddress }: { readonly virtualAddress: number }): boolean => !image.isCode(virtualAddress);
  const found = new Found();
  for (const { begin, end } of sectionStretches(image, isData)) {
    // Past the length of the file sections only lie over one another: what these hold is not read.
    if (end - begin < image.bytesAt(begin)) return undefined;
    for (let at = begin; at + image.pointerSize <= end; at += POINTER_ALIGNMENT)
      if (!found.add(image.rvaOf(image.readPointer(at)))) return undefined;
  }
  return found.ascending;
}

/** RVAs as they are found. */
class Found {
  #rvas = new Uint32Array(1024);
  #count = 0;

  /** Keeps an RVA; -1 is none. False where there are too many. */
  add(rva: number): boolean {
    if (rva < 0) return true;
    if (this.#count === MOST_ADDRESSES) return false;
    if (this.#count === this.#rvas.length) {
      const wider = new Uint32Array(2 * this.#count);
      wider.set(this.#rvas);
      this.#rvas = wider;
    }
    this.#rvas[this.#count++] = rva;
    return true;
  }

  get ascending(): Uint32Array {
    return this.#rvas.subarray(0, this.#count).sort();
  }
}

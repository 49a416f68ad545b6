// How the document writes an address of a module.
import type { PeImage } from '../pe/image.ts';
import type { Address } from './document.ts';

/** ImageBase plus RVA, as "0x140045ccc". */
export function addressOf(image: PeImage, rva: number): Address {
  return `0x${(image.imageBase + rva).toString(16)}`;
}

// Which addresses of a module pointers in its data lead to.
import type { PeImage } from '../pe/image.ts';

const POINTER_ALIGNMENT = 4;

/** RVAs that pointers in data lead to; where nothing tells pointers, all that words would lead to if they were some. */
export function addressesInData(image: PeImage, isStripped: boolean): ReadonlySet<number> {
  const found = new Set<number>();
  const look = (at: number): void => void found.add(image.rvaOf(image.readPointer(at)));
  for (const at of isStripped ? [] : image.relocations) if (!image.isCode(at)) look(at);
  for (const { virtualAddress } of isStripped ? image.sections : []) {
    const end = image.isCode(virtualAddress) ? 0 : virtualAddress + image.bytesAt(virtualAddress);
    for (let at = virtualAddress; at + image.pointerSize <= end; at += POINTER_ALIGNMENT) look(at);
  }
  return found;
}

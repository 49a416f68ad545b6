// Delay import descriptors that no data directory names, found by their shape: GNU's linker writes them among the data or code, without a directory.
import type { ImageLayout } from './layout.ts';

const SIZE = 32;
/** ImgDelayDescr.grAttrs: the addresses are RVAs. */
const DLATTR_RVA = 1;
const MODULE_NAME = /^[\w.+-]+\.[a-z]{3}$/i;
const LONGEST_MODULE_NAME = 64;
/** What a delay load helper of the module's own needs. */
const LOADING = new Set([
  'ResolveDelayLoadedAPI',
  'LdrResolveDelayLoadedAPI',
  'GetProcAddress',
  'LdrGetProcedureAddress',
]);

/** RVAs of the descriptors, ascending; none where the module imports nothing that a load helper could call. */
export function findDelayDescriptors(
  image: ImageLayout,
  imports: readonly { readonly name?: string }[],
): readonly number[] {
  const found: number[] = [];
  if (!imports.some(({ name }) => name !== undefined && LOADING.has(name))) return found;
  const { bytes } = image;
  for (const { virtualAddress } of image.sections) {
    const from = image.offsetOf(virtualAddress);
    if (from < 0) continue;
    const last = from + image.bytesAt(virtualAddress) - SIZE;
    for (let at = from; at <= last; at += 4) {
      if (bytes[at] !== DLATTR_RVA || bytes[at + 1] !== 0 || bytes[at + 2] !== 0 || bytes[at + 3] !== 0) continue;
      if (isDescriptor(image, virtualAddress + at - from)) found.push(virtualAddress + at - from);
    }
  }
  return found;
}

/** ImgDelayDescr as the GNU tools fill it: module name, handle, address table, name table, and neither bound table, unload table nor time stamp. */
function isDescriptor(image: ImageLayout, rva: number): boolean {
  const field = (index: number): number => image.readU32(rva + index * 4);
  const [name, handle, slots, names] = [field(1), field(2), field(3), field(4)];
  if (field(5) !== 0 || field(6) !== 0 || field(7) !== 0) return false;
  if (!image.isWritable(handle) || !image.isWritable(slots) || image.offsetOf(names) < 0) return false;
  // Each slot holds the address of the code that has it filled.
  if (!image.isCode(image.rvaOf(image.readPointer(slots))) || image.readU32(names) <= 0) return false;
  return MODULE_NAME.test(image.readAsciiZ(name, LONGEST_MODULE_NAME) ?? '');
}
